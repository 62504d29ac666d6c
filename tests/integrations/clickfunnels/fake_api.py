"""A ClickFunnels that speaks its documented API: paging, headers, tokens, errors, limits. An ASGI app over plain records.

Used in the process (`httpx.ASGITransport`) and over loopback (`uvicorn`).
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from urllib.parse import parse_qs

from tests.integrations.clickfunnels.fake_changes import MISSING, FakeChanges
from tests.integrations.clickfunnels.payloads import (
    at,
    contact,
    course,
    enrollment,
    fulfillment,
    invoice,
    invoice_line,
    lesson,
    line,
    order,
    price,
    product,
    refund,
    section,
    subscription,
    transaction,
    variant,
)

TOKEN = "cf-token-0123456789abcdef"
SUBDOMAIN = "acme"
WORKSPACE = 42000
PER_PAGE = 20
Record = dict[str, Any]

LISTS = {
    "teams": (r"/teams", None), "workspaces": (r"/teams/([^/]+)/workspaces", "team_id"),
    "products": (r"/workspaces/([^/]+)/products", "workspace_id"),
    "variants": (r"/products/([^/]+)/variants", "product_id"),
    "prices": (r"/products/([^/]+)/prices", "product_id"),
    "contacts": (r"/workspaces/([^/]+)/contacts", "workspace_id"),
    "courses": (r"/workspaces/([^/]+)/courses", "workspace_id"),
    "sections": (r"/courses/([^/]+)/sections", "course_id"),
    "lessons": (r"/courses/sections/([^/]+)/lessons", "section_id"),
    "orders": (r"/workspaces/([^/]+)/orders", "workspace_id"),
    "invoices": (r"/workspaces/([^/]+)/orders/invoices", "workspace_id"),
    "transactions": (r"/orders/([^/]+)/transactions", "order_id"),
    "fulfillments": (r"/workspaces/([^/]+)/fulfillments", "workspace_id"),
    "enrollments": (r"/courses/([^/]+)/enrollments", "course_id"),
    "completions": (r"/courses/([^/]+)/lesson_completions", "course_id"),
}  # fmt: skip
OWNERS = {"workspace_id": "workspaces", "team_id": "teams", "product_id": "products", "course_id": "courses",
          "section_id": "sections", "order_id": "orders"}  # fmt: skip


class FakeClickFunnels(FakeChanges):
    """The records of one workspace, and how it behaves: `answers` are given first, whatever is asked."""

    def __init__(self, records: dict[str, list[Record]] | None = None) -> None:
        super().__init__()
        self.records = {name: [] for name in LISTS} | (small() if records is None else records)
        self.records["teams"] = [{"id": 1, "public_id": "GSRInw", "name": "Example Team", "memberships": []}]
        self.records["workspaces"] = [
            {"id": 41999, "public_id": "Xscqbz", "team_id": 1, "name": "Another", "subdomain": "another"},
            {"id": WORKSPACE, "public_id": "eEUSvB", "team_id": 1, "name": "Acme Learning", "subdomain": SUBDOMAIN},
        ]
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[tuple[int, dict[str, str], Any]] = []
        self.forbidden: dict[str, str] = {}
        self.holds = False
        """Whether it does what it is asked and does not come round to saying so."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append(scope["path"] + (f"?after={query['after']}" if "after" in query else ""))
        self.headers.append(headers)
        sent = await received(receive) if scope["method"] == "POST" else None
        status, more, body = self.answers.pop(0) if self.answers else self.answer(scope["path"], query, headers, sent)
        while sent is not None and self.holds:
            await asyncio.sleep(0.02)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        fields = {"content-type": "application/json"} | more
        await send({"type": "http.response.start", "status": status,
                    "headers": [(name.encode(), value.encode()) for name, value in fields.items()]})  # fmt: skip
        await send({"type": "http.response.body", "body": raw})

    def answer(
        self, path: str, query: dict[str, str], headers: dict[str, str], sent: Any = None
    ) -> tuple[int, dict[str, str], Any]:
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {}, {"error": "API key missing or invalid"}
        if not headers.get("user-agent"):
            return 400, {}, {"error": "User-Agent missing"}
        if not path.startswith("/api/v2/"):
            return 404, {}, {"error": "Not found"}
        path = path.removeprefix("/api/v2")
        if sent is not None:
            return self.posted(path, sent)
        for name, (pattern, owner) in LISTS.items():
            if found := re.fullmatch(pattern, path):
                return self.listed(name, owner, found[1] if owner else "", query)
        if found := re.fullmatch(r"/workspaces/([^/]+)", path):
            space = self.owner("workspaces", found[1])
            return (200, {}, space) if space else MISSING
        return self.fetched(path) or MISSING

    def listed(self, name: str, key: str | None, owner: str, query: dict[str, str]) -> tuple[int, dict[str, str], Any]:
        if name in self.forbidden:
            return 403, {}, {"error": self.forbidden[name]}
        parent = self.owner(OWNERS[key], owner) if key else None
        if key and parent is None:
            return MISSING
        rows = sorted(self.records[name], key=lambda row: row["id"])
        if parent and key != "workspace_id":
            rows = [row for row in rows if row.get(key) == parent["id"]]
        if query.get("sort_order") == "desc":
            rows.reverse()
        if after := query.get("after"):
            rows = [row for row in rows if row["id"] > int(after)]
        shown, more = rows[:PER_PAGE], len(rows) > PER_PAGE
        headers = {}
        if more:
            next_id = str(shown[-1]["id"])
            headers = {"pagination-next": next_id, "link": f'<https://x/?after={next_id}>; rel="next"'}
        return 200, headers, [published(name, row) for row in shown]

    def owner(self, name: str, key: str) -> Record | None:
        return next((row for row in self.records[name] if key in (str(row["id"]), row.get("public_id"))), None)


