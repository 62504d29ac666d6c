"""A Stripe that speaks the wire format of its API at the pinned version, and keeps what it was told.

An ASGI app: used in the process (`httpx.ASGITransport(FakeStripe())`) and over loopback (`uvicorn`, after setting
`address`). `events` holds what it would have sent to the webhook; `signed` makes the headers for a body.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import httpx

import database
from tests.integrations.stripe.books import Books, body_of, declined
from tests.integrations.stripe.pages import hosted
from tests.integrations.stripe.routes import answer
from tests.integrations.stripe.wire import Answer, Record, Wrong, parsed, shown

KEY = "sk_test_0123456789abcdefAcme"
WEBHOOK_SECRET = "whsec_0123456789abcdefAcme"

DOWN, LOST, SLOW, LIMITED, BROKEN, DECLINED_NOW = "down", "lost", "slow", "limited", "broken", "declined"
"""What `answers` may hold: not connected; done but never answered; never answered; 429; 500; 402. None is as usual."""


class FakeStripe(Books):
    """One account behind one secret key; `answers` are given first, one for each request, whatever is asked."""

    def __init__(self, key: str = KEY, salt: str = "Acme", address: str = "http://stripe.test") -> None:
        super().__init__()
        self.secret, self.salt, self.address = key, salt, address
        self.asked: list[tuple[str, str, Record]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[str | Answer | None] = []
        self.kept: dict[str, tuple[str, Answer]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return  # Cut off in the middle, as by a kill: half a request is none.
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        if scope["path"].startswith("/v1/"):
            status, fields, found = self.api(scope["method"], scope["path"], scope["query_string"], body, headers)
            fields, raw = {"content-type": "application/json"} | fields, json.dumps(found, indent=2)
        else:
            status, fields, raw = hosted(self, scope["method"], scope["path"], body.decode())
        await send({"type": "http.response.start", "status": status,
                    "headers": [(name.encode(), value.encode()) for name, value in fields.items()]})  # fmt: skip
        await send({"type": "http.response.body", "body": raw.encode()})

    def api(self, method: str, path: str, query: bytes, body: bytes, headers: dict[str, str]) -> Answer:
        params = parsed(query.decode() if method in ("GET", "DELETE") else body.decode())
        self.asked.append((method, path, params))
        self.headers.append(headers)
        scripted = self.answers.pop(0) if self.answers else None
        if isinstance(scripted, tuple):
            return scripted
        early = self.early(scripted)
        result = early or self.kept_answer(method, path, params, headers)
        if scripted == LOST:
            raise httpx.ReadTimeout("the answer was lost")
        return result

    def early(self, scripted: str | None) -> Answer | None:
        """An answer before anything is done."""
        if scripted == DOWN:
            raise httpx.ConnectError("not connected")
        if scripted == SLOW:
            raise httpx.ReadTimeout("no answer")
        scripts = {
            LIMITED: (429, "Too many requests", "rate_limit"), BROKEN: (500, "Something went wrong", None),
        }  # fmt: skip
        if scripted in scripts:
            status, message, code = scripts[scripted]
            return status, {"retry-after": "1"} if status == 429 else {}, Wrong(status, message, code=code).body
        return (402, {}, declined()) if scripted == DECLINED_NOW else None

    def kept_answer(self, method: str, path: str, params: Record, headers: dict[str, str]) -> Answer:
        """The same key and the same parameters get the first answer again (Stripe docs: idempotent requests)."""
        key = headers.get("idempotency-key") if method == "POST" else None
        wanted = f"{method} {path} {json.dumps(params, sort_keys=True)}"
        if key and key in self.kept:
            before, result = self.kept[key]
            if before != wanted:
                message = (
                    "Keys for idempotent requests can only be used with the same parameters they were first used with."
                )
                return 400, {}, {"error": {"type": "idempotency_error", "message": message}}
            return result[0], result[1] | {"idempotent-replayed": "true"}, result[2]
        result, keep = self.worked(method, path, params, headers)
        if key and keep:
            self.kept[key] = wanted, result
        return result

    def worked(self, method: str, path: str, params: Record, headers: dict[str, str]) -> tuple[Answer, bool]:
        fields = {"request-id": self.key("req")} | ({"stripe-version": headers.get("stripe-version", "")})
        try:
            self.admit(headers)
            expand = params.get("expand", ())
            found = shown(self.objects, answer(self, method, path, params), expand)
            return (200, fields, found), True
        except Wrong as wrong:
            return (wrong.status, fields, wrong.body), wrong.kept

    def admit(self, headers: dict[str, str]) -> None:
        given = headers.get("authorization", "")
        if given != f"Bearer {self.secret}":
            raise Wrong(401, f"Invalid API Key provided: {given[-4:].rjust(12, '*')}")
        if not headers.get("stripe-version"):
            raise Wrong(400, "This stand-in wants the version of the API pinned.")

    def complete(self, session_id: str, number: str = "4242424242424242") -> str:
        """Press "Save card" without a browser; returns where it leads."""
        form = urlencode({"number": number, "month": "12", "year": "2030"})
        return hosted(self, "POST", f"/c/pay/{session_id}", form)[1].get("location", "")

    def count(self, method: str, path: str) -> int:
        """How many requests came in for a path that begins like this."""
        return sum(1 for asked in self.asked if asked[0] == method and asked[1].startswith(path))


def signed(body: bytes, *secrets: str, at: int | None = None) -> dict[str, str]:
    """The headers Stripe sends with a body: one `v1` for each secret, as while a secret is rolled."""
    seconds = int(database.now().timestamp()) if at is None else at
    marks = [hmac.new(secret.encode(), b"%d." % seconds + body, hashlib.sha256).hexdigest() for secret in secrets]
    header = ",".join([f"t={seconds}", *(f"v1={mark}" for mark in marks), f"v0={'0' * 64}"])
    return {"stripe-signature": header, "content-type": "application/json; charset=utf-8"}


__all__ = [
    "BROKEN", "DECLINED_NOW", "DOWN", "KEY", "LIMITED", "LOST", "SLOW", "WEBHOOK_SECRET", "FakeStripe", "body_of",
    "signed",
]  # fmt: skip
