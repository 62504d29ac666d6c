"""Signing in with a password: one answer for whatever is wrong, and no way to lock anybody out."""

from __future__ import annotations

from typing import Any

import structlog
from litestar import Request, Response, post

import database
from forms.password import PasswordForm
from tables.customer import Customer
from tables.hashing import hash_password, outdated, possible, require_room, verify_password
from tables.rate_limit import RateLimit
from theming.words import _
from web.limits import NOBODYS_MISS, forgive, may_try_password, network
from web.rendering import redirect, render, safe_next
from web.requests import center_of, form_of, query_of, screen
from web.session import cookie_for, known_device, start

log = structlog.get_logger("sign_in")


@screen("/sign-in/password")
async def new(request: Request) -> Response:
    query = query_of(request)
    if request.scope["state"]["person"] and "again" not in query:
        return redirect(request, safe_next(query.get("next", "/")))
    changed = {"tone": "good", "text": _("Your password was changed. Sign in with it.")}
    return page(request, PasswordForm(query), notice=changed if "changed" in query else None)


@post("/sign-in/password")
async def create(request: Request) -> Response:
    form = PasswordForm.read(form_of(request))
    if not form.errors and (response := await enter(request, form)):
        return response
    return page(request, form, status=422)


ROUTES = [new, create]


def page(request: Any, form: PasswordForm, **options: Any) -> Response:
    wanted = safe_next(form.values["next"] or "/")
    return render(
        request, "sign_in/password", layout="narrow", title=_("Sign in with Password"), form=form,
        next="" if wanted == "/" else wanted, **options,
    )  # fmt: skip


async def enter(request: Any, form: PasswordForm) -> Response | None:
    """Sign in; None with the form's error set, in the same words and after the same work whatever is wrong."""
    vendor_id = center_of(request).vendor_id
    customer = await Customer.by_email(vendor_id, form.email)
    device = await known_device(request, customer)
    require_room()
    if not await may_try_password(request, vendor_id, form.email, device):
        form.errors[""] = _("Too many tries. Use a link by mail instead.")
        return None
    if await fits(customer, form.password) and customer and (token := await open_session(request, customer, form)):
        await forgive(request, vendor_id, form.email, device)
        wanted = safe_next(form.values["next"] or "/")
        return redirect(request, wanted, new_frame=True, cookie=cookie_for(request, token))
    await miss(vendor_id, form, customer)
    form.errors[""] = _("That email address and password do not belong together. Check both, or use a link by mail.")
    return None


async def fits(customer: Customer | None, password: str) -> bool:
    """Hashes for everybody alike; what is too long to be a password is not hashed for anybody."""
    return possible(password) and await verify_password(customer.usable_hash if customer else None, password)


async def open_session(request: Any, customer: Customer, form: PasswordForm) -> str | None:
    verified, center = customer.usable_hash or "", center_of(request)
    renewed = await hash_password(form.password) if outdated(verified) else None

    async def work() -> str | None:
        if not await Customer.hit_password(center.vendor_id, customer.id, verified, renewed):
            return None
        return await start(request, customer.id, "password")

    token = await database.transaction(work)
    if token:
        request.app.state.worker.wake()
        log.info("signed in", vendor=center.slug, by="password", ip=network(request))
    return token


async def miss(vendor_id: int | None, form: PasswordForm, customer: Customer | None) -> None:
    """Count it against the password, where there is one; one write in any case."""
    if customer and customer.usable_hash:
        await Customer.miss_password(vendor_id, customer.id)
    else:
        await RateLimit.take(NOBODYS_MISS, f"{vendor_id}|{form.email}")
