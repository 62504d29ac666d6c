import json

import pytest

import database
from controllers import health
from controllers.center.account import orders
from tests.client import raw, words

SECRET = "sesame-open-0815"


@pytest.fixture
def broken(monkeypatch):
    """Makes the orders page raise an exception."""

    def break_it(error):
        async def raising(**_):
            raise error

        monkeypatch.setattr(orders, "newest_orders", raising)

    return break_it


async def test_a_failure_of_ours_says_nothing_but_a_reference(alice, signed_in, broken):
    broken(RuntimeError(SECRET))
    page = await (await signed_in(alice)).get("/acme/account/orders")
    assert page.status_code == 500
    assert SECRET not in page.text
    assert "Traceback" not in page.text
    assert page.headers["x-request-id"] in words(page)


async def test_the_reference_is_in_the_log_with_the_reason(alice, signed_in, broken, log_lines):
    broken(RuntimeError(SECRET))
    page = await (await signed_in(alice)).get("/acme/account/orders")
    found = [line for line in map(json.loads, log_lines()) if line["id"] == page.headers["x-request-id"]]
    (failure,) = [line for line in found if line["event"] == "unhandled"]
    assert f"RuntimeError: {SECRET}" in failure["exception"]
    assert "Traceback" in failure["exception"]


@pytest.mark.parametrize("name", ["LITESTAR_DEBUG", "DEBUG", "LITESTAR_PDB"])
async def test_no_debug_setting_shows_more(alice, signed_in, broken, monkeypatch, name):
    monkeypatch.setenv(name, "1")
    broken(RuntimeError(SECRET))
    page = await (await signed_in(alice)).get("/acme/account/orders", accept="text/html")
    assert page.status_code == 500
    assert SECRET not in page.text


async def test_a_new_application_ignores_the_debug_setting(monkeypatch):
    import app

    monkeypatch.setenv("LITESTAR_DEBUG", "1")
    assert app.create_app().debug is False


async def test_a_database_out_of_reach_is_a_pause_and_not_a_failure(alice, signed_in, broken):
    broken(database.Unavailable("connection refused to 10.0.0.5"))
    page = await (await signed_in(alice)).get("/acme/account/orders")
    assert page.status_code == 503
    assert int(page.headers["retry-after"]) > 0
    assert "10.0.0.5" not in page.text
    assert "Nothing is lost" in words(page)


async def test_a_database_out_of_reach_of_the_session_is_a_pause_too(alice, signed_in, monkeypatch):
    from web import session

    one = await signed_in(alice)
    await one.get("/acme/account")

    async def gone(*_):
        raise database.Unavailable("gone")

    monkeypatch.setattr(session, "find_session", gone)
    assert (await one.get("/acme/account/orders")).status_code == 503


async def test_health_tells_a_live_process_from_a_ready_one(browser, monkeypatch):
    async def gone(*_):
        raise database.Unavailable("gone")

    assert (await browser().get("/health/ready")).json() == {"status": "ready"}
    monkeypatch.setattr(health.database, "raw", gone)
    assert (await browser().get("/health/live")).status_code == 200
    ready = await browser().get("/health/ready")
    assert (ready.status_code, ready.headers["content-type"]) == (503, "application/json")
    assert "retry-after" in ready.headers


@pytest.mark.parametrize("accept", ["text/html", "*/*", "application/json", "image/png", ""])
async def test_people_get_a_page_whatever_they_accept(acme, browser, accept):
    page = await browser().get("/acme/nowhere", accept=accept)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_an_error_looks_like_the_center_it_happened_in(acme, browser):
    page = await browser().get("/acme/nowhere")
    assert "Acme Learning" in page.text
    assert "help@acme.example" in page.text


async def test_an_error_on_the_base_host_is_nobodys(acme, browser):
    assert "Acme" not in (await browser().get("/nobody/")).text


async def test_an_error_page_needs_no_database(application, acme, browser):
    await browser().get("/acme/sign-in")
    seen = []
    database.statements.append(seen.append)
    try:
        await browser().get("/acme/nowhere")
    finally:
        database.statements.remove(seen.append)
    assert seen == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
async def test_a_wrong_method_is_told_the_right_ones(application, method):
    answer = await raw(application, method, "/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"
