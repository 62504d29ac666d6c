"""The operations of the API this program uses, each with the parameters it takes: others are refused, as Stripe does."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.integrations.stripe import records
from tests.integrations.stripe.books import Books, after, declined, subscription_of
from tests.integrations.stripe.wire import Record, Wrong, check, flag, missing, page, whole


class Route(NamedTuple):
    method: str
    pattern: re.Pattern[str]
    takes: tuple[str, ...]
    act: Callable[..., Record]


ROUTES: list[Route] = []
PAGING = "limit starting_after ending_before created"


def route(method: str, path: str, takes: str = "") -> Callable[[Callable[..., Record]], Callable[..., Record]]:
    def keep(act: Callable[..., Record]) -> Callable[..., Record]:
        pattern = re.compile("/v1" + re.sub(r"\{\w+\}", r"([^/]+)", path))
        ROUTES.append(Route(method, pattern, tuple(takes.split()), act))
        return act

    return keep


def answer(books: Books, method: str, path: str, params: Record) -> Record:
    for found in ROUTES:
        match = found.pattern.fullmatch(path)
        if match and found.method == method:
            check(params, found.takes)
            return found.act(books, params, *match.groups())
    raise Wrong(404, f"Unrecognized request URL ({method}: {path}).")


# Plain reading.

KINDS = {
    "payment_methods": "payment_method", "setup_intents": "setup_intent", "products": "product", "prices": "price",
    "subscriptions": "subscription", "subscription_schedules": "subscription_schedule", "invoices": "invoice",
    "payment_intents": "payment_intent", "charges": "charge", "refunds": "refund", "credit_notes": "credit_note",
    "checkout/sessions": "checkout.session", "events": "event", "invoice_payments": "invoice_payment",
}  # fmt: skip
FILTERS = "customer subscription status type active product invoice charge payment_intent email"


def reading(name: str, kind: str) -> None:
    @route("GET", f"/{name}/{{id}}")
    def show(books: Books, params: Record, key: str) -> Record:
        return books.get(key, kind)

    @route("GET", f"/{name}", f"{PAGING} {FILTERS} payment")
    def index(books: Books, params: Record) -> Record:
        rows = books.all(kind)
        for wanted in (part for part in FILTERS.split() if part in params):
            if wanted == "status" and params["status"] == "all":
                continue
            rows = [row for row in rows if value_of(row, wanted) == params[wanted]]
        if kind == "subscription" and "status" not in params:
            rows = [row for row in rows if row["status"] != "canceled"]
        if kind == "invoice_payment" and "payment" in params:
            rows = [
                row for row in rows if row["payment"].get("payment_intent") == params["payment"].get("payment_intent")
            ]
        return page(rows, params, f"/v1/{name}")


def value_of(row: Record, name: str) -> Any:
    if name == "subscription" and row["object"] == "invoice":
        return subscription_of(row)
    value = row.get(name)
    return str(value).lower() if isinstance(value, bool) else value


for name, kind in KINDS.items():
    reading(name, kind)


@route("GET", "/account")
def account(books: Books, params: Record) -> Record:
    return {"id": f"acct_{books.salt}", "object": "account", "business_profile": {"name": "Acme Pottery"},
            "charges_enabled": True, "country": "US", "default_currency": "usd", "details_submitted": True,
            "email": "owner@example.com", "settings": {"dashboard": {"display_name": "Acme Pottery"}}}  # fmt: skip


@route("GET", "/invoices/{id}/lines", PAGING)
def invoice_lines(books: Books, params: Record, key: str) -> Record:
    return page(books.get(key, "invoice")["lines"]["data"], params, f"/v1/invoices/{key}/lines")


@route("GET", "/subscription_items", f"{PAGING} subscription")
def subscription_items(books: Books, params: Record) -> Record:
    found = books.get(params.get("subscription"), "subscription")
    return page(found["items"]["data"], params, "/v1/subscription_items")


# Customers and what they pay with.

CUSTOMER = "address description email invoice_settings metadata name phone preferred_locales shipping"


@route("POST", "/customers", f"{CUSTOMER} payment_method tax_exempt")
def create_customer(books: Books, params: Record) -> Record:
    books.done["customer"] += 1
    method = params.pop("payment_method", None)
    values = {name: value or None for name, value in params.items() if name not in ("expand", "invoice_settings")}
    found = books.add_customer(**{"email": None, **values})
    if method:
        books.attach(books.get(method, "payment_method"), found)
    return found


@route("GET", "/customers", f"{PAGING} email")
def customers(books: Books, params: Record) -> Record:
    """By the address exactly as it is written (Stripe docs: the filter is case-sensitive)."""
    return page(books.all("customer", email=params.get("email")), params, "/v1/customers")


@route("GET", "/customers/search", "query limit page")
def search_customers(books: Books, params: Record) -> Record:
    match = re.fullmatch(r"""email:\s*["'](.+)["']""", params.get("query", ""))
    if not match:
        raise Wrong(400, "We were unable to parse your search query.", param="query")
    rows = [row for row in books.all("customer") if (row["email"] or "").lower() == match[1].lower()]
    return page(rows, params, "/v1/customers/search") | {"object": "search_result", "next_page": None}


@route("GET", "/customers/{id}")
def customer(books: Books, params: Record, key: str) -> Record:
    return books.get(key, "customer")


@route("POST", "/customers/{id}", CUSTOMER)
def update_customer(books: Books, params: Record, key: str) -> Record:
    found = books.get(key, "customer")
    settings = params.get("invoice_settings") or {}
    if "default_payment_method" in settings:
        books.done["default"] += 1
        books.set_default(found, settings["default_payment_method"] or None)
    changed = {name: value or None for name, value in params.items() if name not in ("expand", "invoice_settings")}
    if changed:
        before = {name: found.get(name) for name in changed}
        found |= changed
        books.emit("customer.updated", found, before)
    return found


@route("DELETE", "/customers/{id}")
def delete_customer(books: Books, params: Record, key: str) -> Record:
    found = books.get(key, "customer")
    for row in books.all("subscription", customer=key):
        if row["status"] != "canceled":
            books.end(row)
    for method in books.all("payment_method", customer=key):
        method["customer"] = None
    books.emit("customer.deleted", found)
    books.objects[key] = {"id": key, "object": "customer", "deleted": True}
    return books.objects[key]


@route("GET", "/customers/{id}/payment_methods", f"{PAGING} type allow_redisplay")
def customer_methods(books: Books, params: Record, key: str) -> Record:
    rows = books.all("payment_method", customer=books.get(key, "customer")["id"], type=params.get("type"))
    return page(rows, params, f"/v1/customers/{key}/payment_methods")


@route("GET", "/customers/{id}/payment_methods/{method}")
def customer_method(books: Books, params: Record, key: str, method: str) -> Record:
    found = books.get(method, "payment_method")
    if found["customer"] != key:
        raise missing("PaymentMethod", method)
    return found


@route("POST", "/payment_methods/{id}", "card billing_details metadata allow_redisplay")
def update_method(books: Books, params: Record, key: str) -> Record:
    found, card = books.get(key, "payment_method"), params.get("card") or {}
    if not found["customer"]:
        raise Wrong(400, "You must save this PaymentMethod to a customer before you can update it.")
    check(card, ("exp_month", "exp_year", "networks"))
    before = {"card": copy.deepcopy(found["card"])}
    found["card"] |= {name: whole(card[name], f"card[{name}]") for name in ("exp_month", "exp_year") if name in card}
    if not 1 <= found["card"]["exp_month"] <= 12:
        found["card"] = before["card"]
        raise Wrong(
            402, "Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month", kept=True
        )
    merge(found["metadata"], params.get("metadata"))
    merge(found["billing_details"], params.get("billing_details"))
    books.done["method_update"] += 1
    books.emit("payment_method.updated", found, before)
    return found


@route("POST", "/payment_methods/{id}/attach", "customer")
def attach(books: Books, params: Record, key: str) -> Record:
    found = books.get(key, "payment_method")
    books.attach(found, books.get(params.get("customer"), "customer"))
    return found


@route("POST", "/payment_methods/{id}/detach")
def detach(books: Books, params: Record, key: str) -> Record:
    found = books.get(key, "payment_method")
    books.detach(found)
    return found


# Saving a card.

SESSION = "mode customer currency payment_method_types success_url cancel_url metadata client_reference_id"


@route("POST", "/checkout/sessions", f"{SESSION} setup_intent_data locale ui_mode expires_at customer_update")
def create_session(books: Books, params: Record) -> Record:
    if params.get("mode") != "setup":
        raise Wrong(400, "This stand-in makes sessions in setup mode only.", param="mode")
    if not params.get("success_url"):
        raise Wrong(400, "You must provide a success_url.", param="success_url")
    if not params.get("currency") and not params.get("payment_method_types"):
        raise Wrong(400, "You must provide currency or payment_method_types in setup mode.", param="currency")
    if params.get("customer"):
        books.get(params["customer"], "customer")
    now, inside = books.now(), params.get("setup_intent_data") or {}
    check(inside, ("description", "metadata", "on_behalf_of"))
    intent = books.keep(records.setup_intent(
        books.key("seti"), now, params.get("customer"), metadata=inside.get("metadata") or {}))  # fmt: skip
    key = books.key("cs_test")
    values = {name: value for name, value in params.items() if name in SESSION.split() and name != "mode"}
    if "expires_at" in params:
        values["expires_at"] = whole(params["expires_at"], "expires_at")
    books.done["session"] += 1
    return books.keep(records.checkout_session(
        key, now, "setup", **values, setup_intent=intent["id"], locale=params.get("locale"),
        url=f"{books.address}/c/pay/{key}"))  # fmt: skip


@route("POST", "/checkout/sessions/{id}/expire")
def expire_session(books: Books, params: Record, key: str) -> Record:
    found = books.get(key, "checkout.session")
    if found["status"] != "open":
        raise Wrong(
            400, f'Only Checkout Sessions with a status in ["open"] can be expired. This one is {found["status"]}.'
        )
    found |= {"status": "expired", "url": None}
    books.get(found["setup_intent"], "setup_intent")["status"] = "canceled"
    books.emit("checkout.session.expired", found)
    return found


def complete(books: Books, session: Record, number: str, month: int, year: int) -> Record:
    """What pressing "Save card" on the hosted page does; returns the card."""
    method = books.add_card(session["customer"], number, month, year)
    intent = books.get(session["setup_intent"], "setup_intent")
    intent |= {"status": "succeeded", "payment_method": method["id"]}
    session |= {"status": "complete", "url": None}
    books.done["setup"] += 1
    books.emit("setup_intent.succeeded", intent)
    books.emit("checkout.session.completed", session)
    return method


# Subscriptions.


@route("POST", "/subscriptions", "customer items default_payment_method metadata trial_period_days cancel_at_period_end "
       "payment_behavior off_session collection_method proration_behavior")  # fmt: skip
def create_subscription(books: Books, params: Record) -> Record:
    customer, item = books.get(params.get("customer"), "customer"), params["items"][0]
    price = books.get(item["price"], "price")
    values: Record = {"metadata": params.get("metadata") or {}}
    if params.get("default_payment_method"):
        values["default_payment_method"] = own_method(books, customer["id"], params["default_payment_method"])
    trial = whole(params.get("trial_period_days", "0"))
    books.done["subscription"] += 1
    return books.add_subscription(customer, price, whole(item.get("quantity", "1")), trial_days=trial, **values)


UPDATES = ("cancel_at_period_end cancel_at cancellation_details pause_collection items proration_behavior proration_date "
           "default_payment_method payment_behavior metadata off_session billing_cycle_anchor trial_end")  # fmt: skip


@route("POST", "/subscriptions/{id}", UPDATES)
def update_subscription(books: Books, params: Record, key: str) -> Record:
    of = books.get(key, "subscription")
    if of["status"] in ("canceled", "incomplete_expired"):
        raise Wrong(400, "A canceled subscription can only update its cancellation_details and metadata.")
    before: Record = {}
    if "items" in params:
        before |= change_price(books, of, params)
    if "default_payment_method" in params:
        before["default_payment_method"] = of["default_payment_method"]
        chosen = params["default_payment_method"]
        of["default_payment_method"] = own_method(books, of["customer"], chosen) if chosen else None
        books.done["use_method"] += 1
    if "cancel_at_period_end" in params or "cancel_at" in params:
        before |= cancel_later(books, of, params)
    if "pause_collection" in params:
        before |= pause(books, of, params["pause_collection"])
    merge(of["cancellation_details"], params.get("cancellation_details"))
    merge(of["metadata"], params.get("metadata"))
    books.emit("customer.subscription.updated", of, before)
    return of


def own_method(books: Books, customer_id: str, key: str) -> str:
    found = books.get(key, "payment_method")
    if found["customer"] != customer_id:
        raise Wrong(
            400, f"The customer does not have a payment method with the ID {key}.", param="default_payment_method"
        )
    return key


def cancel_later(books: Books, of: Record, params: Record) -> Record:
    if of["schedule"]:
        raise Wrong(400, "The subscription is managed by a subscription schedule; its cancelation behavior cannot be "
                    "updated directly.", param="cancel_at_period_end")  # fmt: skip
    before = {name: of[name] for name in ("cancel_at_period_end", "cancel_at", "canceled_at")}
    later = flag(params.get("cancel_at_period_end", "false"))
    until = of["items"]["data"][0]["current_period_end"] if later else None
    if params.get("cancel_at"):
        until = whole(params["cancel_at"], "cancel_at")
    of |= {"cancel_at_period_end": later, "cancel_at": until, "canceled_at": books.now() if until else None}
    of["cancellation_details"]["reason"] = "cancellation_requested" if until else None
    books.done["cancel_later" if until else "keep"] += 1
    return before


def pause(books: Books, of: Record, wanted: Any) -> Record:
    before = {"pause_collection": of["pause_collection"]}
    if not wanted:
        of["pause_collection"] = None
        books.done["resume"] += 1
        return before
    check(wanted, ("behavior", "resumes_at"))
    if wanted.get("behavior") not in ("void", "keep_as_draft", "mark_uncollectible"):
        raise Wrong(400, "Invalid pause_collection[behavior]", param="pause_collection[behavior]")
    until = whole(wanted["resumes_at"], "pause_collection[resumes_at]") if wanted.get("resumes_at") else None
    if until is not None and until <= books.now():
        raise Wrong(400, "pause_collection[resumes_at] must be in the future", param="pause_collection[resumes_at]")
    of["pause_collection"] = {"behavior": wanted["behavior"], "resumes_at": until}
    books.done["pause"] += 1
    return before


def change_price(books: Books, of: Record, params: Record) -> Record:
    """Another price at once: billed now, later, or not at all, by `proration_behavior`."""
    item, price, quantity = wanted_item(books, of, params["items"])
    how = params.get("proration_behavior", "create_prorations")
    if how not in ("always_invoice", "create_prorations", "none"):
        raise Wrong(400, "Invalid proration_behavior", param="proration_behavior")
    at = whole(params["proration_date"], "proration_date") if params.get("proration_date") else books.now()
    if not item["current_period_start"] <= at <= item["current_period_end"]:
        raise Wrong(
            400, "Cannot specify `proration_date` outside the current subscription period.", param="proration_date"
        )
    lines, anew = books.changes(of, price, quantity, at)
    kept, before = copy.deepcopy(of["items"]), {"items": copy.deepcopy(of["items"])}
    item |= {"price": price, "quantity": quantity}
    if anew:
        item |= {"current_period_start": books.now(), "current_period_end": after(books.now(), price["recurring"])}
    if anew or how == "always_invoice":
        invoice = books.bill(of, "subscription_update", lines if how != "none" else lines[1:])
        if not books.pay(invoice, quiet=True):
            collect_failed(of, invoice, kept, params.get("payment_behavior", "allow_incomplete"))
        of["latest_invoice"] = invoice["id"]
    elif how == "create_prorations":
        books.pending.setdefault(of["id"], []).extend(lines)
    books.done["price_change"] += 1
    return before


def wanted_item(books: Books, of: Record, items: list[Record]) -> tuple[Record, Record, int]:
    check(items[0], ("id", "price", "quantity"))
    rows = [row for row in of["items"]["data"] if row["id"] == items[0].get("id")]
    if not rows:
        raise Wrong(400, "Name the subscription item to change, or it would be added.", param="items[0][id]")
    price = books.get(items[0].get("price", rows[0]["price"]["id"]), "price")
    if not price["active"]:
        raise Wrong(400, f"The price specified is inactive: {price['id']}.", param="items[0][price]")
    if price["currency"] != of["currency"] or not price["recurring"]:
        raise Wrong(400, "The price specified does not fit this subscription.", param="items[0][price]")
    return rows[0], price, whole(items[0].get("quantity", str(rows[0]["quantity"])))


def collect_failed(of: Record, invoice: Record, kept: Record, behavior: str) -> None:
    if behavior == "error_if_incomplete":
        of["items"] = kept
        invoice |= {"status": "void", "amount_remaining": 0}
        raise Wrong(402, kept=True, **declined()["error"])
    of["status"] = "past_due"


@route("DELETE", "/subscriptions/{id}", "invoice_now prorate cancellation_details")
def cancel_subscription(books: Books, params: Record, key: str) -> Record:
    of = books.get(key, "subscription")
    merge(of["cancellation_details"], params.get("cancellation_details"))
    return books.end(of)


@route("POST", "/subscriptions/{id}/resume", "billing_cycle_anchor proration_behavior proration_date payment_behavior")
def resume_subscription(books: Books, params: Record, key: str) -> Record:
    of = books.get(key, "subscription")
    if of["status"] != "paused":
        raise Wrong(400, f"Subscription {key} is not paused, so it cannot be resumed.")
    of["status"] = "active"
    books.done["resume"] += 1
    books.emit("customer.subscription.resumed", of)
    return of


# Changes at the end of a period.


@route("POST", "/subscription_schedules", "from_subscription metadata end_behavior")
def create_schedule(books: Books, params: Record) -> Record:
    of = books.get(params.get("from_subscription"), "subscription")
    if of["schedule"]:
        raise Wrong(
            400, "You cannot migrate a subscription that is already attached to a schedule.", param="from_subscription"
        )
    first = of["items"]["data"][0]
    start, end = first["current_period_start"], first["current_period_end"]
    phases = [records.phase(phase_items(books, of["items"]["data"]), of["currency"], start, end)]
    found = books.keep(records.schedule(books.key("sub_sched"), books.now(), of, phases))
    of["schedule"] = found["id"]
    books.emit("subscription_schedule.created", found)
    books.emit("customer.subscription.updated", of, {"schedule": None})
    return found


def phase_items(books: Books, items: list[Record]) -> list[Record]:
    rows = []
    for item in items:
        price = item["price"]["id"] if isinstance(item["price"], dict) else books.get(item["price"], "price")["id"]
        rows.append({"price": price, "quantity": int(item.get("quantity") or 1), "metadata": {}, "tax_rates": [],
                     "discounts": [], "billing_thresholds": None})  # fmt: skip
    return rows


@route("POST", "/subscription_schedules/{id}", "phases end_behavior metadata proration_behavior default_settings")
def update_schedule(books: Books, params: Record, key: str) -> Record:
    found = books.get(key, "subscription_schedule")
    if found["status"] not in ("active", "not_started"):
        raise Wrong(
            400, f"You cannot update a subscription schedule that is currently in the `{found['status']}` status."
        )
    if params.get("end_behavior"):
        found["end_behavior"] = params["end_behavior"]
    if params.get("phases"):
        found["phases"] = phases_of(books, found, params["phases"])
        books.done["schedule"] += 1
    merge(found["metadata"], params.get("metadata"))
    books.emit("subscription_schedule.updated", found)
    return found


def phases_of(books: Books, schedule: Record, wanted: list[Record]) -> list[Record]:
    """One follows the other; the first must be the one that runs."""
    phases: list[Record] = []
    of = books.get(schedule["subscription"], "subscription")
    for place, phase in enumerate(wanted):
        check(phase, ("items", "start_date", "end_date", "duration", "proration_behavior", "metadata", "description",
                      "default_payment_method", "currency", "trial_end"))  # fmt: skip
        start = whole(phase["start_date"], "start_date") if phase.get("start_date") else None
        if place == 0 and start != schedule["phases"][0]["start_date"]:
            raise Wrong(400, "You can not modify the start date of the current phase.", param="phases[0][start_date]")
        start = phases[-1]["end_date"] if phases else start
        price = books.get(phase["items"][0]["price"], "price")
        if "duration" in phase:
            length = {
                "interval": phase["duration"]["interval"],
                "interval_count": int(phase["duration"].get("interval_count", 1)),
            }
            end = after(start, length)
        else:
            end = whole(phase["end_date"], "end_date") if phase.get("end_date") else after(start, price["recurring"])
        phases.append(records.phase(
            phase_items(books, phase["items"]), of["currency"], start, end, metadata=phase.get("metadata") or {},
            proration_behavior=phase.get("proration_behavior", "create_prorations")))  # fmt: skip
    return phases


@route("POST", "/subscription_schedules/{id}/release", "preserve_cancel_date")
def release_schedule(books: Books, params: Record, key: str) -> Record:
    found = books.get(key, "subscription_schedule")
    if found["status"] not in ("active", "not_started"):
        raise Wrong(
            400, f"You cannot release a subscription schedule that is currently in the `{found['status']}` status."
        )
    of = books.get(found["subscription"], "subscription")
    books.release(found)
    books.done["release"] += 1
    books.emit("customer.subscription.updated", of, {"schedule": key})
    return found


# Invoices and money.


@route("POST", "/invoices/create_preview", "customer subscription subscription_details schedule schedule_details preview_mode "
       "currency automatic_tax")  # fmt: skip
def preview(books: Books, params: Record) -> Record:
    """What the next invoice would be; nothing is kept. With a change: its lines now, or with the coming period."""
    key = params.get("subscription") or books.get(params.get("schedule"), "subscription_schedule")["subscription"]
    of, details = books.get(key, "subscription"), params.get("subscription_details") or {}
    check(details, ("items", "proration_behavior", "proration_date", "cancel_at_period_end", "cancel_now", "billing_cycle_anchor",
                    "trial_end", "cancel_at"))  # fmt: skip
    if of["status"] == "canceled" or (of["cancel_at_period_end"] and not details):
        raise Wrong(404, "No upcoming invoices for customer", code="invoice_upcoming_none")
    customer, lines = books.get(of["customer"], "customer"), preview_lines(books, of, details)
    start = of["items"]["data"][0]["current_period_start"]
    found = records.invoice(books.key("upcoming_in"), books.now(), customer, of["currency"], lines, subscription=key,
                            billing_reason="upcoming", period_start=start,
                            period_end=of["items"]["data"][0]["current_period_end"])  # fmt: skip
    return found | {"next_payment_attempt": of["items"]["data"][0]["current_period_end"]}


def preview_lines(books: Books, of: Record, details: Record) -> list[Record]:
    if "items" not in details:
        return [*books.pending.get(of["id"], []), *next_period(books, of)]
    _, price, quantity = wanted_item(books, of, details["items"])
    at = whole(details["proration_date"], "proration_date") if details.get("proration_date") else books.now()
    lines, anew = books.changes(of, price, quantity, at)
    how = details.get("proration_behavior", "create_prorations")
    if anew or how == "always_invoice":
        return lines if how != "none" else lines[1:]
    coming = next_period(books, of, price, quantity)
    return coming if how == "none" else [*lines, *coming]


def next_period(books: Books, of: Record, price: Record | None = None, quantity: int | None = None) -> list[Record]:
    rows = []
    for item in of["items"]["data"]:
        start, chosen = item["current_period_end"], price or item["price"]
        moved = item | {"current_period_start": start, "current_period_end": after(start, chosen["recurring"])}
        rows.append(books.item_line(of["id"], moved, chosen, quantity or item["quantity"]))
    return rows


@route("POST", "/invoices/{id}/pay", "payment_method off_session paid_out_of_band")
def pay(books: Books, params: Record, key: str) -> Record:
    invoice = books.get(key, "invoice")
    if invoice["status"] == "paid":
        raise Wrong(400, "Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] != "open":
        raise Wrong(400, f"Invoices with status {invoice['status']} cannot be paid.")
    if params.get("payment_method"):
        own_method(books, invoice["customer"], params["payment_method"])
    if not books.pay(invoice, params.get("payment_method")):
        raise Wrong(402, kept=True, **declined()["error"])
    return invoice


@route("POST", "/refunds", "charge payment_intent amount reason metadata")
def create_refund(books: Books, params: Record) -> Record:
    key = params.get("charge") or books.get(params.get("payment_intent"), "payment_intent")["latest_charge"]
    amount = whole(params["amount"]) if "amount" in params else None
    return books.refund(key, amount, params.get("reason"))


def merge(place: Record, changes: Any) -> None:
    """As Stripe merges hashes: an empty text takes a name away."""
    place |= {name: value or None for name, value in (changes or {}).items()}
