"""A product's prices: which changes customers may make themselves, and to which other prices."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.console.prices import PriceForm
from integrations.billing.holders import keeps_plans
from tables.audit_entry import AuditEntry
from tables.member import ADMIN
from tables.price import Price, PriceTarget
from tables.product import Product
from tables.vendor import Vendor
from theming.console import price_words
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen


@screen("/products/{product:str}/prices/{price:str}")
async def edit(request: Request, product: Part, price: Part) -> Response:
    row = await price_of(request, product, price)
    targets = await PriceTarget.of(row.vendor, row.clickfunnels_id)
    return await price_page(request, row, PriceForm(price_words.chosen(row)), targets)


@post("/products/{product:str}/prices/{price:str}", opt={"role": ADMIN})
async def update(request: Request, product: Part, price: Part) -> Response:
    """The flags, and `target-…` for each price its customers may change to."""
    row, member, sent = await price_of(request, product, price), member_of(request), form_of(request)
    form, others = PriceForm.read(sent), await Price.choices(row.vendor, row)
    wanted = [one.clickfunnels_id for one in others if sent.get(f"target-{one.id}") == "1"]
    if form.errors:
        return await price_page(request, row, form, wanted, status=422)

    async def work() -> None:
        await Vendor.hold(row.vendor)
        await row.choose(form.flags)
        if not keeps_plans(vendor_of(request), row.clickfunnels_id):
            await PriceTarget.replace(row.vendor, row.clickfunnels_id, wanted)
        await AuditEntry.record(row.vendor, member, "price.changed", row.name, **form.values, targets=len(wanted))

    await database.transaction(work)
    return redirect(request, desk(request, f"/products/{product}/prices/{row.clickfunnels_id}?done=saved"))


ROUTES = [edit, update]


async def price_of(request: Any, product: str, price: str) -> Price:
    vendor_id = vendor_of(request).id
    found, row = await Product.known(vendor_id, product), await Price.known(vendor_id, price)
    if found is None or found.deleted_at or row is None or row.deleted_at or row.product_clickfunnels_id != product:
        raise Refused(404)
    return row


async def price_page(request: Any, row: Price, form: PriceForm, targets: list[str], status: int = 200) -> Response:
    vendor, others = vendor_of(request), await Price.choices(row.vendor, row)
    elsewhere = keeps_plans(vendor, row.clickfunnels_id)
    chosen = [one for one in others if one.clickfunnels_id in targets]
    plans = None if elsewhere else price_words.offered(vendor.switches, row, chosen, vendor.locale)
    name = row.name or _("A price without a name")
    product = await Product.known(row.vendor, row.product_clickfunnels_id)
    return render(
        request, "console/content/price", layout="console", title=name, heading=name, form=form, status=status,
        amount=price_words.amount(row, vendor.locale), sees=price_words.sees(vendor.switches, row, plans),
        flags=[
            {"name": flag, "label": label, "choices": price_words.choices(row, flag)}
            for flag, label in price_words.flag_labels().items()
        ],
        targets=[{"name": f"target-{one.id}", "title": one.name, "amount": price_words.amount(one, vendor.locale),
                  "checked": one.clickfunnels_id in targets} for one in others],
        elsewhere=elsewhere, renews=bool(row.interval), may_change=member_of(request).may(ADMIN),
        back_href=center_of(request).url(desk(request, f"/products/{row.product_clickfunnels_id}")),
        back_label=product.name if product and product.name else _("Product"),
        action=center_of(request).url(desk(request, f"/products/{row.product_clickfunnels_id}/prices/{row.clickfunnels_id}")),
        notice={"tone": "good", "text": _("Saved.")} if query_of(request).get("done") == "saved" else None,
    )  # fmt: skip
