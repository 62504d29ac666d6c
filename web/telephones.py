"""Telephone numbers in the style of who is asking."""

from __future__ import annotations

from typing import Any

from tables.address import Address
from tables.customer import Customer
from theming.phone_words import PhoneWords
from web.requests import center_of


async def phone_words(request: Any, customer: Customer) -> PhoneWords:
    """At home where the customer's default address is."""
    address = await Address.default_of(customer)
    return PhoneWords(center_of(request), address.country if address else "")


async def on_file(request: Any, customer: Customer) -> str | None:
    """The number the vendor has on file, as its owner writes it."""
    return (await phone_words(request, customer)).shown(customer.phone) if customer.phone else None
