"""Who changed what in a vendor's console; entries are only ever added (ASVS 16.3.3)."""

from __future__ import annotations

import json
from typing import Any, Protocol

from piccolo.columns import BigInt, Text, Varchar
from piccolo.table import Table

import database
from database import Row
from tables.base import Owned
from tables.timestamps import moment

PAGE = 50


class Actor(Protocol):
    """The member who does it, as `web.console.member_of` has them."""

    @property
    def person_id(self) -> int: ...
    @property
    def name(self) -> str: ...


class AuditEntry(Owned, Table, tablename="audit_entries"):
    person_id = BigInt(null=True, default=None)
    person_name = Varchar(length=254)
    action = Varchar(length=60)
    subject = Varchar(length=254, default="")
    detail = Text(default="{}")
    created_at = moment()

    @classmethod
    async def record(cls, vendor_id: int, actor: Actor | None, action: str, subject: str = "", **detail: Any) -> None:
        """Write down a change inside its transaction; `action` is like `staff.invited` (theming/audit_words.py).

        Never a secret, a token or a password in `subject` or `detail`. Without an actor it was the operator.
        """
        await cls(
            vendor=vendor_id, person_id=actor.person_id if actor else None, person_name=actor.name[:254] if actor else "",
            action=action, subject=subject[:254], detail=json.dumps(detail), created_at=database.now(),
        ).save()  # fmt: skip

    @classmethod
    async def of(cls, vendor_id: int, below: int) -> list[Row]:
        """The vendor's entries below an id, newest first, one too many."""
        return await (
            cls.select(cls.id, cls.person_name, cls.action, cls.subject, cls.detail, cls.created_at)
            .where(cls.vendor == vendor_id, cls.id < below).order_by(cls.id, ascending=False).limit(PAGE + 1)
        )  # fmt: skip
