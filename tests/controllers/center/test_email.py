"""Changing the email address: asked for in My Account, proven in the new mailbox, undone from the old one, merged."""

import asyncio
import re
from datetime import timedelta

import pytest

import database
import emails
from tables import Contact, Customer, Device, Mail, MailedLink, Order, Session, SignInRequest, closing
from tables.base import public_id
from tables.email_change import CHANGE, LIFETIME, UNDO, UNDO_LIFETIME
from tables.mail import opened
from tests.client import forms, normal, words
from tests.world import differences, dump

EMAIL, CHECK, CANCEL = "/acme/account/email", "/acme/account/email/check-email", "/acme/account/email/cancellation"
PROFILE = "/acme/account/profile"
NEW = "alice.new@example.com"


async def ask(one, email=NEW, home="/acme"):
    return await one.submit(await one.get(f"{home}/account/email"), f"{home}/account/email", email=email)


async def mail(kind, recipient=None):
    """The newest message of a kind, in the clear."""
    query = Mail.select().where(Mail.kind == kind).order_by(Mail.id, ascending=False)
    rows = await (query.where(Mail.recipient == recipient) if recipient else query)
    return rows[0] | {"body_text": opened(rows[0], "body_text")} if rows else None


def link_in(row):
    return re.search(r"8000(/\S+/email/\S+)", row["body_text"])[1]


async def link():
    return link_in(await mail("change_email"))


async def undo_link():
    return link_in(await mail("email_changed"))


async def press(one, path):
    """Open a mailed link and press its button."""
    return await one.submit(await one.get(path), path)


async def now_of(customer):
    return await Customer.objects().get(Customer.id == customer.id)


async def is_in(one, home="/acme"):
    return (await one.get(f"{home}/account")).status_code == 200


@pytest.fixture
async def one(alice, signed_in):
    return await signed_in(alice)


@pytest.fixture
async def changed(alice, one, browser):
    """Alice signs in with another address since a moment ago."""
    await ask(one)
    await press(browser(), await link())
    return await now_of(alice)


# Asking


async def test_asking_mails_the_new_address_and_changes_nothing(alice, one, clock):
    page = await ask(one, " Alice.New@Example.com ")
    assert (page.status_code, page.headers["location"]) == (303, CHECK)
    row = await mail("change_email")
    assert (row["recipient"], row["subject"]) == (NEW, "Confirm your email address for Acme Learning")
    assert "a•••@example.com" in row["body_text"]
    assert "alice@example.com" not in row["body_text"]
    assert f"{(clock.now() + LIFETIME):%-I:%M}" in row["body_text"]
    assert [row["kind"] for row in await Mail.select()] == ["change_email"]
    assert (await now_of(alice)).email == "alice@example.com"
    assert await is_in(one)


async def test_the_next_page_names_the_address_and_until_when(one, clock):
    await ask(one)
    page = await one.get(CHECK)
    assert f"on its way to {NEW}" in words(page)
    assert f"{(clock.now() + LIFETIME):%-I:%M}" in words(page)
    assert forms(page)[EMAIL]["email"] == NEW


async def test_without_asking_there_is_no_such_page(one):
    assert (await one.get(CHECK)).headers["location"] == EMAIL


async def test_the_profile_shows_what_waits_and_can_cancel_it(alice, one, browser):
    await ask(one)
    page = await one.get(PROFILE)
    assert f"Waiting for you to confirm {NEW}" in words(page)
    page = await one.submit(page, CANCEL)
    assert page.headers["location"] == f"{PROFILE}?cancelled=1"
    after = await one.get(page.headers["location"])
    assert "stays as it is" in words(after)
    assert "Waiting for you" not in words(after)
    assert (await browser().get(await link())).status_code == 410
    assert (await now_of(alice)).email == "alice@example.com"


async def test_the_newest_wish_counts(alice, one, browser):
    await ask(one, "first@example.com")
    first = await link()
    await ask(one, "second@example.com")
    assert (await browser().get(first)).status_code == 410
    await press(browser(), await link())
    assert (await now_of(alice)).email == "second@example.com"


@pytest.mark.parametrize("typed", ["", "alice", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example",
                                   "alice@example.com", " ALICE@EXAMPLE.COM "])  # fmt: skip
