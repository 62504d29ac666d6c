"""A list of people: checked row by row, carried out in batches, and harmless the second time."""

import asyncio
import json

import pytest

import database
from jobs.enroll_people import enroll_people
from jobs.stopping import Stopping
from tables import Customer, Enrollment, EnrollmentImport, EnrollmentImportRow, Mail, closing, enrolling
from tables import course_editing as editing
from tables import enrollment_import as importing
from tables.course_parts import Parts

COLUMNS = {"email": 0, "first_name": 1, "last_name": None, "course": 2}


@pytest.fixture
async def course(acme, clock):
    made = await editing.add_course(acme.id, "Wax", "Begin here")
    await editing.publish(made, clock.now(), editing.everything((await Parts.of(made)).tree))
    return made


async def begin(course, *rows, mail=False):
    found = await EnrollmentImport.begin(course.vendor, "people.csv", [["Email", "Name", "Course"], *rows])
    await found.check(COLUMNS, course.clickfunnels_id, mail)
    return found


async def verdicts(found):
    return [(row.verdict, row.detail) for row in await EnrollmentImportRow.page(found.vendor, found.id, 0, None)]


async def run():
    while await enroll_people(Stopping()):
        pass


async def test_every_row_is_told_what_would_become_of_it_and_nobody_is_enrolled(course, alice, bob, clock):
    other = await editing.add_course(alice.vendor, "Honey", "x")
    await enrolling.enroll(course, alice.email)
    result = await enrolling.enroll(course, "held@example.com")
    await enrolling.suspend(course.vendor, result.enrollment.id, "x")
    await Customer.open(alice.vendor, "gone@example.com", disabled_at=clock.now())
    found = await begin(
        course, ["ALICE@example.com", "Al", ""], [bob.email, "", "wax"], ["new@example.com", "Nu", " hONEY "],
        ["not an address", "", ""], [bob.email, "", ""], ["x@example.com", "", "Glass"],
        ["held@example.com"], ["gone@example.com"], ["y@example.com", "", other.public_id],
    )  # fmt: skip
    assert await verdicts(found) == [
        ("already", ""), ("new", ""), ("new_customer", ""), ("bad_address", "not an address"), ("twice", ""),
        ("unknown_course", "Glass"), ("suspended", ""), ("closed", ""), ("new_customer", ""),
    ]  # fmt: skip
    assert await Enrollment.count() == 2
    assert await EnrollmentImportRow.tally(found.vendor, found.id) == {
        "already": 1, "new": 1, "new_customer": 2, "bad_address": 1, "twice": 1, "unknown_course": 1, "suspended": 1,
        "closed": 1}  # fmt: skip


async def test_two_courses_of_one_title_are_told_apart_by_their_ids_alone(course):
    await editing.add_course(course.vendor, "Wax", "x")
    found = await begin(course, ["a@example.com", "", "Wax"], ["a@example.com", "", course.public_id])
    assert [one for one, _ in await verdicts(found)] == ["unknown_course", "new_customer"]


async def test_it_is_carried_out_once_in_batches_with_mails(course, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 3)
    rows = [[f"p{place}@example.com", f"P{place}", ""] for place in range(8)]
    found = await begin(course, *rows, ["bad", "", ""], mail=True)
    assert await found.start()
    assert not await found.start()
    await run()
    assert await Enrollment.count() == 8
    assert await Mail.count().where(Mail.kind == "enrolled") == 8
    again = await EnrollmentImport.by_public_id(found.vendor, found.public_id)
    assert (again.state, again.content) == ("done", "[]")
    assert await EnrollmentImportRow.left(found.vendor, found.id) == 0
    assert (await Customer.objects().get(Customer.email == "p3@example.com")).first_name == "P3"


async def test_a_second_run_changes_nothing(course):
    rows = [[f"p{place}@example.com", "", ""] for place in range(4)]
    for _ in range(2):
        found = await begin(course, *rows, mail=True)
        await found.start()
        await run()
    assert await EnrollmentImportRow.tally(found.vendor, found.id) == {"already": 4}
    assert (await Enrollment.count(), await Customer.count(), await Mail.count()) == (4, 4, 4)


