"""What a Stripe account holds and how its billing moves: the part of the fake that knows about money and time."""

from __future__ import annotations

import calendar
import copy
import json
from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import database
from tests.integrations.stripe import records
from tests.integrations.stripe.wire import Record, Wrong, missing

DECLINED = "4000000000000341"
"""A card that can be saved and then pays nothing (Stripe docs: testing)."""


class Books:
    """The objects by id, the events they made, and how often money really moved (`done`)."""

    def __init__(self) -> None:
        self.objects: dict[str, Record] = {}
        self.events: list[Record] = []
        self.done: Counter[str] = Counter()
        self.declining: set[str] = set()
        self.pending: dict[str, list[Record]] = {}
        self.tax_percent = 0
        self.numbers: Counter[str] = Counter()
        self.salt = "Acme"

    def now(self) -> int:
        """Seconds; follows the clock that the tests move."""
        return int(database.now().timestamp())

    def key(self, prefix: str) -> str:
        self.numbers[prefix] += 1
        return f"{prefix}_{self.salt}{self.numbers[prefix]:010d}"

    def keep(self, found: Record) -> Record:
        self.objects[found["id"]] = found
        return found

    def get(self, key: str | None, kind: str) -> Record:
        found = self.objects.get(key or "")
        if found is None or found["object"] != kind:
            raise missing(kind, key or "")
        return found

    def all(self, kind: str, **wanted: Any) -> list[Record]:
        """Newest first, as every list of Stripe's."""
        rows = [row for row in self.objects.values() if row["object"] == kind and not row.get("deleted")]
        rows = [
            row for row in rows if all(row.get(name) == value for name, value in wanted.items() if value is not None)
        ]
        return list(reversed(rows))

    def emit(self, kind: str, found: Record, before: Record | None = None) -> Record:
        event = self.event(kind, found, before)
        self.events.append(event)
        return event

    def event(self, kind: str, found: Record, before: Record | None = None) -> Record:
        """The event as it stands in a webhook's body; the object is as it was at this moment."""
        data = {"object": copy.deepcopy(found)} | ({"previous_attributes": before} if before else {})
        return self.keep({
            "id": self.key("evt"), "object": "event", "api_version": "2026-10-28.endive", "created": self.now(),
            "data": data, "livemode": False, "pending_webhooks": 1, "request": {"id": None, "idempotency_key": None},
            "type": kind,
        })  # fmt: skip

    def take(self) -> list[Record]:
        """The events since the last call, oldest first."""
        taken, self.events = self.events, []
        return taken

    # What a test begins with.

    def add_customer(self, email: str | None = "alice@example.com", **values: Any) -> Record:
        found = self.keep(records.customer(self.key("cus"), self.now(), email=email, **values))
        self.emit("customer.created", found)
        return found

    def add_card(self, customer_id: str | None, number: str = "4242424242424242", month: int = 12, year: int = 2030,
                 default: bool = False) -> Record:  # fmt: skip
        found = self.keep(records.payment_method(self.key("pm"), self.now(), card=records.card(number, month, year)))
        if number == DECLINED:
            self.declining.add(found["id"])
        if customer_id:
            self.attach(found, self.get(customer_id, "customer"))
            if default:
                self.set_default(self.get(customer_id, "customer"), found["id"])
        return found

    def attach(self, method: Record, customer: Record) -> None:
        if method["customer"] and method["customer"] != customer["id"]:
            raise Wrong(400, "The payment method you provided has already been attached to a customer.")
        method["customer"] = customer["id"]
        self.emit("payment_method.attached", method)

    def set_default(self, customer: Record, method_id: str | None) -> None:
        if method_id and self.get(method_id, "payment_method")["customer"] != customer["id"]:
            raise missing("PaymentMethod", method_id)
        before = {"invoice_settings": copy.deepcopy(customer["invoice_settings"])}
        customer["invoice_settings"]["default_payment_method"] = method_id
        self.emit("customer.updated", customer, before)

    def detach(self, method: Record) -> None:
        if not method["customer"]:
            raise Wrong(
                400, "The payment method you provided is not attached to a customer so detachment is impossible."
            )
        customer, method["customer"] = self.get(method["customer"], "customer"), None
        self.done["detach"] += 1
        self.emit("payment_method.detached", method, {"customer": customer["id"]})
        if customer["invoice_settings"]["default_payment_method"] == method["id"]:
            self.set_default(customer, None)
        for row in self.all("subscription", default_payment_method=method["id"]):
            row["default_payment_method"] = None
            self.emit("customer.subscription.updated", row, {"default_payment_method": method["id"]})

    def add_product(self, name: str = "Pottery club", **values: Any) -> Record:
        found = self.keep(records.product(self.key("prod"), self.now(), name, **values))
        self.emit("product.created", found)
        return found

    def add_price(self, product: Record, amount: int = 2900, currency: str = "usd", interval: str | None = "month",
                  count: int = 1) -> Record:  # fmt: skip
        found = records.price(self.key("price"), self.now(), product["id"], amount, currency, interval, count)
        self.emit("price.created", self.keep(found))
        return found

    def add_subscription(self, customer: Record, price: Record, quantity: int = 1, **values: Any) -> Record:
        """One that runs from now and whose first period is paid, where the customer has a card that pays."""
        start, key = self.now(), self.key("sub")
        trial = values.pop("trial_days", 0)
        end = start + trial * records.DAY if trial else after(start, price["recurring"])
        item = records.item(self.key("si"), start, key, price, quantity, start, end)
        found = self.keep(records.subscription(key, start, customer["id"], price["currency"], [item], **values))
        if trial:
            found |= {"status": "trialing", "trial_start": start, "trial_end": end}
        invoice = self.bill(found, "subscription_create", [] if trial else None)
        found["latest_invoice"] = invoice["id"]
        if not trial:
            found["status"] = "active" if self.pay(invoice, quiet=True) else "incomplete"
        self.emit("customer.subscription.created", found)
        return found

    def add_invoice(
        self, customer: Record, *lines: tuple[str, int, int], currency: str = "usd", **values: Any
    ) -> Record:
        """A finalized one that nobody has paid, of (description, amount, quantity); `tax`, `discount`, `shipping`."""
        tax, discount, now = values.pop("tax", 0), values.pop("discount", 0), self.now()
        rows = [
            records.line(self.key("il"), amount, currency, description, now, now, quantity=quantity,
                         tax=0 if place else tax, discount=0 if place else discount)
            for place, (description, amount, quantity) in enumerate(lines)
        ]  # fmt: skip
        return self.finalize(records.invoice(self.key("in"), now, customer, currency, rows, **values))

    def add_payment(self, customer: Record, amount: int = 4900, currency: str = "usd", **values: Any) -> Record:
        """A payment of its own, by a Checkout session in payment mode; returns the session. `lines` are (price, quantity)."""
        lines = [self.session_line(*line) for line in values.pop("lines", [])]
        methods = self.all("payment_method", customer=customer["id"])
        method = methods[0] if methods else self.add_card(customer["id"])
        intent = self.charge(customer["id"], amount, currency, method)
        session = self.keep(records.checkout_session(
            self.key("cs_test"), self.now(), "payment", customer=customer["id"], amount_total=amount,
            amount_subtotal=amount, currency=currency, payment_intent=intent["id"], payment_status="paid",
            status="complete", **values))  # fmt: skip
        for line in lines:
            self.keep(line | {"checkout.session": session["id"]})
        self.emit("checkout.session.completed", session)
        return session

    def session_line(self, price: Record, quantity: int) -> Record:
        amount = price["unit_amount"] * quantity
        return {
            "id": self.key("li"), "object": "item", "amount_discount": 0, "amount_subtotal": amount, "amount_tax": 0,
            "amount_total": amount, "currency": price["currency"], "price": price, "quantity": quantity,
            "description": self.get(price["product"], "product")["name"],
        }  # fmt: skip

    # Invoices and charges.

    def bill(self, of: Record, reason: str, lines: list[Record] | None = None) -> Record:
        """The invoice of a subscription's period (or of these lines), with what was left over from changes."""
        rows = self.period_lines(of) if lines is None else lines
        rows = [*self.pending.pop(of["id"], []), *rows]
        customer, start = self.get(of["customer"], "customer"), of["items"]["data"][0]["current_period_start"]
        return self.finalize(records.invoice(
            self.key("in"), self.now(), customer, of["currency"], rows, subscription=of["id"], billing_reason=reason,
            period_start=start, period_end=self.now(),
        ))  # fmt: skip

    def period_lines(self, of: Record) -> list[Record]:
        return [self.item_line(of["id"], item, item["price"], item["quantity"]) for item in of["items"]["data"]]

    def item_line(self, key: str, item: Record, price: Record, quantity: int) -> Record:
        amount, name = price["unit_amount"] * quantity, self.get(price["product"], "product")["name"]
        return records.line(
            self.key("il"), amount, price["currency"], f"{quantity} × {name}", item["current_period_start"],
            item["current_period_end"], of=price, inside=(key, item["id"]), quantity=quantity, tax=self.tax(amount),
        )  # fmt: skip

    def tax(self, amount: int) -> int:
        return rounded(Fraction(amount * self.tax_percent, 100))

    def finalize(self, invoice: Record) -> Record:
        customer = self.get(invoice["customer"], "customer")
        invoice["number"] = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
        customer["next_invoice_sequence"] += 1
        for row in invoice["lines"]["data"]:
            row["invoice"] = invoice["id"]
        invoice |= {"status": "open", "hosted_invoice_url": f"{self.address}/i/{invoice['id']}",
                    "invoice_pdf": f"{self.address}/i/{invoice['id']}/pdf"}  # fmt: skip
        invoice["status_transitions"]["finalized_at"] = self.now()
        self.keep(invoice)
        self.emit("invoice.created", invoice)
        self.emit("invoice.finalized", invoice)
        if invoice["amount_due"] == 0:
            self.settle(invoice)
        return invoice

    address = "http://stripe.test"

    def pay(self, invoice: Record, method_id: str | None = None, quiet: bool = False) -> bool:
        """Try to collect an invoice; whether it is paid now. With `quiet` its subscription is left as it is."""
        if invoice["status"] == "paid":
            return True
        method = self.card_of(invoice, method_id)
        intent = self.charge(invoice["customer"], invoice["amount_remaining"], invoice["currency"], method)
        self.keep(records.invoice_payment(self.key("inpay"), self.now(), invoice, intent))
        invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1}
        if intent["status"] != "succeeded":
            invoice["next_payment_attempt"] = self.now() + 3 * records.DAY
            self.emit("invoice.payment_failed", invoice)
            return False
        self.settle(invoice)
        subscription = self.objects.get(subscription_of(invoice) or "")
        if subscription and not quiet and subscription["status"] in ("past_due", "unpaid", "incomplete"):
            before, subscription["status"] = {"status": subscription["status"]}, "active"
            self.emit("customer.subscription.updated", subscription, before)
        return True

    def settle(self, invoice: Record) -> None:
        invoice |= {"status": "paid", "amount_paid": invoice["amount_due"], "amount_remaining": 0,
                    "next_payment_attempt": None}  # fmt: skip
        invoice["status_transitions"]["paid_at"] = self.now()
        self.emit("invoice.paid", invoice)
        self.emit("invoice.payment_succeeded", invoice)

    def card_of(self, invoice: Record, method_id: str | None = None) -> Record | None:
        subscription = self.objects.get(subscription_of(invoice) or "", {})
        customer = self.get(invoice["customer"], "customer")
        key = method_id or invoice["default_payment_method"] or subscription.get("default_payment_method")
        key = key or customer["invoice_settings"]["default_payment_method"]
        return self.get(key, "payment_method") if key else None

    def charge(self, customer_id: str, amount: int, currency: str, method: Record | None) -> Record:
        """Take the money, or fail to; returns the payment intent."""
        paid = method is not None and method["id"] not in self.declining
        intent = records.payment_intent(self.key("pi"), self.now(), customer_id, amount, currency)
        self.keep(intent)
        if method is not None:
            found = self.keep(records.charge(self.key("ch"), self.now(), intent, method, paid))
            intent |= {"latest_charge": found["id"], "payment_method": method["id"] if paid else None}
            self.done["charge" if paid else "declined"] += 1
        if paid:
            intent |= {"status": "succeeded", "amount_received": amount}
        else:
            intent["last_payment_error"] = declined()["error"]
        if method is not None:
            self.emit(f"charge.{'succeeded' if paid else 'failed'}", found)
        self.emit(f"payment_intent.{'succeeded' if paid else 'payment_failed'}", intent)
        return intent

    def refund(self, charge_id: str, amount: int | None = None, reason: str | None = None) -> Record:
        charge = self.get(charge_id, "charge")
        left = charge["amount"] - charge["amount_refunded"]
        amount = left if amount is None else amount
        if amount > left or not amount:
            raise Wrong(
                400, f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
            )
        found = self.keep(records.refund(self.key("re"), self.now(), charge, amount, reason))
        self.done["refund"] += 1
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self.emit("refund.created", found)
        self.emit("charge.refunded", charge)
        return found

    def credit(self, invoice: Record, amount: int, **values: Any) -> Record:
        found = self.keep(records.credit_note(self.key("cn"), self.now(), invoice, amount, **values))
        invoice["post_payment_credit_notes_amount"] += amount
        self.emit("credit_note.created", found)
        return found

    # The passing of time, and changes.

    def renew(self, subscription_id: str) -> Record:
        """The end of a period, whatever the clock says: cancelled, changed by its schedule, or billed once more."""
        of = self.get(subscription_id, "subscription")
        if of["cancel_at_period_end"]:
            return self.end(of)
        self.next_phase(of)
        for item in of["items"]["data"]:
            start = item["current_period_end"]
            item |= {"current_period_start": start, "current_period_end": after(start, item["price"]["recurring"])}
        of |= {"status": "active"} if of["status"] == "trialing" else {}
        invoice = self.bill(of, "subscription_cycle")
        of["latest_invoice"] = invoice["id"]
        if of["pause_collection"]:
            invoice |= {"status": "void", "amount_remaining": 0}
            invoice["status_transitions"]["voided_at"] = self.now()
            self.emit("invoice.voided", invoice)
        elif not self.pay(invoice, quiet=True):
            of["status"] = "past_due"
        else:
            of["status"] = "active"
        self.emit("customer.subscription.updated", of)
        return of

    def give_up(self, subscription_id: str, status: str = "unpaid") -> Record:
        """What follows the last failed attempt: `unpaid` or `canceled`."""
        of = self.get(subscription_id, "subscription")
        if status == "canceled":
            return self.end(of, "payment_failed")
        before, of["status"] = {"status": of["status"]}, status
        self.emit("customer.subscription.updated", of, before)
        return of

    def end(self, of: Record, reason: str = "cancellation_requested") -> Record:
        if of["status"] == "canceled":
            raise missing("subscription", of["id"])
        of |= {"status": "canceled", "ended_at": self.now(), "canceled_at": of["canceled_at"] or self.now()}
        of["cancellation_details"]["reason"] = reason
        self.done["cancel"] += 1
        if of["schedule"]:
            self.release(self.get(of["schedule"], "subscription_schedule"), "canceled")
        self.emit("customer.subscription.deleted", of)
        return of

    def next_phase(self, of: Record) -> None:
        if not of["schedule"]:
            return
        schedule = self.get(of["schedule"], "subscription_schedule")
        end = of["items"]["data"][0]["current_period_end"]
        coming = [phase for phase in schedule["phases"] if phase["start_date"] == end]
        if coming:
            price = self.get(coming[0]["items"][0]["price"], "price")
            of["items"]["data"][0] |= {"price": price, "quantity": coming[0]["items"][0]["quantity"]}
            schedule["current_phase"] = {name: coming[0][name] for name in ("start_date", "end_date")}
            self.done["price_change"] += 1
            self.emit("subscription_schedule.updated", schedule)
        elif schedule["phases"][-1]["end_date"] <= end:
            self.release(schedule, "completed" if schedule["end_behavior"] == "cancel" else "released")

    def release(self, schedule: Record, status: str = "released") -> None:
        of = self.get(schedule["subscription"], "subscription")
        schedule |= {"status": status, "current_phase": None, f"{status}_at": self.now()}
        schedule |= {"subscription": None, "released_subscription": of["id"]} if status == "released" else {}
        of["schedule"] = None
        self.emit(f"subscription_schedule.{status}", schedule)

    def changes(self, of: Record, price: Record, quantity: int, at: int) -> tuple[list[Record], bool]:
        """The lines of a change of price at a moment, and whether a new period begins with it."""
        item = of["items"]["data"][0]
        old, start, end = item["price"], item["current_period_start"], item["current_period_end"]
        anew = any(old["recurring"][name] != price["recurring"][name] for name in ("interval", "interval_count"))
        left = Fraction(max(end - at, 0), end - start)
        back = -rounded(old["unit_amount"] * item["quantity"] * left)
        names = [self.get(each["product"], "product")["name"] for each in (old, price)]
        inside, until = (of["id"], item["id"]), after(at, price["recurring"]) if anew else end
        full = price["unit_amount"] * quantity
        cost = full if anew else rounded(full * left)
        return [
            records.line(self.key("il"), back, of["currency"], f"Unused time on {names[0]}", at, end, of=old,
                         inside=inside, quantity=item["quantity"], proration=True, tax=self.tax(back)),
            records.line(self.key("il"), cost, of["currency"], f"{'' if anew else 'Remaining time on '}{names[1]}", at,
                         until, of=price, inside=inside, quantity=quantity, proration=not anew, tax=self.tax(cost)),
        ], anew  # fmt: skip


def subscription_of(invoice: Record) -> str | None:
    parent = invoice["parent"]
    return parent["subscription_details"]["subscription"] if parent else None


def declined() -> Record:
    return {"error": {"type": "card_error", "code": "card_declined", "decline_code": "generic_decline",
                      "message": "Your card was declined."}}  # fmt: skip


def rounded(amount: Fraction) -> int:
    """Half away from zero, as Stripe does."""
    return int(abs(amount) + Fraction(1, 2)) * (-1 if amount < 0 else 1)


def after(start: int, recurring: Record) -> int:
    """The end of a period: the same day of a later month, or its last."""
    moment, count = datetime.fromtimestamp(start, UTC), recurring["interval_count"]
    if recurring["interval"] in ("day", "week"):
        return start + count * records.DAY * (7 if recurring["interval"] == "week" else 1)
    months = moment.month - 1 + count * (12 if recurring["interval"] == "year" else 1)
    year, month = moment.year + months // 12, months % 12 + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return int(moment.replace(year=year, month=month, day=day).timestamp())


def body_of(event: Record) -> bytes:
    """An event as Stripe writes it: indented, its letters as they are."""
    return json.dumps(event, indent=2, ensure_ascii=False).encode()
