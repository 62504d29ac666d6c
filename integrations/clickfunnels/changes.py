"""What ClickFunnels can be asked to do about a subscription: cancel it, change its price (ClickFunnels docs: orders).

The one place that names the fields of these questions and answers, as ClickFunnels' own guides for its API print them
(orders and subscription changes, mid 2026). None of it was tried against ClickFunnels itself, so answers are read
tolerantly: what an answer lacks is unknown here, and never an error.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from integrations.clickfunnels.api import Api, Refused
from integrations.clickfunnels.values import clean, currency_of, instant, part, whole
from tables.money import to_minor

UPGRADE, DOWNGRADE = "upgrade", "downgrade"
OTHER = "other"
REASONS = {
    "stripe": ("customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex",
               "too_expensive", "unused"),
    "payments_ai": ("did-not-use", "did-not-want", "missing-features", "too-expensive", "bugs-or-problems", "other"),
}  # fmt: skip
"""The reasons each processor takes; any other is refused by ClickFunnels, so it is sent as `other` with its own words."""
DESCRIPTION_LENGTH = 500
CANCELED_BY = "customer"
SAME = ("same_target", "same as the current", "already on this price")
REFUSALS = (
    (("not_eligible", "not eligible"),
     "ClickFunnels cannot change this subscription by itself: only one subscription at a time, without a payment plan"),
    (SAME, "The subscription is on this plan already"),
    (("target_not_allowed", "not an allowed upgrade or downgrade"),
     "ClickFunnels does not allow the change to this plan (Product, Variant, Upgrade/Downgrade options)"),
    (("preview_failed",), "ClickFunnels cannot reckon the amounts; is there a payment method on the order?"),
    (("commit_failed",), "ClickFunnels tried, and the payment processor said no"),
)  # fmt: skip
"""ClickFunnels' reasons, by code or by sentence (its guides print both), in words for the vendor."""


class Offer(NamedTuple):
    """A price a subscription may change to. `amount` in minor units; `interval` in ClickFunnels' plural words."""

    id: str
    name: str
    amount: int | None
    currency: str
    interval: str | None
    interval_count: int | None
    direction: str
    """`upgrade` (at once) or `downgrade` (at the next renewal)."""


class Quote(NamedTuple):
    """What the next invoice would be; None for what the answer does not say. Amounts in minor units."""

    total: int | None
    tax: int | None
    discount: int | None
    currency: str
    next_at: datetime | None


async def order(api: Api, order_id: str) -> dict[str, Any]:
    """The order as it is now."""
    found = await api.record(f"/orders/{order_id}")
    return found if "id" in found else part(found, "order")


async def cancel(api: Api, order_id: str, processor: str, reason: str, description: str) -> None:
    """Cancel at the end of what is paid for. Raises what `Api.post` raises."""
    known = REASONS.get(processor, REASONS["stripe"])
    code = next((word for word in known if word.replace("-", "_") == reason.replace("-", "_")), OTHER)
    said = ": ".join(text for text in ("" if code != OTHER or reason == OTHER else reason, description) if text)
    wish = {"effective_date": "next_renewal", "cancel_reason": code,
            "cancel_description": said[:DESCRIPTION_LENGTH], "canceled_by": CANCELED_BY}  # fmt: skip
    await asked(api, f"/orders/{order_id}/cancel", {"order": wish})


async def change_options(api: Api, price_id: str) -> list[Offer]:
    """The prices that the vendor allows a subscription of this price to change to, none where none is set up."""
    found = await api.record(f"/products/prices/{price_id}/change_options")
    groups = part(found, "products_prices_change_options") or found
    return [
        offer for direction in (UPGRADE, DOWNGRADE) for group in records(groups, direction)
        for offer in offers(group, direction)
    ]  # fmt: skip


async def preview(api: Api, line_id: str, price_id: str, currency: str) -> Quote:
    """What a change would cost; changes nothing. Raises what `Api.post` raises."""
    answer = await asked(api, f"/orders/line_items/{line_id}/changes", wanted(price_id))
    return quote_of(answer, currency)


async def perform(api: Api, line_id: str, price_id: str) -> None:
    """Change the price: dearer at once and prorated, cheaper at the next renewal (ClickFunnels' defaults)."""
    await asked(api, f"/orders/line_items/{line_id}/changes/perform", wanted(price_id))


async def asked(api: Api, path: str, payload: dict[str, Any]) -> dict[str, Any]:
    try:
        return await api.post(path, payload)
    except Refused as error:
        raise type(error)(in_words(str(error))) from None


def wanted(price_id: str) -> dict[str, Any]:
    return {"orders_line_items_change": {"products_price_id": int(price_id) if price_id.isdigit() else price_id}}


def in_words(said: str) -> str:
    """A refusal in words, with ClickFunnels' own beside those that are not known."""
    lowered = said.lower()
    return next((words for marks, words in REFUSALS if any(mark in lowered for mark in marks)), said)


def is_same(error: Refused) -> bool:
    """Whether a change was refused because it is made already."""
    return str(error) == in_words(SAME[0])


def records(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = data.get(key)
    return [record for record in found if isinstance(record, dict)] if isinstance(found, list) else []


def offers(group: dict[str, Any], direction: str) -> list[Offer]:
    """The prices of one variant in the list; what cannot be read of them is left away."""
    variant, found = part(group, "products_variant") or group, []
    for price in records(variant, "prices") or records(group, "prices"):
        try:
            found.append(offer_of(price, str(variant.get("name") or ""), direction))
        except ValueError:
            continue
    return found


def offer_of(price: dict[str, Any], variant: str, direction: str) -> Offer:
    currency, count = currency_of(price, "USD"), price.get("interval_count")
    if price.get("id") is None:
        raise ValueError("id: no id")
    return Offer(
        str(price["id"]), clean(str(price.get("name") or variant)), to_minor(price.get("amount"), currency), currency,
        clean(str(price["interval"])) if price.get("interval") else None,
        None if count is None else whole(count, "interval_count"), direction,
    )  # fmt: skip


def quote_of(answer: dict[str, Any], currency: str) -> Quote:
    bill = part(part(answer, "orders_line_items_change") or answer, "upcoming_invoice")
    currency = currency_of(bill, currency)
    total, tax, discount = (to_minor(bill.get(f"{name}_amount"), currency) for name in ("total", "tax", "discount"))
    return Quote(total, tax, discount, currency, instant(bill.get("next_invoice_date"), "next_invoice_date"))
