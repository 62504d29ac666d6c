"""The mail log in words: what a message is, what became of it."""

from __future__ import annotations

from typing import Any

from tables.mail import TEXT
from theming.words import _


def N_(message: str) -> str:
    return message


KINDS = {
    "account_deleted": N_("Account deleted"),
    "account_opened": N_("Account opened by hand"),
    "change_email": N_("Confirm a new address"),
    "change_confirmed": N_("Request confirmed"),
    "change_refused": N_("Request refused"),
    "change_requested": N_("Request received"),
    "console/request_refused": N_("To you: a request was refused"),
    "console/request_waiting": N_("To you: a request waits"),
    "credit_memo": N_("Refund with its credit memo"),
    "delete_account": N_("Confirm deleting the account"),
    "deletion_scheduled": N_("Deletion is scheduled"),
    "deletion_withdrawn": N_("Deletion was withdrawn"),
    "email_changed": N_("Address was changed"),
    "email_confirmed": N_("Address was confirmed"),
    "email_restored": N_("Address was restored"),
    "enrolled": N_("Enrolled in a course"),
    "export_ready": N_("Copy of the data is ready"),
    "finish_card": N_("Link to add a card"),
    "invitation": N_("Invitation to the console"),
    "new_device": N_("Sign-in from a new browser"),
    "no_account": N_("No account with this address"),
    "password_changed": N_("Password was changed"),
    "phone_changed": N_("Phone number was changed"),
    "phone_code": N_("Code for a phone number"),
    "set_password": N_("Link to set a password"),
    "sign_in": N_("Sign-in link"),
    "sign_in_link": N_("Sign-in link from the staff"),
    "welcome": N_("Welcome"),
}
"""Every message there is (templates/emails), by what it is for."""

TONES = {"queued": "info", "sent": "good", "failed": "bad", "expired": "warn"}


def states() -> dict[str, str]:
    """The states in the order of the filter."""
    return {"queued": _("On its way"), "sent": _("Sent"), "failed": _("Failed"), "expired": _("Expired")}


def kind(name: str) -> str:
    return _(KINDS[name]) if name in KINDS else name.replace("_", " ").capitalize()


def message(row: Any, href: str, when: Any) -> dict[str, Any]:
    """A message for the list."""
    return {
        "href": href, "recipient": row["recipient"], "subject": row["subject"] or kind(row["kind"]),
        "kind": kind(row["kind"]), "when": when, "is_text": row["channel"] == TEXT,
        "state": {"label": states().get(row["state"], row["state"]), "tone": TONES.get(row["state"], "info")},
        "error": row["last_error"] or "" if row["state"] == "failed" else "",
    }  # fmt: skip


def facts(row: Any, created: Any, sent: Any, next_try: Any) -> list[dict[str, Any]]:
    """What is known of a message."""
    waiting = row["state"] == "queued"
    known = [
        (_("To"), row["recipient"]), (_("From"), row["sender"]),
        (_("Kind"), kind(row["kind"])), (_("Way"), _("Text message") if row["channel"] == TEXT else _("Email")),
        (_("Written"), created.text if created else ""), (_("Sent"), sent.text if sent else ""),
        (_("Tries"), str(row["tries"])), (_("Next try"), next_try.text if waiting and next_try else ""),
        (_("Last error"), (row["last_error"] or "") if waiting or row["state"] == "failed" else ""),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in known if value]


def fate(row: Any) -> str:
    """What became of it, in one sentence."""
    return {
        "queued": _("It waits to be handed over. We try again for two days."),
        "sent": _("It was handed to the receiving server."),
        "failed": _("It could not be delivered, and is not tried any more."),
        "expired": _("It was not sent: what was in it had run out before it could be handed over."),
    }.get(row["state"], "")


def done(word: str) -> dict[str, str] | None:
    """The notice after a press."""
    texts = {
        "again": ("good", _("A copy is on its way. It is the newest message in the list.")),
        "link": ("good", _("A fresh sign-in link is on its way. It works for ten minutes.")),
        "often": ("warn", _("That is enough for now. Please wait a little before you send to this address again.")),
        "secret": ("warn", _("This message holds something that works only once, so it is not sent a second time.")),
    }
    return {"tone": texts[word][0], "text": texts[word][1]} if word in texts else None
