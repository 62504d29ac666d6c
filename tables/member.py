"""Who works for a vendor, and as what. People are customers of the house's own center, the console."""

from __future__ import annotations

from typing import Any, Self

from piccolo.columns import BigInt, Varchar
from piccolo.table import Table

import database
from database import Row
from tables.base import Owned, public_id
from tables.invitation import Invitation
from tables.timestamps import moment
from tables.vendor import HOUSE, Vendor

STAFF, ADMIN, OWNER = "staff", "admin", "owner"
ROLES = (STAFF, ADMIN, OWNER)
"""From the least to the most: each may do what those before it may."""
PAGE = 50


class LastOwner(ValueError):
    """A vendor would be left without an owner."""


class Member(Owned, Table, tablename="members"):
    person_id = BigInt()
    public_id = Varchar(length=22, default=public_id)
    role = Varchar(length=10)
    created_at = moment()

    @classmethod
    async def add(cls, vendor_id: int, person_id: int, role: str) -> Self:
        """Let a person work for a vendor; whoever is there already keeps the higher of the two roles."""
        member = await cls.by_person(vendor_id, person_id)
        if member is None:
            member = cls(vendor=vendor_id, person_id=person_id, role=role, created_at=database.now())
            await member.save()
        elif not may(member.role, role):
            await member.change_role(role)
        return member

    @classmethod
    async def by_person(cls, vendor_id: int, person_id: int) -> Self | None:
        return await cls.objects().where(cls.vendor == vendor_id, cls.person_id == person_id).first()

    @classmethod
    async def role_of(cls, vendor_id: int, person_id: int) -> str | None:
        row = await cls.select(cls.role).where(cls.vendor == vendor_id, cls.person_id == person_id).first()
        return row["role"] if row else None

    @classmethod
    async def vendors_of(cls, person_id: int) -> list[Row]:
        """The vendors a person works for, by name: id, slug, name, headline, role."""
        return await database.raw(
            "SELECT vendors.id, vendors.slug, vendors.name, vendors.headline, members.role FROM members "
            "JOIN vendors ON vendors.id = members.vendor_id WHERE members.person_id = {} "
            "ORDER BY vendors.name, vendors.id LIMIT 200", person_id,
        )  # fmt: skip

    @classmethod
    async def of(cls, vendor_id: int, below: int) -> list[Row]:
        """The people of a vendor below an id, newest first, one too many: with name, address and last sign-in."""
        return await database.raw(
            f"{PEOPLE} AND members.id < {{}} ORDER BY members.id DESC LIMIT {PAGE + 1}", vendor_id, below
        )

    @classmethod
    async def own(cls, vendor_id: int, public_id: str) -> Row | None:
        rows = await database.raw(f"{PEOPLE} AND members.public_id = {{}}", vendor_id, public_id)
        return rows[0] if rows else None

    @classmethod
    async def by_public_id(cls, vendor_id: int, public_id: str) -> Self | None:
        return await cls.objects().where(cls.vendor == vendor_id, cls.public_id == public_id).first()

    @classmethod
    async def any_owner(cls) -> bool:
        """Whether anybody at all owns a vendor here: before that the server offers its first run."""
        return bool(await database.raw("SELECT 1 FROM members WHERE role = {} LIMIT 1", OWNER))

    async def change_role(self, role: str) -> None:
        """Raises LastOwner when nobody would own the vendor any more. Hold the vendor's row (`Vendor.hold`).

        Invitations they sent and could no longer send end: nobody who is about to lose a role keeps a way back.
        """
        if self.role == OWNER and role != OWNER:
            await self.require_another_owner()
        await Member.update({Member.role: role}).where(Member.vendor == self.vendor, Member.id == self.id)
        self.role = role
        too_high = [other for other in ROLES if not may(role, ADMIN) or not may(role, other)]
        if too_high:
            await Invitation.withdraw_by(self.vendor, self.person_id, too_high)

    async def leave(self) -> None:
        """End it; raises LastOwner as `change_role` does."""
        if self.role == OWNER:
            await self.require_another_owner()
        await Member.delete().where(Member.vendor == self.vendor, Member.id == self.id)
        await Invitation.withdraw_by(self.vendor, self.person_id, list(ROLES))

    async def require_another_owner(self) -> None:
        """Whoever is switched off, or has asked for the end of their account, is no other owner."""
        others = await database.raw(
            "SELECT 1 FROM members JOIN customers ON customers.id = members.person_id WHERE members.vendor_id = {} "
            "AND members.role = {} AND members.id <> {} AND customers.disabled_at IS NULL "
            "AND customers.closes_at IS NULL LIMIT 1", self.vendor, OWNER, self.id,
        )  # fmt: skip
        if not others:
            raise LastOwner("a vendor needs an owner")

    @classmethod
    async def places_of(cls, person_id: int) -> list[Self]:
        """Every membership of a person, with each vendor's row held to the end of the transaction."""
        found = []
        for vendor_id in sorted(row["id"] for row in await cls.vendors_of(person_id)):
            await Vendor.hold(vendor_id)
            if member := await cls.by_person(vendor_id, person_id):
                found.append(member)
        return found

    @classmethod
    async def require_others(cls, person_id: int) -> None:
        """Raises LastOwner where a person is the only owner of a vendor: their account cannot be closed then."""
        for member in await cls.places_of(person_id):
            if member.role == OWNER:
                await member.require_another_owner()

    @classmethod
    async def leave_all(cls, person_id: int) -> list[int]:
        """End whatever a person does here; returns the vendors' ids. Raises LastOwner as `leave` does."""
        places = await cls.places_of(person_id)
        for member in places:
            await member.leave()
        return [member.vendor for member in places]

    @classmethod
    async def move(cls, person_id: int, survivor_id: int) -> None:
        """Two people were one: the other takes the places over, with the higher of two roles."""
        for member in await cls.places_of(person_id):
            await cls.add(member.vendor, survivor_id, member.role)
            await Invitation.pass_on(member.vendor, person_id, survivor_id)
            await cls.delete().where(cls.vendor == member.vendor, cls.id == member.id)


PEOPLE = (
    "SELECT members.id, members.public_id, members.role, members.created_at, members.person_id, "
    "customers.email, customers.first_name, customers.last_name FROM members "
    "JOIN customers ON customers.id = members.person_id WHERE members.vendor_id = {}"
)


def may(role: str | None, least: str) -> bool:
    """Whether a role reaches another: staff < admin < owner."""
    return role is not None and ROLES.index(role) >= ROLES.index(least)


async def house() -> Vendor:
    """The row of the console's own center, which the migration has made."""
    found: Any = await Vendor.objects().where(Vendor.slug == HOUSE).first()
    if found is None:
        raise LookupError("the database has no console: run `litestar migrate`")
    return found
