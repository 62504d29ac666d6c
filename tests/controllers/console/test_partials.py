import re
from datetime import timedelta

import pytest

import database
from tables import AuditEntry, Session, Vendor, VendorPartial
from tables.member import ADMIN
from tests.client import tree, words
from tests.conftest import employed
from theming.partials import kept
from theming.slots import SLOTS
from web import tenancy
from web.limits import PARTIALS_SAVED

HEADER = "/console/acme/partials/header"


@pytest.fixture
async def desk(olga, at_desk):
    return await at_desk(olga)


async def send(desk, path, **fields):
    page = await desk.get(path)
    return await desk.submit(page, path, **fields)


async def shown(vendor, slot="header"):
    return [row.source for row in await VendorPartial.shown_at(vendor.id) if row.slot == slot]


def typed(page):
    """What stands in the editor."""
    return next(tree(page).iter("textarea")).text or ""


async def test_the_list_names_every_part_and_what_stands_there(acme, desk):
    await send(desk, HEADER, source="<p>Mine</p>", do="save")
    page = await desk.get("/console/acme/partials")
    assert all(slot.label in words(page) for slot in SLOTS.values())
    assert page.text.count(">Yours<") == 1
    assert page.text.count(">Stock<") == len(SLOTS) - 1


async def test_a_new_template_begins_with_what_makes_the_stock_part(desk):
    page = await desk.get(HEADER)
    assert typed(page) == SLOTS["header"].start
    assert "The stock part is shown." in words(page)
    assert "center.logo.url" in words(page)


async def test_what_is_saved_is_shown_in_the_center_and_written_down(acme, desk, browser):
    answer = await send(desk, HEADER, source="<p>Hello\r\nfrom {{ center.name }}</p>", do="save")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HEADER}?done=saved")
    tenancy.kept.clear()
    assert "<p>Hello\nfrom Acme Learning</p>" in (await browser().get("/acme/sign-in")).text
    page = await desk.get(f"{HEADER}?done=saved")
    assert "Your version 1 is shown." in words(page)
    assert "Saved." in words(page)
    assert typed(page) == "<p>Hello\nfrom {{ center.name }}</p>"
    (entry,) = await AuditEntry.select().where(AuditEntry.vendor == acme.id)
    assert (entry["action"], entry["subject"], entry["detail"]) == ("partial.saved", "Header", '{"version": 1}')


async def test_a_template_that_is_refused_is_not_kept_and_nothing_typed_is_lost(acme, desk):
    source = "<p>one</p>\n<p>{{ center.secret }}</p>\n<p>three & four</p>"
    page = await send(desk, HEADER, source=source, email="alice@example.com", do="save")
    assert page.status_code == 422
    assert "Line 2: This part has no “center.secret”." in words(page)
    assert "> 2 <p>{{ center.secret }}</p>" in words(page)
    assert typed(page) == source
    assert 'value="alice@example.com"' in page.text
    assert await VendorPartial.versions(acme.id, "header") == []
    assert (await desk.get(HEADER)).status_code == 200


async def test_a_preview_shows_sample_data_and_keeps_nothing(acme, desk):
    page = await send(desk, HEADER, source='<p onclick="x">{{ person.first_name }}</p><form></form>', do="preview")
    assert page.status_code == 200
    assert "Preview with sample data" in words(page)
    assert "<p>Alice</p>" in page.text
    assert "Left out, because it cannot be used here: onclick, <form>" in words(page)
    assert typed(page).startswith('<p onclick="x">')
    assert await VendorPartial.versions(acme.id, "header") == []


@pytest.mark.parametrize(("slot", "source", "expected"), [
    ("header", "{{ person.name }}, {{ links.home }}", "Alice Ames, /acme/"),
    ("course_card", "{{ course.title }} {{ course.done }}/{{ course.total }}", "Keeping bees with Alice 1/4"),
    ("order_row", "{{ order.number }} {{ order.total }}", "A1001 $249.00"),
    ("hub_intro", "{% for one in courses %}{{ one.title }}{% endfor %}: {{ carry_on.lesson_title }}",
     "Keeping bees with Alice: Lesson 301"),
    ("lesson_foot", "{{ lesson.title }}, then {{ following.title }}", "Lesson 301, then Lesson 302"),
    ("mail_welcome", "{{ first_name }}: {{ items|join(', ') }}", "Alice: Hive kit, Keeping bees"),
])  # fmt: skip
async def test_a_preview_as_a_customer_shows_what_they_have(world, at_desk, slot, source, expected):
    one = await at_desk(world.alice.people["owner"])
    page = await send(one, f"/console/acme/partials/{slot}", source=source, email=" ALICE@example.com ", do="preview")
    assert "Preview for alice@example.com" in words(page)
    assert expected in words(page)


