"""A browser that has signed in before, known again by a cookie of its own."""

from __future__ import annotations

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

from tables.base import Owned
from tables.customer import Customer
from tables.timestamps import moment


class Device(Owned, Table, tablename="devices"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    token_hash = Varchar(length=64)
    name = Varchar(length=200, default="")
    created_at = moment()
    last_used_at = moment()
    forgotten_at = moment()
