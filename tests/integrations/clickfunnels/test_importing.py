import copy

import httpx
import pytest

import database
from integrations import clickfunnels
from integrations.clickfunnels import importing
from integrations.clickfunnels.api import Api
from jobs import import_clickfunnels as job
from jobs.close_accounts import close_accounts
from jobs.stopping import Stopping
from tables import (
    Completion,
    Contact,
    Course,
    CreditMemo,
    Customer,
    Enrollment,
    ImportRefusal,
    ImportRun,
    Lesson,
    Mail,
    Order,
    Payment,
    TakenCompletion,
    Vendor,
    WebhookEvent,
    closing,
)
from tests import world as cast
from tests.integrations.clickfunnels.fake_api import SUBDOMAIN, TOKEN, WORKSPACE, FakeClickFunnels, completion, large
from tests.integrations.clickfunnels.payloads import (
    at,
    body,
    contact,
    course,
    deliver,
    drain,
    dump,
    enrollment,
    event,
    fulfillment,
    invoice,
    lesson,
    order,
    product,
    refund,
    section,
    transaction,
    variant,
)


@pytest.fixture
async def shop(acme):
    """Acme with a token for the workspace that the fake has."""
    return await with_token(acme)


async def with_token(vendor):
    await Vendor.keep_token(vendor.id, TOKEN)
    await Vendor.keep_workspace(vendor.id, SUBDOMAIN, str(WORKSPACE))
    return vendor


def opening(fake):
    """Opens the fake in place of ClickFunnels."""
    return lambda subdomain, token: Api(subdomain, token, httpx.ASGITransport(fake))


async def start(vendor, **options):
    run = await ImportRun.start(vendor.id, str(WORKSPACE), importing.FIRST, "olga@acme.example", **options)
    assert run, "there is a run already"
    return run


async def work(vendor, fake, turns=10_000):
    """Turns of the job until there is nothing to do, or so many."""
    for _ in range(turns):
        if not await job.import_clickfunnels(Stopping(), opening(fake)):
            break
    return await ImportRun.newest(vendor.id)


async def import_all(vendor, fake, **options):
    await start(vendor, **options)
    run = await work(vendor, fake)
    assert (run.state, run.error) == ("done", None)
    return run


def totals(run):
    """Over all lists."""
    found = {name: sum(tally[name] for tally in run.tallies.values()) for name in ("new", "changed", "refused")}
    return {name: number for name, number in found.items() if number}


async def refused(run, resource):
    return [row for row in await ImportRefusal.of(run) if row.resource == resource]


async def everything():
    """Every row of every table but the runs, which are what they are about."""
    rows = await cast.dump()
    return {name: found for name, found in rows.items() if not name.startswith("import_")}


# The same rows as from webhooks


def told_by_webhooks():
    """The records of the small shop, as events of the moments they tell of."""
    return [
        event("product.updated", product(9), 9), event("products/variant.created", variant(0), 0),
        event("contact.updated", contact(1), 1), event("course.published", course(2), 2),
        event("courses/section.created", section(1, id=20, parent_id=None), 1),
        event("courses/section.updated", section(3), 3), event("courses/lesson.updated", lesson(4), 4),
        event("one-time-order.completed", order(4, contact=contact(1)), 4),
        event("one-time-order.invoice.paid", invoice(5, paid_at=at(5)), 5),
        event("orders/transaction.created", transaction(5), 5), event("orders/transaction.created", refund(20), 20),
        event("fulfillment.updated", fulfillment(8), 8),
        event("courses/enrollment.created", enrollment(6, contact=None), 6),
    ]  # fmt: skip


def unversioned(dumped):
    return {
        name: sorted([{key: value for key, value in row.items() if "version" not in key} for row in rows], key=repr)
        for name, rows in dumped.items()
    }


async def test_an_import_makes_the_rows_that_webhooks_make(shop, globex):
    await import_all(shop, FakeClickFunnels())
    await deliver(globex, *told_by_webhooks())
    assert unversioned(await dump(shop)) == unversioned(await dump(globex))
    assert await CreditMemo.count().where(CreditMemo.vendor == shop.id) == 1


