"""The objects of Stripe's API at the pinned version, with every field this program reads and the usual ones beside."""

from __future__ import annotations

from typing import Any

from tests.integrations.stripe.wire import Record

DAY = 86400


def base(kind: str, key: str, now: int) -> Record:
    return {"id": key, "object": kind, "created": now, "livemode": False, "metadata": {}}


def customer(key: str, now: int, **values: Any) -> Record:
    settings = {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None}
    return base("customer", key, now) | {
        "address": None, "balance": 0, "currency": None, "default_source": None, "delinquent": False,
        "description": None, "discount": None, "email": None, "invoice_prefix": key[-8:].upper(),
        "invoice_settings": settings, "name": None, "next_invoice_sequence": 1, "phone": None,
        "preferred_locales": [], "shipping": None, "tax_exempt": "none", "test_clock": None,
    } | values  # fmt: skip


def card(number: str = "4242424242424242", month: int = 12, year: int = 2030) -> Record:
    brand = {"4": "visa", "5": "mastercard", "3": "amex", "6": "discover"}.get(number[:1], "unknown")
    return {
        "brand": brand, "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US", "display_brand": brand, "exp_month": month, "exp_year": year,
        "fingerprint": f"print{number[-8:]}", "funding": "credit", "generated_from": None, "last4": number[-4:],
        "networks": {"available": [brand], "preferred": None}, "three_d_secure_usage": {"supported": True},
        "wallet": None, "regulated_status": "unregulated",
    }  # fmt: skip


def payment_method(key: str, now: int, **values: Any) -> Record:
    details: Record = {"address": {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None,
                                   "state": None}, "email": None, "name": None, "phone": None, "tax_id": None}  # fmt: skip
    return base("payment_method", key, now) | {
        "allow_redisplay": "always", "billing_details": details, "card": card(), "customer": None, "type": "card",
    } | values  # fmt: skip


def product(key: str, now: int, name: str, **values: Any) -> Record:
    return base("product", key, now) | {
        "active": True, "default_price": None, "description": None, "images": [], "marketing_features": [],
        "name": name, "package_dimensions": None, "shippable": None, "statement_descriptor": None, "tax_code": None,
        "type": "service", "unit_label": None, "updated": now, "url": None,
    } | values  # fmt: skip


def price(key: str, now: int, product_id: str, amount: int, currency: str, interval: str | None, count: int) -> Record:
    recurring = {"interval": interval, "interval_count": count, "meter": None, "trial_period_days": None,
                 "usage_type": "licensed"} if interval else None  # fmt: skip
    return base("price", key, now) | {
        "active": True, "billing_scheme": "per_unit", "currency": currency, "custom_unit_amount": None,
        "lookup_key": None, "nickname": None, "product": product_id, "recurring": recurring,
        "tax_behavior": "unspecified", "tiers_mode": None, "transform_quantity": None,
        "type": "recurring" if interval else "one_time", "unit_amount": amount, "unit_amount_decimal": str(amount),
    }  # fmt: skip


def subscription(key: str, now: int, customer_id: str, currency: str, items: list[Record], **values: Any) -> Record:
    return base("subscription", key, now) | {
        "application": None, "application_fee_percent": None, "automatic_tax": {"enabled": False},
        "billing_cycle_anchor": now, "billing_mode": {"type": "flexible"}, "billing_thresholds": None,
        "cancel_at": None, "cancel_at_period_end": False, "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically", "currency": currency, "customer": customer_id,
        "days_until_due": None, "default_payment_method": None, "default_source": None, "default_tax_rates": [],
        "description": None, "discounts": [], "ended_at": None, "invoice_settings": {"issuer": {"type": "self"}},
        "items": {"object": "list", "data": items, "has_more": False, "total_count": len(items),
                  "url": f"/v1/subscription_items?subscription={key}"},
        "latest_invoice": None, "next_pending_invoice_item_invoice": None, "on_behalf_of": None,
        "pause_collection": None, "payment_settings": {"save_default_payment_method": "off"},
        "pending_invoice_item_interval": None, "pending_setup_intent": None, "pending_update": None, "schedule": None,
        "start_date": now, "status": "active", "test_clock": None, "transfer_data": None, "trial_end": None,
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}}, "trial_start": None,
    } | values  # fmt: skip


