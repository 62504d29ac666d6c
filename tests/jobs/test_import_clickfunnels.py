import httpx
import pytest

import database
from integrations.clickfunnels import importing
from integrations.clickfunnels.api import Api
from jobs import import_clickfunnels as job
from jobs.import_clickfunnels import import_clickfunnels, pause
from jobs.stopping import Stopping
from jobs.sweep import sweep
from tables import Course, ImportRefusal, ImportRun, Vendor
from tests.integrations.clickfunnels.fake_api import SUBDOMAIN, TOKEN, WORKSPACE, FakeClickFunnels, large


async def shop(vendor, token=TOKEN):
    await Vendor.keep_token(vendor.id, token)
    await Vendor.keep_workspace(vendor.id, SUBDOMAIN, str(WORKSPACE))
    return await ImportRun.start(vendor.id, str(WORKSPACE), importing.FIRST, "a test")


async def state(vendor):
    return (await ImportRun.newest(vendor.id)).state


async def test_a_turn_takes_a_few_pages_and_leaves_the_rest_for_the_next(acme, clickfunnels_api):
    clickfunnels_api.records |= large(150)
    await shop(acme)
    assert await import_clickfunnels(Stopping()) == 1
    assert len(clickfunnels_api.asked) == job.PAGES
    run = await ImportRun.newest(acme.id)
    assert (run.state, run.lease, run.leased_until) == ("running", None, None)


async def test_nothing_to_do_asks_nobody(acme, clickfunnels_api):
    assert await import_clickfunnels(Stopping()) == 0
    assert clickfunnels_api.asked == []


async def test_vendors_are_imported_side_by_side_and_the_trouble_of_one_stays_its_own(acme, globex):
    await shop(acme)
    await shop(globex, "another-token-0123456789")
    while await import_clickfunnels(Stopping()):
        pass
    assert (await state(acme), await state(globex)) == ("done", "failed")
    assert await Course.count().where(Course.vendor == acme.id) == 1
    assert await Course.count().where(Course.vendor == globex.id) == 0


async def test_a_database_out_of_reach_is_the_workers_business(acme, monkeypatch):
    await shop(acme)

    async def away(work):
        raise database.Unavailable("gone")

    with monkeypatch.context() as patched:
        patched.setattr(database, "transaction", away)
        with pytest.raises(database.Unavailable):
            await import_clickfunnels(Stopping())
    run = await ImportRun.newest(acme.id)
    assert (run.state, run.tries) == ("running", 0)
    assert run.lease, "it comes back when the lease ends"


async def test_a_worker_whose_lease_ended_takes_nothing_of_its_page(acme, clock):
    """Another worker has the run by now: one page is never written twice."""
    run, fake = await shop(acme), FakeClickFunnels()

    class Slow(httpx.ASGITransport):
        async def handle_async_request(self, request):
            answer = await super().handle_async_request(request)
            clock.forward(minutes=5)
            assert [other.id for other in await ImportRun.take(1)] == [run.id]
            return answer

    await import_clickfunnels(Stopping(), lambda subdomain, token: Api(subdomain, token, Slow(fake)))
    run = await ImportRun.newest(acme.id)
    assert (run.tallies, run.state) == ({}, "running")
    assert run.lease
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("tries", "asked", "seconds"), [(0, None, 5), (3, None, 40), (9, None, 600), (0, 90.0, 90), (5, 0.0, 160)]
)
def test_waits_grow_and_are_never_shorter_than_asked_for(tries, asked, seconds):
    assert pause(tries, asked) == seconds


async def test_refusals_are_forgotten_after_a_while_and_their_runs_are_not(acme, clock):
    run = await shop(acme)
    await ImportRefusal.note(run, "1", "because")
    await ImportRun.stop(acme.id, run.public_id)
    clock.forward(days=89)
    await sweep(Stopping())
    assert await ImportRefusal.count() == 1
    clock.forward(days=2)
    await sweep(Stopping())
    assert (await ImportRefusal.count(), await ImportRun.count()) == (0, 1)


async def test_a_long_run_lets_the_run_of_another_vendor_through(acme, globex, clickfunnels_api, clock, monkeypatch):
    monkeypatch.setattr(job, "AT_ONCE", 1)
    clickfunnels_api.records |= large(150)
    for vendor in (acme, globex):
        await shop(vendor)
    for _ in range(2):
        clock.forward(seconds=1)
        await import_clickfunnels(Stopping())
    assert [(await state(vendor)) for vendor in (acme, globex)] == ["running", "running"]
