"""A course with its sections, lessons and files."""

from __future__ import annotations

from pathlib import Path

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

from database import Bound
from settings import settings
from tables.base import Owned, Remote, public_id, text
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


class LessonFile(Owned, Table, tablename="lesson_files"):
    """A private file of a lesson; its bytes lie under DATA_DIR/files/<vendor>/<public id>."""

    lesson = ForeignKey(Lesson, null=False, db_column_name="lesson_id")
    public_id = Varchar(length=22, default=public_id)
    name = Varchar(length=200)
    media_type = Varchar(length=100)
    size = BigInt(default=0)
    position = Integer(default=0)

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
