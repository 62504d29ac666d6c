import dataclasses

import pytest

import database
import emails
from emails import welcome
from tables import Mail, Vendor, VendorPartial
from tables.mail import opened
from theming.center import center_of
from theming.partials import kept, limits
from theming.partials.refused import Refused
from theming.slots import SLOTS
from web import tenancy


@pytest.fixture
def write(acme):
    """Keeps a vendor's partial as the console does: `await write("header", "…")`."""

    async def keep(slot, source, vendor=acme):
        async def work():
            return await VendorPartial.keep(vendor.id, slot, source, "Olga")

        number = await database.transaction(work)
        tenancy.kept.clear()
        return number

    return keep


async def settled():
    while kept.writing:
        await next(iter(kept.writing))


async def row_of(vendor, slot):
    (row,) = [row for row in await VendorPartial.shown_at(vendor.id) if row.slot == slot]
    return row


PAGES = {
    "header": "/acme/account", "footer": "/acme/courses", "sign_in_intro": "/acme/sign-in", "hub_intro": "/acme/courses",
    "course_card": "/acme/courses", "account_intro": "/acme/account", "order_row": "/acme/account/orders",
    "lesson_foot": "/acme/courses/{course}/lessons/{lesson}",
}  # fmt: skip
EMPTY = {"empty_courses": "/acme/courses", "empty_orders": "/acme/account/orders",
         "empty_subscriptions": "/acme/account/subscriptions"}  # fmt: skip
MAILS = {"mail_welcome", "mail_sign_in", "mail_sign_off"}


def test_every_slot_is_shown_somewhere_below():
    assert PAGES.keys() | EMPTY.keys() | MAILS == SLOTS.keys()


@pytest.mark.parametrize("slot", [*PAGES, *EMPTY])
async def test_a_partial_takes_the_place_of_the_stock_part(world, write, signed_in, browser, slot):
    own = world.alice
    path = (PAGES | EMPTY)[slot].format(course=own.course, lesson=own.lesson)
    one = browser() if slot == "sign_in_intro" else await signed_in(world.bob if slot in EMPTY else own.customer)
    before = (await one.get(path)).text
    await write(slot, '<p class="v-own">Written by {{ center.name }}</p>')
    after = (await one.get(path)).text
    assert '<p class="v-own">Written by Acme Learning</p>' in after
    assert "v-own" not in before
    await settled()
    assert (await row_of(world.acme, slot)).fault is None


@pytest.mark.parametrize("slot", [*PAGES, *EMPTY])
async def test_every_start_can_be_shown_with_a_customers_own_data(world, write, signed_in, browser, slot):
    own = world.alice
    await write(slot, SLOTS[slot].start)
    one = browser() if slot == "sign_in_intro" else await signed_in(world.bob if slot in EMPTY else own.customer)
    page = await one.get((PAGES | EMPTY)[slot].format(course=own.course, lesson=own.lesson))
    await settled()
    assert page.status_code == 200
    assert (await row_of(world.acme, slot)).fault is None


async def test_other_vendors_keep_their_own(world, write, signed_in):
    await write("footer", "<p>Only of Acme</p>")
    assert "Only of Acme" in (await (await signed_in(world.bob)).get("/acme/courses")).text
    assert "Only of Acme" not in (await (await signed_in(world.zoe.customer)).get("/globex/courses")).text


async def test_an_operators_theme_is_the_stock_it_replaces(world, write, signed_in):
    await Vendor.update({Vendor.theme: "press"}).where(Vendor.id == world.acme.id)
    await write("course_card", "<p>Card of {{ course.title }}</p>")
    page = await (await signed_in(world.alice.customer)).get("/acme/courses")
    assert '<li class="story">' in page.text
    assert "<p>Card of Keeping bees with Alice</p>" in page.text


@pytest.mark.parametrize("path", ["/acme/sign-in/link/nothing", "/acme/password/nothing"])
async def test_pages_whose_address_holds_a_token_show_the_stock_frame(world, write, browser, path):
    await write("header", '<a href="https://elsewhere.example/">Own</a>')
    await write("footer", '<a href="https://elsewhere.example/">Own</a>')
    assert "elsewhere" not in (await browser().get(path)).text
    assert "elsewhere" in (await browser().get("/acme/sign-in")).text


async def test_without_partials_nothing_is_read_or_compiled(world, signed_in):
    one, asked = await signed_in(world.bob), []
    tenancy.kept.clear()
    database.statements.append(asked.append)
    try:
        await one.get("/acme/courses")
    finally:
        database.statements.remove(asked.append)
    assert asked
    assert not [sql for sql in asked if "vendor_partials" in sql]


async def test_partials_are_compiled_once_for_each_change(world, write, signed_in, monkeypatch):
    made = []
    partial = kept.Partial
    monkeypatch.setattr(kept, "Partial", lambda *given: made.append(given) or partial(*given))
    await write("footer", "<p>one</p>")
    one = await signed_in(world.bob)
    for _ in range(3):
        await one.get("/acme/courses")
        tenancy.kept.clear()
    assert len(made) == 1
    await write("footer", "<p>two</p>")
    assert "<p>two</p>" in (await one.get("/acme/courses")).text
    assert len(made) == 2


