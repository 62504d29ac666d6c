"""From a signed webhook to one customer, one order, one enrollment and one mail in the mailbox."""

from __future__ import annotations

import asyncio
import json
import re
import time

import httpx
import pytest
from post_office import html_of, links_of, text_of
from processes import until
from webhooks_sender import contact, enrollment, purchase, signed

TOO_OLD_SECONDS = 601


async def counts(server, email: str) -> dict[str, int]:
    customer = f"(SELECT id FROM customers WHERE email = '{email}')"
    return {
        "customers": await server.data.value(f"SELECT count(*) FROM customers WHERE email = '{email}'"),
        "orders": await server.data.value(f"SELECT count(*) FROM orders WHERE customer_id IN {customer}"),
        "enrollments": await server.data.value(f"SELECT count(*) FROM enrollments WHERE customer_id IN {customer}"),
        "welcomes": await server.data.value(
            f"SELECT count(*) FROM mails WHERE kind = 'welcome' AND recipient = '{email}'"
        ),
    }


@pytest.mark.parametrize("swapped", [False, True], ids=["order first", "enrollment first"])
async def test_a_purchase_sent_five_times_at_once_counts_once(server, clickfunnels, post, swapped):
    email = f"buyer-{swapped}@example.com".lower()
    order = purchase(email)
    events = [order, enrollment(email, order=order)]
    for one in reversed(events) if swapped else events:
        answers = await asyncio.gather(*(clickfunnels.send(one) for _ in range(5)))
        assert {answer.status_code for answer in answers} == {200}
    await until(lambda: post.to(email))
    await until(
        lambda: server.data.value("SELECT count(*) = 0 FROM webhook_events WHERE status IN ('received', 'parked')")
    )
    assert await counts(server, email) == {"customers": 1, "orders": 1, "enrollments": 1, "welcomes": 1}
    assert len(post.to(email)) == 1


async def test_the_welcome_mail_is_a_good_one(server, clickfunnels, post):
    await clickfunnels.send(purchase("good@example.com", "Honey & Wax <basics>"))
    [message] = await until(lambda: post.to("good@example.com"))
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[\w-]{22}@127\.0\.0\.1>", message["Message-ID"])
    assert message["Date"]
    assert message["Content-Language"] == "en"
    assert "Acme Learning" in message["From"]
    link = f"{server.base}/acme/"
    assert link in links_of(message)
    assert f'href="{link}"' in html_of(message)
    assert "Honey & Wax <basics>" in text_of(message)
    assert "Honey &amp; Wax &lt;basics&gt;" in html_of(message)
    assert not re.search(r"<img|<script|src=|url\(", html_of(message))
    assert len(message.as_bytes()) < 20_000


async def test_events_that_are_not_from_clickfunnels_are_refused_alike(server, clickfunnels):
    one = purchase("never@example.com")
    body = json.dumps(one).encode()
    acme = f"{server.base}/webhooks/acme/clickfunnels"
    async with httpx.AsyncClient(trust_env=False) as client:
        forged = await client.post(acme, content=body, headers=signed(body, "somebody else's"))
        altered = await client.post(acme, content=body + b" ", headers=signed(body, clickfunnels.secret))
        unsigned = await client.post(acme, content=body)
        unknown = await client.post(
            acme.replace("acme", "nobody"), content=body, headers=signed(body, clickfunnels.secret)
        )
        globex = await client.post(
            acme.replace("acme", "globex"), content=body, headers=signed(body, clickfunnels.secret)
        )
    stale = await clickfunnels.send(one, at=int(time.time()) - TOO_OLD_SECONDS)
    early = await clickfunnels.send(one, at=int(time.time()) + TOO_OLD_SECONDS + 5)
    answers = [forged, altered, unsigned, unknown, globex, stale, early]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, forged.content)}
    assert {answer.headers["content-type"] for answer in answers} == {forged.headers["content-type"]}
    number = contact("never@example.com")["id"]
    assert await server.data.value(f"SELECT count(*) FROM webhook_events WHERE body LIKE '%{number}%'") == 0


async def test_a_signature_within_ten_minutes_is_taken(clickfunnels):
    answer = await clickfunnels.send(purchase("late@example.com"), at=int(time.time()) - 590)
    assert answer.status_code == 200


async def test_a_body_over_one_mebibyte_is_refused(server, clickfunnels):
    small = purchase("large@example.com", note="x" * 1_000_000)
    assert (await clickfunnels.send(small)).status_code == 200
    large = purchase("large@example.com", note="x" * (1024 * 1024))
    assert (await clickfunnels.send(large)).status_code == 413


async def test_sixty_bad_signatures_a_minute_are_enough(server, clickfunnels):
    body = b"{}"
    async with httpx.AsyncClient(trust_env=False, headers={"x-forwarded-for": "203.0.113.60"}) as client:
        answers = [await client.post(clickfunnels.address, content=body) for _ in range(61)]
        genuine = await clickfunnels.post(client, purchase("genuine@example.com"))
    assert [answer.status_code for answer in answers] == [401] * 60 + [429]
    assert genuine.status_code == 200
