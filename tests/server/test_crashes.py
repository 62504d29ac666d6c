"""kill -9 at any point loses nothing and doubles nothing."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

from processes import until
from webhooks_sender import ClickFunnels, purchase

PURCHASES, KILLS = 200, 5


async def test_two_hundred_purchases_survive_five_kills(launch, open_post_office):
    office = open_post_office()
    server = await launch(SMTP_URL=office.url)
    clickfunnels = ClickFunnels(server)
    buyers = [f"buyer{number}@example.com" for number in range(PURCHASES)]
    sending = asyncio.create_task(clickfunnels.deliver([purchase(buyer) for buyer in buyers], at_once=4))
    dice = random.Random(70)
    for taken in sorted(dice.sample(range(10, PURCHASES - 10), KILLS - 2)):
        await kill_and_restart(server, until(lambda taken=taken: clickfunnels.taken >= taken), dice)
    for arrived in sorted(dice.sample(range(PURCHASES // 3, PURCHASES - 20), 2)):
        await kill_and_restart(server, until(lambda arrived=arrived: len(office.messages) >= arrived, 60), dice)
    assert await sending > 0, "no kill came while events were on their way"

    await until(lambda: all_sent(server), 60)
    assert await server.data.value("SELECT count(*) FROM orders") == PURCHASES
    assert await server.data.value("SELECT count(*) FROM order_lines") == PURCHASES
    assert await server.data.value("SELECT count(*) FROM customers") == PURCHASES
    assert await server.data.value("SELECT count(*) FROM mails") == PURCHASES
    assert await server.data.value("SELECT count(*) FROM webhook_events WHERE status = 'processed'") == PURCHASES
    arrived = Counter((message["To"], message["Message-ID"]) for message in office.messages)
    assert {recipient for recipient, _ in arrived} == set(buyers)
    assert len(arrived) == PURCHASES, "a repeat carries the same Message-ID"
    assert sum(arrived.values()) - PURCHASES <= KILLS


async def kill_and_restart(server, moment, dice) -> None:
    await moment
    await asyncio.sleep(dice.random() / 50)
    server.kill()
    # What the dead process had leased comes back at once, not after a minute.
    await server.data.hurry()
    await server.start()


async def all_sent(server) -> bool:
    return await server.data.value("SELECT count(*) FROM mails WHERE state = 'sent'") == PURCHASES
