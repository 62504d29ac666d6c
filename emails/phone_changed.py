"""Tells by mail that the phone number on file is another one now."""

from __future__ import annotations

import emails
from tables.customer import Customer
from tables.mailed_link import MailedLink
from theming.center import Center


async def queue(center: Center, customer: Customer, asked: MailedLink) -> None:
    """To the customer's address; names no more of the number than its end."""
    variables = {
        "first_name": customer.first_name, "tail": asked.details["number"].partition(";")[0][-4:],
        "link": center.link("/account/phone"),
    }  # fmt: skip
    await emails.queue(
        center, "phone_changed", f"phone-changed:{asked.id}", customer.email, variables, customer=customer.id
    )  # fmt: skip
