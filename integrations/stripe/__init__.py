"""Stripe: signed webhooks in, what they name fetched anew, mirrored records out (docs/stripe.md)."""

from integrations.stripe.events import SOURCE
from integrations.stripe.inbox import apply, deliver, receive

__all__ = ["SOURCE", "apply", "deliver", "receive"]
