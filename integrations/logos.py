"""A vendor's logo, and the small picture of a browser's tab made from it: always drawn anew, never the file that was sent."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image, ImageOps

from integrations import pictures
from integrations.pictures import Kept, Unusable, decode, store

BYTES_LIMIT = 1024 * 1024
PIXELS_LIMIT = 4_000_000
WIDEST = 800
ICON = 64
WIDE = 1.6


class Logo(NamedTuple):
    logo: Kept
    icon: Kept


def keep_logo(content: bytes) -> Logo:
    """Keep a PNG, JPEG, WebP or GIF of at most 1 MB and 4 million pixels; raises Unusable."""
    if len(content) > BYTES_LIMIT:
        raise Unusable("larger than 1 MB")
    image = decode(content, PIXELS_LIMIT, WIDEST)
    return Logo(
        store(image, pictures.MEDIA, "webp", lossless=True), store(square(image), pictures.MEDIA, "png", optimize=True)
    )


def square(image: Image.Image) -> Image.Image:
    """The logo in a transparent square; of a wide one its first part, where the mark usually stands."""
    whole = image.convert("RGBA")
    small = whole.crop(whole.getbbox())
    if small.width > WIDE * small.height:
        mark = small.crop((0, 0, small.height, small.height))
        small = mark.crop(mark.getbbox())
    small = ImageOps.contain(small, (ICON, ICON))
    icon = Image.new("RGBA", (ICON, ICON))
    icon.paste(small, ((ICON - small.width) // 2, (ICON - small.height) // 2))
    return icon
