"""Money comes back to a customer, and where its paper is."""

from __future__ import annotations

import emails
from emails.paths import memo_link, memo_paper_link
from tables.credit_memo import CreditMemo
from tables.customer import Customer
from theming.center import Center
from theming.formats import money


async def queue(center: Center, customer: Customer, memo: CreditMemo, number: str) -> bool:
    """`number` is the order's; returns whether it was not told yet."""
    center = center.speaking(customer.language)
    variables = {
        "first_name": customer.first_name, "number": number, "memo": memo.number, "reason": memo.reason or "",
        "amount": money(memo.amount, memo.currency, center.locale),
        "link": memo_link(center, memo), "paper": memo_paper_link(center, memo),
    }  # fmt: skip
    return await emails.queue(
        center, "credit_memo", f"credit-memo:{memo.id}:{memo.number}", customer.email, variables, customer=customer.id
    )  # fmt: skip
