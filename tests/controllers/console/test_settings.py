"""Settings: each field is saved, checked and shown again; each switch is its own."""

import json

import pytest

from controllers.center.account import TABS
from forms.console.settings import SettingsForm
from tables import AuditEntry, Vendor
from tables.vendor import MAIL_SWITCHES, SWITCHES
from tests.client import forms, tree, words
from theming.center import center_of
from theming.console.settings_words import TAB_NAMES, other_tabs, tab_labels, visibility
from web import tenancy

HERE = "/console/acme/settings"


async def again(vendor):
    return await Vendor.by_id(vendor.id)


@pytest.fixture
async def desk(at_desk, olga):
    """Olga's browser, and a way to send the settings with some of them changed."""
    one = await at_desk(olga)

    async def send(**changed):
        fields = forms(await one.get(HERE))[HERE]
        typed = SettingsForm.of(await Vendor.by_id(olga.acme)).values | {"_csrf": fields["_csrf"]} | changed
        return await one.post(HERE, {name: value for name, value in typed.items() if value != ""})

    vendor = await Vendor.objects().where(Vendor.slug == "acme").first()
    object.__setattr__(olga, "acme", vendor.id)
    return one, send


def test_the_tabs_are_those_of_my_account():
    assert list(TAB_NAMES) == [tab.path.lstrip("/") for tab in TABS]
    assert list(tab_labels().values()) == [tab.label for tab in TABS]


def test_every_switch_and_tab_stands_once():
    names = [switch.name for switch in (*visibility(), *other_tabs())]
    assert sorted(names) == sorted([*SWITCHES, *(f"tab_{name}" for name in TAB_NAMES)])
    assert [switch.label for switch in visibility()] == [
        "Order History", "Billing Information", "Credit Memos", "Payment Method Updates", "Subscription Updates",
        "Subscription Cancel", "Subscription Pause", "Course Enrollments",
    ]  # fmt: skip


async def test_the_page_has_clickfunnels_groups_and_the_public_link(desk):
    one, _send = desk
    page = await one.get(HERE)
    headings = ["".join(element.itertext()) for element in tree(page).iter("h2")]
    assert headings[:6] == [
        "Configure",
        "Invoices and credit memos",
        "Visibility",
        "Sign-in",
        "Mail",
        "Single Sign-On and videos",
    ]
    assert "http://127.0.0.1:8000/acme/" in words(page)
    assert "Update Customer Center" in words(page)
    assert page.text.count('<svg class="sketch"') == 17


CHANGES = {
    "name": ("Acme School", "name", "Acme School"), "headline": ("Bees", "headline", "Bees"),
    "privacy_url": ("https://acme.example/p", "privacy_url", "https://acme.example/p"),
    "terms_url": ("https://acme.example/t", "terms_url", "https://acme.example/t"),
    "support_email": ("Hi@Acme.Example", "support_email", "hi@acme.example"),
    "sender_name": ("Acme Mail", "sender_name", "Acme Mail"),
    "sender_email": ("post@acme.example", "sender_email", "post@acme.example"),
    "currency": ("EUR", "currency", "EUR"), "locale": ("pt_BR", "locale", "pt_BR"),
    "time_zone": ("Europe/Lisbon", "time_zone", "Europe/Lisbon"),
    "media_host": ("Videos.Acme.com", "media_host", "videos.acme.com"),
    "legal_name": ("Acme  Inc.", "legal_name", "Acme Inc."), "tax_number": ("12-34", "tax_number", "12-34"),
    "postal_address": ("1 Hive Lane\r\n\r\n Hudson  NY", "postal_address", "1 Hive Lane\nHudson NY"),
    "paper_footer": ("Thanks", "paper_footer", "Thanks"),
    "clickfunnels_host": ("acme.myclickfunnels.com", "clickfunnels_host", "acme.myclickfunnels.com"),
}  # fmt: skip


@pytest.mark.parametrize("field", CHANGES)
async def test_a_field_is_saved_and_nothing_else_changes(acme, desk, field):
    typed, column, kept = CHANGES[field]
    before = (await again(acme)).to_dict()
    assert (await desk[1](**{field: typed})).headers["location"] == f"{HERE}?done=saved"
    after = (await again(acme)).to_dict()
    assert after[column] == kept
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {column} | ({"proof"} if field == "sender_email" else set())
    entry = (await AuditEntry.of(acme.id, 2**62))[0]
    assert (entry["action"], entry["subject"]) == ("settings.changed", column.replace("_", " "))


@pytest.mark.parametrize("switch", [*SWITCHES, *MAIL_SWITCHES, "answer_unknown", "cancel_without_sign_in"])
async def test_a_switch_changes_itself_alone(acme, desk, switch):
    before = (await again(acme)).to_dict()
    await desk[1](**{switch: "" if before[switch] else "1"})
    after = (await again(acme)).to_dict()
    assert {name for name in after if after[name] != before[name]} == {switch}


