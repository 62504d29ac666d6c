"""Every route of the application, and how to use it: what `tests/web/test_routes.py` drives.

A new route needs an entry in ROUTES: `sees` (who may see it), `fill` (its path parameters, as attributes of
`Belongings` or as plain text), and, if it takes a form, `form` (the fields of a good one) and `changes` (the tables and
columns a good one may change).
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import msgspec

import database
from forms.console.settings import SettingsForm
from forms.console.theme import exported
from tables import (
    BillingCommand,
    CancellationNotice,
    CardSetup,
    Customer,
    ImportRun,
    Mail,
    Member,
    Order,
    PaymentMethod,
    ThemeVersion,
    Vendor,
    VendorPartial,
    closing,
    first_run,
    hashing,
)
from tables.address_parts import ALL
from tables.base import public_id
from tables.mail import opened
from tests.client import Browser
from tests.integrations.clickfunnels.fake_api import TOKEN
from tests.integrations.stripe.fake_stripe import KEY as STRIPE_KEY
from tests.world import PICTURE, TEXTED, Belongings
from theming.center import center_of
from theming.console.message_list import messages
from web.entry import Entry, box, mark
from web.tenancy import CONSOLE, INSIDE

PARAMETER = re.compile(r"\{(\w+):str\}")
SESSION = frozenset({"sessions", "sessions.revoked_at", "sign_in_requests.used_at", "customers.first_signed_in_at",
                     "devices", "customers.avatar_due_at"})  # fmt: skip
SUBSCRIPTION = {"subscription": "subscription"}
ASKING = frozenset({"billing_commands", "mails", "rate_limits", "rate_limits.count"})
ASKED = frozenset({"sign_in_requests", "mails", "rate_limits", "rate_limits.count"})

MOVED = frozenset({"customers.email", "customers.avatar_due_at", "mailed_links.used_at", "mails", "sessions.revoked_at",
                   "sign_in_requests.used_at"})  # fmt: skip

Form = Callable[[Browser, Belongings], Awaitable[dict[str, str]]]


class Route(NamedTuple):
    sees: str
    """`customer` (the signed-in owner), `asker` (a signed-out browser that asked for a mail), `anyone`, `machine`;
    `arrival` (a browser that comes from the dashboard), `viewer` (somebody of the staff who looks on);
    in the console `person` (anybody signed in), or who works for the vendor: `staff`, `admin`, `owner`."""
    fill: Mapping[str, str] = {}
    form: Form | None = None
    changes: frozenset[str] = frozenset()
    shows: bool = True
    """Whether GET is an HTML page (and not a redirect, a file or JSON)."""
    takes_file: bool = False
    """Whether its form is nothing without a file: such a form has tests of its own."""
    private: bool = True
    """Whether its parameters name somebody's own records."""
    reads: str = ""
    """Who may look, in the console, where the form asks for a higher role than its page."""


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


async def a_company(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"company_name": "Amaro Honey GmbH", "vat_number": "DE 123.456-789", "keep": "1"}


def a_subscription(state: str, billing: str = "paid") -> Form:
    """The subscription as it has to be for a form."""

    async def form(browser: Browser, own: Belongings) -> dict[str, str]:
        await Order.update({Order.service_status: state, Order.billing_status: billing}).where(
            Order.vendor == own.vendor.id, Order.number == own.subscription_order
        )
        return {}

    return form


def a_choice_of_card(state: str, other: str | None = None) -> Form:
    """Their card, where the subscription is paid with it or with another."""

    async def form(browser: Browser, own: Belongings) -> dict[str, str]:
        await a_subscription(state)(browser, own)
        await Order.update({Order.payment_method: other}).where(
            Order.vendor == own.vendor.id, Order.number == own.subscription_order
        )
        return {"method": own.card}

    return form


async def a_coming_change(browser: Browser, own: Belongings) -> dict[str, str]:
    pending = {"price": "702", "name": "Postcard", "amount": 400, "currency": "USD", "interval": "months",
               "interval_count": 1, "at": None}  # fmt: skip
    await Order.update({Order.pending_change: json.dumps(pending)}).where(
        Order.vendor == own.vendor.id, Order.number == own.subscription_order
    )
    return {}


async def a_seen_preview(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"seen": '[0, 400, "USD", true]'}


async def a_pause(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"length": "2"}


async def an_open_wish(browser: Browser, own: Belongings) -> dict[str, str]:
    await reopen(own)
    return {}


async def reopen(own: Belongings) -> None:
    """The wish of before as one that waits for the vendor, and no other beside it."""
    command = BillingCommand
    await command.update({command.status: "withdrawn"}).where(
        command.vendor == own.vendor.id, command.customer == own.id, command.status.is_in(["requested", "sent"])
    )
    await command.update({command.status: "sent", command.error: None, command.settled_at: None}).where(
        command.vendor == own.vendor.id, command.public_id == own.wish
    )


async def a_label(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"label": "Home"}