async def test_what_cannot_be_the_new_address_comes_back_as_it_was_typed(one, typed):
    page = await ask(one, typed)
    assert page.status_code == 422
    assert forms(page)[EMAIL]["email"] == typed
    assert await Mail.select() == []


async def test_the_vendors_own_idea_is_offered(alice, one):
    await Customer.update({Customer.email_proposed: "a.ames@example.org"}).where(Customer.id == alice.id)
    page = await one.get(EMAIL)
    assert "Acme Learning has another address for you: a.ames@example.org" in words(page)
    assert forms(page)[EMAIL]["email"] in ("", "a.ames@example.org")
    await one.post(EMAIL, {"_csrf": forms(page)[EMAIL]["_csrf"], "email": "a.ames@example.org"})
    assert (await mail("change_email"))["recipient"] == "a.ames@example.org"


async def test_only_the_address_is_taken(alice, one):
    before = await dump()
    page = await one.get(EMAIL)
    await one.post(EMAIL, forms(page)[EMAIL] | {"email": NEW, "vendor": "2", "customer": "9", "purpose": "email undo",
                                               "used_at": "x", "merge": "1", "id": "7"})  # fmt: skip
    assert differences(before, await dump()) == {"mailed_links", "mails", "rate_limits"}
    (row,) = await MailedLink.select()
    assert (row["purpose"], row["customer_id"], row["email"]) == ("email", alice.id, NEW)


# Confirming


async def test_confirming_moves_the_sign_in(alice, one, browser):
    await ask(one)
    path, other = await link(), browser()
    page = await other.get(path)
    assert "instead of a•••e@example.com" in words(page)
    assert "Confirm this address" in words(page)
    assert "<script" not in page.text
    page = await other.submit(page, path)
    assert (page.status_code, page.headers["location"]) == (303, "/acme/email/confirmed")
    assert "Sign in with it from now on" in words(await other.get(page.headers["location"]))
    assert not await is_in(other)
    assert (await now_of(alice)).email == NEW
    assert NEW in words(await one.get(PROFILE))


async def test_in_the_browser_that_asked_one_stays_where_one_was(one):
    await ask(one)
    page = await press(one, await link())
    assert page.headers["location"] == f"{PROFILE}?confirmed=1"
    assert "Your email address was changed" in words(await one.get(page.headers["location"]))


async def test_both_mailboxes_are_told(changed):
    old, new = await mail("email_changed"), await mail("email_confirmed")
    assert (old["recipient"], new["recipient"]) == ("alice@example.com", NEW)
    assert "a•••@example.com" in old["body_text"]
    assert NEW not in old["body_text"]
    assert f"{database.now():%B}" in old["body_text"]
    assert NEW in new["body_text"]


async def test_every_other_session_ends_and_the_one_that_asked_stays(alice, one, browser, signed_in):
    elsewhere = await signed_in(alice)
    await ask(one)
    await press(elsewhere, await link())
    assert (await is_in(one), await is_in(elsewhere)) == (True, False)


async def test_what_was_mailed_before_opens_nothing(alice, one, browser):
    other = browser()
    await other.submit(await other.get("/acme/sign-in"), "/acme/sign-in", email="alice@example.com")
    reset, _ = await MailedLink.make(alice.vendor, alice.id, "password", alice.email, timedelta(hours=1))
    await ask(one)
    await press(browser(), await link())
    assert (await MailedLink.objects().get(MailedLink.id == reset.id)).state == "used"
    assert all(row["used_at"] for row in await SignInRequest.select())


async def test_looking_spends_nothing(one, browser):
    await ask(one)
    path, scanner, before = await link(), browser(), await dump()
    for _ in range(3):
        assert (await scanner.head(path)).status_code == 200
        await scanner.get(path)
        await scanner.get(path, sec_purpose="prefetch")
    assert differences(before, await dump()) == set()
    assert (await press(browser(), path)).status_code == 303


async def test_it_works_once(alice, one, browser):
    await ask(one)
    path, other = await link(), browser()
    form = forms(await other.get(path))[path]
    await other.post(path, form)
    before = await dump()
    page = await other.post(path, form)
    assert page.status_code == 410
    assert "done already" in words(page)
    assert differences(before, await dump()) == set()


