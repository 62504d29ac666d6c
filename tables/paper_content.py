"""The facts that stand on an invoice or a credit memo, as JSON has them: a page, a PDF and a kept revision say the same.

Amounts are minor units, times ISO 8601 in UTC; words and formats are the reader's, made when it is shown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tables.address_parts import PARTS
from tables.credit_memo import CreditMemo
from tables.customer import Customer
from tables.invoice import Invoice, InvoiceLine
from tables.names import full_name
from tables.order import Order, OrderLine
from tables.paper import Figures, Piece, balanced
from tables.paper_revision import PaperRevision
from tables.payment import Payment
from tables.payment_method import PaymentMethod
from tables.refund import PAID, paid_for
from tables.vendor import Vendor

Content = dict[str, Any]
NO_MONEY_YET = frozenset({"pending", "draft", "abandoned", "failed"})
"""What became of an order that no paper is owed for."""
PLACE = tuple(part for part in PARTS if part not in ("first_name", "last_name", "organization_name"))
SELLER = ("legal_name", "postal_address", "tax_number", "paper_footer")
PAYMENT_FACTS = ("status", "paid_at", "paid", "due", "payment")
"""What a changed paper takes from today; the rest of it stays as it stood."""


async def invoice_content(order: Order, bill: Invoice | None) -> Content:
    """The paper of a bill, or of an order that has none, as its facts are now."""
    lines = [piece_of_order(line) for line in await lines_of(order)]
    if bill:
        billed = [piece_of_bill(line) for line in await InvoiceLine.of(order.vendor, bill.id)]
        sums = of_bill(bill, billed, lines, order.summary)
        money = await settled(order, bill, sums["total"])
    else:
        sums = balanced(Figures(order.total, order.tax), lines, order.summary, each=True)
        money = await settled(order, None, sums["total"])
    issued = (bill.issued_at if bill else None) or order.placed_at
    return {
        "number": bill.paper_number if bill else own_number(order), "issued_at": stamp(issued),
        "due_at": stamp(bill.due_at if bill else None), "currency": bill.currency if bill else order.currency,
        **await parties(order, issued), **sums, **money,
    }  # fmt: skip


def own_number(order: Order) -> str:
    """The number of an order's own paper."""
    return order.invoice_number or order.number


def has_own_paper(order: Order, bills: Sequence[Invoice]) -> bool:
    """Whether an order stands for an invoice itself: nothing else was sent for it, and something was bought."""
    asked = order.billing_status.replace("_", "-") not in NO_MONEY_YET and order.total is not None
    return asked and not any(bill.has_paper for bill in bills)


async def memo_content(order: Order, memo: CreditMemo) -> Content:
    """The paper of money given back. A whole order is given back line by line, a part of one in one line."""
    sums = balanced(Figures(memo.amount), [], order.summary)
    bills = [bill for bill in await Invoice.of(order.vendor, order.id) if bill.has_paper]
    if (memo.amount, memo.currency) == (order.total, order.currency) and len(bills) < 2:
        paper = await invoice_content(order, bills[0] if bills else None)
        if paper["total"] == memo.amount:
            sums = {key: paper[key] for key in sums}
    changed = await PaperRevision.newest_of(order)
    return {
        "number": memo.number, "issued_at": stamp(memo.issued_at), "due_at": None, "currency": memo.currency,
        "reason": memo.reason or "", "left": await left_after(order, memo),
        **await parties(order, memo.issued_at, changed.facts["buyer"] if changed else None), **sums,
    }  # fmt: skip


async def left_after(order: Order, memo: CreditMemo) -> int | None:
    """What was left of the money paid when a memo was made; None where nothing tells what was paid."""
    paid = await paid_for(order)
    memos = await CreditMemo.of_order(order.vendor, order.id)
    place = [one.id for one in memos].index(memo.id)
    given = sum(one.amount or 0 for one in memos[: place + 1] if one.currency == order.currency)
    return max(0, paid - given) if paid and memo.currency == order.currency else None


