"""The named cast with everything they own, by plain inserts: Alice at acme, Zoe at globex with the same foreign ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import database
import integrations.gravatar
import integrations.pictures
from tables import (
    TABLES,
    Address,
    AuditEntry,
    BillingCommand,
    CancellationNotice,
    CardSetup,
    Completion,
    Contact,
    Course,
    CreditMemo,
    Customer,
    Device,
    Enrollment,
    EnrollmentImport,
    EnrollmentImportRow,
    Export,
    ImportRefusal,
    ImportRun,
    Invitation,
    Invoice,
    InvoiceLine,
    KeptForm,
    Lesson,
    LessonFile,
    Mail,
    MailedLink,
    Member,
    Order,
    OrderLine,
    Parcel,
    ParcelLine,
    Payment,
    PaymentMethod,
    PhoneNumber,
    Price,
    PriceTarget,
    Product,
    ProductCourse,
    Section,
    Session,
    SignInRequest,
    SpentToken,
    StripeCustomer,
    Subscription,
    TakenCompletion,
    ThemeVersion,
    Vendor,
    VendorPartial,
    VendorWord,
    Viewing,
    WebhookEvent,
    hashing,
)
from tables.base import public_id
from tables.email_change import EmailChange, Moved
from tables.member import ADMIN, OWNER, ROLES, STAFF, house
from tables.papers import InvoicePaper
from tables.sealed import seal
from tables.session import token_hash
from tables.sign_in_request import Secrets, peppered

SMALL_ORDERS = 23
FILE = b"%PDF-1.4 private to the people who bought it\n" * 40
PICTURE = "a" * 64 + ".webp"
CODE_HASH = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21l$" + "A" * 43
TEXTED = "314159"
TEXTED_HASH = hashing.codes.hash(peppered(TEXTED))


@dataclass
class Belongings:
    """What one customer owns, by the names that stand in addresses."""

    vendor: Vendor
    customer: Customer
    order: str
    subscription_order: str
    memo: str
    invoice: str
    """A paper of the order; nothing was changed on it. That of the subscription's invoice was."""
    subscription: str = field(default_factory=public_id)
    course: str = field(default_factory=public_id)
    lesson: str = field(default_factory=public_id)
    second_lesson: str = field(default_factory=public_id)
    locked_lesson: str = field(default_factory=public_id)
    file: str = field(default_factory=public_id)
    locked_file: str = field(default_factory=public_id)
    address: str = field(default_factory=public_id)
    mail: str = field(default_factory=public_id)
    link: str = field(default_factory=lambda: public_id() * 2)
    email_link: str = ""
    undo_link: str = ""
    export: str = field(default_factory=public_id)
    deletion: str = ""
    kept_form: str = field(default_factory=public_id)
    password_link: str = ""
    device_session: str = field(default_factory=public_id)
    phone: str = field(default_factory=public_id)
    card: str = field(default_factory=public_id)
    told_card: str = field(default_factory=public_id)
    """A card whose details its processor has told."""
    pay_link: str = ""
    setup: str = field(default_factory=public_id)
    """A card that was on its way once, and came to nothing."""
    wish: str = field(default_factory=public_id)
    """A request about the subscription that the vendor has refused."""
    import_run: str = field(default_factory=public_id)
    enrollment: str = field(default_factory=public_id)
    own_course: str = field(default_factory=public_id)
    """A draft that the vendor writes here, with a section, a lesson and a file in it; nobody is enrolled."""
    own_section: str = field(default_factory=public_id)
    own_lesson: str = field(default_factory=public_id)
    own_file: str = field(default_factory=public_id)
    own_enrollment: str = field(default_factory=public_id)
    """The place of somebody who has nothing else in that draft."""
    people_list: str = field(default_factory=public_id)
    notice: str = field(default_factory=public_id)
    """A cancellation that was declared without signing in."""
    product: str = ""
    people: dict[str, Customer] = field(default_factory=dict)
    """Who works for the vendor, by role: the console's staff, admin and owner."""
    member: str = field(default_factory=public_id)
    event: str = field(default_factory=public_id)
    invitation: str = ""
    invitation_link: str = ""
    viewing: str = ""
    """A look that the admin has asked for."""
    session_id: int = 0
    """The owner's, in the console."""
    view_token: str = ""
    """Of a look that goes on."""
    partial: str = ""
    """The number of a template's version."""

    @property
    def slug(self) -> str:
        return self.vendor.slug

    @property
    def home(self) -> str:
        return f"/{self.vendor.slug}"

    @property
    def public_id(self) -> str:
        return self.customer.public_id

    @property
    def id(self) -> int:
        return self.customer.id


