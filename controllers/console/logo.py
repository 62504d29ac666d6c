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
from web.requests import query_of, screen
from web.uploads import Upload, file_form, upload_of

GUARD = {"role": ADMIN}


@screen("/logo", opt=GUARD)
async def edit(request: Request) -> Response:
    form = LogoForm({"logo_alt": vendor_of(request).logo_alt})
    return page(request, form, notice=done(query_of(request).get("done", "")))


@file_form("/logo", **GUARD)
async def update(request: Request) -> Response:
    """Without a file only the words about the logo are saved."""
    async with upload_of(request, BYTES_LIMIT) as upload:
        form, columns = LogoForm.read(upload.fields), {"logo_alt": upload.fields.get("logo_alt", "")}
        if (upload.file or upload.problem) and not form.errors:
            await take(UPLOADS, str(vendor_of(request).id))
            columns |= await drawn_anew(upload, form)
    if form.errors:
        return page(request, form, status=422)
    vendor, member = vendor_of(request), member_of(request)

    async def work() -> None:
        if changed := await Vendor.change(vendor.id, columns):
            await AuditEntry.record(vendor.id, member, "logo.changed", ", ".join(changed).replace("_", " "))

    await database.transaction(work)
    return redirect(request, desk(request, f"/logo?done={'logo' if 'logo' in columns else 'alt'}"))


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


async def drawn_anew(upload: Upload, form: LogoForm) -> dict[str, str]:
    """The columns of a logo made from the file; an error at the field when it is none."""
    try:
        if upload.problem or not upload.file:
            raise Unusable(_("too large"))
        kept, icon = await asyncio.to_thread(keep_logo, await upload.file.read())
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
