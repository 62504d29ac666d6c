"""Stripe's keys: tried, kept, never shown; the subscriptions that were there already."""

import pytest

from integrations.stripe import client
from tables import AuditEntry, Customer, Mail, Order, Vendor, WebhookEvent
from tests.client import words
from tests.integrations.stripe.fake_stripe import DOWN, KEY
from tests.integrations.stripe.mirroring import connect, drain

HERE = "/console/acme/payments"
SECRET = "whsec_0123456789abcdef"


async def again(vendor):
    return await Vendor.by_id(vendor.id)


async def test_a_key_is_kept_once_it_opens_an_account_and_never_shown(acme, olga, at_desk):
    one = await at_desk(olga)
    page = await one.submit(await one.get(HERE), f"{HERE}/key", api_token=f" {KEY} ")
    assert page.headers["location"] == f"{HERE}?done=connected"
    row = await again(acme)
    assert (row.stripe_api_key, row.stripe_account) == (KEY, "acct_Acme")
    assert KEY not in row.stripe_key
    shown = await one.get(HERE)
    assert KEY not in shown.text
    assert "…Acme" in words(shown)
    assert "Test: no real money moves" in words(shown)
    (entry,) = await AuditEntry.select().where(AuditEntry.vendor == acme.id)
    assert (entry["action"], entry["subject"]) == ("stripe.key_kept", "Acme Pottery")
    assert KEY not in str(entry)


@pytest.mark.parametrize(
    ("typed", "says"),
    [("", "begins with sk_"), ("pk_test_0123456789", "begins with sk_"), ("sk_test_0123456789", "does not accept the secret key"),
     (KEY, "Stripe cannot be reached")],
)  # fmt: skip
async def test_a_key_that_opens_nothing_is_not_kept(acme, olga, at_desk, stripe_api, typed, says):
    stripe_api.answers = [DOWN] if typed == KEY else []
    one = await at_desk(olga)
    page = await one.submit(await one.get(HERE), f"{HERE}/key", api_token=typed)
    assert page.status_code == 422
    assert says in words(page)
    assert not typed or typed not in page.text
    assert (await again(acme)).stripe_key is None


async def test_a_restricted_key_need_not_tell_the_account(acme, olga, at_desk, stripe_api):
    stripe_api.secret = "rk_live_0123456789"
    stripe_api.answers = [(403, {}, {"error": {"type": "invalid_request_error", "message": "No permission."}})]
    one = await at_desk(olga)
    await one.submit(await one.get(HERE), f"{HERE}/key", api_token="rk_live_0123456789")
    shown = words(await one.get(HERE))
    assert "not told" in shown
    assert "Live: real money moves" in shown


async def test_the_connection_can_be_tested(acme, olga, at_desk, stripe_api):
    await connect(acme, stripe_api)
    one = await at_desk(olga)
    assert (await one.submit(await one.get(HERE), f"{HERE}/check")).headers["location"] == f"{HERE}?done=works"
    assert (await again(acme)).stripe_account == "acct_Acme"
    stripe_api.secret = "sk_test_rolled"
    page = await one.submit(await one.get(HERE), f"{HERE}/check")
    assert (page.status_code, "does not accept the secret key" in words(page)) == (422, True)


async def test_a_signing_secret_is_taken_and_the_one_before_works_too(acme, olga, at_desk):
    one = await at_desk(olga)
    assert "No signing secret is set" in words(await one.get(HERE))
    await one.submit(await one.get(HERE), f"{HERE}/secret", secret=SECRET)
    await one.submit(await one.get(HERE), f"{HERE}/secret", secret=SECRET + "2")
    assert (await again(acme)).stripe_secrets == [SECRET + "2", SECRET]
    page = await one.get(HERE)
    assert SECRET not in page.text
    assert "The one before works until:" in words(page)
    assert "http://127.0.0.1:8000/webhooks/acme/stripe" in page.text
    assert "customer.subscription.updated" in page.text
    assert (await one.submit(page, f"{HERE}/secret", secret="secret")).status_code == 422


async def test_switching_off_forgets_both(acme, olga, at_desk, stripe_api):
    await connect(acme, stripe_api)
    one = await at_desk(olga)
    await one.submit(await one.get(f"{HERE}/removal"), f"{HERE}/removal")
    row = await again(acme)
    assert (row.stripe_key, row.stripe_account, row.stripe_secrets) == (None, None, [])


async def test_what_was_sold_before_is_fetched_and_nobody_is_mailed(acme, olga, at_desk, stripe_api):
    await connect(acme, stripe_api)
    price = stripe_api.add_price(stripe_api.add_product())
    for number in range(103):
        person = stripe_api.add_customer(f"buyer{number}@example.com")
        if number < 3:
            stripe_api.add_card(person["id"], default=True)
        stripe_api.add_subscription(person, price)
    one = await at_desk(olga)
    await one.submit(await one.get(HERE), f"{HERE}/subscriptions")
    await drain()
    assert await Order.count().where(Order.vendor == acme.id) == 103
    assert not await Mail.exists().where(Mail.vendor == acme.id)
    assert not await WebhookEvent.exists().where(WebhookEvent.status.not_in(["processed"]))
    customer = await Customer.by_email(acme.id, "buyer1@example.com")
    assert customer.welcomed_at is not None


async def test_the_house_may_have_its_keys_from_the_environment(acme, globex, olga, at_desk, monkeypatch):
    import msgspec

    from tables import vendor as vendor_module

    found = msgspec.structs.replace(
        vendor_module.settings, house_vendor="acme", stripe_secret_key=KEY, stripe_webhook_secret=SECRET
    )
    monkeypatch.setattr(vendor_module, "settings", found)
    assert (acme.stripe_api_key, acme.stripe_secrets) == (KEY, [SECRET])
    assert (globex.stripe_api_key, globex.stripe_secrets) == (None, [])
    page = await (await at_desk(olga)).get(HERE)
    assert "given by the server itself" in words(page)
    assert "Switch Stripe off" not in words(page)
    await Vendor.keep_stripe_key(acme.id, "sk_test_0123456789own")
    await Vendor.rotate_secret(acme.id, "whsec_own", "stripe")
    row = await again(acme)
    assert (row.stripe_api_key, row.stripe_secrets) == ("sk_test_0123456789own", ["whsec_own"])


async def test_without_the_package_the_page_says_so(acme, olga, at_desk, monkeypatch):
    from controllers.console import payments

    monkeypatch.setattr(payments, "installed", lambda: False)
    monkeypatch.setattr(client, "installed", lambda: False)
    one = await at_desk(olga)
    page = await one.get(HERE)
    assert "not installed on this server" in words(page)
    refused = await one.submit(page, f"{HERE}/key", api_token=KEY)
    assert (refused.status_code, (await again(acme)).stripe_key) == (422, None)
