import re

import pytest

from tables import AuditEntry, Customer, Mail, SignInRequest
from tables.mail import opened
from tables.sealed import seal
from tests.client import forms, tree, words

HOME = "/console/acme/mail"
TOKEN = "s3cret-token-that-opens-the-account"


@pytest.fixture
def write(acme):
    async def make(key="m1", recipient="alice@example.com", vendor=acme, hidden=(), **values):
        common = {
            "kind": "welcome", "sender": "Acme <no-reply@acme.example>", "subject": f"Subject {key}",
            "body_text": f"Open https://x.example/{TOKEN}" if hidden else "Hello\n\nThere", "body_html": f"<p>{TOKEN}</p>",
        }  # fmt: skip
        await Mail.queue(vendor.id, key, recipient=recipient, hidden=hidden, **{**common, **values})
        return await Mail.select().where(Mail.vendor == vendor.id, Mail.dedupe_key == key).first()

    return make


@pytest.fixture
async def one(at_desk, stan):
    return await at_desk(stan)


def subjects(page):
    return re.findall(r"Subject \w+", words(page))


async def test_what_became_of_each(one, write, globex):
    for key, end in {"m1": Mail.sent, "m2": Mail.expired}.items():
        await end(await write(key))
    await Mail.failed(await write("m3"), "550 5.1.1 <b>no such user</b>")
    await write("m4", kind="phone_code", channel="text", recipient="+442079460018")
    await write("m5", vendor=globex)
    page = await one.get(HOME)
    assert subjects(page) == ["Subject m4", "Subject m3", "Subject m2", "Subject m1"]
    for said in (
        "Sent",
        "Expired",
        "Failed",
        "On its way",
        "550 5.1.1 <b>no such user</b>",
        "Code for a phone number · Text message",
    ):
        assert said in words(page)


async def test_filter_and_search(one, write):
    await Mail.failed(await write("m1"), "no")
    await write("m2", "bob@example.com")
    for query, found in {"state=failed": ["Subject m1"], "q=BOB": ["Subject m2"], "q=bob&state=failed": [], "q=%25": [],
                         "state=evil": ["Subject m2", "Subject m1"]}.items():  # fmt: skip
        assert subjects(await one.get(f"{HOME}?{query}")) == found, query


async def test_many_addresses_ask_for_more(one, write):
    for place in range(22):
        await write(f"m{place:02}", f"many{place:02}@example.com")
    assert "More than 20 addresses begin like this." in words(await one.get(f"{HOME}?q=many"))


async def test_staff_never_see_a_secret(one, write, alice):
    waiting = await write("m1", kind="sign_in", hidden=(TOKEN,), customer=alice.id)
    sent = await write("m2", kind="sign_in", hidden=(TOKEN,), customer=alice.id)
    await Mail.sent(sent)
    broken = await write("m3", kind="sign_in", hidden=(TOKEN,), customer=alice.id)
    await Mail.update({Mail.secrets: seal("[]")[:-8] + "AAAAAAAA"}).where(
        Mail.vendor == alice.vendor, Mail.id == broken["id"]
    )
    for row in (waiting, sent, broken):
        for path in (HOME, f"{HOME}/{row['public_id']}", f"{HOME}/{row['public_id']}/html"):
            page = await one.get(path)
            assert page.status_code == 200
            assert TOKEN not in page.text
    assert "•••" in (await one.get(f"{HOME}/{sent['public_id']}")).text
    assert "•••" in (await one.get(f"{HOME}/{waiting['public_id']}/html")).text


async def test_the_html_stands_alone_in_its_sandbox(one, write):
    row = await write(body_html="<script>alert(1)</script>")
    page = await one.get(f"{HOME}/{row['public_id']}/html")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "sandbox" in page.headers["content-security-policy"]
    assert "<script" not in (await one.get(f"{HOME}/{row['public_id']}")).text.split("<main", 1)[1]


async def test_a_text_message_has_no_html(one, write):
    row = await write(channel="text")
    assert (await one.get(f"{HOME}/{row['public_id']}/html")).status_code == 404
    assert "See it as it was designed" not in (await one.get(f"{HOME}/{row['public_id']}")).text


async def press(one, row):
    path = f"{HOME}/{row['public_id']}"
    return await one.submit(await one.get(path), f"{path}/copies")


