import pytest

from integrations import dns_records
from tables import Vendor
from tables.proving import Taken, leave_domain, proof_of, sender_proven, take_domain, want_domain
from theming.center import center_of

HOST = "center.acme.com"


async def again(vendor):
    return await Vendor.by_id(vendor.id)


async def test_the_proof_is_made_once_and_each_vendors_own(acme, globex):
    proof = await proof_of(acme.id)
    assert proof.startswith("customer-center=")
    assert await proof_of(acme.id) == proof
    assert await proof_of(globex.id) != proof


async def test_a_wanted_host_changes_nothing_until_it_is_taken(acme):
    await want_domain(acme.id, HOST)
    row = await again(acme)
    assert (row.domain, row.wanted_domain, center_of(row).prefix) == (None, HOST, "/acme")
    assert await take_domain(acme.id, HOST)
    row = await again(acme)
    assert (row.domain, row.wanted_domain, center_of(row).link("/")) == (HOST, None, f"http://{HOST}:8000/")
    await leave_domain(acme.id)
    assert center_of(await again(acme)).prefix == "/acme"


async def test_only_what_is_wanted_can_be_taken(acme):
    await want_domain(acme.id, "other.acme.com")
    assert not await take_domain(acme.id, HOST)
    assert (await again(acme)).domain is None


async def test_a_host_that_another_has_proven_is_refused_at_both_steps(acme, globex):
    for vendor in (acme, globex):
        await want_domain(vendor.id, HOST)
    await take_domain(globex.id, HOST)
    with pytest.raises(Taken):
        await take_domain(acme.id, HOST)
    with pytest.raises(Taken):
        await want_domain(acme.id, HOST)
    assert ((await again(acme)).domain, (await again(globex)).domain) == (None, HOST)


async def test_mails_come_from_an_address_only_once_its_domain_is_proven(acme):
    await Vendor.change(acme.id, {"sender_email": "hello@acme.com", "support_email": None})
    center = center_of(await again(acme))
    assert (center.mail_from, center.reply_to) == ("no-reply@127.0.0.1", "hello@acme.com")
    assert not await sender_proven(acme.id, "other@acme.com")
    assert await sender_proven(acme.id, "hello@acme.com")
    assert center_of(await again(acme)).mail_from == "hello@acme.com"
    await Vendor.change(acme.id, {"name": "Acme School"})
    assert center_of(await again(acme)).mail_from == "hello@acme.com"
    assert await Vendor.change(acme.id, {"sender_email": "hello@globex.com"}) == ["sender_email"]
    assert center_of(await again(acme)).mail_from == "no-reply@127.0.0.1"


async def test_what_does_not_change_is_not_said_to(acme):
    assert await Vendor.change(acme.id, {"name": acme.name, "headline": "New"}) == ["headline"]


@pytest.mark.parametrize(("found", "proven"), [([], False), (["customer-center=1"], True), (["x", " customer-center=1 "], True),
                                               (["customer-center=12"], False)])  # fmt: skip
async def test_the_record_stands_below_the_host_and_is_the_very_text(monkeypatch, found, proven):
    asked = []

    async def texts(name):
        asked.append(name)
        return found

    monkeypatch.setattr(dns_records, "texts", texts)
    assert await dns_records.proves(HOST, "customer-center=1") is proven
    assert asked == [f"_customer-center.{HOST}"]
