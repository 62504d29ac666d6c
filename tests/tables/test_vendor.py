import pytest

import database
from tables import Vendor
from tables.vendor import HOST, HOUSE, RESERVED_SLUGS


async def again(vendor):
    return await Vendor.objects().get(Vendor.id == vendor.id)


@pytest.mark.parametrize("slug", ["a", "acme", "acme-2", "0", "a" * 40])
async def test_a_slug_is_short_and_plain(slug):
    assert (await Vendor.add(slug, "A")).slug == slug


@pytest.mark.parametrize("slug", ["", "-a", "a-", "A", "a_b", "a.b", "a" * 41, "é", "a/b", "~center", "a b", "a\n"])
async def test_other_slugs_are_refused(slug):
    with pytest.raises(ValueError, match="a slug is"):
        await Vendor.add(slug, "A")


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS - {"favicon.ico", "robots.txt"}))
async def test_the_first_words_of_our_own_addresses_are_taken(slug):
    with pytest.raises(ValueError, match="reserved"):
        await Vendor.add(slug, "A")


def test_every_first_part_of_our_addresses_is_reserved(application):
    firsts = {route.path.split("/")[1] for route in application.routes} - {"", "~center", "~console"}
    inside = {
        route.path.split("/")[2] for route in application.routes if route.path.startswith(("/~center/", "/~console/"))
    } - {"{vendor:str}"}
    assert firsts | inside <= RESERVED_SLUGS


async def test_a_slug_is_one_vendors(acme):
    with pytest.raises((ValueError, *database.CONFLICT)):
        await Vendor.add("acme", "Another")


async def test_an_old_secret_stays_good_for_two_days(acme, clock):
    old = acme.webhook_secrets
    await Vendor.rotate_secret(acme.id, "new")
    assert (await again(acme)).webhook_secrets == ["new", *old]
    clock.forward(days=2, seconds=1)
    assert (await again(acme)).webhook_secrets == ["new"]


@pytest.mark.parametrize("host", ["center.acme.com", "a.bc", "x-1.acme.co.uk", "xn--bcher-kva.example"])
def test_hosts(host):
    assert HOST.fullmatch(host)


@pytest.mark.parametrize("host", ["acme", "http://a.example", "a.example:80", "-a.example", "a..example", "A.example",
                                  "a.example/", "1.2.3.4/x",
                                  "a" * 64 + ".example"])  # fmt: skip
def test_what_is_no_host(host):
    assert not HOST.fullmatch(host)


async def test_only_new_centers_mail_about_money_at_first(acme):
    assert (acme.mail_receipts, acme.mail_reminders) == (True, True)
    # The console's own center was there before.
    before = await Vendor.objects().where(Vendor.slug == HOUSE).first()
    assert (before.mail_receipts, before.mail_reminders) == (False, False)
