"""On to Stripe's own page and back: the parts that signed-in people and a mailed link share."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import structlog
from litestar import Response

import database
from integrations.billing import Refused, Unreachable
from integrations.stripe import card_pages
from tables.card_setup import REFUSED, CardSetup
from tables.customer import Customer
from tables.order import Order
from tables.vendor import Vendor
from theming.words import _
from web.rendering import redirect, wants_fragment
from web.requests import center_of

log = structlog.get_logger("billing")


def let_forms_lead_to_stripe(request: Any) -> Response | None:
    """For the one page with a form whose answer leads there. An answer other than None is to be given in its place.

    A fragment put into another page is still under the policy of that page's document: so htmx loads the whole of this.
    """
    state = request.scope["state"]
    state["form_targets"] = (card_pages.origin(),)
    if not wants_fragment(state):
        return None
    query = request.scope["query_string"].decode("latin-1")
    here = state["center"].url(state["inner"]) + (f"?{query}" if query else "")
    headers = {"hx-redirect": here, "cache-control": "no-store", "vary": "Cookie, HX-Request"}
    return Response(b"", status_code=200, media_type="text/html", headers=headers)


async def begin(request: Any, customer: Customer, order_id: int | None = None, link: int | None = None) -> CardSetup:
    vendor_id = center_of(request).vendor_id
    return await database.transaction(lambda: CardSetup.begin(vendor_id, customer.id, order=order_id, link=link))


async def go_on(request: Any, setup: CardSetup, customer: Customer, back: str) -> Response:
    """303 to Stripe's page; where it cannot be had now, or is on a host of the vendor's own, to `back`, a path here."""
    center, vendor = center_of(request), await Vendor.by_id(customer.vendor)
    assert vendor is not None
    order = await Order.behind(setup.vendor, setup.order) if setup.order else None
    currency = order.currency if order else center.currency or await Order.usual_currency(customer.vendor)
    try:
        address = await card_pages.open_page(vendor, setup, customer, center.link(back), currency)
    except Refused as error:
        await setup.settle(REFUSED, error=str(error))
    except Unreachable as error:
        log.warning("no card page", vendor=vendor.id, id=setup.public_id, why=str(error))
        await setup.note(_("Stripe could not be reached. Nothing was changed; please try again in a moment."))
    else:
        request.app.state.worker.wake()
        if leads_to_stripe(address):
            answer = redirect(request, back)
            answer.headers["location"] = address
            return answer
    return redirect(request, back)


def leads_to_stripe(address: str) -> bool:
    """Whether a browser follows a form there (`let_forms_lead_to_stripe`)."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" == card_pages.origin()
