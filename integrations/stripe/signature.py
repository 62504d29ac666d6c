"""Whether a request was signed by the vendor's webhook endpoint at Stripe (Stripe docs: webhooks, signatures)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import database

SIGNATURE = b"stripe-signature"
SIGNED_AT = re.compile(r"(?:^|,)t=([0-9]{1,12})(?=,|$)")
TOLERANCE = 300
LONGEST = 4000


def verify(headers: Mapping[bytes, bytes], body: bytes, secrets: Sequence[str]) -> bool:
    """Whether any of the secrets signed this body within the last or next 300 seconds.

    The SDK compares the signatures; it would take a time that lies in the future, and it reads the machine's clock.
    """
    from stripe import SignatureVerificationError, WebhookSignature

    header = headers.get(SIGNATURE, b"").decode("ascii", errors="replace")
    times = SIGNED_AT.findall(header)
    if len(times) != 1 or len(header) > LONGEST:
        return False
    if abs(database.now().timestamp() - int(times[0])) > TOLERANCE:
        return False
    genuine = False
    for secret in secrets:  # Every one is tried, so that the time taken does not tell which one matched.
        try:
            genuine |= bool(secret) and WebhookSignature.verify_header(body, header, secret)
        except (SignatureVerificationError, ValueError, TypeError):
            continue
    return genuine
