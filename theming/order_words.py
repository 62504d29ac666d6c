"""Orders, subscriptions and money as the templates show them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import database
from tables.order import ENDED as OVER
from tables.order import OVERDUE
from tables.paper_content import NO_MONEY_YET, has_own_paper, own_number
from theming.center import Center
from theming.envelopes import envelope
from theming.formats import day, money
from theming.own_words import OwnWords
from theming.paper_links import invoice_path
from theming.words import _, _n, voice

Words = dict[str, Any]
ENDED = frozenset({"canceled", "churned"})
"""Service states that say more than the payment does."""


def billing_labels() -> dict[str, tuple[str, str]]:
    """ClickFunnels' billing states in plain words, with a tone (ClickFunnels docs: orders)."""
    return {
        "paid": (_("Paid"), "good"), "pending": (_("Payment pending"), "info"), "draft": (_("Not yet placed"), "info"),
        "unpaid": (_("Not paid"), "warn"), "partially-paid": (_("Partly paid"), "warn"),
        "past-due": (_("Payment overdue"), "bad"), "delinquent": (_("Payment overdue"), "bad"),
        "failed": (_("Payment failed"), "bad"), "partially-refunded": (_("Partly refunded"), "info"),
        "refunded": (_("Refunded"), "info"), "refund-pending": (_("Refund on its way"), "info"),
        "disputed": (_("Payment disputed"), "warn"), "voided": (_("Voided"), "info"),
        "abandoned": (_("Not completed"), "info"), "completed": (_("Paid"), "good"), "approved": (_("Paid"), "good"),
    }  # fmt: skip


def service_labels() -> dict[str, tuple[str, str]]:
    """ClickFunnels' service states: what the customer can use."""
    return {
        "active": (_("Active"), "good"), "trialing": (_("Trial"), "info"), "completed": (_("Completed"), "good"),
        "pending": (_("Being prepared"), "info"), "paused": (_("Paused"), "warn"),
        "suspended": (_("Suspended"), "bad"), "canceled": (_("Canceled"), "warn"), "churned": (_("Ended"), "info"),
        "abandoned": (_("Not completed"), "info"), "voided": (_("Voided"), "info"),
        "trial-ended": (_("Trial ended"), "info"),
    }  # fmt: skip


Chips = dict[str, Words]


@lru_cache(maxsize=256)
def chips_in(spoken: tuple[str, OwnWords | None]) -> tuple[Chips, Chips]:
    """Both lists as chips in one language and one vendor's words, made once: every row of every list needs one."""
    assert spoken == voice()
    billing, service = (
        {status: {"label": label, "tone": tone} for status, (label, tone) in labels.items()}
        for labels in (billing_labels(), service_labels())
    )
    return billing, service


def chip(chips: Chips, status: str) -> Words | None:
    """Label and tone; a state we do not know is shown as it came, without its hyphens."""
    key = status.replace("_", "-")
    if not key:
        return None
    return chips.get(key) or {"label": key.replace("-", " ").capitalize(), "tone": "info"}


