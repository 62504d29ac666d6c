import asyncio
from datetime import timedelta

import pytest

import database
from jobs.outbox import BATCH
from tables import Mail
from tables.mail import opened, overdue
from tests.conftest import ENGINE

DRAFT = {"kind": "welcome", "recipient": "a@x.example", "sender": "Acme <no-reply@x.example>", "subject": "Hello",
         "body_text": "text", "body_html": "<p>html</p>"}  # fmt: skip


async def queue(vendor, key="k", **values):
    return await Mail.queue(vendor.id, key, **(DRAFT | values))


async def rows():
    return await Mail.select().order_by(Mail.id)


async def test_a_message_is_queued_once_for_each_key(acme, globex):
    assert [await queue(acme), await queue(acme), await queue(globex), await queue(acme, "other")] == [
        True,
        False,
        True,
        True,
    ]


async def test_a_message_has_an_id_that_stays_and_names_the_senders_domain(acme):
    await queue(acme)
    (row,) = await rows()
    assert row["message_id"] == f"<{row['public_id']}@x.example>"


async def test_a_message_with_a_secret_is_sealed_until_it_is_sent_and_blanked_of_it_afterwards(acme):
    secret = {"body_text": "Press https://x.example/t0ken or type 482 913", "body_html": "<p>t0ken, 482 913</p>"}
    await queue(acme, hidden=("t0ken", "482 913"), **secret)
    (row,) = await rows()
    assert not any(word in row["body_text"] + row["body_html"] + row["secrets"] for word in ("Press", "t0ken", "482"))
    assert {part: opened(row, part) for part in secret} == secret
    await Mail.sent(row)
    (row,) = await rows()
    assert (row["state"], row["sealed"], row["secrets"]) == ("sent", False, None)
    assert (row["body_text"], row["body_html"]) == ("Press https://x.example/••• or type •••", "<p>•••, •••</p>")


@pytest.mark.parametrize("end", ["sent", "expired", "failed"])
async def test_an_ended_message_is_not_taken_again(acme, clock, end):
    await queue(acme)
    (row,) = await Mail.lease(5)
    await (Mail.failed(row, "no such mailbox") if end == "failed" else getattr(Mail, end)(row))
    clock.forward(days=3)
    assert await Mail.lease(5) == []
    assert (await rows())[0]["state"] == end


async def test_an_open_message_keeps_its_words(acme):
    await queue(acme)
    (row,) = await rows()
    await Mail.sent(row)
    assert (await rows())[0]["body_text"] == "text"


async def test_a_leased_message_is_nobody_elses_until_the_lease_ends(acme, clock):
    await queue(acme)
    assert len(await Mail.lease(5)) == 1
    assert await Mail.lease(5) == []
    clock.forward(seconds=61)
    assert [row["tries"] for row in await Mail.lease(5)] == [2]


async def test_two_workers_never_take_the_same_message(acme):
    for number in range(12):
        await queue(acme, f"k{number}")
    taken = await asyncio.gather(*(Mail.lease(3) for _ in range(6)))
    # A worker may find every row in another's hands and go away empty: what is left is there for the next look.
    taken += [await Mail.lease(12)]
    ids = [row["id"] for batch in taken for row in batch]
    assert len(ids) == len(set(ids)) == 12
    assert all(len(batch) <= 3 for batch in taken[:6])


@pytest.mark.skipif(ENGINE == "sqlite", reason="asks PostgreSQL's planner")
@pytest.mark.parametrize("plans", ["hashjoin", "mergejoin", "nestloop", "seqscan", "indexscan"])
async def test_a_batch_is_never_larger_than_asked_whatever_the_plan(acme, plans):
    for number in range(12):
        await queue(acme, f"k{number}")

    async def work():
        for plan in {"hashjoin", "mergejoin", "nestloop", "seqscan", "indexscan"} - {plans}:
            await database.raw(f"SET LOCAL enable_{plan} = off")
        return await Mail.lease(3)

    assert len(await database.transaction(work)) == 3
    assert len(await Mail.lease(12)) == 9


async def test_a_worker_that_stops_gives_messages_back_untried(acme):
    await queue(acme)
    leased = await Mail.lease(5)
    await Mail.release(leased)
    assert [row["tries"] for row in await Mail.lease(5)] == [1]


async def test_trying_again_takes_longer_each_time_and_ends_after_two_days(acme, clock):
    await queue(acme)
    waits = []
    for _ in range(80):
        (row,) = await Mail.lease(5)
        asked = clock.now()
        await Mail.postpone(row, "421 busy")
        (row,) = await rows()
        if row["state"] == "failed":
            break
        waits.append((row["next_try_at"] - asked).total_seconds())
        clock.forward(seconds=waits[-1])
    assert waits[:6] == [10, 30, 60, 300, 900, 1800]
    assert set(waits[6:]) == {3600}
    assert timedelta(hours=48) < timedelta(seconds=sum(waits)) < timedelta(hours=50)
    assert row["last_error"] == "421 busy"


async def test_a_message_that_waits_is_not_taken_early(acme, clock):
    await queue(acme)
    (row,) = await Mail.lease(5)
    await Mail.postpone(row, "x")
    clock.forward(seconds=9)
    assert await Mail.lease(5) == []
    clock.forward(seconds=2)
    assert len(await Mail.lease(5)) == 1


async def test_a_message_sent_meanwhile_is_not_put_back(acme):
    await queue(acme)
    (row,) = await Mail.lease(5)
    await Mail.sent(row)
    await Mail.postpone(row, "late news")
    await Mail.release([row])
    assert (await rows())[0]["state"] == "sent"


def test_a_message_is_overdue_when_its_secret_has_ended(clock):
    assert overdue({"expires_at": clock.now()}, clock.now())
    assert not overdue({"expires_at": clock.now() + timedelta(seconds=1)}, clock.now())
    assert not overdue({"expires_at": None}, clock.now())


async def test_a_code_that_runs_out_overtakes_a_long_list(acme, globex, clock):
    for place in range(BATCH + 5):
        await queue(acme, f"list:{place}")
    clock.forward(seconds=1)
    await queue(globex, "code", expires_at=clock.now() + timedelta(minutes=10))
    first = await Mail.lease(BATCH)
    assert (first[0]["dedupe_key"], len(first)) == ("code", BATCH)
    assert [row["dedupe_key"] for row in first[1:3]] == ["list:0", "list:1"]
    assert len(await Mail.lease(BATCH)) == 6
