"""The vendor's catalogue as far as orders and access need it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from piccolo.columns import Boolean, Varchar
from piccolo.table import Table

import database
from tables.base import Remote, local_id, text


class Product(Remote, Table, tablename="products"):
    name = Varchar(length=200, default="")
    archived = Boolean(default=False)
    visible_in_customer_center = Boolean(default=False)
    PAGE: ClassVar[int] = 50

    @classmethod
    async def make(cls, vendor_id: int, name: str) -> Self:
        """A product that is sold here, and not at ClickFunnels."""
        product = cls(vendor=vendor_id, clickfunnels_id=local_id(), name=name)
        await product.save()
        return product

    @classmethod
    async def learn(cls, vendor_id: int, lines: Sequence[dict[str, Any]]) -> None:
        """Products that orders name and that no news has come of, so that the vendor can say what they open."""
        for line in lines:
            product, name = line.get("product_clickfunnels_id"), line.get("product_name") or ""
            if product and name:
                await database.raw(
                    "INSERT INTO products (vendor_id, clickfunnels_id, version, name, archived, visible_in_customer_center) "
                    "VALUES ({}, {}, '', {}, {}, {}) ON CONFLICT (vendor_id, clickfunnels_id) DO NOTHING",
                    vendor_id, product, name, False, False,
                )  # fmt: skip

    @classmethod
    async def listed(cls, vendor_id: int, below: int) -> list[Self]:
        """The vendor's products below an id, newest first, one too many."""
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.deleted_at.is_null(), cls.id < below)
            .order_by(cls.id, ascending=False).limit(cls.PAGE + 1)
        )  # fmt: skip


class Variant(Remote, Table, tablename="variants"):
    product_clickfunnels_id = text(64)
    name = Varchar(length=200, default="")
    description = text()
    sku = text(80)
    product_type = text(20)
    archived = Boolean(default=False)