async def test_a_worker_that_dies_leaves_whole_batches(course, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    found = await begin(course, *([f"p{place}@example.com"] for place in range(5)))
    await found.start()
    enroll, calls = enrolling.enroll, []

    async def dies(*arguments):
        calls.append(1)
        if len(calls) == 4:
            raise database.Unavailable("killed")
        return await enroll(*arguments)

    monkeypatch.setattr(enrolling, "enroll", dies)
    await enroll_people(Stopping())
    with pytest.raises(database.Unavailable):
        await enroll_people(Stopping())
    assert await Enrollment.count() == 2
    assert await EnrollmentImportRow.left(found.vendor, found.id) == 3
    await EnrollmentImport.update({EnrollmentImport.next_try_at: found.made_at}).where(EnrollmentImport.id == found.id)
    await run()
    assert await Enrollment.count() == 5


async def test_what_changed_since_the_check_is_told_as_it_is(course, alice):
    found = await begin(course, [alice.email], ["new@example.com"])
    await enrolling.enroll(course, alice.email)
    await found.start()
    await run()
    assert [one for one, _ in await verdicts(found)] == ["already", "new_customer"]


async def test_a_course_that_is_gone_meanwhile_enrolls_nobody(course):
    found = await begin(course, ["new@example.com"])
    now = await Parts.of(course)
    await editing.remove(now, [course])
    await found.start()
    await run()
    assert [one for one, _ in await verdicts(found)] == ["unknown_course"]
    assert await Enrollment.count() == 0


async def test_ten_thousand_rows_are_checked_with_few_statements(course):
    import database

    rows = [[f"person{place}@example.com", "Ann", ""] for place in range(10_000)]
    counted = []
    database.statements.append(counted.append)
    try:
        found = await begin(course, *rows)
    finally:
        database.statements.remove(counted.append)
    assert len(counted) < 150
    assert await EnrollmentImportRow.tally(found.vendor, found.id) == {"new_customer": 10_000}


async def test_lists_are_forgotten_after_a_month_and_with_the_person(course, clock, alice):
    found = await begin(course, [alice.email], ["new@example.com"])
    await closing.forget_addresses(alice.vendor, [alice.email])
    assert [row.email for row in await EnrollmentImportRow.page(found.vendor, found.id, 0, None)] == ["new@example.com"]
    clock.forward(days=31)
    await EnrollmentImport.sweep()
    assert (await EnrollmentImport.count(), await EnrollmentImportRow.count()) == (0, 0)


async def test_the_first_rows_tell_what_is_in_it(course):
    found = await begin(course, ["a@example.com", "A", ""])
    assert found.header == ["Email", "Name", "Course"]
    assert found.sample == [["a@example.com", "A", ""]]
    assert json.loads(found.mapping)["columns"] == COLUMNS


async def test_a_check_from_another_tab_undoes_nothing_that_is_being_carried_out(course):
    found = await begin(course, ["a@example.com"], ["b@example.com"])
    stale = await EnrollmentImport.by_public_id(found.vendor, found.public_id)
    await found.start()
    await run()
    await stale.check(COLUMNS, course.clickfunnels_id, True)
    again = await EnrollmentImport.by_public_id(found.vendor, found.public_id)
    assert (again.state, again.send_mail) == ("done", False)
    assert [row.done for row in await EnrollmentImportRow.page(found.vendor, found.id, 0, None)] == [True, True]


async def test_two_checks_at_once_leave_every_row_once(course):
    found = await begin(course, *([f"p{place}@example.com"] for place in range(1000)))
    twins = [await EnrollmentImport.by_public_id(found.vendor, found.public_id) for _ in range(3)]
    await asyncio.gather(*(twin.check(COLUMNS, course.clickfunnels_id, False) for twin in twins))
    assert (await EnrollmentImport.by_public_id(found.vendor, found.public_id)).state == "checked"
    assert await EnrollmentImportRow.left(found.vendor, found.id) == 1000
