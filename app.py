"""create_app(): the wiring and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from servestatic import ServeStaticASGI

import database
from commands import Commands
from controllers import ROUTES
from jobs.worker import Worker
from settings import settings
from theming import assets, words
from web import errors, logs, uploads
from web.edge import Edge
from web.requests import check
from web.session import SessionLoader
from web.tenancy import Tenancy


class App(Litestar):
    """Litestar inside our own layers, which see every request and every answer, 404s included."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await super().__call__(scope, receive, send)
        await self.state.front(scope, receive, send)

    async def route(self, scope: Any, receive: Any, send: Any) -> None:
        await super().__call__(scope, receive, send)


def create_app() -> App:
    assets.manifest()
    words.warm()
    app = App(
        route_handlers=ROUTES,
        before_request=check,
        exception_handlers={Exception: errors.handle},
        lifespan=[running],
        plugins=[Commands()],
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    uploads.announce(app)
    static = ServeStaticASGI(
        Tenancy(SessionLoader(app.route)), root=assets.OUT, prefix="static/", allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
    )  # fmt: skip
    app.state.front = Edge(static)
    return app


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[None]:
    """The engine and, unless it runs on its own, the worker."""
    logs.configure()
    await database.engine.start()
    app.state.worker = worker = Worker()
    if settings.worker:
        worker.start()
    try:
        yield
    finally:
        await worker.stop()
        await database.engine.stop()
