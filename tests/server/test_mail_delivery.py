"""The outbox against mail servers that are down, rude, slow or gone."""

from __future__ import annotations

import asyncio
import re

import pytest
from processes import PAST, until
from webhooks_sender import ClickFunnels, purchase


@pytest.fixture(scope="module")
async def own_server(launch, own_office):
    return await launch(SMTP_URL=own_office.url, TRUSTED_PROXIES="127.0.0.1")


@pytest.fixture(scope="module")
def own_office(open_post_office):
    return open_post_office()


@pytest.fixture
async def server(own_server):
    await own_server.data.rows("DELETE FROM mails")
    await own_server.data.forget_limits()
    return own_server


@pytest.fixture
def office(own_office):
    """Open and friendly at the start of each test."""
    own_office.answer, own_office.delay, own_office.hangs = None, 0.0, False
    own_office.messages.clear()
    yield own_office
    own_office.hangs = False
    if own_office.controller is None:
        own_office.open()


async def mails(server, state: str, tries: int = 0) -> int:
    return await server.data.value(f"SELECT count(*) FROM mails WHERE state = '{state}' AND tries >= {tries}")


async def test_mail_waits_for_a_server_that_is_down(server, office):
    office.close()
    buyers = [f"down{number}@example.com" for number in range(5)]
    for buyer in buyers:
        assert (await ClickFunnels(server).send(purchase(buyer))).status_code == 200
    await until(lambda: idle_after_a_try(server, 5))
    error = await server.data.value("SELECT DISTINCT last_error FROM mails")
    assert "connect" in error.lower()

    office.open()
    await server.data.hurry()
    await until(lambda: all_sent(server, 5))
    assert sorted(message["To"] for message in office.messages) == buyers


async def idle_after_a_try(server, count: int) -> bool:
    return (
        await server.data.value(
            "SELECT count(*) FROM mails WHERE state = 'queued' AND tries >= 1 AND leased_until IS NULL"
        )
        == count
    )


async def all_sent(server, count: int) -> bool:
    return await mails(server, "sent") == count


async def test_a_refusal_for_now_is_tried_again(server, office):
    office.answer = "451 4.7.1 greylisted, come back later"
    await ClickFunnels(server).send(purchase("grey@example.com"))
    await until(lambda: idle_after_a_try(server, 1))
    assert office.messages == []
    assert "greylisted" in await server.data.value("SELECT last_error FROM mails")
    office.answer = None
    await server.data.hurry()
    await until(lambda: all_sent(server, 1))
    assert len(office.to("grey@example.com")) == 1


async def test_a_refusal_for_good_is_final_and_holds_up_nobody(server, office):
    office.answer = "554 5.7.1 never"
    await ClickFunnels(server).send(purchase("refused@example.com"))
    await until(lambda: one_failed(server))
    office.answer = None
    await ClickFunnels(server).send(purchase("next@example.com"))
    await until(lambda: office.to("next@example.com"))
    assert office.to("refused@example.com") == []


async def one_failed(server) -> bool:
    return await mails(server, "failed") == 1


async def test_a_hanging_server_blocks_neither_pages_nor_webhooks(server, office):
    office.hangs, asked = True, office.asked
    await ClickFunnels(server).send(purchase("hang@example.com"))
    await until(lambda: office.asked > asked)
    async with server.visitor() as visitor:
        pages = await asyncio.gather(*(visitor.get("/acme/sign-in") for _ in range(20)))
        assert {page.status_code for page in pages} == {200}
        assert (await visitor.ask("hang@example.com")).status_code == 303
    await ClickFunnels(server).send(purchase("meanwhile@example.com"))
    await until(lambda: known(server, "meanwhile@example.com"))
    assert office.messages == []
    office.hangs = False
    await until(lambda: office.to("hang@example.com") and office.to("meanwhile@example.com"))


async def known(server, email: str) -> bool:
    return bool(await server.data.rows(f"SELECT id FROM customers WHERE email = '{email}'"))


async def test_a_sign_in_mail_is_not_sent_once_its_secret_has_ended(server, office):
    await ClickFunnels(server).send(purchase("slow@example.com"))
    await until(lambda: office.to("slow@example.com"))
    office.close()
    async with server.visitor() as visitor:
        await visitor.ask("slow@example.com")
    await until(lambda: idle_after_a_try(server, 1))
    await server.data.rows(f"UPDATE mails SET expires_at = '{PAST}' WHERE kind = 'sign_in'")
    office.open()
    await server.data.hurry()
    await until(lambda: server.data.value("SELECT state = 'expired' FROM mails WHERE kind = 'sign_in'"))
    assert [message["Subject"] for message in office.to("slow@example.com")] == [
        "Your purchase is ready at Acme Learning"
    ]
    [row] = await server.data.rows("SELECT body_text, body_html FROM mails WHERE kind = 'sign_in'")
    assert "/sign-in/link/•••\n" in row["body_text"]
    assert "Your code: •••\n" in row["body_text"]
    assert 'href="http' in row["body_html"]
    assert not re.search(r"/link/[\w-]|\d{3} \d{3}", row["body_text"] + row["body_html"])
