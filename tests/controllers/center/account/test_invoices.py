import io

import pytest
from pypdf import PdfReader

from integrations import pdf
from tables import Customer, Invoice, Order, PaperRevision, Vendor
from tests.client import forms, tree, words

HERE = "/acme/account/orders/A1001/invoices"
PAPER = f"{HERE}/INV-A1"
CHANGED = "/acme/account/orders/A1002/invoices/INV-A2"


@pytest.fixture
async def one(world, signed_in):
    await Vendor.update(
        {Vendor.legal_name: "Acme Inc.", Vendor.postal_address: "1 Hive Lane\nHudson", Vendor.tax_number: "12-34",
         Vendor.paper_footer: "Questions? Ask <us>."}
    ).where(Vendor.id == world.acme.id)  # fmt: skip
    return await signed_in(world.alice.customer)


async def name(one, **typed):
    where = f"{PAPER}/details"
    return await one.post(where, {"company_name": "", "vat_number": "", "_csrf": await one.token(where), **typed})


def text_of(answer):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


async def test_the_page_has_everything_that_belongs_on_an_invoice(one):
    page = await one.get(PAPER)
    said = words(page)
    for text in (
        "Acme Inc.", "1 Hive Lane", "Tax number: 12-34", "Invoice INV-A1", "Billed to", "Alice", "Issued on", "Paid on", "A1001",
        "Smoker of A", "Quantity", "Unit price", "Subtotal $220.00", "Discount -$10.00", "Shipping $20.00", "Tax $19.00",
        "Total $249.00", "Paid $249.00", "Amount due $0.00", "Questions? Ask <us>.", "Download PDF",
    ):  # fmt: skip
        assert text in said, text
    assert len(list(tree(page).iter("h1"))) == 1