async def test_a_failed_mail_is_sent_again(one, acme, write, alice):
    row = await write(customer=alice.id)
    await Mail.failed(row, "no")
    answer = await press(one, row)
    assert answer.headers["location"] == f"{HOME}/{row['public_id']}?done=again"
    page = await one.get(answer.headers["location"])
    assert "A copy is on its way." in words(page)
    assert "Sent again:" in words(page)
    first, second = await Mail.select().where(Mail.vendor == acme.id).order_by(Mail.id)
    assert (second["again_of"], second["state"], second["recipient"]) == (first["id"], "queued", "alice@example.com")
    assert second["message_id"] != first["message_id"]
    (entry,) = await AuditEntry.select().where(AuditEntry.vendor == acme.id)
    assert (entry["action"], entry["subject"]) == ("mail.sent_again", "alice@example.com")
    await press(one, row)  # Within the minute: one press more is none more.
    assert len(await Mail.select().where(Mail.vendor == acme.id)) == 2
    assert len(await AuditEntry.select().where(AuditEntry.vendor == acme.id)) == 1


async def test_what_waits_is_not_sent_again(one, acme, write):
    row = await write()
    path = f"{HOME}/{row['public_id']}"
    assert f"{path}/copies" not in forms(await one.get(path))
    answer = await one.post(f"{path}/copies", {"_csrf": await one.token("/console/account")})
    assert answer.headers["location"].endswith("?done=secret")
    assert len(await Mail.select().where(Mail.vendor == acme.id)) == 1


async def test_in_place_of_a_secret_goes_a_fresh_link(one, acme, write, alice, browser):
    row = await write(kind="sign_in", hidden=(TOKEN,), customer=alice.id)
    await Mail.expired(row)
    path = f"{HOME}/{row['public_id']}"
    page = await one.get(path)
    assert "Send a sign-in link" in words(page)
    answer = await press(one, row)
    assert answer.headers["location"] == f"{path}?done=link"
    fresh = (await Mail.select().where(Mail.vendor == acme.id).order_by(Mail.id, ascending=False))[0]
    assert (fresh["kind"], fresh["recipient"], fresh["again_of"], fresh["sealed"]) == (
        "sign_in",
        alice.email,
        None,
        True,
    )
    link = re.search(r"/acme/sign-in/link/[\w-]+", opened(fresh, "body_text"))[0]
    assert link not in (await one.get(f"{HOME}/{fresh['public_id']}")).text
    assert "Login Now" in words(await browser().get(link))
    (entry,) = await AuditEntry.select().where(AuditEntry.vendor == acme.id)
    assert (entry["action"], entry["subject"]) == ("mail.link_sent", alice.email)
    assert link.rpartition("/")[2] not in repr(entry)


@pytest.mark.parametrize("closed", [True, False])
async def test_nobody_who_may_not_enter_gets_a_link(one, acme, write, alice, clock, closed):
    row = await write(kind="sign_in", hidden=(TOKEN,), customer=alice.id if closed else None)
    await Mail.expired(row)
    await Customer.update({Customer.disabled_at: clock.now()}).where(
        Customer.vendor == acme.id, Customer.id == alice.id
    )
    path = f"{HOME}/{row['public_id']}"
    assert f"{path}/copies" not in forms(await one.get(path))
    await one.post(f"{path}/copies", {"_csrf": await one.token("/console/account")})
    assert not await SignInRequest.exists().where(SignInRequest.vendor == acme.id)


async def test_sending_again_has_a_limit(one, acme, write, alice, clock):
    row = await write(customer=alice.id)
    await Mail.sent(row)
    for _ in range(5):
        assert (await press(one, row)).headers["location"].endswith("?done=again")
        clock.forward(minutes=1)
    answer = await press(one, row)
    assert "That is enough for now." in words(await one.get(answer.headers["location"]))
    assert len(await Mail.select().where(Mail.vendor == acme.id)) == 6


async def test_every_link_of_the_list_opens(one, write):
    await write()
    page = await one.get(HOME)
    links = {link.get("href") for link in tree(page).iter("a") if link.get("href", "").startswith(f"{HOME}/")}
    assert [(await one.get(link)).status_code for link in links] == [200]