def of_bill(bill: Invoice, billed: list[Piece], ordered: list[Piece], summary: str) -> Content:
    """A bill's sums; one without lines has those of its order, where they come to just its total."""
    figures = Figures(bill.total, bill.tax, bill.shipping, bill.discount)
    if not billed and ordered and bill.total is not None:
        sums = balanced(figures, ordered, each=True)
        if not any(line["kind"] for line in sums["lines"]):
            return sums
    return balanced(figures, billed, summary)


async def settled(order: Order, bill: Invoice | None, total: int) -> Content:
    """What was paid of it and what is due, which come to the total."""
    status = (bill.status if bill else order.billing_status).replace("_", "-")
    payments = [payment for payment in await Payment.of(order.vendor, order.id) if payment.is_paid]
    last = payments[-1].made_at if payments else None
    if bill and bill.due is not None:
        due = bill.due
    elif bill:
        due = 0 if bill.paid_at or status in PAID else total
    else:
        due = max(0, total - await paid_for(order)) if status not in PAID else 0
    paid_at = (bill.paid_at or (last if due == 0 else None)) if bill else last if due == 0 else None
    return {
        "status": status, "paid_at": stamp(paid_at), "paid": total - due, "due": due,
        "payment": await means(order, bill),
    }  # fmt: skip


async def means(order: Order, bill: Invoice | None) -> Content:
    """What it was paid with. An order knows only the card of today, so that stands on its newest bill alone."""
    card = await PaymentMethod.by_reference(order.vendor, order.customer, order.payment_method)
    bills = await Invoice.of(order.vendor, order.id) if card and bill else []
    known = card if card and card.last4 and (not bills or not bill or bills[0].id == bill.id) else None
    return {
        "processor": order.payment_processor or "", "brand": (known.brand or known.kind or "") if known else "",
        "last4": known.last4 if known else "",
    }  # fmt: skip


async def parties(order: Order, issued: datetime | None, changed: Content | None = None) -> Content:
    """Who sells and who buys, and the order between them; `changed` is the buyer as a changed paper has them."""
    vendor = await (
        Vendor.select(Vendor.name, *(Vendor._meta.get_column_by_name(name) for name in SELLER))
        .where(Vendor.id == order.vendor).first()
    )  # fmt: skip
    return {"order": order.number, "seller": dict(vendor or {}), "buyer": changed or await buyer(order, issued)}


async def buyer(order: Order, issued: datetime | None) -> Content:
    """The customer with the order's billing address, and the company they were billed as by then."""
    customer = await Customer.by_id(order.vendor, order.customer)
    billing, shipping = (json.loads(text or "{}") for text in (order.billing_address, order.shipping_address))
    if customer and customer.billed_since and issued and issued >= customer.billed_since:
        company, vat = customer.company_name or "", customer.vat_number or ""
    else:
        company, vat = billing.get("organization_name", ""), ""
    place = {part: billing[part] for part in PLACE if billing.get(part)}
    name = full_name(customer.first_name, customer.last_name) if customer else ""
    return {
        "name": name or full_name(shipping.get("first_name", ""), shipping.get("last_name", "")),
        "company": company, "vat": vat,
        "place": place or {part: shipping[part] for part in PLACE if shipping.get(part)},
    }  # fmt: skip


async def lines_of(order: Order) -> list[OrderLine]:
    """An order's lines; none where one is in another currency, for those add up to nothing."""
    lines = await OrderLine.of(order.vendor, order.id)
    return lines if all(line.currency == order.currency for line in lines) else []


def piece_of_order(line: OrderLine) -> Piece:
    detail = line.variant_name if line.variant_name != line.product_name else ""
    return Piece(line.product_name or line.variant_name, line.quantity, line.amount, detail=detail)


def piece_of_bill(line: InvoiceLine) -> Piece:
    return Piece(
        line.description, line.quantity, line.amount, line.tax, line.discount, starts=stamp(line.period_start_at),
        ends=stamp(line.period_end_at),
    )  # fmt: skip


def stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