async def test_a_partial_that_fails_leaves_the_stock_part_and_says_why(world, write, signed_in, monkeypatch, log_lines):
    await write("footer", "<p>{{ center.name }}</p>")
    one = await signed_in(world.bob)
    monkeypatch.setattr("theming.partials.partial.cleaned", lambda *_a, **_o: 1 / 0)
    for _ in range(3):
        page = await one.get("/acme/courses")
        assert (page.status_code, "Questions?" in page.text) == (200, True)
    await settled()
    row = await row_of(world.acme, "footer")
    assert row.fault == "ZeroDivisionError: division by zero"
    assert row.fault_at is not None
    assert len([line for line in log_lines() if "partial fell back" in line]) == 1


async def test_a_list_of_which_one_row_fails_is_the_stock_list(world, write, signed_in, monkeypatch):
    await write("order_row", "<p>Own {{ order.number }}</p>")
    one = await signed_in(world.alice.customer)
    assert (await one.get("/acme/account/orders")).text.count("<p>Own ") == 20
    html = kept.Partial.html

    def fails(self, values, **options):
        if values["order"]["number"] == "A2003":
            raise ValueError("no")
        return html(self, values, **options)

    monkeypatch.setattr(kept.Partial, "html", fails)
    page = (await one.get("/acme/account/orders")).text
    assert "<p>Own " not in page
    assert '<table class="rows">' in page
    await settled()


async def test_rules_that_became_stricter_refuse_at_the_next_load(world, write, signed_in, monkeypatch):
    await write("footer", "<p>{{ center.name }}</p>\n{{ center.name|upper }}")
    monkeypatch.setitem(limits.FILTER_COST, "upper", limits.COST + 1)
    page = await (await signed_in(world.bob)).get("/acme/courses")
    await settled()
    assert (page.status_code, "Questions?" in page.text) == (200, True)
    assert (await row_of(world.acme, "footer")).fault.startswith("Line 2: This is too much work")


async def test_a_slot_that_is_gone_is_left_alone(world, write, signed_in):
    await write("marquee", "<p>x</p>")
    assert (await (await signed_in(world.bob)).get("/acme/courses")).status_code == 200


async def test_switched_off_is_stock_again_and_versions_stay(world, write, signed_in):
    await write("footer", "<p>one</p>")
    assert await write("footer", "<p>two</p>") == 2

    async def work():
        await VendorPartial.switch_off(world.acme.id, "footer")

    await database.transaction(work)
    tenancy.kept.clear()
    assert "<p>two</p>" not in (await (await signed_in(world.bob)).get("/acme/courses")).text
    assert [row.number for row in await VendorPartial.versions(world.acme.id, "footer")] == [2, 1]


async def test_only_the_last_versions_are_kept(acme, write, monkeypatch):
    monkeypatch.setattr("tables.vendor_partial.VERSIONS", 3)
    for text in "abcde":
        await write("footer", text)
    assert [row.number for row in await VendorPartial.versions(acme.id, "footer")] == [5, 4, 3]
    assert [row.source for row in await VendorPartial.shown_at(acme.id)] == ["e"]


async def test_mails_have_the_vendors_words_around_their_secrets(acme, alice, write, browser):
    await write("mail_sign_in", '<p class="v-muted">Dear {{ first_name }}, see <a href="{{ links.courses }}">courses</a>.</p>'
                '<img src="/media/' + "0" * 64 + '.webp">')  # fmt: skip
    await write("mail_sign_off", "<p>Yours, {{ center.name }}</p>")
    one = browser()
    await one.submit(await one.get("/acme/sign-in"), "/acme/sign-in", email=alice.email)
    row = (await Mail.select().where(Mail.vendor == acme.id))[0]
    letter = {part: opened(row, part) for part in ("body_html", "body_text")}
    link = "http://127.0.0.1:8000/acme/courses"
    assert f'Dear Alice, see <a href="{link}"' in letter["body_html"]
    assert "<img" not in letter["body_html"]
    assert "Press the button" not in letter["body_html"]
    assert f"Dear Alice, see courses ({link})." in letter["body_text"]
    assert "Yours, Acme Learning" in letter["body_text"]
    assert letter["body_text"].index("/sign-in/link/") < letter["body_text"].index("Yours, Acme")


async def test_the_welcome_lists_what_was_bought(acme, alice, write):
    await write("mail_welcome", SLOTS["mail_welcome"].start)
    center = center_of(await Vendor.objects().get(Vendor.id == acme.id))
    await welcome.queue(center, alice, ["Hive kit", "<Smoker>"])
    letter = (await Mail.select().where(Mail.vendor == acme.id))[0]
    assert "<li>Hive kit</li>\n<li>&lt;Smoker&gt;</li>" in letter["body_html"]
    assert "* Hive kit" in letter["body_text"]
    assert "* <Smoker>" in letter["body_text"]


async def test_in_production_a_center_below_the_base_host_has_none(acme, write, monkeypatch):
    await write("footer", "<p>one</p>")
    center = center_of(await Vendor.objects().get(Vendor.id == acme.id))
    monkeypatch.setattr(kept, "settings", dataclasses.make_dataclass("S", ["production"])(True))
    await kept.load(center)
    kept.show(center)
    assert kept.slot("footer") is None
    own_host = dataclasses.replace(center, prefix="")
    await kept.load(own_host)
    kept.show(own_host)
    assert kept.slot("footer") == "<p>one</p>"


def test_refusals_are_value_errors():
    assert issubclass(Refused, ValueError)
    assert emails.partials is kept
