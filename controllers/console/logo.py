"""The logo: sent as a file, drawn anew, shown above every page."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, post

import database
from forms.console.logo import LogoForm
from integrations.logos import BYTES_LIMIT, keep_logo
from integrations.pictures import Unusable
from tables.audit_entry import AuditEntry
from tables.member import ADMIN
from tables.vendor import Vendor
from theming.console.settings_words import done
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.limits import UPLOADS, take
from web.rendering import redirect, render
from web.requests import file_of, form_of, query_of, screen

GUARD = {"role": ADMIN}


@screen("/logo", opt=GUARD)
async def edit(request: Request) -> Response:
    form = LogoForm({"logo_alt": vendor_of(request).logo_alt})
    return page(request, form, notice=done(query_of(request).get("done", "")))


@post("/logo", opt={**GUARD, "upload": BYTES_LIMIT})
async def update(request: Request) -> Response:
    """Without a file only the words about the logo are saved."""
    form, vendor, member, content = (
        LogoForm.read(form_of(request)),
        vendor_of(request),
        member_of(request),
        file_of(request, "logo"),
    )
    columns = {"logo_alt": form.values["logo_alt"]}
    if content and not form.errors:
        await take(UPLOADS, str(vendor.id))
        columns |= await drawn_anew(content, form)
    if form.errors:
        return page(request, form, status=422)

    async def work() -> None:
        if changed := await Vendor.change(vendor.id, columns):
            await AuditEntry.record(vendor.id, member, "logo.changed", ", ".join(changed).replace("_", " "))

    await database.transaction(work)
    return redirect(request, desk(request, f"/logo?done={'logo' if content else 'alt'}"))


@screen("/logo/removal", opt=GUARD)
async def ask_removal(request: Request) -> Response:
    return render(request, "console/logo/removal", layout="console", title=_("Remove the logo?"))


@post("/logo/removal", opt=GUARD)
async def remove(request: Request) -> Response:
    vendor, member = vendor_of(request), member_of(request)

    async def work() -> None:
        await Vendor.change(vendor.id, {"logo": None, "favicon": None, "logo_width": "", "logo_height": ""})
        await AuditEntry.record(vendor.id, member, "logo.removed")

    await database.transaction(work)
    return redirect(request, desk(request, "/logo?done=logo_removed"))


ROUTES = [edit, update, ask_removal, remove]


async def drawn_anew(content: bytes, form: LogoForm) -> dict[str, str]:
    """The columns of a logo made from the file; an error at the field when it is none."""
    try:
        kept, icon = await asyncio.to_thread(keep_logo, content)
    except Unusable as problem:
        form.errors["logo"] = _("Choose a PNG, JPEG, WebP or GIF of at most 1 MB and 4 million pixels (%(problem)s).",
                                problem=str(problem))  # fmt: skip
        return {}
    return {"logo": kept.path, "logo_width": str(kept.width), "logo_height": str(kept.height), "favicon": icon.path}


def page(request: Any, form: LogoForm, **options: Any) -> Response:
    vendor = vendor_of(request)
    logo = (
        {"url": f"/media/{vendor.logo}", "width": vendor.logo_width, "height": vendor.logo_height}
        if vendor.logo
        else None
    )
    favicon = f"/media/{vendor.favicon}" if vendor.favicon else None
    return render(
        request,
        "console/logo/edit",
        layout="console",
        title=_("Logo"),
        form=form,
        logo=logo,
        favicon=favicon,
        **options,
    )
