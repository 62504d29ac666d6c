"""A customer's invoice as the vendor's people see it: the page in their own words, the file as the customer has it."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from integrations import pdf as files
from tables.customer import Customer
from tables.papers import InvoicePaper
from theming import words
from theming.center import center_of as storefront_of
from theming.paper_links import invoice_path
from theming.paper_links import pdf as pdf_path
from theming.paper_words import PaperWords
from theming.words import _
from web.belongings import order_at
from web.console import desk, vendor_of
from web.errors import Refused
from web.papers import as_pdf, asked_for
from web.rendering import render
from web.requests import Part, center_of, screen

HERE = "/orders/{number:str}/invoices/{invoice:str}"


@screen(HERE)
async def show(request: Request, number: Part, invoice: Part) -> Response:
    paper = await paper_at(request, number, invoice)
    content, row = await asked_for(request, paper)
    spoken, here = PaperWords(storefront_of(vendor_of(request)).speaking("en")), address(request, paper)
    order_href = center_of(request).url(desk(request, f"/orders/{paper.order.number}"))
    query = f"?revision={row.revision}" if row else ""
    return render(
        request, "console/orders/invoice", layout="console", title=_("Invoice %(number)s", number=content["number"]),
        paper=spoken.invoice(content, row, order_href), order={"number": paper.order.number, "href": order_href},
        pdf=pdf_path(here) + query if files.available() else None, revisions=spoken.revisions(paper.revisions, row, here),
    )  # fmt: skip


@screen(HERE + "/pdf")
async def pdf(request: Request, number: Part, invoice: Part) -> Response:
    """In the customer's language, to the letter what they download themselves."""
    paper = await paper_at(request, number, invoice)
    content, row = await asked_for(request, paper)
    customer = await Customer.by_id(paper.order.vendor, paper.order.customer)
    center = storefront_of(vendor_of(request)).speaking(customer.language if customer else None)
    with words.speaking(center.locale, center.words):
        spoken = PaperWords(center)
        return await as_pdf(request, "invoice", spoken.invoice(content, row), spoken.size(content),
                            address(request, paper), "console", center)  # fmt: skip


ROUTES = [show, pdf]


async def paper_at(request: Any, number: str, name: str) -> InvoicePaper:
    paper = await InvoicePaper.find(await order_at(request, number), name)
    if paper is None:
        raise Refused(404)
    return paper


def address(request: Any, paper: InvoicePaper) -> str:
    path = invoice_path(paper.order, paper.bill).removeprefix("/account")
    return center_of(request).url(desk(request, path))
