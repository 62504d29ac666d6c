import json
from ipaddress import ip_network

import msgspec
import pytest

from settings import settings
from tests.client import raw
from web import edge

FORM = (b"content-type", b"application/x-www-form-urlencoded")
OURS = [(b"sec-fetch-site", b"same-origin")]


def cookies(*headers):
    return edge.read_cookies([(b"cookie", header) for header in headers])


# Cookies


def test_cookies_are_read_by_their_exact_name():
    assert cookies(b"a=1; presession=abc; center-acme=x=y") == {"a": "1", "presession": "abc", "center-acme": "x=y"}


@pytest.mark.parametrize("headers", [(b"a=1; a=2",), (b"a=1", b"a=2"), (b"a=1; b=2; a=1",), (b"a=1; a=2; a=3",)])
def test_a_cookie_that_comes_twice_counts_as_absent(headers):
    assert "a" not in cookies(*headers)


@pytest.mark.parametrize("name", [b"\xa0presession", b"\x85presession", b"\xe2\x80\x80presession", b" presession",
                                  b"\tpresession",
                                  b"presession ", b"Presession", b"PRESESSION"])  # fmt: skip
def test_a_name_that_only_looks_like_ours_is_not_ours(name):
    assert "presession" not in cookies(name + b"=EVIL")


def test_a_lookalike_does_not_push_out_the_real_one():
    assert cookies(b"presession=good; \xa0presession=EVIL")["presession"] == "good"


@pytest.mark.parametrize("prefix", [b"__host-", b"__HOST-", b"\xa0__Host-"])
def test_the_host_prefix_is_read_to_the_letter(prefix):
    assert "__Host-center-acme" not in cookies(prefix + b"center-acme=EVIL")


def test_the_cookie_that_lynx_sends_by_mistake_is_one_more_name():
    assert cookies(b"presession=abc; SameSite=lax")["presession"] == "abc"


@pytest.mark.parametrize(
    "header", [b"presession=" + b"x" * 8192, b"presession=\xe9", b"presession", b"=x", b"", b"; ; "]
)
def test_a_cookie_nobody_could_have_got_from_us_is_left_out(header):
    assert "presession" not in cookies(header)


@pytest.mark.parametrize(
    "header", [b"center-acme=" + b"x" * 8192, b"\xa0center-acme=x", b"center-acme=a; center-acme=b"]
)
async def test_strange_cookies_are_signed_out_and_no_error(application, acme, header):
    answer = await raw(application, "GET", "/acme/account", [(b"cookie", header)])
    assert answer.status_code == 303


# Bodies


async def post(application, chunks, *headers, path="/acme/sign-in"):
    return await raw(application, "POST", path, [*headers], chunks)


@pytest.mark.parametrize("path", ["/acme/sign-in", "/acme/sign-in/code", "/acme/nowhere"])
async def test_a_form_longer_than_64_kib_is_refused(application, acme, path):
    body = b"a" * (edge.BODY_LIMIT + 1)
    answer = await post(application, [body], FORM, *OURS, (b"content-length", str(len(body)).encode()), path=path)
    assert answer.status_code == 413


async def test_a_chunked_body_is_cut_at_the_limit(application, acme):
    answer = await post(application, [b"a" * 65536] * 160, FORM, *OURS)
    assert answer.status_code == 413


async def test_a_chunked_body_is_not_read_beyond_the_limit():
    async def endless():
        return {"type": "http.request", "body": b"a" * 1000, "more_body": True}

    receive, taken = edge.limited(endless, 10_000), 0
    while taken < 10_000:
        taken += len((await receive())["body"])
    with pytest.raises(edge.TooLarge):
        await receive()


@pytest.mark.parametrize("length", [b"-1", b"abc", b"", b"9" * 5000, b"1_000", b"+5", b"0x10"])
async def test_a_length_that_is_no_number_is_refused(application, acme, length):
    answer = await post(application, [b"a=1"], FORM, *OURS, (b"content-length", length))
    assert answer.status_code == 413


async def test_a_webhook_may_be_a_megabyte(application, acme):
    fits, over = (edge.WEBHOOK_BODY_LIMIT, edge.WEBHOOK_BODY_LIMIT + 1)
    path = "/webhooks/acme/clickfunnels"
    assert (await post(application, [b"a" * fits], path=path)).status_code == 401
    assert (await post(application, [b"a" * over], path=path)).status_code == 413
    long = await post(application, [b"a"], (b"content-length", str(over).encode()), path=path)
    assert (long.status_code, long.headers["content-type"]) == (413, "application/json")


@pytest.mark.parametrize("body", [b"a&" * 30_000, b"a=1&" * 201, b"&" * 65_000])
async def test_a_flood_of_fields_is_refused(application, acme, body):
    assert (await post(application, [body], FORM, *OURS)).status_code == 400


@pytest.mark.parametrize("kind", [b"multipart/form-data; boundary=x", b"Multipart/Form-Data", b"multipart/mixed"])
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_multipart_is_refused_before_anything_reads_it(application, acme, kind, method):
    part = b'--x\r\ncontent-disposition: form-data; name="a"\r\ncontent-type: text/plain; charset=punycode\r\n\r\n'
    answer = await raw(application, method, "/acme/sign-in", [(b"content-type", kind)], Unread([part + b"a-" * 30_000]))
    assert answer.status_code == 415


class Unread(list):
    """A body that must not be read."""

    def pop(self, index=-1):
        raise AssertionError("the body was read")


