"""Secrets: shown once to whoever made them, taken from the other side, never written down."""

import re

import pytest

from tables import AuditEntry, KeptForm, Vendor
from tests.client import words

HERE = "/console/acme/secrets"
OURS = "a secret of thirty-two characters!"


async def again(vendor):
    return await Vendor.by_id(vendor.id)


@pytest.mark.parametrize(("name", "before"), [("sso", 0), ("clickfunnels", 1)])
async def test_a_new_secret_is_shown_and_the_one_before_stays_good(acme, olga, at_desk, clock, name, before):
    one = await at_desk(olga)
    sent = await one.submit(await one.get(HERE), f"{HERE}/{name}", do="new")
    shown = await one.get(sent.headers["location"])
    secret = re.search(r"<pre>([0-9a-f]{64})</pre>", shown.text)[1]
    row = await again(acme)
    secrets = row.sso_secrets if name == "sso" else row.webhook_secrets
    assert (secrets[0], len(secrets)) == (secret, before + 1)
    assert secret not in (row.sso_secret or "") + (row.clickfunnels_secret or "")
    clock.forward(minutes=61)
    assert secret not in (await one.get(sent.headers["location"])).text


async def test_a_secret_is_shown_to_nobody_else(acme, olga, at_desk, globex, gus):
    one = await at_desk(olga)
    where = (await one.submit(await one.get(HERE), f"{HERE}/sso", do="new")).headers["location"]
    other = await at_desk(gus)
    assert (await other.get(where)).status_code == 404
    assert "<pre>" not in (await other.get(where.replace("acme", "globex"))).text
    (kept,) = await KeptForm.select()
    assert (await again(acme)).sso_secrets[0] not in str(kept)


async def test_a_secret_of_the_other_side_is_taken(acme, olga, at_desk):
    one = await at_desk(olga)
    await one.submit(await one.get(HERE), f"{HERE}/clickfunnels", do="take", secret=f" {OURS} ")
    assert (await again(acme)).webhook_secrets == [OURS, *acme.webhook_secrets]
    assert "The one before works until" in words(await one.get(HERE))
    assert await KeptForm.select() == []


async def test_single_sign_on_can_be_switched_off(acme, olga, at_desk):
    one = await at_desk(olga)
    await one.submit(await one.get(HERE), f"{HERE}/sso", do="take", secret=OURS)
    await one.submit(await one.get(HERE), f"{HERE}/sso", do="off")
    assert (await again(acme)).sso_secrets == []
    assert [row["action"] for row in await AuditEntry.of(acme.id, 2**62)] == ["secret.sso_off", "secret.sso"]


@pytest.mark.parametrize(("name", "secret"), [("sso", ""), ("sso", "short"), ("sso", "é" * 40), ("sso", "x" * 201),
                                              ("clickfunnels", "seven77"), ("clickfunnels", "")])  # fmt: skip
async def test_what_is_no_secret_is_refused_and_not_shown_again(acme, olga, at_desk, name, secret):
    one = await at_desk(olga)
    page = await one.submit(await one.get(HERE), f"{HERE}/{name}", do="take", secret=secret)
    assert page.status_code == 422
    assert not secret or f'value="{secret}"' not in page.text
    row = await again(acme)
    assert (row.sso_secrets, row.webhook_secrets) == ([], acme.webhook_secrets)


async def test_secrets_ask_for_a_fresh_sign_in_and_nothing_typed_of_one_is_kept(acme, olga, at_desk, clock):
    one = await at_desk(olga)
    page = await one.get(HERE)
    clock.forward(minutes=11)
    assert "/console/confirmation" in (await one.get(HERE)).headers["location"]
    assert (
        "/console/confirmation" in (await one.submit(page, f"{HERE}/sso", do="take", secret=OURS)).headers["location"]
    )
    assert (await again(acme)).sso_secrets == []
    kept = await KeptForm.objects().first()
    assert OURS not in str(kept.typed)


async def test_no_secret_is_in_the_log_of_changes(acme, olga, at_desk):
    one = await at_desk(olga)
    await one.submit(await one.get(HERE), f"{HERE}/sso", do="take", secret=OURS)
    assert all(OURS not in str(dict(row)) for row in await AuditEntry.of(acme.id, 2**62))


async def test_a_new_secret_is_offered_by_no_other_page(acme, olga, at_desk, clock):
    one = await at_desk(olga)
    made = (await one.submit(await one.get(HERE), f"{HERE}/sso", do="new")).headers["location"].rpartition("/")[2]
    secret = (await again(acme)).sso_secrets[0]
    clock.forward(minutes=15)
    again_asked = await one.get(f"{HERE}/new/{made}")
    assert "/confirmation" in again_asked.headers["location"]
    page = await one.get(f"/console/kept-forms/{made}")
    assert page.status_code == 404
    assert secret not in page.text
