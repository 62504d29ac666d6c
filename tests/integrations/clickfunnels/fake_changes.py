"""What ClickFunnels carries out: cancelling and changing prices, with what it remembers and whom it tells.

`done` counts what was really carried out. `scripted` holds answers by operation (`cancel`, `preview`, `perform`),
`(when, status, body)`, the first one next: `before` answers in place of doing it, `after` does it and loses the answer.
"""

from __future__ import annotations

import copy
import re
from collections import Counter, defaultdict
from typing import Any

from tests.integrations.clickfunnels.payloads import at, event

Answer = tuple[int, dict[str, str], Any]
MISSING: Answer = 404, {}, {"error": "Not found: Record missing"}
LATER = 44_640
"""Minutes from one renewal to the next."""
REASONS = {
    "stripe": {"customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex",
               "too_expensive", "unused"},
    "payments_ai": {"did-not-use", "did-not-want", "missing-features", "too-expensive", "bugs-or-problems", "other"},
}  # fmt: skip
CHANGE = re.compile(r"/orders/line_items/([^/]+)/changes(/perform)?")


class FakeChanges:
    """Part of FakeClickFunnels: `targets` are the changes a vendor allows, `{price: {"upgrade": [price], …}}`."""

    records: dict[str, list[dict[str, Any]]]

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.scripted: defaultdict[str, list[tuple[str, int, Any]]] = defaultdict(list)
        self.targets: dict[int, dict[str, list[int]]] = {}
        self.pending: dict[int, int] = {}
        """The price each order changes to at its next renewal."""
        self.events: list[dict[str, Any]] = []
        """The webhooks that follow, in their order."""
        self.minutes = 1000

    def fetched(self, path: str) -> Answer | None:
        """The single records."""
        if found := re.fullmatch(r"/orders/([^/]+)", path):
            order = self.one("orders", found[1])
            return (200, {}, copy.deepcopy(order)) if order else MISSING
        if found := re.fullmatch(r"/products/prices/([^/]+)/change_options", path):
            price = self.one("prices", found[1])
            return (200, {}, self.options(price)) if price else MISSING
        return None

    def posted(self, path: str, payload: Any) -> Answer:
        operation, act = self.operation(path, payload)
        if act is None:
            return MISSING
        if not self.scripted[operation]:
            return act()
        when, status, body = self.scripted[operation].pop(0)
        if when == "after":
            act()
        return status, {}, body

    def operation(self, path: str, payload: Any) -> tuple[str, Any]:
        if found := re.fullmatch(r"/orders/([^/]+)/cancel", path):
            key, order = found[1], payload.get("order", {})
            return "cancel", lambda: self.cancel(key, order)
        if found := CHANGE.fullmatch(path):
            line, wish, perform = found[1], payload.get("orders_line_items_change", {}), bool(found[2])
            return "perform" if perform else "preview", lambda: self.change(line, wish, perform)
        return "", None

    def cancel(self, key: str, wish: dict[str, Any]) -> Answer:
        order = self.one("orders", key)
        if order is None:
            return MISSING
        if order["order_type"] != "subscription-order":
            return unprocessable("Only subscription orders can be canceled")
        if order["service_status"] in ("canceled", "churned"):
            return unprocessable("Order is already canceled")
        reason = wish.get("cancel_reason", "other")
        if reason not in REASONS[order["payment_processor"]]:
            return unprocessable("cancel_reason is not included in the list")
        self.done["cancel"] += 1
        self.touch(order, service_status="canceled", canceled_at=at(self.minutes + 1), cancel_reason=reason,
                   cancel_description=wish.get("cancel_description", ""), canceled_by=wish.get("canceled_by", "API"),
                   paid_until=order["next_charge_at"], churned_at=order["next_charge_at"], next_charge_at=None)  # fmt: skip
        self.tell("subscription.canceled", order)
        return 200, {}, copy.deepcopy(order)

    def change(self, key: str, wish: dict[str, Any], perform: bool) -> Answer:
        order, line = self.line(key)
        target = self.one("prices", str(wish.get("products_price_id")))
        if order is None or line is None:
            return MISSING
        if order["order_type"] != "subscription-order" or len(order["line_items"]) != 1:
            return unprocessable("not_eligible")
        now = line["products_price"]["id"]
        if target is None or target["id"] in (now, self.pending.get(order["id"])):
            return unprocessable("same_target" if target else "Invalid products_price_id")
        allowed = self.targets.get(now, {})
        if not any(target["id"] in found for found in allowed.values()):
            return unprocessable("target_not_allowed")
        upgrade = target["id"] in allowed.get("upgrade", [])
        before, after = copy.deepcopy(line), line | {"products_price": shown(target)}
        if perform:
            self.done["upgrade" if upgrade else "downgrade"] += 1
            self.commit(order, target, upgrade, before)
        bill = {"total_amount": target["amount"], "subtotal_amount": target["amount"], "tax_amount": "0.00",
                "shipping_amount": "0.00", "discount_amount": "0.00", "currency": target["currency"],
                "next_invoice_date": order["next_charge_at"]}  # fmt: skip
        return 200, {}, {"orders_line_items_change": {
            "preview": not perform, "upcoming_invoice": bill, "previous_line_item": before, "new_line_item": after}}  # fmt: skip

    def commit(self, order: dict[str, Any], target: dict[str, Any], upgrade: bool, before: dict[str, Any]) -> None:
        if not upgrade:
            self.pending[order["id"]] = target["id"]
            return
        order["line_items"][0]["products_price"] = shown(target)
        self.touch(order)
        self.tell("subscription.upgraded", order, previous_line_item=before)

    def renew(self, key: int) -> None:
        """The period ends, and with it what was to end or change with it."""
        order = self.one("orders", str(key))
        assert order is not None
        if order["service_status"] == "canceled":
            self.touch(order, service_status="churned")
            return self.tell("subscription.churned", order)
        self.touch(order, next_charge_at=at(self.minutes + LATER))
        if target := self.one("prices", str(self.pending.pop(order["id"], ""))):
            before = copy.deepcopy(order["line_items"][0])
            order["line_items"][0]["products_price"] = shown(target)
            return self.tell("subscription.downgraded", order, previous_line_item=before)
        return self.tell("order.updated", order)

    def options(self, price: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for direction in ("upgrade", "downgrade"):
            targets = [self.one("prices", str(key)) for key in self.targets.get(price["id"], {}).get(direction, [])]
            found[direction] = [
                {"products_variant": {"id": target["variant_id"], "public_id": "v", "name": "Variant", "product_id": 1,
                                      "prices": [shown(target)]}} for target in targets if target
            ]  # fmt: skip
        return {"products_prices_change_options": found}

    def touch(self, order: dict[str, Any], **changes: Any) -> None:
        self.minutes += 1
        order.update(changes, updated_at=at(self.minutes))

    def tell(self, kind: str, order: dict[str, Any], **more: Any) -> None:
        self.events.append(event(kind, copy.deepcopy(order) | more, self.minutes))

    def line(self, key: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        for order in self.records["orders"]:
            for line in order["line_items"]:
                if key in (str(line["id"]), line["public_id"]):
                    return order, line
        return None, None

    def one(self, name: str, key: str) -> dict[str, Any] | None:
        return next((row for row in self.records[name] if key in (str(row["id"]), row.get("public_id"))), None)


def shown(price: dict[str, Any]) -> dict[str, Any]:
    """A price as it stands inside other records."""
    names = ("id", "public_id", "name", "key", "amount", "currency", "duration", "interval", "interval_count")
    return {name: price.get(name) for name in names}


def unprocessable(error: str) -> Answer:
    return 422, {}, {"error": error}
