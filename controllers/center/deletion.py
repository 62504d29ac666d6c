"""The mailed link that deletes an account: reading it spends nothing, its button starts the two weeks."""

from __future__ import annotations

from typing import Any

import structlog
from litestar import Request, Response, post

import database
from emails import deletion_scheduled
from tables import closing
from tables.customer import Customer
from tables.email_address import masked_address
from tables.mailed_link import MailedLink
from tables.member import LastOwner
from tables.session import Session
from theming.account_words import spent_title
from theming.console.people_words import only_owner
from theming.words import _
from web.rendering import redirect, refusal, render
from web.requests import Part, center_of, screen

log = structlog.get_logger("accounts")


@screen("/deletion/scheduled")
async def scheduled(request: Request) -> Response:
    """For a browser that is not signed in; it tells nothing about anybody."""
    return render(
        request, "deletion/scheduled", layout="narrow", title=_("Your account will be deleted"), days=closing.GRACE.days
    )  # fmt: skip


@screen("/deletion/{token:str}")
async def confirm(request: Request, token: Part) -> Response:
    link, customer = await find(request, token)
    if link is None or customer is None or link.state != "live":
        return spent(request, link)
    return render(
        request, "deletion/confirm", layout="narrow", title=_("Delete your account?"), scripts=False, banners=(),
        masked=masked_address(link.email), days=closing.GRACE.days, action=center_of(request).url(f"/deletion/{token}"),
    )  # fmt: skip


@post("/deletion/{token:str}")
async def create(request: Request, token: Part) -> Response:
    link, customer = await find(request, token)
    if link is None or customer is None:
        return spent(request, link)
    try:
        redeemed = await database.transaction(lambda: redeem(request, link, customer))
    except LastOwner:
        return last_owner(request)
    if not redeemed:
        return spent(request, link)
    request.app.state.worker.wake()
    log.info("closing", vendor=center_of(request).slug, customer=customer.id)
    own = is_own(request, customer)
    return redirect(request, "/account/data/deletion" if own else "/deletion/scheduled", new_frame=True)


ROUTES = [scheduled, confirm, create]


async def find(request: Any, token: str) -> tuple[MailedLink | None, Customer | None]:
    """The link with its customer; nobody's when it went to an address that is no longer theirs."""
    link = await MailedLink.by_token(center_of(request).vendor_id, closing.PURPOSE, token)
    customer = await Customer.by_id(link.vendor, link.customer) if link else None
    if link is None or customer is None or customer.email != link.email or customer.disabled_at:
        return None, None
    return link, customer


def is_own(request: Any, customer: Customer) -> bool:
    person = request.scope["state"]["person"]
    return person is not None and person.customer_id == customer.id


async def redeem(request: Any, link: MailedLink, customer: Customer) -> bool:
    """Spend the link, set the date, sign out everywhere else, and say so; False when another use came first."""
    if not await link.redeem():
        return False
    if closes_at := await closing.schedule(customer.vendor, customer.id):
        own = request.scope["state"]["person"].token if is_own(request, customer) else None
        await Session.revoke_all(customer.vendor, customer.id, but=own)
        await deletion_scheduled.queue(center_of(request), customer, closes_at)
    return True


def last_owner(request: Any) -> Response:
    """The link stays good, for when there is another owner."""
    return refusal(request, 409, _("Delete your account?"), only_owner())


def spent(request: Any, link: MailedLink | None) -> Response:
    reason = "unknown" if link is None else "used" if link.state == "live" else link.state
    return render(
        request, "deletion/spent", layout="narrow", title=spent_title(reason), status=410, scripts=False,
        banners=(), reason=reason,
    )  # fmt: skip
