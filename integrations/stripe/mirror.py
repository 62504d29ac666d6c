"""A look at anything of a vendor's account by its kind: what an event names, or what a wish has touched."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from integrations.stripe import catalogue, invoices, people, purchases, setups, subscriptions
from integrations.stripe.looks import Look

if TYPE_CHECKING:
    from stripe import StripeClient


async def look(stripe: StripeClient, vendor_id: int, kind: str, key: str, heard_at: datetime | None = None) -> Look:
    """Fetch it now; the result writes it down. `heard_at` is when something happened to it that is news to people.

    Raises what the client raises, and NotUnderstood; KeyError for a kind that is not mirrored.
    """
    if kind == "subscription":
        return await subscriptions.look(stripe, vendor_id, key, heard_at)
    if kind == "invoice":
        return await invoices.look(stripe, vendor_id, key, heard_at)
    if kind == "payment_intent":
        return await purchases.look(stripe, vendor_id, key, heard_at)
    plain = {
        "customer": people.look, "payment_method": people.look_method, "checkout.session": setups.look,
        "product": catalogue.look_product, "price": catalogue.look_price,
    }  # fmt: skip
    return await plain[kind](stripe, vendor_id, key)
