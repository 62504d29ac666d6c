import pytest

from tables import Customer, PaymentMethod, Vendor
from tests.client import forms, tree, words
from tests.world import differences, dump
from web import tenancy

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
    assert set(forms(page)[PROFILE]) == {"_csrf", "first_name", "last_name", "default_address", "show_gravatar"}
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


# What else is shown


async def test_the_way_to_change_what_cannot_be_typed_here(one):
    page = await one.get(PROFILE)
    links = {link.get("href") for link in tree(page).iter("a")}
    assert {"/acme/account/email", "/acme/account/phone", "/acme/password", "/acme/account/payment-methods"} <= links


async def test_the_first_payment_methods_are_listed(world, one):
    for number in range(5):
        await PaymentMethod.learn(world.acme.id, world.alice.id, "stripe", f"pm_{number}000")
    text = words(await one.get(PROFILE))
    assert [f"Reference ending in {number}000" in text for number in range(5)] == [False, False, True, True, True]
    assert "Add payment method All payment methods" in text


async def test_without_any_it_says_so(world, signed_in):
    assert "None yet." in words(await (await signed_in(world.bob)).get(PROFILE))


@pytest.mark.parametrize("path", [PROFILE, "/acme/account"])
async def test_the_phone_on_file_is_written_as_its_owner_writes_it(world, one, path):
    await Customer.update({Customer.phone: "+12125550143"}).where(Customer.id == world.alice.id)
    page = await one.get(path)
    assert "(212) 555-0143" in words(page)
    assert [bdi.get("dir") for bdi in tree(page).iter("bdi") if bdi.text == "(212) 555-0143"] == ["ltr"]


@pytest.mark.parametrize(("kept", "said"), [(None, "None needed"), ("a hash", "You have one.")])
async def test_it_says_whether_there_is_a_password(world, one, kept, said):
    await Customer.update({Customer.password_hash: kept}).where(Customer.id == world.alice.id)
    assert said in words(await one.get(PROFILE))


async def test_a_hidden_tab_is_not_linked(world, one):
    await Vendor.update({Vendor.hidden_tabs: '["payment-methods"]'}).where(Vendor.id == world.acme.id)
    tenancy.kept.clear()
    main = next(tree(await one.get(PROFILE)).iter("main"))
    assert "/acme/account/payment-methods" not in {link.get("href") for link in main.iter("a")}


async def test_nothing_but_its_fields_is_taken(world, one):
    before = await dump()
    page = await one.get(PROFILE)
    await one.post(PROFILE, forms(page)[PROFILE] | {
        "email": "evil@example.com", "email_proposed": "evil@example.com", "phone": "+666", "avatar": "evil",
        "avatar_due_at": "2020-01-01", "password_hash": "evil", "merged_into": "1", "disabled_at": "", "vendor": "2",
        "public_id": "evil", "phone_proven_at": "2020-01-01", "closes_at": "2020-01-01", "default_phone": "1",
    })  # fmt: skip
    # The default address is the one the form shows as chosen: her own.
    assert differences(before, await dump()) == {"customers.renamed_at", "customers.default_address"}


async def test_a_name_too_many_keeps_the_other_answers(world, one):
    page = await save(one, first_name="x" * 101, show_gravatar="0")
    assert page.status_code == 422
    assert forms(page)[PROFILE]["show_gravatar"] == "0"
    assert (await row(world)).show_gravatar
