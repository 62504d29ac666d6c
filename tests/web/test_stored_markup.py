"""Markup in any text that a vendor, ClickFunnels or a customer sends stays text on every page."""

import re
from html import escape, unescape

import pytest
from piccolo.columns import Text, Varchar

from tables import TENANT_TABLES, Mail, Session, Vendor
from tests.client import tree
from tests.routes import ROUTES, address, values, visitor
from web import tenancy

PAYLOADS = [
    '"><script>alert(1)</script>', "'><img src=x onerror=alert(1)>", "</title><script>alert(1)</script>",
    "<svg onload=alert(1)>",
    '" autofocus onfocus=alert(1) x="', "' data-hx-get=/x data-hx-trigger=load x='", "javascript:alert(1)",
    "{{ 7 * 7 }}{% x %}",
    "<form action=//evil.example><input name=x>", "</main></body><main id=main>", "<b id=main>&lt;script&gt;</b>",
    "%(name)s %s {0}",
]  # fmt: skip
LEFT_ALONE = {
    "id", "vendor_id", "customer_id", "order_id", "clickfunnels_id", "public_id", "version", "email", "number",
    "currency", "token_hash",
    "link_hash", "code_hash", "browser_hash", "state", "status", "kind", "interval", "order_type", "invoice_type",
    "origin", "reference",
    "payment_method", "shipping_address", "billing_address", "fingerprint", "digits", "source", "path", "recipient",
    "sender",
    "dedupe_key", "message_id", "media_type", "language", "time_zone", "result", "ip_prefix", "device", "body_html",
    "body",
    "description", "detail", "content", "mapping", "word",
}  # fmt: skip
"""Ids, states and keys that pages depend on, and the fields that may hold markup (tests/theming/test_markdown.py)."""
SHORTEST = 30


def text_columns(table):
    return [
        column for column in table._meta.columns
        if isinstance(column, Varchar | Text) and (getattr(column, "length", None) or SHORTEST) >= SHORTEST
        and column._meta.name not in LEFT_ALONE and not column._meta.name.endswith("clickfunnels_id")
    ]  # fmt: skip


async def fill(payload):
    """Write the payload into every free text there is."""
    for table in TENANT_TABLES:
        if columns := text_columns(table):
            await table.update({column: payload[: getattr(column, "length", None)] for column in columns}, force=True)
    await Mail.update({Mail.sealed: False}, force=True)
    await Vendor.update({
        Vendor.name: payload, Vendor.headline: payload, Vendor.logo_alt: payload, Vendor.support_email: payload,
        Vendor.privacy_url: f"https://a.example/{payload}", Vendor.sender_name: payload,
    }, force=True)  # fmt: skip
    tenancy.kept.clear()


TAG = re.compile(r"""<(/?[a-z][a-z0-9]*)((?:\s+[a-z:-]+(?:="[^"<>]*")?)*)\s*/?>""", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([a-z:-]+)(?:="([^"]*)")?""", re.IGNORECASE)


def shape(html):
    """Tags with the names of their attributes, and every address.

    Read by a far stricter grammar than a browser's, which is quicker than parsing: whatever is not a plain tag or text
    without angle brackets is a mistake here, so that two pages of one shape are one tree to a browser as well.
    """
    texts, tags, addresses = [], [], []
    end = 0
    for tag in TAG.finditer(html := html.removeprefix("<!doctype html>")):
        texts.append(html[end : tag.start()])
        end = tag.end()
        attributes = ATTRIBUTE.findall(tag[2])
        tags.append((tag[1], *sorted(name for name, _ in attributes)))
        addresses += [unescape(value) for name, value in attributes if name in ("href", "src", "action")]
    assert not [text for text in [*texts, html[end:]] if "<" in text or ">" in text]
    return tags, addresses


async def shapes(world, browser, signed_in):
    found, opened = {}, {}
    # Each visit below opens a session, and a page lists them.
    await Session.delete(force=True)
    for path, route in ROUTES.items():
        if not route.shows or path.endswith("check-email"):
            continue
        if route.sees not in opened:
            opened[route.sees] = await visitor(path, world.alice, browser, signed_in)
        page = await opened[route.sees].get(address(path, world.alice.home, values(path, world.alice)))
        found[path] = shape(page.text)
    return found


def test_there_are_texts_in_every_kind_of_row():
    assert {table._meta.tablename for table in TENANT_TABLES if text_columns(table)} >= {
        "customers", "orders", "order_lines", "invoice_lines", "payments", "credit_memos", "parcels", "addresses",
        "courses", "sections", "lessons", "lesson_files", "enrollments", "mails",
    }  # fmt: skip


PLAIN = '<main id="main"><p title="plain words">plain words</p><a href="/plain words">x</a></main>'


@pytest.mark.parametrize(
    ("place", "payload"),
    [
        *((">", payload) for payload in PAYLOADS if "<" in payload),
        *(('"', payload) for payload in PAYLOADS if '"' in payload),
    ],
)
def test_the_check_itself_sees_markup_in_a_text_and_in_an_attribute(place, payload):
    with pytest.raises(AssertionError):
        assert shape(PLAIN.replace(f"{place}plain words", place + payload))[0] == shape(PLAIN)[0]


def test_the_check_itself_takes_escaped_markup_for_text_and_reads_addresses():
    assert shape(PLAIN.replace("plain words", escape("".join(PAYLOADS))))[0] == shape(PLAIN)[0]
    assert shape('<a href="java&#115;cript:alert(1)">x</a>')[1] == ["javascript:alert(1)"]


async def test_text_stays_text_on_every_page(world, browser, signed_in):
    await fill("plain words")
    plain = await shapes(world, browser, signed_in)
    assert len(plain) > 15
    for payload in PAYLOADS:
        await fill(payload)
        marked = await shapes(world, browser, signed_in)
        for path in plain:
            assert marked[path][0] == plain[path][0], (path, payload)
            assert not [href for href in marked[path][1] if href.startswith(("javascript:", "data:"))], (path, payload)


@pytest.mark.parametrize(
    "payload", [payload for payload in PAYLOADS if "%" not in payload], ids=range(len(PAYLOADS) - 2)
)
async def test_text_stays_text_in_a_mail(world, payload):
    from emails import welcome
    from theming.center import center_of

    await Vendor.update({Vendor.name: payload, Vendor.support_email: "help@acme.example"}).where(
        Vendor.id == world.acme.id
    )
    world.alice.customer.first_name = payload
    center = center_of(await Vendor.objects().get(Vendor.id == world.acme.id))
    await welcome.queue(center, world.alice.customer, [payload, "Bees"])
    row = await Mail.select().order_by(Mail.id, ascending=False).first()
    found = {element.tag for element in tree(row["body_html"]).iter() if isinstance(element.tag, str)}
    assert found <= {"html", "head", "meta", "title", "style", "body", "div", "p", "h1", "ul", "li", "a", "br"}
    assert "\n" not in row["subject"]
    assert payload in row["body_text"]
