"""What a payment method is called: `Visa ending 4242`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theming.account_words import PROCESSORS
from theming.words import _

BRANDS = {
    "visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover", "diners": "Diners Club",
    "jcb": "JCB", "unionpay": "UnionPay", "eftpos_au": "eftpos",
}  # fmt: skip
FACTS = ("kind", "brand", "last4", "processor", "reference")


def card_facts(method: Any) -> dict[str, str | None]:
    """What is written down of a method beside a wish, to be told in any language later."""
    return {name: getattr(method, name) for name in FACTS}


def card(facts: Mapping[str, Any]) -> str:
    """A method's name from its facts; never more of its number than the last four digits."""
    kinds = {"card": _("Card"), "sepa_debit": _("SEPA debit"), "us_bank_account": _("Bank account"), "link": "Link",
             "paypal": "PayPal"}  # fmt: skip
    kind, brand = facts.get("kind") or "", facts.get("brand") or ""
    name = BRANDS.get(brand, brand.replace("_", " ").capitalize()) or kinds.get(kind, "")
    if facts.get("last4"):
        return _("%(name)s ending %(digits)s", name=name or _("Card"), digits=facts["last4"])
    if name:
        return name
    processor = facts.get("processor") or ""
    processor = PROCESSORS.get(processor, processor)
    tail = (facts.get("reference") or "")[-4:]
    return (_("Payment method with %(name)s, reference ending %(tail)s", name=processor, tail=tail) if processor
            else _("Payment method, reference ending %(tail)s", tail=tail))  # fmt: skip
