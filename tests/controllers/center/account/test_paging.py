"""The lists that go by id show everything, a page at a time."""

import re

import pytest

from tables import Address, Order, PaymentMethod, PhoneNumber, Subscription

HOW_MANY = 45


async def addresses(customer):
    for number in range(HOW_MANY):
        await Address.learn(
            customer.vendor, customer.id, {"street_one": f"{number:02} Orchard Lane", "city": "Ames"}, None
        )


async def phone_numbers(customer):
    for number in range(HOW_MANY):
        await PhoneNumber.learn(customer.vendor, customer.id, f"+1 212 555 01{number:02}", "order")


async def payment_methods(customer):
    for number in range(HOW_MANY):
        await PaymentMethod.learn(customer.vendor, customer.id, "stripe", f"pm_00{number:02}")


async def subscriptions(customer):
    for number in range(HOW_MANY):
        order = Order(vendor=customer.vendor, customer=customer.id, clickfunnels_id=f"s{number}", number=f"s{number}",
                      summary=f"Letter {number:02}", order_type="subscription-order", service_status="active")  # fmt: skip
        await order.save()
        await Subscription.keep(order)


LISTS = {
    "addresses": (addresses, r"<bdi>(\d\d) Orchard Lane"), "phone-numbers": (phone_numbers, r">\(212\) 555-01(\d\d)"),
    "payment-methods": (payment_methods, r"ending in 00(\d\d)"), "subscriptions": (subscriptions, r"Letter (\d\d)"),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
async def test_everything_is_shown_once_over_the_pages_and_the_way_back_is_there(bob, signed_in, name):
    fill, pattern = LISTS[name]
    await fill(bob)
    one, seen, pages = await signed_in(bob), [], 0
    address = f"/acme/account/{name}"
    while address:
        text = (await one.get(address)).text
        assert (f'href="/acme/account/{name}" rel="prev"' in text.replace('class="btn quiet" ', "")) == (pages > 0)
        seen += re.findall(pattern, text)
        older = re.search(rf'href="(/acme/account/{name}\?older=\d+)"', text)
        address, pages = older[1] if older else None, pages + 1
    assert pages == 3
    assert seen == [f"{number:02}" for number in reversed(range(HOW_MANY))]


@pytest.mark.parametrize("name", [*LISTS, "credit-memos"])
@pytest.mark.parametrize("older", ["", "x", "-1", "1 OR 1=1", "9" * 19, "%D9%A3"])
async def test_what_is_no_place_in_a_list_is_no_page(bob, signed_in, name, older):
    assert (await (await signed_in(bob)).get(f"/acme/account/{name}?older={older}")).status_code == 404
