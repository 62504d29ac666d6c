"""The console's page for imports: connect, check, start, watch, stop, go on, read what was refused."""

import httpx
import pytest

import database
from integrations.clickfunnels import importing
from jobs.import_clickfunnels import import_clickfunnels
from jobs.stopping import Stopping
from tables import AuditEntry, Course, ImportRun, Vendor
from tests import world as cast
from tests.client import forms, words
from tests.integrations.clickfunnels.fake_api import TOKEN, large
from tests.integrations.clickfunnels.payloads import order

HOME = "/console/acme/import"
GOOD = {"subdomain": "https://Acme.myclickfunnels.com/account", "api_token": f" {TOKEN} ", "workspace": ""}


@pytest.fixture
async def desk(at_desk, olga):
    return await at_desk(olga)


@pytest.fixture
async def connected(desk):
    await send(desk, f"{HOME}/token", **GOOD)
    return desk


async def send(one, where, action=None, **fields):
    """Fill in a page's form and send it."""
    return await one.submit(await one.get(where), action or where, **fields)


async def work(turns=100):
    for _ in range(turns):
        if not await import_clickfunnels(Stopping()):
            break


async def started(one, **fields):
    page = await send(one, HOME, HOME, **fields)
    assert page.status_code == 303
    return page.headers["location"]


async def actions():
    rows = await AuditEntry.select(AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id)
    return [(row["action"], row["subject"]) for row in rows]


async def test_without_a_token_the_page_says_how_to_get_one(desk):
    page = await desk.get(HOME)
    assert "Not connected yet" in words(page)
    assert f'href="{HOME}/token"' in page.text
    assert "Start import" not in page.text


async def test_a_token_is_kept_once_it_has_been_seen_to_work(desk, acme):
    page = await send(desk, f"{HOME}/token", **GOOD)
    assert (page.status_code, page.headers["location"]) == (303, f"{HOME}?done=connected")
    vendor = await Vendor.by_id(acme.id)
    assert (vendor.api_token, vendor.subdomain, vendor.clickfunnels_workspace) == (TOKEN, "acme", "42000")
    said = words(await desk.get(page.headers["location"]))
    assert "We can see the workspace Acme Learning, with 1 course, 1 contact, 1 product, 1 order." in said
    assert await actions() == [("import.token_kept", "acme")]


async def test_the_token_is_shown_nowhere_again(connected):
    location = await started(connected)
    pages = [await connected.get(path) for path in (HOME, f"{HOME}/token", location, "/console/acme/audit")]
    pages.append(await send(connected, f"{HOME}/token", **GOOD | {"subdomain": "not a name"}))
    assert [page.status_code for page in pages] == [200, 200, 200, 200, 422]
    assert not any(TOKEN in page.text for page in pages)
    assert TOKEN not in repr(await cast.dump())


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"api_token": "wrong-token-0123456789"}, "does not know this API token"),
     ({"api_token": "two words"}, "Paste the whole API token"),
     ({"api_token": ""}, "Paste the whole API token"),
     ({"subdomain": "evil.example/x"}, "first part of your ClickFunnels address"),
     ({"subdomain": "another-shop"}, "sees no workspace called another-shop"),
     ({"workspace": "9"}, "does not see a workspace with the ID 9"),
     ({"workspace": "../teams"}, "A workspace ID is")],
)  # fmt: skip
async def test_what_does_not_work_is_said_beside_its_field_and_nothing_is_kept(desk, acme, changed, said):
    page = await send(desk, f"{HOME}/token", **GOOD | changed)
    assert page.status_code == 422
    assert said in words(page)
    assert [f'id="{field}-error"' in page.text for field in changed] == [True]
    assert (await Vendor.by_id(acme.id)).clickfunnels_token is None
    assert await actions() == []


async def test_a_clickfunnels_out_of_reach_is_no_fault_of_the_token(desk, clickfunnels_api):
    clickfunnels_api.answers = [(503, {}, b"")]
    page = await send(desk, f"{HOME}/token", **GOOD)
    assert page.status_code == 422
    assert "has trouble" in words(page)


async def test_the_token_asks_for_a_new_sign_in(desk, clock):
    clock.forward(minutes=11)
    page = await desk.get(f"{HOME}/token")
    assert page.status_code == 303
    assert page.headers["location"].startswith("/console/confirmation")


async def test_staff_have_no_import(at_desk, stan):
    one = await at_desk(stan)
    assert [(await one.get(path)).status_code for path in (HOME, f"{HOME}/token")] == [403, 403]
    assert f'href="{HOME}"' not in (await one.get("/console/acme")).text


async def test_a_check_tells_what_is_there_now_and_imports_nothing(connected, clickfunnels_api):
    clickfunnels_api.records |= large(25)
    page = await send(connected, HOME, f"{HOME}/check")
    assert page.headers["location"] == f"{HOME}?done=checked"
    said = words(await connected.get(HOME))
    assert "3 courses, more than 20 contacts, 3 products, more than 20 orders" in said
    assert await Course.count() == await ImportRun.count() == 0
    clickfunnels_api.forbidden["contacts"] = "Missing scope contacts:read"
    page = await send(connected, HOME, f"{HOME}/check")
    assert page.status_code == 422
    assert "lacks the scope contacts:read" in words(page)


