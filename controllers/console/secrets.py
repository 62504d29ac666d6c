"""The secrets of single sign-on and of ClickFunnels' webhooks: shown once to whoever made them, taken, switched off."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

from litestar import Request, Response, post

import database
from forms.console.secrets import SecretForm, WebhookSecretForm
from settings import settings
from tables.audit_entry import AuditEntry
from tables.kept_form import KeptForm
from tables.member import ADMIN
from tables.vendor import Vendor
from theming.center import center_of as storefront_of
from theming.console.secret_words import done, state_of
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen

GUARD = {"role": ADMIN, "recent": True}
SIZE = 32


@screen("/secrets", opt=GUARD)
async def index(request: Request) -> Response:
    return page(request, notice=done(query_of(request).get("done", "")))


@screen("/secrets/new/{made:str}", opt=GUARD)
async def show(request: Request, made: Part) -> Response:
    """A secret that was just made, to whoever made it and for as long as the form is kept."""
    kept = await KeptForm.own(center_of(request).vendor_id, member_of(request).person_id, made)
    typed = kept.typed if kept and kept.path == desk(request, "/secrets") else {}
    return render(
        request, "console/secrets/show", layout="console", title=_("Your new secret"), secret=typed.get("secret"),
        status=200 if typed else 410,
        purpose=typed.get("purpose"),
    )  # fmt: skip


@screen("/secrets/sso", opt=GUARD)
async def ask_sso(request: Request) -> Response:
    return redirect(request, desk(request, "/secrets"))


@post("/secrets/sso", opt=GUARD)
async def sso(request: Request) -> Response:
    form = SecretForm.read(form_of(request))
    if form.errors:
        return page(request, sso_form=form, form=form, status=422)
    if form.values["do"] == "off":
        return await switch_off(request)
    return await rotate(request, "sso", form)


@screen("/secrets/clickfunnels", opt=GUARD)
async def ask_clickfunnels(request: Request) -> Response:
    return redirect(request, desk(request, "/secrets"))


@post("/secrets/clickfunnels", opt=GUARD)
async def clickfunnels(request: Request) -> Response:
    form = WebhookSecretForm.read(form_of(request))
    if form.errors:
        return page(request, webhook_form=form, form=form, status=422)
    return await rotate(request, "clickfunnels", form)


ROUTES = [index, show, ask_sso, sso, ask_clickfunnels, clickfunnels]


async def rotate(request: Any, purpose: str, form: SecretForm) -> Response:
    """Take a secret, or make one and show it once; the one before stays good for two days."""
    vendor_id, member, taken = vendor_of(request).id, member_of(request), form.values["do"] == "take"
    secret = form.secret if taken else secrets.token_hex(SIZE)
    keep = partial(
        KeptForm.keep, center_of(request).vendor_id, member.person_id, desk(request, "/secrets"),
        {"secret": secret, "purpose": purpose},
    )  # fmt: skip

    async def work() -> str:
        await Vendor.rotate_secret(vendor_id, secret, purpose)
        await AuditEntry.record(vendor_id, member, f"secret.{purpose}", "", by_hand=taken)
        return "" if taken else await keep()

    made = await database.transaction(work)
    return redirect(request, desk(request, f"/secrets/new/{made}" if made else "/secrets?done=taken"))


async def switch_off(request: Any) -> Response:
    vendor_id, member = vendor_of(request).id, member_of(request)

    async def work() -> None:
        await Vendor.forget_secret(vendor_id, "sso")
        await AuditEntry.record(vendor_id, member, "secret.sso_off")

    await database.transaction(work)
    return redirect(request, desk(request, "/secrets?done=off"))


def page(request: Any, **options: Any) -> Response:
    vendor = vendor_of(request)
    forms = {"sso_form": SecretForm(), "webhook_form": WebhookSecretForm()}
    return render(
        request, "console/secrets/index", layout="console", title=_("Secrets"), sso_state=state_of(vendor, "sso"),
        webhook_state=state_of(vendor, "clickfunnels"), sso_link=storefront_of(vendor).link("/sso"),
        webhook_address=f"{settings.base_url}/webhooks/{vendor.slug}/clickfunnels", **(forms | options),
    )  # fmt: skip
