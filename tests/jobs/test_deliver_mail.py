import msgspec
import pytest

from emails import smtp
from jobs import deliver_mail as job
from jobs.stopping import Stopping
from tables import Mail
from tests.tables.test_mail import queue, rows


@pytest.fixture
def post_office(monkeypatch):
    """Takes messages instead of a server; `answers` says what to raise, by recipient."""
    sent, answers = [], {}

    async def deliver(connection, row):
        if error := answers.get(row["recipient"]):
            raise error
        sent.append(row["recipient"])

    async def leave(connection):
        pass

    monkeypatch.setattr(job, "settings", msgspec.structs.replace(job.settings, smtp_url="smtp://mail.example"))
    monkeypatch.setattr(smtp, "settings", job.settings)
    monkeypatch.setattr(smtp, "deliver", deliver)
    monkeypatch.setattr(smtp, "leave", leave)
    return sent, answers


async def states():
    return {row["recipient"]: row["state"] for row in await rows()}


async def fill(vendor, *recipients, **values):
    for recipient in recipients:
        await queue(vendor, recipient, recipient=recipient, **values)


async def test_what_is_due_is_sent_once(acme, post_office):
    await fill(acme, "a@x.example", "b@x.example")
    assert [await job.deliver_mail(Stopping()), await job.deliver_mail(Stopping())] == [2, 0]
    assert post_office[0] == ["a@x.example", "b@x.example"]
    assert set((await states()).values()) == {"sent"}


async def test_without_a_mail_server_messages_wait_in_the_outbox(acme):
    await fill(acme, "a@x.example")
    assert await job.deliver_mail(Stopping()) == 0
    assert [row["tries"] for row in await rows()] == [0]


async def test_trouble_with_one_message_holds_up_no_other(acme, post_office):
    post_office[1].update(
        {"a@x.example": smtp.Refused("550 no such user"), "b@x.example": smtp.Unreachable("421 busy")}
    )
    await fill(acme, "a@x.example", "b@x.example", "c@x.example")
    await job.deliver_mail(Stopping())
    assert await states() == {"a@x.example": "failed", "b@x.example": "queued", "c@x.example": "sent"}


async def test_a_sign_in_mail_is_not_sent_after_its_secret_ended(acme, post_office, clock):
    await fill(acme, "a@x.example", expires_at=clock.now())
    await fill(acme, "b@x.example")
    clock.forward(seconds=1)
    await job.deliver_mail(Stopping())
    assert await states() == {"a@x.example": "expired", "b@x.example": "sent"}
    assert post_office[0] == ["b@x.example"]


async def test_a_worker_that_should_stop_gives_back_what_it_has_not_sent(acme, post_office):
    await fill(acme, "a@x.example", "b@x.example")
    stopping = Stopping()
    stopping.asked = True
    await job.deliver_mail(stopping)
    assert post_office[0] == []
    assert [(row["tries"], row["leased_until"]) for row in await rows()] == [(0, None)] * 2


async def test_a_message_of_a_row_is_marked_as_automatic(acme):
    await queue(acme, reply_to="help@acme.example")
    message = smtp.message_of((await rows())[0])
    assert (message["To"], message["Reply-To"], message["Auto-Submitted"]) == (
        "a@x.example",
        "help@acme.example",
        "auto-generated",
    )
    assert message["Message-ID"] == (await rows())[0]["message_id"]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("column", ["subject", "recipient", "sender"])
async def test_no_column_can_add_a_header(acme, column):
    await queue(acme, **{column: "x@x.example\r\nBcc: evil@x.example"})
    with pytest.raises(ValueError):
        smtp.message_of((await rows())[0])


async def test_mail_is_counted_as_tried_when_it_is_taken(acme):
    await queue(acme)
    await Mail.lease(5)
    assert [row["tries"] for row in await rows()] == [1]


async def test_a_message_that_cannot_even_be_written_holds_up_no_other(acme, post_office):
    post_office[1].update({"a@x.example": ValueError("no such header")})
    await fill(acme, "a@x.example", "b@x.example")
    assert await job.deliver_mail(Stopping()) == 2
    assert await states() == {"a@x.example": "queued", "b@x.example": "sent"}
    (row, _) = await rows()
    assert (row["leased_until"], row["last_error"]) == (None, "ValueError")
