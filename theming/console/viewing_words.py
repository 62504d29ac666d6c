"""What the console's people read in a center they look at as a customer."""

from __future__ import annotations

from typing import Any

from tables.names import full_name
from theming.words import _

REFUSED = "You are only looking"
REFUSED_TEXT = "Nothing was changed: in this view no form is taken. Go back to look further, or stop looking."


def who(customer: Any) -> str:
    return full_name(customer.first_name, customer.last_name, customer.email)


def start_title(center: str, customer: Any) -> str:
    return _("See %(center)s as %(name)s", center=center, name=who(customer))