@pytest.mark.parametrize(
    "kind", [b"application/json", b"text/plain", b"application/x-www-form-urlencoded; charset=utf-7", b"image/png", b""]
)
async def test_other_kinds_of_bodies_are_no_forms(application, acme, kind):
    body = json.dumps({"_csrf": "x", "email": "a@b.example"}).encode()
    answer = await post(application, [body], (b"content-type", kind), *OURS)
    assert answer.status_code == 403


async def test_forms_leave_nothing_in_the_frameworks_memory(application, alice, browser):
    from litestar._parsers import parse_url_encoded_form_data

    parse_url_encoded_form_data.cache_clear()
    one = browser()
    await one.submit(await one.get("/acme/sign-in"), "/acme/sign-in", email="alice@example.com")
    assert parse_url_encoded_form_data.cache_info().currsize == 0


# The rest of a request


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([(b"x-a", b"1")] * 99, 200),
        ([(b"x-a", b"1")] * 100, 431),
        ([(b"x-a", b"x" * 33_000)], 431),
        ([(b"x" * 33_000, b"")], 431),
    ],
)
async def test_headers_have_a_limit(application, headers, status):
    assert (await raw(application, "GET", "/", headers)).status_code == status


@pytest.mark.parametrize("host", [(), (b"127.0.0.1:8000", b"127.0.0.1:8000"), (b"127.0.0.1:8000", b"evil.example")])
async def test_there_is_exactly_one_host(application, host):
    assert (await raw(application, "GET", "/", host=host)).status_code == 400


@pytest.mark.parametrize("path", ["/" + "a" * 2048, "//", "/acme//account", "/acme/../globex", "/acme/./x", "/a\x00b",
                                  "/a\nb",
                                  "/a\ufffd", "/a\\b", "/a\u202eb", "*"])  # fmt: skip
async def test_a_path_no_link_of_ours_has_does_not_exist(application, acme, path):
    assert (await raw(application, "GET", path)).status_code == 404


async def test_a_query_has_a_limit(application):
    assert (await raw(application, "GET", "/", query=b"a" * 4096)).status_code == 200
    assert (await raw(application, "GET", "/", query=b"a" * 4097)).status_code == 414


async def test_web_sockets_are_refused(application):
    sent = []

    async def send(message):
        sent.append(message)

    await application({"type": "websocket", "path": "/", "headers": []}, None, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


async def test_a_failure_after_the_answer_began_is_not_answered_twice():
    async def broken(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        await raw(edge.Edge(broken), "GET", "/")


# Addresses


def trust(monkeypatch, *networks):
    trusting = msgspec.structs.replace(settings, trusted_proxies=tuple(map(ip_network, networks)))
    monkeypatch.setattr(edge, "settings", trusting)


def client_ip(peer, forwarded=None):
    headers = {b"x-forwarded-for": forwarded} if forwarded is not None else {}
    return edge.client_ip({"client": (peer, 1)}, headers)


def test_nobody_is_believed_without_a_trusted_proxy():
    assert client_ip("203.0.113.5", b"198.51.100.1") == "203.0.113.5"
    assert client_ip("127.0.0.1", b"198.51.100.1") == "127.0.0.1"


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [("10.0.0.1", b"198.51.100.1", "198.51.100.1"), ("10.0.0.1", b"1.1.1.1, 198.51.100.1", "198.51.100.1"),
     ("10.0.0.1", b"198.51.100.1, 10.0.0.2", "198.51.100.1"), ("10.0.0.1", b"2001:db8::1", "2001:db8::1"),
     ("203.0.113.5", b"198.51.100.1", "203.0.113.5"), ("10.0.0.1", b"", "10.0.0.1"), ("10.0.0.1", None, "10.0.0.1"),
     ("10.0.0.1", b"evil", "10.0.0.1"), ("10.0.0.1", b"198.51.100.1, evil", "10.0.0.1"),
     ("10.0.0.1", b"10.0.0.9", "10.0.0.9")],
)  # fmt: skip
def test_behind_a_trusted_proxy_the_rightmost_stranger_counts(monkeypatch, peer, forwarded, found):
    trust(monkeypatch, "10.0.0.0/8")
    assert client_ip(peer, forwarded) == found


def test_a_socket_without_an_address_has_none():
    assert edge.client_ip({"client": None}, {}) == ""
    assert edge.ip_prefix("") == ""


@pytest.mark.parametrize(
    ("ip", "prefix"),
    [("198.51.100.7", "198.51.100.7/32"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::1", "::/64"), ("x", "")],
)
def test_one_household_counts_once(ip, prefix):
    assert edge.ip_prefix(ip) == prefix


# Static files


@pytest.fixture
async def sheet(application, acme, browser):
    page = await browser().get("/acme/sign-in")
    return "/static/" + page.text.split('href="/static/')[1].split('"')[0]


async def test_static_files_are_kept_for_ever_under_their_hash(browser, sheet):
    answer = await browser().get(sheet)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("encoding", ["br", "gzip"])
async def test_static_files_come_compressed(application, browser, sheet, encoding):
    answer = await raw(application, "GET", sheet, [(b"accept-encoding", encoding.encode())])
    assert answer.headers["content-encoding"] == encoding
    plain = await browser().get(sheet)
    assert "content-encoding" not in plain.headers
    assert len(answer.body) < len(plain.content)


async def test_static_files_come_in_pieces(browser, sheet):
    whole = await browser().get(sheet)
    part = await browser().get(sheet, range="bytes=0-9")
    assert (part.status_code, part.content) == (206, whole.content[:10])


async def test_static_files_are_the_same_on_every_host(application, sheet):
    from tables import Vendor

    await Vendor.update({Vendor.domain: "center.acme.example"}).where(Vendor.slug == "acme")
    answer = await raw(application, "GET", sheet, host=(b"center.acme.example:8000",))
    assert answer.status_code == 200
