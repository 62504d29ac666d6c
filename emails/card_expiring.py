"""A card that pays a running subscription expires soon. Once for each card and date of expiry."""

from __future__ import annotations

from collections.abc import Sequence

import emails
from emails import pay_link
from emails.paths import methods_path
from tables.customer import Customer
from tables.order import Order
from tables.payment_method import PaymentMethod
from tables.reminding import charge_at
from theming import words
from theming.center import Center
from theming.money_words import card, date


async def queue(center: Center, customer: Customer, method: PaymentMethod, month: str, orders: Sequence[Order], *,
                payable: Order | None) -> bool:  # fmt: skip
    """`month` is that of its expiry (2026-11); `payable` the order for which a link alone can take another card."""
    center = center.speaking(customer.language)
    link = await pay_link.make(center, customer, payable) if payable else None
    with words.speaking(center.locale, center.words):
        variables = {
            "first_name": customer.first_name, "card": card(method) or words._("Your card"),
            "month": "/".join(reversed(month.split("-"))),
            "subscriptions": [{"name": order.summary or words._("Subscription"), "number": order.number,
                               "date": date(center, charge_at(order))} for order in orders],
            "link": link.address if link else center.link(methods_path(center)),
            "until": date(center, link.made.expires_at) if link else "",
        }  # fmt: skip
    return await emails.queue(
        center, "card_expiring", f"card-expiring:{method.id}:{month}", customer.email, variables,
        hidden=(link.token,) if link else (), customer=customer.id,
    )  # fmt: skip
