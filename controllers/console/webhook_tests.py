"""The test sender: a sample event, signed with the vendor's own secret, taken in like any other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request, Response, post

from forms.console.workings import SampleForm
from integrations import clickfunnels
from integrations.clickfunnels import samples
from tables.audit_entry import AuditEntry
from tables.base import NEWEST
from tables.member import ADMIN
from tables.rate_limit import Limit, RateLimit
from tables.webhook_event import WebhookEvent
from theming.console import webhook_words
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.rendering import redirect, render
from web.requests import center_of, form_of, screen

TEST_EVENTS = Limit("test events", 30, timedelta(hours=1))
EXAMPLE = {"kind": samples.CONTACT, "email": "test@example.com"}


@screen("/webhooks/test", opt={"role": ADMIN})
async def new(request: Request) -> Response:
    return form_page(request, SampleForm(EXAMPLE))


@post("/webhooks/test", opt={"role": ADMIN})
async def create(request: Request) -> Response:
    vendor, form = vendor_of(request), SampleForm.read(form_of(request))
    if not form.errors and await samples.belongs_to_a_customer(vendor.id, form.email):
        form.errors["email"] = _(
            "This is a customer's address, and a test would stand in their account. Choose another."
        )
    if not form.errors and not vendor.webhook_secrets:
        form.errors[""] = _("There is no webhook secret to sign with. Enter it in the settings first.")
    if not form.errors and not await RateLimit.take(TEST_EVENTS, str(vendor.id)):
        form.errors[""] = _("That is enough tests for an hour. Please try again later.")
    if form.errors:
        return form_page(request, form, status=422)
    return await send(request, form)


ROUTES = [new, create]


async def send(request: Any, form: SampleForm) -> Response[Any]:
    """Through the very function that takes in what ClickFunnels sends: the signature is made and checked."""
    vendor = vendor_of(request)
    event_id, body = samples.sample(form.values["kind"], form.email)
    if await clickfunnels.deliver(vendor, samples.signed(body, vendor.webhook_secrets[0]), body) is None:
        form.errors[""] = _("The signature was refused. Please check this server's clock and the webhook secret.")
        return form_page(request, form, status=422)
    await AuditEntry.record(vendor.id, member_of(request), "webhook.tested", event_id, type=form.values["kind"])
    request.app.state.worker.wake()
    row = (await WebhookEvent.listed(vendor.id, NEWEST, event_id=event_id))[0]
    return redirect(request, desk(request, f"/webhooks/{row['public_id']}"))


def form_page(request: Any, form: SampleForm, status: int = 200) -> Response[Any]:
    vendor = vendor_of(request)
    return render(
        request, "console/webhooks/test", layout="console", title=_("Send a test"), status=status, form=form,
        samples=webhook_words.samples(), has_secret=bool(vendor.webhook_secrets),
        action=center_of(request).url(desk(request, "/webhooks/test")),
    )  # fmt: skip