async def an_invitation(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"email": "colleague@example.com", "role": "staff"}


async def a_role(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"role": "admin"}


async def a_token(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"subdomain": "acme", "api_token": TOKEN, "workspace": ""}


async def an_import(browser: Browser, own: Belongings) -> dict[str, str]:
    await Vendor.keep_token(own.vendor.id, TOKEN)
    await Vendor.keep_workspace(own.vendor.id, "acme", "42000")
    return {"welcomes": "yes"}


def a_run(state: str) -> Form:
    async def form(browser: Browser, own: Belongings) -> dict[str, str]:
        await ImportRun.update({ImportRun.state: "done"}).where(ImportRun.vendor == own.vendor.id)
        await ImportRun.update({ImportRun.state: state}).where(
            ImportRun.vendor == own.vendor.id, ImportRun.public_id == own.import_run
        )
        return {}

    return form


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


async def a_wish_for_the_vendor(browser: Browser, own: Belongings) -> dict[str, str]:
    """The wish of before, as one that waits for the vendor."""
    await reopen(own)
    return {"until": "", "reason": "It is a gift."}


async def a_wish_that_stripe_refused(browser: Browser, own: Belongings) -> dict[str, str]:
    await BillingCommand.update({BillingCommand.holder: "stripe"}).where(
        BillingCommand.vendor == own.vendor.id, BillingCommand.public_id == own.wish
    )
    return {}


async def an_open_notice(browser: Browser, own: Belongings) -> dict[str, str]:
    await CancellationNotice.update({CancellationNotice.settled_at: None}).where(
        CancellationNotice.vendor == own.vendor.id, CancellationNotice.public_id == own.notice
    )
    return {}


async def a_cancellation(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"kind": "ordinary", "name": "Ann Haag", "email": "ann@example.com", "contract": "1001", "ends": "soonest"}


async def the_flags(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"self_cancel": "no"}


async def the_settings(browser: Browser, own: Belongings) -> dict[str, str]:
    return SettingsForm.of(await Vendor.by_id(own.vendor.id)).values | {"headline": "Bees, and calm"}


async def a_look(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"accent": "#a8540a", "bg": "#fffaf0", "fg": "#2b2118", "do": "publish"}


async def a_look_before(browser: Browser, own: Belongings) -> dict[str, str]:
    await ThemeVersion.publish(own.vendor.id, {"accent": "#0e6663"}, "the cast")
    return {}


async def an_exported_look(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"source": exported("Acme", {"accent": "#a8540a"})}


async def a_host(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"host": "center.acme.example"}


async def own_words(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"text_0": "Purchases", "do": "save"}


async def a_secret(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"do": "take", "secret": "0123456789abcdef" * 4}


async def a_stripe_key(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"api_token": STRIPE_KEY}


async def a_signing_secret(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"secret": "whsec_0123456789abcdef"}


async def with_stripe(browser: Browser, own: Belongings) -> dict[str, str]:
    await Vendor.keep_stripe_key(own.vendor.id, STRIPE_KEY)
    await Vendor.rotate_secret(own.vendor.id, "whsec_0123456789abcdef", "stripe")
    return {}


async def the_logo_in_words(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"logo_alt": "Acme in words"}


# What a vendor makes here


async def a_course(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"title": "Candles", "description": "Dipped and poured.", "show_in_center": "1"}


async def a_section(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"title": "Wicks", "days": "7", "hidden": "1", "upgrade_url": "https://acme.example/buy"}


async def a_lesson(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"title": "Braiding", "section": own.own_section, "body": "Over, *under*.",
            "video_url": "https://vimeo.com/76979871"}  # fmt: skip


async def upwards(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"go": "up"}


async def published_now(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"when": "now", "everything": "1"}


async def to_enroll(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"email": "new@example.com", "first_name": "Nina", "send_mail": "1"}


async def a_reason(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"reason": "The payment bounced."}


async def kept_here(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"kept": "1"}


async def pasted(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"cells": "Email\nnina@example.com\n"}


async def mapped(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"email": "0", "course": own.own_course}


async def opened_courses(browser: Browser, own: Belongings) -> dict[str, str]:
    return {f"course-{own.course}": "1"}


WRITTEN = {"vendor": "slug", "course": "own_course"}
SECTION = WRITTEN | {"section": "own_section"}
WRITTEN_LESSON = WRITTEN | {"lesson": "own_lesson"}
PART = WRITTEN | {"part": "own_lesson"}
TAKEN_AWAY = frozenset({"courses.deleted_at", "sections.deleted_at", "lessons.deleted_at", "lesson_files"})


async def a_customer(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"email": "carla@example.com", "first_name": "Carla", "last_name": "Costa", "mail": "1"}


async def names(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"first_name": "Alicia", "last_name": "Amaro"}


async def a_refund(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"amount": "12.50", "reason": "Late", "mail": "1"}


