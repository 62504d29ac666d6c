import pytest

from forms import Form
from forms.profile import LONGEST, ProfileForm
from forms.sign_in import CodeForm, EmailForm


class Example(Form):
    takes = ("name",)


def test_a_form_takes_its_fields_and_no_others():
    form = Example.read({"name": "A", "is_admin": "1"})
    assert form.values == {"name": "A"}


def test_a_field_that_was_not_sent_is_empty():
    assert Example.read({}).values == {"name": ""}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Ali  ce ", "Ali ce"), ("E\u0301", "É"), ("a\nb", "a b"), ("\u00a0x\u2003", "x"), ("李", "李")],
)
def test_names_are_tidied(typed, kept):
    form = ProfileForm.read({"first_name": typed})
    assert (form.values["first_name"], form.errors) == (kept, {})


@pytest.mark.parametrize("values", [{}, {"first_name": "  ", "last_name": "\n"}])
def test_one_name_is_needed(values):
    assert list(ProfileForm.read(values).errors) == ["first_name"]


@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_a_name_has_a_length(field):
    assert ProfileForm.read({field: "é" * LONGEST}).errors == {}
    assert list(ProfileForm.read({field: "é" * (LONGEST + 1)}).errors) == [field]


@pytest.mark.parametrize(("typed", "says"), [("", "Enter your email address."), ("x", "like name@example.com")])
def test_the_email_step_says_what_it_wants(typed, says):
    assert says in EmailForm.read({"email": typed}).errors["email"]


@pytest.mark.parametrize("typed", ["123456", "123 456", "123-456", " 1 2 3 4 5 6 ", "１２３４５６"])
def test_a_code_may_be_spaced(typed):
    form = CodeForm.read({"code": typed})
    assert form.errors == {}
    assert len(form.code) == 6


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "-123456-7"])
def test_other_texts_are_no_codes(typed):
    assert "code" in CodeForm.read({"code": typed}).errors


@pytest.mark.parametrize(
    "typed", ["482913", " 482 913 ", "482-913", "482\u2013913", "\u2066482 913\u2069", "482\u00a0913", "\u200e482913\n",
              "٤٨٢٩١٣", "４８２ ９１３", "482\u200b913"]
)  # fmt: skip
def test_a_code_is_read_however_it_was_copied(typed):
    form = CodeForm.read({"code": typed})
    assert (form.errors, form.code) == ({}, "482913")


@pytest.mark.parametrize("typed", ["", "48291", "4829131", "48291a", "½82913", "²82913"])
def test_what_is_no_code_is_told_so(typed):
    assert list(CodeForm.read({"code": typed}).errors) == ["code"]
