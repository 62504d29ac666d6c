"""Roles, people and invitations in words."""

from __future__ import annotations

from typing import Any

from tables.member import ADMIN, OWNER, ROLES, STAFF
from tables.names import full_name
from theming.words import _


def role_name(role: str) -> str:
    return {STAFF: _("Staff"), ADMIN: _("Admin"), OWNER: _("Owner")}.get(role, role)


def role_choices(most: str) -> list[dict[str, str]]:
    """The roles somebody may give: none above their own."""
    abouts = {
        STAFF: _("Customers, orders, courses and the inbox. No settings, no looks, no secrets."),
        ADMIN: _("Everything staff can do, and settings, theme, templates, import and staff."),
        OWNER: _("Everything, and making other owners."),
    }
    return [
        {"value": role, "label": role_name(role), "about": abouts[role]}
        for role in ROLES
        if ROLES.index(role) <= ROLES.index(most)
    ]


def person(row: Any, href: str, since: str) -> dict[str, Any]:
    return {
        "name": full_name(row["first_name"], row["last_name"], row["email"]), "email": row["email"],
        "role": row["role"], "role_name": role_name(row["role"]), "since": since, "href": href,
    }  # fmt: skip


def only_owner() -> str:
    """Why an account of the console stays."""
    return _("You are the only owner of a center. Make somebody else an owner of it first, on its Staff page.")


def done(word: str) -> dict[str, str] | None:
    """The notice after a change."""
    texts = {
        "invited": _("The invitation is on its way. It works for seven days."),
        "withdrawn": _("The invitation was withdrawn. Its link opens nothing any more."),
        "changed": _("Saved. It holds from their next click on."),
        "removed": _("They can no longer open this console."),
        "joined": _("Welcome. This is your console now."),
    }
    return {"tone": "good", "text": texts[word]} if word in texts else None
