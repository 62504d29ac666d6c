"""Forms with a file: behind the token, capped, and nothing left over."""

import errno
import io

import pytest

from tables import AuditEntry, LessonFile
from tests.client import ORIGIN, forms, raw
from web import content, uploads
from web.uploads import FOLDER, Taken, safe_name

OWN = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
BOUNDARY = "xYzZy"


@pytest.fixture
async def desk(world, signed_in):
    """A browser at acme's console, with the page that has the form."""
    one = await signed_in(world.alice.people["staff"])
    lesson = f"/console/acme/courses/{world.alice.own_course}/lessons/{world.alice.own_lesson}"
    return one, lesson


def leftovers():
    return list(FOLDER.glob("*")) if FOLDER.exists() else []


async def send(one, lesson, content=b"hello", name="notes.txt", *, token=True, **headers):
    fields = {"_csrf": await one.token(lesson)} if token is True else ({"_csrf": token} if token else {})
    files = {"file": (name, io.BytesIO(content), "text/html")}
    return await one.client.post(f"{lesson}/files", data=fields, files=files, headers=OWN | headers)


async def added(world):
    rows = await LessonFile.objects().where(LessonFile.vendor == world.acme.id, LessonFile.public_id != "x")
    return [
        row for row in rows if row.public_id not in (world.alice.file, world.alice.locked_file, world.alice.own_file)
    ]


async def test_a_file_is_taken_whole_with_a_type_of_our_own(world, desk):
    body = bytes(range(256)) * 9000
    answer = await send(*desk, body, "Wax plan.pdf")
    assert answer.status_code == 303
    (row,) = await added(world)
    assert (row.name, row.media_type, row.size) == ("Wax plan.pdf", "application/pdf", len(body))
    assert LessonFile.path_of(world.acme.id, row.public_id).read_bytes() == body
    assert leftovers() == []
    assert await AuditEntry.exists().where(AuditEntry.action == "lesson.file_added")


async def test_what_the_sender_says_about_the_type_is_nothing(world, desk):
    await send(*desk, b"<script>alert(1)</script>", "x.html")
    (row,) = await added(world)
    one, lesson = desk
    answer = await one.get(f"{lesson}/files/{row.public_id}")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("token", ["", "A" * 88, None])
async def test_without_the_token_not_a_byte_is_kept(world, desk, token):
    assert (await send(*desk, token=token)).status_code == 403
    assert await added(world) == []
    assert leftovers() == []


async def test_the_token_has_to_come_before_the_file(world, desk):
    one, lesson = desk
    token = await one.token(lesson)
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n'
    later = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n{token}\r\n--{BOUNDARY}--\r\n'
    kind = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = await one.client.post(f"{lesson}/files", content=(part + later).encode(), headers=OWN | kind)
    assert answer.status_code == 403
    assert await added(world) == []


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_a_form_of_another_site_is_refused(world, desk, site):
    assert (await send(*desk, **{"sec-fetch-site": site})).status_code == 403
    assert await added(world) == []


async def test_strangers_send_nothing(world, browser, signed_in, desk):
    _one, lesson = desk
    answer = await browser().client.post(f"{lesson}/files", files={"file": ("a.txt", b"x")}, headers=OWN)
    assert answer.status_code == 303
    theirs = await signed_in(world.zoe.people["owner"])
    token = await theirs.token("/console/globex/courses/new")
    assert (await send(theirs, lesson, token=token)).status_code == 404
    assert await added(world) == []
    assert leftovers() == []


async def test_what_is_too_large_is_told_beside_the_field(world, desk, monkeypatch):
    monkeypatch.setattr("controllers.console.lessons.FILE_BYTES", 10_000)
    assert (await send(*desk, b"x" * 10_000)).status_code == 303
    answer = await send(*desk, b"x" * 10_001)
    assert answer.status_code == 422
    assert "larger than" in answer.text
    assert len(await added(world)) == 1
    assert leftovers() == []


