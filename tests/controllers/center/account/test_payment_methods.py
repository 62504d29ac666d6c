"""What customers pay with: told apart, called by their own words, preferred, and let go only where nothing needs it."""

import pytest

from tables import BillingCommand, Mail, Order, PaymentMethod, RateLimit, Subscription, Vendor
from tests.client import forms, tree, words
from web.limits import WISHES_PER_CUSTOMER

LIST = "/acme/account/payment-methods"


@pytest.fixture
async def one(alice, signed_in):
    return await signed_in(alice)


async def card(customer, last4="4242", **values):
    made = PaymentMethod(**({
        "vendor": customer.vendor, "customer": customer.id, "processor": "stripe", "reference": f"pm_{last4}", "kind": "card",
        "brand": "visa", "last4": last4, "exp_month": 12, "exp_year": 2040,
    } | values))  # fmt: skip
    await made.save()
    return made


async def running(customer, reference="pm_4242", number="S1", state="active"):
    order = Order(vendor=customer.vendor, customer=customer.id, clickfunnels_id=f"sub_{number}", number=number,
                  order_type="subscription-order", service_status=state, summary="Pottery club",
                  payment_method=reference)  # fmt: skip
    await order.save()
    await Subscription.keep(order)
    return order


async def asked(customer):
    rows = await BillingCommand.objects().where(BillingCommand.vendor == customer.vendor).order_by(BillingCommand.id)
    assert all(row.wish["card"]["kind"] for row in rows)
    return [(row.kind, row.holder, {name: value for name, value in row.wish.items() if name != "card"}) for row in rows]


def path(method, more=""):
    return f"{LIST}/{method.public_id}{more}"


async def test_cards_are_told_apart_by_what_their_processor_says(alice, one, clock):
    await card(alice, "4242", is_default=True, description="Household")
    soon, over = clock.now(), clock.now().year - 1
    await card(alice, "5555", brand="mastercard", exp_month=soon.month, exp_year=soon.year)
    await card(alice, "0005", brand="amex", exp_year=over)
    await card(alice, "3000", kind="sepa_debit", brand=None, exp_month=None, exp_year=None)
    await running(alice)
    text = words(await one.get(LIST))
    for said in ("Visa ending 4242 Household expires 12/2040 Default Used by: Order S1: Pottery club",
                 f"Mastercard ending 5555 expires soon: {soon.month:02}/{soon.year}",
                 f"American Express ending 0005 expired 12/{over}", "SEPA debit ending 3000"):  # fmt: skip
        assert said in text


async def test_an_ended_subscription_uses_nothing(alice, one):
    await card(alice)
    await running(alice, state="churned")
    assert "Used by" not in words(await one.get(LIST))


async def test_a_method_nobody_tells_of_is_only_shown(alice, one):
    await PaymentMethod.learn(alice.vendor, alice.id, "stripe", "pm_1234")
    page = await one.get(LIST)
    assert "Payment method with Stripe Reference ending in 1234" in words(page)
    (method,) = await PaymentMethod.objects().where(PaymentMethod.vendor == alice.vendor)
    assert method.public_id not in page.text
    for more in ("", "/default", "/deletion"):
        assert (await one.get(path(method, more))).status_code == 404


async def test_the_description_is_ours_and_saved_at_once(alice, one):
    method = await card(alice)
    page = await one.get(path(method))
    done = await one.submit(page, path(method), description="  The blue   one ")
    assert done.headers["location"] == f"{LIST}?done=updated"
    assert "Visa ending 4242 The blue one" in words(await one.get(LIST))
    assert await asked(alice) == []


async def test_a_new_expiry_date_is_asked_for_and_said_to_be_open(alice, one, acme):
    await Vendor.keep_stripe_key(acme.id, "sk_test_0123456789abcdefAcme")
    method = await card(alice)
    await one.submit(await one.get(path(method)), path(method), exp_month="3", exp_year="41")
    assert await asked(alice) == [("update_method", "stripe", {"exp_month": 3, "exp_year": 2041})]
    text = words(await one.get(LIST))
    assert "expires 12/2040" in text
    assert "New expiry date requested. We will confirm by mail." in text
    assert "Remove" not in text
    assert [row["kind"] for row in await Mail.select(Mail.kind)] == ["change_requested"]


