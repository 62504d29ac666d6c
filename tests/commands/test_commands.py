"""The operator's commands, run in this process on the test's own database."""

import subprocess
import sys
from types import SimpleNamespace

import click
import msgspec
import pytest

import database
from commands import customer, demo, doctor, migrations, running, vendor, webhook
from settings import ROOT
from tables import Course, Customer, Enrollment, Mail, Order, SignInRequest, Vendor, WebhookEvent
from tables.vendor import HOUSE
from tables.webhook_event import WebhookEvent as Inbox
from tests.client import words


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a command with its arguments and returns what it printed."""

    async def nothing():
        pass

    engine = SimpleNamespace(start=nothing, stop=nothing)
    monkeypatch.setattr(running, "database", SimpleNamespace(engine=engine, Unavailable=database.Unavailable))
    monkeypatch.setattr(running, "asyncio", SimpleNamespace(run=lambda work: work))

    async def invoke(command, *arguments):
        await command.main([*map(str, arguments)], standalone_mode=False)
        return capsys.readouterr().out

    return invoke


async def again(slug="acme"):
    return await Vendor.objects().where(Vendor.slug == slug).first()


async def vendors():
    """All but the house itself."""
    return await Vendor.select().where(Vendor.slug != HOUSE)


# Vendors


async def test_a_vendor_is_added_with_its_addresses_and_secret(run):
    said = await run(vendor.vendor, "add", "acme", "--name", "Acme Learning")
    secret = (await again()).webhook_secrets[0]
    assert "http://127.0.0.1:8000/acme/" in said
    assert "http://127.0.0.1:8000/webhooks/acme/clickfunnels" in said
    assert f"Webhook secret:  {secret}" in said
    assert len(secret) == 64


async def test_a_vendor_with_a_host_of_its_own(run):
    said = await run(
        vendor.vendor, "add", "acme", "--name", "A", "--domain", "Center.Acme.com", "--clickfunnels-secret", "s3cret"
    )
    row = await again()
    assert (row.domain, row.webhook_secrets) == ("center.acme.com", ["s3cret"])
    assert "http://center.acme.com:8000/" in said


@pytest.mark.parametrize("arguments", [("Acme!", "--name", "A"), ("courses", "--name", "A"),
                                       ("acme", "--name", "A", "--domain", "nope"),
                                       ("globex", "--name", "A")])  # fmt: skip
async def test_a_vendor_that_cannot_be_is_refused_and_not_added(run, globex, arguments):
    with pytest.raises(ValueError):
        await run(vendor.vendor, "add", *arguments)
    assert [row["slug"] for row in await vendors()] == ["globex"]


async def test_vendors_are_listed_with_their_links(run, acme, globex):
    lines = (await run(vendor.vendor, "list")).splitlines()
    assert [line.split()[0] for line in lines] == ["acme", "globex"]
    assert lines[0].endswith("http://127.0.0.1:8000/acme/")


async def test_what_is_set_is_set_and_the_rest_stays(run, acme, browser):
    await run(vendor.vendor, "set", "acme", "--name", "Acme School", "--accent", "#a8540a", "--hide-tab", "orders",
              "--hide-tab", "courses",
              "--privacy-url", "https://acme.example/p", "--theme", "press", "--time-zone",
              "Europe/Berlin")  # fmt: skip
    await run(vendor.vendor, "set", "acme", "--bg", "#fffaf0", "--show-tab", "courses")
    row = await again()
    assert (row.name, row.headline, row.theme) == ("Acme School", "Keep bees, calmly", "press")
    assert (row.look, row.hidden) == ({"accent": "#a8540a", "bg": "#fffaf0"}, ["orders"])
    page = await browser().get("/acme/sign-in")
    assert "Acme School" in words(page)
    assert "press" in page.text


async def test_a_new_secret_leaves_the_old_one_good_for_a_while(run, acme):
    await run(vendor.vendor, "set", "acme", "--clickfunnels-secret", "new")
    assert (await again()).webhook_secrets == ["new", *acme.webhook_secrets]


async def test_a_single_sign_on_secret_is_set_made_and_cleared(run, acme):
    await run(vendor.vendor, "set", "acme", "--sso-secret", "s" * 32, "--clickfunnels-host", "Acme.MyClickFunnels.com")
    row = await again()
    assert (row.sso_secrets, row.clickfunnels_host) == (["s" * 32], "acme.myclickfunnels.com")
    assert "s" * 32 not in row.sso_secret
    said = await run(vendor.vendor, "set", "acme", "--new-sso-secret")
    made, before = (await again()).sso_secrets
    assert (f"Single sign-on secret: {made}" in said, len(made), before) == (True, 64, "s" * 32)
    assert (await again()).webhook_secrets == acme.webhook_secrets
    await run(vendor.vendor, "set", "acme", "--sso-secret", "")
    assert (await again()).sso_secrets == []


@pytest.mark.parametrize(
    "wrong",
    [("--accent", "red"), ("--radius", "huge"), ("--privacy-url", "javascript:alert(1)"),
     ("--terms-url", "http://a.example"),
     ("--domain", "x"), ("--time-zone", "Mars/Base"), ("--locale", "zz-nonsense"), ("--theme", "nope"),
     ("--support-email", "x"),
     ("--media-host", "a b"), ("--clickfunnels-host", "x"), ("--sso-secret", "too short"),
     ("--new-sso-secret", "--locale", "zz-nonsense")],
)  # fmt: skip
async def test_a_value_that_cannot_be_is_refused_and_nothing_is_set(run, acme, wrong):
    with pytest.raises(ValueError):
        await run(vendor.vendor, "set", "acme", "--name", "Changed", *wrong)
    assert ((await again()).name, (await again()).sso_secret) == ("Acme Learning", None)


@pytest.mark.parametrize("command", [("set", "nobody", "--name", "A"), ("set", "nobody")])
async def test_an_unknown_vendor_is_said_so(run, command):
    with pytest.raises(ValueError, match="no vendor 'nobody'"):
        await run(vendor.vendor, *command)


async def test_a_logo_is_drawn_anew(run, acme, tmp_path, browser):
    from PIL import Image

    Image.new("RGB", (40, 20), "red").save(tmp_path / "logo.png")
    await run(vendor.vendor, "set", "acme", "--logo", tmp_path / "logo.png")
    row = await again()
    assert (row.logo_width, row.logo_height) == ("40", "20")
    assert (await browser().get(f"/media/{row.logo}")).headers["content-type"] == "image/webp"


async def test_a_drawing_that_could_run_is_no_logo(run, acme, tmp_path):
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    with pytest.raises(ValueError, match="not a picture"):
        await run(vendor.vendor, "set", "acme", "--logo", tmp_path / "logo.svg")


# Customers


async def test_a_link_can_be_made_without_any_mail(run, alice, browser):
    from tests.controllers.center.test_sign_in import is_signed_in, press

    said = await run(customer.customer, "link", "Alice@Example.com", "--vendor", "acme")
    one = browser()
    assert (await press(one, said.strip().removeprefix("http://127.0.0.1:8000"))).status_code == 303
    assert await is_signed_in(one)
    assert await Mail.select() == []


@pytest.mark.parametrize(("email", "slug", "says"), [("nobody@example.com", "acme", "no customer"),
                                                     ("alice@example.com", "nobody", "no vendor"),
                                                      ("x", "acme", "not an email")])  # fmt: skip
async def test_a_link_for_nobody_is_refused(run, alice, email, slug, says):
    with pytest.raises(ValueError, match=says):
        await run(customer.customer, "link", email, "--vendor", slug)
    assert await SignInRequest.select() == []


async def test_no_link_is_made_for_an_account_that_is_switched_off(run, alice):
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == alice.id)
    with pytest.raises(ValueError, match="switched off"):
        await run(customer.customer, "link", "alice@example.com", "--vendor", "acme")
    assert await SignInRequest.select() == []


# The demo


async def test_the_demo_fills_both_vendors_through_the_inbox(run, browser, signed_in):
    said = await run(demo.demo)
    assert "sign in as alice@example.com, bob@example.com" in said
    assert {row["slug"] for row in await vendors()} == {"acme", "globex"}
    assert {row["status"] for row in await WebhookEvent.select()} <= {"processed", "ignored"}
    for slug, email in (("acme", "alice@example.com"), ("globex", "zoe@example.com")):
        found = await again(slug)
        who = await Customer.by_email(found.id, email)
        assert await Order.exists().where(Order.vendor == found.id, Order.customer == who.id)
        assert await Enrollment.exists().where(Enrollment.vendor == found.id, Enrollment.customer == who.id)
        one = await signed_in(who)
        course = await Course.objects().where(Course.vendor == found.id, Course.published_at.is_not_null()).first()
        for inner in ("/courses", f"/courses/{course.public_id}", "/account/orders", "/account/subscriptions",
                      "/account/credit-memos",
                      "/account/payment-methods", "/account/addresses", "/account/phone-numbers"):  # fmt: skip
            assert (await one.get(f"/{slug}{inner}")).status_code == 200, inner
    said = await run(demo.demo)
    assert said.count("is there already") == 2
    await run(demo.demo, "--if-empty")
    assert len(await vendors()) == 2


async def test_the_demo_gives_alice_an_account_to_look_around_in_and_bob_none(run, signed_in):
    await run(demo.demo)
    acme = await again()
    alice, bob = [await Customer.by_email(acme.id, f"{name}@example.com") for name in ("alice", "bob")]
    one, other = await signed_in(alice), await signed_in(bob)
    shown = {
        "/account": ["(212) 555-0143"], "/account/addresses": ["18 Orchard Lane", "4 Mill Lane", "Default"],
        "/account/phone-numbers": ["At my sister’s", "Mobile"], "/account/devices": ["Safari on iPhone"],
        "/account/messages": ["New sign-in to Acme Learning", "Your purchase is ready"],
        "/account/orders/1002": ["Partly refunded", "1 of 2 × Frames", "Refunded $6.00 of $249.00", "Still to come"],
    }  # fmt: skip
    for inner, expected in shown.items():
        text = words(await one.get(f"/acme{inner}"))
        assert [word for word in expected if word not in text] == [], inner
    assert not await Mail.exists().where(Mail.customer == alice.id, Mail.state == "queued")
    for inner in ("addresses", "phone-numbers", "messages", "orders"):
        assert "No " in words(await other.get(f"/acme/account/{inner}")), inner


# The inbox


async def test_events_are_listed_and_replayed(run, acme):
    await Inbox.keep(acme.id, "clickfunnels", "e1", "contact.created", "{}")
    (row,) = await Inbox.lease(5)
    await Inbox.settle(row, "failed", error="KeyError: 'id'")
    said = await run(webhook.webhook, "list", "--vendor", "acme", "--status", "failed")
    assert "contact.created" in said
    assert "KeyError" in said
    assert "1 event(s)" in await run(webhook.webhook, "replay", "--vendor", "acme", "--failed")
    assert [row["status"] for row in await Inbox.select()] == ["received"]


async def test_an_event_without_its_body_is_not_replayed_and_said_so(run, acme):
    await Inbox.keep(acme.id, "clickfunnels", "e1", "contact.created", "")
    await Inbox.keep(acme.id, "clickfunnels", "e2", "contact.created", "{}")
    old, new = await Inbox.lease(5)
    for row in (old, new):
        await Inbox.settle(row, "processed")
    said = await run(webhook.webhook, "replay", str(old["id"]), str(new["id"]), "--vendor", "acme")
    assert "1 event(s) will be worked again" in said
    assert "1 cannot be: bodies are emptied 90 days after" in said
    assert {row["event_id"]: row["status"] for row in await Inbox.select()} == {"e1": "processed", "e2": "received"}


async def test_replaying_nothing_is_said_so(run, acme):
    with pytest.raises(ValueError, match="nothing to replay"):
        await run(webhook.webhook, "replay", "--vendor", "acme")


async def test_an_event_of_another_vendor_is_not_replayed(run, acme, globex):
    await Inbox.keep(globex.id, "clickfunnels", "e1", "x", "{}")
    (row,) = await Inbox.lease(5)
    await Inbox.settle(row, "failed")
    await run(webhook.webhook, "replay", "--vendor", "acme", row["id"])
    assert [row["status"] for row in await Inbox.select()] == ["failed"]


@pytest.mark.parametrize("option", [("--domain", "console.example.com"), ("--clickfunnels-secret", "s" * 32),
                                    ("--new-sso-secret",), ("--show-tab", "orders")])  # fmt: skip
async def test_the_console_is_no_shop_and_keeps_its_place(run, option):
    before = await Vendor.select().where(Vendor.slug == HOUSE)
    with pytest.raises(ValueError, match="the console has no host"):
        await run(vendor.vendor, "set", HOUSE, *option)
    assert await Vendor.select().where(Vendor.slug == HOUSE) == before


# Migrations and the doctor


async def test_migrating_says_it_is_done(run):
    assert await run(migrations.migrate) == "The database is up to date.\n"


async def test_a_schema_behind_is_seen(monkeypatch, tmp_path):
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "customer_center_2999_01_01t00_00_00_000000.py").touch()
    monkeypatch.setattr(migrations, "ROOT", tmp_path)
    assert len(await migrations.pending()) == 1


async def test_the_doctor_says_what_works_and_what_does_not(run, acme, monkeypatch):
    async def trouble():
        raise doctor.Trouble("do something")

    async def unreachable():
        raise database.Unavailable("gone")

    async def fine():
        return "all well"

    monkeypatch.setattr(doctor, "CHECKS", [fine, trouble, unreachable])
    with pytest.raises(SystemExit) as ended:
        await run(doctor.doctor)
    assert ended.value.code == 1


@pytest.mark.parametrize("check", [doctor.settings_, doctor.schema, doctor.mail, doctor.disk])
async def test_a_developers_machine_is_in_good_health(check):
    assert await check()


async def test_a_host_without_a_record_is_named(acme, monkeypatch):
    async def resolves(name):
        return name != "center.acme.example"

    monkeypatch.setattr(doctor, "resolves", resolves)
    assert "resolve" in await doctor.hosts()
    await Vendor.update({Vendor.domain: "center.acme.example"}).where(Vendor.slug == "acme")
    with pytest.raises(doctor.Trouble, match=r"center\.acme\.example"):
        await doctor.hosts()


async def test_the_doctor_tries_every_key_of_stripe(acme, stripe_api, monkeypatch):
    assert "no center" in await doctor.stripe()
    await Vendor.keep_stripe_key(acme.id, stripe_api.secret)
    with pytest.raises(doctor.Trouble, match="acme: it has no signing secret"):
        await doctor.stripe()
    await Vendor.rotate_secret(acme.id, "whsec_0123456789", "stripe")
    assert await doctor.stripe() == "1 account(s) answer"
    await Vendor.keep_stripe_key(acme.id, "sk_test_0123456789revoked")
    with pytest.raises(doctor.Trouble, match="acme: Stripe does not accept"):
        await doctor.stripe()
    monkeypatch.setattr(doctor, "installed", lambda: False)
    with pytest.raises(doctor.Trouble, match="not installed"):
        await doctor.stripe()


async def test_keys_of_stripe_are_taken_and_forgotten(run, acme):
    await run(
        vendor.vendor,
        "set",
        "acme",
        "--stripe-key",
        "sk_test_0123456789",
        "--stripe-webhook-secret",
        "whsec_0123456789",
    )
    row = await again()
    assert (row.stripe_api_key, row.stripe_secrets) == ("sk_test_0123456789", ["whsec_0123456789"])
    assert "0123456789" not in row.stripe_key + row.stripe_secret
    await run(vendor.vendor, "set", "acme", "--stripe-key", "", "--stripe-webhook-secret", "")
    row = await again()
    assert (row.stripe_api_key, row.stripe_secrets) == (None, [])
    for option, wrong in (("--stripe-key", "pk_test_0123456789"), ("--stripe-webhook-secret", "secret")):
        with pytest.raises((ValueError, click.ClickException)):
            await run(vendor.vendor, "set", "acme", option, wrong)


# Failures in one line


@pytest.mark.parametrize(
    ("error", "says"),
    [(ValueError("not so"), "not so"), (database.Unavailable("gone"), "the database cannot be used: gone")],
)
def test_an_expected_failure_is_one_line(monkeypatch, error, says):
    async def failing():
        raise error

    def run_it(work):
        try:
            work.send(None)
        except StopIteration:
            raise AssertionError("it should have failed") from None

    async def nothing():
        pass

    engine = SimpleNamespace(start=nothing, stop=nothing)
    monkeypatch.setattr(running, "database", SimpleNamespace(engine=engine, Unavailable=database.Unavailable))
    monkeypatch.setattr(running, "asyncio", SimpleNamespace(run=run_it))
    with pytest.raises(click.ClickException) as failed:
        running.with_database(failing)()
    assert failed.value.message == says


@pytest.fixture(scope="module")
def litestar(tmp_path_factory):
    """The real command line, on a database of its own."""
    folder = tmp_path_factory.mktemp("data")

    def run_it(*arguments, **environ):
        import os

        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        kept |= {"DATA_DIR": str(folder)} | environ
        return subprocess.run(
            [sys.executable, "-m", "litestar", *arguments],
            cwd=ROOT,
            env=kept,
            capture_output=True,
            text=True,
            timeout=90,
        )

    return run_it


def test_from_an_empty_folder_to_a_link(litestar):
    made = [litestar("migrate"), litestar("vendor", "add", "shop", "--name", "Shop")]
    assert [one.returncode for one in made] == [0, 0], made
    assert "/shop/" in made[-1].stdout
    wrong = litestar("vendor", "add", "shop", "--name", "Shop")
    assert wrong.returncode == 1
    assert "there is a vendor 'shop' already" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_a_bad_setting_stops_every_command_with_its_name(litestar):
    found = litestar("vendor", "list", BASE_URL="center.example.com")
    assert found.returncode != 0
    assert "BASE_URL" in found.stderr


def test_commands_that_do_not_fit_are_gone(litestar):
    said = litestar("--help").stdout
    assert all(f" {name} " in said for name in ("run", "worker", "migrate", "vendor", "customer", "demo", "doctor"))
    assert not any(f" {name} " in said for name in ("sessions", "schema"))


async def test_a_unique_index_that_is_missing_is_named():
    assert await migrations.missing_indexes() == []
    await database.raw("DROP INDEX mails_dedupe")
    try:
        assert await migrations.missing_indexes() == ["mails_dedupe"]
    finally:
        await database.raw("CREATE UNIQUE INDEX mails_dedupe ON mails (vendor_id, dedupe_key)")


@pytest.mark.parametrize(("slug", "trouble"), [(None, False), ("acme", False), ("nobody", True), (HOUSE, True)])
async def test_the_doctor_looks_for_the_center_of_the_house(acme, monkeypatch, slug, trouble):
    monkeypatch.setattr(doctor, "settings", msgspec.structs.replace(doctor.settings, house_vendor=slug))
    if trouble:
        with pytest.raises(doctor.Trouble, match="no such vendor"):
            await doctor.house()
    else:
        assert "dashboard" in await doctor.house()
