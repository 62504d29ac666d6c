"""Signs and sends events as ClickFunnels does, and sends again what was not taken (ClickFunnels docs: webhooks)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import random
import time
from datetime import UTC, datetime
from typing import Any

import httpx
from processes import SECRETS, Server

counter = itertools.count(9000)
Event = dict[str, Any]


def stamp() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event(kind: str, data: dict[str, Any]) -> Event:
    number = next(counter)
    data = {"id": number, "created_at": stamp(), "updated_at": stamp(), **data}
    return {
        "event_id": hashlib.md5(f"{number}{random.random()}".encode()).hexdigest(), "event_type": kind,
        "subject_id": data["id"], "data": data, "created_at": stamp(), "api_version": 2,
    }  # fmt: skip


def contact(email: str, first: str = "Cora", last: str = "Clay") -> dict[str, Any]:
    """A contact whose id follows from its address, so that every event of one buyer names the same."""
    number = int(hashlib.sha256(email.encode()).hexdigest()[:10], 16)
    return {"id": number, "email_address": email, "first_name": first, "last_name": last}


def purchase(email: str, item: str = "Intro to Beekeeping", **more: Any) -> Event:
    """one-time-order.completed"""
    number, buyer = next(counter), contact(email)
    return event("one-time-order.completed", {
        "id": number, "public_id": f"pub{number}", "order_number": str(number), "contact_id": buyer["id"],
        "contact": buyer, "total_amount": "97.00", "tax_amount": "0.00", "currency": "USD",
        "order_type": "one-time-order", "billing_status": "paid", "service_status": "completed",
        "line_items": [{
            "id": number * 10, "quantity": 1, "original_product": {"id": 5, "name": item},
            "products_price": {"id": 6, "amount": "97.00", "currency": "USD"},
        }], **more,
    })  # fmt: skip


def enrollment(email: str, course: int = 100, order: Event | None = None) -> Event:
    """courses/enrollment.created"""
    return event("courses/enrollment.created", {
        "contact_id": contact(email)["id"], "course_id": course, "suspended": False,
        "origination_source_type": "Order", "origination_source_id": order["data"]["id"] if order else None,
    })  # fmt: skip


def signed(body: bytes, secret: str, at: int | None = None) -> dict[str, str]:
    when = str(int(time.time()) if at is None else at)
    return {
        "content-type": "application/json", "x-webhook-clickfunnels-timestamp": when,
        "x-webhook-clickfunnels-signature": hmac.new(
            secret.encode(), when.encode() + b"." + body, hashlib.sha256
        ).hexdigest(),
    }  # fmt: skip


class ClickFunnels:
    """One vendor's endpoint at ClickFunnels."""

    def __init__(self, server: Server, vendor: str = "acme") -> None:
        self.address, self.secret = f"{server.base}/webhooks/{vendor}/clickfunnels", SECRETS[vendor]
        self.taken = 0

    async def send(self, one: Event, **options: Any) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            return await self.post(client, one, **options)

    async def post(self, client: httpx.AsyncClient, one: Event, at: int | None = None) -> httpx.Response:
        body = json.dumps(one, separators=(",", ":")).encode()
        return await client.post(self.address, content=body, headers=signed(body, self.secret, at))

    async def deliver(self, events: list[Event], at_once: int = 8, wait: float = 0.1) -> int:
        """Send every event until it was taken; returns how many tries were in vain."""
        gate, vain = asyncio.Semaphore(at_once), 0
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:

            async def insist(one: Event) -> None:
                nonlocal vain
                async with gate:
                    while True:
                        try:
                            if (await self.post(client, one)).status_code == 200:
                                self.taken += 1
                                return
                        except httpx.TransportError:
                            pass
                        vain += 1
                        await asyncio.sleep(wait)

            await asyncio.gather(*map(insist, events))
        return vain
