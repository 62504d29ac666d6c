"""What the stand-in refuses besides: a subscription that cannot be paid for at once, and a card that wants approval."""

from __future__ import annotations

from tests.integrations.stripe import routes
from tests.integrations.stripe.books import Books, declined
from tests.integrations.stripe.routes import ROUTES, Route
from tests.integrations.stripe.wire import Record, Wrong

WANTS_APPROVAL = "4000002500003155"
"""A card whose bank wants the customer to approve every payment (Stripe docs: testing)."""


def create_subscription(books: Books, params: Record) -> Record:
    """With `error_if_incomplete` nothing is made where the first payment fails (Stripe docs: payment_behavior)."""
    if params.get("payment_behavior") == "error_if_incomplete":
        customer = books.get(params["customer"], "customer")
        method = params.get("default_payment_method") or customer["invoice_settings"]["default_payment_method"]
        if method is None or method in books.declining:
            books.done["declined"] += 1
            raise Wrong(402, kept=True, **declined()["error"])
    return routes.create_subscription(books, params)


def pay(books: Books, params: Record, key: str) -> Record:
    method = params.get("payment_method")
    card = books.objects.get(method or "", {}).get("card") or {}
    if card.get("last4") == WANTS_APPROVAL[-4:]:
        raise Wrong(402, "The payment needs to be approved.", kept=True, code="invoice_payment_intent_requires_action")
    return routes.pay(books, params, key)


for place, found in enumerate(ROUTES):
    for act in (create_subscription, pay):
        if found.act is getattr(routes, act.__name__):
            ROUTES[place] = Route(found.method, found.pattern, found.takes, act)
