"""Adding a card on Stripe's own page: whose it is said by us, what became of it only by Stripe."""

import httpx
import pytest

import database
from integrations.stripe import card_pages
from jobs.carry_out import carry_out
from jobs.look_at_setups import look_at_setups
from jobs.stopping import Stopping
from tables import CardSetup, Mail, MailedLink, Order, PaymentMethod, StripeCustomer, Subscription, Vendor
from tables.mail import opened
from tests.client import forms, words
from tests.integrations.stripe.fake_stripe import BROKEN, DOWN, LOST
from tests.integrations.stripe.mirroring import connect, deliver

LIST = "/acme/account/payment-methods"
NEW, SETUPS, LINKS = f"{LIST}/new", f"{LIST}/setups", f"{LIST}/links"
STRIPE = "https://checkout.stripe.com"


@pytest.fixture
async def fake(acme, stripe_api):
    stripe_api.address = STRIPE
    await connect(acme, stripe_api)
    return stripe_api


@pytest.fixture
async def one(alice, signed_in):
    return await signed_in(alice)


async def start(one, page=NEW, **fields):
    return await one.submit(await one.get(page), SETUPS, **fields)


async def the_setup(vendor):
    (found,) = await CardSetup.objects().where(CardSetup.vendor == vendor.id)
    return found


def sessions(fake):
    return fake.all("checkout.session")


def key(headers):
    return headers.get("idempotency-key", "")


async def look(clock) -> None:
    clock.forward(seconds=6)
    await look_at_setups(Stopping())


async def test_the_page_says_before_the_click_where_it_leads_and_what_that_needs(fake, one):
    page = await one.get(NEW)
    text = words(page)
    assert "This opens a secure page of Stripe" in text
    assert "needs JavaScript" in text
    assert "Email me a link" in text
    assert "Write to help@acme.example" in text
    form = page.text.partition(f'action="{SETUPS}"')[2].partition(">")[0]
    assert "data-hx" not in form
    assert f"form-action 'self' {STRIPE};" in page.headers["content-security-policy"]
    elsewhere = await one.get(LIST)
    assert "form-action 'self';" in elsewhere.headers["content-security-policy"]


async def test_htmx_loads_the_whole_page_because_a_fragment_has_no_policy_of_its_own(fake, one, acme):
    answer = await one.htmx_get(f"{NEW}?x=1&y=2")
    assert (answer.status_code, answer.headers["hx-redirect"], answer.text) == (200, f"{NEW}?x=1&y=2", "")
    await Vendor.keep_stripe_key(acme.id, None)
    assert "<title>" in (await one.htmx_get(NEW)).text


async def test_without_stripe_the_page_says_how_else(acme, one):
    page = await one.get(NEW)
    assert "A card is added when you pay with it" in words(page)
    assert "Stripe" not in words(page)
    assert "form-action 'self';" in page.headers["content-security-policy"]
    token = await one.token(LIST)
    for address in (SETUPS, LINKS):
        assert (await one.post(address, {"_csrf": token})).status_code == 404


async def test_a_card_is_saved_and_only_stripe_says_so(fake, one, acme, alice, clock):
    answer = await start(one)
    session, setup = sessions(fake)[0], await the_setup(acme)
    assert (answer.status_code, answer.headers["location"]) == (303, session["url"])
    assert session["client_reference_id"] == setup.public_id
    assert session["currency"] == "usd"
    (person,) = await StripeCustomer.of(acme.id, alice.id)
    assert session["customer"] == person.reference
    assert fake.objects[person.reference]["email"] == "alice@example.com"
    back = session["success_url"].removeprefix("http://127.0.0.1:8000")
    assert back == f"{SETUPS}/{setup.public_id}"
    for query in ("", f"?session_id={session['id']}&status=complete&done=1"):
        assert "Waiting for Stripe" in words(await one.get(back + query))
    fake.complete(session["id"])
    assert "Waiting for Stripe" in words(await one.get(back))
    await look(clock)
    page = await one.get(back)
    assert "Card saved Visa ending 4242 expires 12/2030" in words(page)
    assert "form-action 'self';" in page.headers["content-security-policy"]
    assert "Visa ending 4242" in words(await one.get(LIST))
    assert fake.done == {"customer": 1, "session": 1, "setup": 1}


