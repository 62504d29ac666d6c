"""The console's pages for content: from nothing to somebody who has opened a lesson, and what each page holds back."""

import io
import re

import pytest
from PIL import Image

from jobs.enroll_people import enroll_people
from jobs.stopping import Stopping
from tables import (
    AuditEntry,
    Completion,
    Course,
    Customer,
    Enrollment,
    Lesson,
    LessonFile,
    Mail,
    Picture,
    ProductCourse,
    Section,
)
from tests.client import ORIGIN, forms, tree

OWN = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


def words(page):
    main = next(tree(page).iter("main"))
    return " ".join("".join(main.itertext()).split())


def links(page):
    return {" ".join("".join(one.itertext()).split()): one.get("href") for one in tree(page).iter("a")}


async def fill_in(one, page, action, **fields):
    """Send a form of a page and follow where it leads."""
    sent = await one.submit(page, action, **fields)
    return await one.get(sent.headers["location"]) if sent.status_code == 303 else sent


@pytest.fixture
async def desk(olga, at_desk):
    return await at_desk(olga)


async def test_from_nothing_to_somebody_who_has_opened_a_lesson(desk, acme, signed_in):
    page = await desk.get("/console/acme/courses")
    assert "Your first course" in words(page)
    page = await fill_in(desk, await desk.get(links(page)["Make a course"]), "/console/acme/courses", title="Candles")
    assert "It is a draft" in words(page)
    home = str(page.url.path)
    page = await desk.get(links(page)["New lesson in Getting started"])
    section = re.search(r'<option value="([\w-]{22})" selected>Getting started', page.text)[1]
    page = await fill_in(desk, page, f"{home}/lessons", title="Melting", body="Warm it **slowly**.", section=section)
    assert "<strong>slowly</strong>" in page.text
    lesson = str(page.url.path)
    page = await desk.get(f"{home}/publication")
    page = await fill_in(desk, page, f"{home}/publication", when="now", everything="1")
    assert "Published." in words(page)
    page = await fill_in(desk, await desk.get(f"{home}/people"), f"{home}/people", email="Nina@Example.com", first_name="Nina",
                         send_mail="1")  # fmt: skip
    assert "nina@example.com" in words(page)
    (mail,) = await Mail.objects().where(Mail.kind == "enrolled")
    assert (mail.recipient, "Candles" in mail.subject) == ("nina@example.com", True)
    nina = await Customer.by_email(acme.id, "nina@example.com")
    theirs = await signed_in(nina)
    page = await theirs.get(f"/acme/courses/{home.rpartition('/')[2]}/lessons/{lesson.rpartition('/')[2]}")
    assert "<strong>slowly</strong>" in page.text
    actions = {row["action"] for row in await AuditEntry.select(AuditEntry.action)}
    assert actions == {"course.made", "lesson.made", "course.published", "enrollment.made"}


async def test_a_preview_shows_what_is_typed_and_saves_nothing(world, at_desk, signed_in):
    one = await signed_in(world.alice.people["staff"])
    path = f"/console/acme/courses/{world.alice.own_course}/lessons/{world.alice.own_lesson}"
    page = await one.submit(await one.get(path), path, do="preview", title="", body="# Big\n\n*it* <script>x</script>",
                            video_url="https://vimeo.com/76979871")  # fmt: skip
    assert page.status_code == 200
    assert "<em>it</em>" in page.text
    assert "<script>x" not in page.text
    assert 'src="https://player.vimeo.com/video/76979871?dnt=1"' in page.text
    assert "player.vimeo.com" in page.headers["content-security-policy"]
    assert (await Lesson.objects().get(Lesson.public_id == world.alice.own_lesson)).body == "Warm it *slowly*."


@pytest.mark.parametrize(("fields", "message"), [
    ({"title": ""}, "Give it a title."), ({"title": "x" * 201}, "200 characters"),
    ({"video_url": "https://evil.example/film"}, "We can show films from"), 
    ({"video_url": "javascript:alert(1)"}, "begins with https"),
    ({"video_url": "https://[x"}, "begins with https"), ({"section": "404"}, "Choose a section"),
    ({"body": "x" * 50_001}, "50000"),
])  # fmt: skip
async def test_a_lesson_that_is_not_right_says_so_and_loses_nothing(world, signed_in, fields, message):
    one = await signed_in(world.alice.people["staff"])
    path = f"/console/acme/courses/{world.alice.own_course}/lessons/{world.alice.own_lesson}"
    page = await one.submit(await one.get(path), path, **({"body": "Kept text"} | fields))
    assert page.status_code == 422
    assert message in words(page)
    assert "Kept text" in page.text or "body" in fields