async def an_order(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"email": own.customer.email, "currency": "USD", "paid": "1", "name_1": "Hive tool", "amount_1": "1,234.50"}


async def switched_off(browser: Browser, own: Belongings) -> dict[str, str]:
    await own.customer.switch_off()
    return {}


SOUGHT = frozenset({"customers.sought_name", "customer_words", "customer_words.id", "customer_words.word"})
"""The words a customer is found by."""
CUSTOMER = {"vendor": "slug", "customer": "public_id"}
ORDER = {"vendor": "slug", "number": "order"}
AUDITED = frozenset({"audit_entries"})
VENDOR = {"vendor": "slug"}
WISH = {"vendor": "slug", "command": "wish"}
NOTICE = {"vendor": "slug", "notice": "notice"}
RUN = {"run": "import_run"}
RATED = frozenset({"rate_limits", "rate_limits.count"})
CONNECTED = frozenset(
    {f"vendors.clickfunnels_{part}" for part in ("token", "token_at", "subdomain", "workspace", "sight")}
)
DESK = f"{CONSOLE}/{{vendor:str}}"
ORDERS = next(message.key for message in messages().values() if message.source == "Orders")


async def on_its_way(browser: Browser, own: Belongings) -> dict[str, str]:
    await CardSetup.update({CardSetup.status: "requested"}).where(
        CardSetup.vendor == own.vendor.id, CardSetup.public_id == own.setup
    )
    return await with_stripe(browser, own)


async def another_date(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"description": "The blue one", "exp_month": "2", "exp_year": "2039"}


async def another_card(browser: Browser, own: Belongings) -> dict[str, str]:
    """One may go where another stays."""
    await PaymentMethod(
        vendor=own.vendor.id, customer=own.id, processor="stripe", reference="pm_other", kind="card"
    ).save()
    return {}


CARD = {"method": "told_card"}
ASKED_FOR = ASKING


async def the_event(browser: Browser, own: Belongings) -> dict[str, str]:
    return {f"event-{own.event}": "1"}


async def a_sample(browser: Browser, own: Belongings) -> dict[str, str]:
    return {"kind": "contact.created", "email": "sample@example.com"}


AUDITED = frozenset({"audit_entries"})
VENDOR = {"vendor": "slug"}
EVENT = VENDOR | {"event": "event"}
LETTER = VENDOR | {"mail": "mail"}
REPLAYED = AUDITED | {f"webhook_events.{name}" for name in ("status", "error", "leased_until", "next_try_at")}
SIGN_OFF = VENDOR | {"slot": "mail_sign_off"}
PARTIALS = AUDITED | {"vendor_partials", "vendor_partials.active", "vendors.partials_changed", "rate_limits",
                      "rate_limits.count"}  # fmt: skip
