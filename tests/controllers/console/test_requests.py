"""Requests in the console: the list, confirming what was done where the money is, refusing, trying again."""

import json
from datetime import UTC, datetime, timedelta

import pytest

import database
from integrations.billing import news
from tables import AuditEntry, BillingCommand, Invoice, Mail, Order, OrderLine, PaymentMethod, Price
from tables.order import Subscription
from tests.client import forms, tree, words

HERE = "/console/acme/requests"
LAST_SECOND = "23:59:59"


@pytest.fixture
async def desk(olga, at_desk):
    return await at_desk(olga)


@pytest.fixture
async def wish(world):
    """Asks for something in Alice's name; returns the row and its page."""

    async def ask(kind, holder="manual", method=None, invoice=None, **details):
        order = None if kind.endswith("_method") and kind != "use_method" else await order_of(world.alice)

        async def work():
            made = await BillingCommand.ask(
                world.acme.id, world.alice.id, kind, holder, order=order, method=method, invoice=invoice, **details
            )
            await news.asked(made)
            return made

        return f"{HERE}/{(await database.transaction(work)).public_id}"

    return ask


async def order_of(own):
    found = await Subscription.by_public_id(own.vendor.id, own.id, own.subscription)
    return await Order.behind(own.vendor.id, found.order)


async def row_of(path):
    return await BillingCommand.objects().where(BillingCommand.public_id == path.rpartition("/")[2]).first()


async def mails():
    return [row["kind"] for row in await Mail.select(Mail.kind).where(
        Mail.kind.like("change_%") | Mail.kind.like("console/%")).order_by(Mail.id)]  # fmt: skip


async def press(desk, path, what, **fields):
    page = await desk.get(f"{path}/{what}")
    return await desk.submit(page, f"{path}/{what}", **fields)


def main(page):
    return " ".join("".join(next(tree(page).iter("main")).itertext()).split())


async def test_a_cancellation_is_confirmed_with_the_end_of_access(world, desk, wish):
    path = await wish("cancel", reason="too_expensive", reason_text="It is too expensive", comment="Sorry")
    page = await desk.get(path)
    for said in ("Cancellation", "Waits for you", "It is too expensive", "Sorry", world.alice.subscription_order):
        assert said in main(page), said
    order = await order_of(world.alice)
    form = await desk.get(f"{path}/confirmation")
    assert forms(form)[f"{path}/confirmation"]["until"] == order.renewal_at.date().isoformat()
    done = await press(desk, path, "confirmation")
    assert done.headers["location"] == f"{path}?done=confirmed"
    now = await order_of(world.alice)
    assert (now.service_status, now.paid_until) == ("canceled", order.renewal_at)
    assert (await row_of(path)).status == "confirmed"
    assert (await mails())[-1] == "change_confirmed"
    entry = (await AuditEntry.of(world.acme.id, 2**62))[0]
    assert (entry["action"], entry["subject"]) == ("request.confirmed", order.number)


@pytest.mark.parametrize(("typed", "service"), [("", "churned"), ("2020-01-01", "churned"), ("2099-01-31", "canceled")])
async def test_access_ends_when_the_vendor_says(world, desk, wish, typed, service):
    path = await wish("cancel")
    await press(desk, path, "confirmation", until=typed)
    order = await order_of(world.alice)
    assert order.service_status == service
    if service == "canceled":
        assert order.paid_until == datetime(2099, 1, 31, 23, 59, 59, tzinfo=UTC)
    assert (await row_of(path)).status == "confirmed"


