"""A seller with a center of their own: name, look, secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from piccolo.columns import BigInt, Boolean, Integer, Serial, Text, Varchar
from piccolo.table import Table

import database
from database import Bound
from settings import settings
from tables.sealed import seal, unseal
from tables.timestamps import moment

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
RESERVED_SLUGS = frozenset(
    "account admin api avatar confirmation console courses dashboard deletion dev email entry favicon.ico health invitation "
    "kept-forms mail media password pay robots.txt schema setup sign-in sign-out sso static theme view webhooks www".split()
)
CLICKFUNNELS = ".myclickfunnels.com"
SWITCHES = (
    "billing_information", "payment_method_updates", "subscription_updates", "subscription_cancel", "subscription_pause",
)  # fmt: skip
"""What customers may see or ask for besides the tabs; the columns of these names (ClickFunnels' and Stripe's own words)."""
MAIL_SWITCHES = ("mail_receipts", "mail_reminders")
"""Which mails about money are sent; the columns of these names. Off for vendors whose other systems send them."""
HOUSE = "console"
"""The slug of the house's own center: the console, whose customers are the vendors' people."""
SECRET_OVERLAP = timedelta(days=2)
"""How long the previous secret still verifies after a rotation; ClickFunnels retries for about 37 hours."""


ADDRESSES = (
    "SELECT support_email AS email FROM vendors WHERE id = {} AND support_email IS NOT NULL UNION "
    "SELECT cu.email FROM members m JOIN customers cu ON cu.id = m.person_id WHERE m.vendor_id = {} "
    "AND m.role IN ('owner', 'admin') AND cu.closed_at IS NULL "
    "AND (SELECT support_email FROM vendors WHERE id = {}) IS NULL ORDER BY email LIMIT 20"
)


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
    clickfunnels_token = Text(null=True, default=None)
    clickfunnels_token_at = moment()
    clickfunnels_subdomain = Varchar(length=63, null=True, default=None)
    clickfunnels_workspace = Varchar(length=64, null=True, default=None)
    clickfunnels_sight = Text(null=True, default=None)
    stripe_key = Text(null=True, default=None)
    stripe_key_at = moment()
    stripe_account = Varchar(length=64, null=True, default=None)
    stripe_secret = Text(null=True, default=None)
    stripe_previous_secret = Text(null=True, default=None)
    stripe_rotated_at = moment()
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
    currency = Varchar(length=3, null=True, default=None)
    sender_email = Varchar(length=254, null=True, default=None)
    sender_proven_at = moment()
    billing_information = Boolean(default=True)
    payment_method_updates = Boolean(default=True)
    subscription_updates = Boolean(default=True)
    subscription_cancel = Boolean(default=False)
    subscription_pause = Boolean(default=False)
    cancel_without_sign_in = Boolean(default=False)
    cancel_reasons = Text(default="[]")
    cancel_offer = Text(default="")
    cancel_offer_url = Varchar(length=500, null=True, default=None)
    tab_order = Text(default="[]")
    footer_links = Text(default="[]")
    wanted_domain = Varchar(length=253, null=True, default=None)
    proof = Varchar(length=64, null=True, default=None)
    favicon = Varchar(length=80, null=True, default=None)
    words = Text(default="{}")
    theme_version = BigInt(null=True, default=None)
    next_order_number = Integer(default=1001)
    mail_receipts = Boolean(default=True)
    mail_reminders = Boolean(default=True)
    legal_name = Varchar(length=200, default="")
    postal_address = Text(default="")
    tax_number = Varchar(length=60, default="")
    paper_footer = Varchar(length=300, default="")
    next_invoice_number = Integer(default=1001)
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
        """Take a new secret for webhooks or for `sso`; the one before stays good for SECRET_OVERLAP."""
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
    async def keep_token(cls, vendor_id: int, token: str) -> None:
        """Keep the token for ClickFunnels' API, sealed, in place of the one before."""
        await cls.update({cls.clickfunnels_token: seal(token), cls.clickfunnels_token_at: database.now()}).where(
            cls.id == vendor_id
        )

    @classmethod
    async def keep_stripe_key(cls, vendor_id: int, key: str | None, account: str | None = None) -> None:
        """Keep the secret key for Stripe's API, sealed, in place of the one before; None forgets it."""
        await cls.update(
            {cls.stripe_key: seal(key) if key else None, cls.stripe_key_at: database.now() if key else None,
             cls.stripe_account: account}
        ).where(cls.id == vendor_id)  # fmt: skip

    @classmethod
    async def forget_secret(cls, vendor_id: int, purpose: str) -> None:
        """Switch off what a secret opens, with the one before it."""
        column = cls._meta.get_column_by_name
        await cls.update({column(f"{purpose}_secret"): None, column(f"{purpose}_previous_secret"): None}).where(
            cls.id == vendor_id
        )

    @classmethod
    async def forget_token(cls, vendor_id: int) -> None:
        """The workspace stays known."""
        await cls.update(
            {cls.clickfunnels_token: None, cls.clickfunnels_token_at: None, cls.clickfunnels_sight: None}
        ).where(cls.id == vendor_id)

    @classmethod
    async def keep_workspace(cls, vendor_id: int, subdomain: str, workspace: str, sight: str = "{}") -> None:
        """Which ClickFunnels workspace the vendor's records are in, and as JSON what was seen there."""
        await cls.update(
            {cls.clickfunnels_subdomain: subdomain, cls.clickfunnels_workspace: workspace,
             cls.clickfunnels_sight: sight}
        ).where(cls.id == vendor_id)  # fmt: skip

    @classmethod
    async def change(cls, vendor_id: int, values: Mapping[str, Any]) -> list[str]:
        """Set columns by name; returns the names of those that were something else before."""
        row = await cls.select().where(cls.id == vendor_id).first()
        changed = {name: value for name, value in values.items() if row is not None and row[name] != value}
        if "sender_email" in changed:
            changed["sender_proven_at"] = None
        if changed:
            column = cls._meta.get_column_by_name
            await cls.update({column(name): value for name, value in changed.items()}).where(cls.id == vendor_id)
        return sorted(changed.keys() - {"sender_proven_at"})

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
    def api_token(self) -> str | None:
        """The token for ClickFunnels' API in the clear."""
        return readable(self.clickfunnels_token) if self.clickfunnels_token else None

    @property
    def stripe_api_key(self) -> str | None:
        """The secret key for Stripe's API in the clear; the house's own center may have it from the environment."""
        if self.stripe_key:
            return readable(self.stripe_key)
        return settings.stripe_secret_key if self.is_house_shop else None

    @property
    def stripe_secrets(self) -> list[str]:
        """The secrets a webhook of Stripe may be signed with, newest first."""
        own = in_force(self.stripe_secret, self.stripe_previous_secret, self.stripe_rotated_at)
        if own or self.stripe_secret or not self.is_house_shop or not settings.stripe_webhook_secret:
            return own
        return [settings.stripe_webhook_secret]

    @property
    def is_house_shop(self) -> bool:
        """Whether this is the center that HOUSE_VENDOR names."""
        return self.slug == settings.house_vendor

    @classmethod
    async def addresses(cls, vendor_id: int) -> list[str]:
        """Where the vendor reads what customers ask for: the support address, else the owners and admins."""
        return [row["email"] for row in await database.raw(ADDRESSES, vendor_id, vendor_id, vendor_id)]

    @property
    def subdomain(self) -> str | None:
        """The name of the vendor's workspace in ClickFunnels' own addresses, as far as it is known."""
        host = self.clickfunnels_host or ""
        return self.clickfunnels_subdomain or (
            host.removesuffix(CLICKFUNNELS) if host.endswith(CLICKFUNNELS) else None
        )  # fmt: skip

    @property
    def look(self) -> dict[str, str]:
        return tokens_of(self.tokens)

    @property
    def hidden(self) -> Sequence[str]:
        return list(json.loads(self.hidden_tabs))

    @property
    def order(self) -> Sequence[str]:
        """The tabs in the vendor's own order, as far as one was chosen."""
        return list(json.loads(self.tab_order))

    @property
    def switches(self) -> frozenset[str]:
        """The names of SWITCHES that are on."""
        return frozenset(name for name in SWITCHES if getattr(self, name))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def tokens_of(source: str) -> dict[str, str]:
    """Stored tokens; nothing where the text is none."""
    try:
        found = json.loads(source)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


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