def item(key: str, now: int, subscription_id: str, of: Record, quantity: int, start: int, end: int) -> Record:
    return {
        "id": key, "object": "subscription_item", "billing_thresholds": None, "created": now,
        "current_period_start": start, "current_period_end": end, "discounts": [], "metadata": {}, "price": of,
        "quantity": quantity, "subscription": subscription_id, "tax_rates": [],
    }  # fmt: skip


def line(key: str, amount: int, currency: str, description: str, start: int, end: int, **values: Any) -> Record:
    """A line of an invoice; `of` is the price and `inside` the subscription with its item, where there are such."""
    of, inside, quantity = values.pop("of", None), values.pop("inside", None), values.pop("quantity", 1)
    proration, tax, discount = values.pop("proration", False), values.pop("tax", 0), values.pop("discount", 0)
    parent: Record = {"type": "invoice_item_details", "subscription_item_details": None, "invoice_item_details": {
        "invoice_item": f"ii_{key}", "proration": proration, "proration_details": None, "subscription": None}}  # fmt: skip
    if inside:
        parent = {"type": "subscription_item_details", "invoice_item_details": None, "subscription_item_details": {
            "invoice_item": None, "proration": proration, "proration_details": None,
            "subscription": inside[0], "subscription_item": inside[1]}}  # fmt: skip
    details = {"price": of["id"], "product": of["product"]} if of else None
    unit = str(of["unit_amount"] if of else amount // quantity)
    return {
        "id": key, "object": "line_item", "amount": amount, "currency": currency, "description": description,
        "discount_amounts": [{"amount": discount, "discount": "di_1"}] if discount else [], "discountable": True,
        "discounts": [], "invoice": None, "livemode": False, "metadata": {}, "parent": parent,
        "period": {"start": start, "end": end}, "pretax_credit_amounts": [],
        "pricing": {"type": "price_details", "price_details": details, "unit_amount_decimal": unit} if details else None,
        "quantity": quantity, "subtotal": amount, "taxes": taxes(tax, amount),
    } | values  # fmt: skip


def taxes(amount: int, of: int) -> list[Record]:
    if not amount:
        return []
    return [{"amount": amount, "tax_behavior": "exclusive", "tax_rate_details": {"tax_rate": "txr_1"},
             "taxability_reason": "standard_rated", "taxable_amount": of, "type": "tax_rate_details"}]  # fmt: skip


def invoice(key: str, now: int, customer_of: Record, currency: str, lines: list[Record], **values: Any) -> Record:
    subscription_id, shipping = values.pop("subscription", None), values.pop("shipping", 0)
    parent = {"type": "subscription_details", "quote_details": None, "subscription_details": {
        "metadata": {}, "subscription": subscription_id, "subscription_proration_date": None,
    }} if subscription_id else None  # fmt: skip
    return base("invoice", key, now) | totals(lines, shipping) | {
        "amount_overpaid": 0, "amount_paid": 0, "attempt_count": 0, "attempted": False, "auto_advance": True,
        "automatic_tax": {"enabled": False}, "billing_reason": "manual", "collection_method": "charge_automatically",
        "currency": currency, "customer": customer_of["id"], "customer_address": customer_of["address"],
        "customer_email": customer_of["email"], "customer_name": customer_of["name"], "customer_phone": None,
        "customer_shipping": None, "customer_tax_exempt": "none", "customer_tax_ids": [],
        "default_payment_method": None, "description": None, "discounts": [], "due_date": None, "effective_at": now,
        "ending_balance": 0, "footer": None, "hosted_invoice_url": None, "invoice_pdf": None,
        "lines": {"object": "list", "data": lines, "has_more": False, "total_count": len(lines),
                  "url": f"/v1/invoices/{key}/lines"},
        "next_payment_attempt": None, "number": None, "on_behalf_of": None, "parent": parent,
        "payment_settings": {"default_mandate": None}, "period_end": now, "period_start": now,
        "post_payment_credit_notes_amount": 0, "pre_payment_credit_notes_amount": 0, "receipt_number": None,
        "starting_balance": 0, "statement_descriptor": None, "status": "draft",
        "status_transitions": {"finalized_at": None, "marked_uncollectible_at": None, "paid_at": None,
                               "voided_at": None},
    } | values  # fmt: skip


def totals(lines: list[Record], shipping: int) -> Record:
    """What an invoice of these lines comes to: lines, less discounts, and tax and shipping on top."""
    subtotal = sum(part["amount"] for part in lines)
    discount = sum(cut["amount"] for part in lines for cut in part["discount_amounts"])
    tax = sum(each["amount"] for part in lines for each in part["taxes"])
    total = subtotal - discount + tax + shipping
    cost: Record = {
        "amount_subtotal": shipping,
        "amount_tax": 0,
        "amount_total": shipping,
        "shipping_rate": None,
        "taxes": [],
    }
    return {
        "subtotal": subtotal, "subtotal_excluding_tax": subtotal, "total": total, "amount_due": max(total, 0),
        "amount_remaining": max(total, 0), "total_excluding_tax": total - tax, "total_taxes": taxes(tax, subtotal),
        "total_discount_amounts": [{"amount": discount, "discount": "di_1"}] if discount else [],
        "amount_shipping": shipping, "shipping_cost": cost if shipping else None, "total_pretax_credit_amounts": [],
    }  # fmt: skip


def payment_intent(key: str, now: int, customer_id: str, amount: int, currency: str, **values: Any) -> Record:
    return base("payment_intent", key, now) | {
        "amount": amount, "amount_capturable": 0, "amount_received": 0, "canceled_at": None,
        "capture_method": "automatic", "client_secret": f"{key}_secret", "currency": currency,
        "customer": customer_id, "description": None, "last_payment_error": None, "latest_charge": None,
        "next_action": None, "payment_method": None, "payment_method_types": ["card"], "receipt_email": None,
        "status": "requires_payment_method",
    } | values  # fmt: skip


def charge(key: str, now: int, intent: Record, method: Record | None, paid: bool) -> Record:
    details = {"type": method["type"], method["type"]: method.get(method["type"])} if method else None
    return base("charge", key, now) | {
        "amount": intent["amount"], "amount_captured": intent["amount"] if paid else 0, "amount_refunded": 0,
        "billing_details": method["billing_details"] if method else None, "captured": paid,
        "currency": intent["currency"], "customer": intent["customer"], "description": None, "disputed": False,
        "failure_code": None if paid else "card_declined",
        "failure_message": None if paid else "Your card was declined.", "paid": paid, "payment_intent": intent["id"],
        "payment_method": method["id"] if method else None, "payment_method_details": details, "receipt_email": None,
        "receipt_url": None, "refunded": False, "status": "succeeded" if paid else "failed",
    }  # fmt: skip


def invoice_payment(key: str, now: int, of: Record, intent: Record) -> Record:
    paid = intent["status"] == "succeeded"
    return {
        "id": key, "object": "invoice_payment", "amount_paid": intent["amount"] if paid else None,
        "amount_requested": intent["amount"], "created": now, "currency": of["currency"], "invoice": of["id"],
        "is_default": True, "livemode": False, "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
        "status": "paid" if paid else "open",
        "status_transitions": {"canceled_at": None, "paid_at": now if paid else None},
    }  # fmt: skip


def refund(key: str, now: int, of: Record, amount: int, reason: str | None) -> Record:
    return {
        "id": key, "object": "refund", "amount": amount, "balance_transaction": None, "charge": of["id"],
        "created": now, "currency": of["currency"], "metadata": {}, "payment_intent": of["payment_intent"],
        "reason": reason, "receipt_number": None, "status": "succeeded",
    }  # fmt: skip


def credit_note(key: str, now: int, of: Record, amount: int, **values: Any) -> Record:
    lines = [{
        "id": f"cnli_{key}", "object": "credit_note_line_item", "amount": amount, "description": "Credit",
        "discount_amount": 0, "discount_amounts": [], "invoice_line_item": None, "livemode": False,
        "pretax_credit_amounts": [], "quantity": 1, "tax_rates": [], "taxes": [], "type": "custom_line_item",
        "unit_amount": amount, "unit_amount_decimal": str(amount),
    }]  # fmt: skip
    return base("credit_note", key, now) | {
        "amount": amount, "amount_shipping": 0, "currency": of["currency"], "customer": of["customer"],
        "discount_amount": 0, "discount_amounts": [], "effective_at": now, "invoice": of["id"],
        "lines": {"object": "list", "data": lines, "has_more": False, "url": f"/v1/credit_notes/{key}/lines"},
        "memo": None, "number": f"{of['number']}-CN-01", "out_of_band_amount": None, "pdf": f"https://pay.stripe.test/{key}/pdf",
        "post_payment_amount": amount, "pre_payment_amount": 0, "pretax_credit_amounts": [],
        "reason": None, "refunds": [], "shipping_cost": None, "status": "issued", "subtotal": amount,
        "subtotal_excluding_tax": amount, "total": amount, "total_excluding_tax": amount, "total_taxes": [],
        "type": "post_payment", "voided_at": None,
    } | values  # fmt: skip


def setup_intent(key: str, now: int, customer_id: str | None, **values: Any) -> Record:
    return base("setup_intent", key, now) | {
        "application": None, "automatic_payment_methods": None, "cancellation_reason": None,
        "client_secret": f"{key}_secret", "customer": customer_id, "description": None, "last_setup_error": None,
        "latest_attempt": None, "mandate": None, "next_action": None, "on_behalf_of": None, "payment_method": None,
        "payment_method_types": ["card"], "single_use_mandate": None, "status": "requires_payment_method",
        "usage": "off_session",
    } | values  # fmt: skip


def checkout_session(key: str, now: int, mode: str, **values: Any) -> Record:
    return base("checkout.session", key, now) | {
        "amount_subtotal": None, "amount_total": None, "cancel_url": None, "client_reference_id": None,
        "currency": None, "customer": None, "customer_details": None, "customer_email": None,
        "expires_at": now + DAY, "invoice": None, "invoice_creation": None, "locale": None, "mode": mode, "payment_intent": None,
        "payment_method_types": ["card"], "payment_status": "no_payment_required" if mode == "setup" else "unpaid",
        "setup_intent": None, "shipping_cost": None, "status": "open", "submit_type": None, "subscription": None,
        "success_url": None, "total_details": None, "ui_mode": "hosted_page", "url": None,
    } | values  # fmt: skip


def schedule(key: str, now: int, of: Record, phases: list[Record]) -> Record:
    return base("subscription_schedule", key, now) | {
        "application": None, "billing_mode": {"type": "flexible"}, "canceled_at": None, "completed_at": None,
        "current_phase": {"start_date": phases[0]["start_date"], "end_date": phases[0]["end_date"]},
        "customer": of["customer"], "default_settings": {"billing_cycle_anchor": "automatic"},
        "end_behavior": "release", "phases": phases, "released_at": None, "released_subscription": None,
        "status": "active", "subscription": of["id"], "test_clock": None,
    }  # fmt: skip


def phase(items: list[Record], currency: str, start: int, end: int, **values: Any) -> Record:
    return {
        "add_invoice_items": [], "currency": currency, "default_payment_method": None, "description": None,
        "discounts": [], "end_date": end, "items": items, "metadata": {}, "proration_behavior": "create_prorations",
        "start_date": start, "trial_end": None,
    } | values  # fmt: skip
