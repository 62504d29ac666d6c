"""A customer's own language: pages, dates, amounts and messages follow it; to choose are those with a catalog."""

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po

from emails import sign_in, welcome
from tables import Customer, Mail, Vendor
from tables.sign_in_request import SignInRequest
from tests.client import forms, tree, words
from tests.world import differences, dump
from theming import words as ours
from theming.center import center_of

PROFILE = "/acme/account/profile"
GERMAN = {
    "Orders": "Bestellungen", "Manage account": "Konto verwalten", "Login Now": "Jetzt anmelden",
    "Sign in to %(name)s": "Bei %(name)s anmelden", "Your purchase is ready": "Ihr Kauf ist da",
    "Choose one of these languages.": "Eine dieser Sprachen.",
}  # fmt: skip


@pytest.fixture
def catalogs(tmp_path, monkeypatch):
    """German and Arabic beside English."""
    monkeypatch.setattr(ours, "LOCALES", tmp_path)
    for tag, messages in {"de": GERMAN, "ar": {"Orders": "الطلبات"}, "pt_BR": {}}.items():
        catalog = Catalog(locale=tag)
        for message, text in messages.items():
            catalog.add(message, text, flags=["python-format"] if "%(" in message else [])
        path = tmp_path / tag / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_po(file, catalog)
    forget()
    yield
    forget()


def forget():
    for kept in (ours.catalog, ours.languages, ours.spoken, ours.preferred):
        kept.cache_clear()


@pytest.fixture
async def one(world, signed_in):
    return await signed_in(world.alice.customer)


async def speak(customer, language):
    await Customer.update({Customer.language: language}).where(Customer.id == customer.id)


def options(page):
    return [(option.get("value"), option.text, option.get("selected") is not None)
            for option in tree(page).iter("option")]  # fmt: skip


def test_languages_are_english_and_every_catalog_by_their_own_names(catalogs):
    assert ours.languages() == {"en": "English", "ar": "العربية", "de": "Deutsch", "pt_BR": "Português (Brasil)"}


def test_without_catalogs_there_is_english(tmp_path, monkeypatch):
    monkeypatch.setattr(ours, "LOCALES", tmp_path)
    forget()
    assert ours.languages() == {"en": "English"}
    forget()


@pytest.mark.parametrize(
    ("header", "language"),
    [("de", "de"), ("de-AT,de;q=0.9,en;q=0.8", "de"), ("fr-FR, ar;q=0.5, en;q=0.4", "ar"), ("fr,nl", None), ("", None),
     ("en-GB,de;q=0.9", "en"), ("en;q=0.1,de;q=0.2", "de"), ("de;q=0,en", "en"), ("*", None), ("pt-BR", "pt_BR"),
     ("pt-PT", None), ("DE", "de"), ("de;q=2", None), (",,;q=1," + "x" * 5000, None), ("de\x00,<script>", None)],
)  # fmt: skip
def test_a_browser_is_spoken_to_in_the_language_it_likes_best(catalogs, header, language):
    assert ours.preferred(header) == language


@pytest.mark.parametrize(("header", "tag"), [("de-CH", "de"), ("fr", "en"), ("en-US,de", "en"), ("ar", "ar")])
async def test_the_sign_in_speaks_the_browsers_language(acme, browser, catalogs, header, tag):
    page = await browser().get("/acme/sign-in", accept_language=header)
    assert tree(page).get("lang") == tag
    assert "Accept-Language" in page.headers["vary"]


async def test_a_browser_in_the_centers_own_language_leaves_its_formats_alone(acme, browser, catalogs):
    await Vendor.update({Vendor.locale: "en_GB"}).where(Vendor.id == acme.id)
    page = await browser().get("/acme/sign-in", accept_language="en-US")
    assert tree(page).get("lang") == "en-GB"


async def test_what_a_customer_chose_counts_more_than_their_browser(world, one, catalogs):
    await speak(world.alice.customer, "ar")
    page = await one.get("/acme/account/orders", accept_language="de")
    assert (tree(page).get("lang"), tree(page).get("dir")) == ("ar", "rtl")
    await speak(world.alice.customer, None)
    assert "Bestellungen" in (await one.get("/acme/account/orders", accept_language="de")).text


async def test_one_language_is_no_choice(world, one, tmp_path, monkeypatch):
    monkeypatch.setattr(ours, "LOCALES", tmp_path)
    forget()
    page = await one.get(PROFILE)
    assert list(tree(page).iter("select")) == []
    await one.submit(page, PROFILE, language="de")
    assert "There is a problem" not in words(page)
    forget()


