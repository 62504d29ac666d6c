import re
from datetime import timedelta

import database
from tables import Course, Enrollment, Section
from tests.client import words

COURSES = "/acme/account/courses"


async def test_a_course_says_since_when_and_what_opens_later(world, signed_in):
    text = words(await (await signed_in(world.alice.customer)).get(COURSES))
    opens = database.now() + timedelta(days=25)
    assert "Keeping bees with Alice Yours since" in text
    assert f"1 lesson opens later: the next on {opens:%B} {opens.day}" in text
    assert "of 4 lessons done" in text


async def test_a_finished_course_says_when(world, signed_in):
    await Enrollment.update({Enrollment.course_completed_at: database.now()}).where(Enrollment.vendor == world.acme.id)
    assert "Finished on" in words(await (await signed_in(world.alice.customer)).get(COURSES))


async def test_what_opens_by_going_on_says_so(world, signed_in):
    await Section.update({Section.days_till_drip_access: None, Section.blocker_section_clickfunnels_id: "201"}).where(
        Section.vendor == world.acme.id, Section.clickfunnels_id == "203"
    )
    assert "1 lesson opens as you go on." in words(await (await signed_in(world.alice.customer)).get(COURSES))


async def test_a_suspended_course_says_why_and_nothing_of_what_opens_later(world, signed_in):
    await Enrollment.update({Enrollment.suspended: True, Enrollment.suspension_reason: "Card declined"}).where(
        Enrollment.vendor == world.acme.id
    )
    text = words(await (await signed_in(world.alice.customer)).get(COURSES))
    assert "Your access is suspended: Card declined" in text
    assert "opens later" not in text


async def test_a_course_bought_twice_has_its_lessons_once(world, signed_in):
    await Enrollment(vendor=world.acme.id, customer=world.alice.id, clickfunnels_id="501", enrolled_at=database.now(),
                     course_clickfunnels_id="100").save()  # fmt: skip
    text = words(await (await signed_in(world.alice.customer)).get(COURSES))
    assert text.count("1 of 4 lessons done") == 2


async def test_many_courses_come_in_pages_at_the_same_cost(acme, bob, signed_in):
    for number in range(45):
        await Course(vendor=acme.id, clickfunnels_id=str(number), title=f"Course {number:02}",
                     published_at=database.now()).save()  # fmt: skip
        await Enrollment(vendor=acme.id, customer=bob.id, clickfunnels_id=str(number), enrolled_at=database.now(),
                         course_clickfunnels_id=str(number)).save()  # fmt: skip
    one, seen, address, counts = await signed_in(bob), [], COURSES, []
    while address:
        statements = []
        database.statements.append(statements.append)
        text = (await one.get(address)).text
        database.statements.remove(statements.append)
        counts.append(len(statements))
        seen += re.findall(r"Course (\d\d)</a>", text)
        older = re.search(rf'href="({COURSES}\?older=\d+)"', text)
        address = older[1] if older else None
    assert seen == [f"{number:02}" for number in reversed(range(45))]
    assert len(counts) == 3
    assert max(counts[1:]) <= 3
