"""Asking what became of the pages where cards are saved."""

import database
from integrations.stripe import card_pages
from jobs.look_at_setups import look_at_setups
from jobs.stopping import Stopping
from tables import CardSetup


async def test_the_trouble_of_one_page_is_its_own(world, clock, monkeypatch):
    for own in (world.alice, world.bob):
        setup = await database.transaction(lambda own=own: CardSetup.begin(world.acme.id, own.id))
        await setup.opened(f"cs_{own.id}", "https://checkout.stripe.com/c/1")
    clock.forward(minutes=5)
    seen = []

    async def ask_about(vendor, setup) -> None:
        seen.append(setup.customer)
        raise KeyError("nothing like that")

    monkeypatch.setattr(card_pages, "ask_about", ask_about)
    assert await look_at_setups(Stopping()) == 2
    assert sorted(seen) == sorted([world.alice.id, world.bob.id])
    assert await look_at_setups(Stopping()) == 0
