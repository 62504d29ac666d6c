"""What each wish about a subscription is at Stripe. Every one looks first, and asks for nothing that is so already.

Each returns what it touched, for the mirror to look at (Stripe docs: subscriptions, subscription schedules, payment
methods).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from integrations.billing import Refused
from integrations.stripe.asking import OTHER_FILE, OVER, Asking, Touched, id_of, running, subscription

FEEDBACK = frozenset(
    "customer_service low_quality missing_features other switched_service too_complex too_expensive unused".split()
)
"""Stripe's own reasons for a cancellation; another of the vendor's goes into the comment."""
MADE = "made"
"""The kind of a subscription that began in the place of one that had ended."""
REQUEST = "center_request"
"""What a subscription made here says in its metadata of the request it was made for."""
SEVERAL = "This subscription has several parts, which cannot be changed one by one here"


async def cancel(asking: Asking) -> Touched:
    """At the end of the period, unless the wish says at once."""
    of = await asking.subscription()
    if of.status in OVER or (of.cancel_at_period_end and asking.wish.get("at_period_end", True)):
        return subscription(of)
    await release(asking, of)
    if asking.wish.get("at_period_end", True):
        await asking.change(of, {"cancel_at_period_end": True, **reasons(asking.wish)})
    else:
        await asking.api.subscriptions.cancel_async(of.id, reasons(asking.wish), asking.options())
    return subscription(of)


def reasons(wish: dict[str, Any]) -> dict[str, Any]:
    """`reason` is Stripe's word or nothing, `reason_text` what the vendor calls it."""
    reason, own = str(wish.get("reason") or ""), str(wish.get("reason_text") or "")
    told = {"feedback": reason} if reason in FEEDBACK else {}
    parts = (own or ("" if told else reason), str(wish.get("comment") or ""))
    said = ". ".join(part for part in parts if part)
    told |= {"comment": said[:500]} if said else {}
    return {"cancellation_details": told} if told else {}


async def keep(asking: Asking) -> Touched:
    of = await running(asking)
    if of.cancel_at_period_end:
        await asking.change(of, {"cancel_at_period_end": False})
    elif of.cancel_at:
        await asking.change(of, {"cancel_at": ""})
    return subscription(of)


async def change_plan(asking: Asking) -> Touched:
    """A dearer plan now, the difference charged at once or nothing is changed; a cheaper one with the next period."""
    of = await running(asking)
    if len(of["items"].data) != 1:
        raise Refused(SEVERAL)
    item, price = of["items"].data[0], asking.wish["price"]
    if item.price.id == price:
        return subscription(of)
    if asking.wish.get("at_period_end"):
        await change_later(asking, of)
    else:
        await release(asking, of)
        await asking.change(of, {
            "items": [{"id": item.id, "price": price, "quantity": item.quantity}],
            "proration_behavior": "always_invoice", "payment_behavior": "error_if_incomplete",
        })  # fmt: skip
    return subscription(of)


async def change_later(asking: Asking, of: Any) -> None:
    """By a schedule: what runs now to its end, then the other plan, then as always."""
    schedules = asking.api.subscription_schedules
    if of.schedule:
        schedule = await schedules.retrieve_async(id_of(of.schedule))
    else:
        schedule = await schedules.create_async({"from_subscription": of.id}, asking.options("schedule"))
    now = next(phase for phase in schedule.phases if phase.start_date == schedule.current_phase.start_date)
    wanted = await asking.api.prices.retrieve_async(asking.wish["price"])
    quantity = of["items"].data[0].quantity
    period = {"interval": wanted.recurring.interval, "interval_count": wanted.recurring.interval_count}
    await schedules.update_async(schedule.id, {"end_behavior": "release", "phases": [
        {"items": [{"price": id_of(part.price), "quantity": part.quantity} for part in now["items"]],
         "start_date": now.start_date, "end_date": now.end_date},
        {"items": [{"price": wanted.id, "quantity": quantity}], "duration": period, "proration_behavior": "none"},
    ]}, asking.options("phases"))  # fmt: skip


async def keep_plan(asking: Asking) -> Touched:
    of = await running(asking)
    await release(asking, of)
    return subscription(of)


async def pause(asking: Asking) -> Touched:
    """No bills until a day; without one, until it is taken up again."""
    of = await running(asking)
    until = asking.wish.get("until")
    resumes = {"resumes_at": seconds(str(until))} if until else {}
    if not of.pause_collection or of.pause_collection.resumes_at != resumes.get("resumes_at"):
        await asking.change(of, {"pause_collection": {"behavior": "void", **resumes}})
    return subscription(of)


def seconds(moment: str) -> int:
    """A time as ISO 8601, in UTC where it names no zone, as Stripe counts it."""
    found = datetime.fromisoformat(moment)
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


async def resume(asking: Asking) -> Touched:
    of = await running(asking)
    if of.status == "paused":
        await asking.api.subscriptions.resume_async(of.id, {}, asking.options())
    elif of.pause_collection:
        await asking.change(of, {"pause_collection": ""})
    return subscription(of)


async def reactivate(asking: Asking) -> Touched:
    """One that still runs goes on; for one that has ended a new one of the same price begins."""
    of = await asking.subscription()
    if of.status not in OVER:
        return await keep(asking)
    made = await made_before(asking, of) or await begin_anew(asking, of)
    return [*subscription(of), (MADE, made.id)]


async def begin_anew(asking: Asking, of: Any) -> Any:
    """Paid at once, or not made at all."""
    card = await asking.method() if asking.reference else None
    if card is not None and id_of(card.customer) != id_of(of.customer):
        raise Refused(OTHER_FILE)
    method = card.id if card is not None else id_of(of.default_payment_method)
    parts = [{"price": part.price.id, "quantity": part.quantity} for part in of["items"].data]
    if asking.wish.get("price") and len(parts) == 1:
        parts[0]["price"] = asking.wish["price"]
    return await asking.api.subscriptions.create_async({
        "customer": id_of(of.customer), "items": parts, "payment_behavior": "error_if_incomplete", "off_session": True,
        "metadata": {REQUEST: asking.command.public_id, "center_order": asking.order.number if asking.order else ""},
        **({"default_payment_method": method} if method else {}),
    }, asking.options())  # fmt: skip


async def made_before(asking: Asking, of: Any) -> Any | None:
    """What an earlier try has made already, however long ago: Stripe forgets keys after a day."""
    found = await asking.api.subscriptions.list_async({"customer": id_of(of.customer), "status": "all", "limit": 100})
    return next((one for one in found.data if asks_for(one, asking)), None)


def asks_for(one: Any, asking: Asking) -> bool:
    return bool(one.metadata) and one.metadata.to_dict().get(REQUEST) == asking.command.public_id


async def release(asking: Asking, of: Any) -> None:
    """End a schedule that would change the plan later; the subscription goes on as it is."""
    if of.schedule:
        await asking.api.subscription_schedules.release_async(id_of(of.schedule), {}, asking.options("release"))
