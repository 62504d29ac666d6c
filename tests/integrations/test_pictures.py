"""Pictures come from public addresses only, are capped, and are kept re-encoded."""

import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from integrations import pictures
from jobs.fetch_pictures import fetch_pictures
from jobs.stopping import Stopping
from tables import Picture
from tables.picture import TRIES


def png(width: int = 40, height: int = 30, **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 120, 20)).save(out, "PNG", **options)
    return out.getvalue()


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/moved.png":
            self.send_response(302)
            self.send_header("location", "/bee.png")
            self.end_headers()
            return
        if self.path == "/inside.png":
            self.send_response(302)
            self.send_header("location", "http://10.0.0.1/secret.png")
            self.end_headers()
            return
        body = {"/bee.png": png(), "/page.html": b"<html>no picture", "/huge.bin": b"\x00" * (9 * 1024 * 1024)}.get(
            self.path
        )
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *arguments):
        pass


@pytest.fixture
def site(monkeypatch):
    """A web site on this machine that passes for a public one; every other private address stays private."""
    monkeypatch.setattr(pictures, "is_public", lambda address: address == "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("path", ["/bee.png", "/moved.png"])
async def test_a_picture_is_fetched_and_kept_as_webp_under_its_hash(site, path):
    kept = await pictures.fetch(site.replace("localhost", "127.0.0.1") + path)
    assert (kept.width, kept.height) == (40, 30)
    with Image.open(pictures.MEDIA / kept.path) as image:
        assert image.format == "WEBP"


@pytest.mark.parametrize("path", ["/page.html", "/huge.bin", "/nothing.png", "/inside.png"])
async def test_what_cannot_be_used_is_refused(site, path):
    with pytest.raises(pictures.Unusable):
        await pictures.fetch(site.replace("localhost", "127.0.0.1") + path)


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fd00::1", "fe80::1%eth0", "0.0.0.0", "224.0.0.1",
    "100.64.0.1", "::ffff:10.0.0.1",
])  # fmt: skip
def test_private_addresses_are_not_public(address):
    assert not pictures.is_public(address)


def test_public_addresses_are():
    assert pictures.is_public("93.184.216.34")
    assert pictures.is_public("2606:2800:220:1::1")


@pytest.mark.parametrize("url", [
    "file:///etc/passwd", "ftp://example.com/a.png", "http://user:pass@example.com/a.png", "http://localhost/a.png",
    "http://127.0.0.1:1/a.png", "//example.com/a.png", "http://[::1]/a.png",
])  # fmt: skip
async def test_other_addresses_are_never_called(url):
    with pytest.raises(pictures.Unusable):
        await pictures.fetch(url)


def test_metadata_is_left_behind():
    exif = Image.Exif()
    exif[0x010E] = "where the bees live"
    kept = pictures.keep(png(exif=exif))
    assert b"where the bees live" not in (pictures.MEDIA / kept.path).read_bytes()


@pytest.mark.parametrize("content", [
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"<html></html>", b"", b"GIF89a" + b"\x00" * 20,
])  # fmt: skip
def test_anything_but_a_picture_is_refused(content):
    with pytest.raises(pictures.Unusable):
        pictures.keep(content)


def test_too_many_pixels_are_refused_before_they_are_decoded():
    bomb = bytearray(png(10, 10))
    bomb[16:24] = (20_000).to_bytes(4, "big") * 2
    with pytest.raises(pictures.Unusable):
        pictures.keep(bytes(bomb))


async def test_the_job_files_what_it_fetches_and_gives_up_after_a_while(site, acme, clock):
    good, bad = (
        f"{site}/bee.png".replace("localhost", "127.0.0.1"),
        f"{site}/nothing.png".replace("localhost", "127.0.0.1"),
    )
    for url in (good, bad, good):
        await Picture.want(acme.id, url)
    for _ in range(TRIES + 2):
        await fetch_pictures(Stopping())
        clock.forward(days=30)
    rows = {row["source_url"]: row for row in await Picture.select()}
    assert rows[good]["path"].endswith(".webp")
    assert rows[good]["tries"] == 1
    assert rows[bad]["path"] is None
    assert rows[bad]["tries"] == TRIES
    assert "404" in rows[bad]["error"]
