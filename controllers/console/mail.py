"""The mail log: what was written to whom, what became of it, and sending it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request, Response, post

import database
from emails import sign_in
from tables import mail_log
from tables.audit_entry import AuditEntry
from tables.base import public_id
from tables.customer import Customer
from tables.mail import TEXT, shown
from tables.mail_log import MOST_ADDRESSES, PAGE
from tables.rate_limit import Limit, RateLimit
from tables.sign_in_request import SignInRequest
from theming.center import center_of as storefront_of
from theming.console.mail_words import done, facts, fate, message, states
from theming.formats import minute
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.filters import choices, filtered
from web.mails import alone
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import Part, center_of, query_of, screen

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MAILS_AGAIN = (Limit("mail again", 5, HOUR), Limit("mail again", 20, DAY))
MAILS_AGAIN_PER_VENDOR = Limit("mails again", 200, HOUR)


@screen("/mail")
async def index(request: Request) -> Response:
    asked, vendor_id = query_of(request), vendor_of(request).id
    wanted = asked.get("q", "").strip().lower()
    found = await mail_log.addresses(vendor_id, wanted) if wanted else None
    state = asked.get("state", "") if asked.get("state") in states() else ""
    rows = await mail_log.listed(
        vendor_id, below(request), state, found[:MOST_ADDRESSES] if found is not None else None
    )
    rows, paging = page(request, filtered(request, "/mail", "state", "q"), rows, PAGE, [row["id"] for row in rows])
    return render(
        request, "console/mail/index", layout="console", title=_("Mail"), paging=paging, q=asked.get("q", ""), state=state,
        messages=[shown_row(request, row) for row in rows], states=choices(request, "/mail", "state", states()),
        many=len(found or []) > MOST_ADDRESSES, notice=done(asked.get("done", "")),
    )  # fmt: skip


@screen("/mail/{mail:str}")
async def show(request: Request, mail: Part) -> Response:
    row, zone = await own(request, mail), vendor_of(request).zone
    one, customer = shown_row(request, row), await addressee(row)
    return render(
        request, "console/mail/show", layout="console", title=one["subject"], message=one, text=shown(row, "body_text"),
        facts=facts(row, *(minute(row[name], zone, "en") for name in ("created_at", "sent_at", "next_try_at"))),
        fate=fate(row), may_repeat=mail_log.may_repeat(row), has_secret=mail_log.holds_secret(row),
        may_link=mail_log.holds_secret(row) and customer is not None, notice=done(query_of(request).get("done", "")),
        copies=[shown_copy(request, copy) for copy in await mail_log.repeats(row["vendor_id"], row["id"])],
    )  # fmt: skip


@screen("/mail/{mail:str}/html")
async def html(request: Request, mail: Part) -> Response:
    """The HTML part alone, where it can neither run nor send anything; without what was hidden in it."""
    row = await own(request, mail)
    if row["channel"] == TEXT:
        raise Refused(404)
    return alone(shown(row, "body_html"))


@screen("/mail/{mail:str}/copies")
async def ask_again(request: Request, mail: Part) -> Response:
    return redirect(request, desk(request, f"/mail/{(await own(request, mail))['public_id']}"))


@post("/mail/{mail:str}/copies")
async def send_again(request: Request, mail: Part) -> Response:
    """The same words once more; in place of what held a link or a code, a fresh sign-in link."""
    row = await own(request, mail)
    customer = await addressee(row) if mail_log.holds_secret(row) else None
    if customer is None and not mail_log.may_repeat(row):
        return redirect(request, desk(request, f"/mail/{mail}?done=secret"))
    if not await allowed(row["vendor_id"], customer.email if customer else row["recipient"]):
        return redirect(request, desk(request, f"/mail/{mail}?done=often"))
    await (link(request, customer) if customer else copy(request, row))
    request.app.state.worker.wake()
    return redirect(request, desk(request, f"/mail/{mail}?done={'link' if customer else 'again'}"))


ROUTES = [index, show, html, ask_again, send_again]


async def own(request: Any, public_id: str) -> Any:
    row = await mail_log.own(vendor_of(request).id, public_id)
    if row is None:
        raise Refused(404)
    return row


async def addressee(row: Any) -> Customer | None:
    """The customer it is filed under, if they may sign in with the address it went to."""
    customer = await Customer.by_id(row["vendor_id"], row["customer_id"]) if row["customer_id"] else None
    return customer if customer and customer.may_enter else None


async def allowed(vendor_id: int, recipient: str) -> bool:
    limits = [(limit, f"{vendor_id}|{recipient}") for limit in MAILS_AGAIN] + [(MAILS_AGAIN_PER_VENDOR, str(vendor_id))]
    return all([await RateLimit.take(limit, subject) for limit, subject in limits])


async def copy(request: Any, row: Any) -> None:
    vendor_id, member = vendor_of(request).id, member_of(request)

    async def work() -> None:
        if await mail_log.send_again(row):
            await AuditEntry.record(vendor_id, member, "mail.sent_again", row["recipient"], kind=row["kind"])

    await database.transaction(work)


async def link(request: Any, customer: Customer) -> None:
    """To the customer's address of today; bound to no browser, so every one sees the page with the button."""
    vendor, member, made = vendor_of(request), member_of(request), await SignInRequest.make_secrets()

    async def work() -> None:
        asked = await SignInRequest.ask(vendor.id, customer.id, customer.email, public_id() * 2, "", made)
        await sign_in.queue(storefront_of(vendor), customer, asked.id, made, asked.expires_at)
        await AuditEntry.record(vendor.id, member, "mail.link_sent", customer.email)

    await database.transaction(work)


def shown_row(request: Any, row: Any) -> dict[str, Any]:
    href = center_of(request).url(desk(request, f"/mail/{row['public_id']}"))
    return message(row, href, minute(row["created_at"], vendor_of(request).zone, "en"))


def shown_copy(request: Any, row: Any) -> dict[str, Any]:
    href = center_of(request).url(desk(request, f"/mail/{row['public_id']}"))
    return {
        "href": href,
        "when": minute(row["created_at"], vendor_of(request).zone, "en"),
        "state": states()[row["state"]],
    }
