"""A host of the vendor's own, and mail from their own domain: only once a record in the DNS has proven that it is theirs."""

from __future__ import annotations

import secrets

import database
from tables.vendor import Vendor

PREFIX = "customer-center="
"""What the text of the record begins with."""


class Taken(ValueError):
    """Another center has this host."""


async def proof_of(vendor_id: int) -> str:
    """The text that this vendor puts into the DNS: made once, the same for each host and mail domain."""
    await Vendor.update({Vendor.proof: secrets.token_hex(20)}).where(Vendor.id == vendor_id, Vendor.proof.is_null())
    row = await Vendor.select(Vendor.proof).where(Vendor.id == vendor_id).first()
    return PREFIX + str(row["proof"] if row else "")


async def want_domain(vendor_id: int, host: str | None) -> None:
    """Note the host a vendor would like; raises Taken when it is another's already."""
    if host and await Vendor.exists().where(Vendor.domain == host, Vendor.id != vendor_id):
        raise Taken(host)
    await proof_of(vendor_id)
    await Vendor.update({Vendor.wanted_domain: host}).where(Vendor.id == vendor_id)


async def take_domain(vendor_id: int, host: str) -> bool:
    """Move the center to a host that has been proven; returns whether it was still the wanted one. Raises Taken."""
    try:
        rows = await Vendor.update({Vendor.domain: host, Vendor.wanted_domain: None}).where(
            Vendor.id == vendor_id, Vendor.wanted_domain == host
        ).returning(Vendor.id)  # fmt: skip
    except database.CONFLICT:
        raise Taken(host) from None
    return bool(rows)


async def leave_domain(vendor_id: int) -> None:
    """Back to `/<slug>` on the base host."""
    await Vendor.update({Vendor.domain: None}).where(Vendor.id == vendor_id)


async def sender_proven(vendor_id: int, address: str) -> bool:
    """The domain of this very address carries the vendor's proof: mails may come from it."""
    rows = await Vendor.update({Vendor.sender_proven_at: database.now()}).where(
        Vendor.id == vendor_id, Vendor.sender_email == address
    ).returning(Vendor.id)  # fmt: skip
    return bool(rows)
