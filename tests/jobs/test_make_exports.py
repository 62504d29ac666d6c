import csv
import io
import json
import stat
import zipfile
from pathlib import Path

import pytest

import database
from jobs import export_archive, make_exports
from jobs.export_archive import cell
from jobs.stopping import Stopping
from tables import (
    Address,
    BillingCommand,
    CancellationNotice,
    CardSetup,
    Customer,
    Export,
    Mail,
    Order,
    PaymentMethod,
)
from tables.export import FOLDER, LEASE
from tables.export_kinds import KINDS
from tables.mail import BLANK
from tables.merging import absorb
from tests.world import PICTURE

FORBIDDEN = ("password_hash", "token_hash", "link_hash", "code_hash", "browser_hash", "secrets", "fingerprint",
             "clickfunnels", "vendor_id", "customer_id", "dedupe_key", "version")  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_left():
    yield
    for path in FOLDER.glob("*/*"):
        path.unlink()


async def ask(customer):
    await Export.delete(force=True)
    await database.transaction(lambda: Export.ask(customer.vendor, customer.id))


async def made(customer):
    """The archive of a customer, as the job makes it."""
    await ask(customer)
    assert await make_exports.make_exports(Stopping()) == 1
    (export,) = await Export.of(customer.vendor, customer.id)
    assert export.state == "ready"
    return zipfile.ZipFile(Export.path_of(customer.vendor, export.public_id))


def rows(archive, kind):
    return json.loads(archive.read(f"json/{kind}.json"))


def table(archive, kind):
    return list(csv.DictReader(io.StringIO(archive.read(f"tables/{kind}.csv").decode("utf-8-sig"))))


async def test_it_holds_everything_about_the_customer_and_nobody_else(world):
    archive = await made(world.alice.customer)
    assert archive.testzip() is None
    text = "".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())
    for own in ("alice@example.com", "Hive kit of A", "Starter kit of A", "INV-A1", "Smoker of A", "Broken for A", "P-A1",
                "18 Orchard Lane", "212 555 0143", "Keeping bees with Alice", "Lesson 303", "Your purchase"):  # fmt: skip
        assert own in text, own
    for foreign in ("zoe@example.com", "bob@example.com", "of Z", "INV-Z1", "Zoe"):
        assert foreign not in text, foreign


async def wished(customer):
    """What somebody asked for about money: a change, a card, and a cancellation without signing in."""
    order = await Order.objects().where(Order.vendor == customer.vendor, Order.customer == customer.id).first()
    await BillingCommand.ask(customer.vendor, customer.id, "cancel", "manual", order=order, comment="Too many bees")
    await CardSetup.begin(customer.vendor, customer.id)
    said = {"kind": "ordinary", "name": "Alice Ames", "email": customer.email, "contract": "1001"}
    await CancellationNotice.receive(customer.vendor, said, language="en", mailed=True)


async def test_what_was_asked_about_money_is_in_it(world):
    await BillingCommand.delete(force=True)
    await CancellationNotice.delete(force=True)
    await wished(world.alice.customer)
    await wished(world.zoe.customer)
    await PaymentMethod.update({PaymentMethod.last4: "4242", PaymentMethod.description: "Blue"}).where(
        PaymentMethod.vendor == world.acme.id, PaymentMethod.customer == world.alice.id
    )
    archive = await made(world.alice.customer)
    [request], [notice] = rows(archive, "requests"), rows(archive, "cancellations")
    assert (request["wish"], request["status"], request["details"]["comment"]) == ("cancel", "sent", "Too many bees")
    assert (notice["email"], notice["contract"]) == ("alice@example.com", "1001")
    assert {(card["last4"], card["description"]) for card in rows(archive, "payment_methods")} == {("4242", "Blue")}
    assert rows(archive, "card_pages")


async def test_every_kind_is_there_in_both_forms_and_explained(world):
    await BillingCommand.delete(force=True)
    await wished(world.alice.customer)
    archive = await made(world.alice.customer)
    names = archive.namelist()
    readme = archive.read("README.txt").decode()
    for kind in KINDS:
        assert {f"json/{kind.name}.json", f"tables/{kind.name}.csv"} <= set(names)
        found, lines = rows(archive, kind.name), table(archive, kind.name)
        assert len(found) == len(lines) > 0, kind.name
        assert all(tuple(row) == kind.fields for row in [*found, *lines]), kind.name
        about, listed = readme.split(f"\n{kind.name}\n  ")[1].split("\n")[:2]
        assert len(about) > 10, kind.name
        assert listed.strip() == ", ".join(kind.fields)


