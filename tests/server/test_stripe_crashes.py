"""kill -9 anywhere between a wish and its confirmation charges nobody twice, cancels nothing twice, and tells once."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter

import httpx
import pytest
from processes import PAST, until
from test_import import Loopback

from tests.integrations.stripe.books import DECLINED, body_of
from tests.integrations.stripe.fake_stripe import KEY, WEBHOOK_SECRET, FakeStripe, signed

KINDS = ("cancel", "change_plan", "pay", "reactivate", "pause")
EACH, KILLS = 2, 3


@pytest.fixture
async def shop():
    fake = FakeStripe()
    loopback = await Loopback(fake).open()
    fake.address = loopback.url
    yield fake, loopback.url
    loopback.close()


def opened(fake: FakeStripe) -> tuple[dict[str, list[str]], str]:
    """Subscriptions by what will be wished of them, and the id of a dearer price."""
    club = fake.add_product()
    plain, dear = fake.add_price(club, 2900), fake.add_price(club, 4900)
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for number in range(EACH * len(KINDS)):
        kind = KINDS[number % len(KINDS)]
        customer = fake.add_customer(f"{kind}{number}@example.com")
        card = fake.add_card(customer["id"], default=True)
        subscription = fake.add_subscription(customer, plain)
        if kind == "pay":
            fake.add_card(customer["id"], DECLINED, default=True)
            fake.renew(subscription["id"])
            fake.set_default(customer, card["id"])
        if kind == "reactivate":
            fake.end(subscription)
        found[kind].append(subscription["id"])
    return found, dear["id"]


async def tell(server, events) -> None:
    """Send events as Stripe does: again until they are taken, and in no order."""
    address = f"{server.base}/webhooks/acme/stripe"
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        for event in random.Random(5).sample(events, len(events)):
            body = body_of(event)
            answer = await client.post(address, content=body, headers=signed(body, WEBHOOK_SECRET))
            assert answer.status_code == 200, answer.text
    await until(lambda: none_left(server), 60)


async def none_left(server) -> bool:
    return not await server.data.value("SELECT count(*) FROM webhook_events WHERE status = 'received'")


async def wish(server, kind: str, key: str, **details: str) -> None:
    bill = "(SELECT i.id FROM invoices i WHERE i.order_id = o.id AND i.status = 'past-due')"
    invoice = bill if kind == "pay" else "NULL"
    await server.data.rows(
        "INSERT INTO billing_commands (vendor_id, customer_id, public_id, kind, holder, order_id, invoice_id, details, "
        f"status, next_try_at, requested_at) SELECT o.vendor_id, o.customer_id, 'wish-{key[-16:]}', '{kind}', 'stripe', o.id, "
        f"{invoice}, '{json.dumps(details)}', 'requested', '{PAST}', '{now()}' FROM orders o "
        f"WHERE o.clickfunnels_id = '{key}'"
    )


def now() -> str:
    import database

    return database.now().isoformat(sep=" ")


async def all_settled(server) -> bool:
    return not await server.data.value("SELECT count(*) FROM billing_commands WHERE status IN ('requested', 'sent')")


async def all_sent(server) -> bool:
    return not await server.data.value("SELECT count(*) FROM mails WHERE state = 'queued'")


async def test_kills_on_the_way_to_stripe_charge_and_cancel_once(launch, open_post_office, shop):
    (fake, url), office = shop, open_post_office()
    server = await launch(
        SMTP_URL=office.url, STRIPE_URL=url, HOUSE_VENDOR="acme", STRIPE_SECRET_KEY=KEY,
        STRIPE_WEBHOOK_SECRET=WEBHOOK_SECRET,
    )  # fmt: skip
    wanted, dear = opened(fake)
    await tell(server, fake.take())
    charged, asked = fake.done["charge"], len(fake.asked)
    for kind, keys in wanted.items():
        for key in keys:
            await wish(server, kind, key, **({"price": dear} if kind == "change_plan" else {}))

    dice = random.Random(72)
    for more in sorted(dice.sample(range(2, 20), KILLS)):
        await until(lambda more=more: len(fake.asked) >= asked + more, 60)
        await asyncio.sleep(dice.random() / 50)
        server.kill()
        # What the dead process had leased comes back at once, not when its lease ends.
        await server.data.rows(
            f"UPDATE billing_commands SET leased_until = NULL, next_try_at = '{PAST}' WHERE status IN ('requested', 'sent')"
        )
        await server.data.hurry()
        await server.start()
    await until(lambda: all_settled(server), 90)
    events = fake.take()
    await tell(server, events + events)
    await until(lambda: all_sent(server), 60)

    settled = await server.data.rows("SELECT kind, status, error FROM billing_commands ORDER BY kind")
    assert Counter((row["kind"], row["status"]) for row in settled) == {(kind, "confirmed"): EACH for kind in KINDS}, (
        settled
    )
    assert fake.done["charge"] - charged == EACH * 3, "an upgrade, a bill and a new start, each paid once"
    began = Counter(one["customer"] for one in fake.all("subscription"))
    assert Counter(began.values()) == {1: EACH * 4, 2: EACH}
    assert all(fake.get(key, "subscription")["cancel_at_period_end"] for key in wanted["cancel"])
    told = await server.data.rows(
        "SELECT recipient, count(*) AS times FROM mails WHERE kind = 'change_confirmed' GROUP BY recipient"
    )
    assert [row["times"] for row in told] == [1] * EACH * len(KINDS)
    arrived = Counter((message["To"], message["Message-ID"]) for message in office.messages)
    assert sum(arrived.values()) - len(arrived) <= KILLS, "a mail may repeat once a kill, with the same Message-ID"
