"""One `render` for every page: the whole document, or only its title and main for htmx."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import brotli
from litestar import Response

from theming import words
from theming.assets import static
from theming.center import Center, center_of
from theming.console import viewing_words
from theming.environment import environment
from theming.formats import day
from theming.partials import kept as partials
from theming.words import _
from web import csrf
from web.cookies import presession_cookie

COMPRESS_ABOVE = 1024
SAFE_PATH = re.compile(r"/(?!/)[\x21-\x5b\x5d-\x7e]{0,511}")
NEVER_NEXT = frozenset(
    "sign-in sign-out password pay sso email deletion confirmation setup invitation entry view".split()
)  # fmt: skip
"""The first parts of paths that nobody is sent on to: a whole part each, for a vendor may be called `viewpoint`."""

HTMX = json.dumps(
    {
        "historyCacheSize": 0, "refreshOnHistoryMiss": True, "historyRestoreAsHxRequest": False,
        "includeIndicatorStyles": False, "allowEval": False, "allowScriptTags": False, "selfRequestsOnly": True,
        "disableInheritance": True,
        "responseHandling": [
            {"code": "204", "swap": False}, {"code": "[23]..", "swap": True}, {"code": "422", "swap": True},
            {"code": "[45]..", "swap": True, "error": True},
        ],
    },
    separators=(",", ":"),
)  # fmt: skip


def is_htmx(state: Any) -> bool:
    return state["headers"].get(b"hx-request") == b"true"


def wants_fragment(state: Any) -> bool:
    """A fragment goes out to htmx alone: not for boosted links, and not when it restores its history."""
    headers = state["headers"]
    return is_htmx(state) and not (b"hx-boosted" in headers or b"hx-history-restore-request" in headers)


def page(scope: Any, partial: str, *, layout: str, title: str, form: Any = None, **context: Any) -> str:
    """The HTML of a screen for this request."""
    state = scope["state"]
    center: Center = state["center"]
    tag = words.language.get()
    vendor = state.get("vendor")
    document = f"{title} · {vendor.name if vendor else center.name}"
    variables = {
        "base": "layouts/fragment.html" if wants_fragment(state) else "layouts/page.html",
        "partial": f"partials/{partial}.html", "center": center, "person": state["person"], "url": center.url,
        "stylesheets": center.sheets, "csrf": lambda: csrf.field(state), "title": title, "lang": tag.replace("_", "-"),
        "document_title": _("Error: %(title)s", title=document) if form is not None and form.errors else document,
        "dir": words.direction(tag), "htmx_config": HTMX, "notice": None, "banners": banners(state), "scripts": True,
        "viewing": state["person"].viewing if state["person"] else None,
        "form": form, "tabs": state.get("tabs"), **desk(state), **context,
    }  # fmt: skip
    partials.show(center, state["person"])
    return environment(center.theme).get_template(f"layouts/{layout}.html").render(variables)


def desk(state: Any) -> dict[str, Any]:
    """What every page of a vendor's console has besides: whose it is, its menu, and `desk()` for addresses below it."""
    if (vendor := state.get("vendor")) is None:
        return {}
    center: Center = state["center"]
    return {
        "vendor": vendor, "member": state["member"], "menu": state.get("menu", []),
        "storefront": center_of(vendor).link("/"),
        "desk": lambda path="": center.url(f"/{vendor.slug}{path}"),
        "stylesheets": (*center.sheets, static("console.css")),
    }  # fmt: skip


def banners(state: Any) -> list[dict[str, Any]]:
    """What stands above every page of a signed-in person until it is settled."""
    center, person = state["center"], state["person"]
    closing = day(person.closes_at, center.zone, center.locale) if person else None
    if closing is None:
        return []
    if person.viewing:
        return [{"tone": "warn", "text": _("Your account will be deleted on %(date)s.", date=closing.text)}]
    keep = {"label": _("Keep my account"), "href": center.url("/account/data/deletion/withdrawal")}
    return [{"tone": "warn", "text": _("Your account will be deleted on %(date)s.", date=closing.text), "action": keep}]