@pytest.mark.parametrize(("typed", "kept"), [
    ("2030-06-01T09:00", "2030-06-01T13:00"), ("2030-01-31 09:00", "2030-01-31T14:00"), ("2030-03-10T02:30", "2030-03-10T07:30"),
    ("tomorrow", None), ("2030-13-01T00:00", None), ("0000-01-01T00:00", None), ("9999-12-31T23:59", None), ("", None),
])  # fmt: skip
async def test_a_time_is_the_vendors_own(world, signed_in, typed, kept):
    from tables import Vendor
    from web import tenancy

    await Vendor.update({Vendor.time_zone: "America/New_York"}).where(Vendor.id == world.acme.id)
    tenancy.kept.clear()
    one = await signed_in(world.alice.people["owner"])
    path = f"/console/acme/courses/{world.alice.own_course}/publication"
    page = await one.submit(await one.get(path), path, when="later", at=typed)
    at = (await Course.objects().get(Course.public_id == world.alice.own_course)).published_at
    assert (page.status_code, at and at.isoformat()[:16]) == (303 if kept else 422, kept)


async def test_a_circle_is_told_beside_its_field(world, signed_in):
    one = await signed_in(world.alice.people["staff"])
    path = f"/console/acme/courses/{world.alice.own_course}/sections/{world.alice.own_section}"
    page = await one.get(path)
    assert world.alice.own_lesson not in page.text
    for opens in (f"section:{world.alice.own_section}", f"lesson:{world.alice.own_lesson}", "section:404", "x:y"):
        answer = await one.submit(page, path, opens=opens)
        assert answer.status_code == 422
        assert "never open" in words(answer)


async def test_up_and_down_are_forms_of_their_own(world, signed_in):
    one = await signed_in(world.alice.people["staff"])
    home = f"/console/acme/courses/{world.alice.own_course}"
    await one.submit(await one.get(f"{home}/sections/new"), f"{home}/sections", title="Second")
    page = await one.get(home)
    assert len([action for action in forms(page) if action.endswith("/place")]) == 2
    place = next(action for action in forms(page) if action.endswith(f"{world.alice.own_section}/place"))
    await one.submit(page, place)
    rows = await Section.select(Section.title).where(
        Section.course_clickfunnels_id == "local:course-A"
    ).order_by(Section.position)  # fmt: skip
    assert [row["title"] for row in rows] == ["Second", "Wax of A"]


async def test_a_lesson_that_is_live_in_a_draft_says_why_nobody_sees_it(world, signed_in):
    one, home = await signed_in(world.alice.people["owner"]), f"/console/acme/courses/{world.alice.own_course}"
    path = f"{home}/parts/{world.alice.own_lesson}/publication"
    page = await fill_in(one, await one.get(path), path, when="now")
    assert "Not seen while its section is a draft" in words(page)


async def test_staff_write_and_enroll_but_do_not_publish_or_delete(world, signed_in):
    one, home = await signed_in(world.alice.people["staff"]), f"/console/acme/courses/{world.alice.own_course}"
    page = await one.get(home)
    assert "Publish" not in links(page)
    for path in ("/publication", "/deletion", "/keeping", f"/parts/{world.alice.own_lesson}/deletion",
                 f"/parts/{world.alice.own_lesson}/publication"):  # fmt: skip
        assert (await one.get(home + path)).status_code == 403
    assert (await one.get("/console/acme/enrolling")).status_code == 403
    assert (await one.get("/console/acme/products")).status_code == 200
    token = await one.token(f"{home}/people")
    assert (await one.post(f"{home}/publication", {"_csrf": token, "when": "now"})).status_code == 403
    assert (await Course.objects().get(Course.public_id == world.alice.own_course)).published_at is None


async def test_deleting_says_who_has_progress_and_takes_the_files_along(world, signed_in):
    one, home = await signed_in(world.alice.people["owner"]), f"/console/acme/courses/{world.alice.own_course}"
    await Completion.mark(world.acme.id, world.bob.id, "local:lesson-A")
    page = await one.get(f"{home}/deletion")
    assert "1 person has completed lessons in it." in words(page)
    assert "1 file" in words(page)
    file = LessonFile.path_of(world.acme.id, world.alice.own_file)
    assert file.exists()
    page = await fill_in(one, page, f"{home}/deletion")
    assert "Deleted." in words(page)
    assert not file.exists()
    assert (await one.get(home)).status_code == 404
    assert await Completion.exists().where(Completion.lesson_clickfunnels_id == "local:lesson-A")


