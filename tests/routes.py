"""Every route of the application, and how to use it: what `tests/web/test_routes.py` drives.

A new route needs an entry in ROUTES: `sees` (who may see it), `fill` (its path parameters, as attributes of
`Belongings` or as plain text), and, if it takes a form, `form` (the fields of a good one) and `changes` (the tables and
columns a good one may change).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import database
from tables import Customer, Mail, Member, Vendor, VendorPartial, closing, first_run, hashing
from tables.address_parts import ALL
from tables.base import public_id
from tables.mail import opened
from tests.client import Browser
from tests.world import PICTURE, TEXTED, Belongings
from theming.center import center_of
from web.tenancy import CONSOLE, INSIDE

PARAMETER = re.compile(r"\{(\w+):str\}")
SESSION = frozenset({"sessions", "sessions.revoked_at", "sign_in_requests.used_at", "customers.first_signed_in_at",
                     "devices", "customers.avatar_due_at"})  # fmt: skip
ASKED = frozenset({"sign_in_requests", "mails", "rate_limits", "rate_limits.count"})

MOVED = frozenset({"customers.email", "customers.avatar_due_at", "mailed_links.used_at", "mails", "sessions.revoked_at",
                   "sign_in_requests.used_at"})  # fmt: skip

Form = Callable[[Browser, Belongings], Awaitable[dict[str, str]]]


class Route(NamedTuple):
    sees: str
    """`customer` (the signed-in owner), `asker` (a signed-out browser that asked for a mail), `anyone`, `machine`;
    in the console `person` (anybody signed in), or who works for the vendor: `staff`, `admin`, `owner`."""
    fill: Mapping[str, str] = {}
    form: Form | None = None
    changes: frozenset[str] = frozenset()
    shows: bool = True
    """Whether GET is an HTML page (and not a redirect, a file or JSON)."""
    private: bool = True
    """Whether its parameters name somebody's own records."""


async def the_address(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"email": own.customer.email}


async def nothing(browser: Browser, own: Belongings) -> dict[str, str]:
    return {}


async def the_code(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"code": (await mailed(own))[1]}


async def the_profile(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"first_name": "Alicia", "last_name": "Amaro", "default_address": own.address}


PASSWORD = "orchard tram kettle nine"
"""A good password; the cast has none until a test gives them one."""


async def the_password(browser: Browser, own: Belongings) -> dict[str, str]:
    hashed = hashing.passwords.hash(PASSWORD)
    await Customer.update({Customer.password_hash: hashed}).where(
        Customer.vendor == own.vendor.id, Customer.id == own.id
    )
    return {"email": own.customer.email, "password": PASSWORD}


async def a_new_password(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"password": PASSWORD, "password_confirmation": PASSWORD}


async def the_new_address(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"email": "alice.new@example.com"}


async def done(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"done": "1"}


async def closing_soon(browser: Browser, own: Belongings) -> dict[str, str]:
    await closing.schedule(own.vendor.id, own.id)
    return {}


async def an_address(browser: Browser, own: Belongings) -> dict[str, str]:
    return {
        "country": "GB",
        "first_name": "Alice",
        "street_one": "1 Mill Lane",
        "city": "Bath",
        "postal_code": "BA1 1AA",
    }


async def a_number(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"country": "GB", "number": "0161 496 0000", "label": "Work"}


async def the_texted_code(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"code": TEXTED}


async def a_label(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"label": "Home"}


async def an_invitation(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"email": "colleague@example.com", "role": "staff"}


async def a_role(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"role": "admin"}


async def a_template(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"source": "<p>{{ center.name }}</p>", "do": "save"}


async def a_template_shown(browser: Browser, own: Belongings) -> dict[str, str]:
    async def work() -> None:
        await VendorPartial.keep(own.vendor.id, "mail_sign_off", "<p>x</p>", "Owner")

    await database.transaction(work)
    return {}


