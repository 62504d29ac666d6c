"""Every mail about money as its readers get it: small, both parts alike, in their language, without a trace of ours."""

import re
from datetime import timedelta
from email import policy
from email.parser import BytesParser

import html5lib
import pytest

import database
from emails import card_expiring, credit_memo, payment_failed, receipt, smtp, upcoming_renewal
from tables import CreditMemo, Customer, Invoice, InvoiceLine, Mail, Order, PaymentMethod, Vendor, reminding
from tables.mail import opened
from tables.paper_content import invoice_content
from theming.center import center_of

LARGEST = 20 * 1024
SHEET = re.compile(r"@import|url\(|<link|<img|<script|\bsrc=|\bbackground=", re.IGNORECASE)
MAILS = ["receipt", "receipt of an order", "upcoming_renewal", "payment_failed", "card_expiring", "credit_memo"]


async def send(own, which, language, currency):
    """The row of one mail, with more in it than usual."""
    await Customer.update({Customer.language: language}, force=True).where(Customer.id == own.id)
    vendor, customer = await Vendor.by_id(own.vendor.id), await Customer.by_id(own.vendor.id, own.id)
    order, subscribed = [await Order.numbered(vendor.id, number) for number in (own.order, own.subscription_order)]
    order.currency = subscribed.currency = currency
    (bill,) = await Invoice.of(vendor.id, order.id)
    bill.currency = currency
    center, now = center_of(vendor), database.now()
    method = PaymentMethod(vendor=vendor.id, customer=customer.id, processor="stripe", reference=which, brand="visa",
                           last4="4242")  # fmt: skip
    await method.save()
    await InvoiceLine.insert(*(
        InvoiceLine(vendor=vendor.id, invoice=bill.id, clickfunnels_id=str(place), description="Bienenwachs <b>& Co</b> " * 12,
                    quantity=place + 1, amount=1000, currency=currency, period_start_at=now, period_end_at=now)
        for place in range(40)
    ))  # fmt: skip
    charge = reminding.Charge(now + timedelta(days=3), 900, currency, False, True, "Yearly")
    memo, *_ = await CreditMemo.of_order(vendor.id, order.id)
    billed, bought = await invoice_content(order, bill), await invoice_content(subscribed, None)
    made = {
        "receipt": lambda: receipt.queue(center, customer, order, bill, billed, method),
        "receipt of an order": lambda: receipt.queue(center, customer, subscribed, None, bought, None),
        "upcoming_renewal": lambda: upcoming_renewal.queue(
            center, customer, subscribed, charge, method, may_cancel=True
        ),
        "payment_failed": lambda: payment_failed.queue(center, customer, subscribed, bill, method),
        "card_expiring": lambda: card_expiring.queue(
            center, customer, method, "2026-11", [subscribed], payable=subscribed
        ),
        "credit_memo": lambda: credit_memo.queue(center, customer, memo, order.number),
    }
    assert await made[which]()
    return await Mail.select().order_by(Mail.id, ascending=False).first()


@pytest.mark.parametrize("which", MAILS)
@pytest.mark.parametrize(("language", "currency"), [("en", "USD"), ("ar", "KWD"), ("ja", "JPY")])
async def test_a_mail_is_small_and_says_the_same_in_both_parts(world, which, language, currency):
    row = await send(world.alice, which, language, currency)
    row |= {part: opened(row, part) for part in ("body_text", "body_html")} | {"sealed": False}
    raw = bytes(smtp.message_of(row))
    assert len(raw) <= LARGEST
    message = BytesParser(policy=policy.default).parsebytes(raw)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] is None
    text, page = [part.get_content() for part in message.iter_parts()]
    assert not SHEET.search(page)
    document = html5lib.parse(page, namespaceHTMLElements=False)
    assert (document.get("lang"), document.get("dir")) == (language, "rtl" if language == "ar" else "ltr")
    assert len(document.findall(".//h1")) == 1
    links = {link.get("href") for link in document.iter("a") if link.get("href").startswith("http")}
    assert links
    assert links == set(re.findall(r"http\S+", text))
    assert {line for line in text.splitlines() if line.startswith("http")} == links
    assert "<b>" not in page
    assert not re.search(r"\{\{|\{%|None|%\(|sample", text + page)
    assert not re.search(r"\n{4,}", text)
    said = {"USD": "$", "KWD": "د.ك", "JPY": "￥"}[currency]
    assert (said in text and said in page) or which in ("card_expiring", "credit_memo")


async def test_a_long_bill_is_cut_and_said_to_be(world):
    row = await send(world.alice, "receipt", "en", "USD")
    assert "and 32 more items" in row["body_text"]
    assert "and 32 more items" in row["body_html"]
    assert max(len(line) for line in row["body_text"].splitlines() if "http" not in line) <= 72


async def test_what_the_vendor_does_not_show_is_linked_nowhere(world):
    hidden = '["orders", "credit-memos", "subscriptions", "payment-methods"]'
    await Vendor.update({Vendor.hidden_tabs: hidden}, force=True)
    for which in MAILS:
        row = await send(world.alice, which, "en", "USD")
        text = opened(row, "body_text")
        assert not re.search(r"/account/\w", text), which
        assert re.search(r"/acme/(account|pay/\S+)$", text, re.MULTILINE), which


@pytest.mark.parametrize("which", MAILS)
async def test_every_link_leads_somewhere(world, browser, signed_in, which):
    row = await send(world.alice, which, "en", "USD")
    found = sorted(set(re.findall(r"http\S+", opened(row, "body_text"))))
    one, stranger = await signed_in(world.alice.customer), browser()
    for link in found:
        free = "/pay/" in link
        page = await (stranger if free else one).get(link.removeprefix("http://127.0.0.1:8000"))
        assert page.status_code in ((200,) if free else (200, 303)), link
    assert found
