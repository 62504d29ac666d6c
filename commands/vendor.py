"""`litestar vendor …`: add a vendor, set how their center looks, list them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies

import database
from commands.running import with_database
from controllers.center.account import TABS
from forms.console.payments import KEY, SECRET
from integrations.logos import keep_logo
from integrations.pictures import Unusable
from integrations.sso import SHORTEST_SECRET
from settings import settings
from tables.email_address import canonical_address
from tables.theme_version import ThemeVersion
from tables.vendor import HOST, HOUSE, SWITCHES, Vendor
from theming.center import center_of
from theming.console.contrast_words import said
from theming.environment import themes
from theming.tokens import CHOICES, COLORS, checked

TAB_NAMES = [tab.path.lstrip("/") for tab in TABS]
TEXTS = ("name", "headline", "sender_name")
LINKS = ("privacy_url", "terms_url")
NOT_OF_THE_HOUSE = (
    "domain", "clickfunnels_secret", "clickfunnels_host", "sso_secret", "new_sso_secret", "show_tab", "stripe_key",
    "stripe_webhook_secret",
)  # fmt: skip
"""Options that would make a shop of the console's own center."""


@click.group()
def vendor() -> None:
    """Vendors and how their centers look."""


@vendor.command()
@click.argument("slug")
@click.option("--name", required=True, help="The name customers see.")
@click.option("--domain", help="The center's own host, such as center.acme.com.")
@click.option("--clickfunnels-secret", help="The webhook secret, if you know it already.")
@with_database
async def add(slug: str, name: str, domain: str | None, clickfunnels_secret: str | None) -> None:
    """Add a vendor and print the center's link, the webhook address and the secret."""
    made = await Vendor.add(slug, name, domain=check_host(domain))
    secret = clickfunnels_secret or secrets.token_hex(32)
    await Vendor.rotate_secret(made.id, secret)
    print(f"Center:          {center_of(made).link('/')}")
    print(f"Webhook address: {settings.base_url}/webhooks/{slug}/clickfunnels")
    print(f"Webhook secret:  {secret}")
    if not clickfunnels_secret:
        print("ClickFunnels makes its own secret once it knows the address; give it to us with")
        print(f"  litestar vendor set {slug} --clickfunnels-secret …")


@vendor.command(name="list")
@with_database
async def list_() -> None:
    """List the vendors with their centers' links."""
    for row in await Vendor.sellers():
        print(f"{row.slug:<20} {row.name:<30} {center_of(row).link('/')}")


def options(command: Any) -> Any:
    """The options of `set`, made from the lists they must agree with."""
    for name in (*TEXTS, *LINKS, "domain", "support_email", "locale", "time_zone", "media_host",
                 "clickfunnels_secret", "clickfunnels_host", "sso_secret", "stripe_key", "stripe_webhook_secret",
                 "logo_alt", "currency", "sender_email"):  # fmt: skip
        command = click.option(f"--{name.replace('_', '-')}")(command)
    for name in (*COLORS, *CHOICES):
        command = click.option(f"--{name.replace('_', '-')}", help=", ".join(CHOICES.get(name, ("#rrggbb",))))(command)
    for flag in ("--hide-tab", "--show-tab"):
        command = click.option(flag, multiple=True, type=click.Choice(TAB_NAMES))(command)
    for flag in ("--allow", "--forbid"):
        command = click.option(flag, multiple=True, type=click.Choice([name.replace("_", "-") for name in SWITCHES]))(
            command
        )
    command = click.option("--logo", type=click.Path(exists=True, dir_okay=False, path_type=Path))(command)
    command = click.option("--theme", help="An operator theme: a folder in themes/, or none.")(command)
    command = click.option("--new-sso-secret", is_flag=True, help="Make a single sign-on secret and print it.")(command)
    return click.option("--answer-unknown/--no-answer-unknown", default=None, help="Mail addresses without account.")(
        command
    )


@vendor.command(name="set")
@click.argument("slug")
@options
@with_database
async def set_(slug: str, **given: Any) -> None:
    """Set names, links, tokens, tabs, logo, theme and secret; what is not named stays, an empty text clears."""
    row = await Vendor.objects().where(Vendor.slug == slug).first()
    if row is None:
        raise ValueError(f"there is no vendor {slug!r}")
    if slug == HOUSE and any(given[name] for name in NOT_OF_THE_HOUSE):
        raise ValueError("the console has no host, no shop and no single sign-on of its own")
    secret, new_sso = given.pop("clickfunnels_secret"), given.pop("new_sso_secret")
    values = values_of(row, {name: value for name, value in given.items() if value not in (None, ())})
    look = json.loads(values["tokens"]) if "tokens" in values else None
    if secret:
        await Vendor.rotate_secret(row.id, secret)
    await set_stripe(row, given["stripe_key"], given["stripe_webhook_secret"])
    if sso_secret := secrets.token_hex(32) if new_sso else given["sso_secret"]:
        await Vendor.rotate_secret(row.id, sso_secret, "sso")
    if "tokens" in values:
        await ThemeVersion.publish(row.id, json.loads(values.pop("tokens")), "litestar vendor set")
    if values:
        columns = {Vendor._meta.get_column_by_name(name): value for name, value in values.items()}
        await Vendor.update(columns).where(Vendor.id == row.id)
    if new_sso:
        print(f"Single sign-on secret: {sso_secret}")
    for line in said(look) if look is not None else []:
        print(line)
    print("Saved. Running servers show it within five seconds.")


