"""What the demo's people bought: every kind of order, so that every screen has something to show."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

Event = dict[str, Any]
Person = tuple[Any, ...]

FIRST_PRODUCT = 701
"""ClickFunnels' id of the first of PRODUCTS; the others follow."""
SMALL_ORDERS = [
    ("Hive tool", "14.00"), ("Bee veil", "39.00"), ("Smoker fuel, 2 kg", "12.50"), ("Frame grip", "18.00"),
    ("Queen marking pen", "6.50"), ("Varroa counting board", "22.00"), ("Leather gloves", "34.00"),
]  # fmt: skip

PRODUCTS = [
    "Intro to Beekeeping", "Starter hive kit", "Frames", "The Hive Letter, monthly", "Ask the Beekeeper", "Bee suit, large",
    "Wheel Throwing for Beginners", *(name for name, _ in SMALL_ORDERS), "Swarm Watch",
]  # fmt: skip


def product_id(name: str) -> int:
    """The same for every order of one thing."""
    return FIRST_PRODUCT + PRODUCTS.index(name)


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event(kind: str, data: dict[str, Any], at: datetime) -> Event:
    """An event as ClickFunnels sends it (ClickFunnels docs: webhooks)."""
    data = {"created_at": stamp(at), "updated_at": stamp(at), **data}
    return {"event_id": secrets.token_hex(16), "event_type": kind, "subject_id": data["id"], "data": data,
            "created_at": stamp(at), "api_version": 2}  # fmt: skip


def order(
    person: Person, number: int, at: datetime, item: str, price: str, currency: str, **more: Any
) -> dict[str, Any]:
    """An order as ClickFunnels describes it (ClickFunnels docs: orders)."""
    email, first, last, contact = person
    interval = more.pop("interval", None)
    return {
        "id": number, "public_id": f"demo{number}", "order_number": str(1000 + number), "contact_id": contact,
        "total_amount": price, "tax_amount": "0.00", "currency": currency, "order_type": "one-time-order",
        "billing_status": "paid", "service_status": "completed", "activated_at": stamp(at), "created_at": stamp(at),
        "contact": {"id": contact, "email_address": email, "first_name": first, "last_name": last},
        "line_items": [{
            "id": number * 10, "quantity": 1, "original_product": {"id": product_id(item), "name": item},
            "products_price": {"id": 800 + number, "amount": price, "currency": currency, "interval": interval,
                               "interval_count": 1 if interval else None},
        }], **more,
    }  # fmt: skip


def address(person: Person, *lines: str) -> dict[str, Any]:
    street, city, region, code, country = lines
    shipping = {
        "shipping_address_first_name": person[1], "shipping_address_last_name": person[2],
        "shipping_address_street_one": street, "shipping_address_city": city, "shipping_address_region": region,
        "shipping_address_postal_code": code, "shipping_address_country": country,
    }  # fmt: skip
    billing = {
        "billing_address_first_name": person[1], "billing_address_last_name": person[2],
        "billing_address_street_one": street, "billing_address_city": city, "billing_address_region": region,
        "billing_address_postal_code": code, "billing_address_country": country,
    }  # fmt: skip
    return shipping | billing


def invoice(
    number: int, order_id: int, at: datetime, item: str, total: str, currency: str, **more: Any
) -> dict[str, Any]:
    return {
        "id": number, "order_id": order_id, "status": "paid", "invoice_number": f"INV-{number}", "currency": currency,
        "invoice_type": "one_time", "subtotal_amount": total, "tax_amount": "0.00", "shipping_amount": "0.00",
        "discount_amount": "0.00", "total_amount": total, "due_amount": "0.00", "issued_at": stamp(at),
        "paid_at": stamp(at),
        "line_items": [{"id": number * 10, "description": item, "quantity": 1, "amount": total}], **more,
    }  # fmt: skip


def payment(number: int, order_id: int, amount: str, currency: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "order_id": order_id, "status": "completed", "external_type": "sale", "result": "approved",
            "amount": amount, "currency": currency, **more}  # fmt: skip


def orders_of_alice(alice: Person, now: datetime) -> list[Event]:
    """A course, a starter kit with tax and a parcel, two subscriptions, a refund, and years of small things."""
    home = address(alice, "18 Orchard Lane", "Hudson", "NY", "12534", "United States")
    return [
        *bought_course(alice, now, home), *bought_kit(alice, now, home), *subscribed(alice, now), *refunded(alice, now),
        *[event("one-time-order.completed",
                order(alice, 20 + place, now - timedelta(days=40 + 17 * place), *SMALL_ORDERS[place % 7], "USD"),
                now - timedelta(days=40 + 17 * place)) for place in range(22)],
    ]  # fmt: skip


def bought_course(alice: Person, now: datetime, home: dict[str, Any]) -> list[Event]:
    at = now - timedelta(days=5)
    return [
        event("one-time-order.completed",
              order(alice, 1, at, "Intro to Beekeeping", "97.00", "USD", billing_payment_method_id="pm_demo_4242",
                    payment_processor="stripe", **home), at),
        event("orders/invoice.paid", invoice(1, 1, at, "Intro to Beekeeping", "97.00", "USD"), at),
        event("orders/transaction.created", payment(1, 1, "97.00", "USD"), at),
    ]  # fmt: skip


