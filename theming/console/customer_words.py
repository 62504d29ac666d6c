"""Customers as the console shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tables.names import full_name
from theming.formats import day
from theming.words import _

Words = dict[str, Any]
TABS = ("", "subscriptions", "courses", "orders", "credit-memos", "payment-methods", "addresses", "phone-numbers")
"""What is known of a customer, in the order of their own tabs."""


def state_labels() -> dict[str, str]:
    return {
        "": _("All"), "signed-in": _("Has signed in"), "never": _("Never signed in"), "disabled": _("Switched off"),
        "closing": _("Leaving"),
    }  # fmt: skip


def order_labels() -> dict[str, str]:
    return {"": _("Newest first"), "name": _("By name")}


def tab_labels() -> dict[str, str]:
    return {
        "": _("Personal information"), "subscriptions": _("Subscriptions"), "courses": _("Courses"), "orders": _("Orders"),
        "credit-memos": _("Credit memos"), "payment-methods": _("Payment methods"), "addresses": _("Addresses"),
        "phone-numbers": _("Phone numbers"),
    }  # fmt: skip


def name_of(customer: Any) -> str:
    """The name of somebody, or the address they are known by; `customer` is a row of the table."""
    return (
        full_name(customer.first_name, customer.last_name, customer.email)
        if not customer.closed_at
        else _("Deleted account")
    )


def chips(disabled_at: Any, closes_at: Any, first_signed_in_at: Any, closed_at: Any = None) -> list[Words]:
    """What one should know of an account at a glance."""
    if closed_at:
        return [{"label": _("Deleted"), "tone": "info"}]
    found = [
        (disabled_at, _("Switched off"), "bad"), (closes_at, _("Leaving"), "warn"),
        (not first_signed_in_at, _("Never signed in"), "info"),
    ]  # fmt: skip
    return [{"label": label, "tone": tone} for so, label, tone in found if so]


def row(one: Any, href: str, zone: Any) -> Words:
    """A line of the list."""
    return {
        "name": full_name(one["first_name"], one["last_name"], one["email"]), "email": one["email"], "href": href,
        "since": day(one["created_at"], zone, "en"),
        "chips": chips(one["disabled_at"], one["closes_at"], one["first_signed_in_at"]),
    }  # fmt: skip


def tabs(url: Callable[[str], str], current: str) -> list[Words]:
    return [{"label": label, "href": url(f"/{part}" if part else ""), "current": part == current}
            for part, label in tab_labels().items()]  # fmt: skip


def head(customer: Any, url: str, tab: str) -> Words:
    """What stands above every page about a customer; `url` is the address of the first."""
    return {
        "name": name_of(customer), "email": "" if customer.closed_at else customer.email,
        "chips": chips(customer.disabled_at, customer.closes_at, customer.first_signed_in_at, customer.closed_at),
        "tabs": tabs(lambda path: url + path, tab),
    }  # fmt: skip


def facts(customer: Any, phone: str | None, contacts: Sequence[Any], zone: Any) -> list[Words]:
    """Personal information as the customer sees it, and what only the vendor needs."""
    dates = [(_("Customer since"), customer.created_at), (_("First signed in"), customer.first_signed_in_at),
             (_("Switched off"), customer.disabled_at), (_("Asked to be deleted for"), customer.closes_at)]  # fmt: skip
    texts = [
        (_("First name"), customer.first_name), (_("Last name"), customer.last_name), (_("Email"), customer.email),
        (_("New address ClickFunnels has"), customer.email_proposed), (_("Phone"), phone),
        (_("Language"), customer.language), (_("Time zone"), customer.time_zone),
        *((label, when.text) for label, moment in dates if (when := day(moment, zone, "en"))),
        (_("ClickFunnels contact"), ", ".join(contact["clickfunnels_id"] for contact in contacts)),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in texts if value]


def done(word: str) -> Words | None:
    """The notice after a change."""
    texts = {
        "added": _("The customer was added."), "mailed": _("The customer was added, and a message is on its way to them."),
        "renamed": _("The names were saved. News from ClickFunnels no longer changes them."),
        "sent": _("The sign-in link is on its way to them."),
        "off": _("The account is switched off. They are signed out everywhere and cannot sign in."),
        "on": _("The account is switched on again. They can sign in."),
        "enough": _("They were sent enough links for an hour. Please try again later."),
    }  # fmt: skip
    if word not in texts:
        return None
    return {"tone": "warn" if word == "enough" else "good", "text": texts[word]}
