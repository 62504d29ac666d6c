import io

import pytest
from pypdf import PdfReader

from tables import Customer
from tests.client import tree, words

PAPER = "/console/acme/orders/A1001/invoices/INV-A1"
CHANGED = "/console/acme/orders/A1002/invoices/INV-A2"


@pytest.fixture
async def desk(world, at_desk, stan):
    return await at_desk(stan)


async def test_staff_see_the_paper_of_an_order(desk):
    assert f'href="{PAPER}"' in (await desk.get("/console/acme/orders/A1001")).text
    page = await desk.get(PAPER)
    for text in ("Invoice INV-A1", "Alice", "Smoker of A", "Total $249.00"):
        assert text in words(page)
    links = [link.get("href") for link in tree(page).iter("a")]
    assert "/console/acme/orders/A1001" in links
    assert not [href for href in links if "/account/orders" in href]
    assert "Add a company name" not in words(page)


async def test_the_file_is_the_customers_own_in_their_language(world, desk):
    await Customer.update({Customer.language: "de"}).where(Customer.id == world.alice.id)
    made = PdfReader(io.BytesIO((await desk.get(f"{PAPER}/pdf")).content))
    assert made.trailer["/Root"]["/Lang"] == "de"
    assert "249,00" in made.pages[0].extract_text()


async def test_both_revisions_can_be_read(desk):
    assert "IE1234567X" in words(await desk.get(CHANGED))
    assert "IE1234567X" not in words(await desk.get(f"{CHANGED}?revision=1"))
    assert (await desk.get(f"{CHANGED}?revision=3")).status_code == 404


async def test_papers_of_another_vendor_are_unknown(world, at_desk, gus):
    other = await at_desk(gus)
    for path in (PAPER, f"{PAPER}/pdf", PAPER.replace("/acme/", "/globex/")):
        assert (await other.get(path)).status_code == 404
