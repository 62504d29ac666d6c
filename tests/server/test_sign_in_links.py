"""What a mailed link survives: scanners, other browsers, and fifty hands at once."""

from __future__ import annotations

import asyncio
import re
from collections import Counter

import pytest
from post_office import code_of, html_of, links_of
from processes import form_token, until
from webhooks_sender import purchase

SCANNER = {"user-agent": "Mozilla/5.0 (compatible; SafeLinks)"}


@pytest.fixture
async def asking(server, clickfunnels, post):
    """A browser that has just asked for a link, and the message that came."""
    email = "links@example.com"
    await clickfunnels.send(purchase(email))
    await until(lambda: post.to(email))
    before = len(post.messages)
    async with server.visitor() as visitor:
        await visitor.ask(email)
        [visitor.message] = await until(lambda: [one for one in post.messages[before:] if opens_session(one)])
        visitor.path = links_of(visitor.message)[0].removeprefix(server.base)
        yield visitor


def opens_session(message) -> bool:
    """Not the notice of a new device that the test before has caused, which may come late."""
    return "/sign-in/link/" in links_of(message)[0]


async def signed_in(visitor) -> bool:
    return (await visitor.get("/acme/account")).status_code == 200


async def test_a_scanner_spends_nothing(server, asking):
    async with server.visitor(headers=SCANNER) as scanner:
        looks = [await scanner.head(asking.path) for _ in range(3)] + [await scanner.get(asking.path) for _ in range(5)]
    assert {look.status_code for look in looks} == {200}
    assert not any("center-acme" in look.headers.get("set-cookie", "") for look in looks)
    assert (await asking.get(asking.path)).status_code == 303
    assert await signed_in(asking)


async def test_the_asking_browser_opens_it_at_once_but_never_by_head_or_prefetch(asking):
    assert (await asking.head(asking.path)).status_code == 200
    assert (await asking.get(asking.path, headers={"sec-purpose": "prefetch;prerender"})).status_code == 200
    assert not await signed_in(asking)
    answer = await asking.get(asking.path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/acme/")
    assert await signed_in(asking)


async def test_another_browser_signs_in_by_the_button_and_only_itself(server, asking):
    async with server.visitor() as other:
        shown = await other.get(asking.path)
        assert "l•••@example.com" in re.sub(r"<[^>]+>", "", shown.text)
        assert "links@example.com" not in shown.text
        assert "<script" not in shown.text
        assert (await other.send_form(asking.path, asking.path)).status_code == 303
        assert await signed_in(other)
    assert not await signed_in(asking)
    spent = await asking.get(asking.path)
    assert spent.status_code == 410
    assert "already used" in spent.text


async def test_the_code_works_in_the_tab_that_asked_and_kills_the_link(server, asking):
    code = code_of(asking.message)
    async with server.visitor() as thief:
        shown = await thief.get("/acme/sign-in")
        guess = await thief.post(
            "/acme/sign-in/code", data={"_csrf": form_token(shown.text), "code": code},
            headers={"referer": f"{server.base}/acme/sign-in"},
        )  # fmt: skip
        assert guess.headers["location"] == "/acme/sign-in"
        assert not await signed_in(thief)
    answer = await asking.send_form("/acme/sign-in/check-email", "/acme/sign-in/code", code=code)
    assert answer.status_code == 303
    assert await signed_in(asking)
    async with server.visitor() as late:
        assert (await late.get(asking.path)).status_code == 410


async def test_fifty_presses_at_once_open_one_session(server, asking):
    async with server.visitor() as other:
        token = form_token((await other.get(asking.path)).text)
        cookies = dict(other.cookies)

    async def press() -> str:
        async with server.visitor(cookies=cookies, headers={"referer": f"{server.base}{asking.path}"}) as hand:
            answer = await hand.post(asking.path, data={"_csrf": token})
        return f"{answer.status_code} {'center-acme' in answer.headers.get('set-cookie', '')}"

    before = await server.data.value("SELECT count(*) FROM sessions")
    assert Counter(await asyncio.gather(*(press() for _ in range(50)))) == {"303 True": 1, "410 False": 49}
    assert await server.data.value("SELECT count(*) FROM sessions") == before + 1


async def test_a_link_of_one_center_opens_nothing_at_another(server, asking):
    answer = await asking.get(asking.path.replace("/acme/", "/globex/"))
    assert answer.status_code == 410
    assert (await asking.get(asking.path)).status_code == 303


async def test_secrets_are_nowhere_once_the_mail_is_out(server, asking):
    token, code = asking.path.rpartition("/")[2], code_of(asking.message)
    await until(lambda: server.data.value("SELECT count(*) = 0 FROM mails WHERE state = 'queued'"))
    assert token in html_of(asking.message)
    [row] = await server.data.rows("SELECT * FROM mails ORDER BY id DESC LIMIT 1")
    kept = [
        *row.values(),
        *(await server.data.rows("SELECT * FROM sign_in_requests ORDER BY id DESC LIMIT 1"))[0].values(),
    ]
    assert not any(token in str(value) or code.replace(" ", "") == str(value) for value in kept)
    assert token not in server.said()
    assert "links@example.com" not in server.said()
