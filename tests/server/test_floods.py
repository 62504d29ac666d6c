"""Large and many-fielded bodies are refused before they are taken in: memory stays, others are answered."""

from __future__ import annotations

import asyncio

import psutil
import pytest

GROWTH = 50 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"


def punycode() -> bytes:
    name = b"a" * 440_000
    return (
        b'--x\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; charset=punycode\r\n\r\n'
        + name + b"\r\n--x--\r\n"
    )  # fmt: skip


FLOODS = {
    "five megabytes, sixty times": (60, FORM, b"email=" + b"a" * 5_000_000, {413}),
    "millions of fields": (3, FORM, b"a&" * 2_400_000, {413}),
    "thousands of fields within the limit": (20, FORM, b"a&" * 30_000, {400}),
    "a charset that takes for ever": (5, "multipart/form-data; boundary=x", punycode(), {413, 415}),
    "deep JSON for the inbox": (5, "application/json", b"[" * 200_000, {401}),
}


async def send(server, path: str, kind: str, body: bytes) -> int:
    """The status for a body; a server that has answered need not read the rest."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    try:
        writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
        line = await asyncio.wait_for(reader.readline(), 20)
    finally:
        writer.close()
    return int(line.split(b" ")[1])


@pytest.mark.parametrize("name", FLOODS)
async def test_a_flood_is_refused_without_being_kept(server, name):
    times, kind, body, statuses = FLOODS[name]
    path = "/webhooks/acme/clickfunnels" if "inbox" in name else "/acme/sign-in"
    before = psutil.Process(server.process.pid).memory_info().rss
    found = {await send(server, path, kind, body) for _ in range(times)}
    async with server.visitor() as visitor:
        assert (await visitor.get("/health/live")).status_code == 200
    assert found <= statuses
    assert psutil.Process(server.process.pid).memory_info().rss - before < GROWTH
