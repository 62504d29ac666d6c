"""What a product costs and how often; which of its price's changes its buyers may make themselves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

from piccolo.columns import Boolean, Integer, Text, Varchar
from piccolo.table import Table

import database
from tables.base import Owned, Remote, minor, text

DAYS = {"days": 1, "weeks": 7, "months": 30, "quarters": 91, "years": 365}
"""About how long a period is, to tell a dearer plan from a cheaper one."""
FLAGS = ("self_cancel", "self_upgrade", "self_downgrade", "self_reactivate")
PLANS = "subscription_updates"
RULES: dict[str, tuple[str, str | None]] = {
    "cancel": ("subscription_cancel", "self_cancel"), "upgrade": (PLANS, "self_upgrade"),
    "downgrade": (PLANS, "self_downgrade"), "reactivate": (PLANS, "self_reactivate"), "change_plan": (PLANS, None),
    "pause": ("subscription_pause", None), "use_method": ("payment_method_updates", None),
}  # fmt: skip
"""What decides each kind of wish: the vendor's switch, and the price's flag where there is one."""


class Price(Remote, Table, tablename="prices"):
    """The flags are ClickFunnels' own words: no, yes, or nothing said, and then the vendor's switch alone decides."""

    product_clickfunnels_id = text(64)
    variant_clickfunnels_id = text(64)
    name = Varchar(length=200, default="")
    amount = minor()
    currency = Varchar(length=3, default="USD")
    payment_type = text(20)
    interval = text(20)
    interval_count = Integer(null=True, default=None)
    duration = Integer(null=True, default=None)
    self_cancel = Boolean(null=True, default=None)
    self_upgrade = Boolean(null=True, default=None)
    self_downgrade = Boolean(null=True, default=None)
    self_reactivate = Boolean(null=True, default=None)
    visible = Boolean(default=True)
    archived = Boolean(default=False)
    by_hand = Text(default="{}")
    """The flags that the vendor set here, as JSON: they win over what ClickFunnels says of them."""
    PAGE: ClassVar[int] = 100

    @classmethod
    async def learn(cls, vendor_id: int, lines: Sequence[Mapping[str, Any]]) -> None:
        """Prices that orders name and that no news has come of; `lines` by the names of the columns of order lines."""
        for line in lines:
            if not line.get("price_clickfunnels_id") or not line.get("product_clickfunnels_id"):
                continue
            await database.raw(
                "INSERT INTO prices (vendor_id, clickfunnels_id, version, product_clickfunnels_id, variant_clickfunnels_id, "
                "name, amount, currency, interval, interval_count, duration, payment_type, visible, archived) "
                "VALUES ({}, {}, '', {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}) "
                "ON CONFLICT (vendor_id, clickfunnels_id) DO NOTHING",
                vendor_id, line["price_clickfunnels_id"], line["product_clickfunnels_id"],
                line.get("variant_clickfunnels_id"), line.get("variant_name") or line.get("product_name") or "",
                line.get("amount"), line.get("currency") or "USD", line.get("interval"), line.get("interval_count"),
                line.get("duration"), payment_type(line), True, False,
            )  # fmt: skip

    @classmethod
    async def of_product(cls, vendor_id: int, product: str) -> list[Self]:
        """A product's prices, the oldest first."""
        return await (
            cls.objects()
            .where(cls.vendor == vendor_id, cls.product_clickfunnels_id == product, cls.deleted_at.is_null())
            .order_by(cls.id)
            .limit(cls.PAGE)
        )

    @classmethod
    async def choices(cls, vendor_id: int, price: Self) -> list[Self]:
        """What customers on this price could be offered: the vendor's other running prices in its currency."""
        return await (
            cls.objects()
            .where(cls.vendor == vendor_id, cls.currency == price.currency, cls.interval.is_not_null(),
                   cls.amount.is_not_null(), cls.archived.eq(False), cls.deleted_at.is_null(), cls.id != price.id)
            .order_by(cls.product_clickfunnels_id, cls.id).limit(cls.PAGE)
        )  # fmt: skip

    @classmethod
    async def among(cls, vendor_id: int, references: Iterable[str | None]) -> list[Self]:
        """The vendor's prices with these ids."""
        wanted = sorted({reference for reference in references if reference})
        if not wanted:
            return []
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.clickfunnels_id.is_in(wanted), cls.deleted_at.is_null()
        )

    @property
    def chosen(self) -> dict[str, bool | None]:
        """The flags set by hand: yes, no, or None for as the vendor's switch says."""
        return {name: value for name, value in json.loads(self.by_hand).items() if name in FLAGS}

    def flag(self, name: str) -> bool | None:
        """What holds: the vendor's own word, else ClickFunnels'."""
        told: bool | None = getattr(self, name)
        return self.chosen.get(name, told)

    async def choose(self, flags: Mapping[str, bool | None]) -> None:
        """Set flags by hand; those that are missing are ClickFunnels' again."""
        self.by_hand = json.dumps(dict(flags), sort_keys=True)
        cls = type(self)
        await cls.update({cls.by_hand: self.by_hand}).where(cls.vendor == self.vendor, cls.id == self.id)

    @property
    def daily(self) -> float:
        """What a day costs in minor units: only to compare, never to charge."""
        return per_day(self.amount or 0, self.interval, self.interval_count)


def allowed(switches: Collection[str], price: Price | None, kind: str) -> bool:
    """Whether customers may ask for it themselves: the vendor's switch off forbids all, then the price's flag has its say.

    `switches` are those that are on (`Vendor.switches`, `Center.allowed`); `kind` is a wish's, and for a change of plan
    `upgrade` or `downgrade` once that is known. What takes a wish back (keep, resume, …) is always allowed.
    """
    switch, flag = RULES.get(kind, (None, None))
    if switch is not None and switch not in switches:
        return False
    return not (price is not None and flag is not None and price.flag(flag) is False)


def payment_type(line: Mapping[str, Any]) -> str:
    """ClickFunnels' word for how a price is paid, from what an order's line says of it."""
    if not line.get("interval"):
        return "one_time"
    return "payment_plan" if line.get("duration") else "subscription"


def per_day(amount: int, interval: str | None, count: int | None) -> float:
    """What a day costs at this price, in minor units."""
    return amount / (DAYS.get(interval or "months", 30) * (count or 1))


class PriceTarget(Owned, Table, tablename="price_targets"):
    """That customers who pay one price may change to another."""

    price_clickfunnels_id = Varchar(length=64)
    target_clickfunnels_id = Varchar(length=64)

    @classmethod
    async def of(cls, vendor_id: int, price: str) -> list[str]:
        rows = await cls.select(cls.target_clickfunnels_id).where(
            cls.vendor == vendor_id, cls.price_clickfunnels_id == price
        )
        return [row["target_clickfunnels_id"] for row in rows]

    @classmethod
    async def counts(cls, vendor_id: int, prices: Sequence[str]) -> dict[str, int]:
        """How many other prices each of these may change to."""
        rows = await cls.select(cls.price_clickfunnels_id).where(
            cls.vendor == vendor_id, cls.price_clickfunnels_id.is_in([*prices, ""])
        )
        return Counter(row["price_clickfunnels_id"] for row in rows)

    @classmethod
    async def replace(cls, vendor_id: int, price: str, targets: Sequence[str]) -> None:
        """A price's targets as they are wanted now."""
        await cls.delete().where(cls.vendor == vendor_id, cls.price_clickfunnels_id == price)
        for target in dict.fromkeys(targets):
            await cls(vendor=vendor_id, price_clickfunnels_id=price, target_clickfunnels_id=target).save()
