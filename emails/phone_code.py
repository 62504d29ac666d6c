"""The text message with the code that proves a phone number."""

from __future__ import annotations

import emails
from tables.customer import Customer
from tables.mailed_link import MailedLink
from tables.phone_proof import LIFETIME, Code
from theming.center import Center


async def queue(center: Center, customer: Customer, asked: MailedLink, number: str, code: Code) -> None:
    """To the new number; not sent any more once the code has ended."""
    variables = {"code": code.text, "minutes": int(LIFETIME.total_seconds() // 60)}
    await emails.queue_text(
        center, "phone_code", f"phone-code:{asked.id}", number, variables, hidden=(code.text,), customer=customer.id,
        expires_at=asked.expires_at,
    )  # fmt: skip