STATES = {
    "keep": ({"service_status": "canceled"}, {}, {"service_status": "active", "paid_until": None}),
    "resume": ({"service_status": "paused"}, {}, {"service_status": "active", "resumes_at": None}),
    "reactivate": ({"service_status": "churned"}, {}, {"service_status": "active", "churned_at": None}),
    "pause": ({}, {"until": ""}, {"service_status": "paused", "resumes_at": None}),
    "use_method": ({}, {}, {"payment_method": "pm_9"}),
    "keep_plan": ({"pending_change": '{"price": "702"}'}, {}, {"pending_change": None}),
    "pay": ({"billing_status": "past-due"}, {}, {"billing_status": "paid"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", STATES)
async def test_each_kind_writes_its_own_state(world, desk, wish, kind):
    before, typed, after = STATES[kind]
    order = await order_of(world.alice)
    if before:
        await Order.update({getattr(Order, name): value for name, value in before.items()}).where(Order.id == order.id)
    bill = (await Invoice.of(order.vendor, order.id))[0]
    await Invoice.update({Invoice.status: "past-due", Invoice.due: 900}).where(Invoice.id == bill.id)
    path = await wish(kind, reference="pm_9", invoice=bill if kind == "pay" else None)
    assert (await press(desk, path, "confirmation", **typed)).headers["location"].endswith("done=confirmed")
    now = await order_of(world.alice)
    assert {name: getattr(now, name) for name in after} == after
    assert (await row_of(path)).status == "confirmed"
    paid = (await Invoice.of(order.vendor, order.id))[0]
    assert (paid.status, paid.due) == (("paid", 0) if kind == "pay" else ("past-due", 900))


async def test_a_pause_has_an_end_that_is_still_to_come(world, desk, wish):
    until = (database.now() + timedelta(days=40)).replace(microsecond=0)
    path = await wish("pause", until=until.isoformat())
    assert (await press(desk, path, "confirmation", until="2020-01-01")).status_code == 422
    await press(desk, path, "confirmation")
    order = await order_of(world.alice)
    assert (order.service_status, order.resumes_at) == ("paused", until)


PLAN = {"price": "701", "name": "Letter and seeds", "amount": 1900, "currency": "USD", "interval": "months",
        "interval_count": 1}  # fmt: skip


async def test_a_plan_is_on_the_line_or_waits_for_the_period(world, desk, wish):
    path = await wish("change_plan", **PLAN, at_period_end=False, due_now=1900)
    assert "$19.00 / month" in main(await desk.get(path))
    await press(desk, path, "confirmation", when="now")
    order = await order_of(world.alice)
    [line] = await OrderLine.of(world.acme.id, order.id)
    assert (line.price_clickfunnels_id, line.amount, line.variant_name) == ("701", 1900, "Letter and seeds")
    path = await wish("change_plan", price="702", at_period_end=True)
    assert (await press(desk, path, "confirmation", at="")).status_code == 422
    await press(desk, path, "confirmation", at="2099-03-01")
    pending = json.loads((await order_of(world.alice)).pending_change)
    assert (pending["price"], pending["name"], pending["amount"]) == ("702", "Postcard", 400)
    assert pending["at"].startswith(f"2099-03-01T{LAST_SECOND}")
    assert [row.price_clickfunnels_id for row in await OrderLine.of(world.acme.id, order.id)] == ["701"]
    assert (await row_of(path)).status == "confirmed"


METHODS = {
    "default_method": ({}, {"is_default": True}),
    "update_method": ({"exp_month": 4, "exp_year": 2031, "description": "Work"},
                      {"exp_month": 4, "exp_year": 2031, "description": "Work"}),
    "remove_method": ({}, {"is_default": False}),
}  # fmt: skip


@pytest.mark.parametrize("kind", METHODS)
async def test_payment_methods_as_well(world, desk, wish, kind):
    details, after = METHODS[kind]
    method = await PaymentMethod.objects().where(PaymentMethod.vendor == world.acme.id).first()
    path = await wish(kind, method=method, **details)
    await press(desk, path, "confirmation")
    now = await PaymentMethod.objects().where(PaymentMethod.id == method.id).first()
    assert {name: getattr(now, name) for name in after} == after
    assert (now.removed_at is not None) == (kind == "remove_method")
    assert (await row_of(path)).status == "confirmed"


async def test_a_refusal_tells_its_reason(world, desk, wish):
    path, before = await wish("pause"), await order_of(world.alice)
    assert (await press(desk, path, "refusal", reason=" ")).status_code == 422
    done = await press(desk, path, "refusal", reason="Not in winter")
    assert done.headers["location"] == f"{path}?done=refused"
    row = await row_of(path)
    assert (row.status, row.error) == ("refused", "Not in winter")
    assert (await order_of(world.alice)).service_status == before.service_status
    told = await Mail.objects().where(Mail.kind == "change_refused").first()
    assert "Not in winter" in told.body_text
    assert (await press_again(desk, path)).headers["location"] == path


async def press_again(desk, path):
    return await desk.post(f"{path}/refusal", {"reason": "x", "_csrf": await desk.token("/console/acme/settings")})


async def test_twice_is_once(world, desk, wish):
    path = await wish("cancel")
    form = forms(await desk.get(f"{path}/confirmation"))[f"{path}/confirmation"]
    for _ in range(2):
        await desk.post(f"{path}/confirmation", form)
    assert (await mails()).count("change_confirmed") == 1
    assert len([row for row in await AuditEntry.of(world.acme.id, 2**62) if row["action"] == "request.confirmed"]) == 1


async def test_what_a_system_refused_can_be_done_by_hand_or_tried_again(world, desk, wish):
    path = await wish("cancel", holder="stripe", reason="unused", taken="before")
    assert "Confirm" not in main(await desk.get(path)).replace("Confirmed", ""), "Stripe is still at it"
    await (await row_of(path)).close("refused", "Card declined")
    page = await desk.get(path)
    assert "Card declined" in main(page)
    assert "We did it: confirm" in main(page)
    done = await desk.submit(page, f"{path}/again")
    fresh = done.headers["location"].partition("?")[0]
    assert fresh != path
    row = await row_of(fresh)
    assert (row.status, row.asked_by, row.wish) == ("sent", "olga@example.com", {"reason": "unused"})
    assert row.holder == "manual", "there is no key of Stripe any more"
    form = forms(await desk.get(f"{path}/confirmation"))[f"{path}/confirmation"]
    assert (await desk.post(f"{path}/confirmation", form)).headers["location"] == f"{path}?done=underway"
    await row.close("withdrawn")
    assert (await desk.post(f"{path}/confirmation", form)).headers["location"] == f"{path}?done=confirmed"
    assert (await row_of(path)).holder == "manual"
    assert (await order_of(world.alice)).service_status == "canceled"


async def test_the_list_is_filtered_and_paged(world, desk, wish):
    path = await wish("cancel")
    page = await desk.get(HERE)
    assert path in page.text
    assert world.alice.wish in page.text
    assert "1 request waits for you." in main(page)
    assert world.alice.wish not in (await desk.get(f"{HERE}?state=open")).text
    refused = await desk.get(f"{HERE}?state=refused")
    assert path not in refused.text
    assert world.alice.wish in refused.text
    assert "There is none of this kind." in main(await desk.get(f"{HERE}?state=open&older=1"))
    (old,) = await BillingCommand.objects().where(BillingCommand.public_id == world.alice.wish)
    await BillingCommand.insert(*(
        BillingCommand(vendor=world.acme.id, customer=world.alice.id, kind="pay", holder="stripe", status="confirmed",
                       order=old.order, requested_at=database.now()) for _ in range(30)
    ))  # fmt: skip
    first = await desk.get(HERE)
    assert path not in first.text
    assert "older=" in first.text


async def test_staff_may_look_and_not_settle(world, stan, at_desk, wish):
    path, one = await wish("cancel"), await at_desk(stan)
    page = await one.get(path)
    assert page.status_code == 200
    assert f"{path}/confirmation" not in page.text
    for what in ("confirmation", "refusal", "again"):
        assert (await one.get(f"{path}/{what}")).status_code == 403


async def test_the_overview_says_how_many_wait(world, desk, wish):
    assert "waits for you" not in words(await desk.get("/console/acme"))
    await wish("cancel")
    assert "1 request waits for you." in words(await desk.get("/console/acme"))


# Prices


async def test_the_product_page_lists_prices_with_what_customers_see(world, desk):
    page = await desk.get("/console/acme/products/product-A")
    assert "$9.00 / month" in main(page)
    assert "Customers who pay it see: Change plan, Cancel subscription, Pause subscription, start again." in main(page)


async def test_a_flag_set_by_hand_wins_over_news(world, desk):
    here = "/console/acme/products/product-A/prices/700"
    page = await desk.get(here)
    assert "Letter and seeds $19.00 / month, Postcard $4.00 / month" in main(page)
    sent = await desk.submit(page, here, self_cancel="no", self_downgrade="no", self_upgrade="switch")
    assert sent.headers["location"] == f"{here}?done=saved"
    await Price.record(world.acme.id, "700", "9", {Price.self_cancel: True, Price.self_upgrade: False})
    price = await Price.known(world.acme.id, "700")
    assert (price.flag("self_cancel"), price.flag("self_upgrade"), price.flag("self_reactivate")) == (False, None, None)
    shown = main(await desk.get(here))
    assert "Change plan (Letter and seeds $19.00 / month)" in shown
    assert "Cancel subscription" not in shown.partition("see:")[2].partition(".")[0]
    assert (await AuditEntry.of(world.acme.id, 2**62))[0]["action"] == "price.changed"
    await desk.submit(await desk.get(here), here, self_cancel="", self_downgrade="", self_upgrade="")
    assert (await Price.known(world.acme.id, "700")).flag("self_cancel") is True


async def test_plans_are_listed_here_or_at_clickfunnels(world, desk):
    from tables import PriceTarget, Vendor

    here = "/console/acme/products/product-A/prices/701"
    targets = {
        row.clickfunnels_id: f"target-{row.id}" for row in await Price.objects().where(Price.vendor == world.acme.id)
    }
    await desk.submit(await desk.get(here), here, **{targets["700"]: "1", "target-999999": "1"})
    assert await PriceTarget.of(world.acme.id, "701") == ["700"]
    await Vendor.keep_token(world.acme.id, "cf-token")
    await Vendor.keep_workspace(world.acme.id, "acme", "1")
    page = await desk.get(here)
    assert "set at ClickFunnels" in main(page)
    assert "target-" not in page.text
    await desk.submit(page, here)
    assert await PriceTarget.of(world.acme.id, "701") == ["700"]


async def test_a_price_of_another_product_is_unknown(world, desk):
    assert (await desk.get("/console/acme/products/product-A/prices/nothing")).status_code == 404
    await Price.update({Price.product_clickfunnels_id: "elsewhere"}).where(Price.vendor == world.acme.id)
    assert (await desk.get("/console/acme/products/product-A/prices/700")).status_code == 404
