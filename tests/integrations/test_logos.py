"""A logo is drawn anew, whatever was sent, and nothing of what was sent is kept."""

import io
import struct
import zlib

import pytest
from PIL import Image

from integrations.logos import BYTES_LIMIT, keep_logo
from integrations.pictures import MEDIA, Unusable


def picture(kind="PNG", size=(40, 20), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, "#a8540a").save(out, kind, **options)
    return out.getvalue()


def huge(width, height):
    """A PNG of a few bytes that says it is this large."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_the_four_kinds_are_kept_as_webp_with_an_icon_beside_them(kind):
    kept, icon = keep_logo(picture(kind))
    assert (kept.width, kept.height, kept.path[-5:]) == (40, 20, ".webp")
    assert (icon.width, icon.height, icon.path[-4:]) == (64, 64, ".png")
    with Image.open(MEDIA / kept.path) as image:
        assert (image.format, image.size) == ("WEBP", (40, 20))
    with Image.open(MEDIA / icon.path) as image:
        assert (image.format, image.getpixel((0, 0))[3], image.getpixel((32, 32))[3]) == ("PNG", 255, 255)


@pytest.mark.parametrize("content", [
    b"", b"x", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"<html><body>x",
    b"GIF89a/*" + b"*/=1;alert(1)//" * 20, b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", picture()[:60],
    b"RIFF\x00\x00\x00\x00WEBPVP8 ", b"\xff\xd8\xff\xe0" + b"\0" * 40, b"II*\0" + b"\0" * 40, b"BM" + b"\0" * 60,
    b"%PDF-1.4", b"PK\x03\x04" + b"\0" * 40,
])  # fmt: skip
def test_what_is_no_picture_of_these_is_refused(content):
    with pytest.raises(Unusable, match="not a picture"):
        keep_logo(content)


@pytest.mark.parametrize("size", [(20_000, 20_000), (2_001, 2_000), (4_000_001, 1), (2**31 - 1, 2**31 - 1)])
def test_more_than_four_million_pixels_are_refused_before_they_are_unpacked(size):
    with pytest.raises(Unusable):
        keep_logo(huge(*size))


def test_more_than_a_megabyte_is_refused():
    with pytest.raises(Unusable, match="1 MB"):
        keep_logo(picture() + b"\0" * BYTES_LIMIT)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "WEBP"])
def test_nothing_of_the_file_is_kept_but_what_it_shows(kind):
    script = b"<script>alert('polyglot')</script>"
    options = {"comment": script} if kind == "GIF" else {}
    if kind in ("PNG", "JPEG", "WEBP"):
        exif = Image.Exif()
        exif[0x010E] = script.decode()
        options["exif"] = exif
    kept, icon = keep_logo(picture(kind, **options) + script)
    for name in (kept.path, icon.path):
        content = (MEDIA / name).read_bytes()
        assert b"script" not in content
        assert b"Exif" not in content
        assert b"EXIF" not in content


def test_it_stands_upright_and_no_wider_than_it_is_shown():
    exif = Image.Exif()
    exif[0x0112] = 6
    kept, _ = keep_logo(picture("JPEG", (1600, 400), exif=exif))
    assert (kept.width, kept.height) == (400, 1600)
    assert keep_logo(picture("PNG", (1600, 400)))[0].width == 800


def test_transparency_stays():
    kept, _ = keep_logo(picture("PNG", mode="RGBA"))
    with Image.open(MEDIA / kept.path) as image:
        assert image.mode in ("RGBA", "RGB")
    transparent = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(transparent, "PNG")
    with Image.open(MEDIA / keep_logo(transparent.getvalue())[0].path) as image:
        assert image.convert("RGBA").getpixel((4, 4))[3] == 0


@pytest.mark.parametrize(("size", "corner"), [((64, 64), 255), ((64, 40), 0), ((20, 64), 0), ((400, 40), 255)])
def test_the_icon_is_the_whole_logo_or_the_first_part_of_a_wide_one(size, corner):
    with Image.open(MEDIA / keep_logo(picture(size=size))[1].path) as image:
        assert image.getpixel((0, 0))[3] == corner


def test_a_logo_of_nothing_at_all_is_kept_too():
    out = io.BytesIO()
    Image.new("RGBA", (300, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert keep_logo(out.getvalue())[1].width == 64
