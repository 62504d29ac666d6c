"""Everything a customer has here as one file, made by a job."""

from __future__ import annotations

from piccolo.columns import BigInt, ForeignKey, Integer, Varchar
from piccolo.table import Table

from tables.base import Owned, public_id
from tables.customer import Customer
from tables.timestamps import moment


class Export(Owned, Table, tablename="exports"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    state = Varchar(length=12, default="requested")
    size = BigInt(null=True, default=None)
    tries = Integer(default=0)
    next_try_at = moment()
    requested_at = moment()
    ready_at = moment()
    expires_at = moment()