async def test_the_pdf_says_the_same_and_is_nobody_elses_to_keep(one):
    answer = await one.get(f"{PAPER}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="invoice-INV-A1.pdf"'
    assert answer.headers["cache-control"] == "private, no-store"
    said = text_of(answer)
    for text in (
        "Acme Inc.",
        "INV-A1",
        "Smoker of A",
        "$220.00",
        "$20.00",
        "$19.00",
        "$249.00",
        "Questions? Ask <us>.",
    ):
        assert text in said, text


@pytest.mark.parametrize("path", [f"{PAPER}/pdf", "/acme/account/credit-memos/A1001-C1/pdf"])
async def test_without_weasyprint_a_page_says_how_to_print(one, monkeypatch, path):
    monkeypatch.setattr(pdf, "weasyprint", lambda: None)
    page = await one.get(path)
    assert page.status_code == 200
    assert "Save as PDF" in words(page)
    back = path.removesuffix("/pdf")
    assert f'href="{back}"' in page.text
    page = await one.get(back)
    assert "print this page" in words(page)
    assert "/pdf" not in page.text


async def test_the_list_leads_to_the_newest_paper_in_one_step(one):
    assert f'href="{HERE}"' in (await one.get("/acme/account/orders")).text
    assert (await one.get(HERE)).headers["location"] == PAPER
    assert f'href="{PAPER}"' in (await one.get("/acme/account/orders/A1001")).text


async def test_an_order_without_an_invoice_has_a_paper_of_its_own(world, one):
    (order,) = await Order.objects().where((Order.vendor == world.acme.id) & (Order.number == "A2000"))
    path = "/acme/account/orders/A2000/invoices"
    assert (await one.get(path)).headers["location"] == f"{path}/order"
    assert f"Invoice {order.number}" in words(await one.get(f"{path}/order"))
    assert f'href="{path}/order"' in (await one.get("/acme/account/orders/A2000")).text
    await Order.update({Order.billing_status: "abandoned"}).where(Order.id == order.id)
    assert (await one.get(path)).headers["location"] == "/acme/account/orders/A2000"
    assert (await one.get(f"{path}/order")).status_code == 404


async def test_a_company_makes_a_new_revision_and_the_old_one_stays(one):
    answer = await name(one, company_name="  Amaro   Honey GmbH ", vat_number="de 123.456-789", keep="")
    assert answer.headers["location"] == f"{PAPER}?done=revised"
    said = words(await one.get(f"{PAPER}?done=revised"))
    assert "Amaro Honey GmbH" in said
    assert "VAT number: DE123456789" in said
    assert "Revision 2 of " in said
    before = words(await one.get(f"{PAPER}?revision=1"))
    assert "DE123456789" not in before
    assert "Revision 1, replaced later" in before
    assert "DE123456789" in text_of(await one.get(f"{PAPER}/pdf"))
    assert "DE123456789" not in text_of(await one.get(f"{PAPER}/pdf?revision=1"))


@pytest.mark.parametrize("revision", ["0", "3", "-1", "one", "", "1000", "１"])
async def test_a_revision_there_is_not_does_not_exist(one, revision):
    assert (await one.get(f"{CHANGED}?revision={revision}")).status_code == 404
    assert (await one.get(f"{CHANGED}/pdf?revision={revision}")).status_code == 404


@pytest.mark.parametrize("vat", ["123", "D" * 21, "DE12_345", "DE 12 €"])
async def test_a_wrong_vat_number_is_told_and_nothing_typed_is_lost(one, vat):
    page = await name(one, company_name="Honey GmbH", vat_number=vat, keep="1")
    assert page.status_code == 422
    typed = next(fields for action, fields in forms(page).items() if action.endswith("/details"))
    assert (typed["company_name"], typed["vat_number"], typed["keep"]) == ("Honey GmbH", vat, "1")
    assert "4 to 20 letters and digits" in words(page)
    assert not await PaperRevision.exists().where(PaperRevision.invoice == (await bill()).id)


async def bill():
    return await Invoice.objects().get(Invoice.number == "INV-A1")


async def test_a_company_is_kept_for_later_invoices_only_where_that_is_wanted(world, one):
    await name(one, company_name="Honey GmbH")
    assert (await Customer.objects().get(Customer.id == world.alice.id)).billed_since is None
    await name(one, company_name="Honey GmbH", vat_number="DE123456789", keep="1")
    customer = await Customer.objects().get(Customer.id == world.alice.id)
    assert (customer.company_name, customer.vat_number) == ("Honey GmbH", "DE123456789")


async def test_the_same_once_more_changes_nothing(one):
    await name(one, company_name="Honey GmbH")
    answer = await name(one, company_name="Honey GmbH")
    assert answer.headers["location"] == f"{PAPER}?done=same"
    assert await PaperRevision.count().where(PaperRevision.invoice == (await bill()).id) == 2


async def test_somebody_elses_paper_is_as_unknown_as_none(world, signed_in, one):
    for stranger in (world.bob, world.zoe.customer):
        other = await signed_in(stranger)
        home = "/globex" if stranger.id == world.zoe.id else "/acme"
        for path in (PAPER, f"{PAPER}/pdf", f"{PAPER}/details", HERE):
            assert (await other.get(path.replace("/acme", home))).status_code == 404
    assert (await one.get(PAPER.replace("A1001", "A1002"))).status_code == 404


async def test_papers_go_with_the_orders_tab(world, one):
    await Vendor.update({Vendor.hidden_tabs: '["orders"]'}).where(Vendor.id == world.acme.id)
    assert (await one.get(PAPER)).status_code == 404
    assert (await one.get(f"{PAPER}/pdf")).status_code == 404


async def test_a_credit_memo_says_why_what_for_and_what_is_left(one):
    page = await one.get("/acme/account/credit-memos/A1001-C1")
    for text in ("Credit memo A1001-C1", "Reason: Broken for A", "Refund of Hive kit of A", "Total credit $50.00",
                 "What is left of what you paid: $199.00."):  # fmt: skip
        assert text in words(page), text
    assert 'href="/acme/account/orders/A1001"' in page.text
    assert "Unit price" not in words(page)
    answer = await one.get("/acme/account/credit-memos/A1001-C1/pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="credit-memo-A1001-C1.pdf"'
    for text in ("A1001-C1", "Broken for A", "$50.00", "$199.00"):
        assert text in text_of(answer), text


async def test_a_paper_is_read_in_the_customers_language(world, one):
    await Customer.update({Customer.language: "de"}).where(Customer.id == world.alice.id)
    assert "249,00" in words(await one.get(PAPER))
    made = PdfReader(io.BytesIO((await one.get(f"{PAPER}/pdf")).content))
    assert made.trailer["/Root"]["/Lang"] == "de"
