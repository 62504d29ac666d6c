"""A picture from elsewhere, fetched once by a job and served by us: no visitor's browser calls a third party."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from piccolo.columns import Integer, Varchar
from piccolo.table import Table

import database
from tables.base import Owned, text
from tables.timestamps import moment

LEASE = timedelta(minutes=2)
TRIES = 5
RETRY = timedelta(minutes=10)
OWN = "upload:"
"""What the address of a picture begins with that came as a file; nobody fetches it."""


class Picture(Owned, Table, tablename="pictures"):
    source_url = Varchar(length=1000)
    path = text(80)
    width = Integer(null=True, default=None)
    height = Integer(null=True, default=None)
    tries = Integer(default=0)
    next_try_at = moment()
    error = text(300)
    fetched_at = moment()

    @classmethod
    async def want(cls, vendor_id: int, source_url: str) -> None:
        """Ask for a picture to be fetched; a second wish changes nothing."""
        await database.raw(
            "INSERT INTO pictures (vendor_id, source_url, tries, next_try_at) VALUES ({}, {}, 0, {}) "
            "ON CONFLICT (vendor_id, source_url) DO NOTHING", vendor_id, source_url, database.now(),
        )  # fmt: skip

    @classmethod
    async def keep(cls, vendor_id: int, path: str, width: int, height: int) -> str:
        """A picture that was sent here and lies in our media already; returns the address it is known by."""
        source = OWN + path
        await cls.delete().where(cls.vendor == vendor_id, cls.source_url == source)
        await cls(vendor=vendor_id, source_url=source, path=path, width=width, height=height,
                  fetched_at=database.now()).save()  # fmt: skip
        return source

    @classmethod
    async def lease(cls, limit: int) -> list[Any]:
        """Pictures still to fetch; each is tried five times at growing distance."""
        now = database.now()
        due = "path IS NULL AND tries < {} AND next_try_at <= {}"
        return await database.raw(
            f"{database.taking('pictures', due, limit)} UPDATE pictures SET tries = tries + 1, next_try_at = {{}} "
            "FROM taken WHERE pictures.id = taken.taken_id RETURNING id, vendor_id, source_url, tries",
            TRIES, now, now + LEASE,
        )  # fmt: skip

    @classmethod
    async def arrived(cls, row: Any, path: str, width: int, height: int) -> None:
        await cls.update(
            {cls.path: path, cls.width: width, cls.height: height, cls.fetched_at: database.now(), cls.error: None}
        ).where(cls.vendor == row["vendor_id"], cls.id == row["id"])

    @classmethod
    async def missed(cls, row: Any, error: str) -> None:
        await cls.update({cls.error: error[:300], cls.next_try_at: database.now() + RETRY * 4 ** row["tries"]}).where(
            cls.vendor == row["vendor_id"], cls.id == row["id"]
        )

    @classmethod
    async def among(cls, vendor_id: int, urls: list[str]) -> dict[str, dict[str, Any]]:
        """The vendor's fetched pictures among these addresses."""
        if not urls:
            return {}
        rows = await cls.select(cls.source_url, cls.path, cls.width, cls.height).where(
            cls.vendor == vendor_id, cls.source_url.is_in(urls), cls.path.is_not_null()
        )
        return {row["source_url"]: row for row in rows}
