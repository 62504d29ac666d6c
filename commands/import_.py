"""`litestar import …`: take records over from elsewhere, with the progress in the terminal."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

import click

import database
from commands.running import with_database
from integrations.clickfunnels.api import Busy, Refused
from integrations.clickfunnels.importing import FIRST, NAMES
from integrations.clickfunnels.workspaces import check
from jobs.import_clickfunnels import turns
from jobs.stopping import Stopping
from tables.audit_entry import AuditEntry
from tables.import_refusal import ImportRefusal
from tables.import_run import TALLIES, ImportRun
from tables.vendor import CLICKFUNNELS, Vendor

IDLE_SECONDS = 1.0
OPERATOR = "The operator"


@click.group(name="import")
def import_() -> None:
    """Take over records from elsewhere."""


@import_.command()
@click.option("--vendor", "slug", required=True, help="The vendor's slug.")
@click.option("--token-file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
              help="A file with the API token, or - for standard input; kept encrypted from then on.")  # fmt: skip
@click.option("--subdomain", help="acme of acme.myclickfunnels.com, where it is not known yet.")
@click.option("--workspace", default="", help="The workspace's ID, where ClickFunnels does not tell it.")
@click.option("--welcome", is_flag=True, help="Mail a welcome to customers who were never here.")
@click.option("--anew", is_flag=True, help="Begin a new run instead of going on with one that was stopped or failed.")
@click.option("--check", "only_check", is_flag=True, help="Only look at what the token sees.")
@with_database
async def clickfunnels(slug: str, token_file: Path | None, subdomain: str | None, workspace: str, welcome: bool,
                       anew: bool, only_check: bool) -> None:  # fmt: skip
    """Import a vendor's courses, customers and orders from ClickFunnels; safe to run again.

    Ctrl-C stops it, and the same command goes on. Ends with 0 when all was read, refused records or not, else with 1.
    """
    vendor = await Vendor.objects().where(Vendor.slug == slug).first()
    if vendor is None:
        raise ValueError(f"there is no vendor {slug!r}")
    if token_file or only_check:
        await connect(vendor, token_file, subdomain, workspace)
    if only_check:
        return
    run = await begin(await Vendor.objects().get(Vendor.id == vendor.id), welcome, anew)
    await tell_end(await follow(run))


async def connect(vendor: Vendor, token_file: Path | None, subdomain: str | None, workspace: str) -> None:
    """Look at the workspace, and keep token and workspace once they have been seen to work."""
    token = read(token_file) if token_file else vendor.api_token
    name = (subdomain or vendor.subdomain or "").removesuffix(CLICKFUNNELS)
    if not token or not name:
        raise ValueError("name the token with --token-file and the workspace with --subdomain")
    try:
        sight = await check(name, token, workspace or ("" if token_file else vendor.clickfunnels_workspace or ""))
    except (Refused, Busy) as error:
        raise ValueError(str(error)) from None

    async def work() -> None:
        await Vendor.keep_token(vendor.id, token)
        await Vendor.keep_workspace(vendor.id, sight.subdomain, sight.workspace, json.dumps(sight._asdict()))
        await AuditEntry.record(vendor.id, None, "import.token_kept", sight.subdomain, workspace=sight.workspace)

    await database.transaction(work)
    lists = ", ".join(f"{number}{' or more' if more else ''} {name}" for name, (number, more) in sight.lists.items())
    print(f"{sight.name} ({sight.workspace}): {lists}")


def read(token_file: Path) -> str:
    return (sys.stdin.read() if str(token_file) == "-" else token_file.read_text()).strip()


async def begin(vendor: Vendor, welcome: bool, anew: bool) -> ImportRun:
    """The run that is open, the last one gone on with, or a new one."""
    if not vendor.api_token or not vendor.clickfunnels_workspace:
        raise ValueError("there is no API token yet; name it with --token-file and the workspace with --subdomain")

    async def work() -> ImportRun | None:
        await Vendor.hold(vendor.id)
        last = await ImportRun.newest(vendor.id)
        if last and (last.is_open or (not anew and await ImportRun.go_on(vendor.id, last.public_id))):
            return await ImportRun.own(vendor.id, last.public_id)
        workspace = vendor.clickfunnels_workspace or ""
        run = await ImportRun.start(vendor.id, workspace, FIRST, OPERATOR, welcome)
        if run:
            await AuditEntry.record(vendor.id, None, "import.started", workspace, welcomes=welcome)
        return run

    run = await database.transaction(work)
    if run is None:
        raise ValueError("another import has just begun; try again")
    return run


async def follow(run: ImportRun) -> ImportRun:
    """Work the run, or watch whoever does, until it ends; a line for each change."""
    stopping, said, loop = Stopping(), "", asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, lambda: setattr(stopping, "asked", True))
    try:
        while run.is_open:
            taken = await turns(await ImportRun.take(1, run.vendor), stopping)
            if stopping.asked:
                await ImportRun.stop(run.vendor, run.public_id)
            run = await ImportRun.own(run.vendor, run.public_id) or run
            said = tell(run, said)
            if run.is_open and not taken:
                await asyncio.sleep(IDLE_SECONDS)
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
    return run


def tell(run: ImportRun, said: str) -> str:
    """Print how far it is, if that is news."""
    tally = run.tallies.get(run.resource, dict.fromkeys(TALLIES, 0))
    line = f"{NAMES.index(run.resource) + 1}/{len(NAMES)} {run.resource}: " + counted(tally)
    line += f" ({run.error}; waiting)" if run.state == "waiting" else ""
    if line != said:
        print(line, flush=True)
    return line


def counted(tally: dict[str, int]) -> str:
    return ", ".join(f"{tally[name]} {name}" for name in TALLIES)


async def tell_end(run: ImportRun) -> None:
    """The report; raises ValueError for a run that did not come to its end."""
    for name, tally in run.tallies.items():
        print(f"{name:<13} {counted(tally)}")
    for refusal in await ImportRefusal.of(run):
        print(f"refused {refusal.resource} {refusal.clickfunnels_id}: {refusal.reason}")
    if run.state == "stopped":
        raise ValueError("stopped; the same command goes on where it stood")
    if run.state != "done":
        raise ValueError(run.error or run.state)
    print("Done. Nothing was changed in ClickFunnels.")