async def test_the_webhook_says_so_as_well_and_once(fake, one, acme, alice, clock):
    await start(one)
    fake.take()
    fake.complete(sessions(fake)[0]["id"])
    events = fake.take()
    await deliver(acme, *events, *events)
    assert (await the_setup(acme)).status == "complete"
    await look(clock)
    assert await PaymentMethod.count().where(PaymentMethod.vendor == acme.id) == 1


async def test_a_page_that_is_closed_changed_nothing(fake, one, acme, clock):
    await start(one)
    clock.forward(hours=25)
    sessions(fake)[0] |= {"status": "expired"}
    await look(clock)
    setup = await the_setup(acme)
    assert setup.status == "expired"
    assert "Nothing was changed" in words(await one.get(f"{SETUPS}/{setup.public_id}"))


async def test_pages_are_asked_about_ever_more_rarely_and_not_for_ever(fake, one, acme, clock):
    await start(one)
    for _ in range(3):
        await look(clock)
    assert fake.count("GET", "/v1/checkout/sessions") == 3
    await CardSetup.update({CardSetup.tries: 500}).where(CardSetup.vendor == acme.id)
    await look(clock)
    await look(clock)
    assert fake.count("GET", "/v1/checkout/sessions") == 4
    clock.forward(hours=26)
    await look_at_setups(Stopping())
    assert (await the_setup(acme)).status == "expired"
    assert fake.count("GET", "/v1/checkout/sessions") == 4


async def test_a_double_press_is_one_page(fake, one, acme):
    page = await one.get(NEW)
    first, second = await one.submit(page, SETUPS), await one.submit(page, SETUPS)
    assert first.headers["location"] == second.headers["location"] == sessions(fake)[0]["url"]
    assert (fake.done["session"], fake.done["customer"]) == (1, 1)


@pytest.mark.parametrize("trouble", [DOWN, BROKEN, LOST])
@pytest.mark.parametrize("place", [0, 1])
async def test_trouble_on_the_way_ends_in_one_page_with_the_same_keys(fake, one, acme, trouble, place):
    fake.answers = [None] * place + [trouble]
    answer = await start(one)
    setup = await the_setup(acme)
    assert answer.headers["location"] == f"{SETUPS}/{setup.public_id}"
    assert setup.status == "requested"
    page = await one.get(answer.headers["location"])
    answer = await one.submit(page, f"{SETUPS}/{setup.public_id}")
    assert answer.headers["location"] == sessions(fake)[0]["url"]
    assert (fake.done["session"], fake.done["customer"]) == (1, 1)
    asked = {(path, key(headers)) for (_, path, _), headers in zip(fake.asked, fake.headers, strict=True)}
    assert len(asked) == 2
    assert all(name for _, name in asked)


async def test_a_kill_after_stripes_answer_makes_no_second_page(fake, one, acme, monkeypatch):
    async def killed(*_):
        raise database.Unavailable("the process ended here")

    with monkeypatch.context() as patched:
        patched.setattr(CardSetup, "opened", killed)
        assert (await start(one)).status_code == 503
    setup = await the_setup(acme)
    assert (setup.session, setup.status) == (None, "requested")
    page = await one.get(f"{SETUPS}/{setup.public_id}")
    answer = await one.submit(page, f"{SETUPS}/{setup.public_id}")
    assert answer.headers["location"] == sessions(fake)[0]["url"]
    assert fake.done["session"] == 1


async def test_a_page_on_a_host_of_the_vendors_own_is_reached_by_a_link_of_ours(fake, one, acme):
    fake.address = "https://pay.acme.example"
    answer = await start(one)
    assert answer.headers["location"].startswith(SETUPS)
    assert "https://pay.acme.example/c/pay/" in (await one.get(answer.headers["location"])).text


async def test_somebody_elses_page_is_unknown_and_settles_nothing_of_ours(
    fake, one, acme, alice, bob, signed_in, clock
):
    await start(one)
    setup = await the_setup(acme)
    other = await signed_in(bob)
    for address in (f"{SETUPS}/{setup.public_id}", f"{SETUPS}/{sessions(fake)[0]['id']}"):
        assert (await other.get(address)).status_code == 404
        assert (await other.post(address, {"_csrf": await other.token(LIST)})).status_code == 404
    # A session of another customer that names our row, as if somebody had made Stripe say so.
    stranger = fake.add_customer("bob@example.com")
    await StripeCustomer.keep(acme.id, bob.id, stranger["id"])
    sessions(fake)[0]["customer"] = stranger["id"]
    fake.complete(sessions(fake)[0]["id"])
    await deliver(acme, *fake.take())
    await look(clock)
    assert (await the_setup(acme)).status == "open"


