"""A paper in the words of its reader: the facts of `tables.paper_content` with their amounts and dates written out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tables.countries import country_code
from tables.paper import REST, WHOLE
from tables.paper_revision import BY_CUSTOMER
from theming.center import Center
from theming.countries import territory
from theming.envelopes import envelope
from theming.formats import day, money
from theming.order_words import OrderWords, Words, chip
from theming.words import _, direction

LETTER = frozenset("BZ CA CL CO CR GT MX NI PA PH PR SV US VE".split())
"""Where people print on US Letter (CLDR, paperSize); everybody else has A4."""
PROCESSORS = {"stripe": "Stripe", "paypal": "PayPal", "payments_ai": "Payments AI"}
VOIDED = frozenset({"void", "voided"})
ISOLATE, END = "\u2068", "\u2069"


class PaperWords:
    """Words for the papers of one center."""

    def __init__(self, center: Center) -> None:
        self.center = center

    def invoice(self, content: dict[str, Any], revision: Any = None, order_href: str | None = None) -> Words:
        """An invoice; with `revision` (a PaperRevision) as it was changed."""
        status = chip(OrderWords(self.center).billing, content["status"])
        due = content["due"] if content["status"] not in VOIDED else 0
        facts = [
            self.fact(_("Issued on"), when=content["issued_at"]),
            self.fact(_("Due on"), when=content["due_at"] if due else None),
            self.fact(_("Paid on"), when=content["paid_at"]),
            self.fact(_("Order"), content["order"], href=order_href),
            self.fact(_("Currency"), content["currency"]),
            self.fact(_("Paid with"), paid_with(content["payment"]) if content["paid"] else ""),
        ]
        sums = self.sums(content, _("Total"))
        if content["status"] not in VOIDED:
            sums += [
                self.sum(_("Paid"), content["paid"], content),
                self.sum(_("Amount due"), due, content, strong=True),
            ]
        return self.paper(content, _("Invoice"), facts, sums, _("What you bought"), _("Billed to")) | {
            "status": status, "revision": self.revision(revision), "notes": self.notes(content),
            "lines": [self.line(line, content) for line in content["lines"]],
        }  # fmt: skip

    def memo(self, content: dict[str, Any], order_href: str | None = None) -> Words:
        facts = [
            self.fact(_("Issued on"), when=content["issued_at"]), self.fact(_("For order"), content["order"], href=order_href),
            self.fact(_("Currency"), content["currency"]),
        ]  # fmt: skip
        left = content["left"]
        lines = [self.line(line, content) for line in content["lines"]]
        if content["lines"][0]["kind"] == WHOLE:
            name = content["lines"][0]["name"]
            lines[0] |= {"name": _("Refund of %(items)s", items=name) if name else _("Refund"), "detail": ""}
        sums = self.sums(content, _("Total credit"))
        return self.paper(content, _("Credit memo"), facts, sums, _("What comes back to you"), _("Credited to")) | {
            "reason": self.apart(content["reason"]), "lines": lines, "notes": self.notes(content),
            "left": "" if left is None else _("What is left of what you paid: %(amount)s.", amount=self.money(left, content)),
        }  # fmt: skip

    def paper(self, content: dict[str, Any], kind: str, facts: list[Words | None], sums: list[Words], caption: str,
              for_whom: str) -> Words:  # fmt: skip
        """What every paper has."""
        taxed = any(line["tax"] is not None for line in content["lines"])
        counted = any(not line["kind"] for line in content["lines"])
        return {
            "kind": kind, "number": content["number"], "logo": self.center.logo, "seller": self.seller(content["seller"]),
            "buyer": {"label": for_whom, "lines": self.buyer(content["buyer"])}, "facts": [fact for fact in facts if fact],
            "caption": caption, "columns": [*(["quantity", "unit"] if counted else []), *(["tax"] if taxed else []), "amount"],
            "sums": sums,
            "footer": self.apart(content["seller"]["paper_footer"]), "status": None, "revision": "",
        }  # fmt: skip

    def seller(self, seller: dict[str, str]) -> Words:
        tax = [_("Tax number: %(number)s", number=seller["tax_number"])] if seller["tax_number"] else []
        address = [line.strip() for line in seller["postal_address"].splitlines() if line.strip()]
        name = self.apart(seller["legal_name"] or seller["name"])
        return {"name": name, "lines": [self.apart(line) for line in (*address, *tax)]}

    def buyer(self, buyer: dict[str, Any]) -> list[str]:
        """Company first, as on an envelope; then the person, the address and the VAT number."""
        vat = [_("VAT number: %(number)s", number=buyer["vat"])] if buyer["vat"] else []
        address = envelope(buyer["place"], self.center.locale)
        return [self.apart(line) for line in (buyer["company"], buyer["name"], *address, *vat) if line]

    def fact(self, label: str, value: str = "", *, when: str | None = None, href: str | None = None) -> Words | None:
        shown = day(datetime.fromisoformat(when), self.center.zone, self.center.locale) if when else None
        return {"label": label, "value": value, "when": shown, "href": href} if value or shown else None

    def line(self, line: dict[str, Any], content: dict[str, Any]) -> Words:
        unnamed = line["kind"] in (REST, WHOLE)
        name = line["name"] or (_("Other amounts") if line["kind"] == REST else _("Item"))
        period = self.period(line["starts"], line["ends"])
        detail = [line["detail"], period, _("Not itemized by the seller") if unnamed else ""]
        return {
            "name": self.apart(name), "detail": ", ".join(part for part in detail if part),
            "quantity": "" if unnamed else str(line["quantity"]),
            "unit": "" if unnamed or line["unit"] is None else self.money(line["unit"], content),
            "tax": "" if line["tax"] is None else self.money(line["tax"], content),
            "amount": self.money(line["amount"], content),
        }  # fmt: skip

    def period(self, starts: str | None, ends: str | None) -> str:
        first, last = (
            day(datetime.fromisoformat(moment), self.center.zone, self.center.locale) if moment else None
            for moment in (starts, ends)
        )  # fmt: skip
        if first and last:
            return _("%(start)s to %(end)s", start=first.text, end=last.text)
        return first.text if first else last.text if last else ""

    def sums(self, content: dict[str, Any], label: str) -> list[Words]:
        """What is added to the lines and taken off them, and the total."""
        lines = sum(line["amount"] for line in content["lines"])
        parts = [
            self.sum(_("Discount"), -content["discount"], content), self.sum(_("Shipping"), content["shipping"], content),
            self.sum(_("Tax"), content["tax"], content),
        ]  # fmt: skip
        shown = [part for part, name in zip(parts, ("discount", "shipping", "tax"), strict=True) if content[name]]
        first = [self.sum(_("Subtotal"), lines, content)] if shown else []
        return [*first, *shown, self.sum(label, content["total"], content, strong=True)]

    def sum(self, label: str, amount: int, content: dict[str, Any], strong: bool = False) -> Words:
        return {"label": label, "value": self.money(amount, content), "strong": strong}

    def notes(self, content: dict[str, Any]) -> list[str]:
        """What is in the amounts already and so is not added up."""
        tax, discount = content["tax_in_lines"], content["discount_in_lines"]
        return [
            *([_("The amounts include tax of %(amount)s.", amount=self.money(tax, content))] if tax else []),
            *([_("A discount of %(amount)s is taken off the amounts already.", amount=self.money(discount, content))]
              if discount else []),
        ]  # fmt: skip

    def revision(self, row: Any) -> str:
        if row is None:
            return ""
        facts = {"number": row.revision, "date": day(row.made_at, self.center.zone, self.center.locale).text}  # type: ignore[union-attr]
        if row.made_by == BY_CUSTOMER:
            return _("Revision %(number)s of %(date)s, with company details given by the customer", **facts)
        if row.made_by:
            return _("Revision %(number)s of %(date)s, changed by %(name)s", name=row.made_by, **facts)
        return _("Revision %(number)s, replaced later", **facts)

    def revisions(self, rows: Sequence[Any], shown: Any, path: str) -> list[Words]:
        """All of a paper's revisions, newest first, each with its own address."""
        return [
            {"label": self.revision(row), "href": f"{path}?revision={row.revision}", "shown": row is shown}
            for row in rows
        ]

    def apart(self, text: str) -> str:
        """Text with a direction of its own in a language that runs to the left: WeasyPrint knows no `<bdi>`."""
        return f"{ISOLATE}{text}{END}" if text and direction(self.center.locale) == "rtl" else text

    def money(self, amount: int, content: dict[str, Any]) -> str:
        return money(amount, content["currency"], self.center.locale)

    def size(self, content: dict[str, Any]) -> str:
        """The sheet that the buyer's printer holds."""
        country = country_code(content["buyer"]["place"].get("country", "")) or territory(self.center.locale)
        return "letter" if country in LETTER else "A4"


def paid_with(payment: dict[str, str]) -> str:
    """The card by its brand and last digits, else the processor, as far as either is known."""
    if payment["last4"]:
        return f"{payment['brand'].replace('_', ' ').title()} •••• {payment['last4']}".strip()
    name = payment["processor"]
    return PROCESSORS.get(name, name.replace("_", " ").capitalize() if name != "external" else "")
