"""Which workspace a token opens, and what can be seen there: the check before an import."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from integrations.clickfunnels.api import Api, Busy, Missing, Refused
from integrations.clickfunnels.values import clean

LOOKED_AT = ("courses", "contacts", "products", "orders")
MOST_PAGES = 10
SECONDS = 25


class Sight(NamedTuple):
    """What a token sees: of each list how many stand on its first page, and whether there are more."""

    workspace: str
    name: str
    subdomain: str
    lists: dict[str, tuple[int, bool]]


async def check(subdomain: str, token: str, workspace: str = "") -> Sight:
    """Look at a workspace while somebody waits for it. Raises Refused and Busy."""
    async with Api(subdomain, token) as api:
        api.pace = 0.0
        try:
            async with asyncio.timeout(SECONDS):
                return await look(api, subdomain, workspace)
        except TimeoutError:
            raise Busy("ClickFunnels did not answer in time") from None


async def look(api: Api, subdomain: str, workspace: str = "") -> Sight:
    """Find the workspace and look at its lists, changing nothing. Raises Refused and Busy."""
    found = await named(api, workspace) if workspace else await found_by(api, subdomain)
    lists = {}
    for name in LOOKED_AT:
        records, more = await api.page(f"/workspaces/{text(found, 'id')}/{name}")
        lists[name] = (len(records), more is not None)
    return Sight(text(found, "id"), text(found, "name"), text(found, "subdomain") or subdomain, lists)


async def named(api: Api, workspace: str) -> dict[str, Any]:
    if not workspace.isalnum() or not workspace.isascii():
        raise Refused("A workspace ID is a number, or a few letters, such as 42000 or eEUSvB")
    try:
        return await api.record(f"/workspaces/{workspace}")
    except Missing:
        raise Refused(f"The token does not see a workspace with the ID {workspace}") from None


async def found_by(api: Api, subdomain: str) -> dict[str, Any]:
    """The workspace with this subdomain, in any team the token belongs to."""
    try:
        teams = await everything(api, "/teams")
        spaces = [space for team in teams for space in await everything(api, f"/teams/{text(team, 'id')}/workspaces")]
    except Missing:
        raise Refused("ClickFunnels does not list the workspaces for this token; enter the workspace ID") from None
    matching = [space for space in spaces if text(space, "subdomain").lower() == subdomain]
    if not matching:
        raise Refused(
            f"The token sees no workspace called {subdomain}; check the subdomain, or enter the workspace ID"
        )  # fmt: skip
    return matching[0]


async def everything(api: Api, path: str) -> list[dict[str, Any]]:
    """All of a short list."""
    records, after = [], None
    for _ in range(MOST_PAGES):
        page = await api.page(path, after)
        records += page.records
        after = page.next
        if after is None:
            break
    return records


def text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return "" if value is None else " ".join(clean(str(value)).split())[:200]
