"""The end of a customer's account: asked for, put off for two weeks, taken back, and carried out (ADR 15)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import database
from tables.address import Address
from tables.audit_entry import AuditEntry
from tables.base import public_id
from tables.billing_command import BillingCommand
from tables.cancellation_notice import CancellationNotice
from tables.card_setup import CardSetup
from tables.contact import Contact
from tables.customer import Customer
from tables.customer_word import CustomerWord
from tables.device import Device
from tables.enrollment import Completion, Enrollment
from tables.enrollment_import import EnrollmentImportRow
from tables.export import Export
from tables.kept_form import KeptForm
from tables.mail import MAIL, Mail
from tables.mailed_link import MailedLink
from tables.member import Member
from tables.order import Order
from tables.payment_method import PaymentMethod
from tables.phone_number import PhoneNumber
from tables.session import Session
from tables.sign_in_request import SignInRequest
from tables.viewing import Viewing

GRACE = timedelta(days=14)
LINK_LIFETIME = timedelta(hours=24)
PURPOSE = "deletion"
LEASE = timedelta(minutes=10)
PERSONAL = (Session, Device, MailedLink, KeptForm, SignInRequest, Mail, Export, Address, PhoneNumber,
            CardSetup, PaymentMethod, Completion, Enrollment, CustomerWord, Viewing)  # fmt: skip
"""What goes with its rows; a test asks of every other table that names a customer why it stays."""


class Erased(NamedTuple):
    """The customer as they were, for a last message, and the exports whose files have to go."""

    customer: Customer
    exports: list[str]


async def schedule(vendor_id: int, customer_id: int) -> datetime | None:
    """When the account is going to be closed; None when that is settled already.

    Raises LastOwner where a vendor would be left without an owner: only people of the console own any.
    """
    await Member.require_others(customer_id)
    closes_at = database.now() + GRACE
    rows = await database.raw(
        "UPDATE customers SET closes_at = {} WHERE vendor_id = {} AND id = {} AND closes_at IS NULL "
        "AND closed_at IS NULL RETURNING id", closes_at, vendor_id, customer_id,
    )  # fmt: skip
    return closes_at if rows else None


async def withdraw(vendor_id: int, customer_id: int) -> datetime | None:
    """Keep the account; returns the date that no longer holds, None when there was none. Open links end as well."""
    await Customer.hold(vendor_id, customer_id)
    row = await (
        Customer.select(Customer.closes_at)
        .where(Customer.vendor == vendor_id, Customer.id == customer_id, Customer.closed_at.is_null()).first()
    )  # fmt: skip
    if row is None or row["closes_at"] is None:
        return None
    await Customer.update({Customer.closes_at: None}).where(Customer.vendor == vendor_id, Customer.id == customer_id)
    await MailedLink.withdraw(vendor_id, customer_id, PURPOSE)
    return row["closes_at"]


async def lease(limit: int) -> list[Any]:
    """Accounts whose time has come; a worker that dies gives them back when the lease ends, ten minutes later."""
    now = database.now()
    return await database.raw(
        f"{database.taking('customers', 'closes_at <= {} AND closed_at IS NULL', limit)} UPDATE customers "
        "SET closes_at = {} FROM taken WHERE customers.id = taken.taken_id RETURNING id, vendor_id",
        now, now + LEASE,
    )  # fmt: skip


async def erase(vendor_id: int, customer_id: int) -> Erased | None:
    """Take every personal fact of a leased customer out, inside a transaction; None if they took it back meanwhile.

    Raises LastOwner where a vendor would be left without an owner. The caller holds the vendor's row, so that no
    webhook writes at the same time. Orders, invoices, payments and
    credit memos stay, with their billing address, and stay tied to the empty customer; so do the papers as they were
    changed, with the company they name.
    """
    # Or they could take it back, and be told so, between this look and what follows.
    await Customer.hold(vendor_id, customer_id)
    customer = await Customer.objects().where(Customer.vendor == vendor_id, Customer.id == customer_id).first()
    if customer is None or customer.closed_at or not customer.closes_at or customer.closes_at > database.now() + LEASE:
        return None
    for place in await Member.leave_all(customer_id):
        await AuditEntry.record(place, None, "staff.removed", customer.email)
    merged = await Customer.select(Customer.id, Customer.email).where(
        Customer.vendor == vendor_id, Customer.merged_into == customer_id
    )
    ids = [customer_id, *(row["id"] for row in merged)]
    addresses = [customer.email, *(row["email"] for row in merged), *await former_addresses(vendor_id, ids)]
    exports = await Export.select(Export.public_id).where(Export.vendor == vendor_id, Export.customer.is_in(ids))
    await BillingCommand.forget(vendor_id, ids)
    for table in PERSONAL:
        await table.delete().where(table.vendor == vendor_id, table.customer.is_in(ids))
    await forget_addresses(vendor_id, addresses)
    await blank_orders(vendor_id, ids)
    await blank_contacts(vendor_id, ids)
    for each in ids:
        await blank(vendor_id, each)
    return Erased(customer, [row["public_id"] for row in exports])


async def former_addresses(vendor_id: int, ids: list[int]) -> set[str]:
    """Where these customers were written to before, without what is somebody else's address by now."""
    mails = await Mail.select(Mail.recipient).where(
        Mail.vendor == vendor_id, Mail.customer.is_in(ids), Mail.channel == MAIL
    )
    addresses = {row["recipient"] for row in mails}
    taken = await Customer.select(Customer.email).where(
        Customer.vendor == vendor_id, Customer.email.is_in([*addresses, ""])
    )
    return addresses - {row["email"] for row in taken}


