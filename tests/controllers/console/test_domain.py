"""A host is only taken once the DNS has proven it; a host that another has proven is refused."""

import pytest

from integrations import dns_records
from tables import AuditEntry, Vendor
from tables.proving import proof_of, take_domain, want_domain
from tests.client import words
from web import tenancy

HERE, HOST = "/console/acme/domain", "center.acme.com"


async def again(vendor):
    return await Vendor.by_id(vendor.id)


@pytest.fixture
def zone(monkeypatch):
    """What the DNS holds: name → texts; None answers nothing."""
    found = {}

    async def texts(name):
        if found.get(name, []) is None:
            raise dns_records.NoAnswer("timeout")
        return found.get(name, [])

    monkeypatch.setattr(dns_records, "texts", texts)
    return found


@pytest.fixture
async def one(acme, olga, at_desk):
    return await at_desk(olga)


async def check(one):
    sent = await one.submit(await one.get(HERE), f"{HERE}/check")
    return words(await one.get(sent.headers["location"]))


async def test_the_records_to_set_are_shown(one, acme):
    await one.submit(await one.get(HERE), HERE, host=f"https://{HOST.upper()}/")
    text = words(await one.get(HERE))
    assert f"CNAME {HOST} Leads the host to this server. 127.0.0.1" in text
    assert f"TXT _customer-center.{HOST} Proves that it is yours. Leave it in place. {await proof_of(acme.id)}" in text
    row = await again(acme)
    assert (row.domain, row.wanted_domain) == (None, HOST)


async def test_a_proven_host_is_the_centers_and_the_old_address_leads_there(one, acme, zone, browser):
    await one.submit(await one.get(HERE), HERE, host=HOST)
    zone[f"_customer-center.{HOST}"] = [await proof_of(acme.id)]
    assert "The host is yours" in await check(one)
    tenancy.kept.clear()
    assert (await browser(f"http://{HOST}:8000").get("/sign-in")).status_code == 200
    assert (await browser().get("/acme/sign-in")).headers["location"] == f"http://{HOST}:8000/sign-in"
    assert [row["action"] for row in await AuditEntry.of(acme.id, 2**62)] == ["domain.proven", "domain.wanted"]


@pytest.mark.parametrize(("texts", "says"), [([], "was not found"), (["customer-center=somebody-elses"], "was not found"),
                                             (None, "did not answer")])  # fmt: skip
async def test_without_the_record_nothing_changes(one, acme, zone, texts, says):
    await one.submit(await one.get(HERE), HERE, host=HOST)
    zone[f"_customer-center.{HOST}"] = texts
    assert says in await check(one)
    assert (await again(acme)).domain is None


async def test_a_host_of_another_center_is_refused_before_and_after(one, acme, globex, zone):
    await one.submit(await one.get(HERE), HERE, host=HOST)
    zone[f"_customer-center.{HOST}"] = [await proof_of(acme.id)]
    await want_domain(globex.id, HOST)
    await take_domain(globex.id, HOST)
    assert "Another center has proven this host" in await check(one)
    page = await one.submit(await one.get(HERE), HERE, host=HOST)
    assert (page.status_code, (await again(acme)).domain) == (422, None)


@pytest.mark.parametrize(
    "host", ["", "acme", "center.acme.com/x", "a b.example", "127.0.0.1", "x.127.0.0.1", "[::1]", "-a.b"]
)
async def test_what_is_no_host_of_ones_own_is_refused(one, acme, host):
    page = await one.submit(await one.get(HERE), HERE, host=host)
    assert page.status_code == 422
    assert (await again(acme)).wanted_domain is None


async def test_a_host_in_any_script_is_kept_as_the_dns_has_it(one, acme):
    await one.submit(await one.get(HERE), HERE, host="Bücher.example")
    assert (await again(acme)).wanted_domain == "xn--bcher-kva.example"


async def test_a_host_is_given_up_after_asking(one, acme, zone):
    await one.submit(await one.get(HERE), HERE, host=HOST)
    zone[f"_customer-center.{HOST}"] = [await proof_of(acme.id)]
    await check(one)
    await one.submit(await one.get(f"{HERE}/removal"), f"{HERE}/removal")
    assert (await again(acme)).domain is None


async def test_a_sender_is_proven_by_its_own_domain(one, acme, zone):
    await Vendor.change(acme.id, {"sender_email": "hello@acme.com"})
    await proof_of(acme.id)
    page = await one.get(HERE)
    assert "TXT _customer-center.acme.com" in words(page)
    assert "CNAME" not in words(page)
    zone["_customer-center.acme.com"] = [await proof_of(acme.id)]
    sent = await one.submit(page, f"{HERE}/sender")
    assert "from now on mails come from your own address" in words(await one.get(sent.headers["location"]))
    assert "Mails come from hello@acme.com" in words(await one.get("/console/acme/settings"))


async def test_the_dns_is_not_asked_without_end(one, acme, zone):
    await one.submit(await one.get(HERE), HERE, host=HOST)
    page = await one.get(HERE)
    answers = [(await one.submit(page, f"{HERE}/check")).status_code for _ in range(61)]
    assert answers == [303] * 60 + [429]
