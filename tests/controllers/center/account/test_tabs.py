import json

import pytest

from controllers.center.account import TABS
from tables import Address, Customer, PhoneNumber, Vendor
from tests.client import tree, words

PATHS = [tab.path for tab in TABS]


@pytest.fixture
async def one(world, signed_in):
    return await signed_in(world.alice.customer)


def tab_bar(page):
    (bar,) = [bar for bar in tree(page).iter("nav") if bar.get("class") == "tabs"]
    return [(link.get("href"), link.get("aria-current")) for link in bar.iter("a")]


def test_the_tabs_are_those_of_the_contract_in_its_order():
    assert PATHS == [
        "/subscriptions",
        "/courses",
        "/orders",
        "/credit-memos",
        "/payment-methods",
        "/addresses",
        "/phone-numbers",
    ]


@pytest.mark.parametrize("path", PATHS)
async def test_every_tab_is_a_page_with_its_name_and_the_tab_bar(one, path):
    page = await one.get(f"/acme/account{path}")
    (tab,) = [tab for tab in TABS if tab.path == path]
    assert next(tree(page).iter("h1")).text == tab.label
    assert next(tree(page).iter("title")).text == f"{tab.label} · Acme Learning"
    assert tab_bar(page) == [(f"/acme/account{other}", "page" if other == path else None) for other in PATHS]


@pytest.mark.parametrize("path", PATHS)
async def test_a_tab_without_anything_says_what_would_be_here(bob, signed_in, path):
    page = await (await signed_in(bob)).get(f"/acme/account{path}")
    assert page.status_code == 200
    assert [box for box in tree(page).iter("div") if box.get("class") == "empty"]


@pytest.mark.parametrize("path", PATHS)
async def test_a_tab_that_is_switched_off_does_not_exist(world, one, path):
    await Vendor.update({Vendor.hidden_tabs: json.dumps([path.lstrip("/")])}).where(Vendor.id == world.acme.id)
    assert (await one.get(f"/acme/account{path}")).status_code == 404
    page = await one.get("/acme/account")
    assert f"/acme/account{path}" not in [href for href, _ in tab_bar(page)]


async def test_the_pages_below_a_hidden_tab_do_not_exist_either(world, one):
    await Vendor.update({Vendor.hidden_tabs: '["orders"]'}).where(Vendor.id == world.acme.id)
    assert (await one.get(f"/acme/account/orders/{world.alice.order}")).status_code == 404


async def test_the_start_page_is_the_courses_for_those_who_have_any(one):
    assert (await one.get("/acme/")).headers["location"] == "/acme/courses"


async def test_the_start_page_is_the_account_for_others(bob, signed_in):
    assert (await (await signed_in(bob)).get("/acme/")).headers["location"] == "/acme/account"


async def test_my_account_shows_the_person(alice, signed_in):
    text = words(await (await signed_in(alice)).get("/acme/account"))
    for fact in ("Alice Ames", "alice@example.com", "Account since", "Manage account"):
        assert fact in text


async def test_addresses_and_numbers_say_which_is_the_default(world, one):
    address = await Address.objects().get((Address.vendor == world.acme.id) & (Address.customer == world.alice.id))
    await Customer.update({Customer.default_address: address.id, Customer.phone: "+1 212 555 0143"}).where(
        Customer.id == world.alice.id
    )
    await PhoneNumber(
        vendor=world.acme.id, customer=world.alice.id, number="+49 30 1", digits="49301", origin="order"
    ).save()
    assert "18 Orchard Lane Hudson United States Default" in words(await one.get("/acme/account/addresses"))
    numbers = words(await one.get("/acme/account/phone-numbers"))
    assert "(212) 555-0143 Default On file with Acme Learning" in numbers
    assert "+49 30 1 Given with an order" in numbers


async def test_a_payment_method_shows_its_tail_and_what_it_pays(world, one):
    text = words(await one.get("/acme/account/payment-methods"))
    assert "Payment method with Stripe" in text
    assert "ending in 4242" in text
    assert "pm_4242" not in text
    assert f"Order {world.alice.subscription_order}: Hive letter of A" in text
    assert f"Order {world.alice.order}" not in text


async def test_the_courses_tab_tells_progress(one):
    text = words(await one.get("/acme/account/courses"))
    assert "Keeping bees with Alice" in text
    assert "Yours since" in text
    assert "1 of 4 lessons done" in text
