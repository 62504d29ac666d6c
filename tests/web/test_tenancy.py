import pytest

from tables import Vendor
from tests.client import raw
from web import tenancy


async def give_domain(vendor, domain="center.acme.example"):
    await Vendor.update({Vendor.domain: domain}).where(Vendor.id == vendor.id)


async def get(application, path, host="127.0.0.1:8000", **options):
    return await raw(application, "GET", path, host=(host.encode(),), **options)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "LOCALHOST:8000"])
async def test_in_development_every_name_of_this_machine_is_the_base_host(application, acme, host):
    assert (await get(application, "/acme/sign-in", host)).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:9000", "127.0.0.1:8000:8000",
                                  "127.0.0.1:8000@evil",
                                  "acme", "", "127.0.0.1:8000 ", "center.acme.example",
                                  "\xe9.example:8000"])  # fmt: skip
async def test_an_unknown_host_has_no_center_and_gets_no_cookie(application, acme, host):
    answer = await raw(application, "GET", "/acme/sign-in", host=(host.encode("latin-1"),))
    assert answer.status_code == 421
    assert "set-cookie" not in answer.headers
    assert "acme" not in answer.text.lower()


@pytest.mark.parametrize(
    "path", ["/nobody", "/nobody/", "/nobody/sign-in", "/ACME/sign-in", "/~center/sign-in", "/acme.", "/%61cme"]
)
async def test_an_unknown_slug_does_not_exist(application, acme, path):
    assert (await get(application, path)).status_code == 404


@pytest.mark.parametrize(
    ("path", "query", "location"),
    [("/acme", b"", "/acme/"), ("/acme", b"a=1&b=2", "/acme/?a=1&b=2"), ("/acme/account/", b"", "/acme/account"),
     ("/acme/account/orders/", b"older=1-2", "/acme/account/orders?older=1-2"), ("/dev/mail/", b"", "/dev/mail"),
     ("/acme/é/", b"", "/acme/%C3%A9"), ("/acme/100%/", b"", "/acme/100%25"), ("/acme/a?b/", b"", "/acme/a%3Fb")],
)  # fmt: skip
async def test_one_page_has_one_address(application, acme, path, query, location):
    answer = await get(application, path, query=query)
    assert answer.status_code == 308
    assert answer.headers["location"].removeprefix("http://127.0.0.1:8000") == location


@pytest.mark.parametrize(
    "path", ["/acme/\\evil.example/", "/acme//evil.example/", "//evil.example/", "///evil.example"]
)
async def test_no_address_leads_to_another_host(application, acme, path):
    answer = await get(application, path)
    assert answer.status_code == 404


# An own domain


@pytest.fixture
async def own_host(acme):
    await give_domain(acme)
    return "center.acme.example:8000"


async def test_a_center_on_its_own_host_has_no_prefix(application, own_host):
    answer = await get(application, "/sign-in", own_host)
    assert answer.status_code == 200
    assert 'action="/sign-in"' in answer.text
    assert 'href="/acme' not in answer.text


@pytest.mark.parametrize("host", ["CENTER.acme.example:8000", "center.acme.example:8000"])
async def test_a_host_is_the_same_in_capitals(application, own_host, host):
    assert (await get(application, "/sign-in", host)).status_code == 200


@pytest.mark.parametrize("host", ["center.acme.example", "center.acme.example:9000", "center.acme.example:",
                                  "x.center.acme.example:8000",
                                  "center.acme.example.:8000"])  # fmt: skip
async def test_the_port_counts_as_the_base_address_has_it(application, own_host, host):
    assert (await get(application, "/sign-in", host)).status_code == 421


async def test_the_ports_of_https_are_left_out(application, own_host, monkeypatch):
    import msgspec

    monkeypatch.setattr(tenancy, "settings", msgspec.structs.replace(tenancy.settings, base_url="https://base.example"))
    assert await tenancy.by_domain("center.acme.example") is not None
    assert await tenancy.by_domain("center.acme.example:443") is None


@pytest.mark.parametrize(
    ("path", "query", "location"),
    [("/acme", b"", "/"), ("/acme/", b"", "/"), ("/acme/account/orders", b"older=1-2", "/account/orders?older=1-2"),
     ("/acme/sign-in/link/abc", b"", "/sign-in/link/abc")],
)  # fmt: skip
async def test_the_slug_of_a_center_with_its_own_host_leads_there(application, own_host, path, query, location):
    answer = await get(application, path, query=query)
    assert (answer.status_code, answer.headers["location"]) == (308, f"http://{own_host}{location}")


@pytest.mark.parametrize(
    "path", ["/acme/sign-in", "/globex/sign-in", "/dev/mail", "/webhooks/acme/clickfunnels", "/console", "/dashboard"]
)
async def test_what_belongs_to_the_base_host_is_not_on_a_vendors(application, own_host, globex, path):
    assert (await get(application, path, own_host)).status_code == 404


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "center.acme.example:8000", "10.1.2.3", "evil.example"])
async def test_health_answers_on_any_host(application, acme, path, host):
    await give_domain(acme)
    assert (await get(application, path, host)).status_code == 200


@pytest.mark.parametrize("path", ["/robots.txt", "/favicon.ico"])
async def test_public_files_are_on_every_host(application, own_host, path):
    assert (await get(application, path)).status_code == (await get(application, path, own_host)).status_code == 200


@pytest.mark.parametrize("path", ["/~center", "/~center/", "/~center/sign-in", "/~center/account/orders",
                                  "/acme/~center/sign-in",
                                  "/%7Ecenter/sign-in", "/~center/~center/sign-in"])  # fmt: skip
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "center.acme.example:8000"])
async def test_the_private_prefix_cannot_be_addressed(application, acme, globex, path, host):
    if host != "127.0.0.1:8000":
        await give_domain(acme)
    answer = await get(application, path, host)
    assert answer.status_code in (404, 308)
    if answer.status_code == 308:
        again = await get(application, answer.headers["location"].removeprefix(f"http://{host}"), host)
        assert again.status_code == 404


# The cache


async def test_a_vendor_is_read_again_after_five_seconds(application, acme, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(tenancy.time, "monotonic", lambda: now[0])
    await get(application, "/acme/sign-in")
    await Vendor.update({Vendor.name: "Acme Renamed"}).where(Vendor.id == acme.id)
    now[0] += tenancy.CACHE_SECONDS - 0.1
    before = await get(application, "/acme/sign-in")
    now[0] += 0.2
    after = await get(application, "/acme/sign-in")
    assert tenancy.CACHE_SECONDS <= 5
    assert ("Acme Renamed" in before.text, "Acme Renamed" in after.text) == (False, True)


async def test_names_nobody_has_fill_no_memory(application, acme):
    for number in range(20):
        await get(application, f"/nobody{number}/")
        await get(application, "/", f"host{number}.example:8000")
    assert len(tenancy.kept) <= 1


@pytest.mark.parametrize("locale", ["de", "ar"])
async def test_a_page_says_its_language_and_direction(application, acme, locale):
    await Vendor.update({Vendor.locale: locale}).where(Vendor.id == acme.id)
    direction = "rtl" if locale == "ar" else "ltr"
    assert f'<html lang="{locale}" dir="{direction}">' in (await get(application, "/acme/sign-in")).text
