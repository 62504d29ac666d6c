"""Alice's subscription at acme, and who holds it."""

import re

import pytest

import database
from integrations.billing import Plan, Preview, holders, news
from tables import BillingCommand, Mail, Order, Vendor
from tables.billing_command import KINDS
from tables.mail import opened
from tables.order import Subscription
from tables.sealed import seal
from web import tenancy

PLANS = [
    Plan("702", "Postcard", 400, "USD", "months", 1, upgrade=False),
    Plan("701", "Letter and seeds", 1900, "USD", "months", 1, upgrade=True),
]


class Fake:
    """A holder that answers what it is told to."""

    name, kinds = "stripe", frozenset(KINDS)

    def __init__(self) -> None:
        self.preview_is = Preview(1250, 1900, None, "USD", at_period_end=False)
        self.raises = None
        self.performed = []

    async def plans(self, vendor, order, lines):
        if self.raises:
            raise self.raises
        return PLANS

    async def preview(self, vendor, order, lines, plan):
        return self.preview_is

    async def perform(self, vendor, command):
        self.performed.append(command.kind)


class Own:
    """The subscription as its owner and its holder see it."""

    def __init__(self, own, one) -> None:
        self.own, self.one = own, one
        self.home = f"/acme/account/subscriptions/{own.subscription}"

    async def order(self) -> Order:
        found = await Subscription.by_public_id(self.own.vendor.id, self.own.id, self.own.subscription)
        return await Order.behind(self.own.vendor.id, found.order)

    async def becomes(self, **values) -> None:
        """The holder's state of it, mirrored; what was asked for is confirmed by it."""
        await database.transaction(lambda: self.mirror(**values))

    async def mirror(self, **values) -> None:
        columns = {Order._meta.get_column_by_name(name): value for name, value in values.items()}
        order = await self.order()
        await Order.update(columns).where(Order.vendor == order.vendor, Order.id == order.id)
        await news.mirrored(await self.order())

    async def get(self, part=""):
        return await self.one.get(self.home + part)

    async def send(self, part, *, page=None, **fields):
        """Fill in and send the form that leads to a part of it."""
        return await self.one.submit(await self.get(part) if page is None else page, self.home + part, **fields)

    async def follow(self, answer):
        assert answer.status_code == 303
        return await self.one.get(answer.headers["location"])

    async def wishes(self) -> list[BillingCommand]:
        """Everything asked since the world was made, oldest first."""
        return [
            row for row in await BillingCommand.objects()
            .where(BillingCommand.vendor == self.own.vendor.id, BillingCommand.customer == self.own.id)
            .order_by(BillingCommand.id) if row.public_id != self.own.wish
        ]  # fmt: skip

    async def wish(self) -> BillingCommand:
        [only] = await self.wishes()
        return only

    async def mails(self, kind) -> list[str]:
        """Subject and text of the messages of a kind."""
        rows = await Mail.select().where(Mail.vendor == self.own.vendor.id, Mail.kind == kind).order_by(Mail.id)
        return [f"{row['subject']}\n{opened(row, 'body_text')}" for row in rows]

    async def vendor_is(self, **values) -> None:
        columns = {Vendor._meta.get_column_by_name(name): value for name, value in values.items()}
        await Vendor.update(columns).where(Vendor.id == self.own.vendor.id)
        tenancy.kept.clear()


@pytest.fixture
async def sub(world, signed_in):
    """Nobody we can reach holds it."""
    made = Own(world.alice, await signed_in(world.alice.customer))
    await BillingCommand.delete().where(BillingCommand.vendor == world.acme.id)
    return made


@pytest.fixture
async def held(sub, monkeypatch):
    """A system holds it that can do everything: the stand-in is `held`, and `sub` is its subscription."""
    fake = Fake()
    monkeypatch.setitem(holders.BY_NAME, "stripe", fake)
    await sub.vendor_is(stripe_key=seal("sk_test_1"))
    await sub.becomes(clickfunnels_id="sub_1")
    return fake


def canceled_as_done(text: str) -> bool:
    """Whether a text speaks of a cancellation as something that has happened."""
    return bool(re.search(r"\b(cancel(l)?ed|confirmed on|is over)\b", text, re.IGNORECASE))
