"""Every page is well-formed HTML: a strict parser finds nothing to repair."""

import html5lib
import pytest

from tests.routes import ROUTES, address, values, visitor

PAGES = [path for path, route in ROUTES.items() if route.shows]

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize("path", PAGES)
async def test_a_strict_parser_has_nothing_to_repair(world, browser, signed_in, path):
    one = await visitor(path, world.alice, browser, signed_in)
    page = await one.get(address(path, world.alice.home, values(path, world.alice)))
    html5lib.HTMLParser(strict=True).parse(page.text)


@pytest.mark.parametrize("inner", ["/nowhere", "/sign-in/link/unknown"])
async def test_neither_in_an_error(world, signed_in, inner):
    page = await (await signed_in(world.alice.customer)).get(world.alice.home + inner)
    html5lib.HTMLParser(strict=True).parse(page.text)