async def test_what_a_customer_does_not_have_is_the_samples_and_says_so(world, at_desk):
    one = await at_desk(world.alice.people["owner"])
    page = await send(one, "/console/acme/partials/order_row", source="{{ order.number }}", email="bob@example.com",
                      do="preview")  # fmt: skip
    assert "This customer has nothing to show here" in words(page)
    assert "1042" in words(page)


@pytest.mark.parametrize(("email", "why"), [
    ("nobody@example.com", "Nobody with this address is a customer of this center."),
    ("zoe@example.com", "Nobody with this address is a customer of this center."),
    ("no address", "Enter an email address like name@example.com."),
])  # fmt: skip
async def test_a_preview_is_only_for_customers_of_this_center(world, at_desk, email, why):
    one = await at_desk(world.alice.people["owner"])
    page = await send(one, HEADER, source="<p>x</p>", email=email, do="preview")
    assert page.status_code == 422
    assert why in words(page)


async def test_htmx_previews_by_the_same_address(desk):
    page = await desk.get(HEADER)
    answer = await desk.submit(page, HEADER, htmx=True, source="<p>{{ center.name }}</p>", do="preview")
    assert answer.text.startswith("\n<title>") or "<!doctype" not in answer.text
    assert "<p>Acme Learning</p>" in answer.text


async def test_a_version_shows_what_it_would_change_and_can_be_restored(acme, desk):
    await send(desk, HEADER, source="<p>one</p>\n<p>same</p>", do="save")
    await send(desk, HEADER, source="<p>two</p>\n<p>same</p>", do="save")
    page = await desk.get(f"{HEADER}/versions/1")
    assert "<ins>+ &lt;p&gt;one&lt;/p&gt;</ins>" in page.text
    assert "<del>- &lt;p&gt;two&lt;/p&gt;</del>" in page.text
    answer = await desk.submit(page, f"{HEADER}/versions/1")
    assert answer.headers["location"] == f"{HEADER}?done=restored"
    assert await shown(acme) == ["<p>one</p>\n<p>same</p>"]
    assert [row.number for row in await VendorPartial.versions(acme.id, "header")] == [3, 2, 1]
    assert "Restore" not in words(await desk.get(f"{HEADER}/versions/3"))
    entry = (
        await AuditEntry.select().where(AuditEntry.vendor == acme.id, AuditEntry.action == "partial.restored").first()
    )
    assert entry["detail"] == '{"version": 3, "of": 1}'


async def test_a_version_that_todays_rules_refuse_cannot_be_restored(acme, desk):
    await VendorPartial(
        vendor=acme.id, slot="header", number=1, source="\n{{ range(9) }}", made_at=database.now()
    ).save()
    page = await desk.get(f"{HEADER}/versions/1")
    answer = await desk.submit(page, f"{HEADER}/versions/1")
    assert answer.status_code == 422
    assert "Line 2: Nothing can be called here" in words(answer)
    assert await shown(acme) == []


async def test_back_to_the_stock_part(acme, desk, browser):
    await send(desk, HEADER, source="<p>Mine</p>", do="save")
    answer = await send(desk, f"{HEADER}/removal")
    assert answer.headers["location"] == "/console/acme/partials?done=removed"
    assert await shown(acme) == []
    page = await desk.get(HEADER)
    assert typed(page) == SLOTS["header"].start
    assert "Version 1" in words(page)
    await send(desk, f"{HEADER}/removal")
    actions = await AuditEntry.select(AuditEntry.action).where(AuditEntry.vendor == acme.id).order_by(AuditEntry.id)
    assert [row["action"] for row in actions] == ["partial.saved", "partial.removed"]


async def test_starting_again_from_the_stock_part_changes_nothing_yet(acme, desk):
    await send(desk, HEADER, source="<p>Mine</p>", do="save")
    assert typed(await desk.get(f"{HEADER}?from=stock")) == SLOTS["header"].start
    assert typed(await desk.get(HEADER)) == "<p>Mine</p>"


