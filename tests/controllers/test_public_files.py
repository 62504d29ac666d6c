import pytest

from tables import Vendor
from tests.client import raw, words
from tests.world import PICTURE


async def test_a_sheet_is_kept_for_ever_under_its_own_hash_only(acme, browser):
    await Vendor.update({Vendor.tokens: '{"accent": "#a8540a"}'}).where(Vendor.id == acme.id)
    page = await browser().get("/acme/sign-in")
    address = page.text.split('href="/theme/')[1].split('"')[0]
    current = await browser().get(f"/theme/{address}")
    older = await browser().get("/theme/acme/theme.000000000000.css")
    assert current.content == older.content
    assert current.headers["content-type"].startswith("text/css")
    assert ("immutable" in current.headers["cache-control"], "immutable" in older.headers["cache-control"]) == (
        True,
        False,
    )


@pytest.mark.parametrize("path", ["/theme/nobody/theme.000000000000.css", "/theme/acme/theme.css",
                                  "/theme/acme/theme.00000000000g.css",
                                  "/theme/acme/x", "/theme/ACME/theme.000000000000.css"])  # fmt: skip
async def test_other_sheets_do_not_exist(acme, browser, path):
    assert (await browser().get(path)).status_code == 404


@pytest.mark.parametrize("name", ["x", "a" * 64 + ".html", "a" * 64 + ".svg", "b" * 64 + ".webp",
                                  "%2e%2e%2fsecret_key", "A" * 64 + ".webp",
                                  "a" * 64 + ".webp%00"])  # fmt: skip
async def test_only_pictures_by_their_hash_are_served(world, browser, name):
    assert (await browser().get(f"/media/{name}")).status_code == 404


async def test_a_picture_can_do_nothing_but_be_seen(world, browser):
    answer = await browser().get(f"/media/{PICTURE}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer.headers["cache-control"]


async def test_search_engines_are_sent_away(browser):
    assert (await browser().get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"


# The base host's front page and the mailbox


async def test_the_front_page_lists_the_centers_of_a_developer(acme, globex, browser):
    page = await browser().get("/")
    assert "Acme Learning" in words(page)
    assert 'href="http://127.0.0.1:8000/globex/"' in page.text


async def test_the_mailbox_shows_messages_their_links_and_their_html(world, browser):
    one, own = browser(), world.alice
    assert "Your purchase" in words(await one.get("/dev/mail"))
    shown = await one.get(f"/dev/mail/{own.mail}")
    assert "Hello" in words(shown)
    html = await one.get(f"/dev/mail/{own.mail}/html")
    assert html.text == "<p>Hello</p>"
    assert "sandbox" in html.headers["content-security-policy"]
    assert "script-src" not in html.headers["content-security-policy"]


async def test_a_sealed_message_can_be_read_in_the_mailbox(alice, browser):
    from tables import Mail
    from tests.controllers.center.test_sign_in import ask, link_and_code

    one = browser()
    await ask(one)
    link, code = await link_and_code()
    (row,) = await Mail.select()
    page = await one.get(f"/dev/mail/{row['public_id']}")
    assert code in words(page)
    assert f'href="http://127.0.0.1:8000{link}"' in page.text


async def test_there_is_no_mailbox_in_production(monkeypatch):
    import importlib

    import msgspec

    import controllers
    import settings

    production = msgspec.structs.replace(settings.settings, environment="production")
    monkeypatch.setattr(settings, "settings", production)
    try:
        importlib.reload(controllers)
        paths = [path for route in controllers.ROUTES if hasattr(route, "paths") for path in route.paths]
        assert not [path for path in paths if path.startswith("/dev")]
    finally:
        monkeypatch.undo()
        importlib.reload(controllers)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_health_says_so_and_no_more(application, method):
    answer = await raw(application, method, "/health/live")
    assert answer.status_code == 200
    assert answer.text == ('{"status":"alive"}' if method == "GET" else "")
