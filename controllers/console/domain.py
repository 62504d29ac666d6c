"""A host and a sender of the vendor's own, once a record in the DNS has proven them."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Request, Response, post

import database
from forms.console.domain import DomainForm
from integrations import dns_records
from tables import proving
from tables.audit_entry import AuditEntry
from tables.member import ADMIN
from tables.vendor import Vendor
from theming.console.domain_words import records, result
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.limits import DNS_CHECKS, take
from web.rendering import redirect, render
from web.requests import form_of, query_of, screen

GUARD = {"role": ADMIN}


@screen("/domain", opt=GUARD)
async def edit(request: Request) -> Response:
    form = DomainForm({"host": vendor_of(request).wanted_domain or ""})
    return await page(request, form, notice=result(query_of(request).get("done", "")))


@post("/domain", opt=GUARD)
async def update(request: Request) -> Response:
    """Note the host that is wanted: the center stays where it is until the host is proven."""
    form, vendor, member = DomainForm.read(form_of(request)), vendor_of(request), member_of(request)

    async def work() -> None:
        await proving.want_domain(vendor.id, form.values["host"])
        await AuditEntry.record(vendor.id, member, "domain.wanted", form.values["host"])

    if not form.errors:
        try:
            await database.transaction(work)
        except proving.Taken:
            form.errors["host"] = _("Another center has this host. If it is yours, ask whoever runs this server.")
    if form.errors:
        return await page(request, form, status=422)
    return redirect(request, desk(request, "/domain?done=wanted"))


@screen("/domain/check", opt=GUARD)
async def ask_check(request: Request) -> Response:
    return redirect(request, desk(request, "/domain"))


@post("/domain/check", opt=GUARD)
async def check(request: Request) -> Response:
    """Look for the record of the wanted host and, when it is there, move the center."""
    await take(DNS_CHECKS, str(vendor_of(request).id))
    return redirect(request, desk(request, f"/domain?done={await checked(request)}"))


@screen("/domain/sender", opt=GUARD)
async def ask_sender(request: Request) -> Response:
    return redirect(request, desk(request, "/domain"))


@post("/domain/sender", opt=GUARD)
async def sender(request: Request) -> Response:
    """Look for the record of the sender's domain; from then on mails come from the vendor's own address."""
    await take(DNS_CHECKS, str(vendor_of(request).id))
    return redirect(request, desk(request, f"/domain?done={await sender_checked(request)}"))


@screen("/domain/removal", opt=GUARD)
async def ask_removal(request: Request) -> Response:
    return render(
        request,
        "console/domain/removal",
        layout="console",
        title=_("Give up the host?"),
        host=vendor_of(request).domain,
    )


@post("/domain/removal", opt=GUARD)
async def remove(request: Request) -> Response:
    vendor, member = vendor_of(request), member_of(request)

    async def work() -> None:
        await proving.leave_domain(vendor.id)
        await AuditEntry.record(vendor.id, member, "domain.left", vendor.domain or "")

    await database.transaction(work)
    return redirect(request, desk(request, "/domain?done=left"))


ROUTES = [edit, update, ask_check, check, ask_sender, sender, ask_removal, remove]


async def checked(request: Any) -> str:
    """What came of looking for the host's record, in a word."""
    vendor, member = vendor_of(request), member_of(request)
    if (host := vendor.wanted_domain) is None:
        return "nothing"

    async def work() -> bool:
        taken = await proving.take_domain(vendor.id, host)
        if taken:
            await AuditEntry.record(vendor.id, member, "domain.proven", host)
        return taken

    return await proven(vendor, host, partial(database.transaction, work), "moved")


async def sender_checked(request: Any) -> str:
    vendor, member = vendor_of(request), member_of(request)
    if (address := vendor.sender_email) is None or vendor.sender_proven_at:
        return "nothing"

    async def work() -> bool:
        found = await proving.sender_proven(vendor.id, address)
        if found:
            await AuditEntry.record(vendor.id, member, "sender.proven", address)
        return found

    return await proven(vendor, address.rpartition("@")[2], partial(database.transaction, work), "sender")


async def proven(vendor: Vendor, host: str, use: Any, word: str) -> str:
    """Ask the DNS, and if the record is there, `use` what it proves."""
    try:
        if not await dns_records.proves(host, await proving.proof_of(vendor.id)):
            return "missing"
        return word if await use() else "nothing"
    except dns_records.NoAnswer:
        return "unknown"
    except proving.Taken:
        return "taken"


async def page(request: Any, form: DomainForm, **options: Any) -> Response:
    vendor = vendor_of(request)
    return render(
        request, "console/domain/edit", layout="console", title=_("Domain"), form=form, host=vendor.domain,
        records=records(vendor.wanted_domain, vendor.proof) if vendor.wanted_domain and vendor.proof else [],
        wanted=vendor.wanted_domain, sender=vendor.sender_email, sender_proven=vendor.sender_proven_at is not None,
        sender_records=records(vendor.sender_email.rpartition("@")[2], vendor.proof, host_too=False)
        if vendor.sender_email and vendor.proof else [], **options,
    )  # fmt: skip