async def test_of_many_at_once_one_counts(alice, one, browser):
    await ask(one)
    path, browsers = await link(), [browser() for _ in range(10)]
    forms_ = [forms(await other.get(path))[path] for other in browsers]
    pages = await asyncio.gather(*(other.post(path, form) for other, form in zip(browsers, forms_, strict=True)))
    assert sorted(page.status_code for page in pages) == [303] + [410] * 9
    assert len(await Mail.select().where(Mail.kind == "email_changed")) == 1


async def test_it_is_too_old_after_an_hour(alice, one, browser, clock):
    await ask(one)
    clock.forward(seconds=LIFETIME.total_seconds() - 1)
    assert (await browser().get(await link())).status_code == 200
    clock.forward(seconds=2)
    page = await browser().get(await link())
    assert (page.status_code, "too old" in words(page)) == (410, True)


async def test_another_vendors_link_is_no_link(world, signed_in, browser):
    one = await signed_in(world.alice.customer)
    await ask(one)
    path = await link()
    page = await browser().get(path.replace("/acme/", "/globex/"))
    unknown = await browser().get(f"/globex/email/{public_id()}")
    assert page.status_code == unknown.status_code == 410
    assert normal(page) == normal(unknown)


async def test_a_link_for_one_thing_is_none_for_another(changed, browser):
    token = (await undo_link()).rpartition("/")[2]
    assert (await browser().get(f"/acme/email/{token}")).status_code == 410


async def test_a_closed_account_moves_nowhere(alice, one, browser):
    await ask(one)
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == alice.id)
    assert (await browser().get(await link())).status_code == 410


async def test_the_token_stands_in_the_mail_alone(one, log_lines):
    await ask(one)
    token = (await link()).rpartition("/")[2]
    assert token not in repr(await dump()) + "\n".join(log_lines())


async def test_the_vendors_news_does_not_take_it_back(alice, changed):
    contact = Contact(
        vendor=alice.vendor, clickfunnels_id="11", customer=alice.id, email="alice@example.com", version="1"
    )
    await contact.save()
    await Customer.update({Customer.first_signed_in_at: None}).where(Customer.id == alice.id)
    for version in ("", "0", "2020", "9"):
        customer = await contact.meet(version, "alice@example.com")
        assert not await contact.correct_address(customer, "alice@example.com", version)
        await contact.inform(customer)
    found = await now_of(alice)
    assert (found.email, found.email_proposed) == (NEW, "alice@example.com")
    assert await Customer.by_email(alice.vendor, "alice@example.com") is None


# Undoing


async def test_undoing_puts_the_address_back_and_everybody_out(alice, one, changed, browser):
    await Customer.update({Customer.password_hash: "x", Customer.password_set_at: database.now()}).where(
        Customer.id == alice.id
    )
    path, other = await undo_link(), browser()
    page = await other.get(path)
    assert "Undo this change" in words(page)
    page = await other.submit(page, path)
    assert (page.status_code, page.headers["location"]) == (303, "/acme/email/restored")
    assert "old address again" in words(await other.get(page.headers["location"]))
    found = await now_of(alice)
    assert (found.email, found.password_hash, found.password_set_at) == ("alice@example.com", None, None)
    assert not await is_in(one)
    told = await Mail.select(Mail.recipient).where(Mail.kind == "email_restored").order_by(Mail.id)
    assert [row["recipient"] for row in told] == ["alice@example.com", NEW]


async def test_undoing_works_once_and_for_a_week(alice, changed, browser, clock):
    path = await undo_link()
    clock.forward(seconds=UNDO_LIFETIME.total_seconds() - 1)
    assert (await browser().get(path)).status_code == 200
    assert (await press(browser(), path)).status_code == 303
    assert (await browser().get(path)).status_code == 410


async def test_undoing_ends_after_a_week(changed, browser, clock):
    clock.forward(seconds=UNDO_LIFETIME.total_seconds() + 1)
    assert (await browser().get(await undo_link())).status_code == 410


async def test_whoever_had_the_account_first_has_the_last_word(alice, one, changed, browser, clock):
    first = await undo_link()
    clock.forward(minutes=2)
    await ask(one, "thief@example.com")
    await press(browser(), await link())
    second = await undo_link()
    assert first != second
    await press(browser(), second)
    assert (await now_of(alice)).email == NEW
    await press(browser(), first)
    assert (await now_of(alice)).email == "alice@example.com"
    assert (await browser().get(second)).status_code == 410


