"""A subscription that stands still for a while, and goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from litestar import Request, Response, post

import database
from forms.pause import MONTHS, OWN, PauseForm
from tables.billing_command import PAUSE, RESUME
from tables.periods import months_later
from tables.subscribing import charge_after, regular_amount
from theming.words import _, _n
from web.rendering import render
from web.requests import Part, form_of, screen
from web.subscribed import Subscribed, ask, home, manageable


@screen("/subscriptions/{subscription:str}/pause")
async def pause_form(request: Request, subscription: Part) -> Response:
    it = await manageable(request, subscription, PAUSE)
    if not it.offers(PAUSE):
        return home(request, it, "underway" if it.open else "")
    form = PauseForm({"length": MONTHS[0]})
    form.today = today(it)
    return page(request, it, form)


@post("/subscriptions/{subscription:str}/pause")
async def pause(request: Request, subscription: Part) -> Response:
    it, form = await manageable(request, subscription, PAUSE), PauseForm(form_of(request))
    form.check_on(today(it))
    if form.day is None:
        return page(request, it, form)
    if it.open is None and not it.offers(PAUSE):
        return home(request, it)
    until = begins(it, form.day)
    return await ask(
        request, it, PAUSE, until=until.isoformat(), next_amount=regular_amount(it.lines), currency=it.order.currency,
        next_at=charge_after(it.order, it.lines, until).isoformat(), **{"from": database.now().isoformat()},
    )  # fmt: skip


@screen("/subscriptions/{subscription:str}/resumption")
async def resume_form(request: Request, subscription: Part) -> Response:
    it = await manageable(request, subscription, RESUME)
    if not it.offers(RESUME):
        return home(request, it, "underway" if it.open else "")
    following = charge_after(it.order, it.lines, database.now())
    return render(
        request, "account/subscription_resume", layout="account", title=_("Resume subscription"),
        subscription=it.shown | {"here": it.href("resumption"), "next": it.words.date(following)},
        price=it.words.money(regular_amount(it.lines), it.order.currency),
    )  # fmt: skip


@post("/subscriptions/{subscription:str}/resumption")
async def resume(request: Request, subscription: Part) -> Response:
    it = await manageable(request, subscription, RESUME)
    if it.open is None and not it.offers(RESUME):
        return home(request, it)
    return await ask(request, it, RESUME, next_amount=regular_amount(it.lines), currency=it.order.currency,
                     next_at=charge_after(it.order, it.lines, database.now()).isoformat())  # fmt: skip


ROUTES = [pause_form, pause, resume_form, resume]


def page(request: Any, it: Subscribed, form: PauseForm) -> Response:
    """How long, with the day it ends for each choice."""
    lengths = []
    for length in MONTHS:
        until = begins(it, months_later(form.today, int(length)))
        after = it.words.day(charge_after(it.order, it.lines, until))
        lengths.append((length, _n(
            "%(num)s month, until %(date)s. Next payment on %(next)s",
            "%(num)s months, until %(date)s. Next payment on %(next)s", int(length), date=it.words.day(until), next=after,
        )))  # fmt: skip
    return render(
        request, "account/subscription_pause", layout="account", title=_("Pause subscription"), form=form,
        status=422 if form.errors else 200, subscription=it.shown | {"here": it.href("pause")},
        lengths=[*lengths, (OWN, _("Until another day"))], example=form.example,
        price=it.words.money(regular_amount(it.lines), it.order.currency),
    )  # fmt: skip


def today(it: Subscribed) -> date:
    return database.now().astimezone(it.center.zone).date()


def begins(it: Subscribed, day: date) -> datetime:
    """The first moment of a day where the center is."""
    return datetime(day.year, day.month, day.day, tzinfo=it.center.zone).astimezone(UTC)
