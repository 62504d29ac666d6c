"""The picture of a customer, looked up by the worker when they have signed in: verbs on their own row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import database
from settings import settings
from tables.customer import Customer
from tables.session import Session

LEASE = timedelta(minutes=2)
DAY = timedelta(days=1)
AGAIN_IF_NONE = timedelta(days=7)
AGAIN_AFTER_TROUBLE = timedelta(hours=6)


class Avatar:
    """`customers.avatar_due_at` is the next look. It is unset for people who are away: nobody asks about them."""

    @staticmethod
    async def want(vendor_id: int, customer_id: int) -> None:
        """Look for the picture now, unless the next look has its time already."""
        if settings.gravatar_url:
            await database.raw(
                "UPDATE customers SET avatar_due_at = {} WHERE vendor_id = {} AND id = {} AND show_gravatar "
                "AND (avatar_due_at IS NULL OR avatar_due_at < {})",
                (now := database.now()), vendor_id, customer_id, now,
            )  # fmt: skip

    @staticmethod
    async def lease(limit: int) -> list[Any]:
        """Customers whose picture is due; a worker that dies gives them back after two minutes."""
        now = database.now()
        due = "avatar_due_at <= {} AND show_gravatar AND disabled_at IS NULL"
        return await database.raw(
            f"{database.taking('customers', due, limit)} UPDATE customers SET avatar_due_at = {{}} FROM taken "
            "WHERE customers.id = taken.taken_id RETURNING id, vendor_id, email, avatar",
            now, now + LEASE,
        )  # fmt: skip

    @staticmethod
    async def named(names: list[str]) -> set[str]:
        """Which of these files are somebody's picture, at whatever vendor: one picture is one file."""
        rows = await Customer.select(Customer.avatar).where(
            Customer.avatar.is_not_null(), Customer.avatar.is_in(names)
        )  # fmt: skip
        return {row["avatar"] for row in rows}

    @staticmethod
    async def is_wanted(row: Any) -> bool:
        """Whether the customer has been here within the last day."""
        return await Session.exists().where(
            Session.vendor == row["vendor_id"], Session.customer == row["id"], Session.revoked_at.is_null(),
            Session.last_seen_at > database.now() - DAY,
        )  # fmt: skip

    @staticmethod
    async def rest(row: Any) -> None:
        """No more looks until they sign in again."""
        await note(row, {Customer.avatar_due_at: None})

    @staticmethod
    async def arrived(row: Any, name: str) -> None:
        await note(row, {Customer.avatar: name, Customer.avatar_due_at: database.now() + DAY})

    @staticmethod
    async def absent(row: Any) -> None:
        """There is none for this address."""
        await note(row, {Customer.avatar: None, Customer.avatar_due_at: database.now() + AGAIN_IF_NONE})

    @staticmethod
    async def missed(row: Any) -> None:
        """Trouble on the way: the picture there may be stays."""
        await note(row, {Customer.avatar_due_at: database.now() + AGAIN_AFTER_TROUBLE})


async def note(row: Any, values: dict[Any, Any]) -> None:
    """Write down what a look has found, unless the customer has another address by now or wants no picture."""
    await Customer.update(values).where(
        Customer.vendor == row["vendor_id"], Customer.id == row["id"], Customer.email == row["email"],
        Customer.show_gravatar.eq(True),
    )  # fmt: skip