async def test_webhooks_before_after_and_beside_an_import_leave_the_same(shop, globex):
    """Versions and all: what a webhook tells of a moment stands above what the API tells of it."""
    later = [event("order.updated", order(50, billing_status="refunded", contact=contact(40)), 50),
             event("courses/lesson.updated", lesson(60, title="Two"), 60)]  # fmt: skip
    story = [*told_by_webhooks(), *later]
    await deliver(globex, *story)
    expected = await dump(globex)
    vendors = [shop] + [await with_token(await Vendor.add(f"vendor-{number}", "Any")) for number in range(2)]

    await import_all(vendors[0], FakeClickFunnels())
    await deliver(vendors[0], *story)
    await deliver(vendors[1], *story)
    await import_all(vendors[1], FakeClickFunnels())
    await start(vendors[2])
    for sent in story:
        await clickfunnels.receive(vendors[2].id, body(sent))
        await work(vendors[2], FakeClickFunnels(), turns=1)
        await drain()
    await work(vendors[2], FakeClickFunnels())
    for vendor in vendors:
        assert without_teller(await dump(vendor)) == without_teller(expected)


def without_teller(dumped):
    """Who told of the oldest address is left out; when it was told is not."""
    customers = [{**row, "email_version": row["email_version"].rpartition("|")[0]} for row in dumped["Customer"]]
    return {**dumped, "Customer": customers}


async def test_what_waited_for_a_record_goes_on_when_an_import_brings_it(shop):
    await deliver(shop, event("orders/transaction.created", refund(30, id=302, amount="1.00"), 30))
    assert (await WebhookEvent.select().first())["status"] == "parked"
    await import_all(shop, FakeClickFunnels())
    await drain()
    assert (await WebhookEvent.select().first())["status"] == "processed"
    assert await Payment.count() == 3


# Again, further, stopped, killed


async def test_a_large_shop_comes_over_whole(shop):
    fake = FakeClickFunnels(large())
    run = await import_all(shop, fake)
    seen = {name: tally["seen"] for name, tally in run.tallies.items()}
    assert seen == {name: len(fake.records[name]) for name in importing.NAMES}
    assert totals(run) == {"new": sum(seen.values())}
    assert sum(seen.values()) > 800
    assert [await table.count() for table in (Customer, Order, Enrollment, Completion, Course, Lesson)] == [
        150, 150, 150, 150, 3, 72
    ]  # fmt: skip
    assert await CreditMemo.count() == 15


async def test_running_it_again_changes_nothing(shop):
    fake = FakeClickFunnels(large(60))
    await import_all(shop, fake)
    before = await everything()
    run = await import_all(shop, fake)
    assert totals(run) == {}
    assert cast.differences(before, await everything()) == set()


async def test_only_what_is_newer_changes(shop):
    fake = FakeClickFunnels()
    await import_all(shop, fake)
    fake.records["courses"] = [course(300, title="Keeping more bees")]
    fake.records["orders"] = [order(-60, total_amount="1.00", contact=contact(-60))]
    run = await import_all(shop, fake)
    assert totals(run) == {"changed": 1}
    assert (await Course.objects().first()).title == "Keeping more bees"
    assert (await Order.objects().first()).total == 12900


async def test_an_import_takes_nothing_back_that_a_webhook_brought(shop):
    await deliver(shop, event("one-time-order.completed", order(90, total_amount="999.00"), 90))
    await deliver(shop, event("courses/lesson.deleted", {"id": 31}, 90))
    await import_all(shop, FakeClickFunnels())
    assert (await Order.objects().first()).total == 99900
    assert (await Lesson.objects().first()).deleted_at


@pytest.mark.parametrize(
    "turns", [pytest.param(1, marks=pytest.mark.one_engine), 3, pytest.param(7, marks=pytest.mark.one_engine)]
)
async def test_a_dead_workers_run_is_gone_on_with_where_it_stood(shop, monkeypatch, clock, turns):
    """The worker dies between its request and its page's rows: nothing is lost, nothing is counted twice."""
    fake = FakeClickFunnels(large(60))
    await start(shop)
    await work(shop, fake, turns)

    class Killed(BaseException):
        pass

    async def killed(run, stopping, open_api):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(job, "turn", killed)
        with pytest.raises(Killed):
            await job.import_clickfunnels(Stopping(), opening(fake))
    asked = len(fake.asked)
    assert (await work(shop, fake)).state == "running"
    assert len(fake.asked) == asked, "its lease still runs"
    clock.forward(minutes=2)
    run = await work(shop, fake)
    assert run.state == "done"
    assert totals(run) == {"new": sum(len(fake.records[name]) for name in importing.NAMES)}
    assert len(fake.asked) == len(set(fake.asked)), "no page was asked for twice"


