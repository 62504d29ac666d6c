import json

import pytest

import database
from jobs.apply_webhooks import apply_webhooks
from jobs.stopping import Stopping
from tables import AuditEntry, Contact, Customer, Enrollment, Mail, Order, WebhookEvent
from tables.vendor import Vendor
from tests.client import forms, tree, words

HOME = "/console/acme/webhooks"


@pytest.fixture
def keep(acme):
    async def make(event_id="e1", event_type="contact.created", body='{"a":1}', vendor=acme, topic="other", **values):
        await WebhookEvent.keep(vendor.id, "clickfunnels", event_id, event_type, body, topic)
        row = (
            await WebhookEvent.select()
            .where(WebhookEvent.vendor == vendor.id, WebhookEvent.event_id == event_id)
            .first()
        )
        columns = {WebhookEvent._meta.get_column_by_name(name): value for name, value in values.items()}
        if columns:
            await WebhookEvent.update(columns).where(WebhookEvent.vendor == vendor.id, WebhookEvent.id == row["id"])
        return row["public_id"]

    return make


async def status_of(acme):
    rows = await WebhookEvent.select().where(WebhookEvent.vendor == acme.id).order_by(WebhookEvent.id)
    return [row["status"] for row in rows]


def listed(page):
    return [
        "".join(link.itertext()) for item in tree(page).iter("li") for link in item.iter("a")
        if link.get("href", "").startswith(f"{HOME}/") and "data-hx-get" in link.attrib
    ]  # fmt: skip


@pytest.fixture
async def desk_of(at_desk, olga, stan):
    return {"olga": await at_desk(olga), "stan": await at_desk(stan)}


async def test_every_verdict_in_words(desk_of, keep, globex):
    await keep("e1", "a.one", status="processed", outcome="contact 11 updated")
    await keep("e2", "a.two", status="ignored", outcome="no rule for a.two")
    await keep("e3", "a.three", status="parked", waiting_for="contact:9")
    await keep("e4", "a.four", status="failed", error="ValueError: total")
    await keep("e5", "a.five")
    await keep("e6", "a.elsewhere", vendor=globex)
    page = await desk_of["stan"].get(HOME)
    assert listed(page) == ["a.five", "a.four", "a.three", "a.two", "a.one"]
    for sentence in ("Contact 11 updated.", "Left alone: no rule for a.two.", "Waiting for contact 9, which has not arrived.",
                     "ValueError: total", "Will be worked in a moment."):  # fmt: skip
        assert sentence in words(page)


async def test_filters_and_search(desk_of, keep):
    one = desk_of["stan"]
    await keep("e1", "contact.created", topic="contact", status="failed")
    await keep("e2", "contact.updated", topic="contact", status="processed")
    await keep("e3", "orders/invoice.paid", topic="order", status="failed")
    for query, found in {
        "state=failed": ["orders/invoice.paid", "contact.created"], "topic=contact": ["contact.updated", "contact.created"],
        "state=failed&topic=contact": ["contact.created"], "q=e2": ["contact.updated"],
        "q=orders/invoice.paid": ["orders/invoice.paid"],
        "q=nothing": [], "state=evil": ["orders/invoice.paid", "contact.updated", "contact.created"], "q=%25": [],
    }.items():  # fmt: skip
        assert listed(await one.get(f"{HOME}?{query}")) == found, query
    assert "No events match" in words(await one.get(f"{HOME}?q=nothing"))


async def test_pages_keep_the_filter(desk_of, keep):
    for place in range(30):
        await keep(f"e{place}", "order.created", topic="order")
        await keep(f"f{place}", "contact.created", topic="contact")
    page = await desk_of["stan"].get(f"{HOME}?topic=order")
    (older,) = [link.get("href") for link in tree(page).iter("a") if link.get("rel") == "next"]
    second = await desk_of["stan"].get(older)
    assert (len(listed(page)), len(listed(second))) == (25, 5)
    assert set(listed(second)) == {"order.created"}
    (newer,) = [link.get("href") for link in tree(second).iter("a") if link.get("rel") == "prev"]
    assert newer == f"{HOME}?topic=order"


