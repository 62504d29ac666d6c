"""A vendor's customer: the one a sign-in is for."""

from __future__ import annotations

from typing import Any, Self

from piccolo.columns import BigInt, Boolean, Integer, Varchar
from piccolo.table import Table

import database
from tables import sought
from tables.base import Owned, public_id, text
from tables.email_address import ADDRESS_LENGTH
from tables.timestamps import moment
from tables.vendor import HOUSE

PASSWORD_TRIES = 100


class Customer(Owned, Table, tablename="customers"):
    public_id = Varchar(length=22, default=public_id)
    email = Varchar(length=ADDRESS_LENGTH)
    email_version = Varchar(length=160, default="")
    email_proposed = text(ADDRESS_LENGTH)
    first_name = Varchar(length=120, default="")
    last_name = Varchar(length=120, default="")
    phone = text(40)
    time_zone = text(64)
    language = text(20)
    sought_name = Varchar(length=ADDRESS_LENGTH, default="")
    default_address = BigInt(null=True, default=None)
    default_phone = BigInt(null=True, default=None)
    phone_proven_at = moment()
    password_hash = text()
    password_set_at = moment()
    password_failures = Integer(default=0)
    show_gravatar = Boolean(default=True)
    avatar = text(80)
    avatar_due_at = moment()
    renamed_at = moment()
    first_signed_in_at = moment()
    welcomed_at = moment()
    disabled_at = moment()
    closes_at = moment()
    closed_at = moment()
    merged_into = BigInt(null=True, default=None)
    company_name = text(200)
    vat_number = text(20)
    billed_since = moment()
    """From when on invoices name that company; both are texts from then on, though one may be empty."""
    created_at = moment()

    @classmethod
    async def by_email(cls, vendor_id: int, email: str) -> Self | None:
        """The vendor's customer with this canonical address."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.email == email).first()

    @classmethod
    async def centers_of(cls, email: str, first: str | None, most: int) -> list[Any]:
        """Where an address may sign in as a customer: slug and customer, `first` before the others, those by name.

        It looks across all vendors, so only whoever has proven the address may be told. One look into the index of
        addresses for each vendor, however many customers there are.
        """
        return await database.raw(CENTERS, email, HOUSE, first or "", most)

    @classmethod
    async def by_id(cls, vendor_id: int, customer_id: int) -> Self | None:
        return await cls.objects().where(cls.vendor == vendor_id, cls.id == customer_id).first()

    @classmethod
    async def by_public_id(cls, vendor_id: int, public_id: str) -> Self | None:
        """The vendor's customer by the id that stands in the console's addresses."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.public_id == public_id).first()

    @classmethod
    async def open(cls, vendor_id: int, email: str, version: str = "", **names: Any) -> Self:
        """The vendor's customer with this address, made now if there is none."""
        customer = await cls.by_email(vendor_id, email)
        if customer is None:
            customer = cls(
                vendor=vendor_id, email=email, email_version=version, created_at=database.now(), **names
            )  # fmt: skip
            await customer.save()
            await sought.note(vendor_id, customer.id)
        return customer

    @classmethod
    async def is_closed(cls, vendor_id: int, customer_id: int) -> bool:
        """Whether the account was deleted; its row stays for the orders."""
        return await cls.exists().where(cls.vendor == vendor_id, cls.id == customer_id, cls.closed_at.is_not_null())

    async def rename(self, first_name: str, last_name: str) -> None:
        """The customer's own word for their name; later news from the vendor's system no longer changes it."""
        await Customer.update(
            {Customer.first_name: first_name, Customer.last_name: last_name, Customer.renamed_at: database.now()}
        ).where(Customer.vendor == self.vendor, Customer.id == self.id)
        await sought.note(self.vendor, self.id)

    @classmethod
    async def hold(cls, vendor_id: int, customer_id: int) -> Any:
        """Hold the customer's row to the end of the transaction, and return it: one writer of what is theirs at a time."""
        rows = await database.raw(
            f"SELECT * FROM customers WHERE vendor_id = {{}} AND id = {{}}{database.lock_clause()}",
            vendor_id,
            customer_id,
        )
        return rows[0]

    @classmethod
    async def prefer(cls, vendor_id: int, customer_id: int, **defaults: int | None) -> None:
        """Set `default_address` or `default_phone`; the caller holds the row."""
        values: dict[Any, Any] = {cls._meta.get_column_by_name(name): value for name, value in defaults.items()}
        await cls.update(values).where(cls.vendor == vendor_id, cls.id == customer_id)

    async def move_to(self, email: str) -> None:
        """Sign in with another address from now on: the customer's own proven choice, which no news takes back.

        No event is older than an empty version (`Contact.correct_address`), and the picture belongs to the address.
        """
        await Customer.update(
            {Customer.email: email, Customer.email_version: "", Customer.email_proposed: None, Customer.avatar: None,
             Customer.avatar_due_at: database.now() if self.show_gravatar else None}
        ).where(Customer.vendor == self.vendor, Customer.id == self.id)  # fmt: skip
        self.email = email
        await sought.note(self.vendor, self.id)

    @classmethod
    async def bill_as(cls, vendor_id: int, customer_id: int, company_name: str, vat_number: str) -> None:
        """Name this company on the invoices from now on."""
        await cls.update(
            {cls.company_name: company_name, cls.vat_number: vat_number, cls.billed_since: database.now()}
        ).where(cls.vendor == vendor_id, cls.id == customer_id)

    async def forget_password(self) -> None:
        await Customer.update(
            {Customer.password_hash: None, Customer.password_set_at: None, Customer.password_failures: 0}
        ).where(Customer.vendor == self.vendor, Customer.id == self.id)

    async def propose_email(self, email: str | None) -> None:
        """Note the address the vendor's system has now; the sign-in stays where it was until it is proven."""
        proposed = email if email != self.email else None
        await Customer.update({Customer.email_proposed: proposed}).where(
            Customer.vendor == self.vendor, Customer.id == self.id
        )
        self.email_proposed = proposed

    async def switch_off(self) -> bool:
        """Nobody signs in as them any more; to be called in the transaction that ends their sessions.

        False when they were switched off already.
        """
        rows = await database.raw(
            "UPDATE customers SET disabled_at = {} WHERE vendor_id = {} AND id = {} AND disabled_at IS NULL RETURNING id",
            database.now(), self.vendor, self.id,
        )  # fmt: skip
        return bool(rows)

    async def switch_on(self) -> bool:
        """Let them in again; False when they were not switched off, and for an account that is gone."""
        rows = await database.raw(
            "UPDATE customers SET disabled_at = NULL WHERE vendor_id = {} AND id = {} AND disabled_at IS NOT NULL "
            "AND closed_at IS NULL AND merged_into IS NULL RETURNING id", self.vendor, self.id,
        )  # fmt: skip
        return bool(rows)

    @property
    def may_enter(self) -> bool:
        return not (self.disabled_at or self.closed_at or self.merged_into)

    @property
    def usable_hash(self) -> str | None:
        """The hash of the password, where there is one that may be used: a hundred misses in a row switch it off."""
        return self.password_hash if self.may_enter and self.password_failures < PASSWORD_TRIES else None

    @classmethod
    async def miss_password(cls, vendor_id: int, customer_id: int) -> None:
        """Count a wrong password (NIST SP 800-63B: at most 100 in a row)."""
        await cls.update({cls.password_failures: cls.password_failures + 1}).where(
            cls.vendor == vendor_id, cls.id == customer_id
        )

    @classmethod
    async def hit_password(cls, vendor_id: int, customer_id: int, verified: str, renewed: str | None) -> bool:
        """The right password: misses are forgiven, and its hash takes today's parameters where `renewed` has them.

        False when the password is no longer the one that was verified: it was changed while we were hashing.
        """
        rows = await database.raw(
            "UPDATE customers SET password_failures = 0, password_hash = {} WHERE vendor_id = {} AND id = {} "
            "AND password_hash = {} AND password_failures < {} AND disabled_at IS NULL RETURNING id",
            renewed or verified, vendor_id, customer_id, verified, PASSWORD_TRIES,
        )  # fmt: skip
        return bool(rows)

    @classmethod
    async def set_password(cls, vendor_id: int, customer_id: int, hashed: str) -> None:
        await cls.update(
            {cls.password_hash: hashed, cls.password_set_at: database.now(), cls.password_failures: 0}
        ).where(cls.vendor == vendor_id, cls.id == customer_id)

    @classmethod
    async def note_sign_in(cls, vendor_id: int, customer_id: int) -> bool:
        """Whether this is the first sign-in: true once for each customer."""
        rows = await database.raw(
            "UPDATE customers SET first_signed_in_at = {} WHERE vendor_id = {} AND id = {} "
            "AND first_signed_in_at IS NULL RETURNING id", database.now(), vendor_id, customer_id,
        )  # fmt: skip
        return bool(rows)

    async def set_language(self, language: str | None) -> None:
        """The language the center speaks to them, None as the center has it."""
        await Customer.update({Customer.language: language}).where(
            Customer.vendor == self.vendor, Customer.id == self.id
        )

    async def set_gravatar(self, shown: bool) -> None:
        """Switch their picture on or off; off it is forgotten at once, on it is looked for."""
        if shown != self.show_gravatar:
            await Customer.update(
                {Customer.show_gravatar: shown, Customer.avatar: None,
                 Customer.avatar_due_at: database.now() if shown else None}
            ).where(Customer.vendor == self.vendor, Customer.id == self.id)  # fmt: skip

    @classmethod
    async def is_stranger(cls, vendor_id: int, customer_id: int) -> bool:
        """Whether they have never been here."""
        return await cls.exists().where(
            cls.vendor == vendor_id, cls.id == customer_id, cls.first_signed_in_at.is_null()
        )  # fmt: skip

    @classmethod
    async def claim_welcome(cls, vendor_id: int, customer_id: int) -> bool:
        """Whether this is the first purchase: true once for each customer, and not while the account is switched off."""
        rows = await database.raw(
            "UPDATE customers SET welcomed_at = {} WHERE vendor_id = {} AND id = {} AND welcomed_at IS NULL "
            "AND disabled_at IS NULL RETURNING id", database.now(), vendor_id, customer_id,
        )  # fmt: skip
        return bool(rows)


CENTERS = (
    "SELECT vendors.slug, customers.id AS customer FROM vendors CROSS JOIN customers "
    "WHERE customers.vendor_id = vendors.id AND customers.email = {} AND vendors.slug <> {} "
    "AND customers.disabled_at IS NULL AND customers.closed_at IS NULL AND customers.merged_into IS NULL "
    "ORDER BY CASE WHEN vendors.slug = {} THEN 0 ELSE 1 END, vendors.name, vendors.id LIMIT {}"
)
"""CROSS, because SQLite would otherwise read every customer first."""
