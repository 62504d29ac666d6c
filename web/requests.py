"""What a handler is given: the parsed form, the center and the person, after the checks every form goes through."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, Response, route
from litestar.params import FromPath

from tables.customer import Customer
from theming.center import Center
from theming.words import _
from web import csrf, kept_forms, rendering
from web.cookies import PRESESSION
from web.errors import Refused, SignedOut, ViewOnly
from web.session import Person
from web.uploads import is_multipart, printable

SIGNED_IN = {"signed_in": True}
"""Route option of pages that are for signed-in people."""

VIEWERS = {"viewers": True}
"""Route option of what somebody of the staff who looks on may do: to stop it, and to look at the next."""

OWNER_ONLY = {"owner_only": True}
"""Route option of pages that are for the customer's own eyes."""

Part = FromPath[str]
"""A parameter of the path."""

MAX_FIELDS = 200
SECRET_FIELDS = frozenset({"_csrf", "password", "password_confirmation", "code", "api_token", "secret"})


def screen(path: str, **options: Any) -> Any:
    """A handler for GET and HEAD."""
    return route(path, http_method=["GET", "HEAD"], **options)


def center_of(request: Any) -> Center:
    return request.scope["state"]["center"]


def person_of(request: Any) -> Person:
    """The signed-in customer; behind `SIGNED_IN` there always is one."""
    return request.scope["state"]["person"]


def form_of(request: Any) -> dict[str, str]:
    """The fields of a form that has passed the checks; the first of a name that comes twice."""
    return request.scope["state"]["form"]


def query_of(request: Any) -> dict[str, str]:
    return fields(request.scope["query_string"])


def prefetching(request: Any) -> bool:
    """Whether the browser only fetches it in advance; nobody has asked for it yet."""
    return b"prefetch" in request.scope["state"]["headers"].get(b"sec-purpose", b"")


async def customer_of(request: Any) -> Customer:
    """The whole row of the signed-in customer."""
    customer = await Customer.objects().where(
        Customer.vendor == center_of(request).vendor_id, Customer.id == person_of(request).customer_id
    ).first()  # fmt: skip
    if customer is None:
        raise SignedOut
    return customer


def require_person(request: Any) -> None:
    """The person has been looked up already; this only asks whether there is one where one is needed."""
    if lacks_person(request):
        raise SignedOut


def require_switch(request: Any, name: str) -> None:
    """A page that the vendor has switched off does not exist."""
    if name not in center_of(request).allowed:
        raise Refused(404)


def lacks_person(request: Any) -> bool:
    return request.scope["state"]["person"] is None and bool(request.scope["route_handler"].opt.get("signed_in"))


async def sign_in_first(request: Any) -> Response[Any]:
    """A form of somebody whose session has ended: kept where it can be told whose it is, until they are back."""
    kept = await kept_forms.keep(request, typed(request), form_of(request).get(csrf.FIELD, ""))
    if kept is None:
        raise SignedOut
    return kept


def typed(request: Any) -> dict[str, str]:
    """The fields of the form that may be shown again."""
    return {name: value for name, value in form_of(request).items() if name not in SECRET_FIELDS}


def fields(raw: bytes) -> dict[str, str]:
    """URL-encoded fields as UTF-8, without control characters; raises Refused when there are too many.

    Litestar's own parser keeps every body in memory and lets the sender choose the charset.
    """
    try:
        pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="replace")
    except ValueError:
        raise Refused(400) from None
    return {name: printable(value) for name, value in reversed(pairs)}


async def check(request: Request[Any, Any, Any]) -> Response[Any] | None:
    """Before every handler: a person where one is needed, and behind a form our own page and this session's token.

    A hook and not a guard: a guard of Litestar's costs a tenth of a millisecond on every page.
    """
    state, options = request.scope["state"], request.route_handler.opt
    safe = request.method in ("GET", "HEAD")
    looking = state["person"] is not None and state["person"].viewing is not None
    if looking and ("owner_only" in options if safe else "viewers" not in options):
        raise ViewOnly
    if safe or options.get("csrf") is False:
        return require_person(request)
    if is_multipart(state):
        return check_upload(request)
    state["form"] = fields(await request.body())
    if lacks_person(request):
        return await sign_in_first(request)
    if csrf.comes_from_us(state) and csrf.matches(state, state["form"].get(csrf.FIELD, "")):
        return None
    return refuse_form(request)


def check_upload(request: Request[Any, Any, Any]) -> Response[Any] | None:
    """The same for a form with a file, before any of it is read: `upload_of` looks at the token as it comes."""
    state = request.scope["state"]
    if not request.route_handler.opt.get("upload"):
        raise Refused(415)
    require_person(request)
    state["form"] = {}
    return None if csrf.comes_from_us(state) else refuse_form(request)


def refuse_form(request: Request[Any, Any, Any]) -> Response[Any]:
    """403, with the way out: cookies switched on, or the same form once more with what was typed."""
    state = request.scope["state"]
    if not csrf.comes_from_us(state):
        raise Refused(403)
    lost = not state["person"] and PRESESSION not in state["cookies"]
    return rendering.render(
        request, "sign_in/cookies" if lost else "errors/stale_form", layout="narrow", status=403,
        title=_("Please send this once more"), signed_out=False, typed=typed(request),
        action=state["center"].url(state.get("inner", "/")),
    )  # fmt: skip
