"""Static files over the wire: packed, kept for ever, in pieces."""

from __future__ import annotations

import gzip
import re

import brotli
import httpx
import pytest
from processes import ROOT


@pytest.fixture
async def visitor(server):
    async with server.visitor() as made:
        yield made


@pytest.fixture
async def sheet(visitor) -> str:
    return re.search(r'href="(/static/app\.[0-9a-f]{12}\.css)"', (await visitor.get("/acme/sign-in")).text)[1]


async def raw(visitor, path: str, **headers: str) -> httpx.Response:
    """An answer whose body is as it came over the wire."""
    async with visitor.stream("GET", path, headers=headers) as answer:
        answer._content = b"".join([chunk async for chunk in answer.aiter_raw()])
        return answer


async def test_the_packing_is_the_browsers_choice(visitor, sheet):
    source = (ROOT / "static" / "app.css").read_bytes()
    packed = await raw(visitor, sheet, **{"accept-encoding": "gzip, br"})
    zipped = await raw(visitor, sheet, **{"accept-encoding": "gzip"})
    plain = await raw(visitor, sheet, **{"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "br"
    assert brotli.decompress(packed.content) == source
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == source
    assert "content-encoding" not in plain.headers
    assert plain.content == source
    assert {answer.headers["vary"] for answer in (packed, zipped, plain)} == {"Accept-Encoding"}


async def test_it_is_kept_for_ever_and_checked_for_free(visitor, sheet):
    answer = await visitor.get(sheet)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"] == 'text/css; charset="utf-8"'
    assert "access-control-allow-origin" not in answer.headers
    again = await visitor.get(sheet, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


async def test_a_part_of_it_can_be_asked_for(visitor, sheet):
    answer = await raw(visitor, sheet, range="bytes=0-99", **{"accept-encoding": "identity"})
    assert answer.status_code == 206
    assert answer.content == (ROOT / "static" / "app.css").read_bytes()[:100]
    assert answer.headers["content-range"].startswith("bytes 0-99/")


async def test_security_headers_are_on_files_and_on_misses(visitor, sheet):
    for answer in (await visitor.get(sheet), await visitor.get("/static/none.css"), await visitor.post(sheet)):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await visitor.get("/static/none.css")).status_code == 404
    assert (await visitor.post(sheet)).status_code == 405


@pytest.mark.parametrize("path", ["/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fcenter.sqlite"])
async def test_nothing_outside_the_folder_is_served(server, path):
    import asyncio

    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode())
    said = await reader.read()
    writer.close()
    assert said.split()[1] == b"404"
