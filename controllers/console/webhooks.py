"""The webhook inbox: every event with what it changed, and working events again."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from tables.audit_entry import AuditEntry
from tables.daily_figure import REFUSED, DailyFigure, today_in
from tables.member import ADMIN
from tables.webhook_event import PAGE, RECEIVED, WebhookEvent
from theming.console.webhook_words import body, emptied, event, facts, refusals, replayed, states, topics, verdict
from theming.formats import minute
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.downloads import as_text
from web.errors import Refused
from web.filters import choices, filtered, number_of
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen

CHOSEN = "event-"
"""How the names of the checkboxes begin; the id of the event comes behind it."""


@screen("/webhooks")
async def index(request: Request) -> Response:
    vendor, asked = vendor_of(request), query_of(request)
    rows = await found(request, states(), topics())
    rows, paging = page(
        request, filtered(request, "/webhooks", "state", "topic", "q"), rows, PAGE, [row["id"] for row in rows]
    )
    return render(
        request, "console/webhooks/index", layout="console", title=_("Webhooks"), paging=paging,
        events=[shown(request, row) for row in rows], refused=await refused(vendor), q=asked.get("q", ""),
        states=choices(request, "/webhooks", "state", states()), topics=choices(request, "/webhooks", "topic", topics()),
        state=asked.get("state", ""), topic=asked.get("topic", ""),
        notice=replayed(number_of(request, "again"), number_of(request, "emptied")),
    )  # fmt: skip


@screen("/webhooks/replay", opt={"role": ADMIN})
async def ask_replay(request: Request) -> Response:
    return redirect(request, desk(request, "/webhooks"))


@post("/webhooks/replay", opt={"role": ADMIN})
async def replay_many(request: Request) -> Response:
    """Those that were ticked, or every one that failed, up to 500."""
    vendor_id, fields = vendor_of(request).id, form_of(request)
    if fields.get("failed"):
        ids = await WebhookEvent.failed_ids(vendor_id)
    else:
        ids = await WebhookEvent.ids_of(vendor_id, [name[len(CHOSEN) :] for name in fields if name.startswith(CHOSEN)])
    again, bodiless = await work_again(request, ids, "")
    return redirect(request, desk(request, f"/webhooks?again={again}&emptied={bodiless}"))


@screen("/webhooks/{event:str}")
async def show(request: Request, event: Part) -> Response:
    row, zone = await own(request, event), vendor_of(request).zone
    times = [minute(row[name], zone, "en") for name in ("received_at", "processed_at", "next_try_at")]
    return render(
        request, "console/webhooks/show", layout="console", title=row["event_type"] or _("Event"),
        event=shown(request, row), verdict=verdict(row), waiting=row["status"] == RECEIVED, facts=facts(row, *times),
        body=body(row["body"]), emptied="" if row["body"] else emptied(),
        notice=replayed(number_of(request, "again"), number_of(request, "emptied")),
    )  # fmt: skip


@screen("/webhooks/{event:str}/body")
async def download(request: Request, event: Part) -> Response:
    """The whole body as it came, to be saved and never shown."""
    row = await own(request, event)
    return as_text(row["body"], f"webhook-{row['public_id']}.txt")


@screen("/webhooks/{event:str}/replay", opt={"role": ADMIN})
async def ask_replay_one(request: Request, event: Part) -> Response:
    return redirect(request, desk(request, f"/webhooks/{(await own(request, event))['public_id']}"))


@post("/webhooks/{event:str}/replay", opt={"role": ADMIN})
async def replay(request: Request, event: Part) -> Response:
    row = await own(request, event)
    again, bodiless = await work_again(request, [row["id"]], row["event_id"])
    return redirect(request, desk(request, f"/webhooks/{event}?again={again}&emptied={bodiless}"))


ROUTES = [index, ask_replay, replay_many, show, download, ask_replay_one, replay]


async def found(request: Any, known_states: Any, known_topics: Any) -> list[Any]:
    """The events that are searched for, by an id or a type, whole; without a search those that the filters leave."""
    vendor_id, older, asked = vendor_of(request).id, below(request), query_of(request)
    if wanted := asked.get("q", "").strip():
        by_id = await WebhookEvent.listed(vendor_id, older, event_id=wanted)
        return by_id or await WebhookEvent.listed(vendor_id, older, event_type=wanted)
    equal = {"topic": asked.get("topic") or "", "status": asked.get("state") or ""}
    known = {"topic": known_topics, "status": known_states}
    return await WebhookEvent.listed(
        vendor_id, older, **{name: value for name, value in equal.items() if value in known[name]}
    )


async def own(request: Any, public_id: str) -> Any:
    row = await WebhookEvent.own(vendor_of(request).id, public_id)
    if row is None:
        raise Refused(404)
    return row


def shown(request: Any, row: Any) -> dict[str, Any]:
    href = center_of(request).url(desk(request, f"/webhooks/{row['public_id']}")) if row["public_id"] else ""
    return event(row, href, minute(row["received_at"], vendor_of(request).zone, "en"))


async def refused(vendor: Any) -> str:
    """Today's deliveries that were not accepted, in words."""
    row = await DailyFigure.of(vendor.id, today_in(vendor.zone), REFUSED)
    return refusals(row["count"], minute(row["last_at"], vendor.zone, "en")) if row else ""


async def work_again(request: Any, ids: list[int], subject: str) -> tuple[int, int]:
    """Hand events to the worker once more; returns how many, and how many have no body any more."""
    vendor_id, member = vendor_of(request).id, member_of(request)

    async def work() -> tuple[int, int]:
        again = await WebhookEvent.replay(vendor_id, ids) if ids else 0
        bodiless = await WebhookEvent.bodiless(vendor_id, ids) if ids else 0
        if again:
            await AuditEntry.record(vendor_id, member, "webhook.replayed", subject, events=again)
        return again, bodiless

    counts = await database.transaction(work)
    request.app.state.worker.wake()
    return counts
