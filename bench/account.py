"""What a customer's pages cost with few rows, with a little over a page of them, and with very many.

    python -m bench.account TOKENS.JSON

Statements and bytes of every page of My Account, and how long the page takes with very many against a page full:
alternating, the median of the pairs.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import httpx

import database
from app import create_app
from bench.run import COOKIE
from bench.seed import SIZES
from controllers.center.account import MORE, TABS
from settings import settings

PAGES = ["/account", "/account/profile", *(f"/account{tab.path}" for tab in (*TABS, *MORE)), "/courses",
         "/account/orders?q=00007"]  # fmt: skip
PAIRS = 25


async def main(tokens: dict[str, str]) -> None:
    app = create_app()
    transport = httpx.ASGITransport(app)
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client:
        costs = {path: await cost(client, path, tokens) for path in PAGES}
    print(json.dumps(costs))


async def cost(client: httpx.AsyncClient, path: str, tokens: dict[str, str]) -> dict[str, Any]:
    """Statements and bytes for each customer, and the time of `many` against `page`."""
    counts, sizes = {}, {}
    for name in SIZES:
        await ask(client, path, tokens[name])
        seen: list[str] = []
        database.statements.append(seen.append)
        sizes[name] = len(await ask(client, path, tokens[name]))
        database.statements.remove(seen.append)
        counts[name] = len(seen)
    ratios = [
        await timed(client, path, tokens["many"]) / await timed(client, path, tokens["page"]) for _ in range(PAIRS)
    ]
    return {"queries": counts, "bytes": sizes, "many_to_page": round(statistics.median(ratios), 2)}


async def ask(client: httpx.AsyncClient, path: str, token: str) -> bytes:
    answer = await client.get(f"/acme{path}", headers={"cookie": f"{COOKIE}={token}", "accept-encoding": "identity"})
    return answer.raise_for_status().content


async def timed(client: httpx.AsyncClient, path: str, token: str) -> float:
    started = time.perf_counter()
    await ask(client, path, token)
    return time.perf_counter() - started


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text())))
