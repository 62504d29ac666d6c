"""The words a customer is found by: of their name and address, without capitals and accents, and nothing else.

Beginnings are looked for, so that an index answers: `ali` finds Alice, `ames` and `alice.a` find alice.ames@example.com.
"""

from __future__ import annotations

import re
import unicodedata

import database

LONGEST = 254
MOST_WORDS = 24
PART = re.compile(r"[^\W_]+")
AFTER = "\U0010ffff"
"""Behind a beginning: above everything that begins so."""


def fold(text: str) -> str:
    """Without capitals, accents and the width of letters: `Çelik` and `celik` are one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def words_of(first_name: str, last_name: str, email: str) -> set[str]:
    """Each part of the name and of the address, names with a hyphen also in one piece, and the address itself."""
    names, address = fold(f"{first_name} {last_name}"), fold(email)
    local, _at, domain = address.rpartition("@")
    found = [address, domain, *PART.findall(local), *PART.findall(names)]
    found += ["".join(PART.findall(name)) for name in names.split()]
    return {word[:LONGEST] for word in found[:MOST_WORDS] if word}


def looked_for(typed: str) -> list[str]:
    """What is looked for when somebody types this: a beginning for each word, the longest first."""
    found = []
    for word in fold(typed).split()[:6]:
        whole = word.strip(".,;:'\"()<>")
        mailed = re.search(r"[@._+]", whole)
        found.append(whole.lstrip("@") if mailed else "".join(PART.findall(whole)))
    return sorted({word[:LONGEST] for word in found if word}, key=lambda word: (-len(word), word))


def sorted_name(first_name: str, last_name: str, email: str) -> str:
    """What a list by name is sorted by: the last name first, the address of who has none."""
    return (" ".join(fold(f"{last_name} {first_name}").split()) or fold(email))[:LONGEST]


async def note(vendor_id: int, customer_id: int) -> None:
    """Bring a customer's words in line with their row; to be called by whatever changes a name or an address.

    Of an account that is gone nothing is found.
    """
    rows = await database.raw(
        "SELECT first_name, last_name, email, merged_into, closed_at, sought_name FROM customers "
        "WHERE vendor_id = {} AND id = {}", vendor_id, customer_id,
    )  # fmt: skip
    if not rows:
        return
    row = rows[0]
    known = {
        one["word"] for one in await database.raw(
            "SELECT word FROM customer_words WHERE vendor_id = {} AND customer_id = {}", vendor_id, customer_id)
    }  # fmt: skip
    gone, parts = row["merged_into"] or row["closed_at"], (row["first_name"], row["last_name"], row["email"])
    wanted, name = (set(), "") if gone else (words_of(*parts), sorted_name(*parts))
    if name != row["sought_name"]:
        await database.raw(
            "UPDATE customers SET sought_name = {} WHERE vendor_id = {} AND id = {}", name, vendor_id, customer_id
        )
    await replace(vendor_id, customer_id, known - wanted, wanted - known)


async def replace(vendor_id: int, customer_id: int, old: set[str], new: set[str]) -> None:
    if old:
        await database.raw(
            f"DELETE FROM customer_words WHERE vendor_id = {{}} AND customer_id = {{}} AND word IN ({marks(old)})",
            vendor_id, customer_id, *sorted(old),
        )  # fmt: skip
    if new:
        rows = ", ".join(["({}, {}, {})"] * len(new))
        values = [value for word in sorted(new) for value in (vendor_id, customer_id, word)]
        await database.raw(
            f"INSERT INTO customer_words (vendor_id, customer_id, word) VALUES {rows} "
            "ON CONFLICT (vendor_id, customer_id, word) DO NOTHING", *values,
        )  # fmt: skip


def marks(values: set[str]) -> str:
    return ", ".join(["{}"] * len(values))
