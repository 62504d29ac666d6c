"""`litestar member …`: who works in a vendor's console, for day one and for support."""

from __future__ import annotations

from functools import partial

import click

import database
from commands.running import with_database
from tables.audit_entry import AuditEntry
from tables.customer import Customer
from tables.email_address import canonical_address
from tables.member import OWNER, ROLES, LastOwner, Member, house
from tables.vendor import HOUSE, Vendor
from theming.center import center_of


@click.group()
def member() -> None:
    """People who work in a vendor's console."""


@member.command()
@click.argument("email")
@click.option("--vendor", "slug", required=True, help="The vendor's slug.")
@click.option("--role", type=click.Choice(ROLES), default=OWNER, show_default=True)
@with_database
async def add(email: str, slug: str, role: str) -> None:
    """Let somebody work for a vendor, or give them a higher role."""
    vendor, center = await seller(slug), center_of(await house())
    await database.transaction(partial(settle, vendor, center.vendor_id or 0, canonical_address(email), role))
    print(f"{email} is {role} at {slug} now. They sign in at {center.link('/sign-in')}")
    print(f"Without mail: litestar customer link {email} --vendor {HOUSE}")


@member.command(name="remove")
@click.argument("email")
@click.option("--vendor", "slug", required=True, help="The vendor's slug.")
@with_database
async def remove(email: str, slug: str) -> None:
    """End it; a vendor's last owner stays."""
    vendor, house_id = await seller(slug), (await house()).id

    async def work() -> None:
        await Vendor.hold(vendor.id)
        person = await Customer.by_email(house_id, canonical_address(email))
        found = await Member.by_person(vendor.id, person.id) if person else None
        if found is None:
            raise ValueError(f"{email} does not work for {slug}")
        await found.leave()
        await AuditEntry.record(vendor.id, None, "staff.removed", email)

    try:
        await database.transaction(work)
    except LastOwner:
        raise ValueError(f"{email} is the last owner of {slug}; add another one first") from None
    print(f"{email} no longer works for {slug}.")


async def seller(slug: str) -> Vendor:
    vendor = await Vendor.objects().where(Vendor.slug == slug, Vendor.slug != HOUSE).first()
    if vendor is None:
        raise ValueError(f"there is no vendor {slug!r}")
    return vendor


async def settle(vendor: Vendor, house_id: int, email: str, role: str) -> None:
    """Make the person where there is none, and the membership; inside a transaction."""
    await Vendor.hold(vendor.id)
    person = await Customer.open(house_id, email)
    await Member.add(vendor.id, person.id, role)
    await AuditEntry.record(vendor.id, None, "staff.joined", email, role=role)
