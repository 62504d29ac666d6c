"""A hundred passwords at once: the queue is bounded, others are answered, memory stays."""

from __future__ import annotations

import asyncio
from collections import Counter

import psutil
import pytest
from processes import form_token, until
from webhooks_sender import purchase

from tables.hashing import passwords

EMAIL, GOOD = "keeper@example.com", "orchard tram kettle nine"
PATH = "/acme/sign-in/password"
GROWTH = 150 * 1024 * 1024
TRIES = 100


@pytest.fixture
async def keeper(server, clickfunnels):
    """A customer with a password."""
    await clickfunnels.send(purchase(EMAIL))
    await until(lambda: server.data.rows(f"SELECT id FROM customers WHERE email = '{EMAIL}'"))
    hashed = passwords.hash(GOOD)
    await server.data.rows(f"UPDATE customers SET password_hash = '{hashed}' WHERE email = '{EMAIL}'")
    return EMAIL


async def enter(server, email: str, password: str, number: int = 0):
    """One try from a network of its own, over a connection of its own."""
    async with server.visitor(headers={"x-forwarded-for": f"203.0.{number}.1"}) as visitor:
        return await visitor.send_form(PATH, PATH, email=email, password=password)


async def test_a_password_signs_in(server, keeper):
    answer = await enter(server, keeper, GOOD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/acme/")
    names = [cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie")]
    assert names == ["center-acme", "device-acme"]


async def test_a_hundred_at_once_are_answered_or_told_to_come_back(server, keeper):
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    async with server.visitor() as opened:
        token = form_token((await opened.get(PATH)).text)
        cookies = dict(opened.cookies)

    async def post(number: int):
        headers = {"x-forwarded-for": f"203.0.{number}.1", "referer": f"{server.base}{PATH}"}
        async with server.visitor(cookies=cookies, headers=headers) as visitor:
            form = {"_csrf": token, "email": f"p{number}@example.com", "password": "wrong"}
            return await visitor.post(PATH, data=form)

    tries = [asyncio.create_task(post(number)) for number in range(TRIES)]
    beside = []
    async with server.visitor() as visitor:
        while not all(task.done() for task in tries):
            beside.append((await visitor.get("/health/live")).status_code)
    answers = await asyncio.gather(*tries)
    assert set(beside) == {200}
    assert set(Counter(answer.status_code for answer in answers)) <= {422, 503}
    assert [answer.status_code for answer in answers].count(422) >= 2
    assert {answer.headers.get("retry-after") for answer in answers if answer.status_code == 503} <= {"2"}
    assert process.memory_info().rss - before < GROWTH
    assert (await enter(server, keeper, GOOD, 250)).status_code == 303
