"""What the console costs for a vendor with very many customers and orders, against one with a hundredth of them.

    python -m bench.console TOKENS.JSON

Statements of every page and the work the database does for them (rows read on PostgreSQL, steps of its machine on
SQLite), how long the page takes against the same page of the small vendor (alternating, the median of the pairs), a page
ten thousand pages on against the first, and the tables for spreadsheets: seconds and memory for 100,000 rows.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx

import database
from app import create_app
from controllers.console.downloads import table
from settings import settings
from tables.vendor import Vendor
from web.paging import cursor

COOKIE = "__Host-console"
SQLITE = database.engine.engine_type == "sqlite"
PAIRS = 25
FAR = 199_999
PAGES = {
    "customers": "/customers", "  by name": "/customers?by=name", "  never signed in": "/customers?state=never",
    "  switched off": "/customers?state=disabled", "  search: a": "/customers?q=a", "  search: Élise": "/customers?q=%C3%89lise",
    "  search: ada hub": "/customers?q=ada+hub", "  an address": "/customers?q=ada.abbot00.0%40example.com",
    "  a phone number": "/customers?q=212+555+0143", "  an order's number": "/customers?q=1001",
    "  nobody": "/customers?q=zzzz", "  search in a state": "/customers?q=ada&state=disabled",
    "orders": "/orders", "  paid": "/orders?state=paid", "  to pay": "/orders?state=to-pay",
    "  canceled": "/orders?state=canceled", "  refunded in a year": "/orders?state=refunded&year=2026",
    "  a number": "/orders?q=1001", "  an address ": "/orders?q=ada.abbot00.0%40", "  a product": "/orders?q=smoker",
    "  no product": "/orders?q=nowhere",
    "one order": "/orders/1001",
}  # fmt: skip


async def main(tokens: dict[str, str]) -> None:
    app = create_app()
    async with app.lifespan(), browser(app, tokens["owner"]) as client:
        vendors = {vendor.slug: vendor.id for vendor in await Vendor.sellers()}
        results = {name: await cost(client, path) for name, path in PAGES.items()}
        results |= await far(client, vendors["acme"])
    await database.engine.start()
    files = {kind: await file(vendors["acme"], kind) for kind in ("customers", "orders")}
    await database.engine.stop()
    print(json.dumps({"pages": results, "files": files}))


@asynccontextmanager
async def browser(app: Any, token: str) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"cookie": f"{COOKIE}={token}", "accept-encoding": "identity"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url=settings.base_url, headers=headers, timeout=60
    ) as client:
        yield client


async def cost(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    """Statements and work for each vendor, and the time of the large one against the small one."""
    places = {"few": f"/console/few{path}", "acme": f"/console/acme{path}"}
    work = {name: await worked(client, place) for name, place in places.items()}
    ratios = [await timed(client, places["acme"]) / await timed(client, places["few"]) for _ in range(PAIRS)]
    times = [await timed(client, places["acme"]) for _ in range(PAIRS)]
    return {
        "queries": {name: found[0] for name, found in work.items()}, "work": {name: found[1] for name, found in work.items()},
        "large_to_small": round(statistics.median(ratios), 2), "ms": round(statistics.median(times) * 1000, 1),
    }  # fmt: skip


async def far(client: httpx.AsyncClient, vendor_id: int) -> dict[str, Any]:
    """The first page against one that lies ten thousand pages on (five thousand, where there are no more)."""
    rows = await database.raw(
        "SELECT placed_at, id FROM orders WHERE vendor_id = {} AND deleted_at IS NULL "
        f"ORDER BY placed_at DESC, id DESC LIMIT 1 OFFSET {FAR}", vendor_id,
    )  # fmt: skip
    (person,) = await database.raw(
        "SELECT id FROM customers WHERE vendor_id = {} ORDER BY id LIMIT 1 OFFSET 25", vendor_id
    )
    places = {"customers, 5,000 pages on": ("/customers", f"/customers?older={person['id']}-")}
    if rows:
        places["orders, 10,000 pages on"] = ("/orders", f"/orders?older={cursor(rows[0])}")
    found = {}
    for name, (first, later) in places.items():
        one, other = f"/console/acme{first}", f"/console/acme{later}"
        ratios = [await timed(client, other) / await timed(client, one) for _ in range(PAIRS)]
        work = [await worked(client, place) for place in (one, other)]
        found[name] = {
            "queries": {"first": work[0][0], "later": work[1][0]}, "work": {"first": work[0][1], "later": work[1][1]},
            "later_to_first": round(statistics.median(ratios), 2),
        }  # fmt: skip
    return found


async def timed(client: httpx.AsyncClient, path: str) -> float:
    started = time.perf_counter()
    (await client.get(path)).raise_for_status()
    return time.perf_counter() - started


async def worked(client: httpx.AsyncClient, path: str) -> tuple[int, int]:
    """How many statements a page takes, and how much work they are."""
    await timed(client, path)
    with noted() as seen:
        await timed(client, path)
    return len(seen), sum([await work_of(sql, args) for sql, args in seen])


@contextmanager
def noted() -> Iterator[list[tuple[str, Any]]]:
    """The statements of the engine with their values."""
    kind, seen = type(database.engine), []
    execute = kind.execute

    async def note(self: Any, sql: str, args: Any) -> Any:
        seen.append((sql, args))
        return await execute(self, sql, args)

    kind.execute = note
    try:
        yield seen
    finally:
        kind.execute = execute


async def work_of(sql: str, args: Any) -> int:
    if not sql.lstrip().startswith(("SELECT", "WITH")):
        return 0
    return steps(sql, args) if SQLITE else rows_read(json.loads((await database.engine.fetch(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", args))[0]["QUERY PLAN"])[0]["Plan"])  # fmt: skip


def steps(sql: str, args: Any) -> int:
    """Steps of SQLite's machine, by tens: it has no other count."""
    counted, reader = [0], database.engine.reader

    def count() -> int:
        counted[0] += 10
        return 0

    reader.set_progress_handler(count, 10)
    reader.execute(sql, args).fetchall()
    reader.set_progress_handler(None, 0)
    return counted[0]


def rows_read(plan: dict[str, Any]) -> int:
    """The rows that the scans of a plan touched, those that were thrown away included."""
    own = 0
    if "Scan" in plan["Node Type"]:
        thrown = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        own = (plan["Actual Rows"] + thrown) * plan["Actual Loops"]
    return round(own) + sum(rows_read(part) for part in plan.get("Plans", []))


async def file(vendor_id: int, kind: str) -> dict[str, float]:
    """All rows as a table: seconds for 100,000 rows, megabytes altogether, and by how many the process grew."""
    before, most, size, rows, started = memory(), 0.0, 0, 0, time.perf_counter()
    async for piece in table(vendor_id, kind):
        size, rows, most = size + len(piece), rows + piece.count(b"\n"), max(most, memory())
    spent = time.perf_counter() - started
    return {
        "rows": rows - 1, "seconds_per_100000": round(spent / rows * 100_000, 2), "megabytes": round(size / 1e6, 1),
        "grew_by_megabytes": round(most - before, 1),
    }  # fmt: skip


def memory() -> float:
    """Resident megabytes of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text())))
