"""Inviting people, changing what they may do, and the first owner."""

from __future__ import annotations

from forms import Form
from tables.email_address import canonical_address
from tables.member import OWNER, ROLES, STAFF
from tables.vendor import SLUG, check_slug
from theming.words import _

NAME = 120


class AddressedForm(Form):
    """A form with an email address."""

    def check_email(self) -> None:
        typed = self.values["email"].strip()
        try:
            self.email = canonical_address(typed[:320])
        except ValueError:
            self.errors["email"] = (
                _("Enter an email address like name@example.com.") if typed else _("Enter an email address.")
            )


class RoleForm(Form):
    takes = ("role",)

    def check(self) -> None:
        if self.values["role"] not in ROLES:
            self.errors["role"] = _("Choose what this person may do.")


class InvitationForm(AddressedForm):
    takes = ("email", "role")

    def check(self) -> None:
        self.values["role"] = self.values["role"] or STAFF
        self.check_email()
        if self.values["role"] not in ROLES:
            self.errors["role"] = _("Choose what this person may do.")


class FirstRunForm(AddressedForm):
    """The first owner and, where there is no vendor yet, the first center."""

    takes = ("first_name", "last_name", "email", "name", "slug")
    role = OWNER

    def check(self) -> None:
        self.check_email()
        for part in ("first_name", "last_name"):
            if len(self.values[part]) > NAME:
                self.errors[part] = _("Please keep it under 120 characters.")

    def check_center(self) -> None:
        """The center's name and its part of the address."""
        name, slug = self.values["name"].strip(), self.values["slug"].strip().lower()
        if not name or len(name) > NAME:
            self.errors["name"] = _("Give the center a name your customers know, of at most 120 characters.")
        if not SLUG.fullmatch(slug):
            self.errors["slug"] = _("Use 1 to 40 of a to z, 0 to 9 and hyphens, such as acme-academy.")
            return
        try:
            check_slug(slug)
        except ValueError:
            self.errors["slug"] = _("That word is taken by a page of ours. Please choose another.")
        self.name, self.slug = name, slug