async def test_a_full_disk_leaves_nothing_behind(world, desk, monkeypatch):
    def full(handle, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads.os, "write", full)
    answer = await send(*desk, b"x" * 3_000_000)
    assert answer.status_code == 422
    assert "no room left" in answer.text
    assert await added(world) == []
    assert leftovers() == []


async def test_a_row_that_cannot_be_written_takes_its_file_along(world, desk, monkeypatch):
    before = set((LessonFile.path_of(world.acme.id, "x")).parent.iterdir())

    async def fails(*arguments, **facts):
        raise RuntimeError("no")

    monkeypatch.setattr(LessonFile, "add", fails)
    assert (await send(*desk)).status_code == 500
    assert set((LessonFile.path_of(world.acme.id, "x")).parent.iterdir()) == before


@pytest.mark.parametrize(("content", "name"), [(b"", ""), (b"hello", "")])
async def test_no_file_is_told_beside_the_field(world, desk, content, name):
    answer = await send(*desk, content, name)
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


async def test_a_plain_form_without_a_file_is_a_form(world, desk):
    one, lesson = desk
    page = await one.get(lesson)
    answer = await one.post(f"{lesson}/files", forms(page)[f"{lesson}/files"])
    assert answer.status_code == 422


async def test_only_routes_for_files_take_them(world, desk):
    one, lesson = desk
    files = {"file": ("a.txt", b"x")}
    for path in (lesson, "/console/acme/courses", "/acme/account/profile", "/console/sign-in"):
        assert (await one.client.post(path, files=files, headers=OWN)).status_code == 415, path


@pytest.mark.parametrize(
    "body", [b"", b"nothing like it", b"--xYzZy\r\n", b"--xYzZy--", b"--xYzZy\r\nContent-Disposition: x\r\n\r\n"]
)
async def test_what_is_no_form_is_refused(desk, body):
    one, lesson = desk
    kind = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = await one.client.post(f"{lesson}/files", content=body, headers=OWN | kind)
    assert answer.status_code in (400, 403)
    assert leftovers() == []


async def test_a_large_field_is_no_way_around_the_limit(world, desk):
    one, lesson = desk
    token = await one.token(lesson)
    answer = await one.client.post(f"{lesson}/files", data={"_csrf": token, "x": "y" * 70_000},
                                   files={"file": ("a", b"x")}, headers=OWN)  # fmt: skip
    assert answer.status_code == 413


async def test_a_body_longer_than_any_file_is_refused_by_its_length(application, acme):
    headers = [(b"content-type", b"multipart/form-data; boundary=x"), (b"content-length", b"999999999999")]
    answer = await raw(application, "POST", "/console/acme/logo", headers)
    assert answer.status_code == 413


async def test_more_parts_than_a_form_has_are_refused(world, desk):
    one, lesson = desk
    token = await one.token(lesson)
    answer = await one.client.post(
        f"{lesson}/files", data={"_csrf": token} | {f"f{place}": "x" for place in range(100)},
        files={"file": ("a", b"x")}, headers=OWN,
    )  # fmt: skip
    assert answer.status_code == 400


@pytest.mark.parametrize(("sent", "kept"), [
    ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\plan.pdf", "plan.pdf"), ("", "file"), ("...", "file"),
    ("a\x00b\r\n.txt", "ab.txt"),
    ("x" * 300 + ".pdf", "x" * 196 + ".pdf"), ("\u202efdp.exe", "fdp.exe"), ("Übung 1.PDF", "Übung 1.PDF"),
])  # fmt: skip
def test_names_are_made_safe(sent, kept):
    assert safe_name(sent) == kept


def test_the_largest_file_fits_into_the_largest_body():
    from web.edge import UPLOAD_BODY_LIMIT

    assert content.FILE_BYTES < UPLOAD_BODY_LIMIT
    assert Taken(FOLDER, "a.unknown-ending").media_type == "application/octet-stream"
