"""What a customer asked of the system that holds the money: kept before it is sent, confirmed only by that system.

requested → sent → confirmed or refused; withdrawn is one that nobody has to carry out any more. A row is marked as sent
before the first request goes out, so that whoever takes it up after a crash knows that it may have arrived.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Self

from piccolo.columns import ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

import database
from tables.base import Owned, public_id, text
from tables.customer import Customer
from tables.invoice import Invoice
from tables.order import ENDED, HELD, Order, OrderLine
from tables.payment_method import PaymentMethod
from tables.timestamps import moment

CANCEL, KEEP, CHANGE_PLAN, KEEP_PLAN, PAUSE, RESUME, REACTIVATE, USE_METHOD, PAY = OF_ORDERS = (
    "cancel", "keep", "change_plan", "keep_plan", "pause", "resume", "reactivate", "use_method", "pay",
)  # fmt: skip
"""About a subscription. `keep` takes a cancellation back that has not come true yet, `keep_plan` a change of plan."""
DEFAULT_METHOD, UPDATE_METHOD, REMOVE_METHOD = OF_METHODS = ("default_method", "update_method", "remove_method")
KINDS = (*OF_ORDERS, *OF_METHODS)
MANUAL, CLICKFUNNELS, STRIPE = HOLDERS = ("manual", "clickfunnels", "stripe")
REQUESTED, SENT, CONFIRMED, REFUSED, WITHDRAWN = STATUSES = ("requested", "sent", "confirmed", "refused", "withdrawn")
OPEN = (REQUESTED, SENT)
LEASE = timedelta(minutes=2)
WAITS = [timedelta(seconds=seconds) for seconds in (10, 30, 60, 300, 900)]
LATER = timedelta(minutes=30)
LOOK_AGAIN = timedelta(hours=1)
"""When to ask the holder once more about what it took and has not confirmed."""
GIVE_UP = timedelta(hours=20)
"""How long a holder that cannot be reached is tried: Stripe forgets idempotency keys after 24 hours."""
PATIENCE = timedelta(days=7)
"""How long a payment may take that was begun: one from a bank account takes days."""
RUNNING = frozenset({"active", "trialing"})
OWN_WORDS = frozenset({"comment", "reason_text", "card"})
"""What of a wish only its customer's account needs to know."""
PAGE = 25


class Underway(Exception):
    """Something else is still being done with this subscription or payment method; `command` is what."""

    def __init__(self, command: BillingCommand) -> None:
        super().__init__(command.kind)
        self.command = command


