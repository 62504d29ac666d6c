"""A vendor's center as pages and mails need it: name, look, and every address."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from settings import settings
from tables.session import CUSTOMERS, PEOPLE, Limits
from tables.vendor import HOUSE, SWITCHES, Vendor
from theming.assets import static
from theming.colors import on, parse, readable, to_hex
from theming.environment import theme_sheets, theme_tokens, themes
from theming.own_words import OwnWords, own_words
from theming.tokens import DEFAULTS, published, usable


class Logo(NamedTuple):
    url: str
    width: str
    height: str
    alt: str


class FooterLink(NamedTuple):
    label: str
    href: str


@dataclass(frozen=True)
class Center:
    """Made from the vendor's row; kept for a few seconds by `web/tenancy`."""

    vendor_id: int | None
    slug: str
    name: str
    headline: str
    support_email: str | None
    privacy_url: str | None
    terms_url: str | None
    logo: Logo | None
    scheme: str
    header: str
    locale: str
    zone: ZoneInfo
    theme: str | None
    sheets: tuple[str, ...]
    style: str
    style_hash: str
    hidden_tabs: tuple[str, ...]
    media_host: str | None
    prefix: str
    origin: str
    mail: dict[str, str]
    sender_name: str
    answer_unknown: bool
    partials_changed: int = 0
    """How often the vendor has changed parts of the pages: 0 where all are the stock ones (theming/partials/kept.py)."""
    vendor_locale: str | None = None
    """The vendor's own, where the center speaks a customer's."""
    allowed: frozenset[str] = frozenset(SWITCHES)
    """The switches that are on (`tables.vendor.SWITCHES`): what customers may see or ask for."""
    tab_order: tuple[str, ...] = ()
    footer_links: tuple[FooterLink, ...] = ()
    favicon: str | None = None
    currency: str | None = None
    words: OwnWords | None = None
    """What the vendor says in words of their own."""
    mail_from: str = settings.mail_from
    """Where mails come from: the vendor's own address only where the DNS has proven that its domain is theirs."""
    reply_to: str | None = None

    @property
    def is_house(self) -> bool:
        """Whether this is the console's own center, whose customers are the vendors' people."""
        return self.slug == HOUSE

    @property
    def limits(self) -> Limits:
        """How long its sessions last."""
        return PEOPLE if self.is_house else CUSTOMERS

    def url(self, path: str) -> str:
        """The path of a center page as this center's visitors see it: below `/acme`, or plain on its own host."""
        return self.prefix + path

    def speaking(self, language: str | None) -> Center:
        """The same center for somebody who chose a language; None is the vendor's own, whoever it spoke to before."""
        wanted = language or self.vendor_locale or self.locale
        return (
            self
            if wanted == self.locale
            else replace(self, locale=wanted, vendor_locale=self.vendor_locale or self.locale)
        )

    def link(self, path: str) -> str:
        """The same with scheme and host, for mails; never made from what a request claims its host is."""
        return self.origin + self.prefix + path


def center_of(vendor: Vendor) -> Center:
    """The center of a vendor's row."""
    theme = vendor.theme if vendor.theme in themes() else None
    chosen = usable(vendor.look)
    tokens, base = tuple(sorted(chosen.items())), tuple(sorted(theme_tokens(theme).items()))
    look = DEFAULTS | dict(base) | chosen
    css, hashed = published(tokens, base)
    own_sheet = [f"/theme/{vendor.slug}/theme.{hashed}.css"] if css else []
    logo = Logo(f"/media/{vendor.logo}", vendor.logo_width, vendor.logo_height, vendor.logo_alt or vendor.name)
    return Center(
        vendor_id=vendor.id, slug=vendor.slug, name=vendor.name, headline=vendor.headline,
        support_email=vendor.support_email, privacy_url=vendor.privacy_url, terms_url=vendor.terms_url,
        logo=logo if vendor.logo else None, scheme=look["scheme"], header=look["header"], locale=vendor.locale,
        zone=vendor.zone, theme=theme, media_host=vendor.media_host, hidden_tabs=tuple(vendor.hidden),
        sheets=(static("app.css"), *theme_sheets(theme), *own_sheet),
        style=css, style_hash=hashed, prefix="" if vendor.domain else f"/{vendor.slug}",
        origin=origin_of(vendor.domain), mail=mail_colors(look),
        sender_name=vendor.sender_name or vendor.name, answer_unknown=vendor.answer_unknown, allowed=vendor.switches,
        tab_order=tuple(vendor.order), footer_links=tuple(FooterLink(*link) for link in json.loads(vendor.footer_links)),
        favicon=f"/media/{vendor.favicon}" if vendor.favicon else None, currency=vendor.currency,
        words=own_words(vendor.words), reply_to=vendor.support_email or vendor.sender_email,
        mail_from=vendor.sender_email if vendor.sender_email and vendor.sender_proven_at else settings.mail_from,
        partials_changed=vendor.partials_changed,
    )  # fmt: skip


def origin_of(domain: str | None) -> str:
    """Scheme and host a center is reached at; BASE_URL's scheme and port also hold for vendors' own hosts."""
    base = urlsplit(settings.base_url)
    if domain is None:
        return settings.base_url
    return f"{base.scheme}://{domain}" + (f":{base.port}" if base.port else "")


def mail_colors(look: dict[str, str]) -> dict[str, str]:
    """The button of a mail: safe on white by the same rule as on pages."""
    accent = readable(parse(look["accent"]), ((255, 255, 255),), 3)
    return {"accent": to_hex(accent), "accent_fg": to_hex(on(accent))}


NOBODYS = Center(
    vendor_id=None, slug="", name="Customer Center", headline="", support_email=None, privacy_url=None, terms_url=None,
    logo=None, scheme="auto", header="left", locale="en", zone=ZoneInfo("UTC"), theme=None,
    sheets=(static("app.css"),), style="", style_hash="", hidden_tabs=(), media_host=None, prefix="", origin=settings.base_url,
    mail=mail_colors(DEFAULTS), sender_name="Customer Center", answer_unknown=False,
)  # fmt: skip
"""What pages that belong to no vendor look like: the base host's own, and errors on unknown hosts."""
