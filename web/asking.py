"""Asking for a mail by an address that may be anybody's: one answer, and the same work, whoever it is (ASVS 6.3.8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import emails
from emails import no_account
from tables.customer import Customer
from tables.rate_limit import RateLimit
from theming.center import Center
from web.limits import ASK_PER_IP, UNKNOWN_ADDRESS, allow_ip, may_mail
from web.requests import center_of
from web.session import known_device


class Asking(NamedTuple):
    center: Center
    """In the language of the mail."""
    customer: Customer | None
    """Whose address it is, if they may come in."""
    allowed: bool
    """Whether anything goes out at all."""
    answered: bool
    """Whether somebody without an account may be told so."""

    async def answer_nobody(self, email: str, dedupe_key: str, expires_at: datetime) -> None:
        """What an address without a customer gets: a mail that says so, or none and the work of writing one."""
        if self.allowed and self.answered and self.center.answer_unknown:
            await no_account.queue(self.center, email, dedupe_key, expires_at)
        else:
            emails.compose(self.center, "no_account", {})


async def ask_by(request: Any, email: str, what: str) -> Asking:
    """Look the address up and count against every limit; raises Refused (429) for the network's own."""
    await allow_ip(request, ASK_PER_IP)
    center = asked_center(request)
    customer = await Customer.by_email(center.vendor_id, email)
    if customer is not None and not customer.may_enter:
        customer = None
    allowed = await may_mail(center.vendor_id, email, what, await known_device(request, customer))
    answered = customer is None and await RateLimit.take(UNKNOWN_ADDRESS, f"{center.vendor_id}|{email}")
    return Asking(center, customer, allowed, answered)


def asked_center(request: Any) -> Center:
    """The center in the language of the mail.

    A signed-out browser's language is most likely the reader's too; a signed-in customer's own choice is not.
    """
    center = center_of(request)
    return center if request.scope["state"]["person"] is None else center.speaking(None)