async def the_first_owner(browser: Browser, own: Belongings) -> dict[str, str]:
    for vendor in await Vendor.sellers():
        await Member.delete().where(Member.vendor == vendor.id)
    return {"email": "first@example.com", "first_name": "Fay", "last_name": "First"}


AUDITED = frozenset({"audit_entries"})
VENDOR = {"vendor": "slug"}
SIGN_OFF = VENDOR | {"slot": "mail_sign_off"}
PARTIALS = AUDITED | {"vendor_partials", "vendor_partials.active", "vendors.partials_changed", "rate_limits",
                      "rate_limits.count"}  # fmt: skip
PHONE = {"phone": "phone"}
ADDRESS = {"address": "address"}
CORRECTED = frozenset({"addresses", *(f"addresses.{part}" for part in (*ALL, "fingerprint", "edited_at"))})
COURSE = {"course": "course"}
LESSON = {"course": "course", "lesson": "lesson"}

ROUTES = {
    f"{INSIDE}": Route("customer", shows=False),
    f"{INSIDE}/sign-in": Route("anyone", form=the_address, changes=ASKED),
    f"{INSIDE}/sign-in/check-email": Route("asker"),
    f"{INSIDE}/sign-in/code": Route("asker", form=the_code, changes=SESSION | {"rate_limits", "sign_in_requests.tries"},
                                    shows=False),
    f"{INSIDE}/sign-in/link/{{token:str}}": Route("anyone", {"token": "link"}, nothing, SESSION),
    f"{INSIDE}/sign-in/password": Route("anyone", form=the_password, changes=SESSION | {
        "rate_limits", "rate_limits.count", "mails"}),
    f"{INSIDE}/password": Route("anyone", form=the_address, changes=frozenset(
        {"mailed_links", "mails", "rate_limits", "rate_limits.count"})),
    f"{INSIDE}/password/check-email": Route("anyone"),
    f"{INSIDE}/password/{{token:str}}": Route("anyone", {"token": "password_link"}, a_new_password, frozenset(
        {"customers.password_hash", "customers.password_set_at", "mailed_links.used_at", "mailed_links.tries",
         "sessions.revoked_at", "sign_in_requests.used_at", "mails", "rate_limits", "rate_limits.count"})),
    f"{INSIDE}/account/devices": Route("customer"),
    f"{INSIDE}/account/devices/sign-out": Route("customer", form=nothing, changes=frozenset(
        {"sessions.revoked_at", "devices.forgotten_at", "mailed_links.used_at"}), shows=False),
    f"{INSIDE}/account/devices/{{session:str}}/sign-out": Route("customer", {"session": "device_session"}, nothing,
        frozenset({"sessions.revoked_at", "devices.forgotten_at", "mailed_links.used_at"}), shows=False),
    f"{INSIDE}/sign-out": Route("customer", form=nothing, changes=frozenset({"sessions.revoked_at"}), shows=False),
    f"{INSIDE}/courses": Route("customer"),
    f"{INSIDE}/courses/{{course:str}}": Route("customer", COURSE),
    f"{INSIDE}/courses/{{course:str}}/lessons/{{lesson:str}}": Route("customer", LESSON),
    f"{INSIDE}/courses/{{course:str}}/lessons/{{lesson:str}}/completion": Route(
        "customer", LESSON, done, frozenset({"completions"}), shows=False),
    f"{INSIDE}/courses/{{course:str}}/files/{{file:str}}": Route(
        "customer", {"course": "course", "file": "file"}, shows=False),
    f"{INSIDE}/kept-forms/{{form:str}}": Route("customer", {"form": "kept_form"}),
    f"{INSIDE}/account": Route("customer"),
    f"{INSIDE}/account/profile": Route("customer", form=the_profile, changes=frozenset(
        {"customers.first_name", "customers.last_name", "customers.default_address", "customers.renamed_at"})),
    f"{INSIDE}/account/subscriptions": Route("customer"),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}": Route("customer", {"subscription": "subscription"}),
    f"{INSIDE}/account/courses": Route("customer"),
    f"{INSIDE}/account/orders": Route("customer"),
    f"{INSIDE}/account/orders/{{number:str}}": Route("customer", {"number": "order"}),
    f"{INSIDE}/account/credit-memos": Route("customer"),
    f"{INSIDE}/account/credit-memos/{{number:str}}": Route("customer", {"number": "memo"}),
    f"{INSIDE}/account/payment-methods": Route("customer"),
    f"{INSIDE}/account/payment-methods/new": Route("customer"),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}/cancellation": Route("customer", {"subscription": "subscription"}),
    # Records: messages and your data
    f"{INSIDE}/account/messages": Route("customer"),
    f"{INSIDE}/account/messages/{{mail:str}}": Route("customer", {"mail": "mail"}),
    f"{INSIDE}/account/messages/{{mail:str}}/html": Route("customer", {"mail": "mail"}, shows=False),
    f"{INSIDE}/account/data": Route("customer"),
    f"{INSIDE}/account/data/exports": Route("customer", form=nothing, changes=frozenset({"exports"}), shows=False),
    f"{INSIDE}/account/data/exports/{{export:str}}": Route("customer", {"export": "export"}, shows=False),
    f"{INSIDE}/account/data/deletion": Route("customer", form=nothing, changes=frozenset(
        {"mailed_links", "mailed_links.used_at", "mails", "rate_limits", "rate_limits.count"})),
    f"{INSIDE}/account/data/deletion/withdrawal": Route("customer", form=closing_soon, changes=frozenset(
        {"customers.closes_at", "mailed_links.used_at", "mails"}), shows=False),
    f"{INSIDE}/deletion/scheduled": Route("anyone"),
    f"{INSIDE}/deletion/{{token:str}}": Route("anyone", {"token": "deletion"}, nothing, frozenset(
        {"customers.closes_at", "mailed_links.used_at", "sessions.revoked_at", "mails"})),
    f"{INSIDE}/account/email": Route("customer", form=the_new_address, changes=frozenset(
        {"mailed_links", "mails", "rate_limits", "rate_limits.count"})),
    f"{INSIDE}/account/email/check-email": Route("customer", shows=False),
    f"{INSIDE}/account/email/cancellation": Route("customer", form=nothing, changes=frozenset(
        {"mailed_links.used_at"}), shows=False),
    f"{INSIDE}/email/confirmed": Route("anyone"),
    f"{INSIDE}/email/restored": Route("anyone"),
    f"{INSIDE}/email/{{token:str}}": Route("anyone", {"token": "email_link"}, nothing, MOVED | {"mailed_links"}),
    f"{INSIDE}/email/undo/{{token:str}}": Route(
        "anyone", {"token": "undo_link"}, nothing, MOVED | {"devices.forgotten_at"}),
    # With a token it is a GET that changes something: tests/controllers/center/test_sso.py.
    f"{INSIDE}/sso": Route("anyone", shows=False),
    f"{INSIDE}/account/addresses": Route("customer", form=an_address, changes=frozenset(
        {"addresses", "customers.default_address"})),
    f"{INSIDE}/account/addresses/new": Route("customer"),
    f"{INSIDE}/account/addresses/{{address:str}}": Route("customer", ADDRESS, an_address, CORRECTED),
    f"{INSIDE}/account/addresses/{{address:str}}/default": Route(
        "customer", ADDRESS, nothing, frozenset({"customers.default_address"}), shows=False),
    f"{INSIDE}/account/addresses/{{address:str}}/delete": Route("customer", ADDRESS, nothing, frozenset(
        {f"addresses.{part}" for part in (*ALL, "edited_at", "deleted_at")} | {"customers.default_address"})),
    f"{INSIDE}/account/phone": Route("customer", form=a_number, changes=frozenset(
        {"mailed_links", "mailed_links.used_at", "mails", "rate_limits", "rate_limits.count"})),
    f"{INSIDE}/account/phone/code": Route("customer", form=the_texted_code, changes=frozenset(
        {"mailed_links.tries", "mailed_links.used_at", "customers.phone", "customers.phone_proven_at", "mails",
         "phone_numbers"})),
    f"{INSIDE}/account/phone-numbers": Route("customer", form=a_number, changes=frozenset({"phone_numbers"})),
    f"{INSIDE}/account/phone-numbers/new": Route("customer"),
    f"{INSIDE}/account/phone-numbers/{{phone:str}}": Route(
        "customer", PHONE, a_label, frozenset({"phone_numbers.label"})),
    f"{INSIDE}/account/phone-numbers/{{phone:str}}/default": Route(
        "customer", PHONE, nothing, frozenset({"customers.default_phone"}), shows=False),
    f"{INSIDE}/account/phone-numbers/{{phone:str}}/delete": Route(
        "customer", PHONE, nothing, frozenset({"phone_numbers"})),
    # The console
    f"{CONSOLE}": Route("person", shows=False),
    f"{CONSOLE}/confirmation": Route("person", form=nothing, changes=ASKED),
    f"{CONSOLE}/invitation/{{slug:str}}/{{token:str}}": Route(
        "anyone", {"slug": "slug", "token": "invitation_link"}, nothing, SESSION | AUDITED | {
        "customers", "members", "invitations.used_at"}, private=False),
    f"{CONSOLE}/{{vendor:str}}": Route("staff", VENDOR),
    f"{CONSOLE}/{{vendor:str}}/staff": Route("admin", VENDOR, an_invitation, AUDITED | {
        "invitations", "mails", "rate_limits", "rate_limits.count"}),
    f"{CONSOLE}/{{vendor:str}}/staff/invitations/{{invitation:str}}/withdrawal": Route(
        "admin", VENDOR | {"invitation": "invitation"}, nothing, AUDITED | {"invitations.used_at"}, shows=False),
    f"{CONSOLE}/{{vendor:str}}/staff/{{person:str}}": Route(
        "admin", VENDOR | {"person": "member"}, a_role, AUDITED | {"members.role"}),
    f"{CONSOLE}/{{vendor:str}}/staff/{{person:str}}/removal": Route(
        "admin", VENDOR | {"person": "member"}, nothing, AUDITED | {"members"}),
    f"{CONSOLE}/{{vendor:str}}/audit": Route("admin", VENDOR),
    # Templates
    f"{CONSOLE}/{{vendor:str}}/partials": Route("admin", VENDOR),
    f"{CONSOLE}/{{vendor:str}}/partials/{{slot:str}}": Route("admin", SIGN_OFF, a_template, PARTIALS),
    f"{CONSOLE}/{{vendor:str}}/partials/{{slot:str}}/versions/{{number:str}}": Route(
        "admin", SIGN_OFF | {"number": "partial"}, nothing, PARTIALS),
    f"{CONSOLE}/{{vendor:str}}/partials/{{slot:str}}/removal": Route("admin", SIGN_OFF, a_template_shown, PARTIALS),
    "/": Route("anyone"),
    "/webhooks/{vendor:str}/clickfunnels": Route("machine", {"vendor": "acme"}, shows=False, private=False),
    "/health/live": Route("anyone", shows=False),
    "/health/ready": Route("anyone", shows=False),
    "/theme/{slug:str}/{sheet:str}": Route("anyone", {"slug": "acme", "sheet": "theme"}, shows=False, private=False),
    "/media/{name:str}": Route("anyone", {"name": PICTURE}, shows=False, private=False),
    "/avatar/{name:str}": Route("anyone", {"name": PICTURE}, shows=False, private=False),
    "/favicon.ico": Route("anyone", shows=False),
    "/robots.txt": Route("anyone", shows=False),
    # Development only: the whole outbox of the machine.
    "/dev/mail": Route("anyone"),
    "/dev/mail/{mail:str}": Route("anyone", {"mail": "mail"}, private=False),
    "/dev/mail/{mail:str}/html": Route("anyone", {"mail": "mail"}, shows=False, private=False),
    # Last, because its form needs a server where nobody owns anything.
    f"{CONSOLE}/setup/{{token:str}}": Route("anyone", {"token": "first_run"}, the_first_owner, SESSION | AUDITED | {
        "customers", "members"}, shows=False, private=False),
}  # fmt: skip