class OrderWords:
    """Words for the orders of one center."""

    def __init__(self, center: Center) -> None:
        self.center = center
        self.billing, self.service = chips_in(voice())

    def money(self, amount: int | None, currency: str) -> str:
        return money(amount, currency, self.center.locale)

    def date(self, moment: Any) -> Any:
        return day(moment, self.center.zone, self.center.locale)

    def order_url(self, number: str) -> str:
        return self.center.url(f"/account/orders/{number}")

    def memo_url(self, number: str) -> str:
        return self.center.url(f"/account/credit-memos/{number}")

    def row(self, row: Any) -> Words:
        return {
            "number": row["number"], "href": self.order_url(row["number"]), "date": self.date(row["placed_at"]),
            "summary": row["summary"], "status": chip(self.billing, row["billing_status"]),
            "ended": chip(self.service, row["service_status"]) if row["service_status"] in ENDED else None,
            "total": self.money(row["total"], row["currency"]),
            "invoice": f"{self.order_url(row['number'])}/invoices" if row["billing_status"] not in NO_MONEY_YET else None,
        }  # fmt: skip

    def line(self, line: Any) -> Words:
        detail = [line.variant_name if line.variant_name != line.product_name else "",
                  self.price(line) if line.interval else ""]  # fmt: skip
        amount = line.amount * line.quantity if line.amount is not None else None
        return {"name": line.product_name or line.variant_name or _("Item"), "quantity": line.quantity,
                "detail": ", ".join(part for part in detail if part), "amount": self.money(amount, line.currency)}  # fmt: skip

    def plan(self, lines: list[Any]) -> str:
        """What a subscription costs, and how often."""
        return "; ".join(self.price(line) for line in lines if line.interval)

    def price(self, line: Any) -> str:
        """`$97.00 every month`, `$50.00 every 3 months, 6 payments`."""
        words = self.every(self.money(line.amount, line.currency), line.interval, line.interval_count or 1)
        return words + (", " + _n("%(num)s payment", "%(num)s payments", line.duration) if line.duration else "")

    def every(self, price: str, interval: str, count: int) -> str:
        forms = {
            "days": _n("%(price)s every day", "%(price)s every %(num)s days", count, price=price),
            "weeks": _n("%(price)s every week", "%(price)s every %(num)s weeks", count, price=price),
            "months": _n("%(price)s every month", "%(price)s every %(num)s months", count, price=price),
            "quarters": _n("%(price)s every quarter", "%(price)s every %(num)s quarters", count, price=price),
            "years": _n("%(price)s every year", "%(price)s every %(num)s years", count, price=price),
        }
        return forms.get(interval if interval.endswith("s") else f"{interval}s", price)

    def service_chip(self, order: Any) -> Words | None:
        """What the customer can use; that a thing bought once is `active` says nothing to its buyer."""
        once = order.order_type == "one-time-order" and order.service_status == "active"
        return None if once else chip(self.service, order.service_status)

    def totals(self, order: Any, invoices: Sequence[Any]) -> list[Words]:
        """Tax and total; with a single invoice also what it adds and takes off."""
        bill = invoices[0] if len(invoices) == 1 else None
        parts = [
            (_("Subtotal"), bill.subtotal if bill else None), (_("Discount"), -bill.discount if bill and bill.discount else None),
            (_("Shipping"), bill.shipping if bill and bill.shipping else None),
            (_("Tax"), order.tax if order.tax else bill.tax if bill else None),
        ]  # fmt: skip
        shown = [{"label": label, "value": self.money(value, order.currency), "strong": False}
                 for label, value in parts if value]  # fmt: skip
        return [*shown, {"label": _("Total"), "value": self.money(order.total, order.currency), "strong": True}]

    def paper_url(self, order: Any, bill: Any) -> str:
        return self.center.url(invoice_path(order, bill))

    def papers(self, order: Any, bills: Sequence[Any]) -> list[Words]:
        """An order's invoices with the way to the paper of each; an order without any stands for itself, if it may."""
        shown = [
            self.invoice(bill) | {"href": self.paper_url(order, bill) if bill.has_paper else None} for bill in bills
        ]
        if has_own_paper(order, bills):
            placed, total = self.date(order.placed_at), self.money(order.total, order.currency)
            shown.append({"number": own_number(order), "status": None, "issued": placed, "date": placed, "due": None,
                          "total": total, "href": self.paper_url(order, None)})  # fmt: skip
        return shown

    def invoice(self, bill: Any) -> Words:
        return {
            "number": bill.paper_number or _("Invoice"), "status": chip(self.billing, bill.status),
            "issued": self.date(bill.issued_at), "due": self.date(bill.due_at) if not bill.paid_at else None,
            "date": self.date(bill.issued_at), "total": self.money(bill.total, bill.currency),
        }  # fmt: skip

    def addresses(self, order: Any) -> list[Words]:
        found = [(_("Delivery address"), order.shipping_address)]
        if "billing_information" in self.center.allowed:
            found.append((_("Billing address"), order.billing_address))
        shown = [
            {"label": label, "lines": envelope(json.loads(text or "{}"), self.center.locale)} for label, text in found
        ]
        shown = [address for address in shown if address["lines"]]
        if len(shown) == 2 and shown[0]["lines"] == shown[1]["lines"]:
            return [{"label": _("Delivery and billing address"), "lines": shown[0]["lines"]}]
        return shown

    def notice(self, order: Any) -> Words | None:
        """What the customer should know or do first."""
        billing, service = order.billing_status.replace("_", "-"), order.service_status.replace("_", "-")
        if billing in ("past-due", "delinquent", "failed", "unpaid"):
            return {"tone": "bad", "text": _("This order is waiting for a payment. Please get in touch with %(name)s.",
                                             name=self.center.name)}  # fmt: skip
        if service == "canceled":
            return {"tone": "warn", "text": self.ending(order.paid_until)}
        if service == "paused":
            return {"tone": "warn", "text": _("This subscription is paused, and so is what belongs to it.")}
        return None

    def ending(self, until: Any) -> str:
        when = self.date(until)
        if when is None:
            return _("Canceled: you keep access to the end of the paid period.")
        return _("Canceled: you keep access until %(date)s.", date=when.text)

    def next_date(self, row: Any) -> str:
        """What happens next with a subscription, and when; or what has."""
        service = row["service_status"].replace("_", "-")
        until = row["paid_until"]
        if service == "canceled" and until and until <= database.now():
            service = "churned"
        if service == "churned" and (ended := row["churned_at"] or until):
            return _("Ended on %(date)s", date=self.date(ended).text)
        if row["billing_status"] in OVERDUE and service not in OVER | ENDED:
            return _("A payment is overdue")
        if service == "paused" and row["resumes_at"]:
            return _("Paused until %(date)s", date=self.date(row["resumes_at"]).text)
        if service == "canceled":
            return self.ending(row["paid_until"])
        if service == "trialing" and row["trial_end_at"]:
            return _("Trial until %(date)s", date=self.date(row["trial_end_at"]).text)
        after = row["renewal_at"] or row["next_charge_at"]
        if service == "active" and after:
            return _("Renews on %(date)s", date=self.date(after).text)
        return ""
