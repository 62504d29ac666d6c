import pytest

from tables import Customer
from tests.client import forms, tree, words

PROFILE = "/acme/account/profile"


@pytest.fixture
async def one(world, signed_in):
    return await signed_in(world.alice.customer)


async def row(world):
    return await Customer.objects().get(Customer.id == world.alice.id)


async def save(one, **fields):
    return await one.submit(await one.get(PROFILE), PROFILE, **fields)


async def test_names_are_saved_and_stay(world, one):
    page = await save(one, first_name=" Alicia ", last_name="Ames-O'Neil")
    assert (page.status_code, page.headers["location"]) == (303, f"{PROFILE}?updated=1")
    found = await row(world)
    assert (found.first_name, found.last_name, found.renamed_at is not None) == ("Alicia", "Ames-O'Neil", True)
    after = await one.get(page.headers["location"])
    assert "Your profile was updated" in words(after)
    assert "Alicia Ames-O'Neil" in words(after)


async def test_the_form_shows_what_is_saved(one):
    form = forms(await one.get(PROFILE))[PROFILE]
    assert (form["first_name"], form["last_name"]) == ("Alice", "Ames")


async def test_email_and_phone_are_shown_and_cannot_be_sent(world, one):
    page = await one.get(PROFILE)
    assert "alice@example.com" in words(page)
    assert set(forms(page)[PROFILE]) == {"_csrf", "first_name", "last_name", "default_address"}
    await save(one, email="evil@example.com", phone="+666", vendor_id="2", id="9")
    found = await row(world)
    assert (found.email, found.phone, found.vendor) == ("alice@example.com", None, world.acme.id)


@pytest.mark.parametrize(
    "fields", [{"first_name": "", "last_name": ""}, {"first_name": "x" * 101}, {"last_name": "x" * 101}]
)
async def test_a_wrong_name_comes_back_as_it_was_typed_and_changes_nothing(world, one, fields):
    page = await save(one, **fields)
    assert page.status_code == 422
    form = forms(page)[PROFILE]
    assert {name: form[name] for name in fields} == fields
    assert (await row(world)).first_name == "Alice"
    wrong = [field.get("name") for field in tree(page).iter("input") if field.get("aria-invalid") == "true"]
    assert wrong == [next(iter(fields))]


async def test_an_own_address_can_be_the_default(world, one):
    await save(one, default_address=world.alice.address)
    page = await one.get(PROFILE)
    assert forms(page)[PROFILE]["default_address"] == world.alice.address
    assert (await row(world)).default_address is not None


async def test_leaving_the_address_alone_keeps_it(world, one):
    await save(one, default_address=world.alice.address)
    await save(one, first_name="Alicia")
    assert (await row(world)).default_address is not None


@pytest.mark.parametrize("whose", ["zoe", "nobody"])
async def test_no_other_address_can_be_chosen(world, one, whose):
    picked = world.zoe.address if whose == "zoe" else "nothing"
    page = await save(one, first_name="Alicia", default_address=picked)
    assert page.status_code == 422
    found = await row(world)
    assert (found.default_address, found.first_name) == (None, "Alice")


async def test_a_name_is_text_wherever_it_is_shown(world, one):
    await save(one, first_name='"><script>alert(1)</script>', last_name="{{7*7}}")
    for path in (PROFILE, "/acme/account", "/acme/courses"):
        page = await one.get(path)
        assert "<script>alert" not in page.text
        assert "{{7*7}}" in page.text