PHONE = {"phone": "phone"}
PAPER = {"number": "order", "invoice": "invoice"}
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
        {"customers.first_name", "customers.last_name", "customers.default_address", "customers.renamed_at"}) | SOUGHT),
    f"{INSIDE}/account/subscriptions": Route("customer"),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}": Route("customer", SUBSCRIPTION),
    # What can be asked about a subscription: tests/controllers/center/account/subscriptions/.
    f"{INSIDE}/account/subscriptions/{{subscription:str}}/cancellation": Route("customer", SUBSCRIPTION, nothing, ASKING),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}/renewal": Route(
        "customer", SUBSCRIPTION, a_subscription("canceled"), ASKING, shows=False),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}/plan": Route("customer", SUBSCRIPTION, a_coming_change, ASKING),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}/plan/{{price:str}}": Route(
        "customer", SUBSCRIPTION | {"price": "702"}, a_seen_preview, ASKING),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}/pause": Route("customer", SUBSCRIPTION, a_pause, ASKING),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}/resumption": Route(
        "customer", SUBSCRIPTION, a_subscription("paused"), ASKING, shows=False),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}/reactivation": Route(
        "customer", SUBSCRIPTION, a_choice_of_card("churned"), ASKING, shows=False),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}/payment-method": Route(
        "customer", SUBSCRIPTION, a_choice_of_card("active", other="pm_5555"), ASKING),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}/payment": Route(
        "customer", SUBSCRIPTION, a_subscription("active", billing="past-due"), ASKING, shows=False),
    f"{INSIDE}/account/subscriptions/{{subscription:str}}/requests/{{command:str}}/withdrawal": Route(
        "customer", SUBSCRIPTION | {"command": "wish"}, an_open_wish, frozenset(
            {"billing_commands.status", "billing_commands.settled_at", "mails"}), shows=False),
    f"{INSIDE}/account/courses": Route("customer"),
    f"{INSIDE}/account/orders": Route("customer"),
    f"{INSIDE}/account/orders/{{number:str}}": Route("customer", {"number": "order"}),
    f"{INSIDE}/account/credit-memos": Route("customer"),
    f"{INSIDE}/account/credit-memos/{{number:str}}": Route("customer", {"number": "memo"}),
    # Papers.
    f"{INSIDE}/account/orders/{{number:str}}/invoices": Route("customer", {"number": "order"}, shows=False),
    f"{INSIDE}/account/orders/{{number:str}}/invoices/{{invoice:str}}": Route("customer", PAPER),
    f"{INSIDE}/account/orders/{{number:str}}/invoices/{{invoice:str}}/pdf": Route("customer", PAPER, shows=False),
    f"{INSIDE}/account/orders/{{number:str}}/invoices/{{invoice:str}}/details": Route("customer", PAPER, a_company, frozenset(
        {"paper_revisions", "customers.company_name", "customers.vat_number", "customers.billed_since"})),
    f"{INSIDE}/account/credit-memos/{{number:str}}/pdf": Route("customer", {"number": "memo"}, shows=False),
    f"{INSIDE}/account/payment-methods": Route("customer"),
    # Payment methods
    f"{INSIDE}/account/payment-methods/new": Route("customer"),
    # Cancelling without signing in: what is switched on is in tests/controllers/center/test_cancel.py.
    f"{INSIDE}/cancel": Route("anyone", form=a_cancellation, changes=frozenset(
        {"cancellation_notices", "mails", "rate_limits", "rate_limits.count"})),
    f"{INSIDE}/cancel/{{notice:str}}": Route("anyone", {"notice": "notice"}),
    f"{INSIDE}/account/payment-methods/setups": Route("customer", form=with_stripe, changes=RATED | {
        "card_setups", "card_setups.status", "card_setups.error", "card_setups.settled_at"}, shows=False),
    f"{INSIDE}/account/payment-methods/setups/{{setup:str}}": Route("customer", {"setup": "setup"}, on_its_way, RATED | {
        "card_setups.status", "card_setups.error", "card_setups.settled_at"}),
    f"{INSIDE}/account/payment-methods/links": Route("customer", form=with_stripe, changes=RATED | {
        "mailed_links", "mails"}, shows=False),
    f"{INSIDE}/account/payment-methods/{{method:str}}": Route("customer", CARD, another_date, ASKED_FOR | {
        "payment_methods.description"}),
    f"{INSIDE}/account/payment-methods/{{method:str}}/default": Route("customer", CARD, nothing, ASKED_FOR, shows=False),
    f"{INSIDE}/account/payment-methods/{{method:str}}/deletion": Route("customer", CARD, another_card, ASKED_FOR),
    f"{INSIDE}/pay/{{token:str}}": Route(
        "anyone", {"token": "pay_link"}, nothing, RATED | {"mailed_links.tries"}),
    f"{INSIDE}/pay/{{token:str}}/setups": Route(
        "anyone", {"token": "pay_link"}, with_stripe, RATED | {"mailed_links.tries", "card_setups", "card_setups.status",
        "card_setups.error", "card_setups.settled_at"}, shows=False),
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
    f"{INSIDE}/email/{{token:str}}": Route(
        "anyone", {"token": "email_link"}, nothing, MOVED | SOUGHT | {"mailed_links"}),
    f"{INSIDE}/email/undo/{{token:str}}": Route(
        "anyone", {"token": "undo_link"}, nothing, MOVED | SOUGHT | {"devices.forgotten_at"}),
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
        "customers", "customer_words", "members", "invitations.used_at"}, private=False),
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
    f"{CONSOLE}/{{vendor:str}}/import": Route("admin", VENDOR, an_import, AUDITED | {"import_runs"}),
    f"{CONSOLE}/{{vendor:str}}/import/check": Route(
        "admin", VENDOR, an_import, RATED | {"vendors.clickfunnels_sight"}, shows=False),
    f"{CONSOLE}/{{vendor:str}}/import/token": Route("admin", VENDOR, a_token, AUDITED | RATED | CONNECTED),
    f"{CONSOLE}/{{vendor:str}}/import/token/removal": Route("admin", VENDOR, an_import, AUDITED | CONNECTED),
    f"{CONSOLE}/{{vendor:str}}/import/runs/{{run:str}}": Route("admin", VENDOR | RUN),
    f"{CONSOLE}/{{vendor:str}}/import/runs/{{run:str}}/refusals": Route("admin", VENDOR | RUN),
    f"{CONSOLE}/{{vendor:str}}/import/runs/{{run:str}}/stop": Route(
        "admin", VENDOR | RUN, a_run("running"), AUDITED | {"import_runs.state", "import_runs.ended_at"}, shows=False),
    f"{CONSOLE}/{{vendor:str}}/import/runs/{{run:str}}/continuation": Route(
        "admin", VENDOR | RUN, a_run("stopped"), AUDITED | {
            "import_runs.state", "import_runs.ended_at", "import_runs.next_try_at"}, shows=False),
    # Looks and settings: admins
    f"{DESK}/settings": Route("admin", VENDOR, the_settings, AUDITED | {"vendors.headline"}),
    f"{DESK}/secrets": Route("admin", VENDOR),
    f"{DESK}/secrets/new/{{made:str}}": Route("admin", VENDOR | {"made": "nothing-made"}, shows=False, private=False),
    f"{DESK}/secrets/sso": Route("admin", VENDOR, a_secret, AUDITED | {
        "vendors.sso_secret", "vendors.sso_rotated_at"}, shows=False),
    f"{DESK}/secrets/clickfunnels": Route("admin", VENDOR, a_secret, AUDITED | {
        "vendors.clickfunnels_secret", "vendors.clickfunnels_previous_secret", "vendors.clickfunnels_rotated_at"},
        shows=False),
    f"{DESK}/payments": Route("admin", VENDOR),
    f"{DESK}/payments/key": Route("admin", VENDOR, a_stripe_key, AUDITED | RATED | {
        "vendors.stripe_key", "vendors.stripe_key_at", "vendors.stripe_account"}, shows=False),
    f"{DESK}/payments/check": Route("admin", VENDOR, with_stripe, RATED | {"vendors.stripe_account"}, shows=False),
    f"{DESK}/payments/secret": Route("admin", VENDOR, a_signing_secret, AUDITED | {
        "vendors.stripe_secret", "vendors.stripe_rotated_at"}, shows=False),
    f"{DESK}/payments/subscriptions": Route("admin", VENDOR, with_stripe, AUDITED | RATED | {"webhook_events"}, shows=False),
    f"{DESK}/payments/removal": Route("admin", VENDOR, with_stripe, AUDITED | {
        "vendors.stripe_key", "vendors.stripe_key_at", "vendors.stripe_secret"}),
    f"{DESK}/domain": Route("admin", VENDOR, a_host, AUDITED | {"vendors.wanted_domain", "vendors.proof"}),
    f"{DESK}/domain/check": Route("admin", VENDOR, nothing, frozenset({"rate_limits", "rate_limits.count"}), shows=False),
    f"{DESK}/domain/sender": Route("admin", VENDOR, nothing, frozenset({"rate_limits", "rate_limits.count"}), shows=False),
    f"{DESK}/domain/removal": Route("admin", VENDOR, nothing, AUDITED),
    f"{DESK}/theme": Route("admin", VENDOR, a_look, AUDITED | {
        "vendors.tokens", "vendors.theme_version", "theme_versions"}),
    f"{DESK}/theme/preview.css": Route("admin", VENDOR, shows=False),
    f"{DESK}/theme/undo": Route("admin", VENDOR, a_look_before, AUDITED | {
        "vendors.tokens", "vendors.theme_version"}, shows=False),
    f"{DESK}/theme/export": Route("admin", VENDOR, shows=False),
    f"{DESK}/theme/import": Route("admin", VENDOR, an_exported_look, AUDITED | {
        "theme_versions.tokens", "theme_versions.made_by", "theme_versions.created_at"}),
    f"{DESK}/logo": Route("admin", VENDOR, the_logo_in_words, AUDITED | {"vendors.logo_alt"}),
    f"{DESK}/logo/removal": Route("admin", VENDOR, nothing, AUDITED),
    f"{DESK}/words": Route("admin", VENDOR),
    f"{DESK}/words/{{language:str}}/{{message:str}}": Route("admin", VENDOR | {
        "language": "en", "message": ORDERS}, own_words, AUDITED | {"vendor_words", "vendors.words"}, private=False),
    # The console: content
    f"{CONSOLE}/{{vendor:str}}/courses": Route("staff", VENDOR, a_course, AUDITED | {"courses", "sections"}),
    f"{CONSOLE}/{{vendor:str}}/courses/new": Route("staff", VENDOR),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}": Route("staff", WRITTEN),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/settings": Route("staff", WRITTEN, a_course, AUDITED | {
        "courses.title", "courses.description"}),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/keeping": Route("admin", VENDOR | {"course": "course"}, kept_here,
        AUDITED | {"courses.kept_here_at"}),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/publication": Route("admin", WRITTEN, published_now, AUDITED | {
        "courses.published_at", "sections.published_at", "lessons.published_at"}),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/deletion": Route("admin", WRITTEN, nothing, AUDITED | TAKEN_AWAY | {
        "product_courses"}),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/sections": Route("staff", WRITTEN, a_section, AUDITED | {"sections"},
        shows=False),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/sections/new": Route("staff", WRITTEN),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/sections/{{section:str}}": Route("staff", SECTION, a_section,
        AUDITED | {f"sections.{name}" for name in ("title", "days_till_drip_access", "hidden_from_non_members",
                                                   "upgrade_url", "description")}),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/lessons": Route("staff", WRITTEN, a_lesson, AUDITED | {"lessons"},
        shows=False),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/lessons/new": Route("staff", WRITTEN),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/lessons/{{lesson:str}}": Route("staff", WRITTEN_LESSON, a_lesson,
        AUDITED | {"lessons.title", "lessons.body", "lessons.video_url"}),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/lessons/{{lesson:str}}/files": Route("staff", WRITTEN_LESSON,
        shows=False, takes_file=True),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/lessons/{{lesson:str}}/files/{{file:str}}": Route(
        "staff", WRITTEN_LESSON | {"file": "own_file"}, shows=False),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/lessons/{{lesson:str}}/removal/{{file:str}}": Route(
        "staff", WRITTEN_LESSON | {"file": "own_file"}, nothing, AUDITED | {"lesson_files"}),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/parts/{{part:str}}/place": Route(
        "staff", PART, upwards, AUDITED, shows=False),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/parts/{{part:str}}/publication": Route(
        "admin", PART, published_now, AUDITED | {"lessons.published_at"}),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/parts/{{part:str}}/deletion": Route(
        "admin", PART, nothing, AUDITED | TAKEN_AWAY),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/preview": Route("staff", WRITTEN),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/preview/{{lesson:str}}": Route("staff", WRITTEN_LESSON),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/people": Route("staff", WRITTEN, to_enroll, AUDITED | {
        "customers", "customer_words", "enrollments", "mails"}),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/people/{{enrollment:str}}": Route(
        "staff", VENDOR | {"course": "course", "enrollment": "enrollment"}, a_reason, AUDITED | {
            "enrollments.suspended_here_at", "enrollments.reason_here"}),
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/people/{{enrollment:str}}/removal": Route(
        "staff", VENDOR | {"course": "own_course", "enrollment": "own_enrollment"}, nothing, AUDITED | {
            "enrollments.deleted_at"}),
    f"{CONSOLE}/{{vendor:str}}/products": Route(
        "admin", VENDOR, a_course, AUDITED | {"products"}, reads="staff"),
    f"{CONSOLE}/{{vendor:str}}/products/{{product:str}}/prices/{{price:str}}": Route(
        "admin", VENDOR | {"product": "product", "price": "701"}, the_flags, AUDITED | {"prices.by_hand"}, reads="staff"),
    f"{CONSOLE}/{{vendor:str}}/requests": Route("staff", VENDOR),
    f"{CONSOLE}/{{vendor:str}}/requests/{{command:str}}": Route("staff", WISH),
    f"{CONSOLE}/{{vendor:str}}/requests/{{command:str}}/confirmation": Route("admin", WISH, a_wish_for_the_vendor, AUDITED | {
        "billing_commands.status", "billing_commands.error", "billing_commands.settled_at", "mails", "orders.service_status",
        "orders.canceled_at", "orders.churned_at", "orders.paid_until"}),
    f"{CONSOLE}/{{vendor:str}}/requests/{{command:str}}/refusal": Route("admin", WISH, a_wish_for_the_vendor, AUDITED | {
        "billing_commands.status", "billing_commands.error", "billing_commands.settled_at", "mails"}, shows=False),
    f"{CONSOLE}/{{vendor:str}}/requests/{{command:str}}/again": Route(
        "admin", WISH, a_wish_that_stripe_refused, AUDITED | {"billing_commands", "mails"}, shows=False),
    f"{CONSOLE}/{{vendor:str}}/requests/notices/{{notice:str}}": Route("admin", NOTICE, an_open_notice, AUDITED | {
        "cancellation_notices.settled_at", "cancellation_notices.settled_by", "cancellation_notices.order_id"}, reads="staff"),
    f"{CONSOLE}/{{vendor:str}}/requests/notices/{{notice:str}}/execution": Route("admin", NOTICE, an_open_notice, AUDITED | {
        "cancellation_notices.settled_at", "cancellation_notices.settled_by", "billing_commands", "mails"}, shows=False),
    f"{CONSOLE}/{{vendor:str}}/products/{{product:str}}": Route("admin", VENDOR | {"product": "product"}, opened_courses,
        AUDITED | {"product_courses.vendor_id", "product_courses.product_clickfunnels_id",
                   "product_courses.course_clickfunnels_id", "product_courses.created_at", "product_courses.id"},
        reads="staff"),
    f"{CONSOLE}/{{vendor:str}}/enrolling": Route("admin", VENDOR, pasted, frozenset({"enrollment_imports"})),
    f"{CONSOLE}/{{vendor:str}}/enrolling/{{people:str}}": Route("admin", VENDOR | {"people": "people_list"}, mapped,
        frozenset({"enrollment_imports.mapping", *(f"enrollment_import_rows.{name}" for name in (
            "id", "vendor_id", "import_id", "course_clickfunnels_id"))})),
    f"{CONSOLE}/{{vendor:str}}/enrolling/{{people:str}}/run": Route("admin", VENDOR | {"people": "people_list"}, nothing,
        AUDITED | {f"enrollment_imports.{name}" for name in ("state", "content", "next_try_at", "finished_at")} | {
            "enrollment_import_rows.done", "customers", "customer_words", "enrollments"}, shows=False),
    f"{CONSOLE}/{{vendor:str}}/customers": Route("staff", VENDOR, a_customer, AUDITED | {
        "customers", "customer_words", "mails"}),
    f"{CONSOLE}/{{vendor:str}}/customers/new": Route("staff", VENDOR),
    f"{CONSOLE}/{{vendor:str}}/customers/{{customer:str}}": Route("staff", CUSTOMER),
    **{f"{CONSOLE}/{{vendor:str}}/customers/{{customer:str}}/{tab}": Route("staff", CUSTOMER) for tab in (
        "subscriptions", "courses", "orders", "credit-memos", "payment-methods", "addresses", "phone-numbers")},
    f"{CONSOLE}/{{vendor:str}}/customers/{{customer:str}}/names": Route("staff", CUSTOMER, names, AUDITED | SOUGHT | {
        "customers.first_name", "customers.last_name", "customers.renamed_at"}),
    f"{CONSOLE}/{{vendor:str}}/customers/{{customer:str}}/sign-in-link": Route("staff", CUSTOMER, nothing, AUDITED | {
        "sign_in_requests", "mails", "rate_limits", "rate_limits.count"}, shows=False),
    f"{CONSOLE}/{{vendor:str}}/customers/{{customer:str}}/switch-off": Route("admin", CUSTOMER, nothing, AUDITED | {
        "customers.disabled_at", "sessions.revoked_at", "sign_in_requests.used_at"}),
    f"{CONSOLE}/{{vendor:str}}/customers/{{customer:str}}/switch-on": Route("admin", CUSTOMER, switched_off, AUDITED | {
        "customers.disabled_at"}, shows=False),
    f"{CONSOLE}/{{vendor:str}}/orders": Route("staff", VENDOR),
    f"{CONSOLE}/{{vendor:str}}/orders/{{number:str}}": Route("staff", ORDER),
    f"{CONSOLE}/{{vendor:str}}/orders/{{number:str}}/refund": Route("admin", ORDER, a_refund, AUDITED | {
        "payments", "credit_memos", "credit_memos.reason", "credit_memos.issued_at", "credit_memos.source",
        "credit_memos.amount", "orders.billing_status", "orders.next_memo_number", "mails"}),
    f"{CONSOLE}/{{vendor:str}}/orders/{{number:str}}/invoices/{{invoice:str}}": Route("staff", VENDOR | PAPER),
    f"{CONSOLE}/{{vendor:str}}/orders/{{number:str}}/invoices/{{invoice:str}}/pdf": Route("staff", VENDOR | PAPER, shows=False),
    f"{CONSOLE}/{{vendor:str}}/credit-memos/{{number:str}}": Route("staff", {"vendor": "slug", "number": "memo"}),
    f"{CONSOLE}/{{vendor:str}}/manual-orders": Route("staff", VENDOR, an_order, AUDITED | {
        "orders", "order_lines", "payments", "vendors.next_order_number", "vendors.next_invoice_number"}),
    f"{CONSOLE}/{{vendor:str}}/downloads/{{kind:str}}": Route(
        "admin", VENDOR | {"kind": "customers"}, nothing, AUDITED, private=False),
    f"{CONSOLE}/{{vendor:str}}/downloads/{{kind:str}}/file": Route(
        "admin", VENDOR | {"kind": "orders"}, shows=False, private=False),
    # The dashboard, and see as customer
    f"{CONSOLE}/dashboard": Route("person"),
    f"{CONSOLE}/dashboard/{{center:str}}": Route("person", {"center": "slug"}, shows=False),
    f"{CONSOLE}/{{vendor:str}}/customers/{{customer:str}}/viewing": Route(
        "admin", VENDOR | {"customer": "public_id"}, nothing, frozenset({"viewings"})),
    f"{CONSOLE}/{{vendor:str}}/viewings/{{viewing:str}}": Route("admin", VENDOR | {"viewing": "viewing"}, shows=False),
    f"{INSIDE}/entry": Route("anyone", shows=False),
    f"{INSIDE}/entry/{{code:str}}": Route("arrival", {"code": "entry"}, nothing, SESSION | {"spent_tokens"}, private=False),
    f"{INSIDE}/view/end": Route("viewer", form=nothing, changes=frozenset({"viewings.ended_at"}), shows=False),
    # The workings: webhooks and mail
    f"{CONSOLE}/{{vendor:str}}/webhooks": Route("staff", VENDOR),
    f"{CONSOLE}/{{vendor:str}}/webhooks/replay": Route("admin", VENDOR, the_event, REPLAYED, shows=False),
    f"{CONSOLE}/{{vendor:str}}/webhooks/test": Route("admin", VENDOR, a_sample, AUDITED | {
        "webhook_events", "rate_limits", "rate_limits.count"}),
    f"{CONSOLE}/{{vendor:str}}/webhooks/{{event:str}}": Route("staff", EVENT),
    f"{CONSOLE}/{{vendor:str}}/webhooks/{{event:str}}/body": Route("staff", EVENT, shows=False),
    f"{CONSOLE}/{{vendor:str}}/webhooks/{{event:str}}/replay": Route("admin", EVENT, nothing, REPLAYED, shows=False),
    f"{CONSOLE}/{{vendor:str}}/mail": Route("staff", VENDOR),
    f"{CONSOLE}/{{vendor:str}}/mail/{{mail:str}}": Route("staff", LETTER),
    f"{CONSOLE}/{{vendor:str}}/mail/{{mail:str}}/html": Route("staff", LETTER, shows=False),
    f"{CONSOLE}/{{vendor:str}}/mail/{{mail:str}}/copies": Route("staff", LETTER, nothing, AUDITED | {
        "mails", "rate_limits", "rate_limits.count"}, shows=False),
    # Templates
    f"{CONSOLE}/{{vendor:str}}/partials": Route("admin", VENDOR),
    f"{CONSOLE}/{{vendor:str}}/partials/{{slot:str}}": Route("admin", SIGN_OFF, a_template, PARTIALS),
    f"{CONSOLE}/{{vendor:str}}/partials/{{slot:str}}/versions/{{number:str}}": Route(
        "admin", SIGN_OFF | {"number": "partial"}, nothing, PARTIALS),
    f"{CONSOLE}/{{vendor:str}}/partials/{{slot:str}}/removal": Route("admin", SIGN_OFF, a_template_shown, PARTIALS),
    "/": Route("anyone"),
    "/webhooks/{vendor:str}/clickfunnels": Route("machine", {"vendor": "acme"}, shows=False, private=False),
    "/webhooks/{vendor:str}/stripe": Route("machine", {"vendor": "acme"}, shows=False, private=False),
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
        "customers", "customer_words", "members"}, shows=False, private=False),
}  # fmt: skip

