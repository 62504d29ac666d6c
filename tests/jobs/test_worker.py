import asyncio
import json

import pytest

import database
from jobs import worker as worker_module
from jobs.stopping import Stopping
from jobs.worker import Worker


@pytest.fixture
async def running(monkeypatch):
    """Starts a worker with these jobs alone, and ends it after the test."""
    started = []

    def start(*jobs):
        monkeypatch.setattr(worker_module, "SCHEDULE", list(jobs))
        worker = Worker()
        worker.start()
        started.append(worker)
        return worker

    yield start
    for worker in started:
        await worker.stop()


def counting(results):
    """A job that does what `results` say, one call after the other, and notes each call."""
    calls, seen = [], asyncio.Event()

    async def job(stopping):
        calls.append(1)
        result = results[min(len(calls), len(results)) - 1]
        if len(calls) >= len(results):
            seen.set()
        if isinstance(result, Exception):
            raise result
        return result

    return job, calls, seen


async def test_a_job_with_work_left_goes_on_at_once(running, monkeypatch):
    monkeypatch.setattr(worker_module, "IDLE_SECONDS", 3600)
    job, calls, seen = counting([5, 5, 0])
    running(job)
    await asyncio.wait_for(seen.wait(), 5)
    assert len(calls) == 3


async def test_an_idle_worker_can_be_woken(running, monkeypatch):
    monkeypatch.setattr(worker_module, "IDLE_SECONDS", 3600)
    job, calls, _ = counting([0])
    worker = running(job)
    while not calls:
        await asyncio.sleep(0)
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(calls) == 1
    worker.wake()
    while len(calls) < 2:
        await asyncio.sleep(0)


async def test_waking_wakes_every_job(running, monkeypatch):
    monkeypatch.setattr(worker_module, "IDLE_SECONDS", 3600)
    (one, ones, _), (two, twos, _) = counting([0]), counting([0])
    worker = running(one, two)
    while not (ones and twos):
        await asyncio.sleep(0)
    for _ in range(20):
        await asyncio.sleep(0)
    worker.wake()
    async with asyncio.timeout(5):
        while len(ones) < 2 or len(twos) < 2:
            await asyncio.sleep(0)


@pytest.mark.parametrize("trouble", [RuntimeError("boom"), database.Unavailable("gone")])
async def test_a_job_that_fails_is_told_of_and_tried_again(running, monkeypatch, log_lines, trouble):
    monkeypatch.setattr(worker_module, "TROUBLE_SECONDS", 0.01)
    monkeypatch.setattr(worker_module, "IDLE_SECONDS", 3600)
    job, calls, seen = counting([trouble, 0])
    running(job)
    await asyncio.wait_for(seen.wait(), 5)
    assert len(calls) >= 2
    assert any(json.loads(line)["level"] == "error" for line in log_lines())


async def test_one_broken_job_holds_up_no_other(running, monkeypatch):
    monkeypatch.setattr(worker_module, "TROUBLE_SECONDS", 3600)
    bad, _, _ = counting([RuntimeError("boom")])
    good, _, seen = counting([1, 1, 1, 0])
    running(bad, good)
    await asyncio.wait_for(seen.wait(), 5)


async def test_stopping_lets_the_row_in_hand_finish(running):
    began, finished = asyncio.Event(), []

    async def slow(stopping):
        began.set()
        while not stopping.asked:
            await asyncio.sleep(0)
        finished.append(1)
        return 0

    worker = running(slow)
    await began.wait()
    await worker.stop()
    assert finished == [1]
    assert all(task.done() for task in worker.tasks)


async def test_a_job_that_will_not_end_is_cut_off(running, monkeypatch):
    monkeypatch.setattr(worker_module, "STOP_SECONDS", 0.01)
    began = asyncio.Event()

    async def endless(stopping):
        began.set()
        await asyncio.Event().wait()

    worker = running(endless)
    await began.wait()
    await worker.stop()
    await asyncio.sleep(0)
    assert all(task.cancelled() or task.done() for task in worker.tasks)


async def test_stopping_a_worker_that_never_ran_is_nothing():
    await Worker().stop()


def test_a_worker_is_not_asked_to_stop_until_it_is():
    assert Stopping().asked is False
