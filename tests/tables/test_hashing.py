import asyncio
import threading

import pytest

from tables import hashing
from tables.hashing import (
    THREADS,
    WAITING,
    Busy,
    hash_password,
    in_thread,
    nobodys_hash,
    normal,
    outdated,
    passwords,
    possible,
    require_room,
    verify_password,
)


async def test_a_password_is_kept_as_argon2id_with_nineteen_mebibytes():
    hashed = await hash_password("orchard tram kettle")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(hashed.split("$")[4]) == 22  # 16 bytes of salt
    assert hashed != await hash_password("orchard tram kettle")
    assert await verify_password(hashed, "orchard tram kettle")
    assert not await verify_password(hashed, "orchard tram kettl")


async def test_nobodys_password_costs_the_same_work(monkeypatch):
    seen = []
    monkeypatch.setattr(hashing, "matches", lambda hasher, kept, given: seen.append(kept.rsplit("$", 2)[0]))
    await verify_password(None, "x")
    await verify_password(passwords.hash("y"), "x")
    assert seen[0] == seen[1] == "$argon2id$v=19$m=19456,t=2,p=1"


async def test_nobodys_hash_is_a_whole_one_that_fits_nothing():
    assert len(nobodys_hash()) == len(passwords.hash("x"))
    assert nobodys_hash() != nobodys_hash()
    assert not await verify_password(None, "")


@pytest.mark.parametrize("kept", ["", "x", "$argon2id$v=19$m=1", "$2b$12$abcdefghijklmnopqrstuv"])
async def test_what_is_no_hash_fits_nothing(kept):
    assert not await verify_password(kept, "x")


def test_a_hash_with_other_parameters_is_outdated():
    assert outdated("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21l$" + "A" * 43)
    assert not outdated(passwords.hash("x"))


@pytest.mark.parametrize(
    ("typed", "kept"), [("ｐａｓｓ", "pass"), ("é", "é"), ("e\u0301", "é"), ("ﬁ", "fi"), ("🐝", "🐝")]
)
def test_one_password_has_one_spelling(typed, kept):
    assert normal(typed) == kept


@pytest.mark.parametrize(
    ("password", "fits"),
    [("", False), ("x" * 128, True), ("x" * 129, False), ("🐝" * 128, True), ("🐝" * 129, False)],
)  # fmt: skip
def test_what_can_be_a_password_at_all(password, fits):
    assert possible(password) is fits


async def test_two_are_hashed_at_once_and_fifty_wait_and_the_next_is_told_to_come_back():
    gate, running, most = threading.Event(), [], []

    def work():
        running.append(1)
        most.append(len(running))
        gate.wait(20)
        running.pop()
        return "done"

    jobs = [asyncio.create_task(in_thread(work)) for _ in range(THREADS + WAITING)]
    await asyncio.sleep(0.05)
    with pytest.raises(Busy):
        await in_thread(work)
    with pytest.raises(Busy):
        require_room()
    gate.set()
    assert await asyncio.gather(*jobs) == ["done"] * (THREADS + WAITING)
    assert max(most) == THREADS
    require_room()
    assert await in_thread(str, 1) == "1"


async def test_a_request_that_is_given_up_gives_its_place_back():
    gate = threading.Event()
    jobs = [asyncio.create_task(in_thread(gate.wait, 20)) for _ in range(THREADS + WAITING)]
    await asyncio.sleep(0.05)
    for job in jobs:
        job.cancel()
    gate.set()
    await asyncio.gather(*jobs, return_exceptions=True)
    assert await asyncio.gather(*(in_thread(str, n) for n in range(WAITING))) == [str(n) for n in range(WAITING)]


async def test_work_that_fails_gives_its_place_back():
    def fail():
        raise ValueError("boom")

    for _ in range(THREADS + WAITING + 1):
        with pytest.raises(ValueError, match="boom"):
            await in_thread(fail)
