"""What the demo's first customer can try with her subscriptions: plans to change to, two cards, an offer, an ended one."""

from __future__ import annotations

import json

from commands.demo_orders import product_id
from tables.customer import Customer
from tables.payment_method import PaymentMethod
from tables.price import Price, PriceTarget
from tables.vendor import Vendor

LETTER = "803"
"""The price of her monthly letter (`demo_orders.subscribed`)."""
PLANS = {
    LETTER: ("The Hive Letter, monthly", 900, "months"), "891": ("The Hive Letter as a postcard", 400, "months"),
    "892": ("The Hive Letter with seeds", 1900, "months"), "893": ("The Hive Letter, yearly", 9000, "years"),
}  # fmt: skip
CARDS = [("pm_demo_4242", "visa", "4242", 8, "For the bees"), ("pm_demo_4444", "mastercard", "4444", 11, "")]
REASONS = [
    ("too_expensive", "It costs too much"), ("unused", "I keep no bees any more"), ("low_quality", "I know all that already"),
    ("other", "Something else"),
]  # fmt: skip
OFFER = "Winter is quiet in the hive. Read the letters of the last three years in our archive, free for everybody who stays."


async def offer(vendor: Vendor, alice: Customer, year: int) -> None:
    """Inside a transaction; `year` is the one the cards run out in."""
    await Vendor.hold(vendor.id)
    for price, (name, amount, interval) in PLANS.items():
        await Price.record(vendor.id, price, "0", {
            Price.name: name, Price.amount: amount, Price.currency: "USD", Price.payment_type: "subscription",
            Price.interval: interval, Price.interval_count: 1, Price.visible: True,
            Price.product_clickfunnels_id: str(product_id("The Hive Letter, monthly")),
        })  # fmt: skip
    await PriceTarget.replace(vendor.id, LETTER, [price for price in PLANS if price != LETTER])
    for reference, brand, last4, month, description in CARDS:
        await PaymentMethod.learn(vendor.id, alice.id, "stripe", reference)
        await PaymentMethod.update({
            PaymentMethod.kind: "card", PaymentMethod.brand: brand, PaymentMethod.last4: last4,
            PaymentMethod.exp_month: month, PaymentMethod.exp_year: year, PaymentMethod.description: description,
            PaymentMethod.is_default: reference == CARDS[0][0],
        }).where(PaymentMethod.vendor == vendor.id, PaymentMethod.customer == alice.id,
                 PaymentMethod.reference == reference)  # fmt: skip
    await Vendor.change(vendor.id, {
        "cancel_reasons": json.dumps(REASONS), "cancel_offer": OFFER, "cancel_offer_url": "https://acme.example/archive",
    })  # fmt: skip
