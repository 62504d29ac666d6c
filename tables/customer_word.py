"""A word a customer is found by; `tables/sought.py` keeps them."""

from __future__ import annotations

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

from tables.base import Owned
from tables.customer import Customer


class CustomerWord(Owned, Table, tablename="customer_words"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    word = Varchar(length=254)