@pytest.mark.parametrize(("typed", "says"), [
    ({"exp_month": "13"}, "Enter a month from 1 to 12."), ({"exp_month": "zwölf"}, "Enter a month from 1 to 12."),
    ({"exp_year": "1999"}, "Enter a year, like"), ({"exp_year": ""}, "Enter a year, like"),
    ({"description": "x" * 121}, "Use 120 characters or fewer."),
])  # fmt: skip
async def test_what_cannot_be_is_said_beside_the_field_and_stays_typed(alice, one, typed, says):
    method = await card(alice)
    page = await one.submit(await one.get(path(method)), path(method), **typed)
    assert page.status_code == 422
    assert says in words(page)
    ((name, value),) = typed.items()
    assert forms(page)[path(method)][name] == value
    assert await asked(alice) == []


async def test_a_method_without_a_date_takes_none(alice, one):
    method = await card(alice, kind="sepa_debit", exp_month=None, exp_year=None)
    page = await one.get(path(method))
    assert "exp_month" not in forms(page)[path(method)]
    await one.submit(page, path(method), exp_month="3", exp_year="2041")
    assert await asked(alice) == []


async def test_another_default_is_asked_for_once(alice, one):
    first, second = await card(alice, is_default=True), await card(alice, "5555")
    page = await one.get(LIST)
    assert path(first, "/default") not in page.text
    await one.submit(page, path(second, "/default"))
    await one.submit(page, path(second, "/default"))
    # Without a key of Stripe's it is for the vendor to do.
    assert await asked(alice) == [("default_method", "manual", {})]
    assert "You asked to make it your default." in words(await one.get(LIST))


async def test_nobody_asks_for_changes_without_end(alice, one):
    method = await card(alice)
    for _ in range(WISHES_PER_CUSTOMER.count):
        await RateLimit.take(WISHES_PER_CUSTOMER, f"{alice.vendor}|{alice.id}")
    answer = await one.submit(await one.get(LIST), path(method, "/default"))
    assert answer.status_code == 429
    assert await asked(alice) == []


async def test_one_is_let_go_after_a_page_that_asks(alice, one, acme):
    await Vendor.keep_stripe_key(acme.id, "sk_test_0123456789abcdefAcme")
    method, _ = await card(alice), await card(alice, "5555")
    await running(alice, "pm_5555")
    page = await one.get(path(method, "/deletion"))
    assert "Remove this payment method?" in words(page)
    await one.submit(page, path(method, "/deletion"))
    assert await asked(alice) == [("remove_method", "stripe", {})]
    assert "Removal requested. We will confirm by mail." in words(await one.get(LIST))
    assert path(method, "/deletion") not in forms(await one.get(path(method, "/deletion")))


async def test_what_a_running_subscription_needs_has_to_stay(alice, one):
    method, _ = await card(alice), await card(alice, "5555")
    await running(alice)
    page = await one.get(path(method, "/deletion"))
    assert "It pays for a subscription that is still running: Pottery club." in words(page)
    assert path(method, "/deletion") not in forms(page)
    assert (await one.post(path(method, "/deletion"), {"_csrf": await one.token(LIST)})).status_code == 303
    assert await asked(alice) == []


async def test_the_last_one_has_to_stay_while_something_runs(alice, one):
    method, other = await card(alice), await card(alice, "5555")
    await running(alice, reference=None)
    assert path(method, "/deletion") in forms(await one.get(path(method, "/deletion")))
    await one.submit(await one.get(path(other, "/deletion")), path(other, "/deletion"))
    page = await one.get(path(method, "/deletion"))
    assert "It is your last payment method" in words(page)
    assert "/acme/account/payment-methods/new" in page.text
    await Order.update({Order.service_status: "churned"}).where(Order.vendor == alice.vendor)
    assert path(method, "/deletion") in forms(await one.get(path(method, "/deletion")))


async def test_one_that_is_gone_is_not_there_any_more(alice, one, clock):
    method = await card(alice, removed_at=clock.now())
    assert "4242" not in words(await one.get(LIST))
    assert (await one.get(path(method))).status_code == 404


async def test_the_switch_takes_all_of_it_away(alice, one, acme):
    method = await card(alice)
    await Vendor.update({Vendor.payment_method_updates: False}).where(Vendor.id == acme.id)
    page = await one.get(LIST)
    assert "Visa ending 4242" in words(page)
    assert method.public_id not in page.text
    for address in (path(method), path(method, "/default"), path(method, "/deletion"), f"{LIST}/new"):
        assert (await one.get(address)).status_code == 404


async def test_manage_account_names_the_newest_few(alice, one):
    await card(alice)
    page = await one.get("/acme/account/profile")
    assert "Visa ending 4242: expires 12/2040" in words(page)
    links = [link.get("href") for link in tree(page).iter("a")]
    assert "/acme/account/payment-methods/new" in links


async def test_words_of_the_owner_are_never_markup(alice, one):
    await card(alice, description="<b>bold</b>")
    assert "<b>bold" not in (await one.get(LIST)).text
