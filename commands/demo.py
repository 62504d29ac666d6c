"""`litestar demo`: two vendors with a real course each and a small cast, brought in as events through the real inbox."""

from __future__ import annotations

import json
import mimetypes
import secrets
import shutil
import tomllib
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click

import database
from commands.demo_account import furnish
from commands.demo_draft import write
from commands.demo_orders import Event, event, orders_of_alice, orders_of_zoe
from commands.demo_plans import offer
from commands.member import settle
from commands.running import with_database
from integrations import clickfunnels
from integrations.logos import keep_logo
from integrations.pictures import keep
from settings import ROOT, settings
from tables.course import Lesson, LessonFile
from tables.customer import Customer
from tables.enrollment import Completion
from tables.member import OWNER, house
from tables.picture import Picture
from tables.vendor import Vendor
from tables.vendor_partial import VendorPartial
from tables.vendor_word import VendorWord
from tables.webhook_event import WebhookEvent
from theming.center import center_of
from theming.tokens import CHOICES, COLORS, checked

DEMO = ROOT / "demo"
CAST: dict[str, list[Any]] = {
    "acme": [("alice@example.com", "Alice", "Ames", 11), ("bob@example.com", "Bob", None, 12)],
    "globex": [("zoe@example.com", "Zoe", "Zimmer", 11)],
}
STAFF = [
    ("olga@example.com", "acme", OWNER),
    ("olga@example.com", "globex", OWNER),
    ("stan@example.com", "acme", "staff"),
    ("alice@example.com", "globex", "staff"),
]
ENROLLED_DAYS_AGO = {"acme": 5, "globex": 30}
LESSONS_DONE = {"acme": 4, "globex": 2}
COURSE, ROOT_SECTION, FIRST_SECTION, FIRST_LESSON = 100, 200, 201, 301


@click.command()
@click.option("--if-empty", is_flag=True, help="Only where there is no vendor yet.")
@with_database
async def demo(if_empty: bool) -> None:
    """Fill the demo vendors acme and globex."""
    if if_empty and await Vendor.sellers().first():
        return
    for slug in CAST:
        if await Vendor.exists().where(Vendor.slug == slug):
            print(f"{slug} is there already; nothing was changed.")
            continue
        vendor = await fill(slug)
        people = ", ".join(email for email, *_ in CAST[slug])
        print(f"{vendor.name:<24} {center_of(vendor).link('/'):<40} sign in as {people}")
    await employ()


async def employ() -> None:
    """One owner of both centers, and somebody on the staff of the first."""
    house_id = (await house()).id
    for email, slug, role in STAFF:
        if vendor := await Vendor.objects().where(Vendor.slug == slug).first():
            await database.transaction(partial(settle, vendor, house_id, email, role))
    print(
        f"{'Console':<24} {settings.base_url + '/console/':<40} sign in as {', '.join(sorted({one[0] for one in STAFF}))}"
    )


async def fill(slug: str) -> Vendor:
    folder, now = DEMO / slug, database.now()
    vendor = await add_vendor(slug, tomllib.loads((folder / "vendor.toml").read_text()), folder)
    course = tomllib.loads((folder / "course.toml").read_text())
    await keep_pictures(vendor, folder)
    events = [*people(slug, now), *course_events(vendor, course, folder, now)]
    owner = CAST[slug][0]
    orders = orders_of_alice(owner, now) if slug == "acme" else orders_of_zoe(owner, now)
    await send(vendor, [*events, *orders, enrollment(slug, owner, now)])
    await attach_files(vendor, course, folder)
    customer = await Customer.by_email(vendor.id, owner[0])
    assert customer is not None
    await finish_lessons(vendor, customer, LESSONS_DONE[slug])
    if slug == "acme":
        await database.transaction(partial(furnish, vendor, customer, now))
        await database.transaction(partial(write, vendor))
        await database.transaction(partial(offer, vendor, customer, now.year + 2))
    return vendor


async def add_vendor(slug: str, facts: dict[str, Any], folder: Path) -> Vendor:
    tokens = checked({name: value for name, value in facts.pop("theme").items() if name in (*COLORS, *CHOICES)})
    logo, icon = keep_logo((folder / facts.pop("logo")).read_bytes())
    own_words, own_partials, lists = (
        facts.pop("words"),
        facts.pop("partials", {}),
        {name: json.dumps(facts.pop(name, [])) for name in ("tab_order", "footer_links")},
    )
    vendor = await Vendor.add(
        slug, facts.pop("name"), tokens=json.dumps(tokens), logo=logo.path, logo_width=str(logo.width),
        logo_height=str(logo.height), favicon=icon.path, **lists, **facts,
    )  # fmt: skip
    for language, said in own_words.items():
        for message, text in said.items():
            await VendorWord.say(vendor.id, language, message, {0: text}, "litestar demo")
    for slot, source in own_partials.items():
        await database.transaction(partial(VendorPartial.keep, vendor.id, slot, source.strip(), "litestar demo"))
    await Vendor.rotate_secret(vendor.id, secrets.token_hex(32))
    return vendor


