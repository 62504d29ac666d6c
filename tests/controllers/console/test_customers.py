import pytest

import database
from tables import AuditEntry, Customer, Mail, Order, Session, SignInRequest
from tables.mail import opened
from tests.client import forms, tree, words
from web.limits import LINKS_TO_CUSTOMER

DESK = "/console/acme/customers"


@pytest.fixture
async def desk(olga, at_desk):
    return await at_desk(olga)


def found(page):
    """The names in the list."""
    return ["".join(cell.itertext()) for cell in tree(page).iter("th") if cell.get("scope") == "row"]


async def log():
    return [(row["action"], row["subject"]) for row in await AuditEntry.select().order_by(AuditEntry.id)]


async def test_the_list_is_newest_first_and_by_name(desk, alice, bob):
    assert found(await desk.get(DESK)) == ["Bob", "Alice Ames"]
    assert found(await desk.get(f"{DESK}?by=name")) == ["Alice Ames", "Bob"]
    assert found(await desk.get(f"{DESK}?state=never")) == ["Bob", "Alice Ames"]
    page = await desk.get(f"{DESK}?state=disabled")
    assert found(page) == []
    assert "Nobody fits" in page.text


async def test_a_search_is_a_form_that_works_by_its_button(desk, alice, bob):
    assert found(await desk.get(f"{DESK}?q=ames+ali")) == ["Alice Ames"]
    page = await desk.get(f"{DESK}?q=ames")
    (form,) = [form for form in tree(page).iter("form") if form.get("role") == "search"]
    assert (form.get("method"), form.get("action")) == ("get", DESK)
    (field,) = [field for field in form.iter("input") if field.get("name") == "q"]
    assert field.get("value") == "ames"
    assert field.get("data-hx-target") == field.get("data-hx-select") == "#results"
    assert field.get("data-hx-get") == DESK
    assert [part for part in tree(page).iter("div") if part.get("id") == "results"]


async def test_pages_go_on_by_a_place_in_the_list(desk, acme):
    for place in range(25):
        await Customer.open(acme.id, f"p{place:02}@example.com", first_name=f"Pat{place:02}", last_name="Poe")
    for query in ("", "?by=name", "?q=pat"):
        first = await desk.get(DESK + query)
        (further,) = [
            link.get("href") for link in tree(first).iter("a") if "".join(link.itertext()).strip() == "Next page"
        ]
        second = await desk.get(further)
        assert len(found(first)) == 20
        assert sorted(found(first) + found(second)) == [f"Pat{place:02} Poe" for place in range(25)]
        assert "To the beginning" in second.text


@pytest.mark.parametrize(
    "query", ["state=evil", "by=evil", "older=x", "older=1", "older=-1-x", "older=9999999999999999999-a"]
)
async def test_an_address_nobody_gave_out_does_not_exist(desk, query):
    assert (await desk.get(f"{DESK}?{query}")).status_code == 404


async def test_a_customer_has_the_tabs_they_see_themselves(world, desk):
    own = world.alice
    here = f"{DESK}/{own.public_id}"
    said = {
        "": "alice@example.com", "/subscriptions": "Hive letter of A", "/courses": "Keeping bees with Alice",
        "/orders": "Hive kit of A", "/credit-memos": "Broken for A", "/payment-methods": "4242", "/addresses": "18 Orchard Lane",
        "/phone-numbers": "555-0143",
    }  # fmt: skip
    for part, text in said.items():
        page = await desk.get(here + part)
        assert text in words(page), part
        assert words(page).count("Alice Ames") >= 1
        theirs = ("/acme/", "/console/account/orders", "/console/account/credit", "/console/account/subscriptions")
        assert [link.get("href") for link in tree(page).iter("a") if link.get("href", "").startswith(theirs)] == []
        assert {form.get("action") for form in tree(page).iter("form")} - {"/console/sign-out"} <= {
            f"{here}/sign-in-link"
        }


async def test_somebody_elses_customer_is_as_unknown_as_none(world, desk):
    for public_id in (world.zoe.public_id, world.twin.public_id, "nobody"):
        for part in ("", "/orders", "/names", "/switch-off", "/sign-in-link"):
            assert (await desk.get(f"{DESK}/{public_id}{part}")).status_code == 404
        token = await desk.token(f"{DESK}/new")
        assert (await desk.post(f"{DESK}/{public_id}/switch-off", {"_csrf": token})).status_code == 404
    assert (await Customer.objects().get(Customer.id == world.zoe.id)).disabled_at is None


async def test_an_account_that_is_gone_can_be_read_and_no_more(desk, alice, bob):
    await Customer.update({Customer.closed_at: database.now()}).where(Customer.id == alice.id)
    await Customer.update({Customer.merged_into: alice.id}).where(Customer.id == bob.id)
    page = await desk.get(f"{DESK}/{alice.public_id}")
    assert "Deleted account" in page.text
    assert "Send sign-in link" not in page.text
    assert (await desk.get(f"{DESK}/{alice.public_id}/names")).status_code == 404
    assert (await desk.get(f"{DESK}/{bob.public_id}")).status_code == 404


async def test_a_customer_is_added_by_hand_with_a_message(desk, acme):
    page = await desk.submit(
        await desk.get(f"{DESK}/new"), DESK, email="Carla@Example.com", first_name=" Carla ", last_name="Costa"
    )
    made = await Customer.by_email(acme.id, "carla@example.com")
    assert page.headers["location"] == f"{DESK}/{made.public_id}?done=mailed"
    assert (made.first_name, made.last_name, made.renamed_at, made.welcomed_at) == ("Carla", "Costa", None, None)
    (mail,) = await Mail.select()
    assert (mail["kind"], mail["recipient"]) == ("account_opened", "carla@example.com")
    assert "/acme/" in mail["body_text"]
    assert await log() == [("customer.added", "carla@example.com")]
    assert found(await desk.get(f"{DESK}?q=carla")) == ["Carla Costa"]


