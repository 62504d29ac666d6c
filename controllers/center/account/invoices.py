"""The papers of an order: each invoice as a page and as PDF, and the company that is named on it."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.invoice_details import InvoiceDetailsForm
from integrations import pdf as files
from tables.order import Order
from tables.paper_revision import BY_CUSTOMER, TooOften
from tables.papers import InvoicePaper, newest_paper
from theming.paper_links import invoice_path
from theming.paper_links import pdf as pdf_path
from theming.paper_words import PaperWords
from theming.words import _
from web.errors import Refused
from web.papers import as_pdf, asked_for, revision_of
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, person_of, query_of, screen

HERE = "/orders/{number:str}/invoices"


@screen(HERE)
async def index(request: Request, number: Part) -> Response:
    """To the newest: the list of them is on the order's page."""
    order = await own_order(request, number)
    try:
        return redirect(request, invoice_path(order, await newest_paper(order)))
    except LookupError:
        return redirect(request, f"/account/orders/{order.number}")


@screen(HERE + "/{invoice:str}")
async def show(request: Request, number: Part, invoice: Part) -> Response:
    paper = await own(request, number, invoice)
    content, row = await asked_for(request, paper)
    center, path = center_of(request), invoice_path(paper.order, paper.bill)
    words, back = PaperWords(center), center.url(f"/account/orders/{paper.order.number}")
    return render(
        request, "account/invoice", layout="account", title=_("Invoice %(number)s", number=content["number"]),
        paper=words.invoice(content, row, back), order={"number": paper.order.number, "href": back},
        pdf=center.url(pdf_path(path)) + revised(request) if files.available() else None,
        details=center.url(f"{path}/details"), has_company=bool(content["buyer"]["company"]),
        revisions=words.revisions(paper.revisions, row, center.url(path)), notice=done(query_of(request).get("done", "")),
    )  # fmt: skip


@screen(HERE + "/{invoice:str}/pdf")
async def pdf(request: Request, number: Part, invoice: Part) -> Response:
    paper = await own(request, number, invoice)
    content, row = await asked_for(request, paper)
    words, path = PaperWords(center_of(request)), invoice_path(paper.order, paper.bill)
    back = center_of(request).url(path) + revised(request)
    return await as_pdf(request, "invoice", words.invoice(content, row), words.size(content), back)


@screen(HERE + "/{invoice:str}/details")
async def edit(request: Request, number: Part, invoice: Part) -> Response:
    paper = await own(request, number, invoice)
    content, _row = await paper.content()
    named = content["buyer"]
    return form_page(request, paper, InvoiceDetailsForm({"company_name": named["company"], "vat_number": named["vat"]}))


@post(HERE + "/{invoice:str}/details")
async def update(request: Request, number: Part, invoice: Part) -> Response:
    paper, form = await own(request, number, invoice), InvoiceDetailsForm.read(form_of(request))
    if form.errors:
        return form_page(request, paper, form, status=422)

    async def work() -> bool:
        return await paper.rename_buyer(form.values["company_name"], form.vat, BY_CUSTOMER, form.keeps)

    try:
        changed = await database.transaction(work)
    except TooOften:
        form.errors[""] = _("This invoice was changed too often. Please ask the seller for help.")
        return form_page(request, paper, form, status=422)
    path = invoice_path(paper.order, paper.bill)
    return redirect(request, f"{path}?done={'revised' if changed else 'kept' if form.keeps else 'same'}")


ROUTES = [index, show, pdf, edit, update]


async def own_order(request: Any, number: str) -> Order:
    order = await Order.by_number(center_of(request).vendor_id, person_of(request).customer_id, number)
    if order is None:
        raise Refused(404)
    return order


async def own(request: Any, number: str, name: str) -> InvoicePaper:
    """The customer's own paper; anybody else's is as unknown as none."""
    paper = await InvoicePaper.find(await own_order(request, number), name)
    if paper is None:
        raise Refused(404)
    return paper


def revised(request: Any) -> str:
    """The query that keeps to the revision that is shown."""
    revision = revision_of(request)
    return f"?revision={revision}" if revision else ""


def form_page(request: Any, paper: InvoicePaper, form: InvoiceDetailsForm, status: int = 200) -> Response:
    center, path = center_of(request), invoice_path(paper.order, paper.bill)
    return render(
        request, "account/invoice_details", layout="account", status=status, title=_("Company details"), form=form,
        back_to={"href": center.url(path), "label": _("Back to the invoice")}, action=center.url(f"{path}/details"),
    )  # fmt: skip


def done(word: str) -> dict[str, str] | None:
    texts = {
        "revised": _("The invoice names the company now. The one before stays here to be read."),
        "kept": _("Later invoices will name the company. This one does already."),
        "same": _("Nothing was different, so nothing was changed."),
    }
    return {"tone": "good", "text": texts[word]} if word in texts else None
