"""What the page behind a mail about money says: it names the subscription and the amount, and never the person."""

from __future__ import annotations

from typing import Any

from tables.billing_command import CONFIRMED, PAY, REFUSED, USE_METHOD, BillingCommand
from tables.card_setup import COMPLETE, CardSetup
from tables.invoice import Invoice
from tables.order import Order
from tables.payment_method import PaymentMethod
from theming.card_words import card
from theming.center import Center
from theming.change_words import doubt
from theming.formats import money
from theming.payment_words import row_of
from theming.words import _

Words = dict[str, Any]


def title(bill: Invoice | None) -> str:
    return _("Your payment") if bill else _("Add a card")


def is_due(bill: Invoice | None) -> bool:
    return bill is not None and bill.status in ("unpaid", "past-due", "past_due", "partially-paid") and bool(owed(bill))


def owed(bill: Invoice) -> int:
    return (bill.total if bill.due is None else bill.due) or 0


def facts(center: Center, order: Order | None, bill: Invoice | None) -> Words:
    """What it is about."""
    amount = money(owed(bill), bill.currency, center.locale) if bill and is_due(bill) else ""
    return {
        "name": (order.summary or _("Subscription")) if order else "", "bill": bill.number if bill else "",
        "amount": amount, "due": is_due(bill),
    }  # fmt: skip


def pay_label(method: PaymentMethod | None) -> str:
    if method is None or not method.is_told:
        return _("Pay now with the card on file")
    return _("Pay now with %(card)s", card=card(row_of(method)))


def states(bill: Invoice | None, command: BillingCommand | None, setup: CardSetup | None) -> list[Words]:
    """What has been asked for through the link, and what became of it: only what our own rows say."""
    found = [setup_state(setup)] if setup else []
    if command is not None and command.kind in (PAY, USE_METHOD):
        found.append(command_state(command))
    if not is_due(bill) and bill is not None and not (command and command.kind == PAY):
        found.append({"tone": "good", "text": _("Nothing is due any more. Thank you!")})
    return found


def command_state(command: BillingCommand) -> Words:
    paying = command.kind == PAY
    if command.is_open:
        return {"tone": "info", "text": _("The payment is on its way. We will confirm by mail.") if paying else
                _("We have asked that your subscription is paid with the new card. We will confirm by mail.")}  # fmt: skip
    if command.status == CONFIRMED:
        return {"tone": "good", "text": _("Your payment has arrived. Thank you!") if paying else
                _("Your subscription is paid with the new card from now on.")}  # fmt: skip
    why = command.error or ""
    if command.status != REFUSED:
        return {"tone": "info", "text": _("This was taken back. Nothing was charged.")}
    if command.wish.get("unsure"):
        return {"tone": "warn", "text": doubt()}
    return {"tone": "bad", "text": _("The payment did not go through, and nothing was charged: %(reason)s.", reason=why) if paying
            else _("The card could not be used for your subscription: %(reason)s.", reason=why)}  # fmt: skip


def setup_state(setup: CardSetup) -> Words:
    if setup.status == COMPLETE:
        return {"tone": "good", "text": " ".join(part for part in (_("Card saved."), setup.error or "") if part)}
    if setup.is_open:
        return {"tone": "info", "text": setup.error or _(
            "Waiting for Stripe: it has not told us of a saved card yet. If you came back without saving one, nothing was "
            "changed.")}  # fmt: skip
    return {"tone": "info", "text": setup.error or _("Nothing was changed: no card was saved on that page of Stripe.")}
