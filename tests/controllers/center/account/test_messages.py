import re

import pytest

import database
from tables import Mail
from tables.mail import BLANK
from tables.sealed import seal
from tests.client import tree, words

MESSAGES = "/acme/account/messages"


@pytest.fixture
async def one(world, signed_in):
    return await signed_in(world.alice.customer)


async def write(customer, number, **values):
    await Mail(
        vendor=customer.vendor, customer=customer.id, public_id=f"mail-{number}", dedupe_key=f"k{number}", kind="welcome",
        message_id="<x@y>", recipient=customer.email, sender="Acme <a@b.example>", subject=f"Message {number:03}",
        **{"body_text": "Hello", "body_html": "<p>Hello</p>", "state": "sent", "created_at": database.now(), **values},
    ).save()  # fmt: skip


async def test_messages_are_listed_newest_first_in_pages(bob, signed_in):
    for number in range(45):
        await write(bob, number)
    one, seen, address = await signed_in(bob), [], MESSAGES
    while address:
        text = (await one.get(address)).text
        seen += re.findall(r"Message (\d\d\d)</a>", text)
        older = re.search(rf'href="({MESSAGES}\?older=\d+)"', text)
        address = older[1] if older else None
    assert seen == [f"{number:03}" for number in reversed(range(45))]


async def test_only_what_was_not_sent_says_how_it_stands(bob, signed_in):
    for number, state in enumerate(("sent", "queued", "failed")):
        await write(bob, number, state=state)
    text = words(await (await signed_in(bob)).get(MESSAGES))
    assert text.count("On its way") == text.count("Could not be delivered") == 1
    assert "sent" not in text.split("Message 000")[1].split("Questions")[0]


async def test_the_list_reads_no_bodies_however_many_there_are(bob, signed_in):
    for number in range(60):
        await write(bob, number)
    one, seen = await signed_in(bob), []
    await one.get(MESSAGES)
    database.statements.append(seen.append)
    await one.get(MESSAGES)
    database.statements.remove(seen.append)
    assert len(seen) == 2
    assert not [sql for sql in seen if "body_" in sql]


async def test_a_message_of_another_channel_is_not_here(bob, signed_in):
    await write(bob, 1, channel="sms")
    one = await signed_in(bob)
    assert "Message 001" not in words(await one.get(MESSAGES))
    assert (await one.get(f"{MESSAGES}/mail-1")).status_code == 404


async def test_a_message_is_shown_as_text_with_links_into_this_center_alone(bob, signed_in):
    await write(bob, 1, body_text="Hi <b>Bob</b>\n\nhttp://127.0.0.1:8000/acme/account\nhttps://evil.example/")
    page = await (await signed_in(bob)).get(f"{MESSAGES}/mail-1")
    assert "Hi &lt;b&gt;Bob" in page.text
    (body,) = [part for part in tree(page).iter("div") if part.get("class") == "prose"]
    assert [link.get("href") for link in body.iter("a")] == ["http://127.0.0.1:8000/acme/account"]
    assert "See it as it was designed" in words(page)


async def test_the_designed_form_stands_alone_and_can_do_nothing(bob, signed_in):
    await write(bob, 1, body_html="<p>Designed</p><script>alert(1)</script>")
    page = await (await signed_in(bob)).get(f"{MESSAGES}/mail-1/html")
    assert "<p>Designed</p>" in page.text
    assert "sandbox" in page.headers["content-security-policy"]
    assert "no-store" in page.headers["cache-control"]


@pytest.mark.parametrize("ending", ["", "/html"])
async def test_a_waiting_message_hides_the_secrets_in_it(bob, signed_in, ending):
    await write(bob, 1, sealed=True, state="queued", secrets=seal('["tok3n", "482 913"]'),
                body_text=seal("Go: http://127.0.0.1:8000/acme/sign-in/link/tok3n or 482 913"),
                body_html=seal('<a href="http://127.0.0.1:8000/acme/sign-in/link/tok3n">482 913</a>'))  # fmt: skip
    page = await (await signed_in(bob)).get(f"{MESSAGES}/mail-1{ending}")
    assert "tok3n" not in page.text
    assert "482 913" not in page.text
    assert page.text.count(BLANK) >= 2


@pytest.mark.parametrize("ending", ["", "/html"])
async def test_a_message_sealed_under_another_key_is_blank(bob, signed_in, ending):
    await write(bob, 1, sealed=True, body_text="gAAAA", body_html="gAAAA", secrets="gAAAA")
    page = await (await signed_in(bob)).get(f"{MESSAGES}/mail-1{ending}")
    assert page.status_code == 200
    assert BLANK in page.text


async def test_without_messages_it_says_what_would_be_here(bob, signed_in):
    assert "No messages yet" in words(await (await signed_in(bob)).get(MESSAGES))


async def test_the_pages_beside_the_tabs_are_listed(one):
    text = words(await one.get("/acme/account"))
    assert "Messages Every message we sent you, to read again." in text
    assert "Your data Download everything we keep about you, or delete your account." in text
