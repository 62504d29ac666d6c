"""Prices as the console shows them, and what customers who pay one will see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from tables.price import FLAGS, Price, allowed
from theming.console.request_words import price as priced
from theming.words import _

Words = dict[str, Any]
SAID, YES, NO, SWITCH = "", "yes", "no", "switch"
VALUES: dict[str, bool | None] = {YES: True, NO: False, SWITCH: None}
"""What each choice but the first sets by hand; the first leaves it to ClickFunnels."""


def flag_labels() -> dict[str, str]:
    return {
        "self_cancel": _("Customers can cancel"), "self_upgrade": _("Customers can change to a dearer plan"),
        "self_downgrade": _("Customers can change to a cheaper plan"),
        "self_reactivate": _("Customers can start it again after canceling"),
    }  # fmt: skip


def choices(price: Price, flag: str) -> list[tuple[str, str]]:
    """The answers to one flag; what ClickFunnels said of it comes first."""
    if not price.clickfunnels_id.isdigit():
        return [(SAID, _("As the center's switch says")), (YES, _("Yes")), (NO, _("No"))]
    told = {True: _("yes"), False: _("no"), None: _("nothing said")}[getattr(price, flag)]
    return [
        (SAID, _("As ClickFunnels says (%(said)s)", said=told)), (YES, _("Yes")), (NO, _("No")),
        (SWITCH, _("As the center's switch says")),
    ]  # fmt: skip


def chosen(price: Price) -> dict[str, str]:
    """The form's values for a price as it stands."""
    names = {value: name for name, value in VALUES.items()}
    return {flag: names[price.chosen[flag]] if flag in price.chosen else SAID for flag in FLAGS}


def amount(price: Price, locale: str) -> str:
    return priced({name: getattr(price, name) for name in ("amount", "currency", "interval", "interval_count")}, locale)


def row(price: Price, href: str, switches: Collection[str], locale: str, *, changes: bool) -> Words:
    """A price in the list of its product; `changes` is whether there may be plans to change to."""
    return {
        "name": price.name or _("A price without a name"), "amount": amount(price, locale), "href": href,
        "archived": price.archived, "sees": sees(switches, price, None if changes else []),
    }  # fmt: skip


def sees(switches: Collection[str], price: Price, plans: Sequence[str] | None) -> str:
    """One honest sentence: the links that a customer who pays this price has; `plans` where it is known which."""
    if not price.interval:
        return _("It is paid once: there is nothing to cancel or change.")
    found = [label for kind, label in (
        ("cancel", _("Cancel subscription")), ("pause", _("Pause subscription")), ("reactivate", _("start again")),
    ) if allowed(switches, price, kind)]  # fmt: skip
    directions = [kind for kind in ("upgrade", "downgrade") if allowed(switches, price, kind)]
    if directions and plans != []:
        found.insert(0, _("Change plan (%(plans)s)", plans=", ".join(plans)) if plans else _("Change plan"))
    if not found:
        return _("Customers who pay it see no link to cancel or change it; they have to write to you.")
    return _("Customers who pay it see: %(links)s.", links=", ".join(found))


def offered(switches: Collection[str], price: Price, targets: Sequence[Price], locale: str) -> list[str]:
    """The plans among the targets that its customers will be offered."""
    fitting = [
        target for target in targets
        if allowed(switches, price, "upgrade" if target.daily > price.daily else "downgrade")
    ]  # fmt: skip
    return [f"{target.name} {amount(target, locale)}".strip() for target in fitting]
