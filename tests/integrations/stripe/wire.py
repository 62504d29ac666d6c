"""How Stripe writes things down: bracketed forms in, JSON with errors, lists and expansions out (Stripe docs: API)."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], Record]
EMBEDDED = 10
"""How many rows of a list stand inside another object (Stripe docs: pagination)."""
KEY = re.compile(r"^[^\[\]]+|\[([^\[\]]*)\]")


class Wrong(Exception):
    """An answer that is an error object; `kept` ones are stored under the request's idempotency key."""

    def __init__(self, status: int, message: str, *, kept: bool = False, **fields: Any) -> None:
        super().__init__(message)
        self.status, self.kept = status, kept
        kind = {400: "invalid_request_error", 401: "invalid_request_error", 402: "card_error", 403: "invalid_request_error",
                404: "invalid_request_error", 429: "invalid_request_error"}.get(status, "api_error")  # fmt: skip
        self.body = {"error": {"type": kind, "message": message} | fields}


def missing(what: str, key: str) -> Wrong:
    return Wrong(404, f"No such {what}: '{key}'", code="resource_missing", param="id")


def parsed(form: str) -> Record:
    """`items[0][price]=x` as `{"items": [{"price": "x"}]}`."""
    found: Record = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        keys = [match[1] if match[0].startswith("[") else match[0] for match in KEY.finditer(name)]
        place = found
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1] or str(len(place))] = value
    return {key: listed(value) for key, value in found.items()}


def listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inside = {key: listed(part) for key, part in value.items()}
    if inside and all(key.isdigit() for key in inside):
        return [inside[key] for key in sorted(inside, key=int)]
    return inside


def whole(value: str, name: str = "amount") -> int:
    if not re.fullmatch(r"-?[0-9]{1,15}", value):
        raise Wrong(400, f"Invalid integer: {value}", param=name, code="parameter_invalid_integer")
    return int(value)


def flag(value: str, name: str = "flag") -> bool:
    if value not in ("true", "false"):
        raise Wrong(400, f"Invalid boolean: {value}", param=name)
    return value == "true"


def check(params: Record, takes: Iterable[str]) -> None:
    """Stripe refuses what it does not know."""
    for name in params:
        if name not in takes and name != "expand":
            raise Wrong(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def page(rows: list[Record], params: Record, url: str) -> Record:
    """A list object: newest first, `limit`, `starting_after`, `ending_before`."""
    limit = whole(params.get("limit", "10"), "limit")
    if after := params.get("starting_after"):
        places = [place for place, row in enumerate(rows) if row["id"] == after]
        if not places:
            raise missing("object", after)
        rows = rows[places[0] + 1 :]
    return {"object": "list", "data": rows[:limit], "has_more": len(rows) > limit, "url": url}


def shown(objects: dict[str, Record], found: Record, expand: Any = ()) -> Record:
    """A copy as it is sent, with the ids that `expand` names replaced by what they stand for."""
    result = copy.deepcopy(found)
    for row in [result, *(result.get("data") or [] if result.get("object") == "list" else [])]:
        for inner in (row.get("lines"), row.get("items")):
            if isinstance(inner, dict) and len(inner.get("data", ())) > EMBEDDED:
                inner |= {"data": inner["data"][:EMBEDDED], "has_more": True}
    for path in expand if isinstance(expand, list) else [expand] if expand else []:
        opened(objects, result, path.split("."), path)
    return result


INCLUDED = {
    ("invoice", "payments"): "invoice_payment", ("charge", "refunds"): "refund",
    ("checkout.session", "line_items"): "item",
}  # fmt: skip
"""Lists that an answer holds only where the request asks for them."""


def opened(objects: dict[str, Record], place: Any, names: list[str], path: str) -> None:
    if isinstance(place, list):
        for part in place:
            opened(objects, part, names, path)
        return
    if place is None or not names:
        return
    if not isinstance(place, dict):
        raise Wrong(400, f"This property cannot be expanded ({path}).", param="expand")
    name, owner = names[0], place.get("object", "")
    if (owner, name) in INCLUDED and name not in place:
        kind = INCLUDED[owner, name]
        rows = [
            copy.deepcopy(row) for row in objects.values() if row["object"] == kind and row.get(owner) == place["id"]
        ]
        place[name] = {"object": "list", "data": rows, "has_more": False, "url": f"/v1/{kind}s"}
    if name not in place:
        raise Wrong(400, f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(place[name], str):
        if place[name] not in objects:
            raise Wrong(400, f"This property cannot be expanded ({path}).", param="expand")
        place[name] = copy.deepcopy(objects[place[name]])
    opened(objects, place[name], names[1:], path)
