"""A paper as it comes out of the browser's own printer."""

import io

from pypdf import PdfReader

INVOICE = "/acme/account/orders/1002/invoices/INV-2"
TWO_HUNDRED = """() => {
    const lines = document.querySelector(".paper-lines tbody");
    while (lines.rows.length < 200) lines.append(lines.rows[0].cloneNode(true));
}"""
NAVIGATION = (
    "My Account",
    "Subscriptions",
    "Order 1002",
    "Download PDF",
    "company name",
    "Questions?",
    "Sign out",
    "Privacy",
)


async def test_it_prints_without_navigation_and_repeats_its_header_row(browse):
    page = await browse(email="alice@example.com")
    await page.goto(INVOICE)
    for sheet, width in (("A4", 595), ("Letter", 612)):
        (only,) = PdfReader(io.BytesIO(await page.pdf(format=sheet))).pages
        assert abs(only.mediabox.width - width) < 2
        said = " ".join(only.extract_text().split())
        assert not [words for words in NAVIGATION if words in said]
        for words in ("Invoice INV-2", "Acme", "Starter hive kit", "Subtotal", "$220.00", "$19.00", "Total", "$249.00"):
            assert words in said, words
    await page.evaluate(TWO_HUNDRED)
    sheets = [one.extract_text() for one in PdfReader(io.BytesIO(await page.pdf(format="A4"))).pages]
    assert len(sheets) > 4
    assert all("Description" in said and "Unit price" in said for said in sheets if "Starter hive kit" in said)
