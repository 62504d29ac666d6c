"""Counts the statements of each measured page in one process: `python -m bench.queries TOKEN`."""

from __future__ import annotations

import asyncio
import json
import sys

import httpx

import database
from app import create_app
from bench.run import COOKIE, PAGES
from settings import settings


async def main(token: str) -> None:
    app, counts = create_app(), {}
    transport = httpx.ASGITransport(app)
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client:
        for page, path in PAGES.items():
            cookies = {} if page == "email_step" else {"cookie": f"{COOKIE}={token}"}
            await client.get(path, headers=cookies)
            seen: list[str] = []
            database.statements.append(seen.append)
            (await client.get(path, headers=cookies)).raise_for_status()
            database.statements.remove(seen.append)
            counts[page] = len(seen)
    print(json.dumps(counts))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
