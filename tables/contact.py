"""A ClickFunnels contact: who the vendor's system says somebody is."""

from __future__ import annotations

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

from tables.base import Remote, text
from tables.customer import Customer


class Contact(Remote, Table, tablename="contacts"):
    customer = ForeignKey(Customer, null=True, default=None, db_column_name="customer_id")
    email = text(254)
    first_name = Varchar(length=120, default="")
    last_name = Varchar(length=120, default="")
    phone = text(40)
    time_zone = text(64)

    async def meet(self, version: str) -> Customer | None:
        """The customer this contact is, made now if need be; None for a contact without an address.

        A contact that changes its address keeps its customer: the new address is only proposed, because a sign-in is
        never moved silently. News that turns out to be older than the address in use (webhooks come in any order)
        corrects it as long as nobody has signed in with it.
        """
        customer = await self.linked()
        if customer is None:
            if self.email is None:
                return None
            customer = await Customer.open(self.vendor, self.email, version)
            await Contact.update({Contact.customer: customer.id}).where(
                Contact.vendor == self.vendor, Contact.id == self.id
            )
            self.customer = customer.id
        return customer

    async def linked(self) -> Customer | None:
        if self.customer is None:
            return None
        return await Customer.objects().where(Customer.vendor == self.vendor, Customer.id == self.customer).first()

    async def inform(self, customer: Customer) -> None:
        """Carry names, phone and time zone over, but never over what the customer typed themselves."""
        values = {Customer.phone: self.phone, Customer.time_zone: self.time_zone}
        if customer.renamed_at is None:
            values |= {Customer.first_name: self.first_name, Customer.last_name: self.last_name}
        await Customer.update(values).where(Customer.vendor == self.vendor, Customer.id == customer.id)
        await customer.propose_email(self.email or customer.email)

    async def correct_address(self, customer: Customer, email: str | None, version: str) -> bool:
        """Take an older contact event's address as the sign-in while it is unproven; returns whether it changed."""
        if email is None or email == customer.email or customer.first_signed_in_at or version >= customer.email_version:
            return False
        if await Customer.by_email(self.vendor, email):
            return False
        await Customer.update({Customer.email: email, Customer.email_version: version}).where(
            Customer.vendor == self.vendor, Customer.id == customer.id
        )
        customer.email, customer.email_version = email, version
        await customer.propose_email(self.email or email)
        return True
