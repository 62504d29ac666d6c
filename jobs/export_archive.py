"""The file of an export: for each kind a JSON and a CSV file, the messages as text, and a word about all of it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import re
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from babel.numbers import get_currency_precision

import database
from integrations.gravatar import AVATARS
from jobs.stopping import Stopping
from tables.customer import Customer
from tables.export_kinds import KINDS
from tables.export_rows import Kind, mails
from tables.mail import shown
from theming.export_words import read_me

AMOUNTS = frozenset({"total", "tax", "subtotal", "discount", "shipping", "due", "amount"})
ADDRESSES = frozenset({"shipping_address", "billing_address"})
DOCUMENTS = frozenset({"content", "details"})
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
BOM = b"\xef\xbb\xbf"


class Stopped(Exception):
    """The worker comes to an end; somebody else makes the file."""


async def write(path: Path, vendor_id: int, customer_id: int, name: str, stopping: Stopping) -> int:
    """Make the file under another name and put it in its place; returns its size in bytes. Raises Stopped."""
    part = path.with_suffix(f".{secrets.token_hex(8)}.part")
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
            with ZipFile(file, "w", ZIP_DEFLATED) as archive:
                await fill(Archive(archive, stopping), vendor_id, customer_id, name)
            await asyncio.to_thread(keep, file)
        size = part.stat().st_size
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return size


def keep(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


async def fill(archive: Archive, vendor_id: int, customer_id: int, name: str) -> None:
    await archive.add("README.txt", read_me(name, {kind.name: kind.fields for kind in KINDS}).encode())
    for kind in KINDS:
        await archive.add_kind(kind, vendor_id, customer_id)
    if picture := await picture_of(vendor_id, customer_id):
        await archive.add("picture.webp", picture)
    async for rows in mails(vendor_id, customer_id):
        for row in rows:
            await archive.add(f"messages/{row['public_id']}.txt", letter(row).encode())


async def picture_of(vendor_id: int, customer_id: int) -> bytes | None:
    """The customer's picture, where we keep one."""
    customer = await Customer.by_id(vendor_id, customer_id)
    try:
        return await asyncio.to_thread((AVATARS / customer.avatar).read_bytes) if customer and customer.avatar else None
    except FileNotFoundError:
        return None


class Archive:
    """Writes into the file, in a thread, and stops between two pieces when it is asked to."""

    def __init__(self, archive: ZipFile, stopping: Stopping) -> None:
        self.archive, self.stopping = archive, stopping

    async def add(self, name: str, content: bytes) -> None:
        if self.stopping.asked:
            raise Stopped
        await asyncio.to_thread(self.archive.writestr, entry(name), content)

    async def add_kind(self, kind: Kind, vendor_id: int, customer_id: int) -> None:
        """One kind as JSON and as a table; a ZIP file takes one member at a time, so the table waits beside it."""
        with tempfile.TemporaryFile() as table:
            table.write(BOM + line(kind.fields))
            with self.archive.open(entry(f"json/{kind.name}.json"), "w") as member:
                between = b"[\n"
                async for rows in kind.read(vendor_id, customer_id):
                    if self.stopping.asked:
                        raise Stopped
                    plain = [plain_row(row, kind.fields) for row in rows]
                    await asyncio.to_thread(put, member, table, plain, between)
                    between = b",\n" if plain else between
                member.write(b"[]\n" if between == b"[\n" else b"\n]\n")
            table.seek(0)
            with self.archive.open(entry(f"tables/{kind.name}.csv"), "w") as member:
                while piece := table.read(1 << 20):
                    await asyncio.to_thread(member.write, piece)


def put(member: Any, table: Any, rows: Sequence[Mapping[str, Any]], between: bytes) -> None:
    if rows:
        member.write(between + b",\n".join(json.dumps(row, ensure_ascii=False).encode() for row in rows))
    for row in rows:
        table.write(line(row.values()))


def entry(name: str) -> ZipInfo:
    info = ZipInfo(name, database.now().timetuple()[:6])
    info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
    return info


def plain_row(row: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {name: plain_value(name, row[name], row) for name in fields}


def plain_value(name: str, value: Any, row: Mapping[str, Any]) -> Any:
    """Times as ISO 8601 in UTC, amounts as decimal text in their currency, addresses by their parts."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if name in AMOUNTS and isinstance(value, int) and "currency" in row:
        places = get_currency_precision(row["currency"])
        return f"{Decimal(value).scaleb(-places):.{places}f}"
    if name == "suspended":
        return bool(value)  # an expression comes out of SQLite as a number
    if name in ADDRESSES | DOCUMENTS:
        return json.loads(value or "{}")
    return value


def line(values: Any) -> bytes:
    """A line of a table (RFC 4180)."""
    text = io.StringIO()
    csv.writer(text).writerow([cell(value) for value in values])
    return text.getvalue().encode()


def cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection); a plain number is none."""
    if isinstance(value, dict):
        plain = all(isinstance(part, str) for part in value.values())
        value = ", ".join(value.values()) if plain else json.dumps(value, ensure_ascii=False)
    text = "" if value is None else {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def letter(row: Mapping[str, Any]) -> str:
    """A message as text, without the secrets that were in it."""
    when = plain_value("", row["sent_at"] or row["created_at"], row)
    head = f"From: {row['sender']}\nTo: {row['recipient']}\nDate: {when}\nSubject: {row['subject']}\n"
    return f"{head}\n{shown(row, 'body_text')}"
