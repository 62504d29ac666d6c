"""The figures of the overview in words, and as a chart beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from tables.daily_figure import (
    COMPLETIONS,
    CUSTOMERS,
    DAYS,
    FAILURES,
    LEARNERS,
    LEARNERS_MONTH,
    SIGN_INS,
)
from theming.console.charts import columns
from theming.words import _

SHOWN = (SIGN_INS, CUSTOMERS, LEARNERS, COMPLETIONS, FAILURES)


def labels() -> dict[str, str]:
    return {
        SIGN_INS: _("Sign-ins"), CUSTOMERS: _("New customers"), LEARNERS: _("Active learners"),
        COMPLETIONS: _("Lessons completed"), FAILURES: _("Mails that failed"),
    }  # fmt: skip


def days(today: date) -> list[date]:
    """The thirty days that end today."""
    return [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]


def month(figures: Mapping[str, Mapping[str, int]], today: date) -> list[dict[str, Any]]:
    """Each figure with its number, its words and its chart."""
    return [figure(name, label, figures, today) for name, label in labels().items()]


def figure(name: str, label: str, figures: Mapping[str, Mapping[str, int]], today: date) -> dict[str, Any]:
    counts = [figures.get(name, {}).get(day.isoformat(), 0) for day in days(today)]
    total = sum(counts)
    if name == LEARNERS:
        # Whoever learned on two days is one learner: what is counted over the month, or at least the most of any day.
        total = max(figures.get(LEARNERS_MONTH, {}).get(today.isoformat(), 0), *counts)
    return {
        "label": label, "number": number(total), "chart": columns(counts), "words": words(counts, today),
        "begins": short(days(today)[0]), "ends": short(today),
    }  # fmt: skip


def words(counts: list[int], today: date) -> str:
    """What the chart shows, said."""
    most = max(counts)
    if not most:
        return _("None in the last %(days)s days.", days=DAYS)
    when = days(today)[len(counts) - 1 - counts[::-1].index(most)]
    said = _("%(count)s today.", count=number(counts[-1])) if counts[-1] else _("None today.")
    if when == today:
        return _("%(count)s today, the most of any day.", count=number(most))
    return f"{said} " + _("The most on one day: %(count)s on %(day)s.", count=number(most), day=short(when))


def table(figures: Mapping[str, Mapping[str, int]], today: date) -> dict[str, Any]:
    """The same as a table, newest first."""
    rows = [
        {"day": short(day), "iso": day.isoformat(),
         "counts": [number(figures.get(name, {}).get(day.isoformat(), 0)) for name in SHOWN]}
        for day in reversed(days(today))
    ]  # fmt: skip
    return {"labels": [labels()[name] for name in SHOWN], "rows": rows}


def number(count: int) -> str:
    return str(format_decimal(count, locale="en"))


def short(day: date) -> str:
    return str(format_date(day, "d MMM", locale="en"))