async def test_a_course_that_clickfunnels_keeps_offers_what_clickfunnels_has_not(world, signed_in):
    one, home = await signed_in(world.alice.people["owner"]), f"/console/acme/courses/{world.alice.course}"
    page = await one.get(home)
    assert "ClickFunnels keeps this course" in words(page)
    for path in ("/settings", "/publication", "/deletion", "/sections/new", "/lessons/new"):
        assert (await one.get(home + path)).status_code == 403
    lesson = f"{home}/lessons/{world.alice.lesson}"
    await Lesson.update({Lesson.body: ""}).where(Lesson.public_id == world.alice.lesson)
    page = await one.get(lesson)
    assert "title" not in forms(page)[lesson]
    await one.submit(page, lesson, own_body="Our *own* words", video_url="https://vimeo.com/76979871", title="Stolen")
    row = await Lesson.objects().get(Lesson.public_id == world.alice.lesson)
    assert (row.title, row.body, row.own_body) == ("Lesson 301", "", "Our *own* words")
    theirs = await signed_in(world.alice.customer)
    page = await theirs.get(f"/acme/courses/{world.alice.course}/lessons/{world.alice.lesson}")
    assert "<em>own</em>" in page.text
    assert "player.vimeo.com" in page.text
    page = await fill_in(one, await one.get(f"{home}/keeping"), f"{home}/keeping")
    assert "You write this course here" in words(page)
    assert (await one.get(f"{home}/settings")).status_code == 200
    await fill_in(one, await one.get(f"{home}/keeping"), f"{home}/keeping")
    assert (await Course.objects().get(Course.public_id == world.alice.course)).kept_here_at is None


async def test_the_preview_has_the_centers_look_and_no_form(world, signed_in):
    one, home = await signed_in(world.alice.people["staff"]), f"/console/acme/courses/{world.alice.own_course}"
    page = await one.get(f"{home}/preview")
    assert "A preview" in words(page)
    assert page.text.count("<form") == 0
    assert "console.css" not in page.text
    assert "desk-menu" not in page.text
    assert 'class="brand"' in page.text
    assert links(page)["Start: Melting of A"] == f"{home}/preview/{world.alice.own_lesson}"
    page = await one.get(f"{home}/preview/{world.alice.own_lesson}")
    assert "<em>slowly</em>" in page.text
    assert page.text.count("<form") == 0
    assert links(page)["Wax.pdf"] == f"{home}/lessons/{world.alice.own_lesson}/files/{world.alice.own_file}"
    assert (await Enrollment.count().where(Enrollment.vendor == world.acme.id)) == 2


def picture(size=(900, 450), kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", size, "#c96").save(out, kind)
    return out.getvalue()


async def test_a_picture_is_encoded_anew_and_can_be_taken_away(world, signed_in):
    one, home = await signed_in(world.alice.people["staff"]), f"/console/acme/courses/{world.alice.own_course}"
    form = forms(await one.get(f"{home}/settings"))[f"{home}/settings"] | {"show_in_center": "1", "picture_alt": "Wax"}
    sent = await one.client.post(f"{home}/settings", data=form, files={"picture": ("../a.svg", picture())}, headers=OWN)
    assert sent.status_code == 303
    row = await Course.objects().get(Course.public_id == world.alice.own_course)
    kept = (await Picture.among(world.acme.id, [row.picture_url]))[row.picture_url]
    assert kept["path"].endswith(".webp")
    page = await one.get(f"{home}/settings")
    assert f"/media/{kept['path']}" in page.text
    await one.submit(page, f"{home}/settings", picture_alt="Other")
    assert (await Course.objects().get(Course.public_id == world.alice.own_course)).picture_url == row.picture_url
    await one.submit(page, f"{home}/settings", remove_picture="1")
    assert (await Course.objects().get(Course.public_id == world.alice.own_course)).picture_url is None


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"GIF89a/*", b"", b"\x89PNG\r\n\x1a\n" + b"x" * 50])
async def test_what_is_no_picture_is_refused_in_words(world, signed_in, content):
    one, home = await signed_in(world.alice.people["staff"]), f"/console/acme/courses/{world.alice.own_course}"
    form = forms(await one.get(f"{home}/settings"))[f"{home}/settings"]
    sent = await one.client.post(f"{home}/settings", data=form, files={"picture": ("a.png", content)}, headers=OWN)
    assert sent.status_code == 422
    assert "not a picture" in words(sent)


