"""The first run: whoever holds the link that the server printed becomes the first owner."""

from __future__ import annotations

import hmac

import structlog
from litestar import Request, Response, post

import database
from forms.console.people import FirstRunForm
from tables import first_run
from tables.audit_entry import AuditEntry
from tables.customer import Customer
from tables.member import OWNER, Member
from tables.vendor import Vendor
from theming.words import _
from web.errors import Refused
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, screen
from web.session import cookie_for, start

log = structlog.get_logger("console")


@screen("/setup/{token:str}")
async def new(request: Request, token: Part) -> Response:
    await require(token)
    return await page(request, FirstRunForm(), token)


@post("/setup/{token:str}")
async def create(request: Request, token: Part) -> Response:
    await require(token)
    form, vendors = FirstRunForm.read(form_of(request)), await Vendor.sellers()
    if not vendors:
        form.check_center()
    if form.errors:
        return await page(request, form, token, status=422)
    session = await database.transaction(lambda: settle(request, form, vendors))
    if session is None:
        raise Refused(410)
    log.info("first owner", vendors=len(vendors) or 1)
    return redirect(request, "/", new_frame=True, cookie=cookie_for(request, session))


ROUTES = [new, create]


async def require(given: str) -> None:
    """Only with the printed token, and only as long as nobody owns anything here."""
    if not hmac.compare_digest(given.encode(), first_run.token().encode()) or await Member.any_owner():
        raise Refused(404)


async def settle(request: Request, form: FirstRunForm, vendors: list[Vendor]) -> str | None:
    """Make the person, the center and the ownership, and sign them in; None when somebody else was first."""
    house = center_of(request)
    await Vendor.hold(house.vendor_id)
    if await Member.any_owner():
        return None
    names = {"first_name": form.values["first_name"].strip(), "last_name": form.values["last_name"].strip()}
    person = await Customer.open(house.vendor_id, form.email, **names)
    made = vendors or [await Vendor.add(form.slug, form.name, support_email=form.email)]
    for vendor in made:
        await Member.add(vendor.id, person.id, OWNER)
        await AuditEntry.record(vendor.id, None, "center.created" if not vendors else "staff.joined", form.email)
    return await start(request, person.id, "setup")


async def page(request: Request, form: FirstRunForm, token: str, status: int = 200) -> Response:
    return render(
        request, "console/setup", layout="narrow", title=_("Set up your console"), status=status, form=form,
        scripts=False, action=center_of(request).url(f"/setup/{token}"),
        centers=[vendor.name for vendor in await Vendor.sellers()],
    )  # fmt: skip
