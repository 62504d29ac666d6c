"""Stripe: the vendor's keys, entered and never shown again, whether they work, and where Stripe sends its events."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms import Form
from forms.console.payments import KeyForm, SigningSecretForm
from integrations.billing import Refused, Unreachable
from integrations.stripe import account
from integrations.stripe.client import installed
from integrations.stripe.effects import LISTED
from settings import settings
from tables.audit_entry import AuditEntry
from tables.member import ADMIN
from tables.rate_limit import RateLimit
from tables.vendor import Vendor
from theming.console.payment_words import connection_of, done, signing_of
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.limits import TAKINGS_IN, TOKEN_CHECKS
from web.rendering import redirect, render
from web.requests import form_of, query_of, screen

GUARD = {"role": ADMIN, "recent": True}


@screen("/payments", opt=GUARD)
async def index(request: Request) -> Response:
    return page(request, notice=done(query_of(request).get("done", "")))


@screen("/payments/key", opt=GUARD)
async def ask_key(request: Request) -> Response:
    return redirect(request, desk(request, "/payments"))


@post("/payments/key", opt=GUARD)
async def keep_key(request: Request) -> Response:
    """A key is kept once it has been seen to work."""
    form, vendor, member = KeyForm.read(form_of(request)), vendor_of(request), member_of(request)
    sight = None if form.errors else await seen(form, vendor.id, form.key, "api_token")
    if sight is None:
        return page(request, key_form=form, form=form, status=422)

    async def work() -> None:
        await Vendor.keep_stripe_key(vendor.id, form.key, sight.account or None)
        await AuditEntry.record(vendor.id, member, "stripe.key_kept", sight.name or sight.account, live=sight.live)

    await database.transaction(work)
    return redirect(request, desk(request, "/payments?done=connected"))


@screen("/payments/check", opt=GUARD)
async def ask_check(request: Request) -> Response:
    return redirect(request, desk(request, "/payments"))


@post("/payments/check", opt=GUARD)
async def check(request: Request) -> Response:
    vendor, form = vendor_of(request), Form.read(form_of(request))
    sight = await seen(form, vendor.id, vendor.stripe_api_key or "", "")
    if sight is None:
        return page(request, form=form, status=422)
    await Vendor.change(vendor.id, {"stripe_account": sight.account or None})
    return redirect(request, desk(request, "/payments?done=works"))


@screen("/payments/secret", opt=GUARD)
async def ask_secret(request: Request) -> Response:
    return redirect(request, desk(request, "/payments"))


@post("/payments/secret", opt=GUARD)
async def keep_secret(request: Request) -> Response:
    form, vendor, member = SigningSecretForm.read(form_of(request)), vendor_of(request), member_of(request)
    if form.errors:
        return page(request, secret_form=form, form=form, status=422)

    async def work() -> None:
        await Vendor.rotate_secret(vendor.id, form.secret, "stripe")
        await AuditEntry.record(vendor.id, member, "stripe.secret_kept")

    await database.transaction(work)
    return redirect(request, desk(request, "/payments?done=taken"))


@screen("/payments/subscriptions", opt=GUARD)
async def ask_subscriptions(request: Request) -> Response:
    return redirect(request, desk(request, "/payments"))


@post("/payments/subscriptions", opt=GUARD)
async def take_in(request: Request) -> Response:
    """What was sold before the webhook was set up is fetched by the same way as what it tells of."""
    vendor, member, form = vendor_of(request), member_of(request), Form.read(form_of(request))
    if not vendor.stripe_api_key:
        form.errors[""] = _("Enter the secret key first.")
    elif not await RateLimit.take(TAKINGS_IN, str(vendor.id)):
        form.errors[""] = _("That was done just now. Please try again in an hour.")
    if form.errors:
        return page(request, form=form, status=422)

    async def work() -> None:
        await account.take_in(vendor.id)
        await AuditEntry.record(vendor.id, member, "stripe.taken_in")

    await database.transaction(work)
    request.app.state.worker.wake()
    return redirect(request, desk(request, "/payments?done=fetching"))


@screen("/payments/removal", opt=GUARD)
async def ask_removal(request: Request) -> Response:
    return render(request, "console/payments/removal", layout="console", title=_("Switch Stripe off?"))


@post("/payments/removal", opt=GUARD)
async def remove(request: Request) -> Response:
    vendor, member = vendor_of(request), member_of(request)

    async def work() -> None:
        await Vendor.keep_stripe_key(vendor.id, None)
        await Vendor.forget_secret(vendor.id, "stripe")
        await AuditEntry.record(vendor.id, member, "stripe.off")

    await database.transaction(work)
    return redirect(request, desk(request, "/payments?done=off"))


ROUTES = [
    index, ask_key, keep_key, ask_check, check, ask_secret, keep_secret, ask_subscriptions, take_in, ask_removal, remove,
]  # fmt: skip


async def seen(form: Form, vendor_id: int, key: str, field: str) -> account.Sight | None:
    """What a key opens; None with the reason in the form."""
    if not await RateLimit.take(TOKEN_CHECKS, str(vendor_id)):
        form.errors[""] = _("That is enough checks for an hour. Please try again later.")
        return None
    try:
        return await account.check(key)
    except (Refused, Unreachable) as error:
        form.errors[field] = f"{str(error).rstrip('.')}."
    return None


def page(request: Any, **options: Any) -> Response:
    vendor = vendor_of(request)
    forms = {"key_form": KeyForm(), "secret_form": SigningSecretForm()}
    return render(
        request, "console/payments/index", layout="console", title=_("Payments"), connection=connection_of(vendor),
        signing=signing_of(vendor), installed=installed(), events=LISTED,
        webhook_address=f"{settings.base_url}/webhooks/{vendor.slug}/stripe", **(forms | options),
    )  # fmt: skip
