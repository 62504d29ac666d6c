"""An invoice of Stripe's, with the subscription or the single purchase it bills (Stripe docs: the Invoice object)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from integrations.stripe import after, subscriptions
from integrations.stripe.customers import buyer_of
from integrations.stripe.looks import Look
from integrations.stripe.payments import CREDIT_REASONS, keep_paid, keep_refund, paid_state
from integrations.stripe.values import currency_of, identity, inside, instant, minor, moment, text
from tables.invoice import Invoice, InvoiceLine
from tables.order import Order, OrderLine

if TYPE_CHECKING:
    from stripe import StripeClient

EXPAND = ["customer", "payments"]
TYPES = {
    "subscription_create": "initial", "subscription_cycle": "renewal", "subscription_update": "interim",
    "subscription_threshold": "interim", "subscription": "interim",
}  # fmt: skip
"""Stripe's reasons in ClickFunnels' words."""
STATES = {"paid": "paid", "void": "voided", "uncollectible": "unpaid", "draft": "draft"}
MOST_LINES = 1000


async def look(
    stripe: StripeClient, vendor_id: int, key: str, heard_at: datetime | None = None, credited: bool = False
) -> Look:
    """Fetch an invoice as it is now, and what it bills. `credited` says that a credit note was told of."""
    version = moment()
    found = (await stripe.v1.invoices.retrieve_async(key, {"expand": EXPAND})).to_dict()
    if found["status"] == "draft":
        return nobody_billed
    await all_lines(stripe, found)
    notes = await credit_notes(stripe, found) if credited or has_credit(found) else []
    subscription = subscription_of(found)
    inner = await subscriptions.look(stripe, vendor_id, subscription, heard_at) if subscription else None
    return partial(write, vendor_id, found, notes, inner, version, heard_at)


async def nobody_billed() -> str:
    return "a draft: nobody is billed yet"


async def all_lines(stripe: StripeClient, found: dict[str, Any]) -> None:
    """An invoice has its first ten lines in it; the rest are fetched by hundreds."""
    lines = found["lines"]
    while lines.get("has_more") and len(lines["data"]) < MOST_LINES:
        page = await stripe.v1.invoices.line_items.list_async(
            found["id"], {"limit": 100, "starting_after": lines["data"][-1]["id"]}
        )
        lines["data"] += [line.to_dict() for line in page.data]
        lines["has_more"] = page.has_more and bool(page.data)


def has_credit(found: dict[str, Any]) -> bool:
    return bool(found.get("pre_payment_credit_notes_amount") or found.get("post_payment_credit_notes_amount"))


async def credit_notes(stripe: StripeClient, found: dict[str, Any]) -> list[dict[str, Any]]:
    rows = await stripe.v1.credit_notes.list_async({"invoice": found["id"], "limit": 100})
    return [row.to_dict() for row in rows.data]


def subscription_of(found: dict[str, Any]) -> str | None:
    return identity(inside(found, "parent", "subscription_details", "subscription"))


async def write(
    vendor_id: int, found: dict[str, Any], notes: list[dict[str, Any]], inner: Look | None, version: str,
    heard_at: datetime | None,
) -> str:  # fmt: skip
    """Write it down, inside a transaction that holds the vendor's row."""
    if inner is not None:
        await inner()
        order = await Order.known(vendor_id, subscription_of(found))
    else:
        order = await single(vendor_id, found, version, heard_at)
    assert order is not None
    before = await Invoice.known(vendor_id, found["id"])
    invoice, newest = await Invoice.record(
        vendor_id, found["id"], version, {**values_of(found), Invoice.order: order.id}
    )
    if not newest:
        return f"older news of invoice {invoice.number}; it stays as it is"
    await InvoiceLine.replace(vendor_id, invoice.id, [line_of(line) for line in found["lines"]["data"]])
    for payment in (found.get("payments") or {}).get("data", []):
        await keep_paid(order, payment, version)
    for note in notes:
        await keep_note(order, note, version)
    await paid_state(order)
    await after.of_invoice(before, invoice, order, heard_at)
    return f"invoice {invoice.number} of order {order.number} updated"


