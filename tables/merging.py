"""Two accounts of one person at one vendor become one."""

from __future__ import annotations

from typing import Any

from piccolo.table import Table

import database
from tables import sought
from tables.address import Address
from tables.address_parts import fingerprints
from tables.billing_command import BillingCommand
from tables.card_setup import CardSetup
from tables.contact import Contact
from tables.credit_memo import CreditMemo
from tables.customer import Customer
from tables.customer_word import CustomerWord
from tables.device import Device
from tables.enrollment import Completion, Enrollment
from tables.export import Export
from tables.kept_form import KeptForm
from tables.mail import Mail
from tables.mailed_link import MailedLink
from tables.member import Member
from tables.order import Order, Subscription
from tables.paper_revision import PaperRevision
from tables.payment_method import PaymentMethod
from tables.phone_number import PhoneNumber
from tables.session import Session
from tables.sign_in_request import SignInRequest
from tables.stripe_customer import StripeCustomer
from tables.viewing import Viewing

MOVED: list[type[Table]] = [Order, Subscription, CreditMemo, Contact, Enrollment, Mail, Export, Viewing,
                            StripeCustomer, CardSetup, BillingCommand, PaperRevision]  # fmt: skip
"""Every row of these goes along; later news of a contact reaches the account that is left."""
ONCE: list[tuple[type[Table], str]] = [
    (Address, "fingerprint"), (PhoneNumber, "digits"), (PaymentMethod, "reference"),
    (Completion, "lesson_clickfunnels_id"),
]  # fmt: skip
"""These go along unless the other account has the same, by this column."""
FORGOTTEN: list[type[Table]] = [MailedLink, Device, KeptForm, CustomerWord]
"""Ways into the account that is gone, besides its sessions and sign-in requests, and the words it was found by."""
NOBODY = "merged-{}@invalid.invalid"
"""No mail can be sent there (RFC 2606), and its capitals match no address that is typed."""


async def absorb(survivor: Customer, absorbed: Customer) -> None:
    """Move all that the absorbed customer has to the survivor and close what is left; inside a transaction.

    The absorbed row stays, so that whatever names it can be explained; its address is free afterwards. Both rows are
    held, so that nothing another tab adds meanwhile is left behind.
    """
    if survivor.vendor != absorbed.vendor or survivor.id == absorbed.id:
        raise ValueError("only two accounts of one vendor can become one")
    for customer in sorted((survivor, absorbed), key=lambda customer: customer.id):
        await Customer.hold(customer.vendor, customer.id)
    await Viewing.finish_all(absorbed.vendor, absorbed.id)
    await BillingCommand.unlink(absorbed.vendor, absorbed.id, survivor.id)
    for table in MOVED:
        await move(table, survivor, absorbed)
    for one, other in ((survivor, absorbed), (absorbed, survivor)):
        await uncover(one, other)
    for table, same in ONCE:
        await drop_doubles(table, same, survivor, absorbed)
        await move(table, survivor, absorbed)
    await Member.move(absorbed.id, survivor.id)
    await end(absorbed)
    await complete(survivor, absorbed)
    await close(survivor, absorbed)
    for customer in (survivor, absorbed):
        await sought.note(customer.vendor, customer.id)


async def move(table: Any, survivor: Customer, absorbed: Customer) -> None:
    await table.update({table.customer: survivor.id}).where(
        table.vendor == absorbed.vendor, table.customer == absorbed.id
    )


async def uncover(one: Customer, other: Customer) -> None:
    """What one has deleted and the other still has stays: the other's word would be lost, and cannot be asked again."""
    for address in await Address.objects().where(
        Address.vendor == other.vendor, Address.customer == other.id, Address.deleted_at.is_null()
    ):
        await Address.forget(one.vendor, one.id, [address.fingerprint, *fingerprints(address.parts)])
    for phone in await PhoneNumber.objects().where(
        PhoneNumber.vendor == other.vendor, PhoneNumber.customer == other.id, PhoneNumber.deleted_at.is_null()
    ):
        await PhoneNumber.forget(one.vendor, one.id, phone.number)


async def drop_doubles(table: Any, same: str, survivor: Customer, absorbed: Customer) -> None:
    name = table._meta.tablename
    await database.raw(
        f"DELETE FROM {name} WHERE vendor_id = {{}} AND customer_id = {{}} AND {same} IN "
        f"(SELECT {same} FROM {name} WHERE vendor_id = {{}} AND customer_id = {{}})",
        absorbed.vendor, absorbed.id, survivor.vendor, survivor.id,
    )  # fmt: skip


async def end(absorbed: Customer) -> None:
    """Nobody comes in as the absorbed customer any more, by whatever was mailed or left open."""
    await Session.revoke_all(absorbed.vendor, absorbed.id)
    await SignInRequest.withdraw(absorbed.vendor, absorbed.id)
    for table in FORGOTTEN:
        await forget(table, absorbed)


async def forget(table: Any, absorbed: Customer) -> None:
    await table.delete().where(table.vendor == absorbed.vendor, table.customer == absorbed.id)


async def complete(survivor: Customer, absorbed: Customer) -> None:
    """What only the absorbed account knew; what both knew stays as the survivor has it."""
    columns: list[Any] = [Customer.time_zone, Customer.first_signed_in_at, Customer.welcomed_at]
    if survivor.billed_since is None:
        columns += [Customer.company_name, Customer.vat_number, Customer.billed_since]
    if survivor.phone is None and survivor.default_phone is None:
        columns += [Customer.phone, Customer.phone_proven_at]
    values: dict[Any, Any] = {
        column: getattr(absorbed, column._meta.name)
        for column in columns if getattr(survivor, column._meta.name) is None
    }  # fmt: skip
    for table, column in ((Address, Customer.default_address), (PhoneNumber, Customer.default_phone)):
        if getattr(survivor, column._meta.name) is None:
            values[column] = await still_there(table, survivor, getattr(absorbed, column._meta.name))
    if not survivor.first_name and not survivor.last_name:
        values |= {Customer.first_name: absorbed.first_name, Customer.last_name: absorbed.last_name}
    values[Customer.created_at] = min(filter(None, (survivor.created_at, absorbed.created_at)), default=None)
    await Customer.update(values).where(Customer.vendor == survivor.vendor, Customer.id == survivor.id)


async def still_there(table: Any, survivor: Customer, row_id: int | None) -> int | None:
    """The id of a row that went along, or None for one that the survivor had already."""
    moved = table.exists().where(table.vendor == survivor.vendor, table.customer == survivor.id, table.id == row_id)
    return row_id if row_id is not None and await moved else None


async def close(survivor: Customer, absorbed: Customer) -> None:
    """Leave a row without a person in it; what had been merged into it belongs to the survivor as well."""
    gone: dict[Any, Any] = dict.fromkeys((
        Customer.email_proposed, Customer.phone, Customer.phone_proven_at, Customer.default_address,
        Customer.default_phone, Customer.password_hash, Customer.password_set_at, Customer.avatar,
        Customer.avatar_due_at, Customer.closes_at, Customer.language, Customer.time_zone,
    ))  # fmt: skip
    gone |= {
        Customer.email: NOBODY.format(absorbed.public_id), Customer.email_version: "", Customer.first_name: "",
        Customer.last_name: "", Customer.disabled_at: database.now(), Customer.merged_into: survivor.id,
    }  # fmt: skip
    await Customer.update(gone).where(Customer.vendor == absorbed.vendor, Customer.id == absorbed.id)
    await Customer.update({Customer.merged_into: survivor.id}).where(
        Customer.vendor == absorbed.vendor, Customer.merged_into == absorbed.id
    )
