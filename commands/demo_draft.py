"""A course that the demo's first vendor writes in the console: still a draft, so that no customer sees it."""

from __future__ import annotations

from tables import course_editing as editing
from tables.course_parts import Parts
from tables.vendor import Vendor

TITLE, ABOUT = "Honey and Wax", "What to do with a good year: jars, candles, and **something for the bees** to keep."
OUTLINE = {
    "The harvest": [
        ("When honey is ripe", """# Two thirds capped

Shake a frame over the open hive. If *nothing* drips, the honey is ripe.

- Cells capped on two thirds of the comb
- Less than 18% water, if you own a refractometer
- A warm, dry afternoon

> Leave the brood nest alone. Whatever is in there belongs to the bees."""),
        ("From frame to bucket", "Uncap, spin, strain, and let it stand for **two days**."),
    ],
    "Wax": [("Your first candle", "Melt the cappings in a water bath, never over a flame.")],
}  # fmt: skip


async def write(vendor: Vendor) -> None:
    """A draft with two sections."""
    first, *others = OUTLINE
    course = await editing.add_course(vendor.id, TITLE, first, description=ABOUT)
    for title in others:
        await editing.add_section(await Parts.of(course), title)
    for title, lessons in OUTLINE.items():
        for lesson, body in lessons:
            parts = await Parts.of(course)
            home = next(node for node in parts.homes() if node.section.title == title)
            await editing.add_lesson(parts, home, lesson, body=body)