async def received(receive: Any) -> Any:
    """The JSON in the body of a request."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return json.loads(body or b"{}")


UNTOLD = {"completions": "course_id", "prices": "product_id"}
"""What a record does not tell of where it belongs."""


def published(name: str, row: Record) -> Record:
    return {key: value for key, value in row.items() if key != UNTOLD.get(name)}


def small() -> dict[str, list[Record]]:
    """The one purchase of payloads.py as the API has it: an enrollment without its contact (mid 2025)."""
    plain = enrollment(6)
    del plain["contact"]
    return {
        "products": [product(9)], "variants": [variant(0)], "prices": [price(0)],
        "contacts": [contact(1)], "courses": [course(2)],
        "sections": [section(1, id=20, parent_id=None), section(3)], "lessons": [lesson(4)],
        "orders": [order(4, contact=contact(1))],
        "invoices": [invoice(5, paid_at=at(5))],
        "transactions": [transaction(5), refund(20)], "fulfillments": [fulfillment(8)], "enrollments": [plain],
        "completions": [completion(1)],
    }  # fmt: skip


def completion(number: int, **changes: Any) -> Record:
    return {"id": number, "public_id": f"c{number}", "enrollment_id": 77, "lesson_id": 31, "course_id": 9,
            "completed_at": at(30)} | changes  # fmt: skip


def large(people: int = 150) -> dict[str, list[Record]]:
    """A shop with several hundred records: everybody bought one thing, each third a subscription, and takes a course."""
    shop: dict[str, list[Record]] = {name: [] for name in LISTS if name not in ("teams", "workspaces")}
    for number in range(1, 4):
        shop["products"].append(product(number, id=6500 + number, public_id=f"prod{number}", name=f"Thing {number}"))
        shop["variants"] += [
            variant(number, id=number * 10 + place, public_id=f"var{number}{place}", product_id=6500 + number)
            for place in range(2)
        ]  # fmt: skip
        shop["courses"].append(course(number, id=number, public_id=f"course{number}", title=f"Course {number}",
                                      root_section_id=number * 100))  # fmt: skip
        for place in range(3):
            key = number * 100 + place
            shop["sections"].append(section(place, id=key, course_id=number, public_id=f"sec{key}",
                                            parent_id=number * 100 if place else None, sort_order=place))  # fmt: skip
            shop["lessons"] += [
                lesson(step, id=key * 100 + step, public_id=f"les{key}-{step}", section_id=key, sort_order=step,
                       body="Look closely.")
                for step in range(8)
            ]  # fmt: skip
    for number in range(1, people + 1):
        buy(shop, number)
    return shop


def buy(shop: dict[str, list[Record]], number: int) -> None:
    """One customer with all they have."""
    person = contact(number, id=1000 + number, public_id=f"person{number}", email_address=f"buyer{number}@example.com",
                     first_name=f"Buyer {number}", phone_number=None)  # fmt: skip
    shop["contacts"].append(person)
    key, make = 2000 + number, subscription if number % 3 == 0 else order
    shop["orders"].append(make(
        number, id=key, public_id=f"order{number}", order_number=str(key), contact_id=person["id"], contact=person,
        line_items=[line(id=key, order_id=key)], billing_payment_method_id=None,
    ))  # fmt: skip
    shop["invoices"].append(invoice(number, id=3000 + number, order_id=key, public_id=f"inv{number}",
                                    order={"id": key}, line_items=[invoice_line(id=4000 + number)]))  # fmt: skip
    shop["transactions"].append(transaction(number, id=5000 + number, order_id=key, public_id=f"pay{number}"))
    if number % 10 == 0:
        shop["transactions"].append(
            refund(number + 1, id=6000 + number, order_id=key, adjusted_transaction_id=5000 + number)
        )
    if number % 5 == 0:
        shop["fulfillments"].append(fulfillment(
            number, id=7000 + number, contact_id=person["id"],
            included_invoices_line_items=[{"id": number, "quantity": 1, "invoices_line_item_id": 4000 + number}],
        ))  # fmt: skip
    taken, place = number % 3 + 1, enrollment(
        number, id=8000 + number, contact_id=person["id"], course_id=number % 3 + 1, origination_source_id=key
    )  # fmt: skip
    del place["contact"]
    shop["enrollments"].append(place)
    shop["completions"].append(completion(9000 + number, enrollment_id=8000 + number, course_id=taken,
                                          lesson_id=taken * 10000 + 1))  # fmt: skip