async def test_ids_hashes_and_secrets_are_not_in_it(world):
    customer = world.alice.customer
    await Customer.update({Customer.password_hash: "$argon2id$canary"}).where(Customer.id == customer.id)
    archive = await made(customer)
    text = "".join(archive.read(name).decode() for name in archive.namelist())
    for word in FORBIDDEN:
        assert word not in text, word
    assert "canary" not in text
    for row in await database.raw("SELECT token_hash AS h FROM sessions UNION SELECT link_hash FROM sign_in_requests"):
        assert row["h"] not in text


async def test_messages_are_files_of_their_own_without_their_secrets(world):
    archive = await made(world.alice.customer)
    files = [row["file"] for row in rows(archive, "messages")]
    texts = [archive.read(f"messages/{file}.txt").decode() for file in files]
    assert texts[0].startswith("From: Acme <no-reply@127.0.0.1>\nTo: alice@example.com\n")
    assert "\nSubject: Your purchase\n\nHello" in texts[0]
    assert f"http://127.0.0.1:8000/{BLANK}" in texts[1]


async def test_amounts_times_and_addresses_are_for_people(world):
    archive = await made(world.alice.customer)
    order = next(row for row in rows(archive, "orders") if row["number"] == world.alice.order)
    assert (order["total"], order["tax"], order["currency"]) == ("249.00", "19.00", "USD")
    assert order["placed_at"].endswith("Z")
    assert order["shipping_address"] == {"street_one": "18 Orchard Lane", "city": "Hudson"}
    line = next(row for row in table(archive, "orders") if row["number"] == world.alice.order)
    assert line["shipping_address"] == "18 Orchard Lane, Hudson"


