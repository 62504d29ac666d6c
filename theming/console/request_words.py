"""What customers asked of those who hold the money, as the vendor's people read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tables.billing_command import (
    CANCEL,
    CHANGE_PLAN,
    CLICKFUNNELS,
    CONFIRMED,
    MANUAL,
    PAUSE,
    REFUSED,
    REQUESTED,
    SENT,
    STRIPE,
    WITHDRAWN,
    BillingCommand,
)
from tables.cancellation_notice import CancellationNotice
from tables.names import full_name
from theming.change_words import wished
from theming.formats import day, minute, money
from theming.words import _

Words = dict[str, Any]
PERIODS = {"days": "day", "weeks": "week", "months": "month", "quarters": "quarter", "years": "year"}


def filters() -> dict[str, str]:
    return {"open": _("Open"), "refused": _("Refused"), "notices": _("Without signing in")}


def holders() -> dict[str, str]:
    return {MANUAL: _("You"), CLICKFUNNELS: "ClickFunnels", STRIPE: "Stripe"}


def state(status: str, holder: str) -> Words:
    """A chip: what a request waits for, or how it ended."""
    if status == SENT and holder == MANUAL:
        return {"label": _("Waits for you"), "tone": "warn"}
    labels = {
        REQUESTED: (_("About to be sent"), "info"), SENT: (_("Sent, not confirmed yet"), "info"),
        CONFIRMED: (_("Confirmed"), "good"), REFUSED: (_("Refused"), "bad"), WITHDRAWN: (_("Taken back"), "info"),
    }  # fmt: skip
    label, tone = labels[status]
    return {"label": label, "tone": tone}


def listed(row: Any, href: str, zone: ZoneInfo) -> Words:
    """A line of the list."""
    return {
        "wish": wished(row["kind"]), "href": href, "state": state(row["status"], row["holder"]),
        "who": full_name(row["first_name"], row["last_name"], row["email"]),
        "about": " · ".join(text for text in (row["number"], row["summary"]) if text),
        "when": minute(row["requested_at"], zone, "en"), "error": row["error"] or "",
    }  # fmt: skip


def facts(command: BillingCommand, zone: ZoneInfo, locale: str) -> list[dict[str, str]]:
    """All there is to say of one, the wish first."""
    asked, settled = minute(command.requested_at, zone, "en"), minute(command.settled_at, zone, "en")
    rows = [
        *wish_facts(command, zone, locale), (_("Asked on"), asked.text if asked else ""),
        (_("Asked by"), command.asked_by), (_("Who carries it out"), holders()[command.holder]),
        (_("Tries"), str(command.tries) if command.holder != MANUAL else ""),
        (_("Settled on"), settled.text if settled else ""),
        (_("Why not") if command.status == REFUSED else _("Last error"), command.error or ""),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in rows if value]


def wish_facts(command: BillingCommand, zone: ZoneInfo, locale: str) -> list[tuple[str, str]]:
    """The details of a wish, and the amounts its customer was shown before they asked."""
    wish, currency = command.wish, str(command.wish.get("currency") or "USD")
    found = []
    if command.kind == CHANGE_PLAN:
        found += [(_("New plan"), str(wish.get("name") or wish.get("price") or "")), (_("Price"), price(wish, locale)),
                  (_("Begins"), _("With the next period") if wish.get("at_period_end") else _("At once")),
                  (_("The customer was told: today"), amount(wish.get("due_now"), currency, locale)),
                  (_("The customer was told: next time"), amount(wish.get("next_amount"), currency, locale))]  # fmt: skip
    if command.kind == PAUSE:
        found += [(_("From"), date_of(wish.get("from"), zone)), (_("Until"), date_of(wish.get("until"), zone))]
    if command.kind == CANCEL:
        found += [
            (_("Reason"), str(wish.get("reason_text") or wish.get("reason") or "")),
            (_("In their own words"), str(wish.get("comment") or "")),
        ]
    return found


def price(wish: Words, locale: str) -> str:
    """An amount with its period: `$19.00 / month`, `$19.00 / 3 months`."""
    if not isinstance(wish.get("amount"), int):
        return ""
    count, period = wish.get("interval_count") or 1, str(wish.get("interval") or "")
    each = PERIODS.get(period, period) if count == 1 else f"{count} {period}"
    return f"{money(wish['amount'], str(wish.get('currency') or 'USD'), locale)}" + (f" / {each}" if each else "")


def amount(found: Any, currency: str, locale: str) -> str:
    return money(found, currency, locale) if isinstance(found, int) else ""


def date_of(text: Any, zone: ZoneInfo) -> str:
    """A moment in a wish's details as a date; what is no time is nothing."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return ""
    found = day(moment if moment.tzinfo else moment.replace(tzinfo=UTC), zone, "en")
    return found.text if found else ""


def notice_row(notice: CancellationNotice, href: str, zone: ZoneInfo) -> Words:
    """A cancellation without signing in, for the list."""
    done = notice.settled_at is not None
    return {
        "wish": _("Cancellation without signing in"), "href": href, "who": f"{notice.name}, {notice.email}",
        "state": {"label": _("Dealt with") if done else _("Waits for you"), "tone": "good" if done else "warn"},
        "about": notice.contract, "when": minute(notice.received_at, zone, "en"), "error": "",
    }  # fmt: skip


def confirmations() -> dict[str, str]:
    """What confirming each kind of request says."""
    return {
        "cancel": _("You have ended the subscription where the money is. Access lasts until the day you give here."),
        "keep": _("You have taken the cancellation back. The subscription runs on."),
        "change_plan": _("You have changed the plan where the money is."),
        "keep_plan": _("You have taken the change of plan back. The subscription stays on today's plan."),
        "pause": _("The pause has begun where the money is. Access rests until it ends."),
        "resume": _("The pause is over. The customer has access again."),
        "reactivate": _("The subscription runs again. The customer has access."),
        "use_method": _("The next payments come from the payment method the customer chose."),
        "pay": _("The payment has arrived."),
        "default_method": _("The payment method is the default one."),
        "update_method": _("The expiry date is changed."),
        "remove_method": _("The payment method is removed."),
    }  # fmt: skip


def done(word: str) -> dict[str, str] | None:
    """The notice after a change."""
    texts: dict[str, Callable[[], str]] = {
        "confirmed": lambda: _("Confirmed. The customer is told by mail."),
        "refused": lambda: _("Refused. The customer is told by mail, with your reason."),
        "again": lambda: _("It will be tried again in a moment."),
        "settled": lambda: _("Marked as dealt with."),
        "asked": lambda: _("The cancellation is on its way, and stands among the requests."),
        "underway": lambda: _("The customer has asked for something else by now. Settle that first."),
    }
    tones = {"underway": "warn"}
    return {"tone": tones.get(word, "good"), "text": texts[word]()} if word in texts else None
