"""The mailed links of a change of address: confirming it from the new mailbox, undoing it from the old one."""

from __future__ import annotations

from typing import Any

import structlog
from litestar import Request, Response, post

import database
from emails import deletion_withdrawn, email_changed, email_confirmed, email_restored
from tables.email_address import masked_apart
from tables.email_change import CHANGE, UNDO, EmailChange, Moved
from theming.account_words import spent_title, what_moves
from theming.words import _
from web.limits import network
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, screen

log = structlog.get_logger("sign_in")


@screen("/email/confirmed")
async def confirmed(request: Request) -> Response:
    return render(request, "email/confirmed", layout="narrow", title=_("Your email address is confirmed"))


@screen("/email/restored")
async def restored(request: Request) -> Response:
    return render(request, "email/restored", layout="narrow", title=_("The change was undone"))


@screen("/email/undo/{token:str}")
async def undo_form(request: Request, token: Part) -> Response:
    change = await EmailChange.by_token(center_of(request).vendor_id or 0, UNDO, token)
    if change is None or change.state != "live" or change.done:
        return spent(request, change)
    return show(request, "email/undo", _("Undo this change"), change, f"/email/undo/{token}")


@post("/email/undo/{token:str}")
async def undo(request: Request, token: Part) -> Response:
    center = center_of(request)

    async def work() -> Moved | None:
        moved = await EmailChange.undo(center.vendor_id or 0, token)
        if moved:
            await email_restored.queue(center, moved)
        return moved

    if not await finish(request, work, "undone"):
        return spent(request, await EmailChange.by_token(center.vendor_id or 0, UNDO, token))
    return redirect(request, "/email/restored", new_frame=True)


@screen("/email/{token:str}")
async def confirm_form(request: Request, token: Part) -> Response:
    change = await EmailChange.by_token(center_of(request).vendor_id or 0, CHANGE, token)
    if change is None or change.state != "live":
        return spent(request, change)
    title = _("Merge two accounts") if change.other else _("Confirm your email address")
    return show(request, "email/merge" if change.other else "email/confirm", title, change, f"/email/{token}")


@post("/email/{token:str}")
async def confirm(request: Request, token: Part) -> Response:
    """Only the page that says so can merge: if the address got an account since, that page comes first."""
    center, merge = center_of(request), form_of(request).get("merge") == "1"
    merge = merge and not center.is_house

    async def work() -> Moved | None:
        moved = await EmailChange.confirm(center.vendor_id or 0, token, merge=merge)
        if moved:
            link, undo_token = await EmailChange.offer_undo(moved)
            await email_changed.queue(center, moved, link, undo_token)
            await email_confirmed.queue(center, moved, link)
        return moved

    moved = await finish(request, work, "confirmed")
    if moved is None:
        change = await EmailChange.by_token(center.vendor_id or 0, CHANGE, token)
        waits = change is not None and change.state == "live"
        return redirect(request, f"/email/{token}") if waits else spent(request, change)
    return redirect(request, "/account/profile?confirmed=1" if stays(request, moved) else "/email/confirmed",
                    new_frame=True)  # fmt: skip


ROUTES = [confirmed, restored, undo_form, undo, confirm_form, confirm]


def stays(request: Any, moved: Moved) -> bool:
    """Whether this browser's session is the one that asked, and so the one that was left."""
    person = request.scope["state"]["person"]
    return person is not None and person.session_id == moved.session_id


async def finish(request: Any, work: Any, what: str) -> Moved | None:
    async def whole() -> Moved | None:
        moved = await work()
        if moved and moved.kept:
            await deletion_withdrawn.queue(center_of(request), moved.customer, moved.kept)
        return moved

    moved = await database.transaction(whole)
    if moved:
        request.app.state.worker.wake()
        log.info("email change", what=what, vendor=center_of(request).slug, ip=network(request))
    return moved


def show(request: Any, partial: str, title: str, change: EmailChange, path: str) -> Response:
    address, current = masked_apart(change.link.email, change.customer.email)
    return render(
        request, partial, layout="narrow", title=title, scripts=False, action=center_of(request).url(path),
        address=address, current=current,
        has_other=change.other is not None, moves=what_moves(),
    )  # fmt: skip


def spent(request: Any, change: EmailChange | None) -> Response:
    """410: the link is used up, too old, unknown, or of an account that is closed."""
    reason = "unknown" if change is None else "done" if change.done and change.link.used_at else change.state
    reason = "used" if reason == "live" else reason
    return render(
        request, "email/spent", layout="narrow", title=spent_title(reason), status=410, scripts=False,
        reason=reason,
    )  # fmt: skip
