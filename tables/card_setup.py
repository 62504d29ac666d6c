"""A card on its way: the customer is at Stripe's own page, and Stripe alone says whether it was saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from piccolo.columns import BigInt, ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

import database
from tables.base import Owned, public_id, text
from tables.customer import Customer
from tables.order import Order
from tables.timestamps import moment

REQUESTED, OPEN, COMPLETE, EXPIRED, REFUSED = STATUSES = ("requested", "open", "complete", "expired", "refused")
UNSETTLED = (REQUESTED, OPEN)
LIFETIME = timedelta(hours=24)
"""How long Stripe keeps such a page (Stripe docs: Checkout sessions, expires_at)."""
WAITS = [timedelta(seconds=seconds) for seconds in (*[5] * 12, *[15] * 16, *[60] * 25, *[300] * 18)]
LATER = timedelta(minutes=30)
LEASE = timedelta(minutes=2)
FORGOTTEN = timedelta(hours=1)
TWICE = timedelta(minutes=1)
"""A button pressed again within this time means the same page."""


class CardSetup(Owned, Table, tablename="card_setups"):
    """`session` is Stripe's id of its page, `reference` the payment method that came of it."""

    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    order = ForeignKey(Order, null=True, default=None, db_column_name="order_id")
    """The subscription that is to be paid with it."""
    link = BigInt(null=True, default=None, db_column_name="link_id")
    """The mailed link by which somebody came who is not signed in."""
    session = text(100)
    url = Text(null=True, default=None)
    reference = text(64)
    status = Varchar(length=12, default=REQUESTED)
    error = text()
    tries = Integer(default=0)
    next_try_at = moment()
    created_at = moment()
    settled_at = moment()

    @property
    def idempotency_key(self) -> str:
        """The same for every try of this row, so that Stripe makes one page only."""
        return f"center-setup-{self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.status in UNSETTLED

    @classmethod
    async def own(cls, vendor_id: int, customer_id: int, public_id: str) -> Self | None:
        """The customer's own; somebody else's is as unknown as one that does not exist."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.public_id == public_id
        ).first()  # fmt: skip

    @classmethod
    async def by_public_id(cls, vendor_id: int, public_id: str) -> Self | None:
        """The one that a page of Stripe's names."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.public_id == public_id).first()

    @classmethod
    async def newest_of_link(cls, vendor_id: int, customer_id: int, link_id: int) -> Self | None:
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.customer == customer_id, cls.link == link_id)
            .order_by(cls.id, ascending=False).first()
        )  # fmt: skip

    @classmethod
    async def begin(
        cls, vendor_id: int, customer_id: int, *, order: int | None = None, link: int | None = None
    ) -> Self:
        """Write down that a card is to be saved, inside a transaction; a double press is one."""
        await Customer.hold(vendor_id, customer_id)
        now = database.now()
        just_now = await (
            cls.objects().where(
                cls.vendor == vendor_id, cls.customer == customer_id, cls.status.is_in(list(UNSETTLED)),
                cls.created_at > now - TWICE,
                cls.order == order if order else cls.order.is_null(), cls.link == link if link else cls.link.is_null(),
            ).order_by(cls.id, ascending=False).first()
        )  # fmt: skip
        if just_now is not None:
            return just_now
        made = cls(
            vendor=vendor_id, customer=customer_id, order=order, link=link, created_at=now, next_try_at=now + LEASE
        )
        await made.save()
        return made

    async def opened(self, session: str, url: str) -> None:
        """Stripe has made its page; one that is settled already stays so."""
        cls = type(self)
        self.session, self.url = session, url
        values = {cls.session: session, cls.url: url, cls.status: OPEN, cls.next_try_at: database.now() + WAITS[0]}
        await cls.update(values).where(
            cls.vendor == self.vendor, cls.id == self.id, cls.status.is_in(list(UNSETTLED))
        )  # fmt: skip
        self.status = OPEN if self.is_open else self.status

    async def settle(self, status: str, reference: str | None = None, error: str | None = None) -> bool:
        """Once, in one statement: whoever tells of it first. False when it was settled before."""
        rows = await database.raw(
            "UPDATE card_setups SET status = {}, reference = {}, error = {}, settled_at = {} "
            "WHERE vendor_id = {} AND id = {} AND status IN ('requested', 'open') RETURNING id",
            status, reference, error, (now := database.now()), self.vendor, self.id,
        )  # fmt: skip
        if rows:
            self.status, self.reference, self.error, self.settled_at = status, reference, error, now
        return bool(rows)

    async def note(self, error: str) -> None:
        """Why what was to follow did not."""
        cls = type(self)
        self.error = error
        await cls.update({cls.error: error}).where(cls.vendor == self.vendor, cls.id == self.id)

    @classmethod
    async def lease(cls, limit: int) -> list[Self]:
        """Up to `limit` of those to ask Stripe about now; a worker that dies gives them back in two minutes."""
        now = database.now()
        due = "status IN ('requested', 'open') AND next_try_at <= {}"
        rows = await database.raw(
            f"{database.taking('card_setups', due, limit, 'next_try_at')} UPDATE card_setups "
            "SET next_try_at = {}, tries = tries + 1 FROM taken WHERE card_setups.id = taken.taken_id "
            "RETURNING card_setups.id, card_setups.vendor_id",
            now, now + LEASE,
        )  # fmt: skip
        return [
            found for row in rows
            if (found := await cls.objects().where(cls.vendor == row["vendor_id"], cls.id == row["id"]).first())
        ]  # fmt: skip

    async def look_again(self, seconds: float | None = None) -> None:
        """Ask once more later: every 5 seconds for a minute, then ever more rarely."""
        wait = WAITS[self.tries - 1] if 0 < self.tries <= len(WAITS) else LATER
        cls = type(self)
        await cls.update({cls.next_try_at: database.now() + max(wait, timedelta(seconds=seconds or 0))}).where(
            cls.vendor == self.vendor, cls.id == self.id, cls.status.is_in(list(UNSETTLED))
        )

    @property
    def is_over(self) -> bool:
        """Whether Stripe cannot have its page any more."""
        return self.created_at is not None and database.now() - self.created_at > LIFETIME + timedelta(hours=1)

    @property
    def is_forgotten(self) -> bool:
        """Whether nobody has gone on to Stripe since: it did not answer, or they left."""
        return self.created_at is not None and database.now() - self.created_at > FORGOTTEN
