import pytest

from tables import Course, Mail, Vendor, WebhookEvent
from tables.daily_figure import today_in
from tests.client import tree, words
from web import refusals

HOME = "/console/acme"


@pytest.fixture
def look(at_desk, olga):
    async def get(person=olga):
        return await (await at_desk(person)).get(HOME)

    return get


async def test_a_new_center_is_shown_its_first_steps(look):
    said = words(await look())
    assert "Set up your center" in said
    assert "2 of 6 done" in said  # The fixture's vendor has a support address and a secret.
    assert "Publish a course" in said
    assert "Receive the first webhook" in said


def steps_done(page):
    items = [" ".join("".join(item.itertext()).split()) for item in tree(page).iter("li")]
    return {item.removesuffix(", done") for item in items if item.endswith(", done")}


async def test_what_is_done_is_said(look, acme):
    before = {"Say where customers can write to", "Enter the webhook secret"}
    assert steps_done(await look()) == before
    await WebhookEvent.keep(acme.id, "clickfunnels", "test-1", "contact.created", "{}")
    assert steps_done(await look()) == before  # A test is not the first webhook.
    await WebhookEvent.keep(acme.id, "clickfunnels", "e1", "contact.created", "{}")
    assert steps_done(await look()) == before | {"Receive the first webhook"}


async def test_the_steps_go_once_all_are_done(at_desk, world):
    await Vendor.update({Vendor.logo: "a" * 64 + ".webp"}).where(Vendor.id == world.acme.id)
    one = await at_desk(world.alice.people["owner"])
    assert "Set up your center" not in words(await one.get(HOME))
    await Course.update({Course.published_at: None}).where(Course.vendor == world.acme.id)
    assert "5 of 6 done" in words(await one.get(HOME))


async def test_nothing_to_do_says_so(look):
    assert "Nothing: webhooks and mails go through." in words(await look())


async def test_failures_are_named_with_the_way_to_them(at_desk, world):
    row = await Mail.select().where(Mail.vendor == world.acme.id, Mail.public_id == world.alice.mail).first()
    await Mail.failed(row, "550 no such user")
    page = await (await at_desk(world.alice.people["staff"])).get(HOME)
    said = words(page)
    assert "1 webhook failed, so something that happened at ClickFunnels is missing here." in said
    assert "1 message of the last seven days could not be delivered." in said
    links = {link.get("href") for link in tree(page).iter("a")}
    assert {f"{HOME}/webhooks?state=failed", f"{HOME}/mail?state=failed"} <= links


async def test_events_that_wait_for_long_are_named(look, acme, clock):
    await WebhookEvent.keep(acme.id, "clickfunnels", "e1", "order.created", "{}")
    (row,) = await WebhookEvent.lease(1)
    await WebhookEvent.park(row, "contact:1")
    assert "has waited for more than a day" not in words(await look())
    clock.forward(hours=25)
    assert "1 webhook has waited for more than a day" in words(await look())


async def test_refused_webhooks_are_named(look, acme):
    await refusals.note(acme)
    assert "At least 1 delivery was refused today" in words(await look())


async def test_figures_stand_beside_their_charts(look, alice, bob):
    page = await look()
    said = words(page)
    assert "New customers 2" in said
    assert "2 today, the most of any day." in said
    charts = [svg for svg in tree(page).iter() if str(svg.tag).endswith("svg") and svg.get("class") == "chart"]
    assert [len(list(chart)) for chart in charts] == [30] * 5
    rows = [row for table in tree(page).iter("table") for row in table.iter("tr")]
    assert len(rows) == 31


async def test_the_console_itself_counts_for_nobody(look, acme, stan):
    """Whoever signs in to the console is no customer of the vendor."""
    assert "Sign-ins 0" in words(await look(stan))
    assert today_in(acme.zone)
