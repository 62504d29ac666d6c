"""Your data: a copy of everything we keep, and the end of the account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request, Response, post

import database
from emails import delete_account, deletion_withdrawn
from forms import Form
from tables import closing
from tables.customer import Customer
from tables.export import Export
from tables.mailed_link import MailedLink
from tables.member import LastOwner, Member
from tables.order import Subscription
from tables.rate_limit import Limit, RateLimit
from theming.console.people_words import only_owner
from theming.export_words import entry, may_ask
from theming.formats import day
from theming.words import _
from web.errors import Refused
from web.files import send_file
from web.rendering import redirect, render
from web.requests import OWNER_ONLY, Part, center_of, customer_of, person_of, query_of, screen

MAILS = (Limit("deletion", 3, timedelta(hours=1)), Limit("deletion", 5, timedelta(days=1)))


@screen("/data")
async def index(request: Request) -> Response:
    return await page(request, Form())


@screen("/data/exports")
async def exports(request: Request) -> Response:
    return redirect(request, "/account/data")


@post("/data/exports")
async def create(request: Request) -> Response:
    center, person, form = center_of(request), person_of(request), Form()
    if await database.transaction(lambda: Export.ask(center.vendor_id, person.customer_id)):
        request.app.state.worker.wake()
        return redirect(request, "/account/data")
    form.errors[""] = _("A copy is being prepared already, or you had three today. Please come back later.")
    return await page(request, form, status=422)


@screen("/data/exports/{export:str}", opt=OWNER_ONLY)
async def download(request: Request, export: Part) -> Response:
    """Whose it is, and that it is still kept, is checked every time."""
    found = await Export.ready(center_of(request).vendor_id, person_of(request).customer_id, export)
    if found is None:
        raise Refused(404)
    name = f"{center_of(request).slug}-{found.ready_at:%Y-%m-%d}.zip"
    return await send_file(request, Export.path_of(found.vendor, found.public_id), name, "application/zip")


@screen("/data/deletion")
async def deletion(request: Request) -> Response:
    return await deletion_page(request, Form())


@post("/data/deletion")
async def ask_deletion(request: Request) -> Response:
    """Only a message to the customer's own address goes on from here: a browser left open deletes nothing."""
    customer, form = await customer_of(request), Form()
    if customer.closes_at:
        return redirect(request, "/account/data/deletion")
    if not await may_close(customer):
        form.errors[""] = only_owner()
        return await deletion_page(request, form, status=422)
    subject = f"{customer.vendor}|{customer.id}"
    if not all([await RateLimit.take(limit, subject) for limit in MAILS]):
        form.errors[""] = _("We have sent you several messages already. Please look for them, also in spam.")
        return await deletion_page(request, form, status=422)
    await database.transaction(lambda: mail_link(request, customer))
    request.app.state.worker.wake()
    return redirect(request, "/account/data/deletion?sent=1")


@screen("/data/deletion/withdrawal")
async def withdrawal(request: Request) -> Response:
    return redirect(request, "/account/data/deletion")


@post("/data/deletion/withdrawal")
async def withdraw(request: Request) -> Response:
    center, customer = center_of(request), await customer_of(request)

    async def work() -> None:
        closes_at = await closing.withdraw(customer.vendor, customer.id)
        if closes_at:
            await deletion_withdrawn.queue(center, customer, closes_at)

    await database.transaction(work)
    request.app.state.worker.wake()
    return redirect(request, "/account/data?kept=1")


ROUTES = [index, exports, create, download, deletion, ask_deletion, withdrawal, withdraw]


async def may_close(customer: Customer) -> bool:
    """Whoever alone owns a center has to stay; nobody but the console's people owns any."""
    try:
        await database.transaction(lambda: Member.require_others(customer.id))
    except LastOwner:
        return False
    return True


async def page(request: Any, form: Form, **options: Any) -> Response:
    center, person = center_of(request), person_of(request)
    kept = await Export.of(center.vendor_id, person.customer_id) if person.viewing is None else []
    stays = {"tone": "good", "text": _("Your account stays. Nothing was deleted.")}
    return render(
        request, "account/data", layout="account", title=_("Your data"), form=form,
        exports=[entry(center, export) for export in kept], may_ask=may_ask(kept),
        waiting=any(export.state == "requested" for export in kept),
        notice=stays if "kept" in query_of(request) and not person.closes_at else None, **options,
    )  # fmt: skip


async def deletion_page(request: Any, form: Form, **options: Any) -> Response:
    center, person = center_of(request), person_of(request)
    date = day(person.closes_at, center.zone, center.locale)
    return render(
        request, "account/deletion", layout="account", form=form, email=person.email, days=closing.GRACE.days,
        title=_("Your account will be deleted") if date else _("Delete my account"), date=date, banners=(),
        sent="sent" in query_of(request) and not date, hours=closing.LINK_LIFETIME // timedelta(hours=1),
        subscribed=await Subscription.any_running(center.vendor_id, person.customer_id), **options,
    )  # fmt: skip


async def mail_link(request: Any, customer: Customer) -> None:
    """The newest message counts: links in older ones end."""
    await MailedLink.withdraw(customer.vendor, customer.id, closing.PURPOSE)
    link, token = await MailedLink.make(
        customer.vendor, customer.id, closing.PURPOSE, customer.email, closing.LINK_LIFETIME
    )
    await delete_account.queue(center_of(request), customer, link, token)
