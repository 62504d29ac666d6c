"""Settings, in the groups ClickFunnels has them in; each switch says and draws what the customer will see."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.console.settings import LINKS, SettingsForm
from tables import proving
from tables.audit_entry import AuditEntry
from tables.member import ADMIN
from tables.vendor import Vendor
from theming.center import center_of as storefront_of
from theming.console.choices import currencies, locales, time_zones, with_present
from theming.console.settings_words import cancelling, done, mail_switches, other_tabs, tab_labels, visibility
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.rendering import redirect, render
from web.requests import form_of, query_of, screen

GUARD = {"role": ADMIN}


@screen("/settings", opt=GUARD)
async def edit(request: Request) -> Response:
    return page(request, SettingsForm.of(vendor_of(request)), notice=done(query_of(request).get("done", "")))


@post("/settings", opt=GUARD)
async def update(request: Request) -> Response:
    vendor, member = vendor_of(request), member_of(request)
    form = SettingsForm(form_of(request))
    form.present = vendor
    form.check()
    if form.errors:
        return page(request, form, status=422)

    async def work() -> list[str]:
        changed = await Vendor.change(vendor.id, form.columns)
        if "sender_email" in changed:
            await proving.proof_of(vendor.id)
        if changed:
            await AuditEntry.record(vendor.id, member, "settings.changed", ", ".join(changed).replace("_", " ")[:254])
        return changed

    changed = await database.transaction(work)
    return redirect(request, desk(request, f"/settings?done={'saved' if changed else 'same'}"))


ROUTES = [edit, update]


def page(request: Any, form: SettingsForm, **options: Any) -> Response:
    vendor = vendor_of(request)
    center = storefront_of(vendor)
    return render(
        request, "console/settings/edit", layout="console", title=_("Settings"), form=form, link=center.link("/"),
        visibility=visibility(), other_tabs=other_tabs(), cancelling=cancelling(), mails=mail_switches(),
        tabs_named=list(tab_labels().items()), links=range(1, LINKS + 1),
        locales=with_present(locales(), vendor.locale), time_zones=with_present(time_zones(), vendor.time_zone),
        currencies=with_present(currencies(), vendor.currency or ""), mail_from=center.mail_from,
        sender_proven=center.mail_from == vendor.sender_email, **options,
    )  # fmt: skip