PAGES = [path for path, route in ROUTES.items() if route.shows]
FORMS = [path for path, route in ROUTES.items() if route.form]
OWN = [path for path, route in ROUTES.items() if route.fill and route.private]


def values(path: str, own: Belongings) -> dict[str, str]:
    """The parameters of a route for what somebody owns."""
    found = {name: getattr(own, value, value) for name, value in ROUTES[path].fill.items()}
    if found.get("token") == "first_run":
        found["token"] = first_run.token()
    if found.get("code") == "entry":
        found["code"] = a_code(own)
    if found.get("sheet") == "theme":
        found["sheet"] = f"theme.{center_of(own.vendor).style_hash}.css"
    return found


ARRIVAL = "the-pre-session-of-somebody-who-comes-from-the-dashboard"


def a_code(own: Belongings) -> str:
    """What the dashboard gives to the customer's own browser, the owner's session in the console standing for theirs."""
    center = center_of(own.vendor)
    entry = Entry(
        vendor_id=own.vendor.id, customer_id=own.id, mark=mark(center, ARRIVAL), house_id=own.people["owner"].vendor,
        person_id=own.people["owner"].id, session_id=own.session_id, until=database.now().timestamp() + 60,
    )  # fmt: skip
    return box.encrypt(msgspec.json.encode(entry)).decode().rstrip("=")


