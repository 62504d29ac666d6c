"""A list of people to enroll: read, checked row by row, and only then carried out, in batches that can be resumed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Self

from piccolo.columns import Boolean, ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

import database
from tables import enrolling
from tables.base import Owned, public_id, text
from tables.course import Course
from tables.enrollment_reading import NEW, NEW_CUSTOMER, UNKNOWN_COURSE, Courses, Row, foresee
from tables.timestamps import moment

CHUNK = 400
"""How many rows are checked, or written down, by one statement."""
BATCH = 100
"""How many rows are carried out in one transaction."""
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)
PAGE = 100

WAITING, CHECKED, RUNNING, DONE = "waiting", "checked", "running", "done"
GOOD = (NEW, NEW_CUSTOMER)
"""The verdicts of rows that are carried out."""


class EnrollmentImport(Owned, Table, tablename="enrollment_imports"):
    """`content` is the list itself, as JSON (a list of rows, the header first), until it has been checked."""

    public_id = Varchar(length=22, default=public_id)
    name = Varchar(length=200)
    content = Text()
    mapping = Text(default="{}")
    send_mail = Boolean(default=False)
    state = Varchar(length=12, default=WAITING)
    next_try_at = moment()
    made_at = moment()
    finished_at = moment()

    @classmethod
    async def begin(cls, vendor_id: int, name: str, rows: Sequence[Sequence[str]]) -> Self:
        """Keep a list that was read; nothing else happens yet."""
        found = cls(vendor=vendor_id, name=name[:200], content=json.dumps(rows), made_at=database.now())
        await found.save()
        return found

    @classmethod
    async def by_public_id(cls, vendor_id: int, public_id: str) -> Self | None:
        return await cls.objects().where(cls.vendor == vendor_id, cls.public_id == public_id).first()

    @classmethod
    async def recent(cls, vendor_id: int) -> list[dict[str, Any]]:
        """The lists of the last weeks, the newest first."""
        return await (
            cls.select(cls.public_id, cls.name, cls.state, cls.made_at)
            .where(cls.vendor == vendor_id).order_by(cls.id, ascending=False).limit(10)
        )  # fmt: skip

    @property
    def header(self) -> list[str]:
        return list(json.loads(self.content)[0])

    @property
    def sample(self) -> list[list[str]]:
        """The first rows, to tell the columns by."""
        return list(json.loads(self.content)[1:4])

    @property
    def columns(self) -> dict[str, Any]:
        return dict(json.loads(self.mapping))

    async def check(self, columns: Mapping[str, int | None], course: str | None, send_mail: bool) -> None:
        """Find out what would become of every row; enrolls nobody, and may be done again.

        In a transaction for each few rows: one for a long list would keep every other writer waiting. One that is cut
        off is still to check; of two at once the later one goes on, and none touches what is being carried out.
        """
        mapping = json.dumps({"columns": dict(columns), "course": course, "check": public_id()})
        courses, seen = await Courses.of(self.vendor), set[tuple[str, str]]()
        rows = [row for row in json.loads(self.content)[1:] if any(cell.strip() for cell in row)]
        if not await database.transaction(lambda: self.begin_check(mapping, send_mail)):
            return
        for first in range(0, len(rows), CHUNK):
            read = [courses.read(row, columns, course) for row in rows[first : first + CHUNK]]
            await foresee(self.vendor, read, seen)
            if not await database.transaction(partial(self.note, mapping, read, first + 1)):
                return
        await self.turn(CHECKED, WAITING, mapping)
        self.state, self.mapping, self.send_mail = CHECKED, mapping, send_mail

    async def begin_check(self, mapping: str, send_mail: bool) -> bool:
        rows = await database.raw(
            "UPDATE enrollment_imports SET state = {}, mapping = {}, send_mail = {} WHERE vendor_id = {} AND id = {} "
            "AND state IN ({}, {}) RETURNING id", WAITING, mapping, send_mail, self.vendor, self.id, WAITING, CHECKED,
        )  # fmt: skip
        if rows:
            await EnrollmentImportRow.delete().where(
                EnrollmentImportRow.vendor == self.vendor, EnrollmentImportRow.parent == self.id
            )
        return bool(rows)

    async def note(self, mapping: str, read: Sequence[Row], number: int) -> bool:
        """Write rows down, the first with this number, as long as no other check has begun."""
        still = await self.turn(WAITING, WAITING, mapping)
        if still:
            await EnrollmentImportRow.insert(*(
                EnrollmentImportRow(vendor=self.vendor, parent=self.id, number=number + place, **one._asdict())
                for place, one in enumerate(read)
            ))  # fmt: skip
        return still

    async def turn(self, state: str, before: str, mapping: str) -> bool:
        """From one state to another, for the check that is going on."""
        rows = await database.raw(
            "UPDATE enrollment_imports SET state = {} WHERE vendor_id = {} AND id = {} AND state = {} AND mapping = {} "
            "RETURNING id", state, self.vendor, self.id, before, mapping,
        )  # fmt: skip
        return bool(rows)

    async def start(self) -> bool:
        """Carry it out from now on; True once."""
        rows = await database.raw(
            "UPDATE enrollment_imports SET state = {}, content = '[]', next_try_at = {} WHERE vendor_id = {} AND id = {} "
            "AND state = {} RETURNING id", RUNNING, database.now(), self.vendor, self.id, CHECKED,
        )  # fmt: skip
        return bool(rows)

    @classmethod
    async def lease(cls, limit: int) -> list[Any]:
        """Lists that are being carried out and that nobody has in hand."""
        now = database.now()
        due = "state = {} AND next_try_at <= {}"
        return await database.raw(
            f"{database.taking('enrollment_imports', due, limit, 'next_try_at')} "
            "UPDATE enrollment_imports SET next_try_at = {} "
            "FROM taken WHERE enrollment_imports.id = taken.taken_id RETURNING id, vendor_id, public_id, send_mail",
            RUNNING, now, now + LEASE,
        )  # fmt: skip

    @classmethod
    async def settle(cls, vendor_id: int, import_id: int, *, ended: bool) -> None:
        """Give a list back after a batch, to go on with at once, or for good."""
        now = database.now()
        values: dict[Any, Any] = {cls.state: DONE, cls.finished_at: now} if ended else {cls.next_try_at: now}
        await cls.update(values).where(cls.vendor == vendor_id, cls.id == import_id, cls.state == RUNNING)

    @classmethod
    async def sweep(cls) -> None:
        """Forget lists after a month: they name people."""
        old = await cls.objects().where(cls.made_at < database.now() - KEPT, cls.state != RUNNING)
        for row in old:
            rows = EnrollmentImportRow
            await rows.delete().where(rows.vendor == row.vendor, rows.parent == row.id)
            await cls.delete().where(cls.vendor == row.vendor, cls.id == row.id)


class EnrollmentImportRow(Owned, Table, tablename="enrollment_import_rows"):
    parent = ForeignKey(EnrollmentImport, null=False, db_column_name="import_id")
    number = Integer()
    email = Varchar(length=254, default="")
    first_name = Varchar(length=120, default="")
    last_name = Varchar(length=120, default="")
    course_clickfunnels_id = text(64)
    verdict = Varchar(length=20)
    detail = Varchar(length=200, default="")
    done = Boolean(default=False)

    @classmethod
    async def tally(cls, vendor_id: int, import_id: int) -> dict[str, int]:
        """How many rows of each verdict."""
        rows = await database.raw(
            "SELECT verdict, COUNT(*) AS rows FROM enrollment_import_rows WHERE vendor_id = {} AND import_id = {} "
            "GROUP BY verdict", vendor_id, import_id,
        )  # fmt: skip
        return {row["verdict"]: row["rows"] for row in rows}

    @classmethod
    async def left(cls, vendor_id: int, import_id: int) -> int:
        """How many rows are still to carry out."""
        return await cls.count().where(
            cls.vendor == vendor_id, cls.parent == import_id, cls.done.eq(False), cls.verdict.is_in(list(GOOD))
        )

    @classmethod
    async def page(cls, vendor_id: int, import_id: int, after: int, verdict: str | None) -> list[Self]:
        """Rows in the list's own order, a page and one more, after a number."""
        chosen = (cls.vendor == vendor_id) & (cls.parent == import_id) & (cls.number > after)
        if verdict:
            chosen &= cls.verdict == verdict
        return await cls.objects().where(chosen).order_by(cls.number).limit(PAGE + 1)

    @classmethod
    async def forget(cls, vendor_id: int, emails: Sequence[str]) -> None:
        """Rows that name somebody whose account is gone."""
        await cls.delete().where(cls.vendor == vendor_id, cls.email.is_in([*emails, "-"]))