async def set_stripe(row: Vendor, key: str | None, secret: str | None) -> None:
    """Keep what is given; an empty text forgets. Whether the key works is for `litestar doctor` to say."""
    if key and not KEY.fullmatch(key):
        raise ValueError("--stripe-key must be a whole secret key of Stripe: it begins with sk_ or rk_")
    if secret and not SECRET.fullmatch(secret):
        raise ValueError("--stripe-webhook-secret must be a whole signing secret of Stripe: it begins with whsec_")
    if key is not None:
        await Vendor.keep_stripe_key(row.id, key or None)
    if secret:
        await Vendor.rotate_secret(row.id, secret, "stripe")
    elif secret is not None:
        await Vendor.forget_secret(row.id, "stripe")


def values_of(row: Vendor, given: dict[str, Any]) -> dict[str, Any]:
    """Checked column values; raises ValueError with a line for the operator."""
    if given.get("name") == "":
        raise ValueError("a center needs a name")
    values = {name: given[name][:500] for name in (*TEXTS, "logo_alt") if name in given}
    values |= {name: check_link(given[name]) for name in LINKS if name in given}
    checks: dict[str, Callable[[Any], Any]] = {
        "domain": check_host, "media_host": check_host, "clickfunnels_host": check_host, "support_email": check_address,
        "locale": check_locale, "time_zone": check_zone, "theme": check_theme, "answer_unknown": bool, "currency": check_currency,
    }  # fmt: skip
    values |= {name: check(given[name]) for name, check in checks.items() if name in given}
    if tokens := {name: given[name] for name in (*COLORS, *CHOICES) if name in given}:
        kept = {name: value for name, value in (row.look | tokens).items() if value}
        values["tokens"] = json.dumps(checked(kept))
    if "hide_tab" in given or "show_tab" in given:
        hidden = (set(row.hidden) | set(given.get("hide_tab", ()))) - set(given.get("show_tab", ()))
        values["hidden_tabs"] = json.dumps(sorted(hidden))
    for flag, on in (("allow", True), ("forbid", False)):
        values |= {name.replace("-", "_"): on for name in given.get(flag, ())}
    if "sender_email" in given:
        # Whoever runs the server answers for it: nobody need look it up in the DNS.
        address = check_address(given["sender_email"])
        values |= {"sender_email": address, "sender_proven_at": database.now() if address else None}
    if check_sso_secret(given.get("sso_secret")) == "":
        values |= {"sso_secret": None, "sso_previous_secret": None}
    return values | (logo(given["logo"]) if "logo" in given else {})


def logo(path: Path) -> dict[str, str]:
    """A logo is re-encoded like every picture: no SVG, no metadata."""
    try:
        kept, icon = keep_logo(path.read_bytes())
    except Unusable as error:
        raise ValueError(f"{path}: {error}") from None
    return {"logo": kept.path, "logo_width": str(kept.width), "logo_height": str(kept.height), "favicon": icon.path}


def check_host(host: str | None) -> str | None:
    if host and not HOST.fullmatch(host.lower()):
        raise ValueError(f"{host!r} is not a host name like center.example.com")
    return host.lower() if host else None


def check_sso_secret(secret: str | None) -> str | None:
    """A key for HS256 (RFC 7518, 3.2)."""
    if secret and len(secret.encode()) < SHORTEST_SECRET:
        raise ValueError(f"a single sign-on secret has at least {SHORTEST_SECRET} characters")
    return secret


def check_address(address: str) -> str | None:
    return canonical_address(address) if address else None


def check_link(link: str) -> str | None:
    if not link:
        return None
    if not link.startswith("https://"):
        raise ValueError(f"{link!r} must begin with https://")
    return link[:500]


def check_currency(code: str) -> str | None:
    if code and code.upper() not in list_currencies():
        raise ValueError(f"{code!r} is not a currency like USD")
    return code.upper() or None


def check_locale(tag: str) -> str:
    try:
        return str(Locale.parse(tag.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        raise ValueError(f"{tag!r} is not a locale like en or pt-BR") from None


def check_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{name!r} is not a time zone like Europe/Berlin") from None


def check_theme(name: str) -> str | None:
    if name != "none" and name not in themes():
        raise ValueError(f"there is no theme {name!r}; there are {', '.join(themes())}, or none")
    return None if name == "none" else name
