from datetime import timedelta

import pytest

import database
from tables import Completion, Course, Enrollment, Lesson, Order, Section, Vendor
from tests.client import forms, tree, words


@pytest.fixture
def own(world):
    return world.alice


@pytest.fixture
async def one(own, signed_in):
    return await signed_in(own.customer)


@pytest.fixture
def course(own):
    return f"/acme/courses/{own.course}"


def links(page):
    return [link.get("href") for main in tree(page).iter("main") for link in main.iter("a")]


async def finish(one, course, lesson, **fields):
    where = f"{course}/lessons/{lesson}"
    return await one.submit(await one.get(where), f"{where}/completion", **fields)


# The hub


async def test_the_hub_shows_each_course_with_its_progress(one, own, course):
    page = await one.get("/acme/courses")
    assert "Keeping bees with Alice" in words(page)
    assert "1 of 4 lessons done" in words(page)
    assert course in links(page)


async def test_the_hub_says_where_to_carry_on(one, own, course):
    page = await one.get("/acme/courses")
    assert f"{course}/lessons/{own.lesson}" in links(page)


async def test_before_any_work_there_is_nothing_to_carry_on(one, own):
    await Completion.delete(force=True)
    assert "Carry on" not in words(await one.get("/acme/courses"))


async def test_a_course_not_meant_for_the_hub_is_not_there_but_opens(one, own, course):
    await Course.update({Course.show_in_center: False}).where(Course.vendor == own.vendor.id)
    assert course not in links(await one.get("/acme/courses"))
    assert (await one.get(course)).status_code == 200


async def test_a_course_that_has_not_arrived_is_being_set_up(one, own):
    await Enrollment.update({Enrollment.course_clickfunnels_id: "999"}).where(Enrollment.vendor == own.vendor.id)
    page = await one.get("/acme/courses")
    assert "being set up" in words(page)
    assert "Your new course" in words(page)


async def test_an_enrollment_that_was_removed_is_gone(one, own, course):
    await Enrollment.update({Enrollment.deleted_at: database.now()}).where(Enrollment.vendor == own.vendor.id)
    assert "No courses yet" in words(await one.get("/acme/courses"))
    assert (await one.get(course)).status_code == 404


# The outline


async def test_the_outline_shows_parts_inside_parts_and_why_one_is_locked(one, own, course):
    page = await one.get(course)
    headings = [
        (heading.tag, heading.text)
        for heading in tree(page).iter()
        if heading.tag in ("h2", "h3") and "Part" in (heading.text or "")
    ]
    assert headings == [("h2", "Part 201"), ("h3", "Part 202"), ("h2", "Part 203")]
    opens = database.now() + timedelta(days=25)
    assert f"Opens for you on {opens:%B} {opens.day}" in words(page)
    assert f"{course}/lessons/{own.locked_lesson}" not in links(page)
    assert f"{course}/lessons/{own.lesson}" in links(page)


async def test_a_refund_locks_the_course_and_leads_to_the_order(one, own, course):
    await Order.update({Order.billing_status: "refunded"}).where(
        Order.vendor == own.vendor.id, Order.clickfunnels_id == "1"
    )
    page = await one.get(course)
    assert "refunded" in words(page)
    assert f"/acme/account/orders/{own.order}" in links(page)
    assert not [link for link in links(page) if "/lessons/" in link]


@pytest.mark.parametrize(
    ("values", "says", "part"),
    [({"service_status": "paused"}, "Your subscription is paused, and so is this course.", ""),
     ({"service_status": "suspended", "billing_status": "past_due"}, "A payment for order A1002 is overdue.", "/payment")],
)  # fmt: skip
async def test_a_subscription_that_stands_still_says_why_and_leads_there(one, own, course, values, says, part):
    await Enrollment.update({Enrollment.order_clickfunnels_id: "2"}).where(Enrollment.vendor == own.vendor.id)
    columns = {Order._meta.get_column_by_name(name): value for name, value in values.items()}
    await Order.update(columns).where(Order.vendor == own.vendor.id, Order.clickfunnels_id == "2")
    where = f"/acme/account/subscriptions/{own.subscription}{part}"
    for page in (await one.get(course), await one.get(f"{course}/lessons/{own.lesson}")):
        assert says in words(page)
        assert where in links(page)
    assert says in words(await one.get("/acme/courses"))


