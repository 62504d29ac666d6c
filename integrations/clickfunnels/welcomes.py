"""The welcome mail of a purchase at ClickFunnels, which an import may pass over (integrations/welcomes.py)."""

from __future__ import annotations

from datetime import datetime

from integrations import welcomes
from integrations.clickfunnels.envelope import Event
from integrations.welcomes import send_again
from tables.customer import Customer

__all__ = ["send_again", "send_once"]


async def send_once(event: Event, customer_id: int, items: list[str], bought_at: datetime) -> None:
    """Queue the mail if this is the customer's first purchase, or let an import pass over it.

    An import leaves new purchases to their webhooks; an old one was welcomed by whatever was there before us, and so
    no webhook welcomes it later. With `welcomes` those are mailed as well who have never been here.
    """
    vendor_id, history = event.vendor_id, event.history
    if history and not history.welcomes and bought_at > history.ends_at:
        return
    if await Customer.claim_welcome(vendor_id, customer_id) and (
        history is None or (history.welcomes and await Customer.is_stranger(vendor_id, customer_id))
    ):
        await welcomes.send(vendor_id, customer_id, items)
