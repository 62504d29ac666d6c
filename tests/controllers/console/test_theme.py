"""The look: previewed without being saved, published, undone, taken elsewhere and brought back."""

import json

import pytest

from tables import AuditEntry, ThemeVersion, Vendor
from tests.client import forms, tree, words
from theming.tokens import CHOICES, COLORS

HERE = "/console/acme/theme"
GREEN = {"accent": "#0e6663", "bg": "#f3f6f5", "fg": "#17211f"}


@pytest.fixture
async def one(acme, olga, at_desk):
    return await at_desk(olga)


async def look(vendor):
    return (await Vendor.by_id(vendor.id)).look


async def send(one, do, page=None, **tokens):
    return await one.submit(page or await one.get(HERE), HERE, do=do, **(GREEN | tokens))


async def test_a_preview_changes_nothing_and_keeps_what_was_chosen(one, acme):
    page = await send(one, "preview", radius="none")
    assert page.status_code == 200
    assert (await look(acme), await ThemeVersion.select()) == ({}, [])
    assert forms(page)[HERE]["accent"] == "#0e6663"
    text = words(page)
    for part in ("Sign in", "Your courses", "Orders", "Login Now", "Text on the accent colour"):
        assert part in text
    classes = " ".join(element.get("class", "") for element in tree(page).iter("div"))
    assert {"light", "dark", "phone"} <= set(classes.split())


async def test_a_preview_for_htmx_is_a_fragment_with_the_same_preview(one):
    page = await one.get(HERE)
    fragment = await one.submit(page, HERE, htmx=True, do="preview", **GREEN)
    assert fragment.text.lstrip().startswith("<title>")
    assert 'id="theme-preview"' in fragment.text


async def test_the_sheet_of_a_preview_is_made_of_checked_tokens_alone(one):
    page = await send(one, "preview")
    address = next(link.get("href") for link in tree(page).iter("link") if "preview.css" in link.get("href", ""))
    sheet = await one.get(address)
    assert sheet.headers["content-type"].startswith("text/css")
    assert "--c-accent:#0e6663;" in sheet.text
    assert all(line.startswith(".preview") for line in sheet.text.splitlines())
    odd = await one.get(f"{HERE}/preview.css?accent=url(//evil)&bg=%23fffaf0&css=x&radius=1em%7D*%7Bdisplay:none")
    assert (odd.status_code, "evil" in odd.text, "display" in odd.text, "#fffaf0" in odd.text) == (
        200,
        False,
        False,
        True,
    )


async def test_a_draft_waits_until_it_is_published(one, acme):
    assert (await send(one, "draft")).headers["location"] == f"{HERE}?done=drafted"
    assert await look(acme) == {}
    page = await one.get(HERE)
    assert "There is a draft" in words(page)
    assert (await send(one, "publish", page)).headers["location"] == f"{HERE}?done=published"
    assert await look(acme) == GREEN
    assert "There is a draft" not in words(await one.get(HERE))
    assert [row["action"] for row in await AuditEntry.of(acme.id, 2**62)] == ["theme.published", "theme.drafted"]


async def test_publishing_is_undone(one, acme):
    await Vendor.update({Vendor.tokens: '{"accent": "#a8540a"}'}).where(Vendor.id == acme.id)
    await send(one, "publish")
    for expected, done in (({"accent": "#a8540a"}, "undone"), ({"accent": "#a8540a"}, "nothing")):
        sent = await one.submit(await one.get(HERE), f"{HERE}/undo")
        assert (await look(acme), sent.headers["location"]) == (expected, f"{HERE}?done={done}")


async def test_an_older_look_is_opened_and_another_vendors_is_not(one, acme, globex):
    await ThemeVersion.publish(acme.id, {"accent": "#aa0000"}, "x")
    await ThemeVersion.publish(globex.id, {"accent": "#bb0000"}, "x")
    ours = (await ThemeVersion.published_of(acme.id))[0]["id"]
    theirs = (await ThemeVersion.published_of(globex.id))[0]["id"]
    assert forms(await one.get(f"{HERE}?version={ours}"))[HERE]["accent"] == "#aa0000"
    for version in (theirs, "0", "x", "9" * 30, "١"):
        assert (await one.get(f"{HERE}?version={version}")).status_code == 404


@pytest.mark.parametrize(("name", "value"), [*((name, "red") for name in COLORS), *((name, "}x") for name in CHOICES),
                                             ("accent", "#12345g"), ("bg", "url(//evil)")])  # fmt: skip
@pytest.mark.parametrize("do", ["publish", "draft", "preview"])
async def test_what_is_no_token_is_refused_at_once(one, acme, do, name, value):
    page = await send(one, do, **{name: value})
    assert (page.status_code, await look(acme), await ThemeVersion.select()) == (422, {}, [])
    assert "There is a problem" in words(page)


async def test_a_look_is_taken_to_another_center(one, acme, globex, gus, at_desk):
    await send(one, "publish", radius="large")
    file = await one.get(f"{HERE}/export")
    assert 'filename="acme-theme.json"' in file.headers["content-disposition"]
    other = await at_desk(gus)
    there = "/console/globex/theme/import"
    sent = await other.submit(await other.get(there), there, source=file.text)
    assert sent.headers["location"] == "/console/globex/theme?done=drafted"
    draft = await ThemeVersion.draft_of(globex.id)
    assert (json.loads(draft.tokens), await look(globex)) == (GREEN | {"radius": "large"}, {})


async def test_a_look_comes_as_a_file_too(one, acme):
    page = await one.get(f"{HERE}/import")
    source = json.dumps({"format": "customer-center-theme/1", "tokens": {"accent": "#112233"}})
    answer = await one.client.post(
        f"{HERE}/import", data=forms(page)[f"{HERE}/import"], files={"file": ("../../look.json", source, "text/html")},
        headers={"origin": one.origin, "sec-fetch-site": "same-origin"},
    )  # fmt: skip
    assert answer.status_code == 303
    assert json.loads((await ThemeVersion.draft_of(acme.id)).tokens) == {"accent": "#112233"}


WRONG = [
    ("", "Choose a file"), ("x", "not JSON"), ("[]", "no theme"), ('{"tokens": {}}', "no theme"), ("[" * 9000, "not JSON"),
    ('{"format": "customer-center-theme/1", "tokens": []}', "no theme"), ("x" * 20000, "too long"),
    ('{"format": "customer-center-theme/1", "tokens": {"accent": 1}}', "in quotes"),
    ('{"format": "customer-center-theme/1", "tokens": {"accent": "red"}}', "not a colour"),
    ('{"format": "customer-center-theme/1", "tokens": {"css": "x"}}', "unknown token"),
    ('{"format": "customer-center-theme/1", "tokens": {"radius": "}"}}', "must be one of"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "says"), WRONG, ids=range(len(WRONG)))
async def test_what_is_no_look_is_refused_and_says_why(one, acme, source, says):
    page = await one.submit(await one.get(f"{HERE}/import"), f"{HERE}/import", source=source)
    assert page.status_code == 422
    assert says in words(page)
    assert await ThemeVersion.select() == []
