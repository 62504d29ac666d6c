"""What must never stand in a log does not, in any of the main flows."""

import hashlib
import hmac
import json
import logging

import pytest
import structlog

import database
from controllers.center.account import orders
from tables import Mail
from tables.mail import opened
from tests.controllers.center.test_sign_in import ask, give, link_and_code, press, wrong
from tests.stage import SECRET
from web import logs

CANARY = "canary.address@example.com"


async def test_no_secret_and_no_address_reaches_the_log(world, browser, signed_in, log_lines, monkeypatch):
    one, other = browser(), browser()
    await ask(one, CANARY)
    await ask(one, world.alice.customer.email, next="/account/orders?canary-query=1")
    link, code = await link_and_code()
    await give(one, wrong(code))
    await press(other, link)
    await other.get("/acme/account/orders?canary-query=1")
    await other.post("/acme/account/profile", {"first_name": "Canary Name"})
    for path in (
        "/acme/account",
        link,
        "/acme/sign-in/link/canary-token-1",
        f"/acme/{CANARY}",
        f"/acme/account/orders/{CANARY}",
    ):
        await other.get(path)
    body, stamp = b'{"data": {"email": "canary.address@example.com"}}', str(int(database.now().timestamp()))
    signature = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    for given in (signature, "0" * 64):
        headers = {"x-webhook-clickfunnels-signature": given, "x-webhook-clickfunnels-timestamp": stamp}
        await other.client.post("/webhooks/acme/clickfunnels", content=body, headers=headers)

    async def broken(**_):
        raise RuntimeError(f"no row for {CANARY} at http://x/acme{link} {CANARY}")

    monkeypatch.setattr(orders, "newest_orders", broken)
    await other.get("/acme/account/orders")
    mails = [opened(row, "body_text") for row in await Mail.select().where(Mail.kind == "sign_in")]
    log = "\n".join(log_lines())
    assert len(mails) == 1
    assert log.count('"event": "request"') > 10
    secrets = {CANARY, "alice@example.com", link.rpartition("/")[2], code, code.replace(" ", ""), SECRET, signature,
               "canary-token-1", "canary-query", "Canary Name", *one.cookies.values(),
               *other.cookies.values()}  # fmt: skip
    assert {secret for secret in secrets if secret and secret in log} == set()


async def test_every_request_is_one_line_with_its_outcome(acme, browser, log_lines):
    page = await browser().get("/acme/sign-in")
    (line,) = [json.loads(line) for line in log_lines()]
    assert line["id"] == page.headers["x-request-id"]
    assert (line["method"], line["status"], line["vendor"], line["level"]) == ("GET", 200, "acme", "info")
    assert line["timestamp"].endswith("Z")


async def test_a_sign_in_is_told_with_its_way_and_network(alice, browser, log_lines):
    one = browser()
    await ask(one)
    await one.get((await link_and_code())[0])
    events = {line["event"]: line for line in map(json.loads, log_lines())}
    assert (events["asked"]["vendor"], events["asked"]["mailed"]) == ("acme", True)
    assert (events["signed in"]["by"], events["signed in"]["ip"]) == ("link", "198.51.100.7/32")


@pytest.mark.parametrize("path", ["/acme/a\nb", '/acme/%0d%0a{"event": "forged"}'])
async def test_a_request_cannot_write_lines_of_its_own(application, acme, log_lines, path):
    from tests.client import raw

    await raw(application, "GET", path, [(b"user-agent", b"x\r\n{}")])
    assert len(log_lines()) == 1
    assert "forged" not in log_lines()[0]


@pytest.mark.parametrize(
    ("text", "left"),
    [("mail to a.b+c@example.com failed", "mail to …@… failed"), ("/acme/sign-in/link/abc-_.~%20 x",
        "/acme/sign-in/link/… x"),
     ("GET /password/abc", "GET /password/…"), ("?token=abc&x=1", "?token=…&x=1"),
     ("nothing to hide", "nothing to hide")],
)  # fmt: skip
def test_the_last_net_takes_out_addresses_and_tokens(text, left):
    assert logs.redact(None, "info", {"event": text, "count": 3}) == {"event": left, "count": 3}


def test_what_other_libraries_log_is_redacted_too(capfd):
    before, ours = logging.getLogger().handlers[:], structlog.get_config()
    try:
        logs.configure()
        try:
            raise ValueError("no route for alice@example.com to /sign-in/link/abcdefgh")
        except ValueError:
            logging.getLogger("uvicorn.error").error("Exception for %s", "bob@example.com", exc_info=True)
    finally:
        logging.getLogger().handlers[:] = before
        structlog.configure(**ours)
    said = capfd.readouterr().err
    assert '"level": "error"' in said
    for secret in ("alice@example.com", "bob@example.com", "abcdefgh"):
        assert secret not in said
