"""Templates: parts of pages and mails that the vendor writes, with preview, versions and the way back to stock."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.console.partial import PartialForm
from tables.audit_entry import AuditEntry
from tables.customer import Customer
from tables.member import ADMIN
from tables.rate_limit import RateLimit
from tables.vendor_partial import VendorPartial
from theming import center as centers
from theming.center import Center
from theming.console import partial_words
from theming.partials.as_customer import values_of
from theming.partials.kept import why_off
from theming.partials.refused import Refused
from theming.partials.trying import Shown, tried
from theming.slots import MAIL, SLOTS, Slot
from theming.words import _
from web import errors
from web.console import desk, member_of, vendor_of
from web.limits import PARTIALS_SAVED, PARTIALS_TRIED
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen

GUARD = {"role": ADMIN, "recent": True}


@screen("/partials", opt={"role": ADMIN})
async def index(request: Request) -> Response:
    center = own_center(request)
    shown = {row.slot: row for row in await VendorPartial.shown_at(vendor_of(request).id)}
    return render(
        request, "console/partials/index", layout="console", title=_("Templates"),
        off=partial_words.off(why_off(center)), parts=partial_words.listed(center, shown, here(request)),
        notice=partial_words.done(query_of(request).get("done", "")),
    )  # fmt: skip


@screen("/partials/{slot:str}", opt=GUARD)
async def edit(request: Request, slot: Part) -> Response:
    part = known(slot)
    shown = await shown_now(request, part)
    stock = shown is None or query_of(request).get("from") == "stock"
    return await editor(request, part, PartialForm({"source": part.start if stock or shown is None else shown.source}))


@post("/partials/{slot:str}", opt=GUARD)
async def update(request: Request, slot: Part) -> Response:
    part, form = known(slot), PartialForm.read(form_of(request))
    preview = await previewed(request, part, form)
    if form.errors or form.previews:
        return await editor(request, part, form, preview, status=422 if form.errors else 200)
    await keep(request, part, form.values["source"], "partial.saved")
    return redirect(request, desk(request, f"/partials/{slot}?done=saved"))


@screen("/partials/{slot:str}/versions/{number:str}", opt=GUARD)
async def version(request: Request, slot: Part, number: Part) -> Response:
    part = known(slot)
    return await version_page(request, part, await kept(request, part, number), PartialForm())


@post("/partials/{slot:str}/versions/{number:str}", opt=GUARD)
async def restore(request: Request, slot: Part, number: Part) -> Response:
    part = known(slot)
    old = await kept(request, part, number)
    form = PartialForm({"source": old.source})
    await previewed(request, part, form)
    if form.errors:
        return await version_page(request, part, old, form, status=422)
    await keep(request, part, old.source, "partial.restored", of=old.number)
    return redirect(request, desk(request, f"/partials/{slot}?done=restored"))


@screen("/partials/{slot:str}/removal", opt=GUARD)
async def ask_removal(request: Request, slot: Part) -> Response:
    return render(
        request, "console/partials/removal", layout="console", title=_("Show the stock part again?"),
        part=partial_words.row(known(slot), own_center(request), None), href=here(request, known(slot)),
    )  # fmt: skip


@post("/partials/{slot:str}/removal", opt=GUARD)
async def remove(request: Request, slot: Part) -> Response:
    part, vendor, member = known(slot), vendor_of(request), member_of(request)

    async def work() -> None:
        if await VendorPartial.switch_off(vendor.id, part.name):
            await AuditEntry.record(vendor.id, member, "partial.removed", part.label)

    await database.transaction(work)
    return redirect(request, desk(request, "/partials?done=removed"))


ROUTES = [
    index, edit, update, version, restore, ask_removal, remove,
]  # fmt: skip


def known(name: str) -> Slot:
    if name not in SLOTS:
        raise errors.Refused(404)
    return SLOTS[name]


def own_center(request: Any) -> Center:
    """The vendor's own center, not the console's."""
    return centers.center_of(vendor_of(request))


def here(request: Any, part: Slot | None = None) -> str:
    return center_of(request).url(desk(request, f"/partials/{part.name}" if part else "/partials"))


async def shown_now(request: Any, part: Slot) -> VendorPartial | None:
    shown = await VendorPartial.shown_at(vendor_of(request).id)
    return next((row for row in shown if row.slot == part.name), None)


async def kept(request: Any, part: Slot, number: str) -> VendorPartial:
    """A version of this vendor's; 404 for any other."""
    found = None
    if number.isascii() and number.isdigit() and len(number) < 10:
        found = await VendorPartial.version(vendor_of(request).id, part.name, int(number))
    if found is None:
        raise errors.Refused(404)
    return found


async def previewed(request: Any, part: Slot, form: PartialForm) -> Shown | None:
    """What a source makes, tried in a process of its own; what is wrong goes into the form's errors."""
    center, limit = own_center(request), PARTIALS_TRIED if form.previews else PARTIALS_SAVED
    if why := partial_words.off(why_off(center)):
        form.errors[""] = why
    if not form.errors and not await RateLimit.take(limit, str(vendor_of(request).id)):
        form.errors[""] = _("That is enough for an hour. Please try again later: what you typed is still here.")
    if form.errors:
        return None
    try:
        values = await values_for(request, part, form)
        return await tried(part, form.values["source"], values, origin=center.origin if part.kind == MAIL else None)
    except Refused as refused:
        form.refuse(refused)
    except LookupError:
        form.errors["email"] = _("Nobody with this address is a customer of this center.")
    return None


async def values_for(request: Any, part: Slot, form: PartialForm) -> dict[str, Any] | None:
    """A customer's own values, or None for the samples; raises LookupError for an address that is nobody's."""
    if not form.address:
        return None
    customer = await Customer.by_email(vendor_of(request).id, form.address)
    if customer is None:
        raise LookupError(form.address)
    values, form.complete = await values_of(part, own_center(request), customer)
    return values


async def keep(request: Any, part: Slot, source: str, action: str, **detail: int) -> None:
    vendor, member = vendor_of(request), member_of(request)

    async def work() -> None:
        number = await VendorPartial.keep(vendor.id, part.name, source, member.name)
        await AuditEntry.record(vendor.id, member, action, part.label, version=number, **detail)

    await database.transaction(work)


async def editor(request: Any, part: Slot, form: PartialForm, preview: Shown | None = None,
                 status: int = 200) -> Response:  # fmt: skip
    center, href = own_center(request), here(request, part)
    versions = await VendorPartial.versions(vendor_of(request).id, part.name)
    shown = next((one for one in versions if one.active), None)
    return render(
        request, "console/partials/edit", layout="console", title=_(part.label), status=status, form=form, href=href,
        part=partial_words.row(part, center, shown), help=partial_words.help_of(part), preview=preview,
        versions=[partial_words.version(one, center, href) for one in versions],
        off=partial_words.off(why_off(center)), notice=partial_words.done(query_of(request).get("done", "")),
    )  # fmt: skip


async def version_page(request: Any, part: Slot, old: VendorPartial, form: PartialForm, status: int = 200) -> Response:
    shown = await shown_now(request, part)
    now = shown.source if shown else part.start
    return render(
        request, "console/partials/version", layout="console", status=status, form=form, href=here(request, part),
        title=_("%(name)s, version %(number)s", name=_(part.label), number=old.number), label=_(part.label),
        version=partial_words.version(old, own_center(request), here(request, part)), source=old.source,
        differences=partial_words.differences(now, old.source), against=shown.number if shown else None,
    )  # fmt: skip
