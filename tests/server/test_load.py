"""Many writers at once: nobody is told that the database is locked."""

from __future__ import annotations

import asyncio

from processes import until
from webhooks_sender import ClickFunnels, purchase


async def test_a_hundred_mixed_writes_are_all_answered(launch):
    server = await launch(TRUSTED_PROXIES="127.0.0.1")
    await ClickFunnels(server).deliver([purchase("writer@example.com")])
    async with server.visitor() as visitor:
        await until_known(server, "writer@example.com")
        await visitor.sign_in_by_command("writer@example.com")
        clickfunnels = ClickFunnels(server)
        answers = await asyncio.gather(
            *(clickfunnels.send(purchase(f"load{number}@example.com")) for number in range(40)),
            *(ask(server, number) for number in range(30)),
            *(rename(visitor, number) for number in range(30)),
        )
    assert sorted({answer.status_code for answer in answers}) == [200, 303]
    assert len(answers) == 100
    assert "locked" not in server.said()
    assert "Traceback" not in server.said()
    server.terminate()
    await server.ended(20)


async def until_known(server, email: str) -> None:
    await until(lambda: server.data.rows(f"SELECT id FROM customers WHERE email = '{email}'"))


async def ask(server, number: int):
    async with server.visitor(headers={"x-forwarded-for": f"198.51.100.{number}"}) as visitor:
        return await visitor.ask(f"asker{number}@example.com")


async def rename(visitor, number: int):
    return await visitor.send_form(
        "/acme/account/profile", "/acme/account/profile", first_name=f"Cora {number}", last_name="Clay"
    )