async def test_undoing_skips_the_addresses_in_between(alice, one, changed, browser, clock):
    first = await undo_link()
    clock.forward(minutes=2)
    await ask(one, "thief@example.com")
    await press(browser(), await link())
    later = await undo_link()
    await press(browser(), first)
    assert (await now_of(alice)).email == "alice@example.com"
    assert (await browser().get(later)).status_code == 410


async def test_an_account_opened_at_the_old_address_does_not_stand_in_the_way(alice, changed, browser):
    late = await Customer.open(alice.vendor, "alice@example.com", first_name="Late")
    page = await browser().get(await undo_link())
    assert "An account was opened with a•••e@example.com meanwhile" in words(page)
    await press(browser(), await undo_link())
    assert (await now_of(alice)).email == "alice@example.com"
    assert (await now_of(late)).merged_into == alice.id


async def test_a_closed_one_does(alice, changed, browser):
    late = await Customer.open(alice.vendor, "alice@example.com")
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == late.id)
    page = await browser().get(await undo_link())
    assert (page.status_code, "Please write to Acme Learning" in words(page)) == (410, True)


# Merging


@pytest.fixture
async def merging(world, signed_in):
    """Bob asks for the address of Alice, who has everything; her own change of address is long past."""
    await MailedLink.withdraw(world.acme.id, world.alice.id, UNDO)
    one = await signed_in(world.bob)
    page = await ask(one, world.alice.customer.email)
    assert (page.status_code, page.headers["location"]) == (303, CHECK)
    return one


async def test_the_asker_cannot_tell_whether_there_is_an_account(world, signed_in):
    seen = []
    for address in ("alice@example.com", "nobody@example.com"):
        one = await signed_in(world.bob)
        asked = await ask(one, address)
        pages = [await one.get(path) for path in (CHECK, PROFILE, EMAIL)]
        seen.append([asked.status_code, dict(asked.headers) | {"x-request-id": ""},
                     *(normal(page).replace(address, "…") for page in pages)])  # fmt: skip
    assert seen[0] == seen[1]
    rows = await Mail.select().where(Mail.kind == "change_email")
    assert [(row["customer_id"], row["state"]) for row in rows] == [(None, "queued")] * 2


async def test_the_mail_says_what_confirming_does(merging):
    row = await mail("change_email")
    assert "has an account here already" in row["body_text"]
    assert "Orders, subscriptions, invoices and credit memos" in row["body_text"]
    assert "Only confirm if you asked for this yourself" in row["body_text"]
    assert "b•••@example.com" in row["body_text"]


async def test_merging_makes_one_of_two(world, merging, browser, signed_in):
    alices, other = await signed_in(world.alice.customer), browser()
    page = await other.get(await link())
    assert "Merge the accounts" in words(page)
    assert "Courses and the lessons you have completed" in words(page)
    page = await other.submit(page, await link())
    assert (page.status_code, page.headers["location"]) == (303, "/acme/email/confirmed")
    survivor, absorbed = await now_of(world.bob), await now_of(world.alice.customer)
    assert survivor.email == "alice@example.com"
    assert (absorbed.merged_into, absorbed.disabled_at is not None) == (world.bob.id, True)
    assert not await is_in(alices)
    assert not await is_in(merging)
    one = await signed_in(world.bob)
    assert "A1001" in words(await one.get("/acme/account/orders"))
    assert "Keeping bees with Alice" in words(await one.get("/acme/courses"))


async def test_the_old_mailbox_hears_of_the_merge(merging, browser):
    await press(browser(), await link())
    row = await mail("email_changed")
    assert row["recipient"] == "bob@example.com"
    assert "became part of yours" in row["body_text"]
    assert "one now" in (await mail("email_confirmed"))["body_text"]


async def test_undoing_then_moves_only_the_address(world, merging, browser):
    await press(browser(), await link())
    await press(browser(), await undo_link())
    assert (await now_of(world.bob)).email == "bob@example.com"
    assert (await now_of(world.alice.customer)).merged_into == world.bob.id
    assert await Order.exists().where(Order.customer == world.bob.id)


async def test_the_plain_button_merges_nothing(world, bob, signed_in, browser):
    """An account may be opened at the address after the page was looked at."""
    one, other = await signed_in(world.bob), browser()
    await ask(one, "late@example.com")
    path = await link()
    page = await other.get(path)
    late = await Customer.open(bob.vendor, "late@example.com")
    page = await other.submit(page, path)
    assert (page.status_code, page.headers["location"]) == (303, path)
    assert (await now_of(bob)).email == "bob@example.com"
    page = await other.get(path)
    assert "Merge the accounts" in words(page)
    await other.submit(page, path)
    assert (await now_of(late)).merged_into == bob.id


