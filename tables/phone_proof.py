"""Proof that a customer reads text messages at a number: a code sent there, typed here (ASVS 6.5)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, NamedTuple

import database
from tables.customer import Customer
from tables.hashing import codes, in_thread
from tables.mailed_link import MailedLink
from tables.phone_number import PhoneNumber
from tables.sign_in_request import code_matches, peppered

PURPOSE = "phone"
LIFETIME = timedelta(minutes=10)
TRIES = 5


class Code(NamedTuple):
    text: str
    hashed: str


async def make_code() -> Code:
    """A 6-digit code with its hash; made before the transaction, hashed in a thread."""
    text = f"{secrets.randbelow(10**6):06d}"
    return Code(text, await in_thread(codes.hash, peppered(text)))


async def ask(customer: Customer, number: str, code: Code) -> MailedLink:
    """Keep what was asked for, in a transaction; a code from before is worth nothing any more."""
    await MailedLink.withdraw(customer.vendor, customer.id, PURPOSE)
    asked, _token = await MailedLink.make(
        customer.vendor, customer.id, PURPOSE, customer.email, LIFETIME, number=number, code=code.hashed
    )
    return asked


async def pending(vendor_id: int, customer_id: int) -> MailedLink | None:
    """What the customer asked for last, while its code is good."""
    asked = await (
        MailedLink.objects()
        .where(MailedLink.vendor == vendor_id, MailedLink.customer == customer_id, MailedLink.purpose == PURPOSE)
        .order_by(MailedLink.id, ascending=False).first()
    )  # fmt: skip
    return asked if asked and asked.state == "live" and asked.tries < TRIES else None


async def matches(asked: MailedLink, code: str) -> bool:
    """Whether the code is the one that was sent; every look costs a try, counted in one statement."""
    rows = await database.raw(
        "UPDATE mailed_links SET tries = tries + 1 WHERE vendor_id = {} AND id = {} AND tries < {} AND used_at IS NULL "
        "AND expires_at > {} RETURNING id", asked.vendor, asked.id, TRIES, database.now(),
    )  # fmt: skip
    return bool(rows) and bool(await in_thread(code_matches, asked.details["code"], code))


async def take(asked: MailedLink, customer: Customer) -> bool:
    """Put the proven number on file, in a transaction; False when the code was used or ran out meanwhile."""
    if not await asked.redeem():
        return False
    number = asked.details["number"]
    values: dict[Any, Any] = {Customer.phone: number, Customer.phone_proven_at: database.now()}
    await Customer.update(values).where(Customer.vendor == customer.vendor, Customer.id == customer.id)
    await PhoneNumber.add(customer.vendor, customer.id, number)
    return True
