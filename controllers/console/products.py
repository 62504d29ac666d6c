"""The vendor's products, and which courses each of them opens."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.console.content import ProductForm
from integrations.billing.holders import keeps_plans
from tables.audit_entry import AuditEntry
from tables.base import is_local
from tables.course import Course
from tables.member import ADMIN
from tables.price import Price, PriceTarget
from tables.product import Product
from tables.product_course import ProductCourse
from tables.vendor import Vendor
from theming.console import price_words
from theming.console.content_words import done
from theming.words import _, _n
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen


@screen("/products")
async def index(request: Request) -> Response:
    return await list_page(request, ProductForm())


@post("/products", opt={"role": ADMIN})
async def create(request: Request) -> Response:
    form, vendor, member = ProductForm.read(form_of(request)), vendor_of(request), member_of(request)
    if form.errors:
        return await list_page(request, form, status=422)

    async def work() -> Product:
        made = await Product.make(vendor.id, form.values["title"])
        await AuditEntry.record(vendor.id, member, "product.made", made.name)
        return made

    made = await database.transaction(work)
    return redirect(request, desk(request, f"/products/{made.clickfunnels_id}"))


@screen("/products/{product:str}")
async def edit(request: Request, product: Part) -> Response:
    row = await product_of(request, product)
    opened = await ProductCourse.of(row.vendor, row.clickfunnels_id)
    return await product_page(request, row, {one.course_clickfunnels_id for one in opened})


@post("/products/{product:str}", opt={"role": ADMIN})
async def update(request: Request, product: Part) -> Response:
    """What it opens from now on: `course-…` for each, and `catch_up` for those who have bought it before."""
    row, member, form = await product_of(request, product), member_of(request), form_of(request)
    courses = await Course.choices(row.vendor)
    wanted = [one["clickfunnels_id"] for one in courses if form.get(f"course-{one['public_id']}") == "1"]
    catch_up = bool(form.get("catch_up"))

    async def work() -> None:
        await Vendor.hold(row.vendor)
        await ProductCourse.replace(row.vendor, row.clickfunnels_id, wanted, catch_up=catch_up)
        titles = ", ".join(one["title"] for one in courses if one["clickfunnels_id"] in wanted)
        await AuditEntry.record(
            row.vendor, member, "product.opens", row.name, courses=titles[:500], earlier_buyers=catch_up
        )

    await database.transaction(work)
    request.app.state.worker.wake()
    return redirect(request, desk(request, f"/products?done={'catching_up' if catch_up else 'granted'}"))


ROUTES = [index, create, edit, update]


async def product_of(request: Any, product: str) -> Product:
    row = await Product.known(vendor_of(request).id, product)
    if row is None or row.deleted_at:
        raise Refused(404)
    return row


def address(request: Any, row: Product) -> str:
    return center_of(request).url(desk(request, f"/products/{row.clickfunnels_id}"))


async def list_page(request: Any, form: ProductForm, status: int = 200) -> Response:
    rows = await Product.listed(vendor_of(request).id, below(request))
    rows, paging = page(request, desk(request, "/products"), rows, Product.PAGE, [row.id for row in rows])
    counts = await ProductCourse.counts(vendor_of(request).id, [row.clickfunnels_id for row in rows])
    products = [
        {"name": row.name or _("A product without a name"), "href": address(request, row), "archived": row.archived,
         "own": is_local(row.clickfunnels_id), "opens": _n("opens %(num)s course", "opens %(num)s courses", number)
         if (number := counts.get(row.clickfunnels_id, 0)) else _("opens no course")} for row in rows
    ]  # fmt: skip
    return render(
        request, "console/content/products", layout="console", title=_("Products"), form=form, status=status, products=products,
        paging=paging, notice=done(query_of(request).get("done", "")), may_change=member_of(request).may(ADMIN),
    )  # fmt: skip


async def product_page(request: Any, row: Product, opened: set[str]) -> Response:
    courses = [
        {"name": f"course-{one['public_id']}", "title": one["title"], "checked": one["clickfunnels_id"] in opened}
        for one in await Course.choices(row.vendor)
    ]
    return render(
        request, "console/content/product", layout="console", title=row.name or _("A product without a name"),
        heading=row.name or _("A product without a name"), courses=courses, action=address(request, row),
        may_change=member_of(request).may(ADMIN), prices=await prices_of(request, row),
    )  # fmt: skip


async def prices_of(request: Any, row: Product) -> list[dict[str, Any]]:
    vendor, prices = vendor_of(request), await Price.of_product(row.vendor, row.clickfunnels_id)
    targets = await PriceTarget.counts(row.vendor, [price.clickfunnels_id for price in prices])
    return [
        price_words.row(
            price, f"{address(request, row)}/prices/{price.clickfunnels_id}", vendor.switches, vendor.locale,
            changes=keeps_plans(vendor, price.clickfunnels_id) or price.clickfunnels_id in targets,
        ) for price in prices
    ]  # fmt: skip
