"""What a product costs and how often; which of its price's changes its buyers may make themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Self

from piccolo.columns import Boolean, Integer, Varchar
from piccolo.table import Table

from tables.base import Owned, Remote, minor, text

DAYS = {"days": 1, "weeks": 7, "months": 30, "quarters": 91, "years": 365}
"""About how long a period is, to tell a dearer plan from a cheaper one."""
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
    return not (price is not None and flag is not None and getattr(price, flag) is False)


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
    async def replace(cls, vendor_id: int, price: str, targets: Sequence[str]) -> None:
        """A price's targets as they are wanted now."""
        await cls.delete().where(cls.vendor == vendor_id, cls.price_clickfunnels_id == price)
        for target in dict.fromkeys(targets):
            await cls(vendor=vendor_id, price_clickfunnels_id=price, target_clickfunnels_id=target).save()
