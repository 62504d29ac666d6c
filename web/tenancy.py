"""Whose center a request is for: the host, or the first part of the path on the base host."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote, urlsplit

from settings import settings
from tables.vendor import HOST, HOUSE, SLUG, Vendor, vendor_by_domain, vendor_by_slug
from theming import words
from theming.center import Center, center_of
from theming.partials import kept as partials
from web import errors
from web.edge import ASGI

INSIDE = "/~center"
"""Center routes live below this; no path from outside can begin with it, because a slug cannot hold a tilde."""

CONSOLE = "/~console"
"""The same for the console's own pages; its people sign in, and keep their account, on the pages of every center."""

PEOPLES = frozenset({"sign-in", "sign-out", "password", "email", "account", "deletion", "kept-forms"})
"""The first parts of paths that the console shares with every center."""

DASHBOARD = "dashboard"
"""What a person of the console has bought themselves: a page of it with an address of its own."""

CACHE_SECONDS = 5
EVERYWHERE = frozenset({"static", "theme", "media", "avatar", "favicon.ico", "robots.txt", ".well-known"})
BASE_ONLY = frozenset({"", "webhooks", "dev", "console", DASHBOARD})
ANY_HOST = frozenset({"health"})


class Tenancy:
    def __init__(self, app: ASGI) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        first = path.split("/", 2)[1] if path.startswith("/") else ""
        if first in ANY_HOST:
            return await self.app(scope, receive, send)
        host = scope["state"]["headers"][b"host"].decode("latin-1").lower()
        if host in base_hosts():
            return await self.on_base_host(scope, receive, send, first)
        center = await by_domain(host)
        if center is None:
            return await errors.send(scope, send, 421)
        await self.enter(scope, receive, send, center, path if first not in EVERYWHERE else None)

    async def on_base_host(self, scope: Any, receive: Any, send: Any, first: str) -> None:
        path = scope["path"]
        if first == HOUSE:
            return await self.enter_console(scope, receive, send, path[len(first) + 1 :])
        if first == DASHBOARD:
            return await self.enter_console(scope, receive, send, path, outside=path)
        if first in BASE_ONLY or first in EVERYWHERE:
            return await self.canonical(scope, receive, send, path)
        center = await by_slug(first)
        if center is None:
            return await errors.send(scope, send, 404)
        rest = path[len(first) + 1 :]
        if center.prefix == "" or rest == "":
            return await moved(scope, send, center.link(rest or "/"))
        await self.enter(scope, receive, send, center, rest)

    async def enter_console(self, scope: Any, receive: Any, send: Any, rest: str, outside: str | None = None) -> None:
        """The console is a center of the house, with pages of its own beside those every center has.

        One of them is at another address outside, which everything that was sent to `/console/dashboard` moves to.
        """
        center = await by_slug(HOUSE)
        if center is None:
            return await errors.send(scope, send, 503)
        if rest == "":
            return await moved(scope, send, center.link("/"))
        part = rest.split("/", 2)[1]
        if part == DASHBOARD and (outside is None or rest.endswith("/")):
            return await moved(scope, send, rest.rstrip("/"))
        shared = part in PEOPLES
        await self.enter(scope, receive, send, center, rest, INSIDE if shared else CONSOLE)

    async def enter(self, scope: Any, receive: Any, send: Any, center: Center, inner: str | None,
                    inside: str = INSIDE) -> None:  # fmt: skip
        """Go on inside the center, at a path the outside cannot name; None leaves a path that every host shares."""
        if inside == INSIDE:
            center = heard(center, scope["state"]["headers"].get(b"accept-language", b""))
        scope["state"]["center"] = center
        words.speak(center.locale, center.words)
        if inner is None:
            return await self.canonical(scope, receive, send, scope["path"])
        if inner != "/" and inner.endswith("/"):
            return await moved(scope, send, center.url(inner.rstrip("/")))
        scope["state"]["inner"] = inner
        scope["path"] = inside + inner
        scope["raw_path"] = scope["path"].encode()
        await self.app(scope, receive, send)

    async def canonical(self, scope: Any, receive: Any, send: Any, path: str) -> None:
        """One address for one page: no slash at the end."""
        if path != "/" and path.endswith("/"):
            return await moved(scope, send, path.rstrip("/"))
        await self.app(scope, receive, send)


def heard(center: Center, header: bytes) -> Center:
    """The center in the language the browser likes best; where that is the center's own, its formats stay."""
    wanted = words.preferred(header.decode("latin-1")) if header else None
    return center.speaking(wanted) if wanted and wanted != words.spoken(center.locale) else center


def base_hosts() -> set[str]:
    """The names the base host answers to; in development also the other names of this machine."""
    hosts = {settings.base_host}
    if not settings.production:
        port = urlsplit(settings.base_url).port
        hosts |= {f"{name}:{port}" if port else name for name in ("localhost", "[::1]", "127.0.0.1")}
    return hosts


kept: dict[tuple[str, str], tuple[float, Center | None]] = {}


async def by_slug(slug: str) -> Center | None:
    return await remembered("slug", slug) if SLUG.fullmatch(slug) else None


async def by_domain(host: str) -> Center | None:
    """The center of an exact host; a port counts only as BASE_URL has it."""
    name, _, port = host.partition(":")
    wanted = urlsplit(settings.base_url).port
    if not HOST.fullmatch(name) or (port or None) != (str(wanted) if wanted else None):
        return None
    return await remembered("domain", name)


async def remembered(kind: str, name: str) -> Center | None:
    """A vendor's center, read again when it is more than a few seconds old; only vendors that exist are kept."""
    found = kept.get((kind, name))
    if found and found[0] > time.monotonic():
        return found[1]
    rows = await (vendor_by_slug(slug=name) if kind == "slug" else vendor_by_domain(domain=name))
    if not rows:
        kept.pop((kind, name), None)
        return None
    center = center_of(Vendor(**dict(rows[0]), _exists_in_db=True))
    await partials.load(center)
    kept[kind, name] = (time.monotonic() + CACHE_SECONDS, center)
    return center


async def moved(scope: Any, send: Any, location: str) -> None:
    """308, which keeps the method; the query goes along."""
    query = scope["query_string"].decode("latin-1")
    address = quote(location, safe="/:~[]@!$&'()*+,;=") + (f"?{query}" if query else "")
    await send({"type": "http.response.start", "status": 308, "headers": [(b"location", address.encode())]})
    await send({"type": "http.response.body", "body": b""})
