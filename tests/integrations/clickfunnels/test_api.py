import httpx
import pytest

from integrations.clickfunnels import api as api_module
from integrations.clickfunnels.api import Api, Busy, Missing, Refused, origin, retry_after
from integrations.clickfunnels.workspaces import look
from tests.integrations.clickfunnels.fake_api import SUBDOMAIN, TOKEN, WORKSPACE, FakeClickFunnels, large


@pytest.fixture
async def open_api():
    """Opens a fake, and closes the client after the test."""
    opened = []

    def start(fake, token=TOKEN):
        opened.append(Api(SUBDOMAIN, token, httpx.ASGITransport(fake)))
        return opened[-1]

    yield start
    for api in opened:
        await api.client.aclose()


async def test_a_list_is_read_page_by_page(open_api):
    fake = FakeClickFunnels(large(45))
    api, seen, after, pages = open_api(fake), [], None, 0
    while pages == 0 or after:
        page = await api.page(f"/workspaces/{WORKSPACE}/contacts", after)
        seen, after, pages = [*seen, *(row["id"] for row in page.records)], page.next, pages + 1
    assert (pages, seen) == (3, [row["id"] for row in fake.records["contacts"]])


async def test_only_the_vendors_own_host_is_asked_and_by_https():
    asked = []

    def answer(request):
        asked.append(request.url)
        return httpx.Response(302, headers={"location": "https://evil.example/api/v2/teams"})

    async with Api("acme", TOKEN, httpx.MockTransport(answer)) as api:
        with pytest.raises(Refused, match="another address"):
            await api.page("/teams")
    assert [str(url) for url in asked] == ["https://acme.myclickfunnels.com/api/v2/teams?sort_order=asc"]


@pytest.mark.parametrize(
    "subdomain",
    ["", "acme.evil.example/", "evil.example#", "a@evil.example", "acme/../x", "127.0.0.1:80", "Acme", "-a", "a" * 64,
     "acme\n", "acmé"],
)  # fmt: skip
def test_what_is_no_subdomain_is_refused(subdomain):
    with pytest.raises(Refused):
        origin(subdomain)


def test_the_stand_in_is_for_development_alone(monkeypatch):
    import msgspec

    found = msgspec.structs.replace(api_module.settings, clickfunnels_url="http://127.0.0.1:9")
    monkeypatch.setattr(api_module, "settings", found)
    assert origin("acme") == "http://127.0.0.1:9"
    monkeypatch.setattr(api_module, "settings", msgspec.structs.replace(found, environment="production"))
    assert origin("acme") == "https://acme.myclickfunnels.com"


@pytest.mark.parametrize("token", ["", "two words", "line\r\nx-evil: 1", "tokén", "x" * 501])
def test_what_is_no_token_is_never_sent(token):
    with pytest.raises(Refused, match="not an API token"):
        Api("acme", token)


@pytest.mark.parametrize(
    "answer",
    [(200, {}, b"<html>"), (200, {}, {"error": "x"}), (200, {}, [1]), (500, {}, b""), (502, {}, {}), (408, {}, {}),
     (200, {}, b"\xff\xfe")],
)  # fmt: skip
async def test_what_may_pass_is_tried_again(open_api, answer):
    fake = FakeClickFunnels()
    fake.answers = [answer]
    with pytest.raises(Busy):
        await open_api(fake).page("/teams")


