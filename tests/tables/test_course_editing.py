"""Courses written here: made, ordered, nested, published, taken away."""

import pytest

import database
from tables import Completion, Course, Lesson, LessonFile, ProductCourse, Section
from tables import course_editing as editing
from tables.base import is_local
from tables.course_parts import DEEPEST, Parts
from tables.enrollment import outline_of
from tables.outline import Builder, access_of


@pytest.fixture
async def course(acme):
    return await editing.add_course(acme.id, "Wax", "Begin here")


async def parts(course):
    return await Parts.of(await Course.objects().get(Course.id == course.id))


async def add(course, *titles, inside=None):
    made = []
    for title in titles:
        now = await parts(course)
        made.append(await editing.add_section(now, title, now.find(inside.public_id) if inside else None))
    return made


async def lesson(course, section, title):
    now = await parts(course)
    return await editing.add_lesson(now, now.find(section.public_id), title)


async def shape(course):
    return [
        ("  " * (node.depth - 1) + node.section.title, [lesson.title for lesson in node.lessons])
        for node in (await parts(course)).nodes
    ]


async def positions(course):
    now = await parts(course)
    return [row.position for row in now.children[None]]


async def test_a_new_course_is_a_draft_with_a_section_to_begin_in(course):
    assert course.is_own
    assert is_local(course.clickfunnels_id)
    assert course.published_at is None
    assert await shape(course) == [("Begin here", [])]


async def test_up_and_down_keep_positions_dense(course):
    one, _two, three = await add(course, "1", "2", "3")
    await editing.shift(await parts(course), three, -1)
    await editing.shift(await parts(course), three, -1)
    assert [title for title, _ in await shape(course)] == ["Begin here", "3", "1", "2"]
    await editing.shift(await parts(course), one, 1)
    await editing.shift(await parts(course), one, 1)
    assert [title for title, _ in await shape(course)] == ["Begin here", "3", "2", "1"]
    assert await positions(course) == [0, 1, 2, 3]


async def test_lessons_move_within_their_section_and_into_another(course):
    first = (await parts(course)).nodes[0].section
    (second,) = await add(course, "Second")
    a, b = [await lesson(course, first, title) for title in "ab"]
    await lesson(course, second, "c")
    await editing.shift(await parts(course), b, -1)
    assert await shape(course) == [("Begin here", ["b", "a"]), ("Second", ["c"])]
    now = await parts(course)
    await editing.put_lesson(now, a, now.find(second.public_id))
    assert await shape(course) == [("Begin here", ["b"]), ("Second", ["c", "a"])]


async def test_sections_nest_so_deep_and_no_deeper(course):
    inside = None
    for level in range(DEEPEST):
        (inside,) = await add(course, f"level {level}", inside=inside)
    with pytest.raises(editing.TooDeep):
        await add(course, "too deep", inside=inside)


async def test_a_section_with_what_is_in_it_only_goes_where_there_is_room_and_never_into_itself(course):
    (a, b) = await add(course, "a", "b")
    (inner,) = await add(course, "inner", inside=a)
    (innermost,) = await add(course, "innermost", inside=inner)
    now = await parts(course)
    for wrong in (inner, innermost, a):
        with pytest.raises(editing.TooDeep):
            await editing.put_section(now, a, now.find(wrong.public_id))
    with pytest.raises(editing.TooDeep):
        await editing.put_section(now, a, now.find(b.public_id))
    await editing.put_section(now, inner, now.find(b.public_id))
    assert [title for title, _ in await shape(course)] == ["Begin here", "a", "b", "  inner", "    innermost"]
    now = await parts(course)
    await editing.put_section(now, innermost, None)
    assert [title for title, _ in await shape(course)][-1] == "innermost"


async def test_a_section_cannot_wait_for_itself_by_any_way(course):
    a, b, c = await add(course, "a", "b", "c")
    (inner,) = await add(course, "inner", inside=a)
    in_b = await lesson(course, b, "in b")
    for section, other, one in ((a, a, None), (a, inner, None), (inner, a, None), (b, None, in_b)):
        with pytest.raises(editing.Circle):
            await editing.wait_for(await parts(course), section, other and other.clickfunnels_id,
                                   one and one.clickfunnels_id)  # fmt: skip
    await editing.wait_for(await parts(course), inner, None, in_b.clickfunnels_id)
    await editing.wait_for(await parts(course), b, c.clickfunnels_id, None)
    with pytest.raises(editing.Circle):  # c would wait for a, with inner in it, which waits for b, which waits for c
        await editing.wait_for(await parts(course), c, a.clickfunnels_id, None)
    now = await parts(course)
    offered = {node.section.title for node in now.blockers(now.find(c.public_id).section)[0]}
    assert offered == {"Begin here"}
    await editing.wait_for(now, b, None, None)
    now = await parts(course)
    assert {node.section.title for node in now.blockers(now.find(c.public_id).section)[0]} == {
        "Begin here", "a", "inner", "b"}  # fmt: skip


async def test_a_move_makes_no_circle_either(course):
    a, b = await add(course, "a", "b")
    one = await lesson(course, a, "one")
    await editing.wait_for(await parts(course), b, None, one.clickfunnels_id)
    now = await parts(course)
    with pytest.raises(editing.Circle):
        await editing.put_lesson(now, one, now.find(b.public_id))
    with pytest.raises(editing.Circle):
        await editing.put_section(now, a, now.find(b.public_id))


