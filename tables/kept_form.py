"""What somebody typed into a form whose session had ended, kept for an hour until they have signed in again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from piccolo.columns import ForeignKey, Text, Varchar
from piccolo.table import Table

import database
from tables.base import Owned, public_id
from tables.customer import Customer
from tables.sealed import seal, unseal
from tables.timestamps import moment

LIFETIME = timedelta(hours=1)


class KeptForm(Owned, Table, tablename="kept_forms"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    path = Varchar(length=512)
    fields = Text()
    expires_at = moment()

    @classmethod
    async def keep(cls, vendor_id: int, customer_id: int, path: str, fields: Mapping[str, str]) -> str:
        """Keep the fields of a form that went to `path`, sealed; returns the id to ask for it with."""
        form = cls(
            vendor=vendor_id, customer=customer_id, path=path, fields=seal(json.dumps(dict(fields))),
            expires_at=database.now() + LIFETIME,
        )  # fmt: skip
        await form.save()
        return form.public_id

    @classmethod
    async def own(cls, vendor_id: int, customer_id: int, public_id: str) -> KeptForm | None:
        """The customer's own, as long as it is kept."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.public_id == public_id,
            cls.expires_at > database.now(),
        ).first()  # fmt: skip

    @property
    def typed(self) -> dict[str, str]:
        return dict(json.loads(unseal(self.fields)))

    @classmethod
    async def sweep(cls) -> None:
        await cls.delete().where(cls.expires_at < database.now())
