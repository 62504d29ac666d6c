"""`litestar webhook …`: look into the inbox and work events again."""

from __future__ import annotations

import click

from commands.running import with_database
from tables.vendor import Vendor
from tables.webhook_event import BODY_KEPT, WebhookEvent


@click.group()
def webhook() -> None:
    """Events that came in."""


@webhook.command(name="list")
@click.option("--vendor", "slug", required=True, help="The vendor's slug.")
@click.option("--status", type=click.Choice(["received", "parked", "processed", "ignored", "failed"]))
@click.option("--limit", default=20, show_default=True)
@with_database
async def list_(slug: str, status: str | None, limit: int) -> None:
    """List a vendor's events, newest first."""
    query = WebhookEvent.objects().where(WebhookEvent.vendor == await vendor_id(slug))
    if status:
        query = query.where(WebhookEvent.status == status)
    for row in await query.order_by(WebhookEvent.id, ascending=False).limit(limit):
        print(f"{row.id:>8} {row.received_at:%Y-%m-%d %H:%M} {row.status:<10} {row.event_type:<32} "
              f"{row.error or row.waiting_for or row.outcome or ''}")  # fmt: skip


@webhook.command()
@click.argument("ids", nargs=-1, type=int)
@click.option("--vendor", "slug", required=True, help="The vendor's slug.")
@click.option("--failed", is_flag=True, help="Every event that failed.")
@with_database
async def replay(ids: tuple[int, ...], slug: str, failed: bool) -> None:
    """Work events again as if they had just come; safe to repeat."""
    vendor = await vendor_id(slug)
    chosen = list(ids)
    if failed:
        rows = await WebhookEvent.select(WebhookEvent.id).where(
            WebhookEvent.vendor == vendor, WebhookEvent.status == "failed"
        )  # fmt: skip
        chosen += [row["id"] for row in rows]
    if not chosen:
        raise ValueError("name event ids, or --failed; there is nothing to replay")
    found, bodiless = await WebhookEvent.replay(vendor, chosen), await WebhookEvent.bodiless(vendor, chosen)
    print(f"{found} event(s) will be worked again by the next worker.")
    if bodiless:
        print(f"{bodiless} cannot be: bodies are emptied {BODY_KEPT.days} days after an event has ended.")


async def vendor_id(slug: str) -> int:
    row = await Vendor.select(Vendor.id).where(Vendor.slug == slug).first()
    if row is None:
        raise ValueError(f"there is no vendor {slug!r}")
    return int(row["id"])