async def test_publishing_takes_drafts_along_and_leaves_what_has_a_time_of_its_own(course, clock):
    first = (await parts(course)).nodes[0].section
    draft, planned = await lesson(course, first, "draft"), await lesson(course, first, "planned")
    later = clock.now().replace(year=2030)
    await editing.publish(planned, later)
    now = await parts(course)
    await editing.publish(now.course, clock.now(), editing.everything(now.tree))
    rows = {row.title: row.published_at for row in await Lesson.objects()}
    assert rows == {"draft": clock.now(), "planned": later}
    assert (await Section.objects().first()).published_at == clock.now()
    since = clock.now()
    clock.forward(days=3)
    await editing.publish(now.course, clock.now())
    assert (await Course.objects().first()).published_at == since
    await editing.unpublish(draft)
    assert (await Lesson.objects().get(Lesson.id == draft.id)).published_at is None


async def test_a_customer_sees_it_by_the_outline_that_is_there(course, alice, clock):
    first = (await parts(course)).nodes[0].section
    one = await lesson(course, first, "one")
    (second,) = await add(course, "second")
    await lesson(course, second, "two")
    await editing.wait_for(await parts(course), second, None, one.clickfunnels_id)
    now = await parts(course)
    await editing.publish(now.course, clock.now(), editing.everything(now.tree))
    from tables import enrolling
    from tables.enrollment import enrollment_in

    result = await enrolling.enroll(now.course, alice.email)
    assert result.verdict == "new"
    (row,) = await enrollment_in(vendor=alice.vendor, customer=alice.id, course=course.public_id)
    rows = await outline_of(vendor=alice.vendor, customer=alice.id, enrollment=row["id"])
    outline = Builder(row, rows, access_of(row, clock.now()), clock.now()).build()
    assert [(one.title, one.lock and one.lock.reason) for one in outline.lessons] == [
        ("one", None), ("two", "after_lesson")]  # fmt: skip


async def test_taking_away_says_who_has_progress_and_keeps_it(course, alice, bob):
    first = (await parts(course)).nodes[0].section
    (second,) = await add(course, "second")
    (inner,) = await add(course, "inner", inside=second)
    kept, gone = await lesson(course, first, "kept"), await lesson(course, inner, "gone")
    await editing.wait_for(await parts(course), first, second.clickfunnels_id, None)
    await LessonFile.add(course.vendor, gone.id, "a.pdf", "f" * 22, media_type="application/pdf", size=1)
    for who in (alice, bob):
        await Completion.mark(who.vendor, who.id, gone.clickfunnels_id)
    now = await parts(course)
    rows = editing.everything([now.find(second.public_id)])
    assert await editing.learners(course.vendor, [row for row in rows if isinstance(row, Lesson)]) == 2
    assert await editing.learners(course.vendor, [kept]) == 0
    assert await editing.remove(now, rows) == ["f" * 22]
    assert await shape(course) == [("Begin here", ["kept"])]
    assert await Completion.count() == 2
    assert await LessonFile.count() == 0
    assert (await parts(course)).nodes[0].section.blocker_section_clickfunnels_id is None


async def test_a_course_that_is_gone_is_opened_by_nothing(course):
    await ProductCourse.replace(course.vendor, "9", [course.clickfunnels_id], catch_up=False)
    now = await parts(course)
    await editing.remove(now, [now.course, *editing.everything(now.tree)])
    assert await ProductCourse.count() == 0
    assert await Course.by_public_id(course.vendor, course.public_id) is None


async def test_what_clickfunnels_keeps_is_left_alone_until_it_is_kept_here(world):
    course = await Course.by_public_id(world.acme.id, world.alice.course)
    now = await Parts.of(course)
    for act in (
        lambda: editing.add_section(now, "x"), lambda: editing.remove(now, [course]),
        lambda: editing.shift(now, now.nodes[0].section, 1),
        lambda: editing.add_lesson(now, now.nodes[0], "x"), lambda: editing.put_section(now, now.nodes[0].section, None),
        lambda: editing.wait_for(now, now.nodes[0].section, None, None),
        lambda: editing.put_lesson(now, now.nodes[0].lessons[0], now.nodes[0]),
    ):  # fmt: skip
        with pytest.raises(ValueError):
            await act()
    await editing.keep_here(course, True)
    await editing.add_section(now, "Ours")
    assert [title for title, _ in await shape(course)] == ["Part 201", "  Part 202", "Part 203", "Ours"]
    await editing.keep_here(course, False)
    assert not (await Course.objects().get(Course.id == course.id)).is_own


async def test_one_vendors_parts_are_nobody_elses(world):
    theirs = await Course.by_public_id(world.globex.id, world.zoe.course)
    assert await Course.by_public_id(world.acme.id, world.zoe.course) is None
    assert all(node.section.vendor == world.globex.id for node in (await Parts.of(theirs)).nodes)


async def test_a_course_is_read_by_three_queries_however_much_is_in_it(world):
    course = await Course.by_public_id(world.acme.id, world.alice.course)
    counted = []
    database.statements.append(counted.append)
    try:
        await Parts.of(course)
    finally:
        database.statements.remove(counted.append)
    assert len(counted) == 3
