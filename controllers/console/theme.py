"""The look of the center: tokens with a live preview, published in versions that can be undone."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.console.theme import LONGEST, ThemeForm, ThemeImportForm, exported
from tables.audit_entry import AuditEntry
from tables.member import ADMIN
from tables.theme_version import ThemeVersion
from tables.vendor import Vendor, tokens_of
from theming.console.contrast_words import said
from theming.console.theme_preview import preview, preview_css, query_for
from theming.console.theme_words import choices, done, versions
from theming.environment import theme_tokens
from theming.tokens import DEFAULTS, usable
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.rendering import redirect, render
from web.requests import form_of, query_of, screen
from web.uploads import file_form, upload_of

GUARD = {"role": ADMIN}


@screen("/theme", opt=GUARD)
async def edit(request: Request) -> Response:
    query = query_of(request)
    tokens = await tokens_to_edit(request, query.get("version", ""))
    return await page(request, form_for(request, tokens), tokens, notice=done(query.get("done", "")))


@post("/theme", opt=GUARD)
async def update(request: Request) -> Response:
    form = ThemeForm.read(form_of(request))
    form.base = base_of(request)
    if form.errors or form.values["do"] == "preview":
        return await page(request, form, form.tokens, status=422 if form.errors else 200)
    return await save(request, form.tokens, publish=form.values["do"] == "publish")


@screen("/theme/preview.css", opt=GUARD)
async def sheet(request: Request) -> Response:
    """The sheet of a preview, made of nothing but the tokens in its address."""
    css = preview_css(usable(query_of(request)), theme_tokens(vendor_of(request).theme))
    return Response(css.encode(), media_type="text/css", headers={"cache-control": "private, max-age=600"})


@screen("/theme/undo", opt=GUARD)
async def ask_undo(request: Request) -> Response:
    return redirect(request, desk(request, "/theme"))


@post("/theme/undo", opt=GUARD)
async def undo(request: Request) -> Response:
    vendor_id, member = vendor_of(request).id, member_of(request)

    async def work() -> bool:
        await Vendor.hold(vendor_id)
        gone_back = await ThemeVersion.undo(vendor_id)
        if gone_back:
            await AuditEntry.record(vendor_id, member, "theme.undone")
        return gone_back

    gone_back = await database.transaction(work)
    return redirect(request, desk(request, f"/theme?done={'undone' if gone_back else 'nothing'}"))


@screen("/theme/export", opt=GUARD)
async def export(request: Request) -> Response:
    """The published look as a file."""
    vendor = vendor_of(request)
    return Response(
        exported(vendor.name, usable(vendor.look)).encode(), media_type="application/json",
        headers={"content-disposition": f'attachment; filename="{vendor.slug}-theme.json"'},
    )  # fmt: skip


@screen("/theme/import", opt=GUARD)
async def ask_import(request: Request) -> Response:
    return import_page(request, ThemeImportForm())


@file_form("/theme/import", **GUARD)
async def take_import(request: Request) -> Response:
    """A file or pasted text becomes the draft: nothing is published yet."""
    async with upload_of(request, LONGEST) as upload:
        content = await upload.file.read() if upload.file and not upload.problem else b""
        form = ThemeImportForm.read(upload.fields | ({"source": content.decode("utf-8", "replace")} if content else {}))
    if form.errors:
        return import_page(request, form, status=422)
    return await save(request, form.tokens, publish=False)


ROUTES = [edit, update, sheet, ask_undo, undo, export, ask_import, take_import]


async def save(request: Any, tokens: dict[str, str], *, publish: bool) -> Response:
    vendor_id, member = vendor_of(request).id, member_of(request)

    async def work() -> None:
        await Vendor.hold(vendor_id)
        await (ThemeVersion.publish if publish else ThemeVersion.keep)(vendor_id, tokens, member.name)
        await AuditEntry.record(vendor_id, member, "theme.published" if publish else "theme.drafted", "", **tokens)

    await database.transaction(work)
    return redirect(request, desk(request, f"/theme?done={'published' if publish else 'drafted'}"))


async def tokens_to_edit(request: Any, version: str) -> dict[str, str]:
    """An older look that was asked for, else the draft, else what is published."""
    vendor = vendor_of(request)
    if version:
        row = await ThemeVersion.by_id(vendor.id, int(version)) if version.isdecimal() and len(version) < 18 else None
        if row is None:
            raise Refused(404)
    else:
        row = await ThemeVersion.draft_of(vendor.id)
    return usable(tokens_of(row.tokens) if row else vendor.look)


def base_of(request: Any) -> dict[str, str]:
    """What holds where the vendor has chosen nothing: the operator theme's own, else ours."""
    return DEFAULTS | theme_tokens(vendor_of(request).theme)


def form_for(request: Any, tokens: dict[str, str]) -> ThemeForm:
    return ThemeForm(base_of(request) | tokens)


async def page(request: Any, form: ThemeForm, tokens: dict[str, str], **options: Any) -> Response:
    vendor = vendor_of(request)
    base = theme_tokens(vendor.theme)
    return render(
        request, "console/theme/edit", layout="console", title=_("Theme"), form=form, choices=choices(), lines=said(tokens, base),
        preview=preview(vendor, tokens), preview_sheet=desk(request, f"/theme/preview.css?{query_for(tokens)}"),
        draft=await ThemeVersion.draft_of(vendor.id) is not None,
        versions=versions(vendor, await ThemeVersion.published_of(vendor.id)), **options,
    )  # fmt: skip


def import_page(request: Any, form: ThemeImportForm, **options: Any) -> Response:
    return render(request, "console/theme/import", layout="console", title=_("Upload a theme"), form=form, **options)
