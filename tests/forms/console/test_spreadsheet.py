import pytest

from forms.console import spreadsheet
from forms.console.spreadsheet import Unreadable, guesses, read

TEXT = "Email;Vorname;Kurs\nzoë@example.com;Zoë;Töpfern\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_is_found(encoding):
    assert read(TEXT.encode(encoding)).rows == [["Email", "Vorname", "Kurs"], ["zoë@example.com", "Zoë", "Töpfern"]]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sign):
    text = f'"Name, first; last"{sign}Email\n"Ames, Alice"{sign}a@example.com\n'
    assert read(text.encode()).rows[1] == ["Ames, Alice", "a@example.com"]


def test_one_column_alone_is_a_table():
    assert read(b"email\na@example.com\n\n  \nb@example.com").rows == [["email"], ["a@example.com"], ["b@example.com"]]


def test_what_excel_writes_over_several_lines_is_one_row():
    assert len(read(b'email,note\r\na@example.com,"two\r\nlines"\r\n').rows) == 2


@pytest.mark.parametrize(("content", "words"), [
    (b"", "first line"), (b"email\n", "first line"), (b"PK\x03\x04\x00\x00\x00\n\x00", "table of text"),
    (b"a," * 61 + b"\nb", "too many columns"), (b"email\n" + b"a@b.example\n" * 20_001, "can hold"),
    (b"x" * (5 * 1024 * 1024 + 1), "5 MB"), (b'email\n"' + b"a" * 200_000, "quotation mark"),
])  # fmt: skip
def test_what_is_no_list_is_refused_in_words(content, words):
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_cells_are_cut_and_hold_nothing_unprintable():
    sheet = read(f"email\na\x01b@example.com\n{'x' * 3000}\n".encode())
    assert sheet.rows[1] == ["ab@example.com"]
    assert len(sheet.rows[2][0]) == spreadsheet.LONGEST_CELL


@pytest.mark.parametrize(("header", "found"), [
    (["E-Mail Address", "First Name", "Last name", "Course Title"], (0, 1, 2, 3)),
    (["Nombre", "Apellidos", "Correo electrónico", "Curso"], (2, 0, 1, 3)),
    (["Prénom", "Nom", "Kontakt"], (2, 0, 1, None)), (["x", "y"], (None, None, None, None)),
])  # fmt: skip
def test_columns_are_guessed(header, found):
    sample = [["Ann", "Ames", "ann@example.com"]] if "Kontakt" in header else []
    assert tuple(guesses(header, sample)[name] for name in ("email", "first_name", "last_name", "course")) == found