async def test_a_part_that_fell_back_says_so_and_why(acme, desk, browser, monkeypatch):
    await send(desk, HEADER, source="<p>{{ center.name }}</p>", do="save")
    tenancy.kept.clear()
    monkeypatch.setattr(kept.Partial, "html", lambda *_a, **_o: 1 / 0)
    assert 'class="brand"' in (await browser().get("/acme/sign-in")).text
    while kept.writing:
        await next(iter(kept.writing))
    for path in ("/console/acme/partials", HEADER):
        page = words(await desk.get(path))
        assert "Yours, with trouble" in page
        assert "The stock part was shown instead: ZeroDivisionError: division by zero" in page


async def test_a_theme_that_leaves_no_place_is_named(acme, desk, tmp_path, monkeypatch):
    monkeypatch.setattr("theming.environment.THEMES", tmp_path)
    file = tmp_path / "plain/templates/partials/shared/brand.html"
    file.parent.mkdir(parents=True)
    file.write_text("{# Only the name. center #}\n{{ center.name }}\n")
    (tmp_path / "plain/theme.toml").write_text('name = "Plain"\n')
    await Vendor.update({Vendor.theme: "plain"}).where(Vendor.id == acme.id)
    page = words(await desk.get("/console/acme/partials"))
    assert page.count("Your theme plain draws this part itself") == 1
    for text in ("{{ slot('header') or center.name }}", '{% include "default:partials/shared/brand.html" %}'):
        file.write_text(text)
        assert "draws this part itself" not in words(await desk.get("/console/acme/partials"))


async def test_saving_is_limited_to_thirty_an_hour(acme, desk, clock, monkeypatch):
    assert PARTIALS_SAVED.count == 30
    assert PARTIALS_SAVED.window == timedelta(hours=1)
    monkeypatch.setattr("controllers.console.partials.PARTIALS_SAVED", PARTIALS_SAVED._replace(count=2))
    for text in ("one", "two"):
        assert (await send(desk, HEADER, source=text, do="save")).status_code == 303
    page = await send(desk, HEADER, source="three", do="save")
    assert page.status_code == 422
    assert "That is enough for an hour." in words(page)
    assert typed(page) == "three"
    assert await shown(acme) == ["two"]


async def test_where_centers_share_an_origin_in_production_the_editor_is_off(acme, desk, monkeypatch):
    monkeypatch.setattr("controllers.console.partials.why_off", lambda center: None if center.prefix == "" else "path")
    for path in ("/console/acme/partials", HEADER):
        assert "Give the center its own domain" in words(await desk.get(path))
    page = await send(desk, HEADER, source="<p>x</p>", do="save")
    assert page.status_code == 422
    assert await shown(acme) == []
    await Vendor.update({Vendor.domain: "center.acme.example"}).where(Vendor.id == acme.id)
    assert (await send(desk, HEADER, source="<p>x</p>", do="save")).status_code == 303


async def test_staff_cannot_write_templates_and_admins_can(acme, stan, at_desk):
    assert (await (await at_desk(stan)).get("/console/acme/partials")).status_code == 403
    admin = await employed("ada@example.com", acme, ADMIN)
    assert (await (await at_desk(admin)).get("/console/acme/partials")).status_code == 200


async def test_writing_asks_for_a_recent_sign_in(acme, olga, desk, clock):
    page = await desk.get(HEADER)
    clock.forward(minutes=11)
    answer = await desk.submit(page, HEADER, source="<p>x</p>", do="save")
    assert answer.headers["location"].startswith("/console/confirmation?next=")
    assert await shown(acme) == []
    assert await Session.exists().where(Session.customer == olga.id)


@pytest.mark.parametrize("path", ["nothing", "header/versions/1", "header/versions/x", "header/versions/99999999999",
                                  "header/versions/²", "nothing/removal"])  # fmt: skip
async def test_what_is_not_there_is_not_found(desk, path):
    assert (await desk.get(f"/console/acme/partials/{path}")).status_code == 404


async def test_nothing_of_a_template_acts_in_the_console_itself(acme, desk):
    source = '</textarea><script>alert(1)</script><img src=x onerror=alert(1)><p id="main" hx-get="/x">x</p>'
    page = await send(desk, HEADER, source=source, do="preview")
    assert typed(page) == source
    assert [script.get("src", "")[:8] for script in tree(page).iter("script")] == ["/static/", "/static/"]
    assert not re.search(r"<[^>]*onerror", page.text)
    assert [element.tag for element in tree(page).iter() if element.get("id") == "main"] == ["main"]