async def test_who_it_is_for_is_never_read_from_the_form(fake, one, acme, alice, bob):
    stranger = fake.add_customer("bob@example.com")
    await StripeCustomer.keep(acme.id, bob.id, stranger["id"])
    await start(one, customer=stranger["id"], customer_id=str(bob.id), setup="x", session="cs_1")
    assert sessions(fake)[0]["customer"] != stranger["id"]


async def subscribed(fake, acme, email="alice@example.com"):
    person = fake.add_customer(email)
    fake.add_card(person["id"], default=True)
    of = fake.add_subscription(person, fake.add_price(fake.add_product("Club")))
    await deliver(acme, *fake.take())
    order = await Order.known(acme.id, of["id"])
    return of, order, await Subscription.public_id_of(acme.id, order.id)


async def test_a_card_saved_for_a_subscription_pays_for_it(fake, one, acme, alice, clock):
    await fake_newer(fake, acme, alice)
    of, _order, public_id = await subscribed(fake, acme)
    page = f"{NEW}?subscription={public_id}"
    assert "Once it is saved, this subscription is paid with it: Club." in words(await one.get(page))
    await start(one, page)
    assert sessions(fake)[0]["customer"] == of["customer"]
    fake.complete(sessions(fake)[0]["id"], "5555555555554444")
    await look(clock)
    setup = await the_setup(acme)
    assert "We have asked that this subscription is paid with it" in words(await one.get(f"{SETUPS}/{setup.public_id}"))
    await carry_out(Stopping())
    assert of["default_payment_method"] == setup.reference
    assert "This subscription is paid with it: Club." in words(await one.get(f"{SETUPS}/{setup.public_id}"))


async def fake_newer(fake, acme, alice) -> None:
    """Another customer of Stripe's who is the same person, and not the one who pays for the subscription."""
    await StripeCustomer.keep(acme.id, alice.id, fake.add_customer("alice@example.com")["id"])
    fake.take()


async def test_somebody_elses_subscription_is_unknown(fake, one, acme, alice, bob):
    _of, _order, public_id = await subscribed(fake, acme, "bob@example.com")
    assert (await one.get(f"{NEW}?subscription={public_id}")).status_code == 404
    assert (await start(one, subscription=public_id)).status_code == 404
    assert sessions(fake) == []


async def test_the_link_for_another_device_is_mailed_and_kept_out_of_sight(fake, one, acme, alice, browser):
    sent = await one.submit(await one.get(NEW), LINKS)
    assert "We have sent you the link." in words(await one.get(sent.headers["location"].removeprefix("")))
    (mail,) = await Mail.objects().where(Mail.vendor == acme.id, Mail.kind == "finish_card")
    assert mail.sealed
    text = opened(mail, "body_text")
    address = next(line for line in text.splitlines() if "/pay/" in line).strip()
    page = await browser().get(address.removeprefix("http://127.0.0.1:8000"))
    assert "Add a card" in words(page)
    assert "Continue to Stripe" in words(page)
    assert "alice@example.com" not in page.text


async def test_pages_and_links_are_counted(fake, one, acme):
    page = await one.get(NEW)
    answers = [(await one.submit(page, LINKS)).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    assert await MailedLink.count().where(MailedLink.vendor == acme.id) == 5


async def test_a_browser_on_its_way_is_followed_to_the_hosted_page_and_back(fake, one, acme, clock):
    address = (await start(one)).headers["location"]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(fake)) as elsewhere:
        shown = await elsewhere.get(address)
        assert "Save your card" in shown.text
        done = await elsewhere.post(address, data={"number": "4000000000000002"})
        assert "declined" in done.text
        done = await elsewhere.post(address, data={"number": "5555555555554444", "month": "3", "year": "2031"})
    await look(clock)
    assert "Mastercard ending 4444" in words(
        await one.get(done.headers["location"].removeprefix("http://127.0.0.1:8000"))
    )
    assert await Vendor.count().where(Vendor.id == acme.id) == 1
    assert forms(await one.get(LIST))


def test_where_forms_may_lead_follows_the_stand_in(monkeypatch):
    assert card_pages.origin() == STRIPE