async def test_a_page_and_its_place_are_written_together_or_not_at_all(shop, monkeypatch, clock):
    fake, advance = FakeClickFunnels(large(60)), ImportRun.advance
    await start(shop)

    async def broken(run, taken, place):
        if run.resource == "contacts" and run.after:
            raise RuntimeError("the disk is gone")
        await advance(run, taken, place)

    with monkeypatch.context() as patched:
        patched.setattr(ImportRun, "advance", broken)
        run = await work(shop, fake)
    assert (run.state, run.tries, run.place) == ("waiting", 1, ("contacts", None, "1020"))
    assert await Contact.count() == 20
    clock.forward(minutes=1)
    run = await work(shop, fake)
    assert (run.state, run.tallies["contacts"]["new"]) == ("done", 60)


async def test_a_run_is_stopped_and_gone_on_with(shop):
    fake = FakeClickFunnels(large(60))
    run = await start(shop)
    run = await work(shop, fake, 2)
    place = run.place
    assert await ImportRun.stop(shop.id, run.public_id)
    assert not await ImportRun.stop(shop.id, run.public_id)
    asked = len(fake.asked)
    assert (await work(shop, fake)).state == "stopped"
    assert len(fake.asked) == asked
    assert await ImportRun.go_on(shop.id, run.public_id)
    assert not await ImportRun.go_on(shop.id, run.public_id)
    run = await ImportRun.newest(shop.id)
    assert (run.state, run.place) == ("queued", place)
    assert (await work(shop, fake)).state == "done"
    assert not await ImportRun.go_on(shop.id, run.public_id)


async def test_what_is_stopped_while_a_page_is_on_its_way_takes_nothing_of_it(shop):
    fake, run = FakeClickFunnels(), await start(shop)

    class Late(httpx.ASGITransport):
        async def handle_async_request(self, request):
            answer = await super().handle_async_request(request)
            await ImportRun.stop(shop.id, run.public_id)
            return answer

    await job.import_clickfunnels(Stopping(), lambda subdomain, token: Api(subdomain, token, Late(fake)))
    run = await ImportRun.newest(shop.id)
    assert (run.state, run.tallies) == ("stopped", {})
    assert len(fake.asked) == 1


async def test_a_worker_that_stops_gives_the_run_back_at_once(shop):
    fake, stopping = FakeClickFunnels(), Stopping()
    await start(shop)

    class Endless(httpx.ASGITransport):
        async def handle_async_request(self, request):
            stopping.asked = True
            import asyncio

            await asyncio.sleep(3600)

    await job.import_clickfunnels(stopping, lambda subdomain, token: Api(subdomain, token, Endless(fake)))
    run = await ImportRun.newest(shop.id)
    assert (run.state, run.leased_until, run.lease) == ("running", None, None)
    assert (await work(shop, fake)).state == "done"


async def test_one_run_at_a_time_for_each_vendor(shop, globex):
    await start(shop)
    assert await ImportRun.start(shop.id, "1", importing.FIRST, "somebody") is None
    assert await ImportRun.start(globex.id, "1", importing.FIRST, "somebody")
    assert len(await ImportRun.take(4)) == 2
    assert await ImportRun.take(4) == []


async def test_an_older_run_is_not_gone_on_with(shop):
    first = await start(shop)
    await ImportRun.stop(shop.id, first.public_id)
    second = await start(shop)
    assert not await ImportRun.go_on(shop.id, first.public_id)
    await ImportRun.stop(shop.id, second.public_id)
    assert not await ImportRun.go_on(shop.id, first.public_id)


# Limits and troubles of ClickFunnels


async def test_asked_to_slow_down_it_waits_as_long_as_it_is_told(shop, clock):
    fake = FakeClickFunnels()
    fake.answers = [(429, {"retry-after": "77"}, {"error": "Too many"})]
    run = await start(shop)
    run = await work(shop, fake)
    assert (run.state, run.tries) == ("waiting", 1)
    assert "slow down" in run.error
    assert (run.next_try_at - database.now()).total_seconds() == 77
    clock.forward(seconds=76)
    await work(shop, fake)
    assert len(fake.asked) == 1
    clock.forward(seconds=2)
    run = await work(shop, fake)
    assert (run.state, run.error, run.tries) == ("done", None, 0)


async def test_trouble_is_waited_for_longer_and_longer_and_not_for_ever(shop, clock):
    fake, waits = FakeClickFunnels(), []
    fake.answers = [(503, {}, b"<h1>Sorry</h1>")] * job.TRIES
    await start(shop)
    for _ in range(job.TRIES):
        run = await work(shop, fake)
        waits.append((run.next_try_at - database.now()).total_seconds())
        clock.forward(seconds=600)
    assert waits[:8] == [5, 10, 20, 40, 80, 160, 320, 600]
    assert run.state == "failed"
    assert "503" in run.error
    await ImportRun.go_on(shop.id, run.public_id)
    assert (await work(shop, fake)).state == "done"