async def test_an_import_from_start_to_report(connected, clickfunnels_api):
    clickfunnels_api.records |= large(45)
    clickfunnels_api.records["orders"][0] = order(4, id=2001, created_at="soon")
    location = await started(connected)
    page = await connected.get(location)
    assert "Starting" in words(page)
    await work(1)
    page = await connected.get(location)
    assert "Step 3 of 13: prices" in words(page)
    assert "An import is running" in words(await connected.get(HOME))
    await work()
    said = words(await connected.get(location))
    assert "Done" in said
    assert "Orders 45 44 0 0 1 refused, see why" in said
    refused = words(await connected.get(f"{location}/refusals"))
    assert "Orders, ID 2001 ValueError: created_at: not a time" in refused
    assert "taken over" in words(await connected.get(HOME))
    assert [action for action, _ in await actions()] == ["import.token_kept", "import.started"]


async def test_the_page_looks_by_itself_until_the_run_has_ended(connected):
    location = await started(connected)
    page = await connected.get(location)
    assert f'data-hx-get="{location}?watched=1"' in page.text
    assert 'data-hx-trigger="every 5s"' in page.text
    assert 'data-hx-trigger="every 5s"' not in (await connected.get(f"{location}?watched=60")).text
    assert 'data-hx-trigger="every 5s"' not in (await connected.get(f"{location}?watched=x")).text
    await work()
    assert "data-hx-trigger" not in (await connected.get(f"{location}?watched=2", hx_request="true")).text


async def test_a_run_is_stopped_and_gone_on_with(connected, clickfunnels_api):
    clickfunnels_api.records |= large(45)
    location = await started(connected)
    await work(1)
    page = await send(connected, location, f"{location}/stop")
    assert (page.status_code, page.headers["location"]) == (303, location)
    assert "Stopped" in words(await connected.get(location))
    await work()
    assert (await ImportRun.objects().first()).state == "stopped"
    page = await send(connected, location, f"{location}/continuation")
    assert page.headers["location"] == location
    await work()
    assert (await ImportRun.objects().first()).state == "done"
    page = await connected.post(f"{location}/continuation", {"_csrf": await connected.token(HOME)})
    assert page.headers["location"] == f"{location}?done=older"
    assert [action for action, _ in await actions()][2:] == ["import.stopped", "import.continued"]


async def test_what_ended_it_stands_there_in_words(connected, clickfunnels_api):
    clickfunnels_api.forbidden["orders"] = "Missing scope store:read"
    location = await started(connected)
    await work()
    page = await connected.get(location)
    assert "it lacks the scope store:read" in words(page)
    assert f"{location}/continuation" in forms(page)


async def test_waiting_is_told_with_its_reason(connected, clickfunnels_api):
    clickfunnels_api.answers = [(429, {"retry-after": "60"}, {})]
    location = await started(connected)
    await work()
    said = words(await connected.get(location))
    assert "Waiting" in said
    assert "ClickFunnels asks us to slow down. We try again by ourselves." in said


async def test_a_second_import_leads_to_the_first(connected):
    await started(connected)
    page = await connected.post(HOME, {"_csrf": await connected.token(HOME)})
    assert page.headers["location"] == f"{HOME}?done=running"
    assert await ImportRun.count() == 1


@pytest.mark.parametrize(("fields", "welcomes"), [({}, False), ({"welcomes": "yes"}, True), ({"welcomes": "1"}, False)])
async def test_welcomes_are_off_until_chosen(connected, fields, welcomes):
    assert "checked" not in (await connected.get(HOME)).text
    await started(connected, **fields)
    assert (await ImportRun.objects().first()).welcomes is welcomes


async def test_the_token_is_removed_after_a_question(connected, acme):
    page = await connected.get(f"{HOME}/token/removal")
    assert "Remove the API token?" in words(page)
    page = await send(connected, f"{HOME}/token/removal")
    assert page.headers["location"] == f"{HOME}?done=removed"
    vendor = await Vendor.by_id(acme.id)
    assert (vendor.clickfunnels_token, vendor.clickfunnels_sight, vendor.clickfunnels_workspace) == (
        None,
        None,
        "42000",
    )
    page = await connected.post(HOME, {"_csrf": await connected.token(HOME)})
    assert page.status_code == 422
    assert (await actions())[-1] == ("import.token_removed", "acme")


async def test_nobody_sees_another_vendors_run(connected, at_desk, gus):
    location = await started(connected)
    theirs = location.replace("/acme/", "/globex/")
    one = await at_desk(gus)
    for path in (location, theirs, f"{theirs}/refusals"):
        assert (await one.get(path)).status_code == 404
    assert (await one.post(f"{theirs}/stop", {"_csrf": await one.token("/console/globex")})).status_code == 404
    assert (await ImportRun.objects().first()).state == "queued"


async def test_many_refusals_are_paged(connected, acme):
    run = await ImportRun.start(acme.id, "42000", importing.FIRST, "x")
    run.counts = "{}"

    async def fill():
        from tables import ImportRefusal

        for number in range(60):
            await ImportRefusal.note(run, str(number), "because")

    await database.transaction(fill)
    page = await connected.get(f"{HOME}/runs/{run.public_id}/refusals")
    assert page.text.count("because") == 50
    older = next(part for part in page.text.split('"') if "?older=" in part)
    assert (await connected.get(older)).text.count("because") == 10


async def test_a_clickfunnels_that_never_answers_is_given_up(desk, monkeypatch):
    from integrations.clickfunnels import api, workspaces

    async def never(request):
        raise httpx.ReadTimeout("x")

    monkeypatch.setattr(api, "TRANSPORT", httpx.MockTransport(never))
    monkeypatch.setattr(workspaces, "SECONDS", 5)
    page = await send(desk, f"{HOME}/token", **GOOD)
    assert page.status_code == 422
    assert "did not answer in time" in words(page)
