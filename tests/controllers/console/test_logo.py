"""A logo is sent as a file, and only there are files taken; its form's token is checked before the file is looked at."""

import io

import pytest
from PIL import Image

from integrations import logos
from tables import AuditEntry, Vendor
from tests.client import forms, raw, tree, words
from web import tenancy
from web.edge import uploads

HERE = "/console/acme/logo"


def picture(kind="PNG", size=(40, 20)):
    out = io.BytesIO()
    Image.new("RGB", size, "#a8540a").save(out, kind)
    return out.getvalue()


@pytest.fixture
async def one(acme, olga, at_desk):
    return await at_desk(olga)


async def send(one, content, name="logo.png", kind="image/png", **fields):
    own = forms(await one.get(HERE))[HERE] | fields
    own.pop("logo", None)
    return await one.client.post(
        HERE, data=own, files={"logo": (name, content, kind)},
        headers={"origin": one.origin, "sec-fetch-site": "same-origin"},
    )  # fmt: skip


async def again(vendor):
    return await Vendor.by_id(vendor.id)


@pytest.mark.parametrize(("name", "kind"), [("logo.png", "image/png"), ("../../../etc/passwd", "text/html"), ("", "")])
async def test_a_logo_is_shown_on_every_page_with_an_icon_whatever_it_was_called(one, acme, browser, name, kind):
    sent = await send(one, picture(), name or "x", kind or "x/y", logo_alt="Bees")
    assert sent.headers["location"] == f"{HERE}?done=logo"
    row = await again(acme)
    assert (row.logo_width, row.logo_height, row.logo_alt) == ("40", "20", "Bees")
    tenancy.kept.clear()
    page = await browser().get("/acme/sign-in")
    image = next(tree(page).iter("img"))
    assert (image.get("src"), image.get("alt")) == (f"/media/{row.logo}", "Bees")
    assert f'<link rel="icon" type="image/png" href="/media/{row.favicon}">' in page.text
    served = await browser().get(f"/media/{row.logo}")
    assert served.headers["content-type"] == "image/webp"
    assert served.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert served.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("content", [
    b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"GIF89a<script>", b"x" * 1_060_000,
])  # fmt: skip
async def test_what_is_no_logo_is_refused_with_the_words_kept(one, acme, content):
    page = await send(one, content, logo_alt="Bees")
    assert page.status_code == 422
    assert "Choose a PNG, JPEG, WebP or GIF" in words(page)
    assert forms(page)[HERE]["logo_alt"] == "Bees"
    assert ((await again(acme)).logo, (await again(acme)).logo_alt) == (None, "")


async def test_more_than_the_form_can_hold_is_refused(one, acme):
    assert (await send(one, b"x" * 1_200_000)).status_code == 422


async def test_a_wrong_token_is_refused_before_the_file_is_looked_at(one, acme, monkeypatch):
    looked = []
    monkeypatch.setattr("controllers.console.logo.keep_logo", looked.append)
    assert (await send(one, picture(), _csrf="wrong")).status_code == 403
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    fields = {"_csrf": await one.token(HERE)}
    assert (await one.client.post(HERE, data=fields, files={"logo": ("x", b"x")}, headers=headers)).status_code == 403
    assert (looked, (await again(acme)).logo) == ([], None)


async def test_somebody_signed_out_or_on_the_staff_sends_no_file(one, acme, stan, at_desk, browser, monkeypatch):
    looked = []
    monkeypatch.setattr("controllers.console.logo.keep_logo", looked.append)
    for other in (browser(), await at_desk(stan)):
        answer = await other.client.post(
            HERE, data={"_csrf": "x"}, files={"logo": ("x", picture())},
            headers={"origin": one.origin, "sec-fetch-site": "same-origin"},
        )  # fmt: skip
        assert answer.status_code in (303, 403)
    assert looked == []


BOUNDARY = "multipart/form-data; boundary=x"


@pytest.mark.parametrize(("kind", "body"), [
    ("multipart/form-data", b""), ("multipart/mixed; boundary=x", b"--x--\r\n"), (BOUNDARY, b"no parts"),
    (BOUNDARY, b"--x\r\ncontent-disposition: form-data; name=a\r\n\r\nb"),
    (BOUNDARY, b"--x\r\ncontent-disposition: form-data; name=a\r\n\r\nb\r\n" * 60 + b"--x--\r\n"),
    (BOUNDARY, b"--x\r\n" + b"a: b\r\n" * 400 + b"\r\n\r\n--x--\r\n"), (f"{BOUNDARY}; charset=utf-7", b"--x--\r\n"),
    (BOUNDARY, b"--x\r\ncontent-disposition: form-data; name=a; filename=\"\xff\"\r\n\r\nb\r\n--x--\r\n"),
])  # fmt: skip
async def test_bodies_that_are_no_form_do_no_harm(one, acme, kind, body):
    answer = await one.client.post(
        HERE, content=body, headers={"origin": one.origin, "sec-fetch-site": "same-origin", "content-type": kind}
    )
    assert answer.status_code in (400, 403)
    assert (await again(acme)).logo is None


@pytest.mark.parametrize(
    "path", ["/console/acme/settings", "/acme/sign-in", "/console/acme/logo/removal", "/console/x"]
)
async def test_no_other_path_takes_files(application, acme, path):
    answer = await raw(application, "POST", path, [(b"content-type", BOUNDARY.encode())], [b"--x--\r\n"])
    assert answer.status_code == 415


def test_only_the_routes_that_say_so_take_files(application):
    taking = {pattern.pattern.replace("\\", "") for pattern in uploads}
    assert {"/console/[^/]+/logo", "/console/[^/]+/theme/import"} < taking
    assert all(path.startswith("/console/[^/]+/") for path in taking)


async def test_files_are_not_sent_without_end(one, acme, monkeypatch):
    monkeypatch.setattr("controllers.console.logo.keep_logo", lambda content: logos.keep_logo(picture()))
    assert [(await send(one, b"x")).status_code for _ in range(31)] == [303] * 30 + [429]


async def test_a_logo_is_removed_after_asking(one, acme):
    await send(one, picture())
    await one.submit(await one.get(f"{HERE}/removal"), f"{HERE}/removal")
    row = await again(acme)
    assert (row.logo, row.favicon) == (None, None)
    assert [row["action"] for row in await AuditEntry.of(acme.id, 2**62)] == ["logo.removed", "logo.changed"]
