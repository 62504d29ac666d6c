import pytest

import database
from tables import Contact, Customer, CustomerWord
from tables.merging import absorb
from tables.sought import LONGEST, MOST_WORDS, fold, looked_for, sorted_name, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Élise", "elise"), ("ÇELİK", "celik"), ("Straße", "strasse"), ("Ｔｕｖａ", "tuva"), ("O'Brien", "o'brien"),
     ("Ñandú", "nandu"), ("김", "김"), ("", "")],
)  # fmt: skip
def test_capitals_accents_and_width_make_no_difference(text, folded):
    assert fold(text) == folded


def test_every_part_of_a_name_and_an_address_is_a_word():
    assert words_of("Mary-Jo", "O'Brien Lee", "mj.lee+shop@mail.example") == {
        "mj.lee+shop@mail.example", "mail.example", "mj", "lee", "shop", "mary", "jo", "maryjo", "o", "brien", "obrien",
    }  # fmt: skip


def test_a_name_of_very_many_words_is_cut():
    assert len(words_of(" ".join(f"n{place}" for place in range(90)), "", "a@b.example")) <= MOST_WORDS
    assert all(len(word) <= LONGEST for word in words_of("n" * 900, "", "a@b.example"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [("Ali", ["ali"]), ("ames ALI", ["ames", "ali"]), ("O'Bri", ["obri"]), ("mj.lee", ["mj.lee"]), ("@mail.ex", ["mail.ex"]),
     ("J. Lee,", ["lee", "j"]), ("'", []), ("%", []), ("  ", [])],
)  # fmt: skip
def test_what_is_typed_is_read_as_beginnings_the_longest_first(typed, words):
    assert looked_for(typed) == words


def test_a_list_by_name_has_the_last_name_first_and_the_address_of_who_has_none():
    assert sorted_name("Élise", "Bauer", "e@x.example") == "bauer elise"
    assert sorted_name("", "", "E@x.example") == "e@x.example"


async def words(customer):
    rows = await CustomerWord.select(CustomerWord.word).where(CustomerWord.customer == customer.id)
    return {row["word"] for row in rows}


async def agree():
    """Every customer's words and sorted name are what their row says."""
    for one in await Customer.objects():
        gone = one.closed_at or one.merged_into
        assert await words(one) == (set() if gone else words_of(one.first_name, one.last_name, one.email))
        assert one.sought_name == ("" if gone else sorted_name(one.first_name, one.last_name, one.email))


async def test_whatever_changes_a_name_or_an_address_keeps_the_words(world, alice, bob):
    await agree()
    await alice.rename("Alicia", "Amaro")
    await agree()
    assert "amaro" in await words(alice)
    assert "ames" not in await words(alice)
    await alice.move_to("new.place@example.org")
    await agree()
    contact = await Contact.objects().get((Contact.vendor == world.globex.id) & (Contact.clickfunnels_id == "11"))
    await Contact.update({Contact.first_name: "Zora"}).where(Contact.vendor == world.globex.id)
    await contact.inform(world.zoe.customer)
    await agree()
    assert "zora" in await words(world.zoe.customer)
    assert await contact.correct_address(world.zoe.customer, "zora@example.net", "") is False
    await Customer.update({Customer.email_version: "9"}).where(Customer.id == world.zoe.id)
    world.zoe.customer.email_version = "9"
    assert await contact.correct_address(world.zoe.customer, "zora@example.net", "1") is True
    await agree()
    await database.transaction(lambda: absorb(bob, alice))
    await agree()


async def test_a_deleted_account_is_found_by_nothing(world, alice):
    from tables import closing

    await closing.schedule(alice.vendor, alice.id)
    await Customer.update({Customer.closes_at: database.now()}).where(Customer.id == alice.id)
    await database.transaction(lambda: closing.erase(alice.vendor, alice.id))
    await agree()
    assert await words(alice) == set()
