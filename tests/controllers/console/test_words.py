"""Words: found by what stands on the page, said by the vendor in any language, given back."""

import pytest

from forms.console.words import WordsForm
from tables import AuditEntry, Mail, Vendor, VendorWord
from tests.client import forms, tree, words
from theming.console.message_list import examples, forms_of, messages, stock
from theming.words import languages
from web import tenancy

HERE = "/console/acme/words"


def key(source):
    return next(message.key for message in messages().values() if message.source == source)


@pytest.fixture
async def one(acme, olga, at_desk):
    return await at_desk(olga)


async def say(one, source, language="en", do="save", **texts):
    path = f"{HERE}/{language}/{key(source)}"
    return await one.submit(await one.get(path), path, do=do, **texts)


def test_the_list_holds_what_customers_read_and_not_the_console():
    sources = {message.source: message.places for message in messages().values()}
    assert sources["Login Now"] == ("sign_in", "mails")
    assert "account" in sources["Orders"]
    assert "sign_in" in sources["Continue"]
    assert not {"Update Customer Center", "Log of changes", "Withdraw"} & set(sources)
    assert len(sources) > 500


def test_every_form_of_a_language_has_numbers():
    assert [len(examples(tag)) for tag in ("en", "es", "ja", "ar", "de")] == [2, 2, 1, 6, 2]
    message = messages()[key("%(num)s byte")]
    assert [stock("en", message, form) for form in (0, 1)] == ["%(num)s byte", "%(num)s bytes"]


async def test_a_text_is_found_by_a_word_of_it_in_its_language(one):
    assert "Login Now" in words(await one.get(f"{HERE}?q=login+now"))
    spanish = stock("es", messages()[key("Orders")], 0)
    assert spanish in words(await one.get(f"{HERE}?language=es&q={spanish[:5]}"))
    assert "Nothing says that" in words(await one.get(f"{HERE}?q=zzzz"))
    assert "Login Now" not in words(await one.get(f"{HERE}?place=courses"))


async def test_every_message_is_on_one_of_the_pages(one):
    seen, address = set(), HERE
    for _ in range(40):
        page = await one.get(address)
        seen |= {
            link.get("href").rpartition("/")[2] for link in tree(page).iter("a") if "/words/en/" in link.get("href", "")
        }
        more = [link.get("href") for link in tree(page).iter("a") if "from=" in link.get("href", "")]
        if not more:
            break
        address = more[0]
    assert seen == set(messages())


async def test_a_text_is_said_shown_first_and_given_back(one, acme, browser):
    assert (await say(one, "Continue", text_0="Let me in")).headers["location"] == f"{HERE}?language=en&done=said"
    tenancy.kept.clear()
    assert "Let me in" in words(await browser().get("/acme/sign-in"))
    first = words(await one.get(HERE)).partition("in your own words. ")[2]
    assert first.partition("1 text")[2] or first.startswith("Let me in")
    await say(one, "Continue", do="reset")
    assert (await Vendor.by_id(acme.id)).words == "{}"
    assert [row["action"] for row in await AuditEntry.of(acme.id, 2**62)] == ["words.reset", "words.changed"]


async def test_an_empty_box_gives_the_words_back(one, acme):
    await say(one, "Continue", text_0="Let me in")
    await say(one, "Continue", text_0="  ")
    assert await VendorWord.of(acme.id, "en") == {}


async def test_a_mail_speaks_the_vendors_words(one, acme, alice, browser):
    await say(one, "Login Now", text_0="Open the <door>")
    tenancy.kept.clear()
    visitor = browser()
    await visitor.submit(await visitor.get("/acme/sign-in"), "/acme/sign-in", email=alice.email)
    from tables.mail import opened

    row = await Mail.select().where(Mail.kind == "sign_in").order_by(Mail.id, ascending=False).first()
    assert "Open the &lt;door&gt;" in opened(row, "body_html")


@pytest.mark.parametrize(("text", "says"), [("Hello,", "Keep these"), ("Hello %(nme)s,", "Keep these"),
                                            ("%(name)s %(password)s", "Nothing is known"), ("x" * 2001, "2000")])  # fmt: skip
async def test_a_placeholder_that_is_lost_or_made_up_is_refused(one, acme, text, says):
    page = await say(one, "Hello %(name)s,", text_0=text)
    assert page.status_code == 422
    assert says in words(page)
    assert await VendorWord.of(acme.id, "en") == {}
    assert text in words(page)


async def test_each_form_of_a_plural_is_said_and_a_number_may_go_unsaid(one, acme):
    path = f"{HERE}/ar/{key('%(num)s byte')}"
    page = await one.get(path)
    assert len(list(tree(page).iter("textarea"))) == 6
    await one.submit(page, path, do="save", text_1="one", text_3="%(num)s few", text_5="")
    assert await VendorWord.of(acme.id, "ar") == {"%(num)s byte": {1: "one", 3: "%(num)s few"}}


def test_our_own_words_would_be_taken():
    """In every language, form by form: what a vendor is shown is a valid answer."""
    wrong = [
        (tag, message.source)
        for message in messages().values() for tag in languages()
        if WordsForm.for_message(
            {f"text_{form}": stock(tag, message, form) for form in range(forms_of(tag, message))}, message
        ).errors
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("path", ["xx/{key}", "en/nothing", "../en", "en"])
async def test_other_languages_and_messages_do_not_exist(one, path):
    assert (await one.get(f"{HERE}/{path.format(key=key('Orders'))}")).status_code == 404
    assert (await one.get(f"{HERE}?language=xx")).status_code == 404


async def test_one_vendors_words_are_not_another_vendors(one, acme, globex, gus, at_desk):
    await say(one, "Orders", text_0="Purchases")
    other = await at_desk(gus)
    assert "Purchases" not in (await other.get("/console/globex/words?q=orders")).text
    assert "Purchases" not in (await other.get(f"/console/globex/words/en/{key('Orders')}")).text
    assert forms(await one.get(f"{HERE}/en/{key('Orders')}"))


async def test_there_is_an_end_to_them(one, acme, monkeypatch):
    monkeypatch.setattr("tables.vendor_word.MOST", 1)
    await say(one, "Orders", text_0="Purchases")
    page = await say(one, "Courses", text_0="Classes")
    assert (page.status_code, len(await VendorWord.select())) == (422, 1)
