"""What a customer can pay with, as Stripe keeps it (Stripe docs: the PaymentMethod object)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import database
from integrations.billing import news
from integrations.clickfunnels.envelope import NotUnderstood
from integrations.stripe.events import SOURCE, made_here
from integrations.stripe.looks import Look
from integrations.stripe.values import identity, inside, moment, text
from tables.customer import Customer
from tables.order import ENDED, Order
from tables.payment_method import PaymentMethod
from tables.stripe_customer import StripeCustomer
from tables.webhook_event import WebhookEvent

if TYPE_CHECKING:
    from stripe import StripeClient

People = dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]
"""Stripe's customers who are one person here, each with what they can pay with."""
MOST = 300


async def look(stripe: StripeClient, vendor_id: int, key: str) -> Look:
    """Fetch all that a person can pay with now: one of ours may be several customers at Stripe.

    Raises NotUnderstood for somebody nobody here is: they become known with their first purchase.
    """
    known = await StripeCustomer.known(vendor_id, key)
    if known is None:
        return partial(wake, vendor_id, key)
    version, people = moment(), {}
    for row in await StripeCustomer.of(vendor_id, known.customer):
        found = await customer(stripe, row.reference)
        people[row.reference] = found, [] if found.get("deleted") else await methods_of(stripe, row.reference)
    if people[key][0].get("elsewhere"):
        raise NotUnderstood("Stripe does not know this customer in the account it is asked about")
    return partial(write, vendor_id, key, people, version)


async def look_method(stripe: StripeClient, vendor_id: int, key: str) -> Look:
    """Fetch one means of payment; one that belongs to nobody any more was removed."""
    version = moment()
    found = (await stripe.v1.payment_methods.retrieve_async(key)).to_dict()
    owner = identity(found.get("customer"))
    return await look(stripe, vendor_id, owner) if owner else partial(write_removed, vendor_id, key, version)


async def write_removed(vendor_id: int, key: str, version: str) -> str:
    rows = await PaymentMethod.objects().where(
        PaymentMethod.vendor == vendor_id, PaymentMethod.reference == key, PaymentMethod.processor == "stripe",
        PaymentMethod.removed_at.is_null(), PaymentMethod.version <= version,
    )  # fmt: skip
    for row in rows:
        await forget(row, version)
        await news.mirrored_method(row)
    return f"payment method {key} was removed"


async def wake(vendor_id: int, key: str) -> str:
    """They may have an address now, without which a purchase waits."""
    await WebhookEvent.wake(vendor_id, f"stripe:{key}")
    raise NotUnderstood("nobody here is this customer of Stripe's")


async def customer(stripe: StripeClient, reference: str) -> dict[str, Any]:
    """One from an account the vendor had before is like one that was deleted."""
    from stripe import InvalidRequestError

    try:
        return (await stripe.v1.customers.retrieve_async(reference)).to_dict()
    except InvalidRequestError as error:
        if error.http_status != 404:
            raise
        return {"id": reference, "deleted": True, "elsewhere": True}