async def test_a_pause_with_an_end_says_when_the_course_opens_again(one, own, course):
    await Enrollment.update({Enrollment.order_clickfunnels_id: "2"}).where(Enrollment.vendor == own.vendor.id)
    await Order.update({Order.service_status: "paused", Order.resumes_at: database.now() + timedelta(days=25)}).where(
        Order.vendor == own.vendor.id, Order.clickfunnels_id == "2"
    )
    assert "Your subscription is paused until" in words(await one.get(course))


@pytest.mark.parametrize("upgrade", ["https://shop.example/again", "javascript:alert(1)", "http://shop.example"])
async def test_a_way_to_buy_again_is_offered_over_https_only(one, own, course, upgrade):
    await Order.update({Order.service_status: "churned"}).where(Order.vendor == own.vendor.id)
    await Section.update({Section.upgrade_url: upgrade}).where(Section.vendor == own.vendor.id)
    assert (upgrade in links(await one.get(course))) == upgrade.startswith("https")


# A lesson


async def test_a_lesson_shows_its_text_files_and_neighbours(one, own, course):
    page = await one.get(f"{course}/lessons/{own.lesson}")
    assert "Look closely" in words(page)
    assert f"{course}/files/{own.file}" in links(page)
    assert f"{course}/lessons/{own.second_lesson}" in links(page)
    assert "Lesson 1 of 4" in words(page)


async def test_a_locked_lesson_shows_why_and_not_its_text(one, own, course):
    page = await one.get(f"{course}/lessons/{own.locked_lesson}")
    assert page.status_code == 200
    assert "Opens for you on" in words(page)
    assert "Look closely" not in words(page)


async def test_only_a_lesson_with_a_film_may_frame_its_hosts(one, own, course):
    await Lesson.update({Lesson.body: "https://vimeo.com/76979871"}).where(
        Lesson.vendor == own.vendor.id, Lesson.public_id == own.lesson
    )
    await Vendor.update({Vendor.media_host: "media.acme.example"}).where(Vendor.id == own.vendor.id)
    with_film = await one.get(f"{course}/lessons/{own.lesson}")
    hosts = ("www.youtube-nocookie.com", "player.vimeo.com", "fast.wistia.net", "www.loom.com", "media.acme.example")
    assert (
        "; frame-src " + " ".join(f"https://{host}" for host in hosts) in with_film.headers["content-security-policy"]
    )
    assert [frame.get("src") for frame in tree(with_film).iter("iframe")] == [
        "https://player.vimeo.com/video/76979871?dnt=1"
    ]
    assert "https://vimeo.com/76979871" in links(with_film), "a plain link stands beneath every player"
    without = await one.get(f"{course}/lessons/{own.second_lesson}")
    assert "frame-src" not in without.headers["content-security-policy"]


async def test_finishing_a_lesson_leads_to_the_next(one, own, course):
    page = await finish(one, course, own.lesson)
    assert (page.status_code, page.headers["location"]) == (303, f"{course}/lessons/{own.second_lesson}")
    assert "2 of 4" in words(await one.get(course))


async def test_finishing_can_be_undone(one, own, course):
    await finish(one, course, own.lesson)
    page = await finish(one, course, own.lesson)
    assert page.headers["location"] == f"{course}/lessons/{own.lesson}"
    assert "1 of 4" in words(await one.get(course))


async def test_finishing_twice_is_finishing_once(one, own, course):
    where = f"{course}/lessons/{own.lesson}/completion"
    form = forms(await one.get(f"{course}/lessons/{own.lesson}"))[where]
    for _ in range(2):
        assert (await one.post(where, form)).status_code == 303
    assert await Completion.exists().where(Completion.customer == own.id, Completion.lesson_clickfunnels_id == "301")


async def test_a_locked_lesson_cannot_be_finished(one, own, course):
    where = f"{course}/lessons/{own.locked_lesson}"
    page = await one.post(f"{where}/completion", {"_csrf": await one.token("/acme/account"), "done": "1"})
    assert (page.status_code, page.headers["location"]) == (303, where)
    assert not await Completion.exists().where(Completion.lesson_clickfunnels_id == "304")


async def test_the_last_lesson_leads_back_to_the_course(one, own, course):
    await Section.update({Section.days_till_drip_access: None}).where(Section.vendor == own.vendor.id)
    assert (await finish(one, course, own.locked_lesson)).headers["location"] == course


async def test_a_lesson_of_another_course_is_not_in_this_one(one, own, course):
    await Section.update({Section.course_clickfunnels_id: "101"}).where(Section.vendor == own.vendor.id)
    assert (await one.get(f"{course}/lessons/{own.lesson}")).status_code == 404
    assert (await one.get(f"{course}/files/{own.file}")).status_code == 404