async def test_a_closed_account_is_not_merged(world, signed_in, browser):
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == world.alice.id)
    one = await signed_in(world.bob)
    await ask(one, "alice@example.com")
    row = await mail("change_email")
    assert "it is closed" in row["body_text"]
    assert "/email/" not in row["body_text"]
    assert (await now_of(world.bob)).email == "bob@example.com"


async def test_the_same_address_elsewhere_is_somebody_else(world, signed_in, browser):
    """Alice's address is also a customer of globex: a change at acme never reaches it."""
    one = await signed_in(world.zoe.customer)
    await ask(one, "bob@example.com", "/globex")
    assert "has an account" not in (await mail("change_email"))["body_text"]
    before = await dump()
    await press(browser(), await link())
    after = await dump()
    acme = {table: [row for row in rows if row.get("vendor_id") == world.acme.id] for table, rows in before.items()}
    assert acme == {
        table: [row for row in rows if row.get("vendor_id") == world.acme.id] for table, rows in after.items()
    }


# Limits


async def test_five_wishes_an_hour(alice, one, clock):
    for number in range(5):
        assert (await ask(one, f"a{number}@example.com")).status_code == 303
    page = await ask(one, "a6@example.com")
    assert (page.status_code, len(await Mail.select())) == (429, 5)
    clock.forward(hours=1, seconds=1)
    assert (await ask(one, "a6@example.com")).status_code == 303


async def test_twenty_from_one_network(acme, signed_in):
    for number in range(20):
        customer = await Customer.open(acme.id, f"c{number // 4}@example.com")
        assert (await ask(await signed_in(customer), f"n{number}@example.com")).status_code == 303
    other = await Customer.open(acme.id, "c9@example.com")
    assert (await ask(await signed_in(other), "n99@example.com")).status_code == 429


async def test_nobody_is_flooded(acme, signed_in, clock):
    """Many customers ask for one address: it hears of a few, and every asker sees the same."""
    for number in range(12):
        customer = await Customer.open(acme.id, f"c{number}@example.com")
        one = await signed_in(customer, ip=f"203.0.113.{number}")
        assert (await ask(one, "victim@example.com")).status_code == 303
        assert "victim@example.com" in words(await one.get(CHECK))
        clock.forward(minutes=1)
    assert len(await Mail.select()) == 5


async def test_asking_twice_at_once_leaves_the_first_mail_good(alice, one, browser):
    await ask(one)
    await ask(one)
    assert len(await Mail.select()) == 1
    await press(browser(), await link())
    assert (await now_of(alice)).email == NEW
    assert not [row for row in await MailedLink.select() if row["purpose"] == CHANGE and not row["used_at"]]


async def test_undo_links_are_for_the_address_before(alice, changed):
    (row,) = [row for row in await MailedLink.select() if row["purpose"] == UNDO]
    assert (row["email"], row["customer_id"]) == ("alice@example.com", alice.id)
    assert await Session.exists().where(Session.customer == alice.id)


# Where a change of address meets the rest


async def test_a_thief_cannot_merge_the_way_back_away(alice, bob, one, signed_in, browser, clock):
    """Alice's session is stolen and her account moved; the thief then asks for the same address as Bob."""
    await ask(one, "thief@example.com")
    await press(browser(), await link())
    back = await undo_link()
    clock.forward(minutes=1)
    await ask(await signed_in(bob), "thief@example.com")
    path, other = await link(), browser()
    page = await other.get(path)
    assert (page.status_code, "cannot be merged" in words(page)) == (410, True)
    await other.post(path, {"merge": "1", "_csrf": await other.token("/acme/sign-in")})
    assert (await now_of(alice)).merged_into is None
    await press(browser(), back)
    assert (await now_of(alice)).email == "alice@example.com"


async def test_nor_by_undoing_a_change_of_the_thiefs_own(alice, bob, one, signed_in, browser):
    await ask(await signed_in(bob), "bob.next@example.com")
    await press(browser(), await link())
    thiefs = await undo_link()
    await ask(one, "bob@example.com")
    await press(browser(), await link())
    back = await undo_link()
    assert (await now_of(alice)).email == "bob@example.com"
    assert (await browser().get(thiefs)).status_code == 410
    await press(browser(), back)
    assert (await now_of(alice)).email == "alice@example.com"


