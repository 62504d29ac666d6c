"""The signature of Stripe's webhooks, from the wire on."""

import asyncio
import json

import pytest

import database
from integrations.stripe import inbox
from tables import Vendor, WebhookEvent
from tests.integrations.stripe.fake_stripe import WEBHOOK_SECRET, signed

BODY = json.dumps(
    {"id": "evt_1", "object": "event", "type": "customer.updated", "data": {"object": {"id": "cus_1"}}}
).encode()
OTHER = "whsec_globex"


@pytest.fixture
async def send(acme, globex, browser):
    one = browser()
    await Vendor.rotate_secret(acme.id, WEBHOOK_SECRET, "stripe")
    await Vendor.rotate_secret(globex.id, OTHER, "stripe")

    async def post(headers=None, body=BODY, vendor="acme"):
        return await one.client.post(
            f"/webhooks/{vendor}/stripe",
            content=body,
            headers=signed(body, WEBHOOK_SECRET) if headers is None else headers,
        )

    return post


async def kept():
    return [row["source"] for row in await WebhookEvent.select(WebhookEvent.source)]


def at(seconds):
    return int(database.now().timestamp()) + seconds


def header(text):
    return {"stripe-signature": text}


def altered(old, new):
    return header(signed(BODY, WEBHOOK_SECRET)["stripe-signature"].replace(old, new, 1))


async def test_fifty_at_once_are_one(send):
    answers = await asyncio.gather(*(send() for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["status"] for answer in answers) == ["received"] + ["seen before"] * 49
    assert await kept() == ["stripe"]


@pytest.mark.parametrize(
    "good",
    [lambda: signed(BODY, WEBHOOK_SECRET, at=at(-299)), lambda: signed(BODY, WEBHOOK_SECRET, at=at(299)),
     lambda: signed(BODY, "whsec_another", WEBHOOK_SECRET), lambda: signed(BODY, WEBHOOK_SECRET, "whsec_another")],
)  # fmt: skip
async def test_one_good_signature_in_time_is_enough(send, clock, good):
    assert (await send(good())).status_code == 200
    assert await kept() == ["stripe"]


@pytest.mark.parametrize(
    "forged",
    [dict, lambda: header(""), lambda: signed(BODY, "wrong"), lambda: signed(BODY, OTHER), lambda: signed(BODY, ""),
     lambda: signed(BODY + b" ", WEBHOOK_SECRET), lambda: signed(BODY.replace(b"cus_1", b"cus_2"), WEBHOOK_SECRET),
     lambda: signed(BODY, WEBHOOK_SECRET, at=at(-301)), lambda: signed(BODY, WEBHOOK_SECRET, at=at(302)),
     lambda: altered("t=", "t=1"), lambda: altered("t=", "x="), lambda: altered("v1=", "v0="),
     lambda: altered("t=", f"t={at(0)},t="), lambda: header("t=now,v1=00"), lambda: header("t=,v1="),
     lambda: header(f"t={at(0)}"), lambda: header(f"t={at(0)},v1=" + "é" * 64),
     lambda: header(f"t={at(0)}," + ",".join(["v1=" + "0" * 64] * 200))],
)  # fmt: skip
async def test_a_forged_event_is_refused_and_not_even_read(send, clock, forged, monkeypatch):
    monkeypatch.setattr(inbox, "parse", None)
    answer = await send({name: value.encode() for name, value in forged().items()})
    assert (answer.status_code, answer.json()) == (401, {"status": "not accepted"})
    assert await kept() == []


async def test_an_unknown_vendor_looks_like_a_bad_signature(send, acme):
    unknown, bad = await send(vendor="nobody"), await send(signed(BODY, "wrong"))
    assert (unknown.status_code, unknown.content) == (bad.status_code, bad.content)
    await Vendor.forget_secret(acme.id, "stripe")
    assert (await send()).content == bad.content


async def test_the_secret_of_one_vendor_signs_nothing_for_another(send):
    assert (await send(vendor="globex")).status_code == 401
    assert (await send(signed(BODY, OTHER), vendor="globex")).status_code == 200


async def test_for_two_days_the_previous_secret_signs_too(send, acme, clock):
    await Vendor.rotate_secret(acme.id, "whsec_new", "stripe")
    assert (await send(signed(BODY, "whsec_new"))).status_code == 200
    assert (await send()).status_code == 200
    clock.forward(days=2, minutes=1)
    assert (await send(signed(BODY, WEBHOOK_SECRET))).status_code == 401
    assert (await send(signed(BODY, "whsec_new"))).status_code == 200


async def test_without_the_package_stripe_is_asked_to_come_back(send, monkeypatch):
    monkeypatch.setattr(inbox, "installed", lambda: False)
    assert (await send()).status_code == 503
    assert (await send(vendor="nobody")).status_code == 503


@pytest.mark.parametrize("body", [b"", b"not json", b"[1]", b"[" * 5000, b'{"id": "' + b"x" * 5000 + b'"}', b"null"])
async def test_a_signed_event_nobody_can_read_is_kept_for_somebody_to_look_at(send, body):
    assert (await send(body=body, headers=signed(body, WEBHOOK_SECRET))).status_code == 200
    assert await kept() == ["stripe"]
