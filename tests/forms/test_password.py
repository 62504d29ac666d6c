import pytest

from forms.password import NewPasswordForm, PasswordForm, weakness

OWN = ["alice.ames@example.com", "Alice", "Ames", "Acme Learning", "acme"]


def chosen(password, again=None):
    again = password if again is None else again
    return NewPasswordForm.read_for({"password": password, "password_confirmation": again}, OWN)


@pytest.mark.parametrize(
    "password",
    ["orchard tram kettle", "kT9#vLq2xW", "mein schönes Haus", "蜂蜜と森の小道を歩く猫", "🐝🍯🌻🏡🚲🎻🧵🪁🫖🌂",
     "orchard tram kettle " * 6, "alice orchard tram kettle nine"],
)  # fmt: skip
def test_good_passwords_of_any_kind_are_taken(password):
    assert chosen(password.strip()).errors == {}


@pytest.mark.parametrize(("length", "taken"), [(9, False), (10, True), (128, True), (129, False)])
def test_the_length_is_ten_to_a_hundred_and_twenty_eight(length, taken):
    password = ("kT9#vLq2xW pM4" + "orchard tram kettle nine swan fog lamp " * 4)[:length]
    form = chosen(password)
    assert (form.errors == {}) is taken
    if not taken:
        assert ("10 characters or more" if length < 10 else "128 characters or fewer") in form.errors["password"]


def test_a_password_too_long_is_never_measured_or_hashed(monkeypatch):
    from forms import password

    monkeypatch.setattr(password, "zxcvbn", lambda *_: pytest.fail("measured"))
    assert "fewer" in chosen("x" * 60_000).errors["password"]
    assert "fewer" in chosen("🐝" * 300).errors["password"]


def test_length_counts_what_is_kept_and_not_what_was_typed():
    """NFKC makes one sign of two, and eighteen of one."""
    assert "password" in chosen("e\u0301" * 9).errors
    assert "fewer" in chosen("\ufdfa" * 10 + "x" * 30).errors["password"]


def test_the_start_alone_is_measured(monkeypatch):
    from forms import password

    seen, real = [], password.zxcvbn
    monkeypatch.setattr(password, "zxcvbn", lambda text, *more: seen.append(len(text)) or real(text, *more))
    chosen("orchard tram kettle nine " * 5)
    assert max(seen) == 72


@pytest.mark.parametrize(
    ("password", "why"),
    [("password1234", "people try first"), ("iloveyou1234", "people try first"), ("Passw0rd!!", "try first"),
     ("basketball", "One word"), ("qwertyuiop", "people try first"), ("1234567890", "people try first"),
     ("P@ssword123", "try first"), ("trustno1trustno1", "Repeated"), ("aaaaaaaaaaaaaaa", "Repeated"),
     ("abcabcabcabcabc", "Repeated"), ("abcdefghijklmn", "Rows like abc"), ("lkjhgfdsapoiuytrewq", "very like"),
     ("Tr0ub4dour&3", "too easy"), ("a" * 128, "Repeated")],
)  # fmt: skip
def test_what_is_easily_guessed_is_refused_with_the_reason(password, why):
    assert why in chosen(password).errors["password"]


@pytest.mark.parametrize(
    "password",
    ["alice.ames@example.com", "AliceAmes1984", "Alice Ames 12", "acmelearning2026", "Acme Learning!", "amesalice99",
     "ALICEAMESACME", "learning.acme.1", "ａｌｉｃｅ.ames.example"],
)  # fmt: skip
def test_own_words_and_the_vendors_name_count_for_nothing(password):
    assert password[:1].strip()
    assert "password" in chosen(password).errors


def test_common_passwords_are_refused_however_they_are_spelt():
    common = ["password12", "sunshine123", "footballer", "princess123", "qwerty12345", "superman123",
              "liverpool1", "manchester", "california", "strawberry", "butterfly1", "christopher", "1234567891"]  # fmt: skip
    for password in common:
        for spelling in (password, password.capitalize(), password.upper(), password.replace("e", "3"), password + "!"):
            assert weakness(spelling), spelling


def test_two_that_differ_are_told_so_at_the_second():
    assert list(chosen("orchard tram kettle", "orchard tram kettlf").errors) == ["password_confirmation"]


def test_one_password_on_two_keyboards_is_one():
    assert chosen("orchard tram cafe\u0301", "orchard tram café").errors == {}


def test_an_empty_form_asks_for_a_password():
    assert chosen("").errors == {"password": "Enter a new password."}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [({}, {"email", "password"}), ({"email": "a@b.example"}, {"password"}), ({"email": "x", "password": "y"}, {"email"}),
     ({"email": "a@b.example", "password": " "}, set())],
)  # fmt: skip
def test_signing_in_needs_an_address_and_a_password(values, wrong):
    assert set(PasswordForm.read(values).errors) == wrong
