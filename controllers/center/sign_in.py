"""The email step, the confirmation with its code, the mailed link, and signing out."""

from __future__ import annotations

from typing import Any

import structlog
from litestar import Request, Response, post

import database
from emails import sign_in
from forms.sign_in import CodeForm, EmailForm
from tables.email_address import masked_address
from tables.hashing import require_room
from tables.rate_limit import RateLimit
from tables.sign_in_request import SignInRequest
from theming.account_words import spent_title
from theming.formats import clock
from theming.words import _
from web import kept_forms
from web.asking import ask_by
from web.cookies import PRESESSION, presession
from web.limits import CODE_PER_IP, WRONG_CODES, allow_ip, network
from web.rendering import redirect, render, safe_next
from web.requests import Part, center_of, form_of, prefetching, query_of, screen
from web.session import cookie_for, end, start

log = structlog.get_logger("sign_in")


@screen("/sign-in")
async def new(request: Request) -> Response:
    if request.scope["state"]["person"]:
        return redirect(request, safe_next(query_of(request).get("next", "/")))
    return email_step(request, EmailForm(query_of(request)))


@post("/sign-in")
async def create(request: Request) -> Response:
    form = EmailForm.read(form_of(request))
    if form.errors:
        return email_step(request, form, status=422)
    await ask(request, form.email, safe_next(form.values["next"] or "/"))
    return redirect(request, "/sign-in/check-email")


@screen("/sign-in/check-email")
async def check_email(request: Request) -> Response:
    asked = await last_asked(request)
    if asked is None:
        return redirect(request, "/sign-in")
    return confirmation(request, asked, CodeForm())


@screen("/sign-in/code")
async def code_form(request: Request) -> Response:
    return redirect(request, "/sign-in/check-email")


@post("/sign-in/code")
async def code(request: Request) -> Response:
    asked = await last_asked(request)
    if asked is None:
        return redirect(request, "/sign-in")
    await allow_ip(request, CODE_PER_IP)
    form = CodeForm.read(form_of(request))
    if not form.errors and (response := await enter_by_code(request, asked, form)):
        return response
    return confirmation(request, asked, form, status=422)


@screen("/sign-in/link/{token:str}")
async def link(request: Request, token: Part) -> Response:
    """Opens the session in the browser that asked; anywhere else, and for any HEAD or prefetch, it spends nothing."""
    asked = await SignInRequest.by_link(center_of(request).vendor_id, token)
    if asked is None or asked.state != "live":
        return spent(request, asked, token)
    if request.method == "GET" and asked.asked_from(own_presession(request)) and not prefetching(request):
        return await enter_by_link(request, asked, token)
    return render(
        request, "sign_in/link", layout="narrow", title=_("Sign in"), scripts=False,
        masked=masked_address(asked.email), action=center_of(request).url(f"/sign-in/link/{token}"),
    )  # fmt: skip


@post("/sign-in/link/{token:str}")
async def use_link(request: Request, token: Part) -> Response:
    asked = await SignInRequest.by_link(center_of(request).vendor_id, token)
    if asked is not None and form_of(request).get("resend"):
        await ask(request, asked.email, asked.next or "/")
        return redirect(request, "/sign-in/check-email")
    if asked is None or asked.state != "live":
        return spent(request, asked, token)
    return await enter_by_link(request, asked, token)


@screen("/sign-out")
async def leave(request: Request) -> Response:
    return redirect(request, "/")


@post("/sign-out")
async def destroy(request: Request) -> Response:
    return await end(request)


ROUTES = [new, create, check_email, code_form, code, link, use_link, leave, destroy]


def email_step(request: Any, form: EmailForm, status: int = 200) -> Response:
    wanted = safe_next(form.values["next"] or "/")
    kept = _("You were signed out. Sign in again and you can send your form: what you typed is kept for an hour.")
    return render(
        request, "sign_in/email", layout="narrow", title=_("Sign in"), status=status, form=form,
        notice={"tone": "info", "text": kept} if wanted.startswith(kept_forms.PATH) else None,
        next="" if wanted == "/" else wanted,
    )  # fmt: skip


