"""The vendor's catalogue as far as orders and access need it."""

from __future__ import annotations

from piccolo.columns import Boolean, Varchar
from piccolo.table import Table

from tables.base import Remote, text


class Product(Remote, Table, tablename="products"):
    name = Varchar(length=200, default="")
    archived = Boolean(default=False)
    visible_in_customer_center = Boolean(default=False)


class Variant(Remote, Table, tablename="variants"):
    product_clickfunnels_id = text(64)
    name = Varchar(length=200, default="")
    description = text()
    sku = text(80)
    product_type = text(20)
    archived = Boolean(default=False)