async def test_suspending_is_seen_by_the_customer_and_lifting_too(world, signed_in):
    one, home = await signed_in(world.alice.people["staff"]), f"/console/acme/courses/{world.alice.course}/people"
    person = f"{home}/{world.alice.enrollment}"
    page = await fill_in(one, await one.get(person), person, reason="The payment bounced.")
    assert "The payment bounced." in words(page)
    theirs = await signed_in(world.alice.customer)
    assert "The payment bounced." in words(await theirs.get("/acme/courses"))
    assert (await theirs.get(f"/acme/courses/{world.alice.course}/files/{world.alice.file}")).status_code == 404
    page = await one.get(person)
    assert "Suspended. What they read" in words(page)
    await one.submit(page, person)
    assert "The payment bounced." not in words(await theirs.get("/acme/courses"))
    assert "ClickFunnels has made this enrollment" in words(await one.get(f"{person}/removal"))
    await one.post(f"{person}/removal", {"_csrf": await one.token(person)})
    assert (await theirs.get(f"/acme/courses/{world.alice.course}")).status_code == 200


async def test_enrolling_twice_is_told_and_no_mail_goes_where_none_is_wanted(world, signed_in):
    one, home = await signed_in(world.alice.people["staff"]), f"/console/acme/courses/{world.alice.own_course}/people"
    before = await Mail.count()
    page = await one.get(home)
    first = await one.post(home, {"_csrf": forms(page)[home]["_csrf"], "email": "nina@example.com"})
    again = await one.submit(page, home, email="nina@example.com")
    assert (first.status_code, again.status_code) == (303, 422)
    assert "enrolled already" in words(again)
    assert await Mail.count() == before
    assert "Nobody here has an address" in words(await one.get(f"{home}?q=zzz"))
    assert "nina@example.com" in words(await one.get(f"{home}?q=NINA"))


async def test_a_product_opens_courses_and_earlier_buyers_follow(world, signed_in):
    one = await signed_in(world.alice.people["owner"])
    path = f"/console/acme/products/{world.alice.product}"
    page = await one.get(path)
    form = forms(page)[path]
    assert f"course-{world.alice.own_course}" in form
    page = await fill_in(one, page, path, **{f"course-{world.alice.course}": "1", "catch_up": "1"})
    assert "being enrolled now" in words(page)
    assert "opens 2 courses" in words(page)
    assert await ProductCourse.count().where(ProductCourse.vendor == world.acme.id) == 2
    page = await fill_in(
        one, await one.get("/console/acme/products"), "/console/acme/products", title="Sold at the market"
    )
    assert "Sold at the market" in words(page)


async def test_a_list_from_a_file_to_its_report(world, signed_in, monkeypatch):
    monkeypatch.setattr("tables.enrollment_import.BATCH", 2)
    one = await signed_in(world.alice.people["owner"])
    table = "E-Mail;Vorname\nalice@example.com;A\nzoë@example.com;Zoë\nnot an address;\nkai@example.com;Kai\n"
    table += "lea@example.com;Lea\n"
    token = forms(await one.get("/console/acme/enrolling"))["/console/acme/enrolling"]["_csrf"]
    sent = await one.client.post("/console/acme/enrolling", data={"_csrf": token}, headers=OWN,
                                 files={"file": ("Leute.csv", table.encode("cp1252"))})  # fmt: skip
    path = sent.headers["location"]
    page = await one.get(path)
    assert "Leute.csv" in words(page)
    assert "Zoë" in words(page)
    wrong = await one.submit(page, path, course="", email="0")
    assert (wrong.status_code, "Choose a course" in words(wrong)) == (422, True)
    before = await Enrollment.count()
    page = await fill_in(one, page, path, course=world.alice.course, email="0", first_name="1")
    assert "What would happen" in words(page)
    assert "Enrolled already" in words(page)
    assert "Enroll 3 people" in words(page)
    assert await Enrollment.count() == before
    only = await one.get(f"{path}?show=bad_address")
    assert "kai@example.com" not in words(only)
    assert (await one.get(f"{path}?show=nonsense")).status_code == 404
    page = await fill_in(one, page, f"{path}/run")
    assert "still to do" in words(page)
    while await enroll_people(Stopping()):
        pass
    page = await one.get(path)
    assert "Carried out." in words(page)
    assert await Enrollment.count() == before + 3
    assert (await one.post(path, {"_csrf": token, "email": "0"})).status_code == 303


@pytest.mark.parametrize(("cells", "message"), [("", "Choose a file, or paste the list."), ("Email", "first line")])
async def test_what_is_no_list_is_told(world, signed_in, cells, message):
    one = await signed_in(world.alice.people["owner"])
    page = await one.submit(await one.get("/console/acme/enrolling"), "/console/acme/enrolling", cells=cells)
    assert (page.status_code, message in words(page)) == (422, True)
