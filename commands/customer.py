"""`litestar customer link`: a sign-in link without any mail, for day one and for support."""

from __future__ import annotations

import secrets

import click

import database
from commands.running import with_database
from tables.customer import Customer
from tables.email_address import canonical_address
from tables.sign_in_request import SignInRequest
from tables.vendor import Vendor
from theming.center import center_of


@click.group()
def customer() -> None:
    """Customers of a vendor."""


@customer.command()
@click.argument("email")
@click.option("--vendor", "slug", required=True, help="The vendor's slug.")
@with_database
async def link(email: str, slug: str) -> None:
    """Print a sign-in link that works once, for ten minutes."""
    vendor = await Vendor.objects().where(Vendor.slug == slug).first()
    if vendor is None:
        raise ValueError(f"there is no vendor {slug!r}")
    found = await Customer.by_email(vendor.id, canonical_address(email))
    if found is None:
        raise ValueError(f"{slug} has no customer with the address {email}")
    if not found.may_enter:
        raise ValueError(f"the account of {email} at {slug} is switched off")
    made = await SignInRequest.make_secrets()

    async def work() -> None:
        # Bound to no browser, so every one sees the page with the button.
        await SignInRequest.ask(vendor.id, found.id, found.email, secrets.token_urlsafe(32), "", made)

    await database.transaction(work)
    print(center_of(vendor).link(f"/sign-in/link/{made.link}"))
