"""`litestar import clickfunnels`, against what answers in place of ClickFunnels."""

import click
import pytest

from commands import import_ as command
from tables import Course, ImportRun, Vendor
from tests.commands.test_commands import run  # noqa: F401
from tests.integrations.clickfunnels.fake_api import SUBDOMAIN, TOKEN, large
from tests.integrations.clickfunnels.payloads import order


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    return path


@pytest.fixture
def take(run, token_file):  # noqa: F811
    """Runs the command for acme with a token in a file."""
    return lambda *options: run(
        command.import_,
        "clickfunnels",
        "--vendor",
        "acme",
        "--token-file",
        token_file,
        "--subdomain",
        SUBDOMAIN,
        *options,
    )


async def test_an_import_tells_how_far_it_is_and_what_it_brought(acme, take, clickfunnels_api):
    clickfunnels_api.records |= large(30)
    said = (await take()).splitlines()
    assert said[0] == "Acme Learning (42000): 3 courses, 20 or more contacts, 3 products, 20 or more orders"
    assert any(line.startswith("9/13 invoices: 20 seen, 20 new") for line in said)
    assert "orders        30 seen, 30 new, 0 changed, 0 unchanged, 0 refused" in said
    assert said[-1] == "Done. Nothing was changed in ClickFunnels."
    assert TOKEN not in "".join(said)
    vendor = await Vendor.by_id(acme.id)
    assert (vendor.api_token, vendor.subdomain, vendor.clickfunnels_workspace) == (TOKEN, SUBDOMAIN, "42000")


async def test_the_second_time_it_needs_no_token_and_changes_nothing(acme, run, take):  # noqa: F811
    await take()
    said = await run(command.import_, "clickfunnels", "--vendor", "acme")
    assert "courses       1 seen, 0 new, 0 changed, 1 unchanged, 0 refused" in said
    assert await ImportRun.count() == 2


async def test_what_was_refused_is_named(acme, take, clickfunnels_api):
    clickfunnels_api.records["orders"] = [order(4, created_at="soon")]
    said = await take()
    assert "refused orders 123: ValueError: created_at: not a time" in said


async def test_a_check_imports_nothing(acme, take):
    assert "Acme Learning (42000)" in await take("--check")
    assert await ImportRun.count() == 0
    assert await Course.count() == 0


async def test_a_run_that_failed_is_gone_on_with_or_begun_anew(acme, run, take, clickfunnels_api):  # noqa: F811
    clickfunnels_api.forbidden["orders"] = "Missing scope store:read"
    await Vendor.keep_workspace(acme.id, SUBDOMAIN, "42000")
    await Vendor.keep_token(acme.id, TOKEN)
    with pytest.raises(click.ClickException, match="lacks the scope store:read"):
        await unwrapped(run)
    clickfunnels_api.forbidden.clear()
    assert "Done." in await run(command.import_, "clickfunnels", "--vendor", "acme")
    assert await ImportRun.count() == 1
    await run(command.import_, "clickfunnels", "--vendor", "acme", "--anew")
    assert await ImportRun.count() == 2


async def unwrapped(run):  # noqa: F811
    """The fixture's `asyncio.run` hands back the coroutine, so the error leaves where it is awaited."""
    try:
        await run(command.import_, "clickfunnels", "--vendor", "acme")
    except ValueError as error:
        raise click.ClickException(str(error)) from None


@pytest.mark.parametrize("words", [["--vendor", "nobody"], ["--vendor", "acme"], ["--vendor", "acme", "--check"]])
async def test_what_is_missing_is_said_in_a_line(acme, run, words):  # noqa: F811
    with pytest.raises((ValueError, click.ClickException)):
        await run(command.import_, "clickfunnels", *words)
