"""`litestar run`: the server. Replaces the stock command, whose access log shows tokens and which trusts proxies."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import Any

import click
import uvicorn
from uvicorn.supervisors import Multiprocess

import database
from commands.migrations import pending, refuse_pending
from commands.running import refuse_unsafe
from settings import settings
from tables.first_run import token
from tables.member import Member
from web import logs

GRACEFUL_SECONDS = 20
KEEP_ALIVE_SECONDS = 15
HEADER_BYTES = 48 * 1024


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; keep it behind a proxy.")
@click.option("--port", type=int, default=lambda: int(os.environ.get("PORT") or 8000), show_default="PORT or 8000")
@click.option("--workers", type=int, default=1, show_default=True, help="Server processes.")
@click.option("--fd", type=int, default=None, help="Serve an inherited socket instead (systemd).")
def run(host: str, port: int, workers: int, fd: int | None) -> None:
    """Serve the centers."""
    refuse_unsafe()
    asyncio.run(check_database())
    serve("app:create_app", host=host, port=port, fd=fd, workers=workers)


async def check_database() -> None:
    """Refuse an old schema; and say where the first owner begins, as long as there is none."""
    await refuse_pending()
    await database.engine.start()
    try:
        if not await pending() and not await Member.any_owner():
            print(f"Nobody owns a center here yet. Begin at {settings.base_url}/console/setup/{token()}", flush=True)
    finally:
        await database.engine.stop()


def serve(app: str, **options: Any) -> None:
    """Run uvicorn with the options that never vary."""
    logs.configure()
    config = Config(
        app, factory=True, log_config=None, http="h11", ws="none", lifespan="on", log_level="warning", access_log=False,
        server_header=False, proxy_headers=False, timeout_graceful_shutdown=GRACEFUL_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS, h11_max_incomplete_event_size=HEADER_BYTES, **options,
    )  # fmt: skip
    bound = config.bind_socket()
    if config.workers > 1:
        Multiprocess(config, sockets=[bound]).run()
    else:
        uvicorn.Server(config).run(sockets=[bound])


class Config(uvicorn.Config):
    """uvicorn's own, but without Nagle's delay.

    With several workers uvicorn's sockets do not say that they are TCP, so asyncio leaves the delay on, and every
    answer on a kept connection waits 40 ms for the other side's acknowledgement.
    """

    def bind_socket(self) -> socket.socket:
        bound = super().bind_socket()
        if bound.family in (socket.AF_INET, socket.AF_INET6):
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return bound
