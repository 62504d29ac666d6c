"""Stripe: what a vendor's account says, mirrored (docs/stripe.md)."""
