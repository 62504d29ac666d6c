"""A browser for tests: keeps cookies, says where its posts come from, and reads forms as people see them."""

from __future__ import annotations

import asyncio
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import html5lib
import httpx

ORIGIN = "http://127.0.0.1:8000"
TOKEN = re.compile(r'(name="_csrf" value=")[^"]*')
CHECKED = ("radio", "checkbox")
REFERENCE = re.compile(r"\b[0-9a-f]{16}\b")


def tree(page: httpx.Response | str) -> Any:
    """The document as a browser parses it."""
    text = page if isinstance(page, str) else page.text
    return html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)


def normal(page: httpx.Response) -> str:
    """A page without what differs at every render: form tokens and request ids."""
    return REFERENCE.sub("…", TOKEN.sub(r"\1…", page.text))


def words(page: httpx.Response) -> str:
    """The text people read, in one line."""
    return " ".join(" ".join(tree(page).itertext()).split())


class FormReader(HTMLParser):
    """The forms of a page. tests/web/test_html.py sees to it that there is nothing in ours that a browser would repair."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = 0
        self.found: list[tuple[bool, str, dict[str, str]]] = []
        self.open: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "main":
            self.inside += 1
        elif tag == "form":
            self.open = {}
            self.found.append((self.inside > 0, named.get("action"), self.open))
        elif tag == "input" and self.open is not None and is_sent(named):
            self.open.setdefault(named["name"], named.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.inside -= 1
        elif tag == "form":
            self.open = None


def is_sent(field: dict[str, str]) -> bool:
    return bool(field.get("name")) and (field.get("type") not in CHECKED or "checked" in field)


def forms(page: httpx.Response) -> dict[str, dict[str, str]]:
    """Action → fields of each form; of two forms with one action the one inside main counts, of two fields the first."""
    reader = FormReader()
    reader.feed(page.text)
    return {action: sent for _, action, sent in sorted(reader.found, key=lambda form: form[0])}


class Browser:
    """One person's browser on one address of the network."""

    def __init__(self, app: Any, origin: str = ORIGIN, ip: str = "198.51.100.7") -> None:
        self.origin = origin
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, client=(ip, 50000)), base_url=origin,
            headers={"user-agent": "Mozilla/5.0 (test)", "accept": "text/html", "accept-encoding": "identity"},
        )  # fmt: skip

    @property
    def cookies(self) -> httpx.Cookies:
        return self.client.cookies

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(path, headers=named(headers))

    async def head(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.head(path, headers=named(headers))

    async def htmx_get(self, path: str, **headers: str) -> httpx.Response:
        return await self.get(path, hx_request="true", **headers)

    async def post(self, path: str, fields: Any = None, **headers: str) -> httpx.Response:
        """A form sent by a page of this very site."""
        own = {"origin": self.origin, "sec-fetch-site": "same-origin", "referer": f"{self.origin}{urlsplit(path).path}"}
        return await self.client.post(path, data=fields or {}, headers=own | named(headers))

    async def submit(self, page: httpx.Response, action: str, *, htmx: bool = False, **fields: str) -> httpx.Response:
        """Fill in and send the form of a page that goes to `action`, with its hidden fields."""
        form = forms(page)[action]
        return await self.post(action, form | fields, **({"hx_request": "true"} if htmx else {}))

    async def token(self, page: str) -> str:
        """The form token that a page gives this browser."""
        return next(fields["_csrf"] for fields in forms(await self.get(page)).values() if "_csrf" in fields)

    async def close(self) -> None:
        await self.client.aclose()


def named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


class Answer:
    """A response as it left the application, message by message."""

    def __init__(self) -> None:
        self.status_code, self.headers, self.body = 0, httpx.Headers(), b""
        self.complete = asyncio.Event()

    async def take(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status_code, self.headers = message["status"], httpx.Headers(message["headers"])
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                self.complete.set()

    @property
    def text(self) -> str:
        return self.body.decode()


async def raw(app: Any, method: str, path: str, headers: Any = (), chunks: list[bytes] | None = None, *,
              query: bytes = b"",
              host: Any = (b"127.0.0.1:8000",), ip: str = "198.51.100.7") -> Answer:  # fmt: skip
    """Speak ASGI to the application: what no HTTP client would send, and what none would show."""
    pending, answer = chunks or [b""], Answer()

    async def receive() -> Any:
        if not pending:
            await answer.complete.wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pending.pop(0), "more_body": bool(pending)}

    await app({
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode("utf-8", "replace"), "query_string": query, "root_path": "",
        "headers": [*((b"host", name) for name in host), *headers], "client": (ip, 50000),
        "server": ("127.0.0.1", 8000),
    }, receive, answer.take)  # fmt: skip
    return answer