@pytest.mark.parametrize(
    ("answer", "words"),
    [((401, {}, {"error": "API key missing or invalid"}), "does not know this API token"),
     ((403, {}, {"error": "Missing required scope: products:read"}), "lacks the scope products:read"),
     ((403, {}, {"error": "no"}), "lacks the scope store:read"),
     ((302, {"location": "https://evil.example/"}, b""), "another address"),
     ((404, {}, {"error": "Not found: Record missing"}), "nothing at /workspaces/42000/products"),
     ((422, {}, {"error": "nope\x00 <b>"}), "(422: nope <b>)")],
)  # fmt: skip
async def test_what_cannot_get_better_ends_the_run_in_plain_words(shop, answer, words):
    fake = FakeClickFunnels()
    fake.answers = [answer]
    await start(shop)
    run = await work(shop, fake)
    assert run.state == "failed"
    assert words in run.error
    assert TOKEN not in run.error
    assert len(fake.asked) == 1


async def test_without_a_token_it_says_so(shop):
    await start(shop)
    await Vendor.forget_token(shop.id)
    run = await work(shop, FakeClickFunnels())
    assert (run.state, run.error) == ("failed", job.UNSET)


async def test_a_list_that_a_row_does_not_have_there_is_noted_and_passed_over(shop):
    fake = FakeClickFunnels()
    await deliver(shop, event("course.created", course(1, id=999), 1), event("course.created", course(id="local-1")))
    run = await import_all(shop, fake)
    assert totals(run)["refused"] == 3
    refusals = await refused(run, "sections")
    assert [(row.clickfunnels_id, row.reason) for row in refusals] == [
        ("999", "ClickFunnels does not have what this list belongs to")
    ]
    assert not any("local-1" in path for path in fake.asked)


async def test_payments_of_carts_that_were_left_are_not_asked_for(shop):
    fake = FakeClickFunnels()
    fake.records["orders"].append(order(4, id=124, public_id="o124", billing_status="abandoned", contact=contact(1)))
    await import_all(shop, fake)
    assert [path for path in fake.asked if "transactions" in path] == ["/api/v2/orders/123/transactions"]


# What is refused, and what is nobody's news


async def test_records_that_cannot_be_taken_are_told_with_their_reason_and_leave_nothing(shop):
    fake = FakeClickFunnels()
    fake.records["orders"] = [
        order(4, id=122, public_id="o122", order_number="1000", contact=contact(1)),
        order(4, created_at="yesterday", contact=contact(2, id=46, email_address="half@example.com")),
        order(4, id=124, public_id="o124", order_number="1002", contact_id=99, contact=None),
    ]
    fake.records["enrollments"][0]["contact_id"] = 98
    run = await import_all(shop, fake)
    assert {name: run.tallies["orders"][name] for name in ("seen", "new", "refused")} == {
        "seen": 3, "new": 1, "refused": 2
    }  # fmt: skip
    assert [(row.clickfunnels_id, row.reason) for row in await refused(run, "orders")] == [
        ("124", "it belongs to the contact 99, which ClickFunnels' lists do not have, or which has no address"),
        ("123", "ValueError: created_at: not a time"),
    ]
    assert await Customer.exists().where(Customer.email == "half@example.com") is False
    assert [row.clickfunnels_id for row in await refused(run, "enrollments")] == ["77"]
    assert [row.clickfunnels_id for row in await refused(run, "completions")] == ["1"]


async def test_an_undone_completion_stays_undone(shop):
    fake = FakeClickFunnels()
    await import_all(shop, fake)
    [done] = await Completion.objects()
    assert (done.lesson_clickfunnels_id, done.completed_at.isoformat()) == ("31", "2026-01-01T10:30:00+00:00")
    await Completion.undo(shop.id, done.customer, "31")
    fake.records["completions"].append(completion(2, lesson_id=32))
    run = await import_all(shop, fake)
    assert [row.lesson_clickfunnels_id for row in await Completion.objects()] == ["32"]
    assert (run.tallies["completions"]["new"], run.tallies["completions"]["unchanged"]) == (1, 1)
    assert await TakenCompletion.count() == 2


