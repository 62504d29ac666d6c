"""What somebody declared when they cancelled without signing in, in words: for pages and for mails."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from tables.cancellation_notice import CAUSE, CancellationNotice
from theming.center import Center
from theming.formats import day, minute
from theming.words import _


def declared(notice: CancellationNotice, center: Center) -> list[dict[str, str]]:
    """Every line of the declaration, with when it arrived."""
    received = minute(notice.received_at, center.zone, center.locale)
    rows = [
        (_("Received"), received.text if received else ""), (_("Name"), notice.name), (_("Email address"), notice.email),
        (_("Contract"), notice.contract), (_("Kind of cancellation"), kind(notice)), (_("Reason"), notice.reason),
        (_("The contract is to end"), end(notice, center)),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in rows if value]


def kind(notice: CancellationNotice) -> str:
    return _("For an important reason, at once") if notice.kind == CAUSE else _("Ordinary")


def end(notice: CancellationNotice, center: Center) -> str:
    if notice.ends_on is None:
        return _("As soon as possible")
    noon = datetime.combine(date.fromisoformat(notice.ends_on), time(12), UTC)
    found = day(noon, center.zone, center.locale)
    return found.text if found else notice.ends_on
