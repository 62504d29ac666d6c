import gzip
import json

import brotli
import pytest

from tests.client import raw, tree
from web import rendering
from web.rendering import safe_next

SAFE = [
    "/",
    "/account",
    "/account/orders?older=1-2",
    "/courses/abc_-/lessons/x",
    "/a#b",
    "/a?b=http://evil.example",
    "/a/%2F%2Fevil",
]
EVIL = [
    "", " ", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example",
    "/\\/evil.example",
    "\\/evil.example", "http://evil.example", "https://evil.example", "HTTPS://EVIL.example", "http:evil.example",
    "http:/evil.example", "http:///evil.example", "https:evil.example", "ftp://evil.example", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@b.example",
    "evil.example",
    "evil", "./evil", "../evil", "?next=/x", "#x", "@evil.example", ":80", "/ /evil.example", "/\t/evil.example",
    "/\n/evil.example", "/\r\nLocation: http://evil.example", "/a\r\nSet-Cookie: x=1", "/\x00/evil", "/a b", "/é",
    "/\u2028",
    "/\u3002evil", "／／evil.example", "/\u202e", "\t//evil.example", "\n//evil.example", " //evil.example",
    "\x0b//evil.example",
    "\u00a0//evil.example", "%2F%2Fevil.example", "/\x7f", "/\ud800", "/" + "a" * 512, "/sign-in", "/sign-in?next=/x",
    "/sign-in/link/abc", "/sign-out", "/password", "/password/abc", "/sso", "/sso?token=x", "//", "/\\", "\\",
]  # fmt: skip


@pytest.mark.parametrize("path", SAFE)
def test_paths_of_this_center_are_gone_on_to(path):
    assert safe_next(path) == path


@pytest.mark.parametrize("path", EVIL, ids=range(len(EVIL)))
def test_anything_else_leads_to_the_start_page(path):
    assert safe_next(path) == "/"


@pytest.mark.parametrize("path", [path for path in EVIL if path.isascii()])
async def test_no_sign_in_leads_anywhere_else(alice, signed_in, path):
    one = await signed_in(alice)
    page = await one.client.get("/acme/sign-in", params={"next": path})
    assert (page.status_code, page.headers["location"]) == (303, "/acme/")


# Compression


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("br", "br", brotli.decompress),
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
    ],
)
async def test_a_page_is_compressed_for_browsers_that_can_read_it(application, acme, accepted, encoding, unpack):
    plain = await raw(application, "GET", "/acme/sign-in")
    packed = await raw(application, "GET", "/acme/sign-in", [(b"accept-encoding", accepted.encode())])
    assert packed.headers["content-encoding"] == encoding
    assert packed.headers["content-length"] == str(len(packed.body))
    assert len(packed.body) < len(plain.body) / 2
    assert unpack(packed.body)[:500] == plain.body[:500]
    assert "Accept-Encoding" in packed.headers["vary"]


@pytest.mark.parametrize("accepted", ["", "identity", "deflate", "zstd"])
async def test_other_browsers_get_it_plain(application, acme, accepted):
    answer = await raw(application, "GET", "/acme/sign-in", [(b"accept-encoding", accepted.encode())])
    assert "content-encoding" not in answer.headers
    assert answer.body.startswith(b"<!doctype html>")


def test_short_answers_are_not_worth_it():
    assert rendering.packing({"headers": {b"accept-encoding": b"br"}}, b"a" * rendering.COMPRESS_ABOVE) is None


# The document


async def page_of(browser, path="/acme/sign-in"):
    return tree(await browser().get(path))


async def test_htmx_is_told_how_to_behave_once(acme, browser):
    (meta,) = [meta for meta in (await page_of(browser)).iter("meta") if meta.get("name") == "htmx-config"]
    assert json.loads(meta.get("content")) == {
        "historyCacheSize": 0, "refreshOnHistoryMiss": True, "historyRestoreAsHxRequest": False,
        "includeIndicatorStyles": False, "allowEval": False, "allowScriptTags": False, "selfRequestsOnly": True,
        "disableInheritance": True,
        "responseHandling": [{"code": "204", "swap": False}, {"code": "[23]..", "swap": True},
                             {"code": "422", "swap": True},
                             {"code": "[45]..", "swap": True, "error": True}],
    }  # fmt: skip


async def test_every_script_and_sheet_is_our_own_file(acme, browser):
    document = await page_of(browser)
    addresses = [script.get("src") for script in document.iter("script")]
    addresses += [link.get("href") for link in document.iter("link")]
    assert len(addresses) > 2
    assert all(address.startswith(("/static/", "/theme/")) for address in addresses)
    for address in addresses:
        assert (await browser().get(address)).status_code == 200


FORBIDDEN = (
    "hx-boost",
    "data-hx-boost",
    "hx-on",
    "data-hx-on",
    "data-hx-delete",
    "data-hx-disable",
    "data-hx-ext",
    "style",
    "onclick",
)


async def test_pages_speak_one_dialect_of_htmx(world, signed_in):
    one = await signed_in(world.alice.customer)
    for inner in ("/account", "/account/orders", "/account/profile", "/courses", f"/courses/{world.alice.course}"):
        for element in tree(await one.get(f"/acme{inner}")).iter():
            assert not [name for name in element.attrib if name.startswith(FORBIDDEN)], inner
            address = element.get("data-hx-get") or element.get("data-hx-post")
            if address:
                assert address == element.get("href") or address == element.get("action"), (
                    "beneath it is a real link or form"
                )
                assert element.get("data-hx-target") == element.get("data-hx-select") == "#main"
                assert element.get("data-hx-swap") == "outerHTML show:none"
                assert element.get("data-hx-push-url") == "true"


@pytest.mark.parametrize("inner", ["/account", "/account/orders", "/courses"])
async def test_private_pages_are_kept_nowhere(alice, signed_in, inner):
    page = await (await signed_in(alice)).get(f"/acme{inner}")
    assert {"private", "no-store"} <= set(page.headers["cache-control"].split(", "))


async def test_ids_are_unique_in_every_page(world, signed_in):
    one = await signed_in(world.alice.customer)
    own = world.alice
    for inner in ("/account/profile", f"/account/orders/{own.order}", f"/courses/{own.course}/lessons/{own.lesson}"):
        ids = [element.get("id") for element in tree(await one.get(f"/acme{inner}")).iter() if element.get("id")]
        assert len(ids) == len(set(ids)), inner


async def test_the_tab_one_is_on_is_marked(world, signed_in):
    one = await signed_in(world.alice.customer)
    for tab in ("subscriptions", "courses", "orders", "credit-memos", "payment-methods", "addresses", "phone-numbers"):
        document = tree(await one.htmx_get(f"/acme/account/{tab}"))
        current = [link.get("href") for link in document.iter("a") if link.get("aria-current") == "page"]
        assert current == [f"/acme/account/{tab}"]
