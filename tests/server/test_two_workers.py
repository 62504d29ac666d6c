"""Two processes behind one port see the same sessions, limits and queues."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from processes import until
from webhooks_sender import ClickFunnels, purchase

ASK_PER_IP = 20


@pytest.fixture(scope="module")
async def pair(launch, pair_office):
    return await launch(workers=2, SMTP_URL=pair_office.url, TRUSTED_PROXIES="127.0.0.1")


@pytest.fixture(scope="module")
def pair_office(open_post_office):
    return open_post_office()


async def test_there_are_two_processes(pair):
    servers = [child for child in pair.children() if "multiprocessing.spawn" in " ".join(child.cmdline())]
    assert len(servers) == 2


async def test_a_session_that_ended_in_one_is_dead_in_both(pair):
    await ClickFunnels(pair).send(purchase("twice@example.com"))
    await until(lambda: pair.data.rows("SELECT id FROM customers WHERE email = 'twice@example.com'"))
    async with pair.visitor() as visitor:
        await visitor.sign_in_by_command("twice@example.com")
        cookie = {"cookie": f"center-acme={visitor.cookies['center-acme']}"}
        assert await statuses(pair, "/acme/account", cookie) == {200}
        await visitor.send_form("/acme/account", "/acme/sign-out")
    assert await statuses(pair, "/acme/account", cookie) == {303}


async def statuses(server, path: str, headers: dict[str, str]) -> set[int]:
    """Over a new connection each time, so that both processes are asked."""

    async def once() -> int:
        async with server.visitor(headers=headers) as visitor:
            return (await visitor.get(path)).status_code

    return set(await asyncio.gather(*(once() for _ in range(30))))


async def test_a_limit_counts_what_both_have_seen(pair):
    async def ask(number: int) -> int:
        async with pair.visitor(headers={"x-forwarded-for": "203.0.113.77"}) as visitor:
            return (await visitor.ask(f"limit{number}@example.com")).status_code

    answers = Counter(await asyncio.gather(*(ask(number) for number in range(ASK_PER_IP + 10))))
    assert answers == {303: ASK_PER_IP, 429: 10}


async def test_two_workers_send_each_mail_once(pair, pair_office):
    buyers = [f"pair{number}@example.com" for number in range(40)]
    await ClickFunnels(pair).deliver([purchase(buyer) for buyer in buyers])
    await until(
        lambda: pair.data.value("SELECT count(*) = 40 FROM mails WHERE recipient LIKE 'pair%' AND state = 'sent'")
    )
    arrived = Counter(message["To"] for message in pair_office.messages if message["To"].startswith("pair"))
    assert arrived == dict.fromkeys(buyers, 1)


async def test_signing_out_everywhere_else_is_known_to_both(pair):
    await ClickFunnels(pair).send(purchase("devices@example.com"))
    await until(lambda: pair.data.rows("SELECT id FROM customers WHERE email = 'devices@example.com'"))
    async with pair.visitor() as here, pair.visitor() as there:
        for visitor in (here, there):
            await visitor.sign_in_by_command("devices@example.com")
        kept, ended = ({"cookie": f"center-acme={visitor.cookies['center-acme']}"} for visitor in (here, there))
        assert await statuses(pair, "/acme/account", ended) == {200}
        await here.send_form("/acme/account/devices", "/acme/account/devices/sign-out")
    assert await statuses(pair, "/acme/account", ended) == {303}
    assert await statuses(pair, "/acme/account", kept) == {200}