async def test_a_week_later_it_can_be_merged(alice, bob, one, signed_in, browser, clock):
    await ask(one)
    await press(browser(), await link())
    clock.forward(days=7, seconds=1)
    await ask(await signed_in(bob), NEW)
    await press(browser(), await link())
    assert (await now_of(alice)).merged_into == bob.id


async def test_undoing_keeps_an_account_the_thief_wanted_deleted(alice, changed, browser):
    await closing.schedule(alice.vendor, alice.id)
    await press(browser(), await undo_link())
    assert (await now_of(alice)).closes_at is None
    assert (await mail("deletion_withdrawn"))["recipient"] == "alice@example.com"


async def test_undoing_leaves_a_deletion_the_owner_asked_for_before(alice, one, browser, clock):
    await closing.schedule(alice.vendor, alice.id)
    clock.forward(days=1)
    await ask(one)
    await press(browser(), await link())
    await press(browser(), await undo_link())
    assert (await now_of(alice)).closes_at is not None


async def test_undoing_makes_every_browser_a_new_one_again(alice, changed, browser):
    await database.transaction(lambda: Device.remember(alice.vendor, alice.id, "thiefs", "Mozilla/5.0"))
    await press(browser(), await undo_link())
    assert await Device.known(alice.vendor, alice.id, "thiefs") is None


@pytest.mark.parametrize("whose", ["who asks", "who is asked"])
async def test_merging_takes_a_deletion_back(world, merging, browser, clock, whose):
    customer = world.bob if whose == "who asks" else world.alice.customer
    await closing.schedule(world.acme.id, customer.id)
    await press(browser(), await link())
    assert (await now_of(world.bob)).closes_at is None
    assert (await mail("deletion_withdrawn"))["recipient"] == "alice@example.com"
    clock.forward(days=15)
    assert await closing.lease(5) == []
    assert await Order.exists().where(Order.customer == world.bob.id)


async def test_a_new_password_ends_a_change_that_waits(alice, one, browser):
    await ask(one, "thief@example.com")
    path = await link()
    _, token = await MailedLink.make(alice.vendor, alice.id, "password", alice.email, LIFETIME)
    form = {"password": "orchard tram kettle nine", "password_confirmation": "orchard tram kettle nine"}
    page = f"/acme/password/{token}"
    other = browser()
    assert (await other.submit(await other.get(page), page, **form)).status_code == 303
    assert (await browser().get(path)).status_code == 410


@pytest.mark.parametrize("everywhere", [True, False])
async def test_signing_a_browser_out_ends_the_change_it_asked_for(alice, one, signed_in, browser, everywhere):
    await ask(one, "thief@example.com")
    path, owner = await link(), await signed_in(alice)
    page = await owner.get("/acme/account/devices")
    actions = [action for action in forms(page) if action.endswith("/sign-out") and "/devices/" in action]
    (asked, _own) = await Session.select(Session.public_id).where(Session.customer == alice.id).order_by(Session.id)
    ends = "/devices/sign-out" if everywhere else f"/devices/{asked['public_id']}/sign-out"
    await owner.submit(page, next(action for action in actions if action.endswith(ends)))
    assert (await browser().get(path)).status_code == 410
    assert (await now_of(alice)).email == "alice@example.com"


async def test_ones_own_change_survives_signing_the_others_out(alice, one, signed_in, browser):
    await signed_in(alice)
    await ask(one)
    page = await one.get("/acme/account/devices")
    await one.submit(page, "/acme/account/devices/sign-out")
    assert (await browser().get(await link())).status_code == 200


async def test_the_owner_of_the_other_account_reads_their_own_language(world, signed_in, monkeypatch):
    seen, compose = [], emails.compose
    monkeypatch.setattr(emails, "compose", lambda center, *given: seen.append(center.locale) or compose(center, *given))
    await Customer.update({Customer.language: "de"}).where(Customer.id == world.alice.id)
    await Customer.update({Customer.language: "ar"}).where(Customer.id == world.bob.id)
    one = await signed_in(world.bob)
    await ask(one, "alice@example.com")
    await ask(one, "nobody.yet@example.com")
    assert seen == ["de", "ar"]
