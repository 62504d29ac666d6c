"""What several browser tests agree on."""

from __future__ import annotations

TABS = [
    ("Subscriptions", "subscriptions"), ("Courses", "courses"), ("Orders", "orders"), ("Credit Memos", "credit-memos"),
    ("Payment Methods", "payment-methods"), ("Addresses", "addresses"), ("Phone Numbers", "phone-numbers"),
]  # fmt: skip
