"""Everything the operator can set, read once from the environment (docs/settings.md)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

ROOT = Path(__file__).resolve().parent
SECRET_KEY_BYTES = 32
GRAVATAR = "https://gravatar.com/avatar"


class SettingsError(ValueError):
    """A setting cannot be used; the text is one line for the operator."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The values of one process; `read()` makes it from the environment."""

    environment: str
    base_url: str
    data_dir: Path
    database_url: str
    secret_key: str
    smtp_url: str | None
    mail_from: str
    sms_url: str | None
    sms_token: str | None
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    worker: bool
    log_format: str
    gravatar_url: str | None
    house_vendor: str | None
    clickfunnels_url: str | None = None
    stripe_url: str | None = None
    stripe_secret_key: str | None = None
    stripe_webhook_secret: str | None = None

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def secure(self) -> bool:
        """Whether people reach us by https: decides the cookie prefix, `Secure` and HSTS."""
        return self.base_url.startswith("https://")

    @property
    def base_host(self) -> str:
        """Host and, where it is not the scheme's own, port of BASE_URL."""
        return urlsplit(self.base_url).netloc


NAMES = (
    "ENVIRONMENT", "BASE_URL", "DATA_DIR", "DATABASE_URL", "SECRET_KEY", "SMTP_URL", "MAIL_FROM", "SMS_URL", "SMS_TOKEN",
    "TRUSTED_PROXIES", "WORKER", "LOG_FORMAT", "PORT", "GRAVATAR_URL",
    "CLICKFUNNELS_URL", "HOUSE_VENDOR", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_URL",
)  # fmt: skip


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings; raises SettingsError with one plain line."""
    environment = one_of(environ, "ENVIRONMENT", "development", ("development", "production"))
    data_dir = Path(environ.get("DATA_DIR") or ROOT / "data").resolve()
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    base_url = read_base_url(environ)
    return Settings(
        environment=environment,
        base_url=base_url,
        data_dir=data_dir,
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'center.sqlite'}",
        secret_key=environ.get("SECRET_KEY") or kept_secret_key(data_dir / "secret_key"),
        smtp_url=environ.get("SMTP_URL") or None,
        mail_from=environ.get("MAIL_FROM") or f"no-reply@{urlsplit(base_url).hostname}",
        sms_url=read_sms_url(environ),
        sms_token=environ.get("SMS_TOKEN") or None,
        trusted_proxies=read_networks(environ.get("TRUSTED_PROXIES", "")),
        worker=one_of(environ, "WORKER", "1", ("0", "1")) == "1",
        log_format=one_of(environ, "LOG_FORMAT", "text" if environment == "development" else "json", ("text", "json")),
        gravatar_url=read_gravatar_url(environ),
        clickfunnels_url=read_stand_in(environ, "CLICKFUNNELS_URL"),
        stripe_url=read_stand_in(environ, "STRIPE_URL"),
        stripe_secret_key=environ.get("STRIPE_SECRET_KEY") or None,
        stripe_webhook_secret=environ.get("STRIPE_WEBHOOK_SECRET") or None,
        house_vendor=read_house_vendor(environ),
    )


def refusals(settings: Settings, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Why a server or worker must not start in production; empty when all is well."""
    if not settings.production:
        return []
    checks = [
        (not settings.smtp_url, "SMTP_URL is not set, so no sign-in mail could ever arrive"),
        (len(settings.secret_key) < SECRET_KEY_BYTES, f"SECRET_KEY is shorter than {SECRET_KEY_BYTES} characters"),
        (not settings.secure, "BASE_URL does not begin with https://"),
        (any(not network.prefixlen for network in settings.trusted_proxies),
         "TRUSTED_PROXIES trusts every address; name your proxy's own"),
        (settings.clickfunnels_url is not None,
         "CLICKFUNNELS_URL is set, which is for development: vendors' API tokens belong to ClickFunnels alone"),
        (settings.stripe_url is not None,
         "STRIPE_URL is set, which is for development: vendors' secret keys belong to Stripe alone"),
        (environ.get("LITESTAR_DEBUG", "0").lower() in ("1", "true"), "LITESTAR_DEBUG is on"),
        (bool(settings.data_dir.stat().st_mode & 0o007), f"{settings.data_dir} can be read by every user (chmod o= it)"),
    ]  # fmt: skip
    return [why for refused, why in checks if refused]


def one_of(environ: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = environ.get(name) or default
    if value not in allowed:
        raise SettingsError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}")
    return value


def read_base_url(environ: Mapping[str, str]) -> str:
    """The public address of the base host, without a trailing slash: scheme, host and port only."""
    value = (environ.get("BASE_URL") or f"http://127.0.0.1:{environ.get('PORT') or 8000}").rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise SettingsError(f"BASE_URL is {value!r}; it must look like https://center.example.com")
    return value.lower()


def read_gravatar_url(environ: Mapping[str, str]) -> str | None:
    """Where customers' pictures come from, without a trailing slash; None when set to nothing."""
    value = environ.get("GRAVATAR_URL", GRAVATAR).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
        raise SettingsError(f"GRAVATAR_URL is {value!r}; it must look like {GRAVATAR}, or be empty")
    return value or None


def read_house_vendor(environ: Mapping[str, str]) -> str | None:
    """The slug of the center that is the house's own shop, if there is one; whether it exists is not known here."""
    value = environ.get("HOUSE_VENDOR", "").strip() or None
    if value and not (value.isascii() and value == value.lower() and value.replace("-", "").isalnum()):
        raise SettingsError(f"HOUSE_VENDOR is {value!r}; it must be a vendor's slug, such as acme")
    return value


def read_sms_url(environ: Mapping[str, str]) -> str | None:
    """The http(s) address that takes text messages, if there is one."""
    value = environ.get("SMS_URL") or None
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise SettingsError("SMS_URL must look like https://texts.example.com/messages")
    return value


def read_stand_in(environ: Mapping[str, str], name: str) -> str | None:
    """What stands in for an outside system's API in development and tests, without a trailing slash."""
    value = (environ.get(name) or "").rstrip("/") or None
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise SettingsError(f"{name} must look like http://127.0.0.1:9000")
    return value


def read_networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Comma-separated addresses or CIDR ranges of the proxies whose X-Forwarded-For counts."""
    try:
        return tuple(
            ip_network({"*": "0.0.0.0/0"}.get(part, part), strict=False)
            for part in value.replace(" ", "").split(",") if part
        )  # fmt: skip
    except ValueError as error:
        raise SettingsError(f"TRUSTED_PROXIES: {error}") from None


def kept_secret_key(path: Path) -> str:
    """The key made on the first run and kept beside the data, readable by its owner alone."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(SECRET_KEY_BYTES))
    except FileExistsError:
        pass
    return path.read_text().strip()


def of_this_process() -> Settings:
    """The environment's settings; one that cannot be used ends the process with its line, not with a traceback."""
    try:
        return read()
    except SettingsError as error:
        raise SystemExit(f"refusing to start: {error}") from None


settings = of_this_process()
