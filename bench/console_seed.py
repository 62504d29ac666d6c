"""One vendor with very many customers and orders, written in bulk: `python -m bench.console_seed TOKENS.JSON [CUSTOMERS ORDERS]`.

Through Piccolo it would take hours; the rows are the same as its own.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import database
from bench.seed import insert
from commands.migrations import migrate
from tables import Customer, Member, PhoneNumber, Session, Vendor, sought
from tables.base import public_id
from tables.member import OWNER, house
from tables.session import PEOPLE

SQLITE = database.engine.engine_type == "sqlite"
FIRST = "Ada Ben Carla Dmitri Élise Farid Grace Hana Ines Jonas Kofi Lena Mateo Nadia Oskar Priya Quentin Rosa Sven Tuva".split()
LAST = "Abbot Bauer Costa Dupont Eriksen Fischer García Huber Ito Jensen Kowalski López Meyer Novák Okafor Park".split()
GOODS = "Hive kit;Smoker;Bee veil;Honey jar;Frame grip;Letter of the month;Queen cage;Wax press;Course of spring".split(
    ";"
)
STATES = ("paid",) * 90 + ("unpaid",) * 5 + ("refunded",) * 3 + ("partially-refunded",) + ("voided",)
FEW, MANY = (1_000, 10_000), (100_000, 1_000_000)


async def seed(customers: int, orders: int) -> dict[str, str]:
    """Fill an empty, migrated database with `acme` of this size and `few` of the smaller; the owner's session."""
    now = database.now().replace(microsecond=0)
    found: dict[str, Any] = {}
    for slug, sizes in (("few", FEW), ("acme", (customers, orders))):
        vendor = await Vendor.add(slug, slug.title())
        await fill(vendor.id, *sizes, now)
        found[slug] = vendor.id
    person = await Customer.open((await house()).id, "owner@example.com", first_name="Olga")
    for vendor_id in found.values():
        await Member.add(vendor_id, person.id, OWNER)
    token = await Session.start((await house()).id, person.id, "link", "bench", "", limits=PEOPLE)
    return {"owner": token}


async def fill(vendor_id: int, customers: int, orders: int, now: datetime) -> None:
    first = await next_id("customers")
    people = [(first + place, *name(place)) for place in range(customers)]
    await bulk("customers", CUSTOMER, (customer(vendor_id, now, *one) for one in people))
    await bulk("customer_words", ("vendor_id", "customer_id", "word"), words(vendor_id, people))
    await bulk("orders", ORDER, (order(vendor_id, now, first, customers, place) for place in range(orders)))
    await insert(PhoneNumber, [
        {"vendor": vendor_id, "customer": first + place, "number": f"+1212555{place:04}", "digits": f"1212555{place:04}",
         "created_at": now} for place in range(min(customers, 2000))
    ])  # fmt: skip


CUSTOMER = ("id", "vendor_id", "public_id", "email", "email_version", "first_name", "last_name", "sought_name", "created_at",
            "first_signed_in_at", "disabled_at", "closes_at")  # fmt: skip
ORDER = ("vendor_id", "clickfunnels_id", "version", "customer_id", "number", "order_type", "placed_at", "currency", "total",
         "tax", "billing_status", "service_status", "summary", "in_trial", "shipping_address", "billing_address")  # fmt: skip


def name(place: int) -> tuple[str, str, str]:
    first, last = FIRST[place % len(FIRST)], f"{LAST[place // len(FIRST) % len(LAST)]}{place // 5000:02}"
    return first, last, f"{sought.fold(first)}.{sought.fold(last)}.{place}@example.com"


def customer(vendor_id: int, now: datetime, key: int, first: str, last: str, email: str) -> tuple[Any, ...]:
    made = now - timedelta(minutes=key)
    return (
        key, vendor_id, public_id(), email, "", first, last, sought.sorted_name(first, last, email), made,
        made if key % 10 < 7 else None, made if key % 2000 == 0 else None, now if key % 5000 == 1 else None,
    )  # fmt: skip


def words(vendor_id: int, people: list[Any]) -> Iterator[tuple[Any, ...]]:
    for key, first, last, email in people:
        for word in sorted(sought.words_of(first, last, email)):
            yield vendor_id, key, word


def order(vendor_id: int, now: datetime, first: int, customers: int, place: int) -> tuple[Any, ...]:
    state = STATES[place * 7 % 100]
    return (
        vendor_id, str(place), "", first + place * 31 % customers, str(1001 + place), "one-time-order",
        now - timedelta(minutes=3 * place), "USD", 1000 + place % 9000, 0, state, "active",
        f"{GOODS[place % len(GOODS)]} no. {place % 5000}", False, "{}", "{}",
    )  # fmt: skip


async def next_id(table: str) -> int:
    rows = await database.raw(f"SELECT coalesce(max(id), 0) + 1 AS id FROM {table}")
    return int(rows[0]["id"])


async def bulk(table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    """All the rows in one go, as each engine does it fastest."""
    if SQLITE:
        connection = sqlite3.connect(database.engine.path)
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
                               ([iso(value) for value in row] for row in rows))  # fmt: skip
        connection.commit()
        connection.close()
        return
    pool = await database.engine.open_pool()
    async with pool.acquire() as connection:
        await connection.copy_records_to_table(table, records=rows, columns=columns, timeout=900)
        # Or each foreign key would be checked by a plan from when the other table was empty: by reading all of it.
        await connection.execute(f"ANALYZE {table}")
        if columns[0] == "id":
            await connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )


def iso(value: Any) -> Any:
    return value.isoformat(" ") if isinstance(value, datetime) else value


async def main() -> None:
    await database.engine.start()
    customers, orders = (int(number) for number in sys.argv[2:4]) if len(sys.argv) > 3 else MANY
    tokens = await seed(customers, orders)
    # What autovacuum does by itself after a while; on SQLite nothing does, and the plans must be right without.
    if not SQLITE:
        await database.engine.run_ddl("ANALYZE")
    await database.engine.stop()
    Path(sys.argv[1]).write_text(json.dumps(tokens))


if __name__ == "__main__":
    migrate.callback()
    asyncio.run(main())