async def send(vendor: Vendor, events: list[Event]) -> None:
    """Through the inbox like any other event; an event that fails is our mistake and stops the command."""
    for one in events:
        await clickfunnels.receive(vendor.id, json.dumps(one).encode())
    while rows := await WebhookEvent.lease(100):
        for row in rows:
            await clickfunnels.apply(row)
    failed = await WebhookEvent.select(WebhookEvent.event_type, WebhookEvent.error).where(
        WebhookEvent.vendor == vendor.id, WebhookEvent.status.is_in(["failed", "parked"])
    )  # fmt: skip
    if failed:
        raise ValueError(f"the demo's own events failed: {failed}")


def people(slug: str, now: datetime) -> list[Event]:
    return [
        event("contact.created", {"id": number, "email_address": email, "first_name": first, "last_name": last,
                                  "phone_number": "+1 212 555 0143" if first == "Alice" else None},
              now - timedelta(days=420))
        for email, first, last, number in CAST[slug]
    ]  # fmt: skip


def course_events(vendor: Vendor, course: dict[str, Any], folder: Path, now: datetime) -> list[Event]:
    """The course with its sections and lessons, published a while ago."""
    at = now - timedelta(days=90)
    published = at.isoformat()
    sections = {section["key"]: FIRST_SECTION + place for place, section in enumerate(course["sections"])}
    lessons = {lesson["key"]: FIRST_LESSON + place for place, lesson in enumerate(course["lessons"])}
    events = [
        event("course.created", {
            "id": COURSE, "title": course["title"], "description": course["description"], "published_at": published,
            "image_url": picture_url(vendor, course["picture"]), "root_section_id": ROOT_SECTION,
            "show_in_community": True,
        }, at),
        event("courses/section.created", {"id": ROOT_SECTION, "course_id": COURSE, "title": "Primary module",
                                          "parent_id": None, "sort_order": 0, "published_at": published}, at),
    ]  # fmt: skip
    events += [
        event(
            "courses/section.created", section_data(section, place, sections, lessons) | {"published_at": published}, at
        )
        for place, section in enumerate(course["sections"])
    ]
    return events + [
        event("courses/lesson.created", {
            "id": lessons[lesson["key"]], "title": lesson["title"], "section_id": sections[lesson["section"]],
            "sort_order": place, "published_at": lesson.get("published_at", published),
            "body": body_of(vendor, folder, lesson["body"]),
        }, at)
        for place, lesson in enumerate(course["lessons"])
    ]  # fmt: skip


def section_data(
    section: dict[str, Any], place: int, sections: dict[str, int], lessons: dict[str, int]
) -> dict[str, Any]:
    return {
        "id": sections[section["key"]], "course_id": COURSE, "title": section["title"], "sort_order": place,
        "description": section.get("description", ""), "parent_id": sections.get(section.get("parent"), ROOT_SECTION),
        "days_till_drip_access": section.get("days_till_drip_access"),
        "blocker_section_id": sections.get(section.get("blocker_section")),
        "blocker_lesson_id": lessons.get(section.get("blocker_lesson")),
        "is_hidden_from_non_members": section.get("hidden", False),
    }  # fmt: skip


def picture_url(vendor: Vendor, name: str) -> str:
    return f"https://{vendor.slug}.example/{name}"


def body_of(vendor: Vendor, folder: Path, name: str) -> str:
    """A lesson's text with its pictures under the addresses `keep_pictures` has filed them at."""
    return (folder / "lessons" / name).read_text().replace("](pictures/", f"]({picture_url(vendor, 'pictures/')}")


async def keep_pictures(vendor: Vendor, folder: Path) -> None:
    for path in [folder / "course.webp", *sorted((folder / "pictures").glob("*.webp"))]:
        kept = keep(path.read_bytes())
        await Picture(
            vendor=vendor.id, source_url=picture_url(vendor, str(path.relative_to(folder))), path=kept.path,
            width=kept.width, height=kept.height, fetched_at=database.now(), next_try_at=database.now(),
        ).save()  # fmt: skip


def enrollment(slug: str, owner: tuple[Any, ...], now: datetime) -> Event:
    at = now - timedelta(days=ENROLLED_DAYS_AGO[slug])
    return event("courses/enrollment.created", {
        "id": 500, "contact_id": owner[3], "course_id": COURSE, "suspended": False, "suspension_reason": None,
        "origination_source_type": "Order", "origination_source_id": 1,
    }, at)  # fmt: skip


async def attach_files(vendor: Vendor, course: dict[str, Any], folder: Path) -> None:
    for place, lesson in enumerate(course["lessons"]):
        row = await Lesson.known(vendor.id, str(FIRST_LESSON + place))
        for position, file in enumerate(lesson.get("files", [])):
            source = folder / file["path"]
            kept = LessonFile(
                vendor=vendor.id, lesson=row.id if row else None, name=file["name"], size=source.stat().st_size,
                media_type=mimetypes.guess_type(source.name)[0] or "application/octet-stream", position=position,
            )  # fmt: skip
            await kept.save()
            target = LessonFile.path_of(vendor.id, kept.public_id)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


async def finish_lessons(vendor: Vendor, customer: Customer, count: int) -> None:
    for place in range(count):
        await Completion.mark(vendor.id, customer.id, str(FIRST_LESSON + place))
