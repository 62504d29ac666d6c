"""The words that go with an export: its state on the page, and the text in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import database
from tables.export import A_DAY, Export
from theming.center import Center
from theming.formats import day, size
from theming.words import _


def abouts() -> dict[str, str]:
    """What stands in each file."""
    return {
        "account": _("Your account: how you sign in, your name and your choices."),
        "mailed_links": _(
            "Links and codes we sent you to prove something: for what, where to, and whether they were used."
        ),
        "contacts": _("What the seller’s system told us about you."),
        "addresses": _("Your addresses."),
        "phone_numbers": _("Your phone numbers."),
        "payment_methods": _(
            "What you pay with: of a card its brand, last digits and date, because we never see its number."
        ),
        "requests": _("What you asked us to change about subscriptions and cards, and what became of it."),
        "card_pages": _("When you went to save a card on the page of the payment system."),
        "cancellations": _("Cancellations that were sent with your email address, without signing in."),
        "orders": _("Your orders."),
        "order_items": _("What was in each order, with the price of one piece."),
        "subscriptions": _("Orders you pay for regularly, with their dates."),
        "invoices": _("The invoices of your orders."),
        "invoice_items": _("What stands on each invoice."),
        "payments": _("Payments and refunds."),
        "credit_memos": _("Credit memos for money that came back to you."),
        "changed_invoices": _("Invoices that you put a company on, as they stood before and after."),
        "parcels": _("What was sent to you, a line for each item in each parcel."),
        "courses": _("The courses you are enrolled in."),
        "completed_lessons": _("The lessons you marked as complete."),
        "messages": _("Every message we wrote to you. Its text is in the folder messages, under the name in “file”."),
        "sign_ins": _("Where you signed in. We keep only part of the network address."),
        "known_browsers": _("Browsers you signed in with before."),
        "sign_in_requests": _("When a sign-in message was asked for."),
    }


def read_me(name: str, kinds: Mapping[str, Sequence[str]]) -> str:
    """What the files are, for somebody who opens them years later."""
    told = abouts()
    parts = [
        _("Everything %(name)s’s customer center keeps about you", name=name),
        _("Each kind of record is here twice: in the folder json for programs, and in the folder tables as CSV files that "
          "open in any spreadsheet."),
        _("Times are in UTC (2026-11-22T14:32:00Z). Amounts are decimal numbers in the currency beside them. What is "
          "empty is not known. In the tables, a quote mark stands before any text that a spreadsheet might take for a "
          "formula. Links and codes that opened your account are left out of the messages."),
        _("The picture we show for you is the file picture.webp, where there is one."),
        _("The seller’s own systems, such as the shop, may keep more about you. Please ask the seller for that."),
        *(f"{kind}\n  {told.get(kind, '')}\n  {', '.join(fields)}" for kind, fields in kinds.items()),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def entry(center: Center, export: Export) -> dict[str, Any]:
    """An export as its customer sees it: being prepared, ready until a day, or missed."""
    asked, until = (day(moment, center.zone, center.locale) for moment in (export.requested_at, export.expires_at))
    ready = export.state == "ready" and until is not None
    words = {
        "requested": {"label": _("Being prepared"), "tone": "info"},
        "failed": {"label": _("Could not be prepared"), "tone": "bad"},
        "ready": {"label": _("Ready until %(date)s", date=until.text if until else ""), "tone": "good"},
    }  # fmt: skip
    return {
        "asked": asked, "status": words.get(export.state), "size": size(export.size or 0) if ready else "",
        "href": center.url(f"/account/data/exports/{export.public_id}") if ready else None,
    }  # fmt: skip


def may_ask(kept: Sequence[Export]) -> bool:
    """Whether the button is worth showing: `Export.ask` has the last word."""
    recent = [export for export in kept if export.requested_at > database.now() - timedelta(days=1)]
    return len(recent) < A_DAY and not any(export.state == "requested" for export in recent)
