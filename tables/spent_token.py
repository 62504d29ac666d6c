"""Tokens from elsewhere that were used, kept until they would run out anyway: each opens the door once."""

from __future__ import annotations

from piccolo.columns import Varchar
from piccolo.table import Table

from tables.base import Owned
from tables.timestamps import moment


class SpentToken(Owned, Table, tablename="spent_tokens"):
    token_hash = Varchar(length=64)
    expires_at = moment()