@dataclass
class World:
    acme: Vendor
    globex: Vendor
    alice: Belongings
    zoe: Belongings
    bob: Customer
    twin: Customer
    """Alice's address is also a customer of globex, with nothing."""


async def build(acme: Vendor, globex: Vendor, alice: Customer, bob: Customer, zoe: Customer) -> World:
    twin = await Customer.open(globex.id, alice.email, first_name="Alice")

    for vendor in (acme, globex):
        vendor.subscription_cancel = vendor.subscription_pause = vendor.cancel_without_sign_in = True
        await vendor.save([Vendor.subscription_cancel, Vendor.subscription_pause, Vendor.cancel_without_sign_in])

    async def work() -> World:
        return World(
            acme, globex, await belongings(acme, alice, "A"), await belongings(globex, zoe, "Z"), bob, twin
        )  # fmt: skip

    return await database.transaction(work)


async def belongings(vendor: Vendor, customer: Customer, letter: str) -> Belongings:
    """Rows of every kind for one customer; ClickFunnels ids are the same for whoever it is."""
    own = Belongings(
        vendor,
        customer,
        order=f"{letter}1001",
        subscription_order=f"{letter}1002",
        memo=f"{letter}1001-C1",
        invoice=f"INV-{letter}1",
    )
    # In the past, whatever the clock says: nothing of it may be newer than what a test makes.
    now = (database.now() - timedelta(seconds=2)).replace(microsecond=123000)
    await Contact(
        vendor=vendor.id,
        clickfunnels_id="11",
        customer=customer.id,
        email=customer.email,
        first_name=customer.first_name,
    ).save()
    await insert_orders(own, letter, now)
    await insert_course(own, now)
    await insert_content(own, letter, now)
    await insert_person(own, now)
    await insert_import(own, now)
    await insert_console(own)
    return own


async def insert(table: Any, *rows: dict[str, Any]) -> list[int]:
    made = await table.insert(*(table(**row) for row in rows))
    return [next(iter(row.values())) for row in made]


