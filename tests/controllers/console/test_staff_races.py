"""Who may change whom is asked again while the vendor is held: roles change between the page and the button."""

import pytest

from controllers.console import staff
from tables import AuditEntry, Member
from tests.conftest import employed


@pytest.mark.parametrize("what", ["removal", ""])
async def test_an_admin_changes_nobody_who_has_become_an_owner_meanwhile(acme, olga, stan, at_desk, monkeypatch, what):
    adam = await employed("adam@example.com", acme, "admin")
    member = await Member.by_person(acme.id, stan.id)
    one, here = await at_desk(adam), f"/console/acme/staff/{member.public_id}"
    path = f"{here}/{what}".rstrip("/")
    page, hold = await one.get(path), staff.Vendor.hold

    async def just_promoted(vendor_id):
        await (await Member.by_person(acme.id, stan.id)).change_role("owner")
        await hold(vendor_id)

    monkeypatch.setattr(staff.Vendor, "hold", just_promoted)
    sent = await one.submit(page, path, role="staff")
    assert sent.status_code == 422
    assert await Member.role_of(acme.id, stan.id)
    assert await AuditEntry.of(acme.id, 2**62) == []


async def test_who_has_lost_the_role_meanwhile_changes_nobody(acme, olga, stan, at_desk, monkeypatch):
    adam = await employed("adam@example.com", acme, "admin")
    member = await Member.by_person(acme.id, stan.id)
    one, path = await at_desk(adam), f"/console/acme/staff/{member.public_id}/removal"
    page, hold = await one.get(path), staff.Vendor.hold

    async def just_demoted(vendor_id):
        await (await Member.by_person(acme.id, adam.id)).change_role("staff")
        await hold(vendor_id)

    monkeypatch.setattr(staff.Vendor, "hold", just_demoted)
    assert (await one.submit(page, path)).status_code in (403, 422)
    assert await Member.role_of(acme.id, stan.id) == "staff"
