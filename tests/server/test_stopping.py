"""SIGTERM: what has begun is finished, what is queued is given back, the process ends."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from urllib.parse import urlencode

from processes import ROOT, form_token, until
from webhooks_sender import ClickFunnels, purchase

POSTS = 20
WELL = (0, -signal.SIGTERM)
"""uvicorn ends itself with the signal it was sent, once it has cleaned up."""


async def test_every_post_under_way_is_answered(launch):
    server = await launch(TRUSTED_PROXIES="127.0.0.1")
    async with server.visitor() as visitor:
        shown = await visitor.get("/acme/sign-in")
        cookie = f"presession={visitor.cookies['presession']}"
    posts = [Post(server, cookie, form_token(shown.text), number) for number in range(POSTS)]
    for post in posts:
        await post.begin()
    async with server.visitor() as later:
        # Whoever came before this one has been let in.
        await later.get("/health/live")
    server.terminate()
    await asyncio.sleep(0.5)
    for post in posts:
        await post.finish()
    answers = [await asyncio.wait_for(post.answer(), 20) for post in posts]
    assert {answer.split(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 303 See Other"}
    assert await server.ended(25) in WELL
    assert await server.data.value("SELECT count(*) FROM sign_in_requests") == POSTS
    assert "Traceback" not in server.said()


class Post:
    """A form that is sent in two halves."""

    def __init__(self, server, cookie: str, token: str, number: int) -> None:
        self.port = server.port
        body = urlencode({"_csrf": token, "email": f"slow{number}@example.com"}).encode()
        self.first = (
            f"POST /acme/sign-in HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {cookie}\r\n"
            f"Referer: {server.base}/acme/sign-in\r\nX-Forwarded-For: 198.51.100.{number}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body[:40]
        self.second = body[40:]

    async def begin(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(self.first)
        await self.writer.drain()

    async def finish(self) -> None:
        self.writer.write(self.second)
        await self.writer.drain()

    async def answer(self) -> bytes:
        said = await self.reader.read(2000)
        self.writer.close()
        return said


async def test_leased_mail_is_given_back(launch, open_post_office):
    office = open_post_office()
    office.delay = 0.3
    server = await launch(SMTP_URL=office.url)
    await ClickFunnels(server).deliver([purchase(f"stop{number}@example.com") for number in range(20)])
    await until(lambda: len(office.messages) >= 2)
    server.terminate()
    assert await server.ended(25) in WELL
    sent = await server.data.value("SELECT count(*) FROM mails WHERE state = 'sent'")
    assert sent == len(office.messages) < 20
    assert await server.data.value("SELECT count(*) FROM mails WHERE leased_until IS NOT NULL") == 0
    assert await server.data.value("SELECT count(*) FROM webhook_events WHERE leased_until IS NOT NULL") == 0
    assert await server.data.value("SELECT max(tries) FROM mails WHERE state = 'queued'") in (0, None)


async def test_an_idle_server_ends_at_once(launch):
    server = await launch()
    server.terminate()
    assert await server.ended(10) in WELL
    assert "Traceback" not in server.said()


async def test_the_worker_alone_ends_too(launch):
    server = await launch(WORKER="0")
    await ClickFunnels(server).send(purchase("alone@example.com"))
    worker = subprocess.Popen([sys.executable, "-m", "litestar", "worker"], cwd=ROOT, env=server.environ)
    try:
        await until(lambda: server.data.value("SELECT count(*) = 1 FROM orders"))
        worker.send_signal(signal.SIGTERM)
        await until(lambda: worker.poll() is not None, 20)
        assert worker.returncode == 0
    finally:
        worker.kill()
