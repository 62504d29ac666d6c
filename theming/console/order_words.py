"""Orders as the console shows them: what the customer sees, with addresses inside the console and the raw ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tables.names import full_name
from tables.order import Order
from tables.payment import RECORDED
from tables.vendor import Vendor
from theming.center import center_of
from theming.formats import minute, money
from theming.order_words import OrderWords, Words, chip
from theming.paper_links import invoice_path
from theming.words import _


class DeskOrderWords(OrderWords):
    """English words and dates; amounts the way the vendor writes them, because that is how they type them."""

    def __init__(self, vendor: Vendor, desk: Callable[[str], str]) -> None:
        """`desk` makes the address of a page of the vendor's console."""
        super().__init__(center_of(vendor).speaking("en"))
        self.desk, self.locale = desk, vendor.locale

    def money(self, amount: int | None, currency: str) -> str:
        return money(amount, currency, self.locale)

    def order_url(self, number: str) -> str:
        return self.desk(f"/orders/{number}")

    def memo_url(self, number: str) -> str:
        return self.desk(f"/credit-memos/{number}")

    def paper_url(self, order: Any, bill: Any) -> str:
        return self.desk(invoice_path(order, bill).removeprefix("/account"))

    def listed(self, row: Any) -> Words:
        """A line of the vendor's list: the customer's own line, and whose it is."""
        buyer = full_name(row["first_name"], row["last_name"], row["email"])
        return {
            **self.row(row),
            "buyer": buyer,
            "email": row["email"],
            "buyer_href": self.desk(f"/customers/{row['customer']}"),
        }

    def memo(self, row: Any) -> Words:
        return {
            "number": row["number"], "href": self.memo_url(row["number"]), "date": self.date(row["issued_at"]),
            "order": {"number": row["order_number"], "href": self.order_url(row["order_number"])},
            "amount": self.money(row["amount"], row["currency"]), "reason": row["reason"],
        }  # fmt: skip

    def payments(self, payments: Sequence[Any]) -> list[Words]:
        """Every movement of money with its id, for whoever compares it with the payment processor."""
        kinds = {
            "sale": _("Payment"),
            "capture": _("Payment"),
            "refund": _("Refund"),
            "authorization": _("Reservation"),
        }
        return [
            {"kind": kinds.get(payment.kind, payment.kind.capitalize() or _("Payment")), "status": payment.status,
             "amount": self.money(payment.amount, payment.currency), "reason": payment.reason or "",
             "when": minute(payment.made_at, self.center.zone, "en"), "id": raw_id(payment.clickfunnels_id)}
            for payment in payments
        ]  # fmt: skip

    def facts(self, order: Order, invoices: Sequence[Any]) -> list[Words]:
        """The raw states and ids."""
        kept = [
            (_("ClickFunnels order"), raw_id(order.clickfunnels_id)), (_("Type"), order.order_type.replace("-", " ")),
            (_("Billing status"), order.billing_status), (_("Service status"), order.service_status),
            (_("ClickFunnels invoices"), ", ".join(raw_id(bill.clickfunnels_id) for bill in invoices)),
            (_("Payment processor"), order.payment_processor), (_("Payment method"), order.payment_method),
            (_("Reason for canceling"), order.cancel_reason),
        ]  # fmt: skip
        return [{"label": label, "value": value} for label, value in kept if value]

    def status(self, order: Order) -> list[Words]:
        found = [chip(self.billing, order.billing_status), self.service_chip(order)]
        return [one for one in found if one]


def raw_id(clickfunnels_id: str) -> str:
    return _("Written down here") if clickfunnels_id.startswith(RECORDED) else clickfunnels_id


def by_labels() -> dict[str, str]:
    return {"number": _("Number"), "address": _("Customer's address"), "product": _("Product")}


def done(word: str) -> Words | None:
    texts = {
        "written": _("The order was written down. The customer sees it under Orders."),
        "refunded": _("The refund was recorded, and the customer sees its credit memo. Please give the money itself back "
                      "at your payment processor."),
    }  # fmt: skip
    return {"tone": "good", "text": texts[word]} if word in texts else None