async def methods_of(stripe: StripeClient, reference: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    more: dict[str, Any] = {"limit": 100}
    while len(found) < MOST:
        page = await stripe.v1.customers.payment_methods.list_async(reference, more)  # type: ignore[arg-type]
        found += [row.to_dict() for row in page.data]
        if not page.has_more or not page.data:
            break
        more["starting_after"] = page.data[-1].id
    return found


async def write(vendor_id: int, key: str, people: People, version: str) -> str:
    """Write it down, inside a transaction that holds the vendor's row."""
    rows = {row.reference: row for row in await StripeCustomer.objects().where(
        StripeCustomer.vendor == vendor_id, StripeCustomer.reference.is_in(list(people)))}  # fmt: skip
    customer = rows[key].customer
    if await Customer.is_closed(vendor_id, customer):
        raise NotUnderstood("the account was deleted; nothing was learned")
    if any(row.customer != customer for row in rows.values()) or max(row.version for row in rows.values()) > version:
        return f"older news of customer {key}; it stays as it is"
    defaults = {reference: default_of(found) for reference, (found, _) in people.items()}
    for reference, default in defaults.items():
        await StripeCustomer.update({StripeCustomer.default_method: default, StripeCustomer.version: version}).where(
            StripeCustomer.vendor == vendor_id, StripeCustomer.reference == reference
        )
        if (before := rows[reference].default_method) and before != default:
            await look_again(vendor_id, customer, before, version)
    default = next((defaults[row.reference] for row in sorted(rows.values(), key=lambda row: -row.id)
                    if defaults[row.reference]), None)  # fmt: skip
    methods = {method["id"]: method for _, found in people.values() for method in found}
    await keep(vendor_id, customer, methods, default, version)
    complete = {row.reference for row in await StripeCustomer.of(vendor_id, customer)} <= people.keys()
    gone = await forget_others(vendor_id, customer, list(methods), version) if complete else []
    for method in [*gone, *await PaymentMethod.objects().where(
        PaymentMethod.vendor == vendor_id, PaymentMethod.customer == customer, PaymentMethod.version == version,
        PaymentMethod.removed_at.is_null(),
    )]:  # fmt: skip
        await news.mirrored_method(method)
    return f"customer {key}: {len(methods)} payment methods"


async def look_again(vendor_id: int, customer: int, before: str, version: str) -> None:
    """Subscriptions that were charged to the default are charged to another now; only Stripe knows which those are."""
    rows = await Order.select(Order.clickfunnels_id).where(
        Order.vendor == vendor_id, Order.customer == customer, Order.payment_method == before,
        Order.order_type == "subscription-order", Order.service_status.not_in(list(ENDED)),
            )  # fmt: skip
    for row in rows:
        if not row["clickfunnels_id"].startswith("sub_"):
            continue
        key, kind = row["clickfunnels_id"], "customer.subscription.updated"
        event_id, body = made_here(kind, f"{key}-{version}", {"id": key, "object": "subscription"})
        await WebhookEvent.keep(vendor_id, SOURCE, event_id, kind, body, "subscription")


def default_of(found: dict[str, Any]) -> str | None:
    """What Stripe charges where a subscription has none of its own."""
    return identity(inside(found, "invoice_settings", "default_payment_method"))


async def keep(
    vendor_id: int, customer: int, methods: dict[str, dict[str, Any]], default: str | None, version: str
) -> None:
    """Insert or update what is there; the customer's own words for it stay."""
    known = {row.reference: row for row in await PaymentMethod.objects().where(
        PaymentMethod.vendor == vendor_id, PaymentMethod.customer == customer)}  # fmt: skip
    for reference, method in reversed(methods.items()):
        values = {**values_of(method), PaymentMethod.is_default: reference == default, PaymentMethod.version: version,
                  PaymentMethod.removed_at: None, PaymentMethod.processor: "stripe"}  # fmt: skip
        if reference in known:
            await PaymentMethod.update(values).where(
                PaymentMethod.vendor == vendor_id, PaymentMethod.id == known[reference].id
            )
        else:
            await PaymentMethod({
                PaymentMethod.vendor: vendor_id, PaymentMethod.customer: customer, PaymentMethod.reference: reference,
                **values,
            }).save()  # fmt: skip


async def forget_others(vendor_id: int, customer: int, there: list[str], version: str) -> list[PaymentMethod]:
    """Mark as removed what Stripe told of once and no longer has; returns it."""
    rows = await PaymentMethod.objects().where(
        PaymentMethod.vendor == vendor_id, PaymentMethod.customer == customer, PaymentMethod.processor == "stripe",
        PaymentMethod.version != "", PaymentMethod.removed_at.is_null(),
    )  # fmt: skip
    gone = [row for row in rows if row.reference not in there]
    for row in gone:
        await forget(row, version)
    return gone


async def forget(row: PaymentMethod, version: str) -> None:
    row.removed_at, row.is_default, row.version = database.now(), False, version
    await PaymentMethod.update(
        {PaymentMethod.removed_at: row.removed_at, PaymentMethod.is_default: False, PaymentMethod.version: version}
    ).where(PaymentMethod.vendor == row.vendor, PaymentMethod.id == row.id)


def values_of(method: dict[str, Any]) -> dict[Any, Any]:
    """A card's brand, last four and expiry; of other kinds what there is of it."""
    details = method.get(method["type"]) or {}
    brand = details.get("display_brand") or details.get("brand") or details.get("bank_name")
    return {
        PaymentMethod.kind: text(method["type"], 20), PaymentMethod.brand: text(brand, 30) or None,
        PaymentMethod.last4: text(details.get("last4"), 4) or None, PaymentMethod.exp_month: details.get("exp_month"),
        PaymentMethod.exp_year: details.get("exp_year"),
    }  # fmt: skip