async def test_nobody_is_welcomed_by_an_import_nor_by_news_of_old_purchases(shop):
    await import_all(shop, FakeClickFunnels(large(20)))
    assert await Mail.count() == 0
    await deliver(shop, event("order.updated", order(9000, id=2001, contact_id=1001, contact=None), 9000))
    assert await Mail.count() == 0


async def test_with_welcomes_those_are_mailed_once_who_have_never_been_here(shop):
    here = await Customer.open(shop.id, "buyer1@example.com")
    await Customer.note_sign_in(shop.id, here.id)
    fake = FakeClickFunnels(large(20))
    await import_all(shop, fake, welcomes=True)
    await import_all(shop, fake, welcomes=True)
    assert {row["recipient"] for row in await Mail.select()} == {
        f"buyer{number}@example.com" for number in range(2, 21)
    }
    assert await Mail.count() == 19


async def test_a_purchase_of_today_is_left_to_its_webhook_to_welcome(shop):
    now = database.now().isoformat()
    new = order(4, created_at=now, updated_at=now, contact=contact(1))
    fake = FakeClickFunnels()
    fake.records |= {"orders": [new], "enrollments": [], "completions": []}
    await import_all(shop, fake)
    assert await Mail.count() == 0
    await deliver(shop, event("one-time-order.completed", new, created_at=now))
    assert [row["kind"] for row in await Mail.select()] == ["welcome"]


async def test_a_sign_in_is_not_moved_by_an_import(shop):
    await deliver(shop, event("contact.created", contact(0), 0))
    ann = await Customer.objects().first()
    await Customer.note_sign_in(shop.id, ann.id)
    fake = FakeClickFunnels()
    fake.records["contacts"] = [contact(900, email_address="elsewhere@example.com")]
    fake.records["orders"][0]["contact"] = contact(900, email_address="elsewhere@example.com")
    await import_all(shop, fake)
    ann = await Customer.objects().first()
    assert (ann.email, ann.email_proposed) == ("ann@example.com", "elsewhere@example.com")
    assert await Customer.count() == 1


async def test_news_of_an_older_address_mails_nobody_whom_an_import_passed_over(shop):
    fake = FakeClickFunnels()
    await import_all(shop, fake)
    await deliver(shop, event("contact.updated", contact(-900, email_address="before@example.com"), -900))
    assert (await Customer.objects().first()).email == "before@example.com"
    assert await Mail.count() == 0


async def test_a_sign_in_that_somebody_was_mailed_about_does_not_move_without_a_mail(shop):
    """The address was never used; by the rule of the webhooks the oldest one known is it."""
    await deliver(shop, event("one-time-order.completed", order(40, contact=contact(40)), 40))
    fake = FakeClickFunnels()
    fake.records |= {"contacts": [contact(1, email_address="before@example.com")], "orders": []}
    await import_all(shop, fake)
    mails = await Mail.select(Mail.kind, Mail.recipient).order_by(Mail.id)
    assert [(row["kind"], row["recipient"]) for row in mails] == [
        ("welcome", "ann@example.com"), ("welcome", "before@example.com")
    ]  # fmt: skip


async def test_nothing_personal_comes_back_of_somebody_who_deleted_their_account(shop, clock):
    fake = FakeClickFunnels()
    await import_all(shop, fake)
    ann = await Customer.objects().first()
    await closing.schedule(shop.id, ann.id)
    clock.forward(days=15)
    await close_accounts(Stopping())
    await Mail.delete(force=True)
    before = await everything()
    fake.records["orders"].append(order(6, id=124, public_id="o124", order_number="1002", contact=contact(6)))
    run = await import_all(shop, fake)
    assert cast.differences(before, await everything()) == set()
    assert [row.reason for row in await refused(run, "orders")] == ["from before the account was deleted"]


async def test_the_path_that_opens_an_enrollment_is_kept_nowhere(shop):
    fake = FakeClickFunnels(large(20))
    await import_all(shop, fake)
    assert "5ae995ce7e62408b" not in repr(await cast.dump())


async def test_the_token_is_sealed_and_only_sent_as_a_header(shop):
    fake = FakeClickFunnels()
    await import_all(shop, fake)
    assert TOKEN not in repr(await cast.dump())
    assert {headers["authorization"] for headers in fake.headers} == {f"Bearer {TOKEN}"}
    assert all(headers["user-agent"] for headers in fake.headers)


async def test_an_import_does_not_change_the_fakes_records(shop):
    fake = FakeClickFunnels()
    before = copy.deepcopy(fake.records)
    await import_all(shop, fake)
    assert fake.records == before
