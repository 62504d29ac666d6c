"""The parts of pages and mails that a vendor may write anew, and what each is given to show.

Parts with secrets or money in them are none: signing in, passwords, codes, payments, the whole head of a page. What a
vendor writes stands around their forms, never inside.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from theming.partials.kinds import ADDRESS, FLAG, NUMBER, PICTURE, TEXT, Group, Variable, tree
from theming.partials.limits import COST, OUTPUT_BYTES
from theming.partials.refused import N_

STARTS = Path(__file__).resolve().parent.parent / "templates" / "slots"
PAGE, MAIL = "page", "mail"
PIC = "/media/" + "0" * 64 + ".webp"

CENTER = (
    Variable("center.name", TEXT, N_("the name of your center"), "Acme Learning"),
    Variable("center.headline", TEXT, N_("your headline, or nothing"), "Keep bees, calmly"),
    Variable("center.support_email", TEXT, N_("your support address, or nothing"), "help@acme.example"),
    Variable("links.home", ADDRESS, N_("the first page of your center"), "/acme/"),
    Variable("links.courses", ADDRESS, N_("the courses"), "/acme/courses"),
    Variable("links.account", ADDRESS, N_("My Account"), "/acme/account"),
    Variable("links.orders", ADDRESS, N_("the orders"), "/acme/account/orders"),
)
LOGO = (
    Variable("center.logo.url", PICTURE, N_("your logo; nothing where you have none"), PIC),
    Variable("center.logo.width", TEXT, N_("its width"), "320"),
    Variable("center.logo.height", TEXT, N_("its height"), "80"),
    Variable("center.logo.alt", TEXT, N_("your logo in words"), "Acme Learning"),
)
PERSON = (
    Variable("person.first_name", TEXT, N_("the first name; nothing where nobody is signed in"), "Alice"),
    Variable("person.name", TEXT, N_("the whole name"), "Alice Ames"),
)
LEGAL = (
    Variable("center.privacy_url", ADDRESS, N_("your privacy page, or nothing"), "https://acme.example/privacy"),
    Variable("center.terms_url", ADDRESS, N_("your terms, or nothing"), "https://acme.example/terms"),
)
COURSE = (
    Variable("course.title", TEXT, N_("the course"), "Keeping bees"),
    Variable("course.href", ADDRESS, N_("its page; nothing while it is being set up"), "/acme/courses/x7"),
)


class Slot(NamedTuple):
    name: str
    label: str
    meaning: str
    stock: str
    """The template that asks for it, below `templates/`."""
    own: tuple[Variable, ...] = ()
    kind: str = PAGE
    repeated: int = 1
    """How often a page may show it: each gets that part of the work and the room."""

    @property
    def variables(self) -> tuple[Variable, ...]:
        return (*self.own, *CENTER)

    @property
    def published(self) -> Group:
        return tree(self.variables)

    @property
    def start(self) -> str:
        """A source that makes about what stands there without it, to begin with."""
        return (STARTS / f"{self.name}.html").read_text()

    @property
    def most_work(self) -> int:
        return COST // self.repeated

    @property
    def most_bytes(self) -> int:
        return OUTPUT_BYTES // self.repeated


SLOTS = {slot.name: slot for slot in (
    Slot("header", N_("Header"), N_("At the top of every page, beside the account menu."),
         "partials/shared/brand.html", (*LOGO, *PERSON)),
    Slot("footer", N_("Footer"), N_("At the bottom of every page, above the account's links."),
         "partials/shared/footer.html", (*LEGAL, *PERSON)),
    Slot("sign_in_intro", N_("Sign-in introduction"), N_("Between the heading and the form of the first sign-in step."),
         "partials/sign_in/email.html", LOGO),
    Slot("hub_intro", N_("Introduction to the courses"), N_("Under the heading of the list of courses."),
         "partials/courses/index.html", (
             Variable("courses[].title", TEXT, N_("each course"), ("Keeping bees", "Honey")),
             Variable("courses[].href", ADDRESS, N_("its page; nothing while it is being set up"),
                      ("/acme/courses/x7", "/acme/courses/y8")),
             Variable("courses[].progress_text", TEXT, N_("how far they are, in words"),
                      ("3 of 12 lessons done", "")),
             Variable("courses[].done", NUMBER, N_("lessons completed"), (3, 0)),
             Variable("courses[].total", NUMBER, N_("all its lessons"), (12, 0)),
             Variable("carry_on.course_title", TEXT, N_("the course they were last at; nothing where there is none"),
                      "Keeping bees"),
             Variable("carry_on.lesson_title", TEXT, N_("the lesson that comes next"), "The smoker"),
             Variable("carry_on.href", ADDRESS, N_("its page"), "/acme/courses/x7/lessons/z9"),
             *PERSON)),
    Slot("course_card", N_("Course card"), N_("One course in the list of courses."), "partials/courses/_card.html", (
        *COURSE,
        Variable("course.picture.url", PICTURE, N_("its picture; nothing where there is none"), PIC),
        Variable("course.picture.width", TEXT, N_("its width"), "640"),
        Variable("course.picture.height", TEXT, N_("its height"), "360"),
        Variable("course.picture.alt", TEXT, N_("its picture in words"), "A hive in the snow"),
        Variable("course.progress_text", TEXT, N_("how far they are, in words"), "3 of 12 lessons done"),
        Variable("course.done", NUMBER, N_("lessons completed"), 3),
        Variable("course.total", NUMBER, N_("all its lessons"), 12),
        Variable("course.status.label", TEXT, N_("New, Finished, Locked; nothing in between"), "New"),
        Variable("course.note", TEXT, N_("why it is locked or when it ends, or nothing"), ""),
    ), repeated=20),
    Slot("empty_courses", N_("No courses"), N_("In place of the list of courses of somebody who has none."),
         "partials/courses/_none.html", PERSON),
    Slot("lesson_foot", N_("Below a lesson"), N_("Under each lesson, after the button that completes it."),
         "partials/courses/lesson.html", (
             *COURSE,
             Variable("lesson.title", TEXT, N_("the lesson"), "The smoker"),
             Variable("lesson.done", FLAG, N_("whether they have completed it"), False),
             Variable("following.title", TEXT, N_("the lesson after it; nothing after the last"), "Opening a hive"),
             Variable("following.href", ADDRESS, N_("its page"), "/acme/courses/x7/lessons/z0"),
         )),
    Slot("account_intro", N_("Introduction to My Account"), N_("Under the heading of the personal information."),
         "partials/account/index.html", PERSON),
    Slot("order_row", N_("Order"), N_("One order in the list of orders."), "partials/account/orders.html", (
        Variable("order.number", TEXT, N_("its number"), "1042"),
        Variable("order.href", ADDRESS, N_("its page"), "/acme/account/orders/1042"),
        Variable("order.date.text", TEXT, N_("when it was placed, in words"), "4 May 2026"),
        Variable("order.date.iso", TEXT, N_("the same for machines"), "2026-05-04"),
        Variable("order.summary", TEXT, N_("what was bought"), "Hive kit"),
        Variable("order.status.label", TEXT, N_("paid, unpaid, refunded…"), "Paid"),
        Variable("order.ended.label", TEXT, N_("canceled, completed…; nothing while it goes on"), None),
        Variable("order.total", TEXT, N_("its total with the currency"), "$249.00"),
    ), repeated=20),
    Slot("empty_orders", N_("No orders"), N_("In place of the list of orders of somebody who has none."),
         "partials/account/orders.html", PERSON),
    Slot("empty_subscriptions", N_("No subscriptions"),
         N_("In place of the list of subscriptions of somebody who has none."),
         "partials/account/subscriptions.html", PERSON),
    Slot("mail_welcome", N_("Welcome message"), N_("Above the button of the message after the first purchase."),
         "emails/welcome/body.html", (
             Variable("first_name", TEXT, N_("the first name, or nothing"), "Alice"),
             Variable("items[]", TEXT, N_("each thing that was bought"), ("Hive kit", "Keeping bees")),
         ), kind=MAIL),
    Slot("mail_sign_in", N_("Sign-in message"), N_("Above the button of the sign-in message."),
         "emails/sign_in/body.html", (
             Variable("first_name", TEXT, N_("the first name, or nothing"), "Alice"),
         ), kind=MAIL),
    Slot("mail_sign_off", N_("End of messages"), N_("At the end of the welcome and the sign-in message."),
         "emails/_sign_off.html", kind=MAIL),
)}  # fmt: skip
"""By name, in the order a visitor meets them."""
