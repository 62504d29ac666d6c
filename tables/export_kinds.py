"""What we keep about a customer, kind by kind, under plain names.

No ids of the database, no hashes and no secrets are among them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tables.address import Address
from tables.address_parts import ALL
from tables.billing_command import BillingCommand
from tables.card_setup import CardSetup
from tables.contact import Contact
from tables.credit_memo import CreditMemo
from tables.customer import Customer
from tables.device import Device
from tables.enrollment import REASON, SUSPENDED
from tables.export_rows import Kind, by_hand, of_customer, of_orders, parcel_rows
from tables.invoice import Invoice, InvoiceLine
from tables.mail import Mail
from tables.mailed_link import MailedLink
from tables.order import Order, OrderLine, Subscription
from tables.paper_revision import PaperRevision
from tables.payment import Payment
from tables.payment_method import PaymentMethod
from tables.phone_number import PhoneNumber
from tables.session import Session
from tables.sign_in_request import SignInRequest


class ProfileOf(NamedTuple):
    """The account itself has no customer to belong to."""

    vendor: Any = Customer.vendor
    customer: Any = Customer.id
    id: Any = Customer.id

    def select(self, *columns: Any) -> Any:
        return Customer.select(*columns)


KINDS = [
    of_customer(
        "account", ProfileOf(), email=Customer.email, first_name=Customer.first_name, last_name=Customer.last_name,
        suggested_email=Customer.email_proposed, phone=Customer.phone, phone_proven_at=Customer.phone_proven_at,
        language=Customer.language, time_zone=Customer.time_zone, company_name=Customer.company_name,
        vat_number=Customer.vat_number,
        first_signed_in_at=Customer.first_signed_in_at, password_set_at=Customer.password_set_at,
        show_gravatar=Customer.show_gravatar, closes_at=Customer.closes_at, created_at=Customer.created_at,
    ),
    of_customer(
        "contacts", Contact, email=Contact.email, first_name=Contact.first_name, last_name=Contact.last_name,
        phone=Contact.phone, time_zone=Contact.time_zone,
    ),
    of_customer(
        "addresses", Address, gone=Address.deleted_at,
        **{part: Address._meta.get_column_by_name(part) for part in ALL}, created_at=Address.created_at,
    ),
    of_customer(
        "phone_numbers", PhoneNumber, gone=PhoneNumber.deleted_at, number=PhoneNumber.number, label=PhoneNumber.label,
        origin=PhoneNumber.origin, created_at=PhoneNumber.created_at,
    ),
    of_customer(
        "payment_methods", PaymentMethod, processor=PaymentMethod.processor, reference=PaymentMethod.reference,
        method=PaymentMethod.kind, brand=PaymentMethod.brand, last4=PaymentMethod.last4, exp_month=PaymentMethod.exp_month,
        exp_year=PaymentMethod.exp_year, description=PaymentMethod.description, is_default=PaymentMethod.is_default,
        removed_at=PaymentMethod.removed_at,
    ),
    of_customer(
        "requests", BillingCommand, wish=BillingCommand.kind, status=BillingCommand.status, details=BillingCommand.details,
        answer=BillingCommand.error, requested_at=BillingCommand.requested_at, settled_at=BillingCommand.settled_at,
    ),
    of_customer(
        "card_pages", CardSetup, status=CardSetup.status, reference=CardSetup.reference, created_at=CardSetup.created_at,
        settled_at=CardSetup.settled_at,
    ),
    by_hand(
        "cancellations",
        "SELECT n.kind, n.name, n.email, n.contract, n.reason, n.ends_on, n.received_at, n.settled_at "
        "FROM cancellation_notices n JOIN customers c ON c.vendor_id = n.vendor_id AND c.email = n.email "
        "WHERE c.vendor_id = {} AND c.id = {} ORDER BY n.id",
        "kind", "name", "email", "contract", "reason", "ends_on", "received_at", "settled_at",
    ),
    of_orders(
        "orders", Order, Order.id, number=Order.number, order_type=Order.order_type, placed_at=Order.placed_at,
        items=Order.summary, currency=Order.currency, total=Order.total, tax=Order.tax,
        billing_status=Order.billing_status, service_status=Order.service_status, canceled_at=Order.canceled_at,
        cancel_reason=Order.cancel_reason, churned_at=Order.churned_at, payment_processor=Order.payment_processor,
        payment_method=Order.payment_method, shipping_address=Order.shipping_address,
        billing_address=Order.billing_address,
    ),
    of_orders(
        "order_items", OrderLine, OrderLine.order, order_number=OrderLine.order.number, product=OrderLine.product_name,
        variant=OrderLine.variant_name, sku=OrderLine.sku, quantity=OrderLine.quantity, currency=OrderLine.currency,
        amount=OrderLine.amount, interval=OrderLine.interval, interval_count=OrderLine.interval_count,
    ),
    of_orders(
        "subscriptions", Subscription, Subscription.order, order_number=Subscription.order.number,
        items=Subscription.order.summary, service_status=Subscription.order.service_status,
        activated_at=Subscription.order.activated_at, trial_end_at=Subscription.order.trial_end_at,
        next_charge_at=Subscription.order.next_charge_at, renewal_at=Subscription.order.renewal_at,
        paid_until=Subscription.order.paid_until, canceled_at=Subscription.order.canceled_at,
    ),
    of_orders(
        "invoices", Invoice, Invoice.order, order_number=Invoice.order.number, number=Invoice.number,
        invoice_type=Invoice.invoice_type, status=Invoice.status, currency=Invoice.currency, subtotal=Invoice.subtotal,
        discount=Invoice.discount, shipping=Invoice.shipping, tax=Invoice.tax, total=Invoice.total, due=Invoice.due,
        issued_at=Invoice.issued_at, due_at=Invoice.due_at, paid_at=Invoice.paid_at,
    ),
    of_orders(
        "invoice_items", InvoiceLine, InvoiceLine.invoice.order, invoice_number=InvoiceLine.invoice.number,
        description=InvoiceLine.description, quantity=InvoiceLine.quantity, currency=InvoiceLine.currency,
        amount=InvoiceLine.amount, discount=InvoiceLine.discount, tax=InvoiceLine.tax,
        period_start_at=InvoiceLine.period_start_at, period_end_at=InvoiceLine.period_end_at,
        fulfillment_status=InvoiceLine.fulfillment_status,
    ),
    of_orders(
        "payments", Payment, Payment.order, order_number=Payment.order.number, kind=Payment.kind,
        status=Payment.status, result=Payment.result, reason=Payment.reason, currency=Payment.currency,
        amount=Payment.amount, made_at=Payment.made_at,
    ),
    of_orders(
        "credit_memos", CreditMemo, CreditMemo.order, number=CreditMemo.number, order_number=CreditMemo.order.number,
        currency=CreditMemo.currency, amount=CreditMemo.amount, reason=CreditMemo.reason,
        issued_at=CreditMemo.issued_at,
    ),
    of_orders(
        "changed_invoices", PaperRevision, PaperRevision.order, order_number=PaperRevision.order.number,
        revision=PaperRevision.revision, made_at=PaperRevision.made_at, content=PaperRevision.content,
    ),
    Kind("parcels", ("order_number", "parcel", "status", "carrier", "tracking_code", "tracking_url", "sent_at", "item",
                     "quantity"), parcel_rows),
    by_hand(
        "courses",
        f"SELECT c.title AS course, o.number AS order_number, e.enrolled_at, {SUSPENDED} AS suspended, "
        f"{REASON} AS suspension_reason, "
        "e.course_completed_at FROM enrollments e "
        "LEFT JOIN courses c ON c.vendor_id = e.vendor_id AND c.clickfunnels_id = e.course_clickfunnels_id "
        "LEFT JOIN orders o ON o.vendor_id = e.vendor_id AND o.clickfunnels_id = e.order_clickfunnels_id "
        "AND o.customer_id = e.customer_id "
        "WHERE e.vendor_id = {} AND e.customer_id = {} AND e.deleted_at IS NULL ORDER BY e.id",
        "course", "order_number", "enrolled_at", "suspended", "suspension_reason", "course_completed_at",
    ),
    by_hand(
        "completed_lessons",
        "SELECT l.title AS lesson, c.title AS course, d.completed_at FROM completions d "
        "LEFT JOIN lessons l ON l.vendor_id = d.vendor_id AND l.clickfunnels_id = d.lesson_clickfunnels_id "
        "LEFT JOIN sections s ON s.vendor_id = l.vendor_id AND s.clickfunnels_id = l.section_clickfunnels_id "
        "LEFT JOIN courses c ON c.vendor_id = s.vendor_id AND c.clickfunnels_id = s.course_clickfunnels_id "
        "WHERE d.vendor_id = {} AND d.customer_id = {} ORDER BY d.id",
        "lesson", "course", "completed_at",
    ),
    of_customer(
        "messages", Mail, created_at=Mail.created_at, sent_at=Mail.sent_at, state=Mail.state, channel=Mail.channel,
        recipient=Mail.recipient, subject=Mail.subject, file=Mail.public_id,
    ),
    of_customer(
        "sign_ins", Session, browser=Session.device, network=Session.ip_prefix, method=Session.auth_method,
        created_at=Session.created_at, last_seen_at=Session.last_seen_at, ended_at=Session.revoked_at,
    ),
    of_customer(
        "known_browsers", Device, browser=Device.name, created_at=Device.created_at, last_used_at=Device.last_used_at,
        forgotten_at=Device.forgotten_at,
    ),
    of_customer(
        "mailed_links", MailedLink, purpose=MailedLink.purpose, email=MailedLink.email,
        created_at=MailedLink.created_at, expires_at=MailedLink.expires_at, used_at=MailedLink.used_at,
    ),
    of_customer(
        "sign_in_requests", SignInRequest, email=SignInRequest.email, created_at=SignInRequest.created_at,
        expires_at=SignInRequest.expires_at, used_at=SignInRequest.used_at,
    ),
]  # fmt: skip
