"""The link in a mail about money: it pays a bill or takes another card, and opens nothing else."""

from datetime import timedelta

import pytest

from jobs.carry_out import carry_out
from jobs.look_at_setups import look_at_setups
from jobs.stopping import Stopping
from tables import BillingCommand, CardSetup, Customer, Invoice, MailedLink, Order, Session
from tests.client import forms, tree, words
from tests.integrations.stripe.books import DECLINED
from tests.integrations.stripe.mirroring import connect, deliver

STRIPE = "https://checkout.stripe.com"


class Case:
    """Alice's renewal was not paid, and she holds the link that was mailed to her."""

    def __init__(self, vendor, fake) -> None:
        self.vendor, self.fake = vendor, fake

    async def set(self) -> "Case":
        person = self.fake.add_customer("alice@example.com", name="Alice Ames")
        card = self.fake.add_card(person["id"], default=True)
        self.of = self.fake.add_subscription(person, self.fake.add_price(self.fake.add_product("Pottery club")))
        self.fake.declining.add(card["id"])
        self.fake.renew(self.of["id"])
        await deliver(self.vendor, *self.fake.take())
        self.fake.done.clear()
        self.order = await Order.known(self.vendor.id, self.of["id"])
        self.bill = next(bill for bill in await Invoice.of(self.vendor.id, self.order.id) if bill.status != "paid")
        self.link, self.path = await self.mail(order=self.order.id, invoice=self.bill.id)
        return self

    async def mail(self, **detail):
        link, token = await MailedLink.make(
            self.vendor.id, self.order.customer, "pay", "alice@example.com", timedelta(days=14), **detail
        )
        return link, f"/acme/pay/{token}"

    async def work(self) -> None:
        await carry_out(Stopping())

    async def commands(self):
        rows = await BillingCommand.objects().where(BillingCommand.vendor == self.vendor.id).order_by(BillingCommand.id)
        return [(row.kind, row.status) for row in rows]


@pytest.fixture
async def case(acme, alice, stripe_api):
    stripe_api.address = STRIPE
    return await Case(await connect(acme, stripe_api), stripe_api).set()


async def test_it_names_the_vendor_the_subscription_and_the_amount_and_nobody(case, browser):
    page = await browser().get(case.path)
    text = words(page)
    for said in ("$29.00 to Acme Learning", "Pottery club", f"Invoice {case.bill.number}", "a•••@example.com",
                 "Pay now with Visa ending 4242", "Use another card"):  # fmt: skip
        assert said in text
    assert "Alice" not in page.text
    assert "Ames" not in page.text
    assert "alice@example.com" not in page.text
    assert "<script" not in page.text
    assert f"form-action 'self' {STRIPE};" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "same-origin"


async def test_the_bill_is_paid_once_however_often_the_button_is_pressed(case, browser):
    case.fake.declining.clear()
    one = browser()
    page = await one.get(case.path)
    for _ in range(2):
        assert (await one.submit(page, case.path)).headers["location"] == case.path
    assert "The payment is on its way. We will confirm by mail." in words(await one.get(case.path))
    assert case.path not in forms(await one.get(case.path))
    await case.work()
    text = words(await one.get(case.path))
    assert "Your payment has arrived. Thank you!" in text
    assert "Pay now" not in text
    assert case.fake.done["charge"] == 1
    assert await case.commands() == [("pay", "confirmed")]


async def test_a_declined_card_is_said_and_another_one_pays(case, browser, clock):
    one = browser()
    await one.submit(await one.get(case.path), case.path)
    await case.work()
    page = await one.get(case.path)
    assert "The payment did not go through, and nothing was charged: Your card was declined." in words(page)
    assert case.bill.pay_url in [link.get("href") for link in tree(page).iter("a")]
    answer = await one.submit(page, f"{case.path}/setups")
    (session,) = case.fake.all("checkout.session")
    assert (answer.status_code, answer.headers["location"]) == (303, session["url"])
    assert session["customer"] == case.of["customer"]
    assert session["success_url"] == f"http://127.0.0.1:8000{case.path}"
    assert "Waiting for Stripe" in words(await one.get(f"{case.path}?status=complete"))
    case.fake.complete(session["id"], "5555555555554444")
    clock.forward(seconds=6)
    await look_at_setups(Stopping())
    assert "Card saved. We have asked that your subscription is paid with the new card." in words(
        await one.get(case.path)
    )
    await case.work()
    page = await one.get(case.path)
    assert "Your subscription is paid with the new card from now on." in words(page)
    assert "Pay now with Mastercard ending 4444" in words(page)
    await one.submit(page, case.path)
    await case.work()
    assert "Your payment has arrived" in words(await one.get(case.path))
    assert case.of["status"] == "active"
    assert case.fake.done["charge"] == 1


