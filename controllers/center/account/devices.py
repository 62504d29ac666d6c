"""Devices: every browser that is signed in, and signing out the others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request, Response, post

import database
from tables.device import Device
from tables.email_change import EmailChange
from tables.session import PAGE, Session
from theming.browsers import browser_words
from theming.formats import day
from theming.words import _
from web.errors import Refused
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import Part, center_of, person_of, query_of, screen
from web.session import end

NOW = timedelta(minutes=10)
"""A session's last use is noted every five minutes."""


@screen("/devices")
async def index(request: Request) -> Response:
    vendor_id, person = center_of(request).vendor_id, person_of(request)
    rows = await Session.of(vendor_id, person.customer_id, below(request), person.session_id, center_of(request).limits)
    rows, paging = page(request, "/account/devices", rows, PAGE, [row["id"] for row in rows])
    here = None if "older" in query_of(request) else await Session.own(vendor_id, person.customer_id, person.session_id)
    return render(
        request, "account/devices", layout="account", title=_("Devices"), paging=paging, notice=notice_of(request),
        here=shown(request, here) if here else None, others=[shown(request, row) for row in rows],
    )  # fmt: skip


@screen("/devices/{session:str}/sign-out")
async def ask_again(request: Request, session: Part) -> Response:
    await own(request, session)
    return redirect(request, "/account/devices")


@post("/devices/{session:str}/sign-out")
async def destroy(request: Request, session: Part) -> Response:
    found, vendor_id, person = await own(request, session), center_of(request).vendor_id, person_of(request)
    if found["id"] == person.session_id:
        return await end(request)

    async def work() -> None:
        await Session.end(vendor_id, person.customer_id, found["id"])
        await Device.forget(vendor_id, person.customer_id, found["device_id"])
        await EmailChange.withdraw_elsewhere(vendor_id, person.customer_id, person.session_id)

    await database.transaction(work)
    return redirect(request, "/account/devices?ended=one")


@screen("/devices/sign-out")
async def ask_all_again(request: Request) -> Response:
    return redirect(request, "/account/devices")


@post("/devices/sign-out")
async def destroy_others(request: Request) -> Response:
    vendor_id, person = center_of(request).vendor_id, person_of(request)
    here = await Session.own(vendor_id, person.customer_id, person.session_id)

    async def work() -> None:
        await Session.revoke_all(vendor_id, person.customer_id, but=person.token)
        await Device.forget_others(vendor_id, person.customer_id, here["device_id"] if here else None)
        await EmailChange.withdraw_elsewhere(vendor_id, person.customer_id, person.session_id)

    await database.transaction(work)
    return redirect(request, "/account/devices?ended=others")


ROUTES = [index, ask_again, destroy, ask_all_again, destroy_others]


async def own(request: Any, public_id: str) -> Any:
    """The customer's live session with this id, or 404."""
    found = await Session.by_public_id(center_of(request).vendor_id, person_of(request).customer_id, public_id)
    if found is None:
        raise Refused(404)
    return found


def notice_of(request: Any) -> dict[str, str] | None:
    texts = {
        "one": _("That device was signed out."), "others": _("You are signed out everywhere else."),
    }  # fmt: skip
    text = texts.get(query_of(request).get("ended", ""))
    return {"tone": "good", "text": text} if text else None


def shown(request: Any, row: Any) -> dict[str, Any]:
    center = center_of(request)
    since = day(row["created_at"], center.zone, center.locale)
    date = since.text if since else ""
    ways = {
        "link": _("Signed in by a mailed link on %(date)s", date=date),
        "code": _("Signed in by a mailed code on %(date)s", date=date),
        "password": _("Signed in with a password on %(date)s", date=date),
        "sso": _("Signed in from another site of ours on %(date)s", date=date),
    }
    return {
        "id": row["public_id"], "name": browser_words(row["device"]), "used": last_used(center, row["last_seen_at"]),
        "since": ways.get(row["auth_method"], _("Signed in on %(date)s", date=date)),
        "action": center.url(f"/account/devices/{row['public_id']}/sign-out"),
    }  # fmt: skip


def last_used(center: Any, moment: Any) -> str:
    """Rounded, because the time itself is only noted now and then: `Active now`, `Last used today`, or the date."""
    now = database.now()
    if now - moment < NOW:
        return _("Active now")
    date, today = day(moment, center.zone, center.locale), day(now, center.zone, center.locale)
    return _("Last used today") if date == today or date is None else _("Last used on %(date)s", date=date.text)
