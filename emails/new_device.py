"""To somebody who signed in with a browser that is new to us: if it was not they, they should know at once."""

from __future__ import annotations

from functools import partial

import database
import emails
from tables.customer import Customer
from theming.browsers import browser_words
from theming.center import Center
from theming.formats import minute


async def queue(center: Center, customer: Customer, user_agent: str, session: str) -> None:
    """Says when and with which browser, and neither where nor from which network: that would be a guess."""
    center = center.speaking(customer.language)
    when = minute(database.now(), center.zone, center.locale)
    variables = {
        "first_name": customer.first_name, "browser": partial(browser_words, user_agent), "when": when.text if when else "",
        "devices": center.link("/account/devices"), "password": center.link("/password"),
    }  # fmt: skip
    await emails.queue(
        center, "new_device", f"new-device:{session}", customer.email, variables, customer=customer.id
    )  # fmt: skip
