"""What the DNS says about a name; the only module that asks it."""

from __future__ import annotations

import dns.asyncresolver
import dns.exception
import dns.resolver

SECONDS = 5.0
LABEL = "_customer-center"
"""The name below a host or a mail domain where its proof stands."""


class NoAnswer(Exception):
    """The DNS could not be asked: nothing is known."""


async def texts(name: str) -> list[str]:
    """The TXT records of a name; none where there is no such name. Raises NoAnswer."""
    try:
        answer = await dns.asyncresolver.Resolver().resolve(f"{name}.", "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise NoAnswer(type(error).__name__) from None
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


async def proves(host: str, proof: str) -> bool:
    """Whether the record below a host holds a vendor's proof. Raises NoAnswer."""
    return proof in [text.strip() for text in await texts(f"{LABEL}.{host}")]