async def test_who_holds_only_the_link_is_sent_to_sign_in_everywhere_else(case, browser):
    one = browser()
    await one.submit(await one.get(case.path), case.path)
    await one.submit(await one.get(case.path), f"{case.path}/setups")
    setup = await CardSetup.objects().first()
    for path in ("", "/subscriptions", "/orders", "/payment-methods", "/profile", "/payment-methods/new",
                 f"/payment-methods/setups/{setup.public_id}"):  # fmt: skip
        answer = await one.get(f"/acme/account{path}")
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/acme/sign-in")
    assert await Session.count().where(Session.vendor == case.vendor.id) == 0
    assert not [name for name in one.cookies if name.startswith("center")]


async def test_a_page_of_the_link_is_not_among_the_owners(case, browser, alice, signed_in):
    one = browser()
    await one.submit(await one.get(case.path), f"{case.path}/setups")
    setup = await CardSetup.objects().first()
    owner = await signed_in(alice)
    assert (await owner.get(f"/acme/account/payment-methods/setups/{setup.public_id}")).status_code == 404


async def test_a_link_that_is_old_used_up_or_somebody_elses_opens_nothing(case, browser, bob, alice, clock):
    one = browser()
    page = await one.get(case.path)
    await MailedLink.update({MailedLink.tries: 30}).where(MailedLink.id == case.link.id)
    worn = await one.submit(page, case.path)
    assert (worn.status_code, "tried too often" in words(worn)) == (410, True)
    _, old = await case.mail(order=case.order.id)
    clock.forward(days=15)
    for address in (old, f"{old}/setups", f"/acme/pay/{'x' * 43}", case.path.replace("/acme/", "/globex/")):
        assert (await one.get(address)).status_code in (404, 410)
    page = await one.get(old)
    assert "This link is too old" in words(page)
    assert "/acme/sign-in?next=/account/subscriptions" in [link.get("href") for link in tree(page).iter("a")]
    await Order.update({Order.customer: bob.id}).where(Order.id == case.order.id)
    _, not_theirs = await case.mail(order=case.order.id)
    assert (await one.get(not_theirs)).status_code == 410
    await Order.update({Order.customer: alice.id}).where(Order.id == case.order.id)
    assert (await one.get(not_theirs)).status_code == 200
    await Customer.update({Customer.disabled_at: clock.now()}).where(Customer.id == alice.id)
    assert (await one.get(not_theirs)).status_code == 410
    assert await case.commands() == []


async def test_a_link_is_no_way_in_by_another_purpose(case, browser):
    token = case.path.rpartition("/")[2]
    for path in (
        f"/acme/password/{token}",
        f"/acme/email/{token}",
        f"/acme/deletion/{token}",
        f"/acme/sign-in/link/{token}",
    ):
        assert (await browser().get(path)).status_code == 410


async def test_its_forms_come_from_its_own_page(case, browser):
    one = browser()
    page = await one.get(case.path)
    for path in (case.path, f"{case.path}/setups"):
        assert (await one.post(path, {})).status_code == 403
        assert (await browser().post(path, forms(page)[path])).status_code == 403
    assert await case.commands() == []


async def test_forms_are_counted_for_the_network(case, browser):
    one = browser()
    page = await one.get(case.path)
    await MailedLink.update({MailedLink.tries: -100}).where(MailedLink.id == case.link.id)
    answers = {(await one.submit(page, case.path)).status_code for _ in range(61)}
    assert answers == {303, 429}


async def test_without_a_system_that_collects_it_says_how_else(world, browser):
    page = await browser().get(f"/acme/pay/{world.alice.pay_link}")
    assert "Nothing is due any more." in words(page)
    await Invoice.update({Invoice.status: "past-due", Invoice.due: 900}).where(
        Invoice.vendor == world.acme.id, Invoice.clickfunnels_id == "2"
    )
    page = await browser().get(f"/acme/pay/{world.alice.pay_link}")
    assert "$9.00 to Acme Learning" in words(page)
    assert "To pay in another way, write to help@acme.example" in words(page)
    assert forms(page).keys() <= {"/acme/sign-out"}


async def test_a_link_to_add_a_card_adds_one_and_asks_nothing_else(case, browser, clock):
    _, path = await case.mail(setup=True)
    one = browser()
    page = await one.get(path)
    assert "Add a card" in words(page)
    assert "Pay now" not in words(page)
    await one.submit(page, f"{path}/setups")
    case.fake.complete(case.fake.all("checkout.session")[0]["id"], DECLINED)
    clock.forward(seconds=6)
    await look_at_setups(Stopping())
    assert "Card saved." in words(await one.get(path))
    assert await case.commands() == []
