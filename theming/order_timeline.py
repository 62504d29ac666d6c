"""What happened to an order, in the order it happened: placed, paid, sent, refunded, ended.

Only what the vendor's system told us: it says when a parcel was sent and never when it arrived, so that is a link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from theming.order_words import OrderWords, Words
from theming.words import _

LATER = datetime.max.replace(tzinfo=UTC)
TO_COME = frozenset({"unfulfilled", "partially_fulfilled", "partially-fulfilled"})
TAKEN_BACK = frozenset({"cancelled", "canceled", "restocked"})


class Story(NamedTuple):
    """The rows an order's timeline is told from."""

    order: Any
    invoices: Sequence[Any]
    invoice_lines: Sequence[Any]
    payments: Sequence[Any]
    memos: Sequence[Any]
    parcels: Sequence[Any]


class OrderTimeline:
    """Tells one order's story in the words of its center."""

    def __init__(self, words: OrderWords, story: Story) -> None:
        self.words, self.story, self.order = words, story, story.order
        self.ordered = {line.id: line.quantity for line in story.invoice_lines}

    def events(self) -> list[Words]:
        """Every step with its date, the oldest first; at the end what is still to come."""
        steps = [*self.placed(), *self.paid(), *self.sent(), *self.refunded(), *self.ended()]
        told = [step for _place, step in sorted(enumerate(steps), key=lambda pair: (pair[1]["at"] or LATER, pair[0]))]
        return [*told, *self.to_come()]

    def step(self, title: str, at: datetime | None, **more: Any) -> Words:
        plain: Words = {"status": None, "text": "", "items": [], "href": None, "label": "", "outside": False}
        return {"title": title, "at": at, "date": self.words.date(at), **plain, **more}

    def placed(self) -> Iterator[Words]:
        yield self.step(_("Order placed"), self.order.placed_at)

    def paid(self) -> Iterator[Words]:
        """Each payment; without any, the bills that say they are paid."""
        for payment in self.story.payments:
            amount = self.words.money(payment.amount, payment.currency)
            if payment.is_paid:
                yield self.step(_("Paid %(amount)s", amount=amount), payment.made_at)
            elif payment.has_failed:
                yield self.step(_("A payment of %(amount)s did not go through", amount=amount), payment.made_at)
            elif payment.kind == "refund" and not payment.is_refund and not payment.has_failed:
                yield self.step(_("A refund of %(amount)s is on its way", amount=amount), payment.made_at)
        if not any(payment.is_paid for payment in self.story.payments):
            for bill in self.story.invoices:
                if bill.paid_at and bill.invoice_type != "refund":
                    amount = self.words.money(bill.total, bill.currency)
                    yield self.step(_("Paid %(amount)s", amount=amount), bill.paid_at)

    def sent(self) -> Iterator[Words]:
        """Each parcel with what is in it: how many of how many, where it is not all of them."""
        canceled = {"label": _("Shipment canceled"), "tone": "warn"}
        states = {"cancelled": canceled, "canceled": canceled, "restocked": {"label": _("Returned"), "tone": "info"}}
        for rows in self.parcels():
            row = rows[0]
            yield self.step(
                _("Parcel %(number)s sent", number=row["number"]) if row["number"] else _("Parcel sent"), row["sent_at"],
                status=states.get(row["status"]), **self.tracking(row),
                text=_("With %(carrier)s", carrier=row["carrier"]) if row["carrier"] else "",
                items=[self.item(each["description"], each["quantity"], self.ordered.get(each["line"], 0)) for each in rows],
            )  # fmt: skip

    def tracking(self, row: Any) -> Words:
        """The carrier's own page about a parcel, on the web or not at all; else the code alone."""
        code = row["tracking_code"] or row["number"]
        if (row["tracking_url"] or "").startswith(("https://", "http://")):
            return {"href": row["tracking_url"], "label": _("Follow parcel %(code)s", code=code), "outside": True}
        return {"label": _("Tracking code: %(code)s", code=code) if row["tracking_code"] else ""}

    def parcels(self) -> list[list[Any]]:
        """The rows of each parcel."""
        found: dict[int, list[Any]] = {}
        for row in self.story.parcels:
            found.setdefault(row["id"], []).append(row)
        return list(found.values())

    def item(self, name: str, quantity: int, ordered: int) -> str:
        if quantity < ordered:
            return _("%(quantity)s of %(ordered)s × %(name)s", quantity=quantity, ordered=ordered, name=name)
        return _("%(quantity)s × %(name)s", quantity=quantity, name=name)

    def refunded(self) -> Iterator[Words]:
        for memo in self.story.memos:
            amount = self.words.money(memo.amount, memo.currency)
            whole = self.words.money(self.order.total, self.order.currency)
            part = bool(self.order.total and memo.amount and memo.amount < self.order.total)
            yield self.step(
                _("Refunded %(amount)s of %(total)s", amount=amount, total=whole) if part
                else _("Refunded %(amount)s", amount=amount),
                memo.issued_at, text=memo.reason or "", href=self.words.memo_url(memo.number),
                label=_("Credit memo %(number)s", number=memo.number),
            )  # fmt: skip

    def ended(self) -> Iterator[Words]:
        order = self.order
        if order.canceled_at:
            yield self.step(_("Canceled"), order.canceled_at, text=order.cancel_reason or "")
        if order.churned_at:
            yield self.step(_("Ended"), order.churned_at)

    def to_come(self) -> Iterator[Words]:
        """What was ordered and is in no parcel yet, once the vendor's system speaks of sending it at all."""
        sent: Counter[int] = Counter()
        for row in self.story.parcels:
            if row["status"] not in TAKEN_BACK:
                sent[row["line"]] += row["quantity"]
        items = [
            self.item(line.description, line.quantity - sent[line.id], line.quantity)
            for line in self.story.invoice_lines
            if line.quantity > sent[line.id] and ((line.fulfillment_status or "") in TO_COME or sent[line.id])
        ]  # fmt: skip
        if items and not (self.order.canceled_at or self.order.billing_status in ("refunded", "voided")):
            yield self.step(_("Still to come"), None, items=items)
