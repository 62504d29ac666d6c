import asyncio
import hashlib
import hmac
import json

import pytest

import database
from tables import DailyFigure, Vendor, WebhookEvent
from tests.stage import SECRET
from web import refusals

BODY = json.dumps({"event_id": "e1", "event_type": "contact.created", "data": {"id": 1}}).encode()


def signed(body, secret=SECRET, seconds=0):
    stamp = str(int(database.now().timestamp()) + seconds)
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"x-webhook-clickfunnels-signature": signature, "x-webhook-clickfunnels-timestamp": stamp}


@pytest.fixture
def send(acme, globex, browser):
    one = browser()

    async def post(body=BODY, vendor="acme", **headers):
        return await one.client.post(f"/webhooks/{vendor}/clickfunnels", content=body, headers=headers or signed(body))

    return post


async def kept():
    return len(await WebhookEvent.select())


async def test_a_signed_event_is_kept_once(send):
    answers = [await send() for _ in range(3)]
    assert [answer.json()["status"] for answer in answers] == ["received", "seen before", "seen before"]
    assert {answer.status_code for answer in answers} == {200}
    assert await kept() == 1


async def test_fifty_at_once_are_one(send):
    answers = await asyncio.gather(*(send() for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert await kept() == 1


@pytest.mark.parametrize(
    "forged",
    [lambda: {}, lambda: signed(BODY, "wrong"), lambda: signed(BODY, SECRET[::-1]), lambda: signed(BODY + b" "),
     lambda: signed(BODY, ""),
     lambda: signed(BODY, seconds=-601), lambda: signed(BODY, seconds=602),
     lambda: signed(BODY) | {"x-webhook-clickfunnels-timestamp": "0"},
     lambda: signed(BODY) | {"x-webhook-clickfunnels-timestamp": "now"},
     lambda: signed(BODY) | {"x-webhook-clickfunnels-signature": ""}],
)  # fmt: skip
async def test_a_forged_event_is_refused_and_leaves_nothing(send, forged):
    answer = await send(**forged() or {"x-nothing": "1"})
    assert (answer.status_code, answer.json()) == (401, {"status": "not accepted"})
    assert await kept() == 0


async def test_an_unknown_vendor_looks_like_a_bad_signature(send):
    unknown, bad = await send(vendor="nobody"), await send(**signed(BODY, "wrong"))
    assert (unknown.status_code, unknown.content) == (bad.status_code, bad.content)


async def test_the_secret_of_one_vendor_signs_nothing_for_another(send):
    assert (await send(vendor="globex")).status_code == 401
    assert (await send(vendor="globex", **signed(BODY, SECRET[::-1]))).status_code == 200


async def test_a_vendor_without_a_secret_takes_nothing(send, acme):
    await Vendor.update({Vendor.clickfunnels_secret: None, Vendor.clickfunnels_rotated_at: None}).where(
        Vendor.id == acme.id
    )
    for secret in ("", "None", SECRET, "a secret that signs nothing: " * 2):
        assert (await send(**signed(BODY, secret))).status_code == 401


async def test_after_a_rotation_both_secrets_sign_for_a_while(send, acme, clock):
    await Vendor.rotate_secret(acme.id, "new secret")
    assert (await send(**signed(BODY, "new secret"))).status_code == 200
    assert (await send()).status_code == 200
    clock.forward(days=3)
    assert (await send()).status_code == 401


async def test_sixty_bad_signatures_a_minute_are_enough(send):
    answers = [(await send(**signed(BODY, "wrong"))).status_code for _ in range(62)]
    assert answers == [401] * 60 + [429] * 2
    assert (await send()).status_code == 200


async def test_a_database_in_trouble_asks_for_another_try(send, monkeypatch):
    async def gone(*_):
        raise database.Unavailable("gone")

    monkeypatch.setattr(WebhookEvent, "keep", gone)
    answer = await send()
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/json")
    assert "retry-after" in answer.headers


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[1]", b"{", b"[" * 5000, b"\xff\xfe", b'{"event_id": "' + b"x" * 5000 + b'"}', b"null"]
)
async def test_a_signed_event_nobody_can_read_is_kept_for_somebody_to_look_at(send, body):
    assert (await send(body)).status_code == 200
    assert await kept() == 1


@pytest.mark.parametrize("path", ["/webhooks/acme/paypal", "/webhooks/acme", "/webhooks"])
async def test_other_webhooks_do_not_exist(acme, browser, path):
    assert (await browser().client.post(path, content=BODY, headers=signed(BODY))).status_code in (404, 405)


@pytest.fixture
def counted(acme, monkeypatch):
    monkeypatch.setattr(refusals, "waiting", {})
    monkeypatch.setattr(refusals, "written", {})

    async def rows():
        return [(row["vendor_id"], row["kind"], row["count"]) for row in await DailyFigure.select()]

    return rows


async def test_refusals_are_counted_with_one_write_a_minute(send, counted, acme, clock):
    seen = []
    database.statements.append(seen.append)
    for _ in range(20):
        await send(**{"x-nothing": "1"})
    database.statements.remove(seen.append)
    assert len([sql for sql in seen if "daily_figures" in sql]) == 1
    assert await counted() == [(acme.id, "refused_webhooks", 1)]
    clock.forward(seconds=61)
    await send(**{"x-nothing": "1"})
    assert await counted() == [(acme.id, "refused_webhooks", 21)]


async def test_nothing_is_kept_of_a_vendor_that_does_not_exist(send, counted):
    await send(vendor="nobody")
    await send(vendor="A" * 80)
    assert await counted() == []
    assert refusals.waiting == refusals.written == {}


async def test_good_events_count_for_nothing(send, counted):
    await send()
    assert await counted() == []


async def test_until_the_answer_known_and_unknown_vendors_take_the_same_statements(send, counted, monkeypatch):
    """What differs is written after the answer has gone."""
    seen = {}
    for vendor in ("acme", "nobody"):
        found = seen[vendor] = []
        monkeypatch.setattr(database.engine, "fetch", recording(database.engine.fetch, found))
        await send(vendor=vendor, **{"x-nothing": "1"})
        monkeypatch.undo()
    before = {vendor: [sql for sql in found if "daily_figures" not in sql] for vendor, found in seen.items()}
    assert before["acme"] == before["nobody"] != []
    assert [sql for sql in seen["acme"] if "daily_figures" in sql] == seen["acme"][-1:]


def recording(fetch, found):
    async def recorded(sql, args):
        found.append(sql)
        return await fetch(sql, args)

    return recorded
