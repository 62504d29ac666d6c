"""What ClickFunnels is asked to do, against a stand-in that keeps its documented rules."""

import json

import httpx
import pytest

from integrations.clickfunnels import changes
from integrations.clickfunnels.api import UNSURE_SECONDS, Api, Busy, Locked, Missing, Refused
from tests.integrations.clickfunnels.fake_api import SUBDOMAIN, TOKEN, FakeClickFunnels
from tests.integrations.clickfunnels.payloads import line, order, price, subscription


@pytest.fixture
def fake():
    return subscribed()


def subscribed(**order_changes):
    """A subscription of 39.99 a month that may become one of 99 or of 19."""
    fake = FakeClickFunnels()
    monthly = {"payment_type": "subscription", "interval": "months", "interval_count": 1}
    fake.records["prices"] = [
        price(id=51, public_id="mid", name="Plain", amount="39.99", **monthly),
        price(id=52, public_id="dear", name="Large", amount="99.00", **monthly),
        price(id=53, public_id="small", name="Small", amount="19.00", **monthly),
        price(id=54, public_id="other", name="Elsewhere", amount="1.00", **monthly),
    ]
    fake.targets = {51: {"upgrade": [52], "downgrade": [53]}}
    bought = line(products_price={"id": 51, "public_id": "mid", "amount": "39.99", "currency": "usd", "key": None,
                                  "interval": "months", "interval_count": 1, "duration": None})  # fmt: skip
    fake.records["orders"] = [subscription(1, line_items=[bought], **order_changes)]
    return fake


@pytest.fixture
async def api(fake):
    async with Api(SUBDOMAIN, TOKEN, httpx.ASGITransport(fake)) as opened:
        yield opened


async def test_cancelling_ends_it_with_what_is_paid(fake, api):
    await changes.cancel(api, "123", "payments_ai", "too_expensive", "Sorry")
    found = await changes.order(api, "123")
    assert (found["service_status"], found["cancel_reason"], found["canceled_by"]) == (
        "canceled", "too-expensive", "customer",
    )  # fmt: skip
    assert found["paid_until"]
    assert found["canceled_at"]
    assert found["cancel_description"] == "Sorry"
    assert fake.done == {"cancel": 1}
    assert [sent["event_type"] for sent in fake.events] == ["subscription.canceled"]


@pytest.mark.parametrize(
    ("processor", "reason", "code", "said"),
    [("stripe", "too_complex", "too_complex", "Long"), ("payments_ai", "too_complex", "other", "too_complex: Long"),
     ("payments_ai", "We moved abroad", "other", "We moved abroad: Long"), ("stripe", "other", "other", "Long"),
     ("elsewhere", "unused", "unused", "Long")],
)  # fmt: skip
async def test_a_reason_is_one_that_the_processor_takes(fake, api, monkeypatch, processor, reason, code, said):
    sent = []

    async def post(path, payload):
        sent.append((path, payload["order"]))
        return {}

    monkeypatch.setattr(api, "post", post)
    await changes.cancel(api, "123", processor, reason, "Long")
    assert sent == [("/orders/123/cancel", {"effective_date": "next_renewal", "cancel_reason": code,
                                            "cancel_description": said, "canceled_by": "customer"})]  # fmt: skip


async def test_the_plans_are_those_that_the_vendor_allows(api):
    found = await changes.change_options(api, "51")
    assert [(one.id, one.name, one.amount, one.interval, one.interval_count, one.direction) for one in found] == [
        ("52", "Large", 9900, "months", 1, "upgrade"), ("53", "Small", 1900, "months", 1, "downgrade"),
    ]  # fmt: skip
    assert await changes.change_options(api, "54") == []


@pytest.mark.parametrize(
    ("answer", "count"),
    [({}, 0), ({"upgrade": None}, 0), ({"products_prices_change_options": {"upgrade": [{}], "downgrade": "x"}}, 0),
     ({"upgrade": [{"products_variant": {"name": "Pro", "prices": [{"id": 1, "amount": "2"}, {"amount": "3"},
                                                                  {"id": 2, "amount": "lots"}]}}]}, 1),
     ({"upgrade": [{"prices": [{"id": 1}]}, "x"]}, 1)],
)  # fmt: skip
async def test_options_are_read_tolerantly(fake, api, answer, count):
    fake.answers = [(200, {}, answer)]
    assert len(await changes.change_options(api, "51")) == count


async def test_a_preview_costs_nothing(fake, api):
    quote = await changes.preview(api, "2", "52", "USD")
    assert (quote.total, quote.tax, quote.currency) == (9900, 0, "USD")
    assert quote.next_at is not None
    assert fake.done == {}
    assert fake.records["orders"][0]["line_items"][0]["products_price"]["id"] == 51


