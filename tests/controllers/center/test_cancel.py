"""Cancelling a contract without signing in (BGB, section 312k): stored, answered and mailed at once; nothing is told."""

import pytest

import database
from tables import AuditEntry, BillingCommand, CancellationNotice, Mail, RateLimit, Vendor
from tests.client import forms, normal, tree, words
from web import tenancy
from web.limits import NOTICES_ANYWHERE

HERE = "/acme/cancel"
GOOD = {"kind": "ordinary", "name": "Ann Haag", "email": "Ann@Example.com", "contract": "1001", "ends": "soonest"}


@pytest.fixture
async def open_acme(acme):
    await Vendor.update({Vendor.cancel_without_sign_in: True, Vendor.support_email: "help@acme.example"}).where(
        Vendor.id == acme.id
    )
    tenancy.kept.clear()
    return acme


async def send(one, **changes):
    page = await one.get(HERE)
    return await one.submit(page, HERE, **{**GOOD, **changes})


def main(page):
    return " ".join("".join(next(tree(page).iter("main")).itertext()).split())


async def test_it_exists_only_where_the_vendor_wants_it(acme, browser):
    one = browser()
    assert (await one.get(HERE)).status_code == 404
    assert "Cancel contracts here" not in (await one.get("/acme/sign-in")).text
    assert (await one.post(HERE, GOOD)).status_code in (403, 404)
    assert await CancellationNotice.count() == 0


async def test_a_link_at_the_bottom_of_every_page_leads_there(open_acme, browser):
    page = await browser().get("/acme/sign-in")
    [link] = [one for one in tree(page).iter("a") if "Cancel contracts here" in "".join(one.itertext())]
    assert link.get("href") == HERE
    assert "Cancel now" in words(await browser().get(HERE))


async def test_it_is_stored_shown_and_mailed_at_once(open_acme, browser, clock):
    one = browser()
    sent = await send(one)
    assert sent.status_code == 303
    notice = await CancellationNotice.objects().first()
    assert (notice.kind, notice.name, notice.email, notice.contract, notice.ends_on, notice.mailed) == (
        "ordinary", "Ann Haag", "ann@example.com", "1001", None, True,
    )  # fmt: skip
    assert notice.received_at == clock.now()
    page = await one.get(sent.headers["location"])
    for said in (
        "Ann Haag",
        "ann@example.com",
        "1001",
        "As soon as possible",
        "Ordinary",
        "UTC",
        str(clock.now().year),
    ):
        assert said in main(page), said
    assert "<script" not in page.text
    mails = await Mail.objects().order_by(Mail.id)
    assert [(mail.kind, mail.recipient) for mail in mails] == [
        ("cancellation_notice", "ann@example.com"), ("console/cancellation_notice", "help@acme.example"),
    ]  # fmt: skip
    assert all(said in mails[0].body_text for said in ("Ann Haag", "1001", "As soon as possible", "UTC"))
    assert f"/console/acme/requests/notices/{notice.public_id}" in mails[1].body_text


async def test_the_receipt_can_be_opened_for_a_day(open_acme, browser, clock):
    one = browser()
    receipt = (await send(one)).headers["location"]
    clock.forward(hours=23)
    assert (await browser().get(receipt)).status_code == 200
    clock.forward(hours=2)
    gone = await one.get(receipt)
    assert gone.status_code == 410
    assert "Ann" not in gone.text
    assert (await one.get("/acme/cancel/nothing")).status_code == 404
    assert (await one.get(receipt.replace("acme", "globex"))).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": " "}, "name"), ({"email": "nobody"}, "email"), ({"email": ""}, "email"), ({"contract": ""}, "contract"),
     ({"kind": "cause"}, "reason"), ({"kind": "x"}, "kind"), ({"ends": "date", "date": "soon"}, "date"),
     ({"ends": ""}, "ends"), ({"name": "a" * 201}, "name"), ({"kind": "cause", "reason": "a" * 2001}, "reason")],
)  # fmt: skip
async def test_what_is_missing_is_said_beside_its_field(open_acme, browser, changes, field):
    answer = await send(browser(), **changes)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text or f'href="#{field}"' in answer.text
    assert forms(answer)[HERE]["contract"] == {**GOOD, **changes}["contract"]
    assert await CancellationNotice.count() == 0
    assert await Mail.count() == 0


async def test_a_cause_and_a_date_are_kept(open_acme, browser):
    one = browser()
    sent = await send(one, kind="cause", reason="The hive\nis empty.", ends="date", date="2027-01-31")
    notice = await CancellationNotice.objects().first()
    assert (notice.kind, notice.reason, notice.ends_on) == ("cause", "The hive\nis empty.", "2027-01-31")
    page = main(await one.get(sent.headers["location"]))
    assert "January 31, 2027" in page
    assert "The hive is empty." in page


async def test_nothing_tells_whether_there_is_an_account(world, browser):
    """The same answer for Alice's own contract and for nobody's, with as many mails."""
    pages = []
    for email, contract in ((world.alice.customer.email, world.alice.subscription_order), ("no@example.com", "9999")):
        one, before = browser(), await Mail.count()
        sent = await send(one, email=email, contract=contract)
        page = await one.get(sent.headers["location"])
        pages.append(normal(page).replace(email, "…").replace(contract, "…"))
        assert await Mail.count() - before == 1 + len(await Vendor.addresses(world.acme.id))
    assert pages[0] == pages[1]
    assert await BillingCommand.count().where(BillingCommand.status == "requested") == 0