HOSTILE = {
    "markup": '{"a": "</pre><script>alert(1)</script><img src=x onerror=alert(1)>"}',
    "no json": "<script>alert(1)</script>",
    "deep": '{"a":' + "[" * 500_000 + "]" * 500_000 + "}",
    "one long string": '{"a": "' + "<b>" * 300_000 + '"}',
    "odd signs": '{"a": "\u202e\ufffd\u0085\\u0000"}',
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_body_stays_text(desk_of, acme, kind):
    from integrations import clickfunnels

    raw = HOSTILE[kind].encode().replace(b"odd", b"\x00\xff")
    await clickfunnels.receive(acme.id, raw)
    (row,) = await WebhookEvent.select().where(WebhookEvent.vendor == acme.id)
    page = await desk_of["stan"].get(f"{HOME}/{row['public_id']}")
    plain = await desk_of["stan"].get(f"{HOME}/{row['public_id']}/body")
    assert page.status_code == plain.status_code == 200
    assert len(page.content) < 150_000
    (shown,) = list(tree(page).iter("pre"))
    assert not list(shown)
    assert [element.tag for element in tree(page).iter() if "onerror" in element.attrib] == []
    assert plain.text == row["body"]
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    assert plain.headers["x-content-type-options"] == "nosniff"
    assert plain.headers["content-disposition"].startswith("attachment; ")
    assert ("That is only the beginning" in page.text) == (kind in ("deep", "one long string"))


async def test_staff_look_and_admins_work_again(desk_of, acme, keep):
    event = await keep(status="failed", error="x")
    page = await desk_of["stan"].get(f"{HOME}/{event}")
    assert f"{HOME}/{event}/replay" not in forms(page)
    token = await desk_of["stan"].token("/console/account")
    for path in (f"{HOME}/{event}/replay", f"{HOME}/replay", f"{HOME}/test"):
        answer = await desk_of["stan"].post(path, {"_csrf": token, f"event-{event}": "1"})
        assert answer.status_code == 403
    assert await status_of(acme) == ["failed"]
    page = await desk_of["olga"].get(f"{HOME}/{event}")
    answer = await desk_of["olga"].submit(page, f"{HOME}/{event}/replay")
    assert answer.headers["location"] == f"{HOME}/{event}?again=1&emptied=0"
    assert await status_of(acme) == ["received"]  # The worker does it, not this request.
    assert words(await desk_of["olga"].get(answer.headers["location"])).count("1 event will be worked again") == 1
    (entry,) = await AuditEntry.select().where(AuditEntry.vendor == acme.id)
    assert (entry["action"], entry["subject"], json.loads(entry["detail"])) == ("webhook.replayed", "e1", {"events": 1})


async def test_the_chosen_ones_are_worked_again(desk_of, acme, keep, globex):
    chosen = [await keep(f"e{place}", status="processed", processed_at=database.now()) for place in range(3)]
    theirs = await keep("x", vendor=globex, status="processed")
    one = desk_of["olga"]
    page = await one.get(HOME)
    names = {f"event-{event}": "1" for event in (*chosen[:2], theirs, "nothing")}
    answer = await one.submit(page, f"{HOME}/replay", **names)
    assert answer.headers["location"] == f"{HOME}?again=2&emptied=0"
    assert await status_of(acme) == ["received", "received", "processed"]
    assert await status_of(globex) == ["processed"]


async def test_every_failed_one_is_worked_again(desk_of, acme, keep):
    for place in range(4):
        await keep(f"e{place}", status="failed" if place else "processed")
    one = desk_of["olga"]
    fields = forms(await one.get(f"{HOME}?state=failed"))[f"{HOME}/replay"]
    answer = await one.post(f"{HOME}/replay", {"_csrf": fields["_csrf"], "failed": "1"})
    assert answer.headers["location"] == f"{HOME}?again=3&emptied=0"
    assert await status_of(acme) == ["processed", "received", "received", "received"]


async def test_an_emptied_body_says_why_it_stays(desk_of, acme, keep):
    event = await keep(body="", status="processed")
    one = desk_of["olga"]
    page = await one.get(f"{HOME}/{event}")
    assert "Its body was emptied 90 days after it was done with" in words(page)
    assert f"{HOME}/{event}/replay" not in forms(page)
    answer = await one.post(f"{HOME}/replay", {"_csrf": await one.token(HOME), f"event-{event}": "1"})
    assert "1 cannot be: its body was emptied." in words(await one.get(answer.headers["location"]))
    assert await status_of(acme) == ["processed"]
    assert not await AuditEntry.exists().where(AuditEntry.vendor == acme.id)


# The test sender


async def sent(one, **fields):
    return await one.submit(await one.get(f"{HOME}/test"), f"{HOME}/test", **fields)


async def test_a_purchase_is_sent_signed_and_worked(desk_of, acme):
    one = desk_of["olga"]
    answer = await sent(one, kind="one-time-order.completed", email="Me@Example.com")
    assert answer.status_code == 303
    await apply_webhooks(Stopping())
    page = await one.get(answer.headers["location"])
    assert "It was sent by the test sender of this console" in words(page)
    assert "Done" in words(page)
    customer = await Customer.by_email(acme.id, "me@example.com")
    assert (await Order.select().where(Order.vendor == acme.id, Order.customer == customer.id))[0]["total"] == 100
    assert [row["kind"] for row in await Mail.select().where(Mail.vendor == acme.id)] == ["welcome"]
    (row,) = await WebhookEvent.select().where(WebhookEvent.vendor == acme.id)
    assert row["event_id"].startswith("test-")
    (entry,) = await AuditEntry.select().where(AuditEntry.vendor == acme.id)
    assert (entry["action"], entry["subject"]) == ("webhook.tested", row["event_id"])
    again = await sent(one, kind="contact.deleted", email="me@example.com")
    assert again.status_code == 303
    await apply_webhooks(Stopping())
    assert [row["deleted_at"] is not None for row in await Contact.select().where(Contact.vendor == acme.id)] == [True]


@pytest.mark.parametrize(
    "kind", ["contact.created", "one-time-order.completed", "contact.deleted", "form_submission.created"]
)
async def test_every_sample_does_what_it_says(desk_of, acme, kind):
    await sent(desk_of["olga"], kind=kind, email="test@example.com")
    await apply_webhooks(Stopping())
    assert await status_of(acme) == ["ignored" if kind.startswith("form") else "processed"]
    known = await Customer.by_email(acme.id, "test@example.com") is not None
    assert known == (kind in ("contact.created", "one-time-order.completed"))
    assert await Mail.exists().where(Mail.vendor == acme.id) == (kind == "one-time-order.completed")


async def test_a_real_customer_is_left_alone(desk_of, acme, alice):
    answer = await sent(desk_of["olga"], kind="one-time-order.completed", email="ALICE@example.com")
    assert answer.status_code == 422
    assert "This is a customer" in words(answer)
    assert await status_of(acme) == []


async def test_a_test_customer_who_has_become_a_real_one_is_left_alone(desk_of, acme):
    fields = {"kind": "one-time-order.completed", "email": "new@example.com"}
    for _ in range(2):
        assert (await sent(desk_of["olga"], **fields)).status_code == 303
        await apply_webhooks(Stopping())
    customer = await Customer.by_email(acme.id, "new@example.com")
    await Enrollment(vendor=acme.id, clickfunnels_id="here-1", customer=customer.id, course_clickfunnels_id="1").save()
    assert (await sent(desk_of["olga"], **fields)).status_code == 422


@pytest.mark.parametrize("fields", [{"email": "nobody"}, {"kind": "order.deleted"}, {"email": ""}])
async def test_a_wrong_form_comes_back(desk_of, acme, fields):
    answer = await sent(desk_of["olga"], **fields)
    assert answer.status_code == 422
    assert await status_of(acme) == []


async def test_without_a_secret_nothing_can_be_signed(desk_of, acme):
    await Vendor.update({Vendor.clickfunnels_secret: None}).where(Vendor.id == acme.id)
    answer = await sent(desk_of["olga"])
    assert answer.status_code == 422
    assert "There is no webhook secret to sign with." in words(answer)


async def test_the_signature_is_really_checked(desk_of, acme, monkeypatch):
    from integrations.clickfunnels import samples

    monkeypatch.setattr(samples, "sign", lambda *parts: b"0" * 64)
    answer = await sent(desk_of["olga"])
    assert answer.status_code == 422
    assert "The signature was refused." in words(answer)
    assert await status_of(acme) == []


async def test_tests_have_a_limit(desk_of, acme):
    one = desk_of["olga"]
    answers = [await sent(one, kind="form_submission.created") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [303] * 30 + [422]