def render(request: Any, partial: str, *, title: str, layout: str = "main", status: int = 200,
           **context: Any) -> Response[bytes]:  # fmt: skip
    """Answer with a screen: `partials/<partial>.html` in `layouts/<layout>.html`."""
    scope = request.scope
    body = page(scope, partial, layout=layout, title=title, status=status, **context).encode()
    # no-cache besides: lynx knows no other word, and would show a page again after the sign-out.
    headers = {
        "cache-control": "private, no-store, no-cache",
        "vary": "Cookie, HX-Request, Accept-Language, Accept-Encoding",
    }
    if status == 422:
        headers["hx-push-url"] = "false"
    if packed := packing(scope["state"], body):
        headers["content-encoding"], body = packed
    response = Response(body, status_code=status, media_type="text/html", headers=headers)
    return with_presession(scope["state"], response)


def with_presession(state: Any, response: Response[Any]) -> Response[Any]:
    """Give a signed-out browser that was shown a form the cookie that binds it."""
    if value := state.get("new_presession"):
        response.headers["set-cookie"] = presession_cookie(value)
    return response


def packing(state: Any, body: bytes) -> tuple[str, bytes] | None:
    """The body compressed at a low level, where the browser can read it; form tokens are masked, so this is safe."""
    accepted = state["headers"].get(b"accept-encoding", b"")
    if len(body) <= COMPRESS_ABOVE:
        return None
    if b"br" in accepted:
        return "br", brotli.compress(body, quality=4)
    return ("gzip", gzip.compress(body, 5, mtime=0)) if b"gzip" in accepted else None


def redirect(request: Any, path: str, *, new_frame: bool = False, cookie: str | Sequence[str] = (),
             headers: dict[str, str] | None = None) -> Response[bytes]:  # fmt: skip
    """303 to a path of this center. Where header and footer change too, htmx is told to load the whole page."""
    state = request.scope["state"]
    location = state["center"].url(path)
    if new_frame and is_htmx(state):
        response = Response(b"", status_code=200, media_type="text/html", headers={"hx-redirect": location})
    else:
        response = Response(b"", status_code=303, media_type="text/html", headers={"location": location})
    for name, value in (headers or {}).items():
        response.headers[name] = value
    if cookie:
        # A response's headers are a dict, which holds one of each name: the edge adds the rest.
        first, *state["more_cookies"] = [cookie] if isinstance(cookie, str) else cookie
        response.headers["set-cookie"] = first
        return response
    return with_presession(state, response)


def elsewhere(request: Any, address: str, cookie: str | Sequence[str] = ()) -> Response[bytes]:
    """303 to a page of another center of this server, or of the base host; never to an address that was given to us."""
    response = redirect(request, "", cookie=cookie)
    if is_htmx(request.scope["state"]):
        # It could not follow to another host.
        response.status_code = 200
        del response.headers["location"]
        response.headers["hx-redirect"] = address
    else:
        response.headers["location"] = address
    return response


def refusal(request: Any, status: int, heading: str, text: str) -> Response[bytes]:
    """An error page with words of its own, which says why."""
    return render(
        request, "errors/error", layout="narrow", status=status, title=heading, heading=heading, text=text,
        reference=None, action=None,
    )  # fmt: skip


def view_only(request: Any) -> Response[bytes]:
    """A form of somebody who only looks on."""
    return refusal(request, 403, viewing_words.REFUSED, viewing_words.REFUSED_TEXT)


def to_sign_in(request: Any) -> Response[bytes]:
    """Signed out: to the sign-in page, remembering where one wanted to go."""
    query = request.scope["query_string"].decode("latin-1")
    wanted = safe_next(request.scope["state"]["inner"] + (f"?{query}" if query else ""))
    return redirect(request, f"/sign-in?next={quote(wanted, safe='')}" if wanted != "/" else "/sign-in", new_frame=True)


def safe_next(path: str) -> str:
    """A path inside this center to go on to, or `/`: never another host, never the sign-in itself (ASVS 3.7.2)."""
    if not SAFE_PATH.fullmatch(path) or re.split(r"[/?#]", path, maxsplit=2)[1] in NEVER_NEXT:
        return "/"
    parts = urlsplit(path)
    return "/" if parts.scheme or parts.netloc else path