async def carry_out(vendor_id: int, import_id: int) -> tuple[list[Any], bool]:
    """Enroll the next rows, at most BATCH, inside a transaction that holds the vendor; returns who is newly enrolled
    (with their courses), and whether that was all. A row that is done is never taken again."""
    table = EnrollmentImportRow
    rows = await (
        table.objects().where(table.vendor == vendor_id, table.parent == import_id, table.done.eq(False),
                              table.verdict.is_in(list(GOOD))).order_by(table.number).limit(BATCH)
    )  # fmt: skip
    courses = {one.clickfunnels_id: one for one in await Course.objects().where(
        Course.vendor == vendor_id, Course.deleted_at.is_null(),
        Course.clickfunnels_id.is_in([*{row.course_clickfunnels_id or "" for row in rows}, ""]))}  # fmt: skip
    enrolled = []
    for row in rows:
        course = courses.get(row.course_clickfunnels_id)
        verdict = UNKNOWN_COURSE
        if course:
            result = await enrolling.enroll(course, row.email, row.first_name, row.last_name)
            # Who was new when the list was checked is told of as new.
            verdict = row.verdict if result.verdict == NEW else result.verdict
            if result.enrollment:
                enrolled.append((result, course))
        await table.update({table.done: True, table.verdict: verdict}).where(
            table.vendor == vendor_id, table.id == row.id
        )
    return enrolled, len(rows) < BATCH
