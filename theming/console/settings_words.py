"""What each switch of a center shows its customers, in words."""

from __future__ import annotations

from typing import NamedTuple

from theming.words import _


class Switch(NamedTuple):
    """One switch: the form field of this name, and the drawing of this name."""

    name: str
    label: str
    on: str
    off: str


TAB_NAMES = ("subscriptions", "courses", "orders", "credit-memos", "payment-methods", "addresses", "phone-numbers")
"""The tabs of My Account in their stock order; a test compares them with the account's own list."""
TAB_PREFIX, PLACE_PREFIX = "tab_", "place_"


def tab_labels() -> dict[str, str]:
    return {
        "subscriptions": _("Subscriptions"), "courses": _("Courses"), "orders": _("Orders"),
        "credit-memos": _("Credit Memos"), "payment-methods": _("Payment Methods"), "addresses": _("Addresses"),
        "phone-numbers": _("Phone Numbers"),
    }  # fmt: skip


def visibility() -> list[Switch]:
    """The eight switches in ClickFunnels' order and by its names."""
    return [
        Switch("tab_orders", _("Order History"), _("A tab with every order, and a page for each."),
               _("No orders anywhere: the tab and its pages do not exist.")),
        Switch("billing_information", _("Billing Information"), _("The billing address on the page of an order."),
               _("Orders are shown without it; the delivery address stays.")),
        Switch("tab_credit-memos", _("Credit Memos"), _("A tab with what was credited, and a page for each."),
               _("Refunds still show in the story of an order.")),
        Switch("payment_method_updates", _("Payment Method Updates"), _("A button and a page about adding a card."),
               _("Cards that are known are listed, with no way to add one.")),
        Switch("subscription_updates", _("Subscription Updates"), _("A link on each running subscription: Change plan."),
               _("No such link, no such page.")),
        Switch("subscription_cancel", _("Subscription Cancel"),
               _("A link on each running subscription: Cancel subscription."),
               _("No such link. Check that your terms and your country's law let you leave it away.")),
        Switch("subscription_pause", _("Subscription Pause"), _("A link on each running subscription: Pause subscription."),
               _("No such link, no such page.")),
        Switch("tab_courses", _("Course Enrollments"), _("A tab in My Account with each course and how far they are."),
               _("Courses are still opened from the start page.")),
    ]  # fmt: skip


def cancelling() -> list[Switch]:
    return [
        Switch("cancel_without_sign_in", _("Cancel contracts here"),
               _("A link at the bottom of every page to a form that cancels without an account, as German law asks for "
                 "(BGB, section 312k). What is declared there waits for you under Requests."),
               _("No such link, no such page.")),
    ]  # fmt: skip


def other_tabs() -> list[Switch]:
    labels = tab_labels()
    about = {
        "subscriptions": (_("A tab with what renews, and a page for each."), _("No subscriptions anywhere.")),
        "payment-methods": (_("A tab with the cards and accounts that were used."), _("No list of cards.")),
        "addresses": (_("A tab to add, change and delete addresses."), _("Addresses show on orders only.")),
        "phone-numbers": (
            _("A tab to add, change and delete numbers."),
            _("The number on file stays under Manage account."),
        ),
    }
    return [Switch(f"{TAB_PREFIX}{name}", labels[name], *texts) for name, texts in about.items()]


def mail_switches() -> list[Switch]:
    """The mails about money that some vendors' other systems send already."""
    return [
        Switch("mail_receipts", _("Receipts"),
               _("A mail for each payment, with its invoice, and one for each refund, with its credit memo."),
               _("No such mails. Choose this where ClickFunnels or Stripe sends receipts already.")),
        Switch("mail_reminders", _("Reminders"),
               _("A mail before a subscription renews or a trial ends, before a card expires, and when a payment fails."),
               _("No such mails. Choose this where ClickFunnels or Stripe sends them already.")),
    ]  # fmt: skip


def done(word: str) -> dict[str, str] | None:
    """The notice after a change."""
    texts = {
        "saved": _("Saved. Your center shows it within five seconds."),
        "same": _("Nothing was different, so nothing was changed."),
        "logo": _("The new logo is in place."),
        "logo_removed": _("Your center shows its name again."),
        "alt": _("Saved."),
    }
    return {"tone": "good", "text": texts[word]} if word in texts else None
