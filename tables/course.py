"""A course with its sections, lessons and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Self

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

from database import Bound
from settings import settings
from tables.base import Owned, Remote, is_local, public_id, text
from tables.timestamps import moment


class Course(Remote, Table, tablename="courses"):
    public_id = Varchar(length=22, default=public_id)
    title = Varchar(length=200, default="")
    description = Text(default="")
    picture_url = text(1000)
    picture_alt = Varchar(length=200, default="")
    root_section_clickfunnels_id = text(64)
    show_in_center = Boolean(default=True)
    upgrade_url = text(1000)
    published_at = moment()
    kept_here_at = moment()

    PAGE: ClassVar[int] = 50

    @classmethod
    async def listed(cls, vendor_id: int, below: int) -> list[Self]:
        """The vendor's courses below an id, newest first, one too many."""
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.deleted_at.is_null(), cls.id < below)
            .order_by(cls.id, ascending=False).limit(cls.PAGE + 1)
        )  # fmt: skip

    @classmethod
    async def choices(cls, vendor_id: int) -> list[dict[str, Any]]:
        """Every course by its ids and title, to choose from."""
        return await (
            cls.select(cls.public_id, cls.clickfunnels_id, cls.title)
            .where(cls.vendor == vendor_id, cls.deleted_at.is_null()).order_by(cls.title)
        )  # fmt: skip

    @property
    def is_own(self) -> bool:
        """Whether the vendor writes it here: made here, or taken over from ClickFunnels (ADR 17)."""
        return self.kept_here_at is not None or is_local(self.clickfunnels_id)

    @classmethod
    async def by_public_id(cls, vendor_id: int, public_id: str) -> Self | None:
        """The vendor's own course by the id in its address."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.public_id == public_id, cls.deleted_at.is_null()
        ).first()  # fmt: skip


class Section(Remote, Table, tablename="sections"):
    """Sections name each other and their course by ClickFunnels id: any of them may arrive first."""

    public_id = Varchar(length=22, default=public_id)
    course_clickfunnels_id = text(64)
    parent_clickfunnels_id = text(64)
    title = Varchar(length=200, default="")
    description = Text(default="")
    position = Integer(default=0)
    days_till_drip_access = Integer(null=True, default=None)
    blocker_section_clickfunnels_id = text(64)
    blocker_lesson_clickfunnels_id = text(64)
    hidden_from_non_members = Boolean(default=False)
    upgrade_url = text(1000)
    published_at = moment()


class Lesson(Remote, Table, tablename="lessons"):
    public_id = Varchar(length=22, default=public_id)
    section_clickfunnels_id = text(64)
    title = Varchar(length=200, default="")
    body = Text(default="")
    position = Integer(default=0)
    published_at = moment()
    video_url = text(1000)
    own_body = Text(default="")
    """Shown where ClickFunnels has sent no text; its events never touch it."""


class LessonFile(Owned, Table, tablename="lesson_files"):
    """A private file of a lesson; its bytes lie under DATA_DIR/files/<vendor>/<public id>."""

    lesson = ForeignKey(Lesson, null=False, db_column_name="lesson_id")
    public_id = Varchar(length=22, default=public_id)
    name = Varchar(length=200)
    media_type = Varchar(length=100)
    size = BigInt(default=0)
    position = Integer(default=0)

    @classmethod
    async def add(cls, vendor_id: int, lesson_id: int, name: str, public_id: str, **facts: Any) -> None:
        """A file whose bytes are in their place already, after the lesson's others."""
        others = await cls.select(cls.position).where(cls.vendor == vendor_id, cls.lesson == lesson_id)
        position = max((row["position"] for row in others), default=-1) + 1
        await cls(
            vendor=vendor_id, lesson=lesson_id, name=name, public_id=public_id, position=position, **facts
        ).save()  # fmt: skip

    @classmethod
    async def of(cls, vendor_id: int, lesson_id: int) -> list[Self]:
        return await cls.objects().where(cls.vendor == vendor_id, cls.lesson == lesson_id).order_by(cls.position)

    @classmethod
    async def remove_all(cls, vendor_id: int, lesson_ids: list[int], public_id: str | None = None) -> list[str]:
        """Forget the files of these lessons, or only one of them; returns the names their bytes lie under."""
        chosen = (cls.vendor == vendor_id) & cls.lesson.is_in([*lesson_ids, 0])
        if public_id is not None:
            chosen &= cls.public_id == public_id
        rows = await cls.select(cls.public_id).where(chosen)
        await cls.delete().where(cls.vendor == vendor_id, chosen)
        return [row["public_id"] for row in rows]

    @staticmethod
    def path_of(vendor_id: int, public_id: str) -> Path:
        """Where a file's bytes lie: below its vendor's own folder, under a name that nobody chose."""
        return settings.data_dir / "files" / str(vendor_id) / public_id


file_in_course = Bound(
    lambda vendor, course, file: LessonFile.raw(
        "SELECT f.public_id, f.name, f.media_type, f.size, l.public_id AS lesson FROM lesson_files f "
        "JOIN lessons l ON l.vendor_id = f.vendor_id AND l.id = f.lesson_id AND l.deleted_at IS NULL "
        "JOIN sections s ON s.vendor_id = l.vendor_id AND s.clickfunnels_id = l.section_clickfunnels_id "
        "WHERE f.vendor_id = {} AND s.course_clickfunnels_id = {} AND f.public_id = {}",
        vendor, course, file,
    ),
    "vendor", "course", "file",
)  # fmt: skip