@pytest.mark.parametrize("problem", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x")])
async def test_a_network_that_fails_is_tried_again(problem):
    def fail(request):
        raise problem

    async with Api("acme", TOKEN, httpx.MockTransport(fail)) as api:
        with pytest.raises(Busy):
            await api.page("/teams")


@pytest.mark.parametrize("following", ["1", "../x", "a b", "x" * 65])
async def test_pages_that_lead_nowhere_end_it(open_api, following):
    fake = FakeClickFunnels()
    fake.answers = [(200, {"pagination-next": following}, [{"id": 1}])]
    with pytest.raises(Refused, match="lead nowhere"):
        await open_api(fake).page("/teams", after="1")


async def test_an_empty_page_is_the_last(open_api):
    fake = FakeClickFunnels()
    fake.answers = [(200, {"pagination-next": "5"}, [])]
    assert await open_api(fake).page("/teams") == ([], None)


async def test_too_much_and_too_deep_are_refused(open_api, monkeypatch):
    fake = FakeClickFunnels()
    fake.answers = [(200, {}, b"[" * 40 + b"]" * 40)]
    with pytest.raises(Refused, match="deep"):
        await open_api(fake).page("/teams")
    monkeypatch.setattr(api_module, "BYTES_LIMIT", 10)
    with pytest.raises(Refused, match="at once"):
        await open_api(fake).page("/teams")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0), ("30", 30), (" 7 ", 7), ("999999999", 3600), ("-1", None), ("soon", None), ("", None),
     ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)  # fmt: skip
def test_how_long_to_wait_is_a_number_or_a_date(value, seconds):
    assert retry_after(value) == seconds


async def test_requests_keep_their_distance(open_api, monkeypatch):
    """Asserted by what is waited for, not by a clock."""
    waited, moment = [], [100.0]

    async def sleep(seconds):
        waited.append(round(seconds, 3))
        moment[0] += seconds

    monkeypatch.setattr(api_module, "PACE", 0.5)
    monkeypatch.setattr(api_module.time, "monotonic", lambda: moment[0])
    monkeypatch.setattr(api_module.asyncio, "sleep", sleep)
    api = open_api(FakeClickFunnels())
    await api.keep_pace()
    await api.keep_pace()
    moment[0] += 0.2
    await api.keep_pace()
    moment[0] += 9
    await api.keep_pace()
    assert waited == [0.5, 0.3]


# The workspace


async def test_a_workspace_is_found_by_its_subdomain_and_looked_at(open_api):
    fake = FakeClickFunnels(large(30))
    sight = await look(open_api(fake), SUBDOMAIN)
    assert (sight.workspace, sight.name, sight.subdomain) == ("42000", "Acme Learning", SUBDOMAIN)
    assert sight.lists == {"courses": (3, False), "contacts": (20, True), "products": (3, False), "orders": (20, True)}


@pytest.mark.parametrize("workspace", ["42000", "eEUSvB"])
async def test_a_workspace_is_found_by_its_id(open_api, workspace):
    sight = await look(open_api(FakeClickFunnels()), "whatever", workspace)
    assert (sight.workspace, sight.subdomain) == ("42000", SUBDOMAIN)


@pytest.mark.parametrize(
    ("subdomain", "workspace", "words"),
    [("nobody", "", "sees no workspace called nobody"), ("acme", "1", "does not see a workspace with the ID 1"),
     ("acme", "../teams", "is a number")],
)  # fmt: skip
async def test_a_workspace_that_is_not_there(open_api, subdomain, workspace, words):
    with pytest.raises(Refused, match=words):
        await look(open_api(FakeClickFunnels()), subdomain, workspace)


async def test_where_teams_are_not_listed_the_id_is_asked_for(open_api):
    fake = FakeClickFunnels()
    fake.answers = [(404, {}, {"error": "Not found"})]
    with pytest.raises(Refused, match="enter the workspace ID"):
        await look(open_api(fake), SUBDOMAIN)


async def test_a_missing_scope_is_told_before_anything_is_imported(open_api):
    fake = FakeClickFunnels()
    fake.forbidden["contacts"] = "Missing scope"
    with pytest.raises(Refused, match=r"lacks the scope contacts:read"):
        await look(open_api(fake), SUBDOMAIN)


async def test_a_missing_list_is_missing(open_api):
    with pytest.raises(Missing):
        await open_api(FakeClickFunnels()).page("/courses/1/sections")
