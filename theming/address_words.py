"""Addresses as the templates show them."""

from __future__ import annotations

from typing import Any

from tables.address import Address
from theming.center import Center
from theming.envelopes import envelope
from theming.words import _

Words = dict[str, Any]


class AddressWords:
    """Turns rows into what `partials/account/…` expects, for readers of one center."""

    def __init__(self, center: Center) -> None:
        self.center = center

    def lines(self, address: Address) -> list[str]:
        return envelope(address.parts, self.center.locale)

    def href(self, address: Address) -> str:
        return self.center.url(f"/account/addresses/{address.public_id}")

    def tile(self, address: Address, default: Address | None) -> Words:
        phone = _("Phone: %(number)s", number=address.phone_number) if address.phone_number else None
        return {
            "lines": self.lines(address), "name": address.street_one or address.city or address.postal_code,
            "href": self.href(address), "note": phone, "is_default": default is not None and address.id == default.id,
        }  # fmt: skip

    def choice(self, address: Address, default: Address | None) -> Words:
        return {"id": address.public_id, **self.tile(address, default)}

    def offer(self, parts: dict[str, str]) -> Words:
        """An address that an order tells of."""
        return {
            "parts": parts, "lines": envelope(parts, self.center.locale),
            "name": parts.get("street_one") or parts.get("city") or parts.get("postal_code", ""),
        }  # fmt: skip

    def after_deleting(self, address: Address, default: Address | None, newest: Address | None) -> str | None:
        """What becomes of the default when an address goes; `newest` of those that stay."""
        if default is None or default.id != address.id:
            return None
        if newest is None:
            return _("You will have no default address.")
        return _("Your default address will be: %(address)s.", address=", ".join(self.lines(newest)))


def done(what: str) -> Words | None:
    """The notice above the list, after a form has led there."""
    texts = {
        "added": _("The address was added."), "known": _("You have this address already."),
        "updated": _("The address was updated."), "deleted": _("The address was deleted."),
        "default": _("This is your default address now."),
    }  # fmt: skip
    return {"tone": "good", "text": texts[what]} if what in texts else None
