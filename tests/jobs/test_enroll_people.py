"""Lists of people: the trouble of one is its own, and a long one lets the others through."""

import pytest

import database
from jobs import enroll_people as job
from jobs.stopping import Stopping
from tables import EnrollmentImport, ProductCourse
from tables import course_editing as editing


async def begin(vendor, rows=1):
    course = await editing.add_course(vendor.id, "Wax", "Begin here")
    people = [[f"p{number}@example.com"] for number in range(rows)]
    found = await EnrollmentImport.begin(vendor.id, "people.csv", [["Email"], *people])
    await found.check({"email": 0}, course.clickfunnels_id, send_mail=False)
    await found.start()
    return found


async def state(found):
    return (await EnrollmentImport.by_public_id(found.vendor, found.public_id)).state


async def test_a_list_that_fails_keeps_no_other_waiting(acme, globex, monkeypatch):
    poisoned, good = await begin(acme), await begin(globex)
    carry_out = job.carry_out

    async def fails(vendor_id, import_id):
        if import_id == poisoned.id:
            raise ZeroDivisionError
        return await carry_out(vendor_id, import_id)

    monkeypatch.setattr(job, "carry_out", fails)
    assert await job.enroll_people(Stopping()) == 2
    assert (await state(poisoned), await state(good)) == ("running", "done")


async def test_a_product_that_fails_keeps_no_other_waiting(acme, globex, monkeypatch):
    for vendor in (acme, globex):
        course = await editing.add_course(vendor.id, "Wax", "Begin here")
        await ProductCourse.replace(vendor.id, "p1", [course.clickfunnels_id], catch_up=True)
    catch_up = ProductCourse.catch_up

    async def fails(row):
        if row["vendor_id"] == acme.id:
            raise ZeroDivisionError
        return await catch_up(row)

    monkeypatch.setattr(ProductCourse, "catch_up", fails)
    assert await job.enroll_buyers(Stopping()) == 2
    rows = {row.vendor: row.next_try_at for row in await ProductCourse.objects()}
    assert rows[globex.id] is None
    assert rows[acme.id] is not None


async def test_a_database_out_of_reach_is_the_workers_business(acme, monkeypatch):
    await begin(acme)

    async def away(*_):
        raise database.Unavailable("gone")

    monkeypatch.setattr(job, "carry_out", away)
    with pytest.raises(database.Unavailable):
        await job.enroll_people(Stopping())


async def test_long_lists_let_a_short_one_through(acme, globex, clock):
    for _ in range(job.LISTS):
        await begin(acme, rows=250)
    short = await begin(globex)
    clock.forward(seconds=1)
    await job.enroll_people(Stopping())
    clock.forward(seconds=1)
    await job.enroll_people(Stopping())
    assert await state(short) == "done"
