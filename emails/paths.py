"""Where mails about money lead. A page that the vendor has switched off is no address: then the next best is."""

from __future__ import annotations

from tables.credit_memo import CreditMemo
from tables.invoice import Invoice
from tables.order import Order, Subscription
from theming.center import Center
from theming.paper_links import invoice_path, memo_path, pdf


def order_link(center: Center, order: Order) -> str:
    return center.link(f"/account/orders/{order.number}" if "orders" not in center.hidden_tabs else "/account")


def invoice_link(center: Center, order: Order, invoice: Invoice | None) -> str:
    """The paper, the order's own where it has no invoice; an empty text where the vendor shows none."""
    return "" if "orders" in center.hidden_tabs else center.link(invoice_path(order, invoice))


def invoice_file_link(center: Center, order: Order, invoice: Invoice | None) -> str:
    """The same as PDF."""
    return pdf(link) if (link := invoice_link(center, order, invoice)) else ""


def memo_link(center: Center, memo: CreditMemo) -> str:
    return center.link(memo_path(memo) if "credit-memos" not in center.hidden_tabs else "/account")


def memo_paper_link(center: Center, memo: CreditMemo) -> str:
    """The paper as PDF; an empty text where the vendor shows none."""
    return center.link(pdf(memo_path(memo))) if "credit-memos" not in center.hidden_tabs else ""


def methods_path(center: Center) -> str:
    return "/account/payment-methods" if "payment-methods" not in center.hidden_tabs else "/account"


async def subscription_path(center: Center, order: Order) -> str:
    """Of the page of an order's subscription; an empty text where there is none."""
    if "subscriptions" in center.hidden_tabs or "subscription" not in order.order_type:
        return ""
    public_id = await Subscription.public_id_of(order.vendor, order.id)
    return f"/account/subscriptions/{public_id}" if public_id else ""
