"""One invoice of an order as its customer may have it: the bill, or the order itself, with what was changed on it."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from tables.customer import Customer
from tables.invoice import OWN_PAPER, Invoice
from tables.order import Order
from tables.paper_content import PAYMENT_FACTS, Content, has_own_paper, invoice_content
from tables.paper_revision import PaperRevision


class InvoicePaper(NamedTuple):
    order: Order
    bill: Invoice | None
    """None where the order stands for itself."""
    revisions: list[PaperRevision]
    """Newest first; empty where nothing was changed."""

    @classmethod
    async def find(cls, order: Order, name: str) -> Self | None:
        """The paper with this name in its address. Where a bill came after all, the order's own name leads to it."""
        bills = [bill for bill in await Invoice.of(order.vendor, order.id) if bill.has_paper]
        if name != OWN_PAPER:
            bill = next((bill for bill in reversed(bills) if bill.paper_name == name), None)
            return cls(order, bill, await PaperRevision.of(order, bill)) if bill else None
        revisions = await PaperRevision.of(order, None)
        if revisions or has_own_paper(order, bills):
            return cls(order, None, revisions)
        return cls(order, bills[0], await PaperRevision.of(order, bills[0])) if bills else None

    async def content(self, revision: int | None = None) -> tuple[Content, PaperRevision | None]:
        """What stands on it, today or in one of its revisions; raises LookupError for one there is not."""
        if revision is None:
            row = self.revisions[0] if self.revisions else None
        elif (row := next((row for row in self.revisions if row.revision == revision), None)) is None:
            raise LookupError(revision)
        return (row.facts if row else await invoice_content(self.order, self.bill)), row

    async def rename_buyer(self, company: str, vat: str, made_by: str, keep: bool) -> bool:
        """Name this company on it, as a new revision; False when that is what it says. Inside a transaction.

        Everything else stays as it stood but what was paid meanwhile. `keep` names it on later invoices too. Raises
        TooOften.
        """
        await Customer.hold(self.order.vendor, self.order.customer)
        paper = self._replace(revisions=await PaperRevision.of(self.order, self.bill))
        before, _row = await paper.content()
        named = {"company": company, "vat": vat}
        if keep:
            await Customer.bill_as(self.order.vendor, self.order.customer, company, vat)
        if all(before["buyer"][key] == value for key, value in named.items()):
            return False
        after = before | await self.paid_meanwhile(before) | {"buyer": before["buyer"] | named}
        await PaperRevision.revise(self.order, self.bill, before, after, made_by)
        return True

    async def paid_meanwhile(self, before: Content) -> Content:
        today = await invoice_content(self.order, self.bill)
        same = (today["total"], today["currency"]) == (before["total"], before["currency"])
        return {name: today[name] for name in PAYMENT_FACTS} if same else {}


async def newest_paper(order: Order) -> Any:
    """The newest bill of an order that has a paper; None where the order stands for itself, or LookupError."""
    paper = await InvoicePaper.find(order, OWN_PAPER)
    if paper is None:
        raise LookupError(order.number)
    return paper.bill
