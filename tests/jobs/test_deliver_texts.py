import httpx
import msgspec
import pytest

from integrations import text_messages
from jobs import deliver_mail
from jobs import deliver_texts as job
from jobs.stopping import Stopping
from tables import Mail
from tests.tables.test_mail import queue, rows

GATEWAY = "https://texts.example/messages"


@pytest.fixture
def gateway(monkeypatch):
    """Takes messages instead of a provider; `answers` says with which status, or what to raise, by recipient."""
    taken, answers = [], {}

    def answer(request):
        message = msgspec.json.decode(request.content)
        taken.append((request, message))
        found = answers.get(message["to"], 202)
        if isinstance(found, Exception):
            raise found
        return httpx.Response(found, headers={"location": "https://evil.example/"})

    changed = msgspec.structs.replace(job.settings, sms_url=GATEWAY, sms_token="t0ken")
    monkeypatch.setattr(job, "settings", changed)
    monkeypatch.setattr(text_messages, "settings", changed)
    made = text_messages.client

    def client():
        connection = made()
        connection._transport = httpx.MockTransport(answer)
        return connection

    monkeypatch.setattr(text_messages, "client", client)
    return taken, answers


async def fill(vendor, *recipients, **values):
    for recipient in recipients:
        await queue(vendor, recipient, recipient=recipient, channel="text", body_html="", **values)


async def states():
    return {row["recipient"]: row["state"] for row in await rows()}


async def test_a_text_is_one_post_to_the_gateway(acme, gateway):
    await fill(acme, "+441614960000", body_text="123456 is your code\n")
    assert [await job.deliver_texts(Stopping()), await job.deliver_texts(Stopping())] == [1, 0]
    ((request, message),) = gateway[0]
    assert (request.method, str(request.url)) == ("POST", GATEWAY)
    assert message == {"to": "+441614960000", "text": "123456 is your code"}
    assert request.headers["authorization"] == "Bearer t0ken"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == (await rows())[0]["public_id"]
    assert await states() == {"+441614960000": "sent"}


async def test_trouble_is_tried_again_and_a_refusal_is_not(acme, gateway):
    expected = {400: "failed", 404: "failed", 422: "failed", 302: "failed", 401: "queued", 408: "queued", 429: "queued",
                500: "queued", 503: "queued", 200: "sent", 204: "sent"}  # fmt: skip
    gateway[1].update({f"+{status}": status for status in expected})
    gateway[1]["+1"] = httpx.ConnectError("gone")
    gateway[1]["+2"] = httpx.ReadTimeout("slow")
    await fill(acme, *gateway[1])
    await job.deliver_texts(Stopping())
    assert await states() == {f"+{status}": state for status, state in expected.items()} | {
        "+1": "queued",
        "+2": "queued",
    }
    assert {str(request.url) for request, _ in gateway[0]} == {GATEWAY}


async def test_a_code_is_not_sent_after_it_has_ended(acme, gateway, clock):
    await fill(acme, "+1", expires_at=clock.now())
    clock.forward(seconds=1)
    await job.deliver_texts(Stopping())
    assert (await states(), gateway[0]) == ({"+1": "expired"}, [])


async def test_each_channel_goes_its_own_way(acme, gateway):
    await queue(acme, "mail", recipient="a@x.example")
    await fill(acme, "+1")
    assert await deliver_mail.deliver_mail(Stopping()) == 0
    await job.deliver_texts(Stopping())
    assert await states() == {"a@x.example": "queued", "+1": "sent"}
    await fill(acme, "+2")
    assert [row["recipient"] for row in await Mail.lease(9)] == ["a@x.example"]


async def test_without_a_gateway_texts_wait(acme, monkeypatch):
    monkeypatch.setattr(job, "settings", msgspec.structs.replace(job.settings, sms_url=None))
    await fill(acme, "+1")
    assert await job.deliver_texts(Stopping()) == 0
    assert [row["tries"] for row in await rows()] == [0]


async def test_a_worker_that_should_stop_gives_back_what_it_has_not_sent(acme, gateway):
    await fill(acme, "+1", "+2")
    stopping = Stopping()
    stopping.asked = True
    await job.deliver_texts(stopping)
    assert [(row["tries"], row["leased_until"]) for row in await rows()] == [(0, None)] * 2
