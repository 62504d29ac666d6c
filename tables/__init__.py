"""One Piccolo table a file; the verbs of the business live on them."""

from tables.address import Address
from tables.audit_entry import AuditEntry
from tables.billing_command import BillingCommand
from tables.cancellation_notice import CancellationNotice
from tables.card_setup import CardSetup
from tables.contact import Contact
from tables.course import Course, Lesson, LessonFile, Section
from tables.credit_memo import CreditMemo
from tables.customer import Customer
from tables.customer_word import CustomerWord
from tables.daily_figure import DailyFigure
from tables.device import Device
from tables.enrollment import Completion, Enrollment
from tables.enrollment_import import EnrollmentImport, EnrollmentImportRow
from tables.export import Export
from tables.import_refusal import ImportRefusal
from tables.import_run import ImportRun
from tables.invitation import Invitation
from tables.invoice import Invoice, InvoiceLine
from tables.kept_form import KeptForm
from tables.lease import Lease
from tables.mail import Mail
from tables.mailed_link import MailedLink
from tables.member import Member
from tables.order import Order, OrderLine, Subscription
from tables.paper_revision import PaperRevision
from tables.parcel import Parcel, ParcelLine
from tables.payment import Payment
from tables.payment_method import PaymentMethod
from tables.phone_number import PhoneNumber
from tables.picture import Picture
from tables.price import Price, PriceTarget
from tables.product import Product, Variant
from tables.product_course import ProductCourse
from tables.rate_limit import RateLimit
from tables.session import Session
from tables.sign_in_request import SignInRequest
from tables.spent_token import SpentToken
from tables.stripe_customer import StripeCustomer
from tables.taken_completion import TakenCompletion
from tables.theme_version import ThemeVersion
from tables.vendor import Vendor
from tables.vendor_partial import VendorPartial
from tables.vendor_word import VendorWord
from tables.viewing import Viewing
from tables.webhook_event import WebhookEvent

TABLES = [
    Vendor, Customer, Contact, Session, SignInRequest, RateLimit, Mail, WebhookEvent, Lease, Picture,
    Order, OrderLine, Subscription, Invoice, InvoiceLine, Payment, CreditMemo, Parcel, ParcelLine,
    PaperRevision,
    Address, PhoneNumber, PaymentMethod, Product, Variant, Price, PriceTarget,
    StripeCustomer, CardSetup, BillingCommand, CancellationNotice,
    Course, Section, Lesson, LessonFile, Enrollment, Completion,
    ProductCourse, EnrollmentImport, EnrollmentImportRow,
    Device, MailedLink, KeptForm, Export, SpentToken,
    ImportRun, ImportRefusal, TakenCompletion,
    ThemeVersion, VendorWord, VendorPartial,
    Member, Invitation, AuditEntry, Viewing,
    CustomerWord, DailyFigure,
]  # fmt: skip

TENANT_TABLES = [table for table in TABLES if any(column._meta.name == "vendor" for column in table._meta.columns)]
"""Every query on one of these names its vendor."""