async def test_however_many_mails_went_out_the_declaration_counts(open_acme, browser):
    for place in range(6):
        one = browser(ip=f"198.51.{place}.7")
        sent = await send(one)
    assert await CancellationNotice.count() == 6
    assert await Mail.count().where(Mail.kind == "cancellation_notice") == 5
    assert "print or keep this page" in main(await one.get(sent.headers["location"]))


async def test_no_line_of_the_mail_is_the_senders_own(open_acme, browser):
    await send(browser(), kind="cause", reason="Gone.\r\n\r\nOpen the request:\nhttps://evil.example")
    for mail in await Mail.objects():
        assert not [line for line in mail.body_text.splitlines() if line.startswith("https://evil.example")]
        assert "https://evil.example" in mail.body_text


@pytest.mark.parametrize(("day", "zone"), [("9999-12-31", "Pacific/Auckland"), ("0001-01-01", "Etc/GMT+12")])
async def test_a_date_that_no_contract_ends_on_is_refused(open_acme, browser, day, zone):
    await Vendor.update({Vendor.time_zone: zone}).where(Vendor.id == open_acme.id)
    tenancy.kept.clear()
    answer = await send(browser(), ends="date", date=day)
    assert (answer.status_code, "date-error" in answer.text) == (422, True)


async def test_nobody_is_written_to_from_every_center_in_turn(open_acme, browser):
    for _ in range(9):
        assert await RateLimit.take(NOTICES_ANYWHERE, "ann@example.com")
    await send(browser())
    await send(browser())
    assert await CancellationNotice.count() == 2
    assert await Mail.count().where(Mail.kind == "cancellation_notice") == 1


async def test_one_network_cannot_flood(open_acme, browser):
    one = browser()
    answers = [(await send(one, email=f"a{place}@example.com")).status_code for place in range(21)]
    assert answers[-1] == 429
    assert await CancellationNotice.count() == 20


async def test_typed_markup_is_only_text(open_acme, browser):
    one = browser()
    sent = await send(one, name="<b>Ann</b>", contract='"><script>x</script>')
    page = await one.get(sent.headers["location"])
    assert "<b>Ann" not in page.text
    assert "<script>x" not in page.text
    mail = await Mail.objects().where(Mail.kind == "cancellation_notice").first()
    assert "<b>Ann" not in mail.body_html


# The console


@pytest.fixture
async def desk(olga, at_desk):
    return await at_desk(olga)


@pytest.fixture
async def told(world, browser):
    """Alice cancels her running subscription without signing in."""

    async def declare(**changes):
        await Vendor.update({Vendor.support_email: "help@acme.example"}).where(Vendor.id == world.acme.id)
        typed = {"email": world.alice.customer.email, "contract": f"#{world.alice.subscription_order}"}
        await send(browser(), **{**typed, **changes})
        found = await CancellationNotice.objects().order_by(CancellationNotice.id, ascending=False).first()
        return f"/console/acme/requests/notices/{found.public_id}"

    return declare


async def test_one_that_fits_one_subscription_is_carried_out(world, desk, told):
    page = await desk.get(here := await told())
    assert f"Order {world.alice.subscription_order}" in main(page)
    done = await desk.submit(page, f"{here}/execution")
    assert done.headers["location"] == f"{here}?done=asked"
    wish = await BillingCommand.objects().order_by(BillingCommand.id, ascending=False).first()
    assert (wish.kind, wish.customer, wish.asked_by, wish.holder) == (
        "cancel", world.alice.id, "olga@example.com", "manual",
    )  # fmt: skip
    page = await desk.get(here)
    assert "Dealt with by olga@example.com" in main(page)
    assert f"{here}/execution" not in forms(page)
    assert (await AuditEntry.of(world.acme.id, 2**62))[0]["action"] == "notice.carried_out"
    await desk.post(f"{here}/execution", {"_csrf": await desk.token("/console/acme/settings")})
    assert await BillingCommand.count().where(BillingCommand.kind == "cancel") == 3, "two of the cast, and one of now"


@pytest.mark.parametrize("changes", [{"contract": "Hive letter"}, {"email": "bob@example.com"}, {"contract": "A1001"}])
async def test_one_that_fits_none_can_only_be_marked(world, desk, told, changes):
    page = await desk.get(here := await told(**changes))
    assert "No running subscription has this number and this address" in main(page)
    assert f"{here}/execution" not in forms(page)
    await desk.submit(page, here)
    assert "Dealt with" in main(await desk.get(here))
    assert await BillingCommand.count().where(BillingCommand.status.is_in(["requested", "sent"])) == 0


async def test_a_wish_that_is_on_its_way_comes_first(world, desk, told):
    page = await desk.get(here := await told())
    order = await (await CancellationNotice.objects().order_by(CancellationNotice.id, ascending=False).first()).meant()
    await database.transaction(
        lambda: BillingCommand.ask(world.acme.id, world.alice.id, "pause", "stripe", order=order)
    )  # fmt: skip
    await BillingCommand.lease(5)
    done = await desk.submit(page, f"{here}/execution")
    assert done.headers["location"].endswith("done=underway")
    assert (await CancellationNotice.own(world.acme.id, here.rpartition("/")[2])).settled_at is None


async def test_they_are_listed_and_stand_on_the_overview(world, desk, told):
    here = await told()
    page = await desk.get("/console/acme/requests?state=notices")
    assert here in page.text
    assert "1 request waits for you." in words(await desk.get("/console/acme"))