PAGES = [path for path, route in ROUTES.items() if route.shows]
FORMS = [path for path, route in ROUTES.items() if route.form]
OWN = [path for path, route in ROUTES.items() if route.fill and route.private]


def values(path: str, own: Belongings) -> dict[str, str]:
    """The parameters of a route for what somebody owns."""
    found = {name: getattr(own, value, value) for name, value in ROUTES[path].fill.items()}
    if found.get("token") == "first_run":
        found["token"] = first_run.token()
    if found.get("sheet") == "theme":
        found["sheet"] = f"theme.{center_of(own.vendor).style_hash}.css"
    return found


def unknown(path: str) -> dict[str, str]:
    """Parameters that name nothing at all."""
    return {name: public_id() for name in ROUTES[path].fill}


def address(path: str, home: str, parameters: Mapping[str, str]) -> str:
    """The path as it is asked for from outside, in the center at `home`."""
    filled = PARAMETER.sub(lambda match: parameters[match[1]], path)
    if filled.startswith(CONSOLE):
        return DESK + (filled.removeprefix(CONSOLE) or "/")
    if not filled.startswith(INSIDE):
        return filled
    return home + (filled.removeprefix(INSIDE) or "/")


DESK = "/console"
ROLE_FOR = {"person": "owner"}
"""Somebody in the console who need not work for this vendor."""


