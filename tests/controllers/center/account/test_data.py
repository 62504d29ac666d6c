import re
from datetime import timedelta

import pytest

import database
from jobs.make_exports import make_exports
from jobs.stopping import Stopping
from tables import Customer, Export, Mail, Order, closing
from tables.mail import opened
from tests.client import forms, tree, words

DATA = "/acme/account/data"
DELETION = f"{DATA}/deletion"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/acme/deletion/[\w-]+)")


@pytest.fixture
async def one(bob, signed_in):
    return await signed_in(bob)


async def mails(kind):
    return await Mail.select().where(Mail.kind == kind).order_by(Mail.id)


# A copy


async def test_a_copy_is_asked_for_made_and_fetched(bob, one):
    page = await one.get(DATA)
    assert "Prepare my data" in words(page)
    answer = await one.submit(page, f"{DATA}/exports")
    assert (answer.status_code, answer.headers["location"]) == (303, DATA)
    page = await one.get(DATA)
    assert "Being prepared" in words(page)
    assert f"{DATA}/exports" not in forms(page)
    await make_exports(Stopping())
    page = await one.get(DATA)
    until = database.now() + timedelta(days=7)
    assert f"Ready until {until:%B} {until.day}" in words(page)
    (link,) = [link.get("href") for link in tree(page).iter("a") if link.text == "Download"]
    file = await one.get(link)
    assert file.content.startswith(b"PK")
    assert file.headers["content-type"] == "application/zip"
    assert re.fullmatch(r"attachment; filename\*=UTF-8''acme-\d{4}-\d\d-\d\d\.zip", file.headers["content-disposition"])
    assert "no-store" in file.headers["cache-control"]
    part = await one.get(link, range="bytes=0-1")
    assert (part.status_code, part.content) == (206, b"PK")


async def test_a_second_press_makes_no_second_copy(bob, one):
    token = await one.token(DATA)
    assert (await one.post(f"{DATA}/exports", {"_csrf": token})).status_code == 303
    page = await one.post(f"{DATA}/exports", {"_csrf": token})
    assert page.status_code == 422
    assert "A copy is being prepared already" in words(page)
    assert await Export.count() == 1


async def test_a_copy_ends_with_its_week_and_with_its_file(world, signed_in, clock):
    one = await signed_in(world.alice.customer)
    where = f"{DATA}/exports/{world.alice.export}"
    assert (await one.get(where)).status_code == 200
    await Export.update({Export.state: "requested"}, force=True)
    assert (await one.get(where)).status_code == 404
    await Export.update({Export.state: "ready"}, force=True)
    clock.forward(days=8)
    assert (await one.get(where)).status_code == 404
    assert "Ready" not in words(await one.get(DATA))


# Deleting


async def test_the_page_says_what_goes_what_stays_and_whom_to_ask(world, signed_in):
    text = words(await (await signed_in(world.alice.customer)).get(DELETION))
    for said in ("What is deleted", "What has to be kept, and why", "tax law", "help@acme.example", "For 14 days",
                 "You still have a subscription"):  # fmt: skip
        assert said in text


async def test_somebody_without_a_subscription_is_not_warned_of_one(bob, one):
    assert "subscription" not in words(await one.get(DELETION))


async def test_asking_deletes_nothing_and_mails_a_link(bob, one):
    page = await one.get(DELETION)
    answer = await one.submit(page, DELETION)
    assert answer.headers["location"] == f"{DELETION}?sent=1"
    assert "We sent a message to bob@example.com. Press the button in it within 24 hours" in words(
        await one.get(answer.headers["location"])
    )
    (mail,) = await mails("delete_account")
    assert mail["sealed"]
    assert mail["recipient"] == "bob@example.com"
    assert LINK.search(opened(mail, "body_text"))
    assert (await Customer.objects().first()).closes_at is None


async def test_only_the_newest_link_counts(bob, one, browser):
    for _ in range(2):
        await one.submit(await one.get(DELETION), DELETION)
    first, second = [LINK.search(opened(mail, "body_text"))[1] for mail in await mails("delete_account")]
    assert (await browser().get(first)).status_code == 410
    assert (await browser().get(second)).status_code == 200


async def test_the_fourth_message_in_an_hour_waits(bob, one, clock):
    token = await one.token(DELETION)
    answers = [(await one.post(DELETION, {"_csrf": token})).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 422]
    assert len(await mails("delete_account")) == 3
    clock.forward(minutes=61)
    assert (await one.post(DELETION, {"_csrf": token})).status_code == 303


async def test_a_mailbox_gets_five_of_them_a_day(bob, one, clock):
    token, answers = await one.token(DELETION), []
    for _ in range(20):
        answers.append((await one.post(DELETION, {"_csrf": token})).status_code)
        clock.forward(minutes=61)
    assert answers.count(303) == len(await mails("delete_account")) == 5


async def test_while_it_is_scheduled_every_page_says_so_and_offers_the_way_back(world, signed_in, browser):
    one = await signed_in(world.alice.customer)
    assert "will be deleted" not in words(await one.get("/acme/courses"))
    until = await closing.schedule(world.acme.id, world.alice.id)
    said = f"Your account will be deleted on {until:%B} {until.day}, {until.year}."
    for inner in ("/courses", "/account", "/account/orders", "/account/profile", "/nowhere"):
        page = await one.get(f"/acme{inner}")
        assert said in words(page), inner
        assert f"{DELETION}/withdrawal" in forms(page), inner
    assert "will be deleted" not in words(await browser().get("/acme/sign-in"))


async def test_while_it_is_scheduled_asking_again_sends_nothing(bob, one):
    token = await one.token(DELETION)
    await closing.schedule(bob.vendor, bob.id)
    assert (await one.post(DELETION, {"_csrf": token})).headers["location"] == DELETION
    page = await one.get(DELETION)
    assert DELETION not in forms(page)
    assert "It will be deleted on" in words(page)
    assert await mails("delete_account") == []


async def test_keeping_the_account_takes_everything_back(bob, one):
    await one.submit(await one.get(DELETION), DELETION)
    await closing.schedule(bob.vendor, bob.id)
    answer = await one.submit(await one.get("/acme/account"), f"{DELETION}/withdrawal")
    page = await one.get(answer.headers["location"])
    assert "Your account stays. Nothing was deleted." in words(page)
    assert "will be deleted" not in words(page)
    assert (await Customer.objects().first()).closes_at is None
    (mail,) = await mails("deletion_withdrawn")
    assert mail["recipient"] == "bob@example.com"
    link = LINK.search(opened((await mails("delete_account"))[0], "body_text"))[1]
    assert (await one.get(link)).status_code == 410


async def test_keeping_an_account_that_was_not_going_sends_nothing(bob, one):
    answer = await one.post(f"{DELETION}/withdrawal", {"_csrf": await one.token(DATA)})
    assert answer.status_code == 303
    assert await mails("deletion_withdrawn") == []


async def test_an_order_that_has_ended_is_no_subscription(world, signed_in):
    await Order.update({Order.service_status: "churned"}).where(Order.vendor == world.acme.id)
    text = words(await (await signed_in(world.alice.customer)).get(DELETION))
    assert "You still have a subscription" not in text
