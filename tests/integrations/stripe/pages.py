"""The pages Stripe hosts, as plain HTML: they need no script here, so that a whole journey can be walked without."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import parse_qsl

from tests.integrations.stripe.books import Books
from tests.integrations.stripe.routes import complete

Page = tuple[int, dict[str, str], str]
REFUSED = "4000000000000002"
"""A card that cannot even be saved (Stripe docs: testing)."""


def hosted(books: Books, method: str, path: str, body: str) -> Page:
    """/c/pay/{session}: save a card. /i/{invoice}: pay an invoice."""
    kind, _, key = path.strip("/").rpartition("/")
    known = books.objects.get(key, {})
    if kind == "c/pay" and known.get("object") == "checkout.session":
        return checkout(books, known, dict(parse_qsl(body)) if method == "POST" else None)
    if kind == "i" and known.get("object") == "invoice":
        return invoice(books, known, method == "POST")
    return html(404, "Something went wrong", "<p>The page you were looking for could not be found.</p>")


def checkout(books: Books, session: dict[str, Any], typed: dict[str, str] | None) -> Page:
    if session["status"] != "open":
        return html(200, "This page is no longer available", "<p>You're all done here.</p>")
    error = ""
    if typed is not None:
        number = "".join(typed.get("number", "").split())
        if number != REFUSED and number.isdigit():
            complete(books, session, number, int(typed.get("month") or 12), int(typed.get("year") or 2030))
            return 303, {"location": session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])}, ""
        books.done["declined"] += 1
        error = "<p>Your card was declined.</p>"
    back = f'<p><a href="{escape(session["cancel_url"])}">Go back</a></p>' if session["cancel_url"] else ""
    return html(
        200,
        "Save your card",
        f"""{error}<form method="post">
<p><label>Card number <input name="number" value="4242424242424242"></label></p>
<p><label>Month <input name="month" value="12"></label> <label>Year <input name="year" value="2030"></label></p>
<p><button>Save card</button></p></form>{back}""",
    )


def invoice(books: Books, found: dict[str, Any], pressed: bool) -> Page:
    error = ""
    if pressed and not books.pay(found):
        error = "<p>Your card was declined.</p>"
    state = f"<p>{escape(found['number'])}: {found['status']}, {found['amount_remaining']} {found['currency']} due</p>"
    form = '<form method="post"><button>Pay invoice</button></form>' if found["status"] == "open" else ""
    return html(200, "Invoice", error + state + form)


def html(status: int, title: str, body: str) -> Page:
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{body}</html>'
    return status, {"content-type": "text/html; charset=utf-8"}, page
