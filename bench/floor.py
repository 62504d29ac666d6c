"""The floor: a bare Litestar handler for each page, with the same SQL run by hand and the same HTML rendered.

No tenancy, no session layer, no form tokens, no headers, no Piccolo. On SQLite it keeps one connection and asks it
directly; on PostgreSQL it uses asyncpg's pool. What it leaves out is what our house costs.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from litestar import Litestar, Request, Response, get
from markupsafe import Markup

import database
import engines
from commands.run import serve
from forms.sign_in import EmailForm
from tables.enrollment import enrollments_of, outlines_of
from tables.order import PAGE, newest_orders
from tables.order_list import years_in
from tables.outline import Builder, access_of
from tables.session import IDLE, live_session, token_hash
from tables.vendor import Vendor
from theming.center import center_of
from theming.course_words import CourseWords
from theming.environment import environment
from theming.formats import day, money
from theming.order_filters import order_filters
from theming.words import _
from web.rendering import HTMX

TOKEN = Markup('<input type="hidden" name="_csrf" value="{}">').format("x" * 88)
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
SQLITE = database.engine.engine_type == "sqlite"
TABS = [("subscriptions", "Subscriptions"), ("courses", "Courses"), ("orders", "Orders"),
        ("credit-memos", "Credit Memos"), ("payment-methods", "Payment Methods"), ("addresses", "Addresses"),
        ("phone-numbers", "Phone Numbers")]  # fmt: skip


state: dict[str, Any] = {}


async def run(query: database.Bound, **values: Any) -> Any:
    sql, args = (
        state["sql"][query],
        [values[slot.name] if isinstance(slot, database.Parameter) else slot for slot in query.slots],
    )
    if SQLITE:
        return state["sqlite"].execute(sql, args).fetchall()
    async with state["pool"].acquire() as connection:
        return await connection.fetch(sql, *args)


def compiled(query: database.Bound) -> str:
    """The text of a query, worked out once at start."""
    built = query.build(*(database.Parameter(name) for name in query.names))
    query.sql, query.slots = built.querystrings[0].compile_string(engine_type=database.engine.engine_type)
    return query.sql


async def person(request: Request) -> Any:
    token = request.headers["cookie"].split("center-acme=")[1].split(";")[0]
    now = database.now()
    rows = await run(live_session, vendor=1, hashed=token_hash(token), now=now, idle_since=now - IDLE)
    row = rows[0]
    name = f"{row['first_name']} {row['last_name']}"
    return row["customer"], {"name": name, "initials": "AA", "email": row["email"], "avatar": None}


def page(layout: str, partial: str, title: str, who: Any, **context: Any) -> Response:
    center = state["center"]
    html = environment(None).get_template(f"layouts/{layout}.html").render(
        base="layouts/page.html", partial=f"partials/{partial}.html", center=center, person=who, url=center.url,
        stylesheets=center.sheets, csrf=lambda: TOKEN, title=title, lang="en", dir="ltr", htmx_config=HTMX,
        document_title=f"{title} · {center.name}", notice=None, banners=(), scripts=True, **context,
    )  # fmt: skip
    return Response(html.encode(), media_type="text/html; charset=utf-8")


@get("/acme/account/orders")
async def orders(request: Request) -> Response:
    customer, who = await person(request)
    rows = await run(newest_orders, vendor=1, customer=customer)
    center, shown = state["center"], []
    for row in rows[:PAGE]:
        shown.append({
            "number": row["number"], "href": f"/acme/account/orders/{row['number']}",
            "date": day(row["placed_at"], center.zone, "en"), "summary": row["summary"],
            "status": {"label": "Paid", "tone": "good"}, "total": money(row["total"], row["currency"], "en"),
            "ended": None,
        })  # fmt: skip
    older = None
    if len(rows) > PAGE:
        micros = (rows[PAGE - 1]["placed_at"] - EPOCH) // MICROSECOND
        older = f"/acme/account/orders?older={micros}-{rows[PAGE - 1]['id']}"
    tabs = [{"label": label, "href": f"/acme/account/{path}", "current": path == "orders"} for path, label in TABS]
    filters = order_filters("/acme/account/orders", {"state": "", "year": "", "q": ""}, years_in(rows, center.zone))
    return page("account", "account/orders", "Orders", who, orders=shown, tabs=tabs, filters=filters,
                paging={"newer": None, "older": older})  # fmt: skip


@get("/acme/courses")
async def hub(request: Request) -> Response:
    customer, who = await person(request)
    now, words, shown, carry_on = database.now(), CourseWords(state["center"]), [], None
    rows = await run(enrollments_of, vendor=1, customer=customer)
    parts = await run(outlines_of, vendor=1, customer=customer)
    for row in rows:
        access = access_of(row, now)
        outline = Builder(row, parts, access, now).build()
        shown.append(words.card(row, access, outline))
        carry_on = words.carry_on(row, outline, outline.carry_on)
    return page("main", "courses/index", _("Your courses"), who, carry_on=carry_on, courses=shown)


@get("/acme/sign-in")
async def email_step(request: Request) -> Response:
    return page("narrow", "sign_in/email", "Sign in", None, form=state["form"], next="")


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[None]:
    if SQLITE:
        state["sqlite"] = sqlite3.connect(
            database.engine.path, detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES, isolation_level=None
        )
        state["sqlite"].row_factory = sqlite3.Row
    else:
        state["pool"] = await asyncpg.create_pool(
            **database.engine.config, min_size=4, max_size=10, connection_class=engines.PlainConnection
        )
    state["sql"] = {query: compiled(query) for query in (live_session, newest_orders, enrollments_of, outlines_of)}
    state["center"], state["form"] = center_of(await Vendor.sellers().first()), EmailForm()
    yield
    await database.engine.stop()


def create_app() -> Litestar:
    return Litestar([orders, hub, email_step], lifespan=[running], openapi_config=None, logging_config=None)


if __name__ == "__main__":
    serve("bench.floor:create_app", host="127.0.0.1", port=int(os.environ["FLOOR_PORT"]), fd=None, workers=2)
