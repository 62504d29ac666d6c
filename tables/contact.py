"""A ClickFunnels contact: who the vendor's system says somebody is."""

from __future__ import annotations

from typing import Any

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

from database import Row
from tables import sought
from tables.base import Remote, text
from tables.customer import Customer
from tables.timestamps import moment


class Contact(Remote, Table, tablename="contacts"):
    customer = ForeignKey(Customer, null=True, default=None, db_column_name="customer_id")
    email = text(254)
    first_name = Varchar(length=120, default="")
    last_name = Varchar(length=120, default="")
    phone = text(40)
    time_zone = text(64)
    erased_at = moment()

    @classmethod
    async def of(cls, vendor_id: int, customer_id: int) -> list[Row]:
        """The ClickFunnels ids of a customer's contacts."""
        return await (
            cls.select(cls.clickfunnels_id).where(cls.vendor == vendor_id, cls.customer == customer_id)
            .order_by(cls.id).limit(20)
        )  # fmt: skip

    async def meet(self, version: str, email: str | None = None) -> Customer | None:
        """The customer this contact is, made now if need be; None for a contact without an address.

        `email` is the address in the news at hand; older news may have one that the contact has no more. A contact
        that changes its address keeps its customer: the new address is only proposed, because a sign-in is never
        moved silently. News that turns out to be older than the address in use (webhooks come in any order)
        corrects it as long as nobody has signed in with it.
        """
        customer = await self.linked()
        if customer is None:
            address = email or self.email
            if address is None:
                return None
            customer = await Customer.open(self.vendor, address, version)
            await Contact.update({Contact.customer: customer.id}).where(
                Contact.vendor == self.vendor, Contact.id == self.id
            )
            self.customer = customer.id
        return customer

    async def begin_anew(self) -> None:
        """Forget that the account was deleted: there is a purchase made since. Its news is the newest there is."""
        await Contact.update({Contact.erased_at: None, Contact.version: ""}).where(
            Contact.vendor == self.vendor, Contact.id == self.id
        )

    async def linked(self) -> Customer | None:
        if self.customer is None:
            return None
        return await Customer.objects().where(Customer.vendor == self.vendor, Customer.id == self.customer).first()

    async def inform(self, customer: Customer) -> None:
        """Carry names, phone and time zone over, but never over what the customer typed or proved themselves.

        Of several contacts with one address the newest news counts, so that it does not matter which came last.
        """
        contacts = await Contact.objects().where(Contact.vendor == self.vendor, Contact.customer == customer.id)
        newest = max(contacts, key=lambda contact: (contact.version, contact.clickfunnels_id), default=self)
        values: dict[Any, Any] = {Customer.time_zone: newest.time_zone}
        if customer.renamed_at is None:
            values |= {Customer.first_name: newest.first_name, Customer.last_name: newest.last_name}
        await Customer.update(values).where(Customer.vendor == self.vendor, Customer.id == customer.id)
        await Customer.update({Customer.phone: newest.phone}).where(
            Customer.vendor == self.vendor, Customer.id == customer.id, Customer.phone_proven_at.is_null()
        )
        await sought.note(self.vendor, customer.id)
        await customer.propose_email(newest.email or customer.email)

    async def correct_address(self, customer: Customer, email: str | None, version: str) -> bool:
        """Take an older contact event's address as the sign-in while it is unproven; returns whether it changed.

        An older event with the same address makes that address older, or news from between the two would win.
        """
        if email is None or version >= customer.email_version:
            return False
        changed = email != customer.email
        # A password was set from that very mailbox; it would open the account to whoever reads it.
        proven = customer.first_signed_in_at or customer.password_hash
        if changed and (proven or await Customer.by_email(self.vendor, email)):
            return False
        await Customer.update({Customer.email: email, Customer.email_version: version}).where(
            Customer.vendor == self.vendor, Customer.id == customer.id
        )
        customer.email, customer.email_version = email, version
        await sought.note(self.vendor, customer.id)
        return changed