async def insert_orders(own: Belongings, letter: str, now: datetime) -> None:
    owner = {"vendor": own.vendor.id, "customer": own.id, "currency": ("EUR" if own.vendor.slug == "globex" else "USD")}
    money = {"vendor": own.vendor.id, "currency": ("EUR" if own.vendor.slug == "globex" else "USD")}
    big, subscribed, *_ = await insert(
        Order,
        {**owner, "clickfunnels_id": "1", "number": own.order, "placed_at": now - timedelta(days=1), "total": 24900,
         "tax": 1900, "billing_status": "paid", "service_status": "active", "summary": f"Hive kit of {letter}",
         "payment_method": "pm_4242", "shipping_address": '{"street_one": "18 Orchard Lane", "city": "Hudson"}'},
        {**owner, "clickfunnels_id": "2", "number": own.subscription_order, "placed_at": now - timedelta(days=2),
         "total": 900, "billing_status": "paid", "service_status": "active", "order_type": "subscription-order",
         "summary": f"Hive letter of {letter}", "renewal_at": now + timedelta(days=20), "payment_method": "pm_4242"},
        *({**owner, "clickfunnels_id": str(10 + place), "number": f"{letter}20{place:02}", "total": 1400 + place,
           "placed_at": now - timedelta(days=10 + place // 2), "billing_status": "paid", "service_status": "completed",
           "summary": f"Hive tool {place} of {letter}"} for place in range(SMALL_ORDERS)),
    )  # fmt: skip
    await insert(
        OrderLine,
        {**money, "order": big, "clickfunnels_id": "10", "product_name": f"Starter kit of {letter}", "amount": 22000,
         "quantity": 1, "sku": None},
        {**money, "order": subscribed, "clickfunnels_id": "20", "product_name": f"Letter of {letter}", "amount": 900,
         "quantity": 1, "interval": "months", "interval_count": 1, "product_clickfunnels_id": f"product-{letter}",
         "price_clickfunnels_id": "700"},
    )  # fmt: skip
    await insert(
        Subscription,
        {"vendor": own.vendor.id, "customer": own.id, "order": subscribed, "public_id": own.subscription},
    )  # fmt: skip
    bill, monthly = await insert(
        Invoice,
        {**money, "order": big, "clickfunnels_id": "1", "number": f"INV-{letter}1", "status": "paid", "subtotal": 22000,
         "tax": 1900, "shipping": 2000, "discount": 1000, "total": 24900, "issued_at": now, "paid_at": now},
        {**money, "order": subscribed, "clickfunnels_id": "2", "number": f"INV-{letter}2", "status": "paid",
         "total": 900, "issued_at": now, "paid_at": now},
    )  # fmt: skip
    await insert(
        InvoiceLine,
        {**money, "invoice": bill, "clickfunnels_id": "10", "description": f"Smoker of {letter}", "amount": 22000},
    )  # fmt: skip
    await insert(
        Payment,
        {**money, "order": big, "clickfunnels_id": "1", "kind": "sale", "status": "completed", "amount": 24900,
         "made_at": now},
        {**money, "order": big, "clickfunnels_id": "2", "kind": "refund", "status": "completed", "amount": 5000,
         "made_at": now, "reason": "Broken"},
    )  # fmt: skip
    await insert(
        CreditMemo,
        {**owner, "order": big, "number": own.memo, "source": "payment:2", "amount": 5000, "issued_at": now,
         "reason": f"Broken for {letter}"},
    )  # fmt: skip
    await insert_revision(subscribed, monthly)
    (parcel,) = await insert(
        Parcel,
        {"vendor": own.vendor.id, "clickfunnels_id": "1", "number": f"P-{letter}1", "status": "fulfilled",
         "carrier": "UPS", "tracking_code": "1Z9", "tracking_url": "https://www.ups.com/track?n=1Z9", "sent_at": now},
    )  # fmt: skip
    await insert(
        ParcelLine, {"vendor": own.vendor.id, "parcel": parcel, "invoice_line_clickfunnels_id": "10", "quantity": 2}
    )


async def insert_revision(order_id: int, invoice_id: int) -> None:
    """The subscription's invoice as it stood, and with a company on it."""
    order = await Order.objects().get(Order.id == order_id)
    paper = InvoicePaper(order, await Invoice.objects().get(Invoice.id == invoice_id), [])
    await paper.rename_buyer("Amaro Apiaries Ltd", "IE1234567X", "customer", keep=False)


async def insert_wishes(own: Belongings, card: int, now: datetime) -> None:
    """A monthly price that may be changed to a dearer and a cheaper one, and what was asked for before."""
    vendor, owner = {"vendor": own.vendor.id}, {"vendor": own.vendor.id, "customer": own.id}
    subscribed = (await Subscription.by_public_id(own.vendor.id, own.id, own.subscription)).order
    bill = (await Invoice.of(own.vendor.id, subscribed))[0].id
    await insert(Price, *(
        {**vendor, "clickfunnels_id": key, "product_clickfunnels_id": f"product-{own.order[0]}", "name": name,
         "amount": amount, "currency": "USD", "payment_type": "subscription", "interval": "months", "interval_count": 1}
        for key, name, amount in (("700", "Letter", 900), ("701", "Letter and seeds", 1900), ("702", "Postcard", 400))
    ))  # fmt: skip
    await insert(PriceTarget, *(
        {**vendor, "price_clickfunnels_id": "700", "target_clickfunnels_id": target} for target in ("701", "702")
    ))  # fmt: skip
    await insert(StripeCustomer, {**owner, "reference": f"cus_{own.order}", "created_at": now})
    await insert(PaymentMethod, {
        **owner, "processor": "stripe", "reference": f"pm_{own.order}", "public_id": own.told_card, "kind": "card",
        "brand": "mastercard", "last4": "4444", "exp_month": 12, "exp_year": 2040, "description": f"Purse of {own.order[0]}",
    })  # fmt: skip
    _, own.pay_link = await MailedLink.make(
        own.vendor.id, own.id, "pay", own.customer.email, timedelta(days=14), order=subscribed, invoice=bill
    )
    await insert(CardSetup, {**owner, "public_id": own.setup, "order": subscribed, "status": "expired",
                             "session": f"cs_{own.order}", "created_at": now})  # fmt: skip
    await insert(BillingCommand, {
        **owner, "public_id": own.wish, "kind": "cancel", "holder": "manual", "order": subscribed, "invoice": bill,
        "payment_method": card, "status": "refused", "error": f"Not before {own.order}", "requested_at": now, "sent_at": now,
        "settled_at": now,
    })  # fmt: skip
    await insert(CancellationNotice, {
        **vendor, "public_id": own.notice, "kind": "ordinary", "name": own.customer.first_name, "email": own.customer.email,
        "contract": own.subscription_order, "received_at": now, "settled_at": now, "settled_by": "before", "order": subscribed,
    })  # fmt: skip


async def insert_course(own: Belongings, now: datetime) -> None:
    """A section with two lessons, one inside it with a third, and one that drips open in a month."""
    vendor, published = {"vendor": own.vendor.id}, now - timedelta(days=90)
    await insert(Course, {
        **vendor, "clickfunnels_id": "100", "public_id": own.course,
        "title": f"Keeping bees with {own.customer.first_name}",
        "description": "All of it.", "root_section_clickfunnels_id": "200", "published_at": published,
    })  # fmt: skip
    await insert(Section, *(
        {**vendor, "clickfunnels_id": key, "course_clickfunnels_id": "100", "parent_clickfunnels_id": parent,
         "title": f"Part {key}", "position": int(key), "published_at": published, "days_till_drip_access": drip}
        for key, parent, drip in (("200", None, None), ("201", "200", None), ("202", "201", None), ("203", "200", 30))
    ))  # fmt: skip
    first, _, _, last = await insert(Lesson, *(
        {**vendor, "clickfunnels_id": key, "section_clickfunnels_id": section, "public_id": name,
         "published_at": published,
         "title": f"Lesson {key}", "body": "Look **closely**.", "position": int(key)}
        for key, section, name in (("301", "201", own.lesson), ("302", "201", own.second_lesson),
                                   ("303", "202", public_id()), ("304", "203", own.locked_lesson))
    ))  # fmt: skip
    await insert(Enrollment, {
        **vendor, "clickfunnels_id": "500", "customer": own.id, "course_clickfunnels_id": "100",
        "order_clickfunnels_id": "1", "enrolled_at": now - timedelta(days=5), "public_id": own.enrollment,
    })  # fmt: skip
    await insert(Completion, {**vendor, "customer": own.id, "lesson_clickfunnels_id": "303", "completed_at": now})
    files = {"name": "Checklist.pdf", "media_type": "application/pdf", "size": len(FILE)}
    await insert(
        LessonFile,
        {**vendor, **files, "lesson": first, "public_id": own.file},
        {**vendor, **files, "lesson": last, "public_id": own.locked_file},
    )


async def insert_content(own: Belongings, letter: str, now: datetime) -> None:
    """What the vendor makes here."""
    vendor, own.product = {"vendor": own.vendor.id}, f"product-{letter}"
    await insert(Course, {**vendor, "clickfunnels_id": f"local:course-{letter}", "public_id": own.own_course,
                          "title": f"Wax and honey of {letter}"})  # fmt: skip
    await insert(Section, {
        **vendor, "clickfunnels_id": f"local:section-{letter}", "course_clickfunnels_id": f"local:course-{letter}",
        "public_id": own.own_section, "title": f"Wax of {letter}",
    })  # fmt: skip
    (lesson,) = await insert(Lesson, {
        **vendor, "clickfunnels_id": f"local:lesson-{letter}", "section_clickfunnels_id": f"local:section-{letter}",
        "public_id": own.own_lesson, "title": f"Melting of {letter}", "body": "Warm it *slowly*.",
    })  # fmt: skip
    await insert(LessonFile, {**vendor, "lesson": lesson, "public_id": own.own_file, "name": "Wax.pdf", "size": len(FILE),
                              "media_type": "application/pdf"})  # fmt: skip
    pupil = await Customer.open(own.vendor.id, f"pupil.{letter.lower()}@example.com")
    await insert(Enrollment, {
        **vendor, "clickfunnels_id": f"local:hand-{letter}", "customer": pupil.id, "public_id": own.own_enrollment,
        "course_clickfunnels_id": f"local:course-{letter}", "enrolled_at": now,
    })  # fmt: skip
    await insert(Product, {**vendor, "clickfunnels_id": own.product, "name": f"Wax kit of {letter}"})
    await insert(ProductCourse, {**vendor, "product_clickfunnels_id": own.product, "created_at": now,
                                 "course_clickfunnels_id": f"local:course-{letter}"})  # fmt: skip
    (people,) = await insert(EnrollmentImport, {
        **vendor, "public_id": own.people_list, "name": f"people of {letter}.csv", "state": "checked", "made_at": now,
        "content": '[["Email"], ["new@example.com"]]', "mapping": '{"columns": {"email": 0}, "course": "100"}',
    })  # fmt: skip
    await insert(EnrollmentImportRow, {**vendor, "parent": people, "number": 1, "email": "new@example.com",
                                       "course_clickfunnels_id": "100", "verdict": "new_customer"})  # fmt: skip


async def insert_person(own: Belongings, now: datetime) -> None:
    vendor, owner = {"vendor": own.vendor.id}, {"vendor": own.vendor.id, "customer": own.id}
    await insert(
        Address,
        {**owner, "public_id": own.address, "fingerprint": "f" * 64, "street_one": "18 Orchard Lane", "city": "Hudson",
         "country": "United States"},
    )  # fmt: skip
    await insert(PhoneNumber, {**owner, "public_id": own.phone, "number": "+1 212 555 0143", "digits": "12125550143"})
    (card,) = await insert(
        PaymentMethod, {**owner, "processor": "stripe", "reference": "pm_4242", "public_id": own.card}
    )
    await insert_wishes(own, card, now)
    letter = {**owner, "kind": "welcome", "recipient": own.customer.email, "sender": "Acme <no-reply@127.0.0.1>",
              "created_at": now, "next_try_at": now}  # fmt: skip
    await insert(
        Mail,
        {**letter, "public_id": own.mail, "dedupe_key": "welcome:1", "message_id": "<1@x>", "subject": "Your purchase",
         "body_text": "Hello", "body_html": "<p>Hello</p>", "state": "sent"},
        {**letter, "public_id": public_id(), "dedupe_key": "sign-in:1", "message_id": "<2@x>", "subject": "Sign in",
         "body_text": seal("http://127.0.0.1:8000/x"), "body_html": seal("<p>x</p>"), "sealed": True,
         "secrets": seal('["x"]')},
    )  # fmt: skip
    token = await Session.start(vendor["vendor"], own.id, "test", "another browser", "")
    await Session.update({Session.public_id: own.device_session}).where(
        Session.vendor == vendor["vendor"], Session.token_hash == token_hash(token)
    )
    await insert(Device, {**owner, "token_hash": token_hash("a known browser"), "name": "another browser",
                          "created_at": now, "last_used_at": now})  # fmt: skip
    await MailedLink.make(vendor["vendor"], own.id, "test", own.customer.email, timedelta(hours=1))
    _, own.password_link = await MailedLink.make(
        vendor["vendor"], own.id, "password", own.customer.email, timedelta(minutes=10)
    )  # fmt: skip
    _, own.email_link = await EmailChange.ask(
        own.customer, f"{own.customer.first_name.lower()}.next@example.com", 0, mailed=True
    )  # fmt: skip
    _, own.undo_link = await EmailChange.offer_undo(
        Moved(own.customer, f"{own.customer.first_name.lower()}.old@example.com", False)
    )
    await MailedLink.make(vendor["vendor"], own.id, "phone", own.customer.email, timedelta(minutes=10),
                          number="+442079460018", code=TEXTED_HASH)  # fmt: skip
    await insert(KeptForm, {**owner, "public_id": own.kept_form, "path": "/account/profile",
                            "expires_at": now + timedelta(hours=1),
                            "fields": seal('{"first_name": "Typed before"}')})  # fmt: skip
    await insert(Export, {**owner, "public_id": own.export, "state": "ready", "size": 9, "requested_at": now,
                          "ready_at": now, "expires_at": now + timedelta(days=7)})  # fmt: skip
    _link, own.deletion = await MailedLink.make(
        own.vendor.id, own.id, "deletion", own.customer.email, timedelta(hours=1)
    )
    await insert(ThemeVersion, {**vendor, "tokens": "{}", "made_by": "the cast", "created_at": now})
    await insert(VendorWord, {**vendor, "language": "en", "message": "Nothing says this", "text": "Nor this",
                              "changed_at": now})  # fmt: skip
    await insert(SpentToken, {**vendor, "token_hash": token_hash("spent"), "expires_at": now + timedelta(hours=1)})
    await SignInRequest.ask(
        vendor["vendor"], own.id, own.customer.email, "another browser", "", Secrets(own.link, "000000", CODE_HASH)
    )  # fmt: skip


async def insert_import(own: Belongings, now: datetime) -> None:
    """A run that ended, with a record it could not take."""
    vendor = {"vendor": own.vendor.id}
    (run,) = await insert(
        ImportRun,
        {**vendor, "public_id": own.import_run, "state": "done", "workspace": "42000", "resource": "completions",
         "started_by": f"owner@{own.vendor.slug}.example", "created_at": now, "ended_at": now, "next_try_at": now,
         "counts": '{"contacts": {"seen": 2, "new": 1, "changed": 0, "unchanged": 0, "refused": 1}}'},
    )  # fmt: skip
    await insert(
        ImportRefusal,
        {**vendor, "run": run, "resource": "contacts", "clickfunnels_id": "12", "reason": "created_at: not a time"},
    )
    await insert(TakenCompletion, {**vendor, "clickfunnels_id": "1"})


async def insert_console(own: Belongings) -> None:
    """Whoever works for the vendor, an invitation, and a change they made."""
    house_id = (await house()).id
    for role in ROLES:
        person = await Customer.open(house_id, f"{role}@{own.slug}.example", first_name=role.title())
        own.people[role] = person
        await Member.add(own.vendor.id, person.id, role)
    await Member.update({Member.public_id: own.member}).where(
        Member.vendor == own.vendor.id, Member.person_id == own.people[STAFF].id
    )
    for role in (ADMIN, OWNER):
        person = own.people[role]
        token = await Session.start(house_id, person.id, "link", "", "")
        (session,) = await Session.select(Session.id).where(
            Session.vendor == house_id, Session.token_hash == token_hash(token)
        )
        asked = await Viewing.ask(own.vendor.id, own.id, person.id, session["id"])
        own.viewing = own.viewing or asked.public_id
    own.session_id = session["id"]
    own.view_token = await asked.begin() or ""
    made, own.invitation_link = await Invitation.make(own.vendor.id, f"new@{own.slug}.example", STAFF, "Owner")
    own.invitation = made.public_id
    await AuditEntry.record(own.vendor.id, None, "staff.invited", made.email, role=STAFF)
    own.partial = "70714" if own.slug == "acme" else "90918"
    await VendorPartial(vendor=own.vendor.id, slot="mail_sign_off", number=int(own.partial), source="<p>Of before</p>",
                        made_by="Owner", made_at=database.now()).save()  # fmt: skip
    await insert(WebhookEvent, {
        "vendor": own.vendor.id, "public_id": own.event, "source": "clickfunnels", "event_id": f"event-{own.slug}",
        "event_type": "order.updated", "topic": "order", "body": f'{{"total": "9.70", "name": "{own.slug} only"}}',
        "status": "failed", "error": f"ValueError: total of {own.slug}", "tries": 1,
        **dict.fromkeys(("received_at", "processed_at", "next_try_at"), database.now() - timedelta(seconds=2)),
    })  # fmt: skip


def write_files(world: World) -> None:
    """The files that rows of the world speak of."""
    found = {
        folder / PICTURE: b"RIFF0000WEBP" for folder in (integrations.pictures.MEDIA, integrations.gravatar.AVATARS)
    }
    for own in (world.alice, world.zoe):
        found |= {LessonFile.path_of(own.vendor.id, name): FILE for name in (own.file, own.locked_file, own.own_file)}
        found[Export.path_of(own.vendor.id, own.export)] = b"PK private"
    for path, content in found.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


async def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    rows = {}
    for table in TABLES:
        key = table._meta.primary_key._meta.db_column_name
        rows[table._meta.tablename] = [
            dict(row) for row in await database.raw(f"SELECT * FROM {table._meta.tablename} ORDER BY {key}")
        ]
    return rows


def differences(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """What changed: `table` for rows that came or went, `table.column` for values."""
    found = set()
    for table, rows in after.items():
        if len(rows) != len(before[table]):
            found.add(table)
            continue
        for old, new in zip(before[table], rows, strict=True):
            found |= {f"{table}.{column}" for column in new if new[column] != old[column]}
    return found
