"""The Subscriptions tab, and what can be asked of whoever holds a subscription: one module for each kind of wish."""

from __future__ import annotations

from controllers.center.account.subscriptions import cancellation, index, methods, pause, payment, plan, reactivation

ROUTES = [route for module in (index, cancellation, plan, pause, reactivation, methods, payment)
          for route in module.ROUTES]  # fmt: skip
