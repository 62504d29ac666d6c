"""The mailed link with which a password is set: the first one or another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from litestar import Request, Response, post

import database
from emails import password_changed, set_password
from forms.password import NewPasswordForm
from forms.sign_in import EmailForm
from tables.customer import Customer
from tables.email_address import masked_address
from tables.email_change import WAYS_IN
from tables.hashing import hash_password, require_room
from tables.mailed_link import MailedLink
from tables.session import Session
from tables.sign_in_request import SignInRequest
from theming.account_words import spent_title
from theming.words import _
from web.asking import ask_by
from web.limits import RESET_PER_IP, allow_ip, network
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen

PURPOSE = "password"
LIFETIME = timedelta(minutes=10)
TRIES = 5

log = structlog.get_logger("password")


@screen("/password")
async def new(request: Request) -> Response:
    person = request.scope["state"]["person"]
    return ask_page(request, EmailForm({"email": person.email} if person else query_of(request)))


@post("/password")
async def create(request: Request) -> Response:
    form = EmailForm.read(form_of(request))
    if form.errors:
        return ask_page(request, form, status=422)
    await ask(request, form.email)
    return redirect(request, "/password/check-email")


@screen("/password/check-email")
async def check_email(request: Request) -> Response:
    """The same for every address: it names none, so nothing has to be kept to show it."""
    return render(request, "password/check_email", layout="narrow", title=_("Check your email"))


@screen("/password/{token:str}")
async def edit(request: Request, token: Part) -> Response:
    link = await MailedLink.by_token(center_of(request).vendor_id, PURPOSE, token)
    if link is None or state_of(link) != "live" or await owner_of(link) is None:
        return spent(request, link, token)
    return change_page(request, link, token, NewPasswordForm())


@post("/password/{token:str}")
async def update(request: Request, token: Part) -> Response:
    link = await MailedLink.by_token(center_of(request).vendor_id, PURPOSE, token)
    if link is not None and form_of(request).get("resend"):
        await ask(request, link.email)
        return redirect(request, "/password/check-email")
    customer = await owner_of(link)
    if link is None or customer is None:
        return spent(request, link, token)
    require_room()
    await allow_ip(request, RESET_PER_IP)
    if not await link.count_try(TRIES):
        return spent(request, link, token)
    form = NewPasswordForm.read_for(form_of(request), own_words(request, customer))
    if not form.errors:
        return await change(request, link, customer, form.password) or spent(request, link, token)
    if state_of(link) != "live":
        return spent(request, link, token)
    return change_page(request, link, token, form, status=422)


ROUTES = [new, create, check_email, edit, update]


def ask_page(request: Any, form: EmailForm, **options: Any) -> Response:
    return render(request, "password/ask", layout="narrow", title=_("Set a new password"), form=form, **options)


def change_page(request: Any, link: MailedLink, token: str, form: NewPasswordForm, **options: Any) -> Response:
    return render(
        request, "password/change", layout="narrow", title=_("Change your password"), scripts=False, form=form,
        masked=masked_address(link.email), action=center_of(request).url(f"/password/{token}"), **options,
    )  # fmt: skip


def spent(request: Any, link: MailedLink | None, token: str) -> Response:
    reason = state_of(link) if link else "unknown"
    return render(
        request, "password/spent", layout="narrow", title=spent_title(reason), status=410, scripts=False,
        reason=reason, masked=masked_address(link.email) if link else None,
        action=center_of(request).url(f"/password/{token}"),
    )  # fmt: skip


def state_of(link: MailedLink) -> str:
    """`live`, `used`, `expired`, or `worn` once its form was sent too often."""
    return "worn" if link.state == "live" and link.tries >= TRIES else link.state


async def ask(request: Any, email: str) -> None:
    """Mail a link to set a password, unless asked too often; whoever asks sees the same, whatever the address."""
    asking = await ask_by(request, email, PURPOSE)
    center, customer = asking.center, asking.customer

    async def work() -> None:
        # A link that nothing is mailed for belongs to nobody, and opens nothing.
        owner = customer if asking.allowed else None
        link, token = await MailedLink.make(center.vendor_id, owner.id if owner else None, PURPOSE, email, LIFETIME)
        if owner:
            await set_password.queue(center, owner, link, token)
        else:
            await asking.answer_nobody(email, f"set-password:{link.id}", link.expires_at)

    await database.transaction(work)
    request.app.state.worker.wake()
    log.info("password link asked", vendor=center.slug, mailed=asking.allowed, ip=network(request))


async def owner_of(link: MailedLink | None) -> Customer | None:
    """Whose password a link sets; nobody's once its address is no longer theirs, or the account was switched off."""
    customer = await Customer.by_id(link.vendor, link.customer) if link else None
    return customer if customer and link and customer.email == link.email and customer.may_enter else None


def own_words(request: Any, customer: Customer) -> list[str]:
    """What somebody who knows this person would guess first."""
    center = center_of(request)
    return [customer.email, customer.first_name, customer.last_name, center.name, center.slug]


async def change(request: Any, link: MailedLink, customer: Customer, password: str) -> Response | None:
    """Set the password and sign out everywhere; None when another use of the link came first.

    The password goes first and the sessions last, so that a sign-in on its way with the old one is either refused or
    ended (ASVS 7.4.3). A change of address that a thief has asked for ends as well. Nobody is signed in by it: the mail
    alone must not do both.
    """
    hashed, center = await hash_password(password), center_of(request)

    async def work() -> bool:
        if not await link.redeem():
            return False
        await Customer.set_password(center.vendor_id, customer.id, hashed)
        await SignInRequest.withdraw(center.vendor_id, customer.id)
        await MailedLink.withdraw(center.vendor_id, customer.id, *WAYS_IN)
        await Session.revoke_all(center.vendor_id, customer.id)
        await password_changed.queue(center, customer, link.id)
        return True

    if not await database.transaction(work):
        return None
    request.app.state.worker.wake()
    log.info("password changed", vendor=center.slug, ip=network(request))
    return redirect(request, "/sign-in/password?changed=1", new_frame=True)
