"""Courses, sections, lessons, and who is enrolled: what a vendor types about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from forms import Form
from forms.console.people import AddressedForm
from theming.markdown import video_at
from theming.words import _

TITLE = 200
ADDRESS = 1000
TEXT = 50_000
REASON = 300
NAME = 120
LONGEST_DRIP = 3650
WEB_ADDRESS = re.compile(r"https://[^\s<>\"'\\]+")
MINUTE = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::\d\d)?")

DRAFT, NOW, LATER = "draft", "now", "later"


class ContentForm(Form):
    """What the forms of courses, sections and lessons have in common."""

    def check_title(self) -> None:
        self.values["title"] = " ".join(self.values["title"].split())
        if not self.values["title"]:
            self.errors["title"] = _("Give it a title.")
        elif len(self.values["title"]) > TITLE:
            self.errors["title"] = _("Use %(count)s characters or fewer.", count=TITLE)

    def check_text(self, *names: str) -> None:
        for name in names:
            if len(self.values[name]) > TEXT:
                self.errors[name] = _("Use %(count)s characters or fewer.", count=TEXT)

    def check_address(self, name: str) -> None:
        self.values[name] = self.values[name].strip()
        if self.values[name] and not is_web_address(self.values[name]):
            self.errors[name] = _("Enter a whole address that begins with https://.")

    def text(self, name: str) -> str | None:
        """The value, None for an empty one."""
        return self.values[name] or None


class CourseForm(ContentForm):
    takes = ("title", "description")

    def check(self) -> None:
        self.check_title()
        self.check_text("description")


class CourseSettingsForm(ContentForm):
    takes = ("title", "description", "picture_url", "picture_alt", "remove_picture", "show_in_center", "upgrade_url")

    def check(self) -> None:
        self.check_title()
        self.check_text("description")
        self.check_address("picture_url")
        self.check_address("upgrade_url")
        if len(self.values["picture_alt"]) > TITLE:
            self.errors["picture_alt"] = _("Use %(count)s characters or fewer.", count=TITLE)


class SectionForm(ContentForm):
    """`opens` names what has to be done before: `section:…`, `lesson:…` or nothing, `parent` the section it is in."""

    takes = ("title", "description", "parent", "days", "opens", "hidden", "upgrade_url")
    days: int | None = None

    def check(self) -> None:
        self.check_title()
        self.check_text("description")
        self.check_address("upgrade_url")
        typed = self.values["days"] = self.values["days"].strip()
        if typed in ("", "0"):
            self.days = None
        elif typed.isascii() and typed.isdigit() and len(typed) <= 4 and int(typed) <= LONGEST_DRIP:
            self.days = int(typed)
        else:
            self.errors["days"] = _("Enter a whole number of days, up to %(count)s.", count=LONGEST_DRIP)


class LessonForm(ContentForm):
    takes = ("title", "video_url", "body", "section")
    media_host: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, str], media_host: str | None) -> Self:
        """The form as it was sent, checked; films may also come from the vendor's own media host."""
        form = cls(values)
        form.media_host = media_host
        form.check()
        return form

    def check(self) -> None:
        self.check_title()
        self.check_text("body")
        self.check_address("video_url")
        if (
            "video_url" not in self.errors
            and self.values["video_url"]
            and not video_at(self.values["video_url"], self.media_host)
        ):
            self.errors["video_url"] = _(
                "We can show films from YouTube, Vimeo, Wistia, Loom and your own media host. Others go into the text as a link."
            )


class ExtraForm(LessonForm):
    """What a lesson that ClickFunnels keeps can have besides."""

    takes = ("video_url", "own_body")

    def check(self) -> None:
        self.values["title"], self.values["body"] = "-", ""
        super().check()
        self.check_text("own_body")


class PublicationForm(Form):
    takes = ("when", "at", "everything")
    moment: datetime | None = None

    @classmethod
    def of(cls, values: Mapping[str, str], zone: ZoneInfo) -> Self:
        """The form as it was sent, checked; times are the vendor's own."""
        form = cls(values)
        form.check_at(zone)
        return form

    def check_at(self, zone: ZoneInfo) -> None:
        if self.values["when"] not in (DRAFT, NOW, LATER):
            self.errors["when"] = _("Choose when customers see it.")
        if self.values["when"] == LATER:
            self.moment = moment_of(self.values["at"], zone)
            if self.moment is None:
                self.errors["at"] = _("Enter a day and a time like 2027-01-31 09:00.")


class EnrollForm(AddressedForm):
    takes = ("email", "first_name", "last_name", "send_mail")

    def check(self) -> None:
        self.check_email()
        for name in ("first_name", "last_name"):
            self.values[name] = " ".join(self.values[name].split())
            if len(self.values[name]) > NAME:
                self.errors[name] = _("Use %(count)s characters or fewer.", count=NAME)


class SuspensionForm(Form):
    takes = ("reason",)

    def check(self) -> None:
        self.values["reason"] = " ".join(self.values["reason"].split())
        if len(self.values["reason"]) > REASON:
            self.errors["reason"] = _("Use %(count)s characters or fewer.", count=REASON)


class ProductForm(ContentForm):
    takes = ("title",)

    def check(self) -> None:
        self.check_title()


class ListForm(Form):
    """A list of people, pasted; a file comes beside it."""

    takes = ("cells",)


class MappingForm(Form):
    """Which column is which, by their places, and the course of rows that name none."""

    takes = ("email", "first_name", "last_name", "course_column", "course", "send_mail")

    @classmethod
    def of(cls, values: Mapping[str, str], columns: int, courses: Iterable[str]) -> Self:
        """The form as it was sent, checked against the list's columns and the vendor's courses (their public ids)."""
        form = cls(values)
        form.check_columns(columns, set(courses))
        return form

    def check_columns(self, columns: int, courses: set[str]) -> None:
        places = {str(place) for place in range(columns)}
        for name in ("email", "first_name", "last_name", "course_column"):
            if self.values[name] and self.values[name] not in places:
                self.errors[name] = _("Choose a column of the list.")
        if not self.values["email"]:
            self.errors["email"] = _("Choose the column with the email addresses.")
        if self.values["course"] and self.values["course"] not in courses:
            self.errors["course"] = _("Choose one of your courses.")
        elif not self.values["course"] and not self.values["course_column"]:
            self.errors["course"] = _("Choose a course, or the column that names one.")

    @property
    def columns(self) -> dict[str, int | None]:
        names = {"email": "email", "first_name": "first_name", "last_name": "last_name", "course": "course_column"}
        return {field: int(self.values[name]) if self.values[name] else None for field, name in names.items()}


def is_web_address(typed: str) -> bool:
    """A whole https address that a column holds."""
    try:
        return bool(WEB_ADDRESS.fullmatch(typed) and len(typed) <= ADDRESS and urlsplit(typed).hostname)
    except ValueError:
        return False


def moment_of(typed: str, zone: ZoneInfo) -> datetime | None:
    """A day and time as `<input type=datetime-local>` or a person writes it, in a zone; None for what is none.

    A time that the clocks show twice is the first of the two; one that they skip is as much later as they jump.
    """
    match = MINUTE.fullmatch(typed.strip())
    try:
        return datetime(*map(int, match.groups()), tzinfo=zone).astimezone(UTC) if match else None  # type: ignore[arg-type, misc]
    except (ValueError, OverflowError):
        return None


def typed_moment(at: datetime | None, zone: ZoneInfo) -> str:
    """The same the other way, for the field."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if at else ""
