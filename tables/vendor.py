"""A seller with a center of their own: name, look, secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from piccolo.columns import Boolean, Integer, Serial, Text, Varchar
from piccolo.table import Table

import database
from database import Bound
from tables.sealed import seal, unseal
from tables.timestamps import moment

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
RESERVED_SLUGS = frozenset(
    "account admin api avatar confirmation console courses dashboard deletion dev email favicon.ico health invitation "
    "kept-forms mail media password robots.txt schema setup sign-in sign-out sso static theme webhooks www".split()
)
HOUSE = "console"
"""The slug of the house's own center: the console, whose customers are the vendors' people."""
SECRET_OVERLAP = timedelta(days=2)
"""How long the previous secret still verifies after a rotation; ClickFunnels retries for about 37 hours."""


class Vendor(Table, tablename="vendors"):
    id = Serial(primary_key=True)
    slug = Varchar(length=40, unique=True)
    name = Varchar(length=120)
    headline = Varchar(length=200, default="")
    domain = Varchar(length=253, null=True, default=None, unique=True)
    support_email = Varchar(length=320, null=True, default=None)
    sender_name = Varchar(length=120, null=True, default=None)
    privacy_url = Varchar(length=500, null=True, default=None)
    terms_url = Varchar(length=500, null=True, default=None)
    locale = Varchar(length=20, default="en")
    time_zone = Varchar(length=64, default="UTC")
    media_host = Varchar(length=253, null=True, default=None)
    clickfunnels_secret = Text(null=True, default=None)
    clickfunnels_previous_secret = Text(null=True, default=None)
    clickfunnels_rotated_at = moment()
    clickfunnels_host = Varchar(length=253, null=True, default=None)
    sso_secret = Text(null=True, default=None)
    sso_previous_secret = Text(null=True, default=None)
    sso_rotated_at = moment()
    theme = Varchar(length=60, null=True, default=None)
    tokens = Text(default="{}")
    hidden_tabs = Text(default="[]")
    logo = Varchar(length=80, null=True, default=None)
    logo_alt = Varchar(length=200, default="")
    logo_width = Varchar(length=5, default="")
    logo_height = Varchar(length=5, default="")
    answer_unknown = Boolean(default=True)
    partials_changed = Integer(default=0)
    """How often the vendor's partials have changed: what is compiled of them is good as long as this stays."""
    created_at = moment()

    @classmethod
    async def add(cls, slug: str, name: str, **values: Any) -> Self:
        """Add a vendor; raises ValueError for a slug or host that cannot be used."""
        check_slug(slug)
        if await cls.exists().where(cls.slug == slug):
            raise ValueError(f"there is a vendor {slug!r} already")
        vendor = cls(slug=slug, name=name, created_at=database.now(), **values)
        await vendor.save()
        return vendor

    @classmethod
    def sellers(cls) -> Any:
        """Every vendor but the house itself, by slug."""
        return cls.objects().where(cls.slug != HOUSE).order_by(cls.slug)

    @classmethod
    async def hold(cls, vendor_id: int) -> None:
        """Hold the vendor's row to the end of the transaction: one writer of a vendor's mirrored records at a time."""
        await database.raw(f"SELECT id FROM vendors WHERE id = {{}}{database.lock_clause()}", vendor_id)

    @classmethod
    async def rotate_secret(cls, vendor_id: int, secret: str, purpose: str = "clickfunnels") -> None:
        """Take a new secret for webhooks or single sign-on (`sso`); the one before stays good for SECRET_OVERLAP."""
        column = cls._meta.get_column_by_name
        row = await cls.select(column(f"{purpose}_secret")).where(cls.id == vendor_id).first()
        await cls.update(
            {
                column(f"{purpose}_secret"): seal(secret),
                column(f"{purpose}_previous_secret"): row[f"{purpose}_secret"] if row else None,
                column(f"{purpose}_rotated_at"): database.now(),
            }
        ).where(cls.id == vendor_id)

    @classmethod
    async def by_id(cls, vendor_id: int) -> Self | None:
        """The whole row, secrets included: pages only have the `Center` made from it."""
        return await cls.objects().where(cls.id == vendor_id).first()

    @property
    def webhook_secrets(self) -> list[str]:
        """The secrets a signature may be made with, newest first."""
        return in_force(self.clickfunnels_secret, self.clickfunnels_previous_secret, self.clickfunnels_rotated_at)

    @property
    def sso_secrets(self) -> list[str]:
        """The secrets a single sign-on may be signed with, newest first."""
        return in_force(self.sso_secret, self.sso_previous_secret, self.sso_rotated_at)

    @property
    def look(self) -> dict[str, str]:
        return dict(json.loads(self.tokens))

    @property
    def hidden(self) -> Sequence[str]:
        return list(json.loads(self.hidden_tabs))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


vendor_by_slug = Bound(lambda slug: Vendor.select().where(Vendor.slug == slug), "slug")
vendor_by_domain = Bound(lambda domain: Vendor.select().where(Vendor.domain == domain), "domain")


def in_force(current: str | None, previous: str | None, rotated_at: datetime | None) -> list[str]:
    """The current secret and, for SECRET_OVERLAP after a rotation, the one before, both in the clear."""
    overlapping = rotated_at is not None and database.now() - rotated_at < SECRET_OVERLAP
    sealed = [current, previous if overlapping else None]
    return [text for secret in sealed if secret and (text := readable(secret))]


def readable(secret: str) -> str | None:
    """A secret sealed under another SECRET_KEY verifies nothing any more."""
    try:
        return unseal(secret)
    except ValueError:
        return None


def check_slug(slug: str) -> None:
    """Raise ValueError unless the slug can be the first part of a path: it never changes afterwards."""
    if not SLUG.fullmatch(slug):
        raise ValueError("a slug is 1 to 40 of a-z, 0-9 and hyphens, and begins and ends with a letter or digit")
    if slug in RESERVED_SLUGS:
        raise ValueError(f"{slug!r} is reserved; choose another slug")