def unknown(path: str) -> dict[str, str]:
    """Parameters that name nothing at all."""
    return {name: public_id() for name in ROUTES[path].fill}


def address(path: str, home: str, parameters: Mapping[str, str]) -> str:
    """The path as it is asked for from outside, in the center at `home`."""
    filled = PARAMETER.sub(lambda match: parameters[match[1]], path)
    if filled.startswith(f"{CONSOLE}/dashboard"):
        return filled.removeprefix(CONSOLE)
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
    return ROUTES[path].sees not in ("anyone", "asker", "arrival", "machine")


def home_of(path: str, home: str) -> str:
    """Where the pages around a route begin: the console, or the center at `home`."""
    return DESK if in_console(path) else home


def lands_at(path: str, home: str) -> str:
    """Where the answer to a route's form leads: from the console to a center, or back."""
    if path.endswith("/viewing"):
        return home
    return DESK if path.endswith("/view/end") else home_of(path, home)


def token_page(path: str, home: str) -> str:
    """A page that gives the visitor of a route a form token."""
    return f"{home_of(path, home)}/{'account' if signed_in_for(path) else 'sign-in'}"


async def visitor(path: str, own: Belongings, browser: Any, signed_in: Any) -> Browser:
    """A browser of the kind that may see a route."""
    if ROUTES[path].sees == "customer":
        return await signed_in(own.customer)
    if ROUTES[path].sees == "viewer":
        one = browser()
        one.cookies.set("view-acme", own.view_token, domain="127.0.0.1", path="/")
        return one
    if in_console(path) and signed_in_for(path):
        return await signed_in(own.people[ROLE_FOR.get(ROUTES[path].sees, ROUTES[path].sees)])
    one = browser()
    if ROUTES[path].sees == "arrival":
        one.cookies.set("presession", ARRIVAL, domain="127.0.0.1", path="/")
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