def bought_kit(alice: Person, now: datetime, home: dict[str, Any]) -> list[Event]:
    """Two kinds of things, of which one box is still to come and one thing was paid back."""
    at, sent, back = now - timedelta(days=12), now - timedelta(days=10), now - timedelta(days=6)
    bought = order(alice, 2, at, "Starter hive kit", "160.00", "USD", service_status="active",
                   billing_status="partially-refunded", **home)  # fmt: skip
    frames = {**bought["line_items"][0], "id": 21, "quantity": 2,
              "original_product": {"id": product_id("Frames"), "name": "Frames"},
              "products_price": {"id": 832, "amount": "30.00", "currency": "USD", "interval": None}}  # fmt: skip
    bill = invoice(2, 2, at, "Starter hive kit", "249.00", "USD", subtotal_amount="220.00", tax_amount="19.00",
                   shipping_amount="20.00", discount_amount="10.00",
                   line_items=[
                       {"id": 20, "description": "Starter hive kit", "quantity": 1, "amount": "160.00"},
                       {"id": 21, "description": "Frames", "quantity": 2, "amount": "60.00"}])  # fmt: skip
    return [
        event("one-time-order.completed",
              bought | {"total_amount": "249.00", "tax_amount": "19.00", "line_items": [*bought["line_items"], frames]}, at),
        event("orders/invoice.paid", bill, at),
        event("orders/transaction.created", payment(2, 2, "249.00", "USD"), at),
        event("fulfillment.created", {
            "id": 1, "public_id": "P-1", "status": "fulfilled", "shipping_provider": "UPS",
            "tracking_code": "1Z999AA10123456784", "tracking_url": "https://www.ups.com/track?tracknum=1Z999AA10123456784",
            "included_invoices_line_items": [{"id": 1, "quantity": 1, "invoices_line_item_id": 20},
                                             {"id": 2, "quantity": 1, "invoices_line_item_id": 21}],
        }, sent),
        event("orders/transaction.updated",
              payment(7, 2, "6.00", "USD", external_type="refund", adjusted_transaction_id=2,
                      reason="The lid had a dent"), back),
    ]  # fmt: skip


def subscribed(alice: Person, now: datetime) -> list[Event]:
    """One that renews, one that was cancelled and is paid for a while yet, and one that has ended."""
    since, next_charge = now - timedelta(days=100), now + timedelta(days=20)
    return [
        event("subscription.churned",
              order(alice, 6, now - timedelta(days=500), "Swarm Watch", "5.00", "USD", interval="months",
                    order_type="subscription-order", service_status="churned", payment_processor="stripe",
                    canceled_at=stamp(now - timedelta(days=300)), churned_at=stamp(now - timedelta(days=280))),
              now - timedelta(days=280)),
        event("subscription.activated",
              order(alice, 3, since, "The Hive Letter, monthly", "9.00", "USD", interval="months",
                    order_type="subscription-order", service_status="active", next_charge_at=stamp(next_charge),
                    renewal_at=stamp(next_charge), paid_until=stamp(next_charge),
                    billing_payment_method_id="pm_demo_4242", payment_processor="stripe"), since),
        *[event("orders/invoice.paid",
                invoice(30 + month, 3, next_charge - timedelta(days=30 * (4 - month)), "The Hive Letter, monthly", "9.00",
                        "USD", invoice_type="renewal" if month else "initial"), since + timedelta(days=30 * month))
          for month in range(4)],
        event("subscription.canceled",
              order(alice, 4, now - timedelta(days=200), "Ask the Beekeeper", "19.00", "USD", interval="months",
                    order_type="subscription-order", service_status="canceled", paid_until=stamp(now + timedelta(days=12)),
                    canceled_at=stamp(now - timedelta(days=8))), now - timedelta(days=8)),
    ]  # fmt: skip


def refunded(alice: Person, now: datetime) -> list[Event]:
    at, back = now - timedelta(days=60), now - timedelta(days=52)
    return [
        event("one_time_order.refunded",
              order(alice, 5, at, "Bee suit, large", "119.00", "USD", billing_status="refunded"), back),
        event("orders/transaction.created", payment(5, 5, "119.00", "USD", status="refunded"), at),
        event("orders/transaction.updated",
              payment(6, 5, "119.00", "USD", external_type="refund", adjusted_transaction_id=5, reason="Wrong size"), back),
    ]  # fmt: skip


def orders_of_zoe(zoe: Person, now: datetime) -> list[Event]:
    at = now - timedelta(days=30)
    return [
        event("one-time-order.completed",
              order(zoe, 1, at, "Wheel Throwing for Beginners", "145.00", "EUR",
                    **address(zoe, "Rua da Rosa 41", "Lisboa", "", "1200-383", "Portugal")), at),
        event("orders/invoice.paid", invoice(1, 1, at, "Wheel Throwing for Beginners", "145.00", "EUR"), at),
    ]  # fmt: skip
