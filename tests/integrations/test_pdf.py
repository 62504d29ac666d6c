"""Papers as PDF: what they may read, that they say what the page says, and how they look from sheet to sheet."""

import asyncio
import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pypdf import PdfReader

from integrations import pdf
from tables.hashing import Busy
from tables.paper import Figures, Piece, balanced
from theming import words
from theming.center import NOBODYS
from theming.paper_document import document
from theming.paper_words import PaperWords

CONTENT = {
    "number": "INV-7", "order": "1001", "issued_at": "2026-11-20T10:00:00+00:00", "due_at": None, "currency": "USD",
    "status": "paid", "paid_at": None, "payment": {"processor": "stripe", "brand": "visa", "last4": "4242"},
    "seller": {"name": "Acme", "legal_name": "Acme Inc.", "postal_address": "1 Hive Lane", "tax_number": "12-34",
               "paper_footer": "Thank you"},
    "buyer": {"name": "Alice Ames", "company": "", "vat": "", "place": {"country": "DE"}},
}  # fmt: skip


def html(lines=3, language="en", **changes):
    sums = balanced(Figures(), [Piece(f"Frame {place}", 2, 1000) for place in range(lines)])
    content = CONTENT | sums | {"paid": sums["total"], "due": 0} | changes
    with words.speaking(language):
        spoken = PaperWords(NOBODYS.speaking(language))
        return document(spoken.center, "invoice", spoken.invoice(content), spoken.size(content))


def read(made):
    return PdfReader(io.BytesIO(made))


@pytest.fixture
def outside():
    """A server that should never be asked; yields its address and what it was asked for."""
    asked = []

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


async def test_nothing_outside_is_ever_asked(outside, tmp_path):
    host, asked = outside
    secret = tmp_path / "secret.css"
    secret.write_text("body::before { content: 'a secret' }")
    made = await pdf.make(
        f'<html lang="en"><head><title>x</title><link rel="stylesheet" href="{host}/a.css">'
        f'<link rel="stylesheet" href="file://{secret}"><link rel="attachment" href="{host}/b"><style>@import "{host}/c.css";'
        f'@font-face {{ font-family: x; src: url("{host}/d.woff2") }} body {{ font-family: x; background: url("{host}/e.png") }}'
        f'</style></head><body><img src="{host}/f.png" alt="A picture"><svg><image href="{host}/g.png"/></svg>'
        f'<object data="{host}/h.svg"></object><img src="//{host[7:]}/i.png" alt="Another"><p>words</p></body></html>'
    )
    assert asked == []
    assert "words" in read(made).pages[0].extract_text()
    assert "secret" not in read(made).pages[0].extract_text()


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/x.png", "file:///etc/passwd", "data:text/css,x", "http://paper.invalid/media/../settings.py",
    "http://paper.invalid/static/../x", "http://paper.invalid/avatar/x.webp", "http://paper.invalid/media/x.png",
    "http://evil@paper.invalid/static/app.css", "http://paper.invalid:80/static/app.css",
])  # fmt: skip
def test_only_our_own_files_are_read(url):
    with pytest.raises(ValueError):
        pdf.kept(url)


async def test_a_logo_of_ours_is_read():
    pdf.MEDIA.mkdir(parents=True, exist_ok=True)
    (pdf.MEDIA / f"{'0' * 64}.webp").write_bytes(b"a picture")
    assert pdf.kept(f"http://paper.invalid/media/{'0' * 64}.webp") == (b"a picture", "image/webp")


async def test_two_hundred_lines_repeat_the_header_row_on_every_sheet():
    pages = read(await pdf.make(html(200))).pages
    assert len(pages) > 4
    sheets = [page.extract_text() for page in pages]
    with_lines = [text for text in sheets if "Frame " in text]
    assert len(with_lines) >= len(pages) - 1
    assert all("Description" in text and "Unit price" in text for text in with_lines)
    assert all(f"{place}/{len(pages)}" in text for place, text in enumerate(sheets, 1))
    assert "$2,000.00" in sheets[-1]


async def test_it_is_tagged_and_has_a_title_and_a_language():
    made = read(await pdf.make(html(language="de")))
    assert made.metadata.title.endswith(" INV-7")
    catalog = made.trailer["/Root"]
    assert catalog["/Lang"] == "de"
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog


async def test_it_speaks_the_languages_that_run_to_the_left():
    made = read(await pdf.make(html(language="ar")))
    assert made.trailer["/Root"]["/Lang"] == "ar"
    assert "INV-7" in made.pages[0].extract_text()


@pytest.mark.parametrize(("country", "width"), [("US", 612), ("DE", 595)])
async def test_the_sheet_is_that_of_the_buyers_country(country, width):
    made = read(await pdf.make(html(buyer=CONTENT["buyer"] | {"place": {"country": country}})))
    assert round(made.pages[0].mediabox.width) == width


async def test_at_most_two_at_a_time_and_ten_that_wait(monkeypatch):
    working, most, gate = [], [], threading.Event()

    def slow(source):
        working.append(source)
        most.append(len(working))
        gate.wait(10)
        working.remove(source)
        return b""

    monkeypatch.setattr(pdf, "write", slow)
    jobs = [asyncio.create_task(pdf.make(str(place))) for place in range(pdf.THREADS + pdf.WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await pdf.make("one more")
    gate.set()
    await asyncio.gather(*jobs)
    assert max(most) <= pdf.THREADS


def test_pictures_that_people_upload_still_have_to_be_whole():
    from PIL import ImageFile

    assert pdf.weasyprint() is not None
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