async def test_the_message_is_a_choice(desk, acme):
    token = await desk.token(f"{DESK}/new")
    await desk.post(DESK, {"_csrf": token, "email": "carla@example.com"})
    assert await Customer.by_email(acme.id, "carla@example.com")
    assert not await Mail.exists()


@pytest.mark.parametrize(
    ("email", "says"),
    [("", "Enter an email address"), ("nobody", "like name@example.com"), ("ALICE@example.com", "already")],
)  # fmt: skip
async def test_an_address_that_does_not_do_comes_back_with_all_that_was_typed(desk, alice, email, says):
    page = await desk.submit(await desk.get(f"{DESK}/new"), DESK, email=email, first_name="Al")
    assert page.status_code == 422
    assert says in words(page)
    assert forms(page)[DESK]["first_name"] == "Al"
    assert await Customer.count().where(Customer.vendor == alice.vendor) == 1


async def test_names_stay_as_the_vendor_writes_them(desk, alice):
    here = f"{DESK}/{alice.public_id}"
    page = await desk.submit(await desk.get(f"{here}/names"), f"{here}/names", first_name="Alicia", last_name="Amaro")
    assert page.headers["location"] == f"{here}?done=renamed"
    now = await Customer.by_id(alice.vendor, alice.id)
    assert (now.first_name, now.last_name, now.renamed_at is None) == ("Alicia", "Amaro", False)
    assert await log() == [("customer.renamed", "alice@example.com")]
    page = await desk.submit(await desk.get(f"{here}/names"), f"{here}/names", first_name="x" * 101)
    assert page.status_code == 422


async def test_a_sign_in_link_goes_to_the_customer_and_opens_their_center(world, stan, at_desk, browser):
    own, one = world.alice, await at_desk(stan)
    here = f"{DESK}/{own.public_id}"
    page = await one.submit(await one.get(here), f"{here}/sign-in-link")
    assert page.headers["location"] == f"{here}?done=sent"
    mail = await Mail.select().where(Mail.kind == "sign_in_link").first()
    assert mail["recipient"] == "alice@example.com"
    text = opened(mail, "body_text")
    link = next(line for line in text.splitlines() if "/sign-in/link/" in line).split("8000", 1)[1]
    assert (await AuditEntry.select().order_by(AuditEntry.id, ascending=False).first())[
        "action"
    ] == "customer.link_sent"
    stranger = browser()
    shown = await stranger.get(link)
    assert "Login Now" in shown.text
    done = await stranger.submit(shown, link)
    assert done.status_code == 303
    assert "alice@example.com" in (await stranger.get("/acme/account")).text


async def test_links_are_limited_for_each_customer_and_none_goes_to_who_is_switched_off(desk, alice, bob):
    for one, count in ((alice, LINKS_TO_CUSTOMER.count + 2), (bob, 1)):
        here = f"{DESK}/{one.public_id}"
        token = await desk.token(here)
        pages = [await desk.post(f"{here}/sign-in-link", {"_csrf": token}) for _ in range(count)]
        assert pages[0].headers["location"].endswith("?done=sent")
    assert await Mail.count().where(Mail.recipient == alice.email) == LINKS_TO_CUSTOMER.count
    await bob.switch_off()
    await desk.post(f"{DESK}/{bob.public_id}/sign-in-link", {"_csrf": token})
    assert await Mail.count().where(Mail.recipient == bob.email) == 1


async def test_switching_off_signs_out_and_keeps_out_until_it_is_switched_on(world, desk, signed_in):
    own = world.alice
    theirs, here = await signed_in(own.customer), f"{DESK}/{own.public_id}"
    assert (await theirs.get("/acme/account")).status_code == 200
    page = await desk.submit(await desk.get(f"{here}/switch-off"), f"{here}/switch-off")
    assert page.headers["location"] == f"{here}?done=off"
    assert (await theirs.get("/acme/account")).status_code == 303
    assert not await Session.exists().where(Session.customer == own.id, Session.revoked_at.is_null())
    assert not await SignInRequest.exists().where(SignInRequest.customer == own.id, SignInRequest.used_at.is_null())
    shown = await desk.get(here)
    assert "Switched off" in shown.text
    await desk.submit(shown, f"{here}/switch-on")
    assert (await Customer.by_id(own.vendor.id, own.id)).may_enter
    assert (await theirs.get("/acme/account")).status_code == 303
    assert [action for action, _ in await log()][-2:] == ["customer.switched_off", "customer.switched_on"]


async def test_staff_look_search_and_send_links_but_do_not_switch_off_or_export(world, stan, at_desk):
    one, here = await at_desk(stan), f"{DESK}/{world.alice.public_id}"
    page = await one.get(here)
    assert "Send sign-in link" in page.text
    assert "switch-off" not in page.text
    token = await one.token(here)
    for path in (f"{here}/switch-off", f"{here}/switch-on", "/console/acme/downloads/customers",
                 f"/console/acme/orders/{world.alice.order}/refund"):  # fmt: skip
        assert (await one.get(path)).status_code == 403
        assert (await one.post(path, {"_csrf": token})).status_code == 403
    assert "Export all" not in (await one.get(DESK)).text


async def test_a_customer_is_found_by_the_number_of_an_order(desk, alice, bob):
    await Order(vendor=alice.vendor, customer=alice.id, clickfunnels_id="1", number="Z77").save()
    assert found(await desk.get(f"{DESK}?q=%23z77")) == ["Alice Ames"]