async def test_yen_have_no_cents(world):
    await Order.update({Order.currency: "JPY"}).where(Order.number == world.alice.order)
    order = next(row for row in rows(await made(world.alice.customer), "orders") if row["number"] == world.alice.order)
    assert order["total"] == "24900"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1 212 555", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://evil.example")', "--1"]
)  # fmt: skip
def test_no_cell_is_a_formula(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(("value", "text"), [("-5.00", "-5.00"), ("a=1", "a=1"), (None, ""), (True, "yes"), (0, "0")])
def test_other_cells_stay_as_they_are(value, text):
    assert cell(value) == text


async def test_formulas_that_people_typed_are_defused_in_tables_alone(world):
    typed = '=cmd|"/c calc"!A1'
    await Address.update({Address.street_one: typed}).where(Address.vendor == world.acme.id)
    await Customer.update({Customer.first_name: "@alice", Customer.last_name: "-2+3"}).where(
        Customer.id == world.alice.id
    )
    archive = await made(world.alice.customer)
    assert table(archive, "addresses")[0]["street_one"] == f"'{typed}"
    assert rows(archive, "addresses")[0]["street_one"] == typed
    assert [table(archive, "account")[0][name] for name in ("first_name", "last_name")] == ["'@alice", "'-2+3"]
    for kind in KINDS:
        for line in table(archive, kind.name):
            assert not [text for text in line.values() if text[:1] in "=+@\t\r" and text], kind.name


async def test_tables_say_that_they_are_utf8(world):
    archive = await made(world.alice.customer)
    assert archive.read("tables/orders.csv").startswith(b"\xef\xbb\xbfnumber,")
    assert archive.read("tables/orders.csv").endswith(b"\r\n")


async def test_the_file_is_for_the_owner_of_the_process_alone(world):
    archive = await made(world.alice.customer)
    assert stat.S_IMODE(Path(archive.filename).stat().st_mode) == 0o600


async def test_a_customer_with_nothing_gets_a_file_too(bob):
    archive = await made(bob)
    assert rows(archive, "orders") == []
    assert table(archive, "orders") == []
    assert rows(archive, "account")[0]["email"] == "bob@example.com"


async def test_many_rows_are_read_in_pieces(bob, monkeypatch):
    for start in range(0, 450, 150):
        await Order.insert(*(
            Order(vendor=bob.vendor, customer=bob.id, clickfunnels_id=f"c{n}", number=f"N{n:04}", currency="USD",
                  placed_at=database.now(), total=n) for n in range(start, start + 150)
        ))  # fmt: skip
    for number in range(120):
        await Mail.queue(bob.vendor, f"k{number}", customer=bob.id, kind="welcome", recipient=bob.email, sender="a@b.c",
                         subject="Hi", body_text="Hi", body_html="Hi")  # fmt: skip
    pieces, put = [], export_archive.put
    monkeypatch.setattr(export_archive, "put", lambda *given: pieces.append(len(given[2])) or put(*given))
    archive = await made(bob)
    assert sorted(row["number"] for row in rows(archive, "orders")) == [f"N{n:04}" for n in range(450)]
    assert pieces.count(200) == 2
    assert len([name for name in archive.namelist() if name.startswith("messages/")]) == 120


# The job


async def test_a_message_tells_that_it_is_ready_and_opens_nothing_by_itself(world):
    await made(world.alice.customer)
    (mail,) = await Mail.select().where(Mail.kind == "export_ready")
    assert mail["recipient"] == "alice@example.com"
    assert "http://127.0.0.1:8000/acme/account/data\n" in mail["body_text"]
    export = await Export.select().first()
    assert export["public_id"] not in mail["body_text"] + mail["body_html"]


async def test_without_a_request_there_is_nothing_to_do(acme):
    assert await make_exports.make_exports(Stopping()) == 0


async def test_a_worker_that_is_killed_half_way_leaves_it_to_another(world, clock, monkeypatch):
    customer = world.alice.customer
    await ask(customer)

    class Killed(BaseException):
        pass

    with monkeypatch.context() as patch:
        patch.setattr(export_archive, "mails", killed_after(Killed))
        with pytest.raises(Killed):
            await make_exports.make_exports(Stopping())
    (export,) = await Export.of(customer.vendor, customer.id)
    assert export.state == "requested"
    assert not Export.path_of(customer.vendor, export.public_id).exists()
    assert await make_exports.make_exports(Stopping()) == 0
    clock.forward(seconds=LEASE.total_seconds() + 1)
    assert await make_exports.make_exports(Stopping()) == 1
    assert (await Export.of(customer.vendor, customer.id))[0].state == "ready"
    assert await Mail.count().where(Mail.kind == "export_ready") == 1


def killed_after(error):
    async def mails(*_):
        yield []
        raise error

    return mails


async def test_a_worker_that_stops_gives_it_back(world):
    await ask(world.alice.customer)
    stopping = Stopping()
    stopping.asked = True
    assert await make_exports.make_exports(stopping) == 1
    assert (await Export.of(world.acme.id, world.alice.id))[0].state == "requested"
    assert await make_exports.make_exports(Stopping()) == 1
    assert not list(FOLDER.glob("*/*.part"))


async def test_trouble_is_noted_and_tried_again(world, clock, monkeypatch):
    await ask(world.alice.customer)
    with monkeypatch.context() as patch:
        patch.setattr(export_archive, "mails", killed_after(OSError("disk full")))
        assert await make_exports.make_exports(Stopping()) == 1
    clock.forward(minutes=2)
    assert await make_exports.make_exports(Stopping()) == 1
    assert (await Export.of(world.acme.id, world.alice.id))[0].state == "ready"


async def test_nothing_stays_of_an_account_that_was_closed_meanwhile(world, monkeypatch):
    await ask(world.alice.customer)
    write = export_archive.write

    async def closing(*given):
        size = await write(*given)
        await Export.delete(force=True)
        return size

    monkeypatch.setattr(export_archive, "write", closing)
    await make_exports.make_exports(Stopping())
    assert not [path for path in FOLDER.glob(f"{world.acme.id}/*") if path.stem != world.alice.export]
    assert await Mail.count().where(Mail.kind == "export_ready") == 0


async def test_a_copy_asked_for_before_a_merge_is_the_whole_accounts(world, monkeypatch):
    """The accounts become one while the file is written."""
    await ask(world.alice.customer)
    write, absorbed = export_archive.write, []

    async def merging(*given):
        size = await write(*given)
        if not absorbed:
            absorbed.append(await Customer.by_id(world.acme.id, world.alice.id))
            await database.transaction(lambda: absorb(world.bob, absorbed[0]))
        return size

    monkeypatch.setattr(export_archive, "write", merging)
    assert await make_exports.make_exports(Stopping()) == 1
    assert await Mail.count().where(Mail.kind == "export_ready") == 0
    assert await make_exports.make_exports(Stopping()) == 1
    (mail,) = await Mail.select().where(Mail.kind == "export_ready")
    assert (mail["recipient"], mail["customer_id"]) == ("bob@example.com", world.bob.id)
    (export,) = await Export.of(world.acme.id, world.bob.id)
    archive = zipfile.ZipFile(Export.path_of(world.acme.id, export.public_id))
    assert "A1001" in {row["number"] for row in rows(archive, "orders")}
    assert [row["email"] for row in rows(archive, "account")] == ["bob@example.com"]


async def test_the_picture_is_in_it(world):
    await Customer.update({Customer.avatar: PICTURE}).where(Customer.id == world.alice.id)
    assert (await made(world.alice.customer)).read("picture.webp") == b"RIFF0000WEBP"


async def test_a_picture_that_is_lost_is_left_out(world):
    await Customer.update({Customer.avatar: "e" * 64 + ".webp"}).where(Customer.id == world.alice.id)
    assert "picture.webp" not in (await made(world.alice.customer)).namelist()
