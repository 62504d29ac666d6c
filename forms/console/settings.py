"""The settings of a center, as ClickFunnels groups them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from forms import Form
from tables.email_address import canonical_address
from tables.vendor import HOST, MAIL_SWITCHES, SWITCHES, Vendor
from theming.console.choices import currencies, locales, time_zones, with_present
from theming.console.settings_words import PLACE_PREFIX, TAB_NAMES, TAB_PREFIX
from theming.words import _

LINKS = 4
PAPERS = {"legal_name": 200, "tax_number": 60, "paper_footer": 300}
LONGEST_ADDRESS = 500
LENGTHS = {"name": 120, "headline": 200, "sender_name": 120, "cancel_offer": 300, **PAPERS}
BOXES = (*SWITCHES, *MAIL_SWITCHES, "answer_unknown", "cancel_without_sign_in")
REASONS, LONGEST_REASON = 20, 100
CODES = frozenset({"too_expensive", "unused", "missing_features", "switched_service", "too_complex", "low_quality",
                   "customer_service", "other"})  # fmt: skip
"""Why somebody cancels, in Stripe's and ClickFunnels' words (Stripe docs: cancellation_details.feedback)."""
URLS = ("privacy_url", "terms_url", "cancel_offer_url")
HOSTS = ("media_host", "clickfunnels_host")
ADDRESSES = ("support_email", "sender_email")
LONGEST_URL = 500
LONGEST_LABEL = 60
TABS = tuple(f"{TAB_PREFIX}{name}" for name in TAB_NAMES)
PLACES = tuple(f"{PLACE_PREFIX}{name}" for name in TAB_NAMES)
LINK_FIELDS = tuple(f"link_{part}_{number}" for number in range(1, LINKS + 1) for part in ("label", "href"))


class SettingsForm(Form):
    """Boxes that are not ticked are not sent: what is missing of them is off."""

    takes = (
        *LENGTHS, "postal_address", *URLS, *HOSTS, *ADDRESSES, "currency", "locale", "time_zone", *BOXES, "cancel_reasons",
        *TABS, *PLACES, *LINK_FIELDS,
    )  # fmt: skip
    present: Vendor

    @classmethod
    def of(cls, vendor: Vendor) -> SettingsForm:
        """The form as it stands."""
        plain = {
            name: getattr(vendor, name) or ""
            for name in (
                *LENGTHS,
                "postal_address",
                *URLS,
                *HOSTS,
                *ADDRESSES,
                "currency",
                "locale",
                "time_zone",
            )
        }
        reasons = json.loads(vendor.cancel_reasons)
        plain["cancel_reasons"] = "\n".join(one if isinstance(one, str) else ": ".join(one) for one in reasons)
        boxes = {name: "1" for name in BOXES if getattr(vendor, name)}
        boxes |= {f"{TAB_PREFIX}{name}": "1" for name in TAB_NAMES if name not in vendor.hidden}
        ordered = sorted(
            TAB_NAMES, key=lambda name: vendor.order.index(name) if name in vendor.order else len(TAB_NAMES)
        )
        places = {f"{PLACE_PREFIX}{name}": str(place) for place, name in enumerate(ordered, 1)}
        links = {
            f"link_{part}_{number}": text
            for number, link in enumerate(json.loads(vendor.footer_links)[:LINKS], 1)
            for part, text in zip(("label", "href"), link, strict=True)
        }
        form = cls(plain | boxes | places | links)
        form.present = vendor
        return form

    def check(self) -> None:
        for name, length in LENGTHS.items():
            self.values[name] = " ".join(self.values[name].split())
            if len(self.values[name]) > length:
                self.errors[name] = _("Use %(count)s characters or fewer.", count=length)
        if not self.values["name"]:
            self.errors["name"] = _("Give the center a name your customers know.")
        self.values["postal_address"] = "\n".join(
            " ".join(line.split()) for line in self.values["postal_address"].splitlines() if line.strip()
        )
        if len(self.values["postal_address"]) > LONGEST_ADDRESS:
            self.errors["postal_address"] = _("Use %(count)s characters or fewer.", count=LONGEST_ADDRESS)
        for name in URLS:
            self.check_url(name)
        for name in HOSTS:
            self.values[name] = self.values[name].strip().lower()
            if self.values[name] and not HOST.fullmatch(self.values[name]):
                self.errors[name] = _("Enter a host like videos.example.com, without https:// and without a path.")
        for name in ADDRESSES:
            self.check_address(name)
        self.check_choices()
        self.check_links()
        self.check_cancelling()

    def check_url(self, name: str) -> None:
        self.values[name] = self.values[name].strip()
        if self.values[name] and not is_web_address(self.values[name]):
            self.errors[name] = _("Enter a whole address that begins with https://.")

    def check_address(self, name: str) -> None:
        if typed := self.values[name].strip():
            try:
                self.values[name] = canonical_address(typed[:254])
            except ValueError:
                self.errors[name] = _("Enter an email address like name@example.com.")

    def check_choices(self) -> None:
        offered = {"locale": locales(), "time_zone": time_zones(), "currency": [("", ""), *currencies()]}
        for name, choices in offered.items():
            present = getattr(getattr(self, "present", None), name, None) or ""
            if self.values[name] not in dict(with_present(choices, present)):
                self.errors[name] = _("Choose one of these.")
        for name in PLACES:
            if self.values[name] not in ("", *map(str, range(1, len(TAB_NAMES) + 1))):
                self.errors[name] = _("Choose one of these.")

    def check_links(self) -> None:
        for number in range(1, LINKS + 1):
            label, href = f"link_label_{number}", f"link_href_{number}"
            self.values[label] = " ".join(self.values[label].split())
            self.check_url(href)
            if len(self.values[label]) > LONGEST_LABEL:
                self.errors[label] = _("Use %(count)s characters or fewer.", count=LONGEST_LABEL)
            elif bool(self.values[label]) != bool(self.values[href]):
                empty = href if self.values[label] else label
                self.errors.setdefault(empty, _("A link needs both its words and its address."))

    def check_cancelling(self) -> None:
        """Reasons stand one a line, some with the processors' word before; an offer is a sentence, maybe with an address."""
        lines = [" ".join(line.split()) for line in self.values["cancel_reasons"].splitlines()]
        lines = list(dict.fromkeys(line for line in lines if line))
        self.reasons = [coded(line) for line in lines]
        if len(self.reasons) > REASONS:
            self.errors["cancel_reasons"] = _("Use %(count)s reasons or fewer.", count=REASONS)
        elif any(len(line) > LONGEST_REASON for line in lines):
            self.errors["cancel_reasons"] = _("Use %(count)s characters or fewer in each line.", count=LONGEST_REASON)
        if self.values["cancel_offer_url"] and not self.values["cancel_offer"]:
            self.errors.setdefault("cancel_offer", _("Say in a sentence what you offer."))

    @property
    def columns(self) -> dict[str, Any]:
        """What the vendor's row will hold."""
        values = self.values
        texts = {
            name: values[name]
            for name in ("name", "headline", "locale", "time_zone", "postal_address", "cancel_offer", *PAPERS)
        }
        maybe = {name: values[name] or None for name in (*URLS, *HOSTS, *ADDRESSES, "sender_name", "currency")}
        boxes = {name: values[name] == "1" for name in BOXES}
        hidden = sorted(name for name in TAB_NAMES if values[f"{TAB_PREFIX}{name}"] != "1")
        links = [
            [values[f"link_label_{number}"], values[f"link_href_{number}"]]
            for number in range(1, LINKS + 1) if values[f"link_label_{number}"]
        ]  # fmt: skip
        return texts | maybe | boxes | {
            "hidden_tabs": json.dumps(hidden), "tab_order": json.dumps(self.order), "footer_links": json.dumps(links),
            "cancel_reasons": json.dumps(self.reasons, ensure_ascii=False),
        }  # fmt: skip

    @property
    def order(self) -> list[str]:
        """The tabs by the places they were given; none where that is the stock order."""
        places = {name: int(self.values[f"{PLACE_PREFIX}{name}"] or len(TAB_NAMES)) for name in TAB_NAMES}
        ordered = sorted(TAB_NAMES, key=places.__getitem__)
        return [] if ordered == list(TAB_NAMES) else ordered


def coded(line: str) -> str | list[str]:
    """A reason with the processors' word for it, where the line begins with one."""
    code, colon, text = line.partition(":")
    return [code.strip(), text.strip()] if colon and code.strip() in CODES and text.strip() else line


def is_web_address(text: str) -> bool:
    """`https://`, a host, no spaces and nothing before the host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    host = parts.hostname or ""
    return (
        parts.scheme == "https" and bool(HOST.fullmatch(host)) and parts.username is None
        and len(text) <= LONGEST_URL and text.isprintable() and " " not in text
    )  # fmt: skip