async def test_a_customer_chooses_and_the_center_speaks_it(world, one, catalogs):
    page = await one.get(PROFILE)
    assert options(page)[0] == ("", "As Acme Learning sets it", True)
    page = await one.submit(page, PROFILE, language="de")
    assert page.status_code == 303
    page = await one.get("/acme/account/orders")
    assert '<html lang="de" dir="ltr">' in page.text
    assert "Bestellungen" in words(page)
    assert "249,00\u00a0$" in page.text
    assert ("de", "Deutsch", True) in options(await one.get(PROFILE))


async def test_direction_and_tag_follow(world, one, catalogs):
    await speak(world.alice.customer, "ar")
    page = await one.get("/acme/account/orders")
    assert '<html lang="ar" dir="rtl">' in page.text
    assert "الطلبات" in words(page)
    await speak(world.alice.customer, "pt_BR")
    assert '<html lang="pt-BR" dir="ltr">' in (await one.get("/acme/account")).text


async def test_empty_is_the_vendors_choice_again(world, one, catalogs):
    await speak(world.alice.customer, "de")
    await one.submit(await one.get(PROFILE), PROFILE, language="")
    assert (await Customer.objects().get(Customer.id == world.alice.id)).language is None
    assert '<html lang="en"' in (await one.get(PROFILE)).text


async def test_a_form_without_the_field_leaves_it(world, one, catalogs):
    await speak(world.alice.customer, "de")
    await one.submit(await one.get(PROFILE), PROFILE)
    assert (await Customer.objects().get(Customer.id == world.alice.id)).language == "de"


@pytest.mark.parametrize("tag", ["fr", "../de", "xx", "de-DE", "x" * 500])
async def test_other_languages_cannot_be_sent(world, one, catalogs, tag):
    before = await dump()
    page = await one.submit(await one.get(PROFILE), PROFILE, language=tag)
    assert page.status_code == 422
    assert "Choose one of these languages" in words(page)
    assert differences(before, await dump()) == set()


async def test_other_people_hear_the_vendors_language(world, one, catalogs, browser):
    await speak(world.alice.customer, "de")
    await one.get(PROFILE)
    assert '<html lang="en"' in (await browser().get("/acme/sign-in")).text


async def test_messages_are_in_the_customers_language(world, catalogs):
    await speak(world.alice.customer, "de")
    customer = await Customer.objects().get(Customer.id == world.alice.id)
    center = center_of(world.acme)
    made = await SignInRequest.make_secrets()
    asked = await SignInRequest.ask(world.acme.id, customer.id, customer.email, "x", "", made)
    await sign_in.queue(center, customer, asked.id, made, asked.expires_at)
    await welcome.queue(center, customer, ["Bees"])
    await welcome.queue(center, world.bob, ["Bees"])
    rows = {
        (row["recipient"], row["kind"]): row
        for row in await Mail.select().where(Mail.state == "queued").order_by(Mail.id)
    }
    german, english = rows["alice@example.com", "welcome"], rows["bob@example.com", "welcome"]
    assert rows["alice@example.com", "sign_in"]["subject"] == "Bei Acme Learning anmelden"
    assert (german["language"], english["language"]) == ("de", "en")
    assert 'lang="de" dir="ltr"' in german["body_html"]
    assert "Ihr Kauf ist da" in german["body_html"]
    assert "Your purchase is ready" in english["body_html"]


async def test_the_language_of_whoever_asks_is_not_that_of_the_message(world, one, catalogs):
    """A signed-in customer's browser asks for somebody else's sign-in mail."""
    await speak(world.alice.customer, "de")
    page = await one.get(PROFILE)
    await one.post("/acme/sign-in", {"_csrf": forms(page)[PROFILE]["_csrf"], "email": "bob@example.com"})
    row = (await Mail.select().where(Mail.recipient == "bob@example.com"))[0]
    assert (row["language"], row["subject"]) == ("en", "Sign in to Acme Learning")


@pytest.mark.parametrize(
    ("header", "said"), [("de", ("de", "Bei Acme Learning anmelden")), ("fr", ("en", "Sign in to Acme Learning"))]
)
async def test_a_signed_out_browsers_language_is_that_of_the_mail_it_asks_for(alice, browser, catalogs, header, said):
    one = browser()
    page = await one.get("/acme/sign-in", accept_language=header)
    await one.post("/acme/sign-in", forms(page)["/acme/sign-in"] | {"email": alice.email}, accept_language=header)
    row = (await Mail.select().where(Mail.recipient == alice.email))[0]
    assert (row["language"], row["subject"]) == said
