"""The welcome mail: one for each customer, with their first purchase, whichever system tells of it first."""

from __future__ import annotations

from emails import welcome
from tables.course import Course
from tables.customer import Customer
from tables.enrollment import Enrollment
from tables.mail import Mail
from tables.order import OrderLine
from tables.vendor import Vendor
from theming.center import center_of

MOST_ITEMS = 20


async def send_once(vendor_id: int, customer_id: int, items: list[str], *, news: bool = True) -> None:
    """Queue the mail if this is the customer's first purchase; one that is no news is passed over for good."""
    if await Customer.claim_welcome(vendor_id, customer_id) and news:
        await send(vendor_id, customer_id, items)


async def send_again(vendor_id: int, customer_id: int) -> None:
    """Queue it to the address that late news has put right: the first one went to an address nobody may read."""
    customer = await Customer.objects().where(Customer.vendor == vendor_id, Customer.id == customer_id).first()
    if customer and customer.welcomed_at and customer.may_enter and await welcomed(vendor_id, customer_id):
        await send(vendor_id, customer_id, await bought(vendor_id, customer_id))


async def welcomed(vendor_id: int, customer_id: int) -> bool:
    """Whether a mail went out; an import may have passed over it."""
    return await Mail.exists().where(Mail.vendor == vendor_id, Mail.customer == customer_id, Mail.kind == "welcome")


async def send(vendor_id: int, customer_id: int, items: list[str]) -> None:
    vendor = await Vendor.objects().get(Vendor.id == vendor_id)
    customer = await Customer.objects().get((Customer.vendor == vendor_id) & (Customer.id == customer_id))
    names = list(dict.fromkeys(item for item in items if item))
    await welcome.queue(center_of(vendor), customer, names[:MOST_ITEMS])


async def bought(vendor_id: int, customer_id: int) -> list[str]:
    """What a customer's orders name, or else their courses."""
    lines = await OrderLine.select(OrderLine.product_name).where(
        OrderLine.vendor == vendor_id, OrderLine.order.customer == customer_id, OrderLine.order.deleted_at.is_null()
    ).order_by(OrderLine.id).limit(MOST_ITEMS)  # fmt: skip
    if lines:
        return [line["product_name"] for line in lines]
    courses = await Enrollment.select(Enrollment.course_clickfunnels_id).where(
        Enrollment.vendor == vendor_id, Enrollment.customer == customer_id, Enrollment.deleted_at.is_null()
    )
    titles = Course.select(Course.title).where(
        Course.vendor == vendor_id, Course.clickfunnels_id.is_in([row["course_clickfunnels_id"] for row in courses])
    )
    return [row["title"] for row in await titles.order_by(Course.id)] if courses else []
