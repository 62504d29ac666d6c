"""Moving a customer's sign-in to another address: proven there, and undone from the old one."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import NamedTuple, Self

import database
from tables import closing
from tables.customer import Customer
from tables.device import Device
from tables.mailed_link import MailedLink
from tables.merging import absorb
from tables.session import Session
from tables.sign_in_request import SignInRequest
from tables.vendor import Vendor

CHANGE, UNDO = "email", "email undo"
LIFETIME = timedelta(hours=1)
UNDO_LIFETIME = timedelta(days=7)
WAYS_IN = (CHANGE, "password")
"""Mailed links that end when the address moves (ASVS 7.4.3)."""


class Moved(NamedTuple):
    """What happened: the customer with the address they have now, the one before, and whether two became one."""

    customer: Customer
    before: str
    merged: bool
    session_id: int | None = None
    """The one session that was left."""
    kept: datetime | None = None
    """When the account was going to be deleted, where that was taken back."""


class EmailChange(NamedTuple):
    """A mailed link with the customer it is of, and whoever has its address at this vendor."""

    link: MailedLink
    customer: Customer
    other: Customer | None
    is_fresh: bool = False
    """Whether the other account came to its address within the days in which that can be undone."""

    @classmethod
    async def ask(cls, customer: Customer, email: str, session_id: int, *, mailed: bool) -> tuple[MailedLink, str]:
        """Note the wish and return its link; when it is not mailed (asked too often), an earlier mail stays good."""
        if mailed:
            await MailedLink.withdraw(customer.vendor, customer.id, CHANGE)
        return await MailedLink.make(customer.vendor, customer.id, CHANGE, email, LIFETIME, session=session_id)

    @classmethod
    async def by_token(cls, vendor_id: int, purpose: str, token: str) -> Self | None:
        """The vendor's link, in whatever state; reading it spends nothing."""
        link = await MailedLink.by_token(vendor_id, purpose, token)
        customer = await Customer.by_id(vendor_id, link.customer) if link else None
        if link is None or customer is None:
            return None
        found = await Customer.by_email(vendor_id, link.email)
        if found is None or found.id == customer.id:
            return cls(link, customer, None)
        return cls(link, customer, found, await MailedLink.open_of(vendor_id, found.id, UNDO) is not None)

    @classmethod
    async def withdraw_elsewhere(cls, vendor_id: int, customer_id: int, session_id: int) -> None:
        """End what other sessions have asked for: whoever is signed out takes no address along (ASVS 7.4.3)."""
        asked = MailedLink.select(MailedLink.id, MailedLink.detail).where(
            MailedLink.vendor == vendor_id, MailedLink.customer == customer_id, MailedLink.purpose == CHANGE,
            MailedLink.used_at.is_null(),
        )  # fmt: skip
        ids = [row["id"] for row in await asked if json.loads(row["detail"])["session"] != session_id]
        await MailedLink.update({MailedLink.used_at: database.now()}).where(
            MailedLink.vendor == vendor_id, MailedLink.customer == customer_id, MailedLink.id.is_in(ids or [0]),
            MailedLink.used_at.is_null(),
        )  # fmt: skip

    @property
    def state(self) -> str:
        """live, used, expired, closed (the account that asked is), taken (by an account that is closed), fresh.

        Merging ends the ways back into the account that is absorbed. One that moved within the week is not absorbed, or
        a thief could get rid of its owner's way back by merging it into an account of their own.
        """
        if self.link.state != "live":
            return self.link.state
        if self.customer.disabled_at:
            return "closed"
        if self.other and self.other.disabled_at:
            return "taken"
        return "fresh" if self.is_fresh else "live"

    @property
    def done(self) -> bool:
        return self.link.email == self.customer.email

    @classmethod
    async def confirm(cls, vendor_id: int, token: str, *, merge: bool) -> Moved | None:
        """Move to the proven address, inside a transaction; None when the link is not good for that any more.

        An account that is already there becomes part of this one, if that was agreed to. Every session ends but the
        one that asked; after a merge that one too, since it would show what another account had.
        """
        await Vendor.hold(vendor_id)
        change = await cls.by_token(vendor_id, CHANGE, token)
        if change is None or change.state != "live" or (change.other and not merge) or not await change.link.redeem():
            return None
        moved = await change.move()
        if moved.merged:
            await Session.revoke_all(vendor_id, moved.customer.id)
            return moved
        session_id = change.link.details["session"]
        await Session.revoke_others(vendor_id, moved.customer.id, session_id)
        return moved._replace(session_id=session_id)

    @classmethod
    async def undo(cls, vendor_id: int, token: str) -> Moved | None:
        """Back to the old address, with everybody out and no password left; None when the link is not good any more.

        An account opened at the old address meanwhile becomes part of this one: the link was in its mailbox. Undo
        links of earlier addresses stay good, so that whoever had the account first has the last word.
        """
        await Vendor.hold(vendor_id)
        change = await cls.by_token(vendor_id, UNDO, token)
        if change is None or change.state != "live" or change.done or not await change.link.redeem():
            return None
        moved = await change.move()
        await Session.revoke_all(vendor_id, moved.customer.id)
        await moved.customer.forget_password()
        await Device.forget_others(vendor_id, moved.customer.id, None)
        await change.link.withdraw_newer()
        return moved if moved.kept else moved._replace(kept=await change.keep_account())

    async def keep_account(self) -> datetime | None:
        """Take back a deletion that was asked for since the address was changed: it was not the owner who did."""
        closes_at = self.customer.closes_at
        if closes_at is None or closes_at - closing.GRACE < self.link.created_at:
            return None
        return await closing.withdraw(self.customer.vendor, self.customer.id)

    @staticmethod
    async def offer_undo(moved: Moved) -> tuple[MailedLink, str]:
        """A link for the mailbox before, and its token."""
        return await MailedLink.make(moved.customer.vendor, moved.customer.id, UNDO, moved.before, UNDO_LIFETIME)

    async def move(self) -> Moved:
        before, kept = self.customer.email, None
        if self.other:
            await absorb(self.customer, self.other)
            # Whoever joins two accounts wants to keep what is in them.
            kept = await closing.withdraw(self.customer.vendor, self.customer.id) or self.other.closes_at
        await self.customer.move_to(self.link.email)
        await SignInRequest.withdraw(self.customer.vendor, self.customer.id)
        await MailedLink.withdraw(self.customer.vendor, self.customer.id, *WAYS_IN)
        return Moved(self.customer, before, self.other is not None, kept=kept)