class BillingCommand(Owned, Table, tablename="billing_commands"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    kind = Varchar(length=20)
    holder = Varchar(length=20)
    order = ForeignKey(Order, null=True, default=None, db_column_name="order_id")
    invoice = ForeignKey(Invoice, null=True, default=None, db_column_name="invoice_id")
    payment_method = ForeignKey(PaymentMethod, null=True, default=None, db_column_name="payment_method_id")
    details = Text(default="{}")
    status = Varchar(length=12, default=REQUESTED)
    asked_by = Varchar(length=254, default="")
    """Whose word it is where it is not the customer's own: the address of one of the vendor's people."""
    error = text()
    tries = Integer(default=0)
    next_try_at = moment()
    leased_until = moment()
    requested_at = moment()
    sent_at = moment()
    settled_at = moment()

    @property
    def wish(self) -> dict[str, Any]:
        """What exactly is wanted: `price`, `at_period_end`, `until`, `reason`, `reference`, …, by the kind."""
        return dict(json.loads(self.details))

    @property
    def idempotency_key(self) -> str:
        """The same for every try of this row (Stripe docs: idempotent requests)."""
        return f"center-{self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_old(self) -> bool:
        """Whether nothing is to be asked of the holder any more: its memory of idempotency keys ends."""
        return self.requested_at is not None and database.now() - self.requested_at > GIVE_UP

    @property
    def is_past_hope(self) -> bool:
        """Whether what the holder took, and never showed, is not waited for any more: it would be in everybody's way."""
        patience = PATIENCE if self.kind == PAY else GIVE_UP
        return self.requested_at is not None and database.now() - self.requested_at > patience

    @property
    def can_be_withdrawn(self) -> bool:
        return self.status == REQUESTED or (self.status == SENT and self.holder == MANUAL)

    @classmethod
    async def ask(cls, vendor_id: int, customer_id: int, kind: str, holder: str, *, order: Order | None = None,
                  invoice: Invoice | None = None, method: PaymentMethod | None = None, asked_by: str = "",
                  **wish: Any) -> Self:  # fmt: skip
        """Write a wish down, inside a transaction; raises Underway while there is an open one of the same thing.

        So it does for a new start that was made already: a form sent once more must not be charged once more. A
        cancellation takes the place of whatever can still be taken back: nothing may stand in the way of it.

        What no system of ours can carry out (`manual`) has been sent as soon as the vendor is told.
        """
        await Customer.hold(vendor_id, customer_id)
        other = await cls.open_about(vendor_id, order.id if order else None, method.id if method else None)
        if other is None and kind == REACTIVATE and order is not None:
            other = await cls.begun_anew(vendor_id, order.id)
        if other is not None and not (kind == CANCEL and other.kind != CANCEL and await other.withdraw()):
            raise Underway(other)
        now = database.now()
        made = cls(
            vendor=vendor_id, customer=customer_id, kind=kind, holder=holder, order=order.id if order else None,
            invoice=invoice.id if invoice else None, payment_method=method.id if method else None,
            details=json.dumps(wish), asked_by=asked_by, requested_at=now, next_try_at=now,
            status=SENT if holder == MANUAL else REQUESTED, sent_at=now if holder == MANUAL else None,
        )  # fmt: skip
        await made.save()
        return made

    @classmethod
    async def open_about(cls, vendor_id: int, order_id: int | None, method_id: int | None = None) -> Self | None:
        """The open wish about a subscription, or about a payment method alone."""
        about = cls.order == order_id if order_id else (cls.order.is_null()) & (cls.payment_method == method_id)
        return await cls.objects().where(cls.vendor == vendor_id, cls.status.is_in(list(OPEN)), about).first()

    @classmethod
    async def open_about_methods(cls, vendor_id: int, customer_id: int) -> dict[int, Self]:
        """A customer's open wishes about payment methods alone, by the method's row."""
        rows = await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.order.is_null(),
            cls.payment_method.is_not_null(), cls.status.is_in(list(OPEN)),
        )  # fmt: skip
        return {row.payment_method: row for row in rows}

    @classmethod
    async def newest_about(cls, vendor_id: int, order_id: int) -> Self | None:
        """The last wish about a subscription, whatever became of it."""
        return await (
            cls.objects()
            .where(cls.vendor == vendor_id, cls.order == order_id)
            .order_by(cls.id, ascending=False)
            .first()
        )

    @classmethod
    async def open_among(cls, vendor_id: int, order_ids: Sequence[int]) -> dict[int, Self]:
        """The open wishes about these subscriptions, by their order."""
        if not order_ids:
            return {}
        found = await cls.objects().where(
            cls.vendor == vendor_id, cls.order.is_in(list(order_ids)), cls.status.is_in(list(OPEN))
        )
        return {one.order: one for one in found}

    @classmethod
    async def begun_anew(cls, vendor_id: int, order_id: int) -> Self | None:
        """The wish by which an ended subscription began again as an order of its own that has not ended since."""
        found = await (
            cls.objects()
            .where(cls.vendor == vendor_id, cls.order == order_id, cls.kind == REACTIVATE, cls.status == CONFIRMED)
            .order_by(cls.id, ascending=False).first()
        )  # fmt: skip
        number = found.wish.get("order") if found else None
        made = await Order.by_number(vendor_id, found.customer, number) if found and number else None
        if made is None or made.service_status in ENDED:
            return None
        return (
            None
            if made.service_status == "canceled" and made.paid_until and made.paid_until <= database.now()
            else found
        )

    @classmethod
    async def asked_before(cls, vendor_id: int, order_id: int, kind: str) -> bool:
        return await cls.exists().where(cls.vendor == vendor_id, cls.order == order_id, cls.kind == kind)

    @classmethod
    async def own(cls, vendor_id: int, customer_id: int, public_id: str) -> Self | None:
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.public_id == public_id
        ).first()  # fmt: skip

    @classmethod
    async def by_public_id(cls, vendor_id: int, public_id: str) -> Self | None:
        """The vendor's, whoever asked: for the vendor's own people."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.public_id == public_id).first()

    @classmethod
    async def unlink(cls, vendor_id: int, absorbed: int, survivor: int) -> None:
        """Let go of an absorbed customer's payment methods that the survivor has as well, before they go.

        What was wished about all the others goes on, and what was wished at all stays written.
        """
        await database.raw(
            "UPDATE billing_commands SET payment_method_id = NULL WHERE vendor_id = {} AND customer_id = {} "
            "AND payment_method_id IN (SELECT a.id FROM payment_methods a JOIN payment_methods s "
            "ON s.vendor_id = a.vendor_id AND s.reference = a.reference "
            "WHERE a.vendor_id = {} AND a.customer_id = {} AND s.customer_id = {})",
            vendor_id, absorbed, vendor_id, absorbed, survivor,
        )  # fmt: skip

    @classmethod
    async def forget(cls, vendor_id: int, customers: Sequence[int]) -> None:
        """What was asked by people whose accounts go. What still waits about a subscription stays, without their words:
        whoever asked to cancel and then deleted the account must not go on being charged."""
        theirs = (cls.vendor == vendor_id) & cls.customer.is_in(list(customers))
        for row in await cls.objects().where(theirs, cls.status.is_in(list(OPEN)), cls.order.is_not_null()):
            wish = {name: value for name, value in row.wish.items() if name not in OWN_WORDS}
            await cls.update({cls.details: json.dumps(wish), cls.payment_method: None}).where(
                cls.vendor == vendor_id, cls.id == row.id
            )
        await cls.delete().where(theirs, (cls.order.is_null()) | cls.status.not_in(list(OPEN)))

    @classmethod
    async def lease(cls, limit: int) -> list[Self]:
        """Take up to `limit` wishes that are due, oldest first; a worker that dies gives them back in two minutes."""
        now = database.now()
        due = (
            "status IN ('requested', 'sent') AND holder <> 'manual' AND next_try_at <= {} "
            "AND (leased_until IS NULL OR leased_until <= {})"
        )
        rows = await database.raw(
            f"{database.taking('billing_commands', due, limit, 'next_try_at')} UPDATE billing_commands "
            "SET leased_until = {}, tries = tries + 1, status = 'sent', sent_at = COALESCE(sent_at, {}) FROM taken "
            "WHERE billing_commands.id = taken.taken_id RETURNING billing_commands.id, billing_commands.vendor_id",
            now, now, now + LEASE, now,
        )  # fmt: skip
        return [
            found for row in rows
            if (found := await cls.objects().where(cls.vendor == row["vendor_id"], cls.id == row["id"]).first())
        ]  # fmt: skip

    async def claim(self) -> bool:
        """Just before it is carried out: whether it still waits and nobody took it up since; the lease begins anew."""
        rows = await database.raw(
            "UPDATE billing_commands SET leased_until = {} WHERE vendor_id = {} AND id = {} AND tries = {} "
            "AND status IN ('requested', 'sent') AND holder <> 'manual' AND leased_until IS NOT NULL RETURNING id",
            database.now() + LEASE, self.vendor, self.id, self.tries,
        )  # fmt: skip
        return bool(rows)

    async def note(self, **more: Any) -> None:
        """Write something down beside the wish, such as that the holder has taken it."""
        cls, self.details = type(self), json.dumps(self.wish | more)
        await cls.update({cls.details: self.details}).where(cls.vendor == self.vendor, cls.id == self.id)

    async def close(self, status: str, error: str | None = None) -> bool:
        """Settle it once, in one statement; False when somebody else did."""
        rows = await database.raw(
            "UPDATE billing_commands SET status = {}, error = {}, settled_at = {}, leased_until = NULL "
            "WHERE vendor_id = {} AND id = {} AND status IN ('requested', 'sent') RETURNING id",
            status, error, (now := database.now()), self.vendor, self.id,
        )  # fmt: skip
        if rows:
            self.status, self.error, self.settled_at = status, error, now
        return bool(rows)

    async def postpone(self, why: str, seconds: float | None = None) -> bool:
        """Try again later: 10 s, 30 s, 1, 5, 15 minutes, then every half hour; False when it has been tried enough."""
        if self.is_old:
            return False
        wait = WAITS[self.tries - 1] if 0 < self.tries <= len(WAITS) else LATER
        await self.look_again(max(wait, timedelta(seconds=seconds or 0)), why)
        return True

    async def look_again(self, wait: timedelta = LOOK_AGAIN, why: str | None = None) -> None:
        """Give it back, to be taken up again after a while unless a confirmation comes first."""
        cls = type(self)
        await cls.update({cls.next_try_at: database.now() + wait, cls.leased_until: None, cls.error: why}).where(
            cls.vendor == self.vendor, cls.id == self.id, cls.status.is_in(list(OPEN))
        )

    async def withdraw(self) -> bool:
        """Take it back, in one statement: what has not gone out yet, or what only the vendor can do. False: too late."""
        rows = await database.raw(
            "UPDATE billing_commands SET status = 'withdrawn', settled_at = {} WHERE vendor_id = {} AND id = {} "
            "AND (status = 'requested' OR (status = 'sent' AND holder = 'manual')) RETURNING id",
            (now := database.now()), self.vendor, self.id,
        )  # fmt: skip
        if rows:
            self.status, self.settled_at = WITHDRAWN, now
        return bool(rows)

    @classmethod
    async def confirm_shown(cls, order: Order) -> list[Self]:
        """Settle the open wish about an order that its mirrored state fulfils; returns what was settled, to be told.

        Called after every write of the order, its lines or its invoices, whoever told of them: so a confirmation never
        comes from anywhere but the system that holds the money.
        """
        found = await cls.open_about(order.vendor, order.id)
        if found is None or not await found.is_shown(order):
            return []
        return [found] if await found.close(CONFIRMED) else []

    @classmethod
    async def confirm_method(cls, method: PaymentMethod) -> list[Self]:
        """The same for a payment method."""
        found = await cls.open_about(method.vendor, None, method.id)
        if found is None or not found.is_shown_by(method):
            return []
        return [found] if await found.close(CONFIRMED) else []

    async def is_shown(self, order: Order) -> bool:
        """Whether the order is as this wish wants it."""
        service = order.service_status.replace("_", "-")
        if self.kind == CANCEL:
            return service == "canceled" or service in ENDED
        if self.kind == KEEP:  # One that stood still when it was cancelled stands still again.
            return service in RUNNING or service in HELD
        if self.kind in (RESUME, REACTIVATE):
            return service in RUNNING
        if self.kind == PAUSE:
            return service == "paused"
        if self.kind == USE_METHOD:
            return order.payment_method == self.wish.get("reference")
        if self.kind == PAY:
            return await self.is_paid(order)
        return self.has_plan(order, await OrderLine.of(order.vendor, order.id))

    async def is_paid(self, order: Order) -> bool:
        """By the bill that is meant; a wish that names none means whatever the order owes."""
        if self.invoice is None:
            return order.billing_status == "paid"
        bill = next((bill for bill in await Invoice.of(order.vendor, order.id) if bill.id == self.invoice), None)
        return bill is not None and bill.status == "paid"

    def has_plan(self, order: Order, lines: Sequence[OrderLine]) -> bool:
        pending = json.loads(order.pending_change) if order.pending_change else None
        if self.kind == KEEP_PLAN:
            return pending is None
        price = self.wish.get("price")
        return any(line.price_clickfunnels_id == price for line in lines) or bool(pending and pending["price"] == price)

    def is_shown_by(self, method: PaymentMethod) -> bool:
        if self.kind == REMOVE_METHOD:
            return method.removed_at is not None
        if self.kind == DEFAULT_METHOD:
            return bool(method.is_default)
        wish = self.wish
        return (method.exp_month, method.exp_year) == (wish.get("exp_month"), wish.get("exp_year"))