def confirmation(request: Any, asked: SignInRequest, form: CodeForm, status: int = 200) -> Response:
    center = center_of(request)
    return render(
        request, "sign_in/check_email", layout="narrow", title=_("Check your email"), status=status, form=form,
        email=asked.email, valid_until=clock(asked.expires_at, center.zone, center.locale),
    )  # fmt: skip


def spent(request: Any, asked: SignInRequest | None, token: str) -> Response:
    reason = asked.state if asked and asked.state != "live" else "unknown"
    return render(
        request, "sign_in/link_spent", layout="narrow", title=spent_title(reason), status=410, scripts=False,
        reason=reason,
        masked=masked_address(asked.email) if asked else None, can_resend=asked is not None,
        action=center_of(request).url(f"/sign-in/link/{token}"),
    )  # fmt: skip


async def ask(request: Any, email: str, next_path: str) -> None:
    """Mail a link and a code, unless asked too often; whoever asks sees the same, whatever the address."""
    asking = await ask_by(request, email, "sign-in")
    center, customer = asking.center, asking.customer
    made = await SignInRequest.make_secrets()
    browser = presession(request.scope["state"])

    async def work() -> None:
        customer_id = customer.id if customer else None
        asked = await SignInRequest.ask(center.vendor_id, customer_id, email, browser, next_path, made)
        if not asking.allowed:
            await SignInRequest.silence(center.vendor_id, asked.id)
        elif customer:
            await sign_in.queue(center, customer, asked.id, made, asked.expires_at)
        else:
            await asking.answer_nobody(email, f"sign-in:{asked.id}", asked.expires_at)

    await database.transaction(work)
    request.app.state.worker.wake()
    log.info("asked", vendor=center.slug, mailed=asking.allowed, ip=network(request))


async def last_asked(request: Any) -> SignInRequest | None:
    browser = own_presession(request)
    return await SignInRequest.last_asked(center_of(request).vendor_id, browser) if browser else None


def own_presession(request: Any) -> str | None:
    return request.scope["state"]["cookies"].get(PRESESSION)


async def enter_by_code(request: Any, asked: SignInRequest, form: CodeForm) -> Response | None:
    """Sign in by the code typed in the tab that asked; None with the form's error set when it does not fit."""
    vendor_id, subject = center_of(request).vendor_id, f"{center_of(request).vendor_id}|{asked.email}"
    if any([await RateLimit.spent(limit, subject) for limit in WRONG_CODES]):
        form.errors["code"] = _("Too many wrong codes. Use the link in the message instead.")
        return None
    require_room()
    request_id = await SignInRequest.match_code(vendor_id, own_presession(request) or "", form.code)
    response = await enter(request, request_id, "code") if request_id else None
    if response is None:
        for limit in WRONG_CODES:
            await RateLimit.take(limit, subject)
        form.errors["code"] = _("That code is not right, or no longer valid. Check the newest message.")
    return response


async def enter_by_link(request: Any, asked: SignInRequest, token: str) -> Response:
    response = await enter(request, asked.id, "link")
    if response is None:
        asked = await SignInRequest.by_link(center_of(request).vendor_id, token) or asked
        return spent(request, asked, token)
    return response


async def enter(request: Any, request_id: int, auth_method: str) -> Response | None:
    """Spend the request and open the session in one transaction; None when another use came first."""
    center = center_of(request)

    async def work() -> tuple[str, str] | None:
        row = await SignInRequest.redeem(center.vendor_id, request_id)
        return (await start(request, row["customer_id"], auth_method), row["next"]) if row else None

    opened = await database.transaction(work)
    if opened is None:
        return None
    request.app.state.worker.wake()
    token, next_path = opened
    log.info("signed in", vendor=center.slug, by=auth_method, ip=network(request))
    return redirect(request, next_path or "/", new_frame=True, cookie=cookie_for(request, token))
