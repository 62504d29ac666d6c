import json

from tables import ThemeVersion, Vendor

RED, BLUE, GREEN = {"accent": "#aa0000"}, {"accent": "#0000aa"}, {"accent": "#00aa00"}


async def look(vendor):
    return (await Vendor.by_id(vendor.id)).look


async def test_a_draft_changes_nothing_and_there_is_one(acme, globex):
    await ThemeVersion.keep(acme.id, RED, "olga")
    await ThemeVersion.keep(acme.id, BLUE, "olga")
    assert await look(acme) == {}
    assert json.loads((await ThemeVersion.draft_of(acme.id)).tokens) == BLUE
    assert len(await ThemeVersion.select()) == 1
    assert await ThemeVersion.draft_of(globex.id) is None


async def test_publishing_shows_it_and_takes_the_draft_away(acme):
    await ThemeVersion.keep(acme.id, RED, "olga")
    await ThemeVersion.publish(acme.id, RED, "olga")
    assert await look(acme) == RED
    assert await ThemeVersion.draft_of(acme.id) is None
    assert [row["made_by"] for row in await ThemeVersion.published_of(acme.id)] == ["olga", ""]


async def test_undo_goes_back_step_by_step_to_what_was_there_before_the_first(acme, globex):
    await Vendor.update({Vendor.tokens: json.dumps(GREEN)}).where(Vendor.id == acme.id)
    for tokens in (RED, BLUE):
        await ThemeVersion.publish(acme.id, tokens, "olga")
    for tokens in (RED, GREEN):
        assert await ThemeVersion.undo(acme.id)
        assert await look(acme) == tokens
    assert not await ThemeVersion.undo(acme.id)
    assert not await ThemeVersion.undo(globex.id)


async def test_what_was_undone_is_not_what_stood_before_the_next(acme):
    for tokens in (RED, BLUE):
        await ThemeVersion.publish(acme.id, tokens, "olga")
    await ThemeVersion.undo(acme.id)
    await ThemeVersion.publish(acme.id, GREEN, "olga")
    await ThemeVersion.undo(acme.id)
    assert await look(acme) == RED


async def test_a_draft_and_another_vendors_look_cannot_be_taken_for_a_published_one(acme, globex):
    await ThemeVersion.keep(acme.id, RED, "olga")
    await ThemeVersion.publish(globex.id, BLUE, "gus")
    draft, published = await ThemeVersion.draft_of(acme.id), (await ThemeVersion.published_of(globex.id))[0]
    assert await ThemeVersion.by_id(acme.id, draft.id) is None
    assert await ThemeVersion.by_id(acme.id, published["id"]) is None
    assert (await ThemeVersion.by_id(globex.id, published["id"])).tokens == json.dumps(BLUE)