@pytest.mark.parametrize("tab", TAB_NAMES)
async def test_a_tab_is_hidden_and_shown_alone(acme, desk, tab):
    await desk[1](**{f"tab_{tab}": ""})
    assert (await again(acme)).hidden == [tab]
    await desk[1](**{f"tab_{tab}": "1"})
    assert (await again(acme)).hidden == []


async def test_tabs_are_put_in_order(acme, desk):
    await desk[1](place_orders="1", place_subscriptions="3")
    assert (await again(acme)).order[:2] == ["orders", "courses"]
    assert center_of(await again(acme)).tab_order[0] == "orders"


async def test_links_at_the_bottom_are_kept_in_their_order(acme, desk):
    await desk[1](
        link_label_1="Shop", link_href_1="https://shop.example/", link_label_3="Blog", link_href_3="https://b.example"
    )
    assert json.loads((await again(acme)).footer_links) == [
        ["Shop", "https://shop.example/"],
        ["Blog", "https://b.example"],
    ]


async def test_nothing_different_is_said_so_and_not_written_down(acme, desk):
    assert (await desk[1]()).headers["location"] == f"{HERE}?done=same"
    assert await AuditEntry.of(acme.id, 2**62) == []


@pytest.mark.parametrize(("field", "typed"), [
    ("name", ""), ("name", "x" * 121), ("headline", "x" * 201), ("privacy_url", "javascript:alert(1)"),
    ("privacy_url", "http://a.example"), ("terms_url", "https://user:pw@a.example"), ("terms_url", "https://a b.example"),
    ("terms_url", "https://"), ("support_email", "x"), ("sender_email", "a@b"), ("currency", "XXX"), ("locale", "zz"),
    ("time_zone", "Mars/Base"), ("media_host", "https://v.example/x"), ("clickfunnels_host", "a_b"),
    ("place_orders", "9"), ("link_href_1", "https://a.example"), ("link_label_2", "Words"),
    ("link_href_1", "data:text/html,x"), ("sender_name", "x" * 121),
])  # fmt: skip
async def test_what_cannot_be_is_refused_with_what_was_typed(acme, desk, field, typed):
    before = (await again(acme)).to_dict()
    page = await desk[1](**{field: typed, "headline": "x" * 201 if field == "headline" else "Typed before"})
    assert page.status_code == 422
    assert (await again(acme)).to_dict() == before
    assert "There is a problem" in words(page)
    assert forms(page)[HERE]["headline"] in ("Typed before", "x" * 201)


async def test_the_center_shows_what_was_set(acme, desk, browser):
    await desk[1](headline="Bees, by mail", privacy_url="https://acme.example/privacy")
    tenancy.kept.clear()
    page = await browser().get("/acme/sign-in")
    assert "Bees, by mail" in words(page)
    assert 'href="https://acme.example/privacy"' in page.text


@pytest.mark.parametrize("path", ["settings", "secrets", "domain", "theme", "logo", "words"])
async def test_staff_see_none_of_it_in_the_menu_and_cannot_open_it(acme, stan, olga, at_desk, path):
    theirs, hers = await at_desk(stan), await at_desk(olga)
    assert (await theirs.get(f"/console/acme/{path}")).status_code == 403
    assert f"/console/acme/{path}" not in (await theirs.get("/console/acme")).text
    assert f"/console/acme/{path}" in (await hers.get("/console/acme")).text


async def test_reasons_stand_one_a_line_some_with_a_word_of_the_processors(acme, desk):
    one, send = desk
    typed = "  Too  busy\n\nunused: Not my season\nToo busy\nweather: rain\n"
    assert (await send(cancel_reasons=typed)).status_code == 303
    assert json.loads((await again(acme)).cancel_reasons) == ["Too busy", ["unused", "Not my season"], "weather: rain"]
    assert "unused: Not my season" in (await one.get(HERE)).text
    assert (await send(cancel_reasons="")).status_code == 303
    assert json.loads((await again(acme)).cancel_reasons) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"cancel_reasons": "\n".join(map(str, range(21)))}, "cancel_reasons"), ({"cancel_reasons": "a" * 101}, "cancel_reasons"),
     ({"cancel_offer_url": "https://acme.example/stay"}, "cancel_offer"), ({"cancel_offer": "a" * 301}, "cancel_offer"),
     ({"cancel_offer": "Stay", "cancel_offer_url": "javascript:x"}, "cancel_offer_url")],
)  # fmt: skip
async def test_what_is_wrong_with_canceling_is_said_beside_it(acme, desk, changed, field):
    answer = await desk[1](**changed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


async def test_an_offer_is_kept_with_its_address(acme, desk):
    await desk[1](cancel_offer="Half price", cancel_offer_url="https://acme.example/stay")
    kept = await again(acme)
    assert (kept.cancel_offer, kept.cancel_offer_url) == ("Half price", "https://acme.example/stay")