async def forget_addresses(vendor_id: int, addresses: list[str]) -> None:
    """What was written to these addresses before there was an account for them."""
    for table, column in ((Mail, Mail.recipient), (MailedLink, MailedLink.email), (SignInRequest, SignInRequest.email)):
        await table.delete().where(table.vendor == vendor_id, table.customer.is_null(), column.is_in(addresses))
    await EnrollmentImportRow.forget(vendor_id, addresses)
    await CancellationNotice.forget(vendor_id, addresses)


async def blank_orders(vendor_id: int, ids: list[int]) -> None:
    """Orders keep what tax law asks for; where a parcel went is not among it."""
    await Order.update({Order.shipping_address: "{}", Order.payment_method: None, Order.cancel_reason: None}).where(
        Order.vendor == vendor_id, Order.customer.is_in(ids)
    )
    marks = ", ".join(["{}"] * len(ids))
    await database.raw(
        "UPDATE parcels SET tracking_code = NULL, tracking_url = NULL WHERE vendor_id = {} AND id IN ("
        "SELECT pl.parcel_id FROM orders o JOIN invoices i ON i.vendor_id = o.vendor_id AND i.order_id = o.id "
        "JOIN invoice_lines il ON il.vendor_id = i.vendor_id AND il.invoice_id = i.id "
        "JOIN parcel_lines pl ON pl.vendor_id = il.vendor_id "
        "AND pl.invoice_line_clickfunnels_id = il.clickfunnels_id "
        f"WHERE o.vendor_id = {{}} AND o.customer_id IN ({marks}))",
        vendor_id, vendor_id, *ids,
    )  # fmt: skip


async def blank_contacts(vendor_id: int, ids: list[int]) -> None:
    """A tombstone: the contact's id and when it was emptied, so that old news does not fill it again."""
    await Contact.update(
        {Contact.customer: None, Contact.email: None, Contact.first_name: "", Contact.last_name: "",
         Contact.phone: None, Contact.time_zone: None, Contact.erased_at: database.now()}
    ).where(Contact.vendor == vendor_id, Contact.customer.is_in(ids))  # fmt: skip


async def blank(vendor_id: int, customer_id: int) -> None:
    """An address that no form accepts (its capitals aside, RFC 6761 lets `invalid` reach nobody), and nothing else."""
    now = database.now()
    await Customer.update(
        {
            Customer.email: f"closed-{public_id()}@invalid.invalid", Customer.email_version: "",
            Customer.email_proposed: None, Customer.first_name: "", Customer.last_name: "", Customer.phone: None,
            Customer.time_zone: None, Customer.language: None, Customer.default_address: None,
            Customer.default_phone: None, Customer.phone_proven_at: None, Customer.password_hash: None,
            Customer.password_set_at: None, Customer.password_failures: 0, Customer.show_gravatar: False,
            Customer.avatar: None, Customer.avatar_due_at: None, Customer.renamed_at: None,
            Customer.first_signed_in_at: None, Customer.closes_at: None, Customer.closed_at: now,
            Customer.disabled_at: now, Customer.sought_name: "", Customer.company_name: None, Customer.vat_number: None,
            Customer.billed_since: None,
        }
    ).where(Customer.vendor == vendor_id, Customer.id == customer_id)  # fmt: skip
