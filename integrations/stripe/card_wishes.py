"""What each wish about cards and bills is at Stripe (Stripe docs: payment methods, invoices). All look first, too."""

from __future__ import annotations

from typing import Any

from integrations.billing import Refused
from integrations.stripe.asking import OTHER_FILE, Asking, Touched, cards, id_of, running, subscription

IN_USE = "A running subscription is still paid with it"
APPROVE = "Your bank wants you to approve this payment yourself, on this page of Stripe: %s"
NOTHING_DUE = "There is nothing to pay on this bill"
NOT_A_CARD = "It has no expiry date"


async def use_method(asking: Asking) -> Touched:
    of, card = await running(asking), await asking.method()
    if id_of(card.customer) != id_of(of.customer):
        raise Refused(OTHER_FILE)
    if id_of(of.default_payment_method) != card.id:
        await asking.change(of, {"default_payment_method": card.id})
    return [*cards(card.customer), *subscription(of)]


async def pay(asking: Asking) -> Touched:
    """One bill, once: what is paid already is only told, and so is what may be under way from a bank for days."""
    bill = await asking.invoice()
    begun = asking.command.is_old and asking.command.tries > 1
    if bill.status != "paid" and not begun:
        if bill.status != "open":
            raise Refused(NOTHING_DUE)
        await collect(asking, bill, {"payment_method": (await asking.method()).id} if asking.reference else {})
    of = asking.order.clickfunnels_id if asking.order else ""
    return [("invoice", bill.id), *([("subscription", of)] if of.startswith("sub_") else [])]


async def collect(asking: Asking, bill: Any, method: dict[str, str]) -> None:
    import stripe

    try:
        await asking.api.invoices.pay_async(bill.id, method, asking.options())
    except stripe.CardError as error:
        if (
            error.code in ("authentication_required", "invoice_payment_intent_requires_action")
            and bill.hosted_invoice_url
        ):
            raise Refused(APPROVE % bill.hosted_invoice_url) from None
        raise
    except stripe.InvalidRequestError as error:
        if error.code != "invoice_already_paid":
            raise


async def default_method(asking: Asking) -> Touched:
    card = await asking.method()
    person = await asking.api.customers.retrieve_async(id_of(card.customer))
    if id_of(person.invoice_settings.default_payment_method) != card.id:
        changes = {"invoice_settings": {"default_payment_method": card.id}}
        await asking.api.customers.update_async(person.id, changes, asking.options())
    return cards(card.customer)


async def update_method(asking: Asking) -> Touched:
    card, wish = await asking.method(), asking.wish
    if card.type != "card":
        raise Refused(NOT_A_CARD)
    dates = {"exp_month": int(wish["exp_month"]), "exp_year": int(wish["exp_year"])}
    if (card.card.exp_month, card.card.exp_year) != (dates["exp_month"], dates["exp_year"]):
        await asking.api.payment_methods.update_async(card.id, {"card": dates}, asking.options())
    return cards(card.customer)


async def remove_method(asking: Asking) -> Touched:
    """Let go of a card that nothing runs on. One that Stripe holds for nobody any more is let go already."""
    card = await asking.api.payment_methods.retrieve_async(asking.reference)
    if card.customer is None and asking.row is not None:
        return [part for reference in sorted(asking.owned) for part in cards(reference)]
    customer = id_of(asking.theirs(card).customer)
    running_now = await asking.api.subscriptions.list_async({"customer": customer, "limit": 100})
    if any(id_of(of.default_payment_method) == card.id and not of.cancel_at_period_end for of in running_now.data):
        raise Refused(IN_USE)
    await asking.api.payment_methods.detach_async(card.id, {}, asking.options())
    return cards(customer)
