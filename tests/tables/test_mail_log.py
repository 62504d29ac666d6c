import pytest

import database
from tables import Mail, mail_log
from tables.mail import LAST_WORD

COMMON = {
    "kind": "welcome", "sender": "Acme <no-reply@acme.example>", "subject": "Hello", "body_text": "Text",
    "body_html": "<p>Text</p>",
}  # fmt: skip


@pytest.fixture
def write(acme):
    async def make(key, recipient="alice@example.com", vendor=acme, **values):
        hidden = values.pop("hidden", ())
        await Mail.queue(vendor.id, key, recipient=recipient, hidden=hidden, **{**COMMON, **values})
        row = await Mail.select().where(Mail.vendor == vendor.id, Mail.dedupe_key == key).first()
        return row

    return make


async def test_search_is_by_the_beginning_of_an_address(acme, globex, write):
    for place, address in enumerate(["alice@example.com", "alicia@example.com", "bob@example.com", "Zed", "+44 79"]):
        await write(f"m{place}", address)
    await write("other", "alice.globex@example.com", vendor=globex)
    assert await mail_log.addresses(acme.id, "ali") == ["alice@example.com", "alicia@example.com"]
    assert await mail_log.addresses(acme.id, "alice@example.com") == ["alice@example.com"]
    assert await mail_log.addresses(acme.id, "+44") == ["+44 79"]
    assert await mail_log.addresses(acme.id, "%") == await mail_log.addresses(acme.id, "_") == []
    rows = await mail_log.listed(acme.id, 2**62, recipients=["alice@example.com", "bob@example.com"])
    assert [row["recipient"] for row in rows] == ["bob@example.com", "alice@example.com"]
    assert await mail_log.listed(acme.id, 2**62, recipients=[]) == []


async def test_many_addresses_end_with_one_too_many(acme, write):
    for place in range(25):
        await write(f"m{place:02}", f"many{place:02}@example.com")
    assert len(await mail_log.addresses(acme.id, "many")) == mail_log.MOST_ADDRESSES + 1


async def test_state_and_page(acme, write):
    rows = [await write(f"m{place:02}") for place in range(30)]
    await Mail.failed(rows[3], "no")
    assert [row["id"] for row in await mail_log.listed(acme.id, 2**62, "failed")] == [rows[3]["id"]]
    page = await mail_log.listed(acme.id, rows[28]["id"])
    assert [row["id"] for row in page] == [row["id"] for row in rows[27:1:-1]]
    assert "body_text" not in page[0]


async def test_a_message_is_sent_again_as_one_of_its_own(acme, alice, write, clock):
    first = await write("m1", customer=alice.id, reply_to="help@acme.example", language="pt-BR")
    await Mail.sent(first)
    first = await mail_log.own(acme.id, first["public_id"])
    assert mail_log.may_repeat(first)
    assert [await mail_log.send_again(first) for _ in range(3)] == [True, False, False]
    (again,) = await mail_log.repeats(acme.id, first["id"])
    again = await mail_log.own(acme.id, again["public_id"])
    same = ("recipient", "sender", "reply_to", "subject", "language", "body_text", "body_html", "kind", "customer_id")
    assert {name: again[name] for name in same} == {name: first[name] for name in same}
    assert again["message_id"] != first["message_id"]
    assert (again["state"], again["tries"]) == ("queued", 0)
    clock.forward(minutes=1)
    assert await mail_log.send_again(first)


@pytest.mark.parametrize("part", ["body_text", "body_html"])
async def test_what_held_a_secret_is_never_sent_again(acme, write, part):
    body = {"body_text": "x", "body_html": "x"} | {part: "a token"}
    row = await write("m1", hidden=("token",), **body)
    assert mail_log.holds_secret(row)
    await Mail.sent(row)
    row = await mail_log.own(acme.id, row["public_id"])
    assert mail_log.holds_secret(row)
    assert not mail_log.may_repeat(row)


async def test_neither_is_what_waits_or_says_farewell(write):
    row = await write("m1")
    assert not mail_log.may_repeat(row)
    assert mail_log.may_repeat(row | {"state": "failed"})
    assert not mail_log.may_repeat(row | {"state": "failed", "kind": LAST_WORD})


async def test_failures_count_until_they_are_sent_again_or_a_week_old(acme, globex, write, clock):
    rows = [await write(f"m{place}") for place in range(3)]
    for row in [*rows, await write("x", vendor=globex)]:
        await Mail.failed(row, "no such user")
    assert await mail_log.failed_lately(acme.id) == 3
    await mail_log.send_again(rows[0] | {"state": "failed"})
    assert await mail_log.failed_lately(acme.id) == 2
    clock.forward(days=8)
    assert await mail_log.failed_lately(acme.id) == 0


async def test_one_vendors_mail_is_unknown_to_another(acme, globex, write):
    row = await write("m1")
    assert await mail_log.own(globex.id, row["public_id"]) is None
    assert await mail_log.repeats(globex.id, row["id"]) == []
    assert database.now() >= row["created_at"]
