"""A table of people as it comes out of a spreadsheet: its encoding and delimiter are found, never asked for."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from theming.words import _, _n

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 2_000
DELIMITERS = ",;\t|"
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Unreadable(ValueError):
    """The text says why, for the person who sent it."""


class Sheet(NamedTuple):
    """The rows, the header first, and how they were written."""

    rows: list[list[str]]
    encoding: str
    delimiter: str


def read(content: bytes) -> Sheet:
    """The rows of a CSV file or of pasted cells; raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(_("The list is larger than 5 MB. Split it into smaller ones."))
    text, encoding = decoded(content)
    if "\x00" in text:
        raise Unreadable(_("This is not a table of text. Save it as CSV and send that."))
    delimiter = delimiter_of(text)
    rows = parsed(text, delimiter)
    if len(rows) < 2:
        raise Unreadable(_("The list needs a first line with the names of its columns, and a line for each person."))
    if len(rows) > MOST_ROWS + 1:
        raise Unreadable(_n("A list can hold %(num)s person.", "A list can hold %(num)s people. Split it into smaller ones.",
                            MOST_ROWS))  # fmt: skip
    if len(rows[0]) > MOST_COLUMNS:
        raise Unreadable(_("The list has too many columns. Leave only those with addresses, names and courses."))
    return Sheet(rows, encoding, delimiter)


def decoded(content: bytes) -> tuple[str, str]:
    """Text by its byte order mark, else as UTF-8, else UTF-16 by its zeros, else as Windows writes it (cp1252)."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if odd > len(content) // 4 or even > len(content) // 4:
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        return content.decode(encoding, errors="replace"), encoding
    # Five bytes mean nothing in cp1252; they are no reason to refuse a list.
    return content.decode("cp1252", errors="replace"), "cp1252"


def delimiter_of(text: str) -> str:
    """What parts the cells: of the usual ones the one that stands most often in the first line, outside quotes."""
    line = next((one for one in text.splitlines() if one.strip()), "")
    bare = "".join(part for place, part in enumerate(line.split('"')) if place % 2 == 0)
    return max(DELIMITERS, key=lambda sign: (bare.count(sign), -DELIMITERS.index(sign)))


def parsed(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append([printable(cell)[:LONGEST_CELL] for cell in row])
            if len(rows) > MOST_ROWS + 1:
                break
    except csv.Error:
        raise Unreadable(
            _("Line %(number)s cannot be read. Is a quotation mark left open there?", number=reader.line_num)
        ) from None
    return rows


def printable(cell: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFC", cell).strip() if sign >= " ")


KNOWN = {
    "email": "email e-mail emailaddress mail correo correoelectronico emailadresse adressemail メール メールアドレス البريد",
    "first_name": "firstname first givenname forename vorname nombre prenom nome 名",
    "last_name": "lastname last surname familyname nachname apellido apellidos nom sobrenome 姓",
    "course": "course coursename coursetitle curso kurs cours product コース الدورة",
}


def guesses(header: Sequence[str], sample: Sequence[Sequence[str]]) -> dict[str, int | None]:
    """Which column is which, by its name; an address column is also told by what stands in it."""
    names = [plain(name) for name in header]
    found: dict[str, int | None] = {
        field: next((place for place, name in enumerate(names) if name in known.split()), None)
        for field, known in ((field, " ".join(map(plain, words.split()))) for field, words in KNOWN.items())
    }
    if found["email"] is None:
        found["email"] = next((place for place in range(len(header)) if addresses(place, sample)), None)
    return found


def addresses(place: int, sample: Sequence[Sequence[str]]) -> bool:
    cells = [row[place] for row in sample if place < len(row)]
    return bool(cells) and all("@" in cell for cell in cells)


def plain(name: str) -> str:
    """A column's name without case, accents, spaces and signs."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in letters if sign.isalnum())
