"""The link in a mail that leads to nothing but "use another card" and "pay now"."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from tables.customer import Customer
from tables.mailed_link import MailedLink
from tables.order import Order
from theming.center import Center

PURPOSE = "pay"
LIFETIME = timedelta(days=14)


class PayLink(NamedTuple):
    token: str
    address: str
    made: MailedLink


async def make(center: Center, customer: Customer, order: Order, invoice_id: int | None = None) -> PayLink:
    """A fresh one, in the transaction that queues the mail: only what was mailed knows the token."""
    made, token = await MailedLink.make(
        customer.vendor, customer.id, PURPOSE, customer.email, LIFETIME, order=order.id,
        **({"invoice": invoice_id} if invoice_id else {}),
    )  # fmt: skip
    return PayLink(token, center.link(f"/pay/{token}"), made)
