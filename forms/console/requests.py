"""What the vendor's people say of a request: what they did where the money is, or why not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import database
from forms import Form
from tables.billing_command import CANCEL, CHANGE_PLAN, PAUSE
from tables.settling import Done
from theming.words import _

LONGEST_REASON = 300
NOW, LATER = "now", "later"
LAST_MOMENT = time(23, 59, 59)


class ConfirmationForm(Form):
    """Dates are days in the center's time zone; a day that was filled in already keeps its hour."""

    takes = ("until", "when", "at")

    def fill(self, kind: str, moment: datetime | None, zone: ZoneInfo, *, later: bool) -> None:
        """As it stands before anybody types: `moment` is the end of what is paid for, or of a pause."""
        day = moment.astimezone(zone).date().isoformat() if moment else ""
        self.values |= {"until": day, "at": day, "when": LATER if kind == CHANGE_PLAN and later else NOW}

    def check_kind(self, kind: str, moment: datetime | None, zone: ZoneInfo) -> None:
        """Read what this kind of request asks for."""
        self.done = Done()
        if kind in (CANCEL, PAUSE):
            self.done = Done(until=self.day("until", moment, zone))
        elif kind == CHANGE_PLAN and self.values["when"] == LATER:
            self.done = Done(at=self.day("at", moment, zone))
            if self.done.at is None:
                self.errors.setdefault("at", _("Enter a date like 2027-01-31."))
        elif kind == CHANGE_PLAN and self.values["when"] != NOW:
            self.errors["when"] = _("Choose one of these.")
        if kind == PAUSE and self.done.until and self.done.until <= database.now():
            self.errors["until"] = _("Choose a day that is still to come, or none.")

    def day(self, name: str, moment: datetime | None, zone: ZoneInfo) -> datetime | None:
        """The last moment of a day; None where none is typed."""
        typed = self.values[name].strip()
        if not typed:
            return None
        try:
            found = date.fromisoformat(typed)
        except ValueError:
            self.errors[name] = _("Enter a date like 2027-01-31.")
            return None
        if moment is not None and moment.astimezone(zone).date() == found:
            return moment
        try:
            return datetime.combine(found, LAST_MOMENT, zone).astimezone(UTC)
        except OverflowError:
            self.errors[name] = _("Enter a date like 2027-01-31.")
            return None


class RefusalForm(Form):
    takes = ("reason",)

    def check(self) -> None:
        self.values["reason"] = " ".join(self.values["reason"].split())
        if not self.values["reason"]:
            self.errors["reason"] = _("Say why: the customer reads it.")
        elif len(self.values["reason"]) > LONGEST_REASON:
            self.errors["reason"] = _("Use %(count)s characters or fewer.", count=LONGEST_REASON)
