import pytest

from tables.course import LessonFile
from tests.world import FILE
from web.files import wanted


@pytest.fixture
async def get(world, signed_in):
    one, own = await signed_in(world.alice.customer), world.alice

    async def ask(**headers):
        return await one.get(f"/acme/courses/{own.course}/files/{own.file}", **headers)

    return ask


async def test_a_file_comes_whole_with_its_name(get):
    answer = await get()
    assert (answer.status_code, answer.content) == (200, FILE)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''Checklist.pdf"
    assert answer.headers["content-length"] == str(len(FILE))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=0-9", 0, 9), ("bytes=10-", 10, len(FILE) - 1),
     ("bytes=-5", len(FILE) - 5, len(FILE) - 1),
     ("bytes=5-999999", 5, len(FILE) - 1), ("bytes= 0 - 3", 0, 3)],
)  # fmt: skip
async def test_a_piece_of_it_comes_alone(get, asked, first, last):
    answer = await get(range=asked)
    assert (answer.status_code, answer.content) == (206, FILE[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(FILE)}"
    assert answer.headers["content-length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=9-3", "bytes=-0"])
async def test_a_piece_that_is_not_there_is_refused_with_the_size(get, asked):
    answer = await get(range=asked)
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(FILE)}")


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,3-4", "bytes=-", "bytes", "pages=1-2", "bytes=a-b", f"bytes={'9' * 5000}-"]
)
async def test_what_is_no_single_range_gets_the_whole(get, asked):
    answer = await get(range=asked)
    assert (answer.status_code, answer.content) == (200, FILE)


@pytest.mark.parametrize(
    ("header", "size", "span"),
    [("", 0, (0, -1)), ("bytes=0-", 0, None), ("bytes=-5", 3, (0, 2)), ("bytes=٣-٤", 9, (0, 8))],
)
def test_small_files_have_their_ranges_too(header, size, span):
    assert wanted(header, size) == span


async def test_a_file_whose_bytes_are_gone_does_not_exist(world, get):
    LessonFile.path_of(world.acme.id, world.alice.file).unlink()
    assert (await get()).status_code == 404


async def test_a_file_of_a_locked_lesson_does_not_exist(world, signed_in):
    one, own = await signed_in(world.alice.customer), world.alice
    assert (await one.get(f"/acme/courses/{own.course}/files/{own.locked_file}")).status_code == 404


async def test_a_name_cannot_add_headers(world, get):
    await LessonFile.update({LessonFile.name: 'a"\r\nset-cookie: x=1; é.pdf'}, force=True)
    answer = await get()
    assert (
        answer.headers["content-disposition"]
        == "inline; filename*=UTF-8''a%22%0D%0Aset-cookie%3A%20x%3D1%3B%20%C3%A9.pdf"
    )
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("text/html", False),
        ("image/svg+xml", False),
        ("image/png", True),
        ("application/zip", False),
        ("video/mp4", True),
    ],
)
async def test_what_could_run_is_only_kept_and_never_opened_here(world, get, kind, shown):
    await LessonFile.update({LessonFile.media_type: kind}, force=True)
    answer = await get()
    assert answer.headers["content-disposition"].startswith("inline" if shown else "attachment")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