async def test_a_preview_that_says_nothing_is_no_error(fake, api):
    fake.scripted["preview"] = [("before", 200, {"something": "else"})]
    assert await changes.preview(api, "2", "52", "EUR") == (None, None, None, "EUR", None)


async def test_an_upgrade_is_at_once_and_a_downgrade_at_the_next_renewal(fake, api):
    await changes.perform(api, "2", "53")
    assert (await changes.order(api, "123"))["line_items"][0]["products_price"]["id"] == 51
    with pytest.raises(Refused) as caught:
        await changes.perform(api, "2", "53")
    assert changes.is_same(caught.value)
    fake.renew(123)
    assert (await changes.order(api, "123"))["line_items"][0]["products_price"]["id"] == 53
    fake.targets[53] = {"upgrade": [51]}
    await changes.perform(api, "2", "51")
    assert fake.done == {"downgrade": 1, "upgrade": 1}
    assert [sent["event_type"] for sent in fake.events] == ["subscription.downgraded", "subscription.upgraded"]
    assert fake.events[-1]["data"]["previous_line_item"]["products_price"]["id"] == 53


@pytest.mark.parametrize(
    ("said", "words"),
    [("not_eligible", "by itself"), ("same_target", "on this plan already"), ("target_not_allowed", "does not allow"),
     ("The target variant and price combination is not an allowed upgrade or downgrade for this subscription.",
      "does not allow"), ("Invalid products_price_id", "Invalid products_price_id")],
)  # fmt: skip
async def test_refusals_are_in_plain_words(fake, api, said, words):
    fake.scripted["perform"] = [("before", 422, {"error": said})]
    with pytest.raises(Refused, match=words):
        await changes.perform(api, "2", "52")
    assert fake.done == {}


async def test_a_one_time_order_is_not_cancelled(api, fake):
    fake.records["orders"] = [order(1)]
    with pytest.raises(Refused, match="Only subscription orders can be canceled"):
        await changes.cancel(api, "123", "payments_ai", "other", "")
    with pytest.raises(Missing):
        await changes.cancel(api, "999", "payments_ai", "other", "")


@pytest.mark.parametrize(("status", "seconds"), [(500, UNSURE_SECONDS), (503, UNSURE_SECONDS), (408, UNSURE_SECONDS),
                                                 (429, None), (425, None)])  # fmt: skip
async def test_an_uncertain_answer_is_given_time_and_never_repeated_here(fake, api, status, seconds):
    fake.scripted["cancel"] = [("after", status, {})]
    with pytest.raises(Busy) as caught:
        await changes.cancel(api, "123", "payments_ai", "other", "")
    assert caught.value.seconds == seconds
    assert len(fake.asked) == 1


@pytest.mark.parametrize("problem", [httpx.ReadTimeout("x"), httpx.ReadError("x"), httpx.ConnectError("x")])
async def test_a_lost_answer_is_given_time(problem):
    asked = []

    def fail(request):
        asked.append(request)
        raise problem

    async with Api("acme", TOKEN, httpx.MockTransport(fail)) as api:
        with pytest.raises(Busy) as caught:
            await changes.perform(api, "2", "52")
    assert (len(asked), caught.value.seconds) == (1, UNSURE_SECONDS)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"[" * 40 + b"]" * 40])
async def test_what_was_done_stays_done_whatever_the_answer_holds(fake, api, body):
    fake.scripted["cancel"] = [("after", 200, body)]
    await changes.cancel(api, "123", "payments_ai", "other", "")
    assert fake.done == {"cancel": 1}


@pytest.mark.parametrize(("status", "error"), [(401, {}), (403, {"error": "Missing scope"})])
async def test_a_token_that_may_not_is_the_vendors_to_mend(fake, api, status, error):
    fake.scripted["cancel"] = [("before", status, error)]
    with pytest.raises(Locked, match="token") as caught:
        await changes.cancel(api, "123", "payments_ai", "other", "")
    assert status == 401 or "store:write" in str(caught.value)


async def test_a_request_is_json_as_documented():
    seen = []

    def answer(request):
        seen.append((request.method, str(request.url), request.headers, json.loads(request.content)))
        return httpx.Response(200, json={})

    async with Api("acme", TOKEN, httpx.MockTransport(answer)) as api:
        await changes.perform(api, "204", "456")
        await changes.perform(api, "204", "aBcDeF")
    method, url, headers, sent = seen[0]
    assert (method, url) == (
        "POST", "https://acme.myclickfunnels.com/api/v2/orders/line_items/204/changes/perform",
    )  # fmt: skip
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"]
    assert sent == {"orders_line_items_change": {"products_price_id": 456}}
    assert seen[1][3] == {"orders_line_items_change": {"products_price_id": "aBcDeF"}}