async def single(vendor_id: int, found: dict[str, Any], version: str, heard_at: datetime | None) -> Order:
    """An invoice that bills no subscription is an order of its own."""
    buyer = await buyer_of(
        vendor_id, found["customer"] or {"email": found.get("customer_email")}, instant(found["created"])
    )
    lines = [line for line in found["lines"]["data"] if line["amount"] or len(found["lines"]["data"]) == 1]
    wanted = await Order.free_number(vendor_id, found["id"], text(found.get("number"), 50))
    values: dict[Any, Any] = {
        Order.customer: buyer.id, Order.number: wanted, Order.order_type: "one-time-order",
        Order.placed_at: instant(found["created"]), Order.currency: (currency := currency_of(found)),
        Order.total: minor(found["total"], currency), Order.tax: minor(tax_of(found), currency),
        Order.billing_status: "voided" if found["status"] == "void" else "unpaid",
        Order.service_status: "voided" if found["status"] == "void" else "active",
        Order.payment_processor: "stripe", Order.summary: subscriptions.summary([order_line(line) for line in lines]),
    }  # fmt: skip
    order, newest = await Order.record(vendor_id, found["id"], version, values)
    if newest:
        rows = [order_line(line) for line in lines]
        await OrderLine.replace(vendor_id, order.id, rows)
        if found["status"] == "paid":
            await subscriptions.bring(order, buyer, rows, heard_at)
    return order


def order_line(line: dict[str, Any]) -> dict[str, Any]:
    """The amount is of one, as orders have it."""
    currency, quantity = currency_of(line), line.get("quantity") or 1
    even = line["amount"] % quantity == 0
    return {
        "clickfunnels_id": line["id"], "product_name": text(line.get("description"), 200),
        "quantity": quantity if even else 1, "currency": currency,
        "amount": minor(line["amount"] // quantity if even else line["amount"], currency),
        "product_clickfunnels_id": identity(inside(line, "pricing", "price_details", "product")),
        "price_clickfunnels_id": identity(inside(line, "pricing", "price_details", "price")),
    }  # fmt: skip


def values_of(found: dict[str, Any]) -> dict[Any, Any]:
    currency, times = currency_of(found), found["status_transitions"]
    cuts = (found.get("total_discount_amounts") or []) + (found.get("total_pretax_credit_amounts") or [])
    return {
        Invoice.number: text(found.get("number"), 64), Invoice.currency: currency,
        Invoice.invoice_type: TYPES.get(found.get("billing_reason") or "", "one_time"), Invoice.status: state_of(found),
        Invoice.subtotal: minor(found["subtotal"], currency), Invoice.tax: minor(tax_of(found), currency),
        Invoice.shipping: minor(found.get("amount_shipping") or 0, currency),
        Invoice.discount: minor(sum(cut["amount"] for cut in cuts), currency),
        Invoice.total: minor(found["total"], currency), Invoice.due: minor(found["amount_remaining"], currency),
        Invoice.issued_at: instant(times.get("finalized_at") or found["created"]),
        Invoice.due_at: instant(found.get("due_date")), Invoice.paid_at: instant(times.get("paid_at")),
        Invoice.pay_url: page_of(found),
    }  # fmt: skip


def tax_of(found: dict[str, Any]) -> int:
    return sum(tax["amount"] for tax in found.get("total_taxes") or [])


def state_of(found: dict[str, Any]) -> str:
    """One whose payment failed is overdue; Stripe calls it open, like one that nobody was asked for yet."""
    if found["status"] == "open":
        return "past-due" if found.get("attempted") and found.get("attempt_count") else "unpaid"
    return STATES.get(found["status"], text(found["status"], 30))


def page_of(found: dict[str, Any]) -> str | None:
    """Stripe's page to pay it on, while it can be paid."""
    page = found.get("hosted_invoice_url") if found["status"] in ("open", "uncollectible") else None
    return page if isinstance(page, str) and page.startswith(("https://", "http://")) and len(page) <= 2000 else None


def line_of(line: dict[str, Any]) -> dict[str, Any]:
    currency = currency_of(line)
    cuts = (line.get("discount_amounts") or []) + (line.get("pretax_credit_amounts") or [])
    return {
        "clickfunnels_id": line["id"], "description": text(line.get("description"), 300),
        "quantity": line.get("quantity") or 1, "amount": minor(line["amount"], currency), "currency": currency,
        "discount": minor(sum(cut["amount"] for cut in cuts), currency),
        "tax": minor(sum(tax["amount"] for tax in line.get("taxes") or []), currency),
        "period_start_at": instant(inside(line, "period", "start")), "period_end_at": instant(inside(line, "period", "end")),
    }  # fmt: skip


async def keep_note(order: Order, note: dict[str, Any], version: str) -> None:
    """A credit note is a refund as far as no refund of its own says so (Stripe docs: credit notes)."""
    told = sum(part.get("amount_refunded") or 0 for part in note.get("refunds") or [])
    rest = note["total"] - told
    reason = text(note.get("memo"), 300) or CREDIT_REASONS.get(note.get("reason") or "", "")
    status = "voided" if note["status"] == "void" else "completed"
    if rest > 0:
        await keep_refund(order, note["id"], rest, currency_of(note), reason, status, note["created"], version)
