"""Pictures of customers: looked for while they are here, kept by us, gone at once when they do not want them."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from PIL import Image

import tables.avatar
from integrations import gravatar, pictures
from jobs import fetch_avatars as job
from jobs.stopping import Stopping
from settings import settings
from tables import Customer, Session
from tables.avatar import Avatar
from tests.client import forms
from tests.integrations.test_pictures import png
from web import session

PROFILE = "/acme/account/profile"


class Faces(BaseHTTPRequestHandler):
    answers: dict[str, bytes | int] = {}
    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        answer = self.answers.get(self.path.split("/")[-1].split("?")[0], 404)
        self.send_response(answer if isinstance(answer, int) else 200)
        self.end_headers()
        self.wfile.write(b"" if isinstance(answer, int) else answer)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def faces(monkeypatch):
    """A Gravatar of our own: address → picture or status."""
    monkeypatch.setattr(pictures, "is_public", lambda address: address == "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Faces)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    set_url(monkeypatch, f"http://127.0.0.1:{server.server_port}/avatar")
    Faces.answers, Faces.asked = {}, []
    yield lambda email, answer: Faces.answers.__setitem__(hashlib.sha256(email.encode()).hexdigest(), answer)
    server.shutdown()


def set_url(monkeypatch, url):
    changed = msgspec.structs.replace(settings, gravatar_url=url)
    for module in (gravatar, job, session, tables.avatar):
        monkeypatch.setattr(module, "settings", changed)
    from controllers.center.account import profile

    monkeypatch.setattr(profile, "settings", changed)


async def look():
    return await job.fetch_avatars(Stopping())


async def row(customer):
    return await Customer.objects().get(Customer.id == customer.id)


@pytest.fixture
async def here(alice, signed_in):
    """Alice has signed in a moment ago."""
    one = await signed_in(alice)
    await Avatar.want(alice.vendor, alice.id)
    return one


def test_gravatar_is_asked_by_the_hash_of_the_address():
    digest = hashlib.sha256(b"alice@example.com").hexdigest()
    assert gravatar.address_of(" Alice@Example.com ") == f"https://gravatar.com/avatar/{digest}?d=404&r=g&s=160"


async def test_a_picture_is_fetched_drawn_anew_and_shown(alice, here, faces, browser):
    faces("alice@example.com", png(160, 160))
    assert await look() == 1
    found = await row(alice)
    page = await here.get(PROFILE)
    assert page.text.count(f'src="/avatar/{found.avatar}"') == 2
    assert 'alt="AA"' in page.text
    picture = await browser().get(f"/avatar/{found.avatar}")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/webp")
    assert "immutable" in picture.headers["cache-control"]
    assert picture.headers["content-security-policy"] == "default-src 'none'; sandbox"
    with Image.open(gravatar.AVATARS / found.avatar) as image:
        assert image.size == (160, 160)
    (asked,) = Faces.asked
    assert asked.endswith("?d=404&r=g&s=160")
    assert "alice" not in asked


async def test_without_one_there_are_initials_and_a_week_of_peace(alice, here, faces, clock):
    await look()
    assert (await row(alice)).avatar is None
    assert '<span class="avatar">AA</span>' in (await here.get(PROFILE)).text
    clock.forward(days=6, hours=23)
    await Avatar.want(alice.vendor, alice.id)
    assert await look() == 0
    clock.forward(hours=1, seconds=1)
    await here.get(PROFILE)
    await look()
    assert len(Faces.asked) == 2


async def test_a_picture_that_is_gone_is_taken_down(alice, here, faces, clock):
    faces("alice@example.com", png())
    await look()
    faces("alice@example.com", 404)
    clock.forward(days=1, seconds=1)
    await here.get(PROFILE)
    await look()
    assert (await row(alice)).avatar is None


async def test_it_is_looked_for_at_most_once_a_day(alice, here, faces, clock):
    faces("alice@example.com", png())
    for _ in range(3):
        await Avatar.want(alice.vendor, alice.id)
        await look()
    assert len(Faces.asked) == 1
    clock.forward(days=1, seconds=1)
    await here.get(PROFILE)
    await look()
    assert len(Faces.asked) == 2


async def test_nobody_asks_about_people_who_are_away(alice, here, faces, clock):
    faces("alice@example.com", png())
    await look()
    clock.forward(days=3)
    assert await look() == 1
    assert (len(Faces.asked), (await row(alice)).avatar_due_at) == (1, None)
    assert await look() == 0
    await Session.start(alice.vendor, alice.id, "test", "", "")
    await Avatar.want(alice.vendor, alice.id)
    await look()
    assert len(Faces.asked) == 2


@pytest.mark.parametrize("answer", [500, 503, b"<html>no picture", b"\x00" * (9 * 1024 * 1024)], ids=range(4))
async def test_trouble_keeps_the_picture_and_waits(alice, here, faces, clock, answer):
    faces("alice@example.com", png())
    await look()
    kept = (await row(alice)).avatar
    faces("alice@example.com", answer)
    clock.forward(days=1, seconds=1)
    await here.get(PROFILE)
    await look()
    assert (await row(alice)).avatar == kept
    assert await look() == 0
    assert len(Faces.asked) == 2


async def test_a_worker_that_dies_gives_it_back(alice, here, faces, clock):
    assert len(await Avatar.lease(5)) == 1
    assert await Avatar.lease(5) == []
    clock.forward(minutes=2, seconds=1)
    assert len(await Avatar.lease(5)) == 1


async def save(one, **fields):
    page = await one.get(PROFILE)
    form = {name: value for name, value in forms(page)[PROFILE].items() if fields.get(name, "") is not None}
    return await one.post(PROFILE, form | {name: value for name, value in fields.items() if value is not None})


async def test_switched_off_it_is_forgotten_at_once(alice, here, faces):
    faces("alice@example.com", png())
    await look()
    assert forms(await here.get(PROFILE))[PROFILE]["show_gravatar"] == "1"
    await save(here, show_gravatar="0")
    found = await row(alice)
    assert (found.show_gravatar, found.avatar, found.avatar_due_at) == (False, None, None)
    page = await here.get(PROFILE)
    assert "/avatar/" not in page.text
    assert forms(page)[PROFILE]["show_gravatar"] == "0"
    await Avatar.want(alice.vendor, alice.id)
    assert (await look(), len(Faces.asked)) == (0, 1)


async def test_switched_on_again_it_is_looked_for(alice, here, faces):
    faces("alice@example.com", png())
    await save(here, show_gravatar="0")
    await save(here, show_gravatar="1")
    await look()
    assert (await row(alice)).avatar


async def test_a_form_without_the_box_leaves_it(alice, here, faces):
    await save(here, show_gravatar=None)
    assert (await row(alice)).show_gravatar


async def test_switched_off_while_it_is_fetched_it_stays_off(alice, here, faces):
    (leased,) = await Avatar.lease(5)
    await (await row(alice)).set_gravatar(False)
    await Avatar.arrived(leased, "a" * 64 + ".webp")
    assert (await row(alice)).avatar is None


async def test_the_picture_of_an_old_address_is_not_shown_for_the_new_one(alice, here, faces):
    faces("alice@example.com", png())
    await look()
    (leased,) = await Avatar.lease(5) or [{"id": alice.id, "vendor_id": alice.vendor, "email": alice.email}]
    await (await row(alice)).move_to("new@example.com")
    await Avatar.arrived(leased, "a" * 64 + ".webp")
    assert (await row(alice)).avatar is None


async def test_a_disabled_customer_is_not_asked_about(alice, here, faces, clock):
    await Customer.update({Customer.disabled_at: clock.now()}).where(Customer.id == alice.id)
    assert (await look(), Faces.asked) == (0, [])


async def test_an_installation_without_gravatar_asks_and_shows_nothing(alice, here, faces, monkeypatch):
    faces("alice@example.com", png())
    await look()
    set_url(monkeypatch, None)
    page = await here.get(PROFILE)
    assert "/avatar/" not in page.text
    assert "Gravatar" not in page.text
    await Customer.update({Customer.avatar_due_at: None}).where(Customer.id == alice.id)
    await Avatar.want(alice.vendor, alice.id)
    assert ((await row(alice)).avatar_due_at, await look()) == (None, 0)


async def test_signing_in_asks_for_it(alice, browser, faces):
    from tests.controllers.center.test_sign_in import ask, link_and_code

    one = browser()
    await ask(one)
    await one.get((await link_and_code())[0])
    assert (await row(alice)).avatar_due_at is not None


@pytest.mark.parametrize("name", ["a" * 64 + ".png", "a.webp", "A" * 64 + ".webp", "b" * 64 + ".webp"])
async def test_other_names_are_no_pictures(acme, browser, name):
    assert (await browser().get(f"/avatar/{name}")).status_code == 404


# The file itself


async def test_it_lies_apart_from_the_pictures_of_courses(alice, here, faces, browser):
    faces("alice@example.com", png(170, 170))
    await look()
    name = (await row(alice)).avatar
    assert not (pictures.MEDIA / name).exists()
    assert (await browser().get(f"/media/{name}")).status_code == 404


async def test_switched_off_its_file_goes_at_once(alice, here, faces):
    faces("alice@example.com", png(171, 171))
    await look()
    path = gravatar.AVATARS / (await row(alice)).avatar
    assert path.exists()
    await save(here, show_gravatar="0")
    assert not path.exists()


async def test_a_file_that_a_customer_of_another_vendor_has_too_stays(alice, zoe, here, faces):
    faces("alice@example.com", png(172, 172))
    await look()
    name = (await row(alice)).avatar
    await Customer.update({Customer.avatar: name}).where(Customer.id == zoe.id)
    await save(here, show_gravatar="0")
    assert (gravatar.AVATARS / name).exists()


@pytest.mark.parametrize("then", [png(173, 174), 404], ids=["another", "none"])
async def test_the_file_before_goes_with_the_next_look(alice, here, faces, clock, then):
    faces("alice@example.com", png(173, 173))
    await look()
    before = (await row(alice)).avatar
    faces("alice@example.com", then)
    clock.forward(days=1, seconds=1)
    await here.get(PROFILE)
    await look()
    after = (await row(alice)).avatar
    assert before != after
    assert not (gravatar.AVATARS / before).exists()
    assert after is None or (gravatar.AVATARS / after).exists()


async def test_nothing_stays_of_a_picture_that_came_too_late(alice, here, faces, monkeypatch):
    """Its customer switches it off while it is fetched."""
    faces("alice@example.com", png(175, 175))
    fetch, names = gravatar.fetch, []

    async def late(email):
        names.append(await fetch(email))
        await (await row(alice)).set_gravatar(False)
        return names[0]

    monkeypatch.setattr(gravatar, "fetch", late)
    await look()
    assert (await row(alice)).avatar is None
    assert not (gravatar.AVATARS / names[0]).exists()