def in_console(path: str) -> bool:
    return path.startswith(CONSOLE)


def signed_in_for(path: str) -> bool:
    """Whether a route is for signed-in people."""
    return ROUTES[path].sees not in ("anyone", "asker", "machine")


def home_of(path: str, home: str) -> str:
    """Where the pages around a route begin: the console, or the center at `home`."""
    return DESK if in_console(path) else home


def token_page(path: str, home: str) -> str:
    """A page that gives the visitor of a route a form token."""
    return f"{home_of(path, home)}/{'account' if signed_in_for(path) else 'sign-in'}"


async def visitor(path: str, own: Belongings, browser: Any, signed_in: Any) -> Browser:
    """A browser of the kind that may see a route."""
    if ROUTES[path].sees == "customer":
        return await signed_in(own.customer)
    if in_console(path) and signed_in_for(path):
        return await signed_in(own.people[ROLE_FOR.get(ROUTES[path].sees, ROUTES[path].sees)])
    one = browser()
    if ROUTES[path].sees == "asker":
        await one.submit(await one.get(f"{own.home}/sign-in"), f"{own.home}/sign-in", email=own.customer.email)
    return one


async def good_form(path: str, own: Belongings, one: Browser) -> dict[str, str]:
    """The fields of a form that will be accepted, its token among them."""
    token = await one.token(token_page(path, own.home))
    return {"_csrf": token, **await ROUTES[path].form(one, own)}


async def mailed(own: Belongings) -> tuple[str, str]:
    """Path of the link and the code of the newest sign-in mail."""
    rows = (
        await Mail.select()
        .where(Mail.vendor == own.vendor.id, Mail.kind == "sign_in")
        .order_by(Mail.id, ascending=False)
    )
    text = opened(rows[0], "body_text")
    return re.search(r"/\S+/sign-in/link/[\w-]+", text.split("8000", 1)[1])[0], re.search(r"(\d{3} \d{3})", text)[1]
