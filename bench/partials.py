"""The longest that an accepted partial of a vendor can take: hostile shapes grown until the checker refuses more.

    python -m bench.partials

For every shape the largest source the checker takes is rendered with the longest data a slot can get, and what it
writes is cleaned; then markup is cleaned that is as hard for the sanitiser as the limits allow.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from theming.partials.cleaning import cleaned
from theming.partials.kinds import Variable
from theming.partials.limits import LIST, SOURCE_BYTES, STRING
from theming.partials.partial import Partial
from theming.partials.refused import Refused
from theming.partials.sandbox import Overflow
from theming.slots import SLOTS, Slot

ROUNDS = 5
LETTER = "\u0390"
"""One whose capitals are three letters: the dearest to turn into capitals."""
ONE, TWO = (
    "{% for a in courses %}|{% endfor %}",
    "{% for a in courses %}{% for b in courses %}|{% endfor %}{% endfor %}",
)
SHAPES = {
    "comparing texts": (TWO, "{% if a.title == b.title and b.title != a.href %}{% endif %}"),
    "comparing numbers": (TWO, "{% if a.done > b.total or a.done < b.total %}{% endif %}"),
    "tests": (TWO, "{% if a.title is defined and b.done is odd %}{% endif %}"),
    "nothing printed": (TWO, "{{ '' if a.title else '' }}"),
    "capitals": (ONE, "{% if a.title|upper == a.href|lower %}{% endif %}"),
    "capitals once": ("|", "{% if center.name|upper == center.headline|lower %}{% endif %}"),
    "cutting": (ONE, "{% if a.title|truncate(200)|trim == 'x' %}{% endif %}"),
    "lengths": (TWO, "{% if courses|length > 3 %}{% endif %}"),
    "printing": (ONE, "{{ a.title }}{{ a.href }}"),
    "ifs": ("|", "{% if center.name %}{% else %}{% endif %}"),
    "plain text": ("|", "x" * 50), "tags": ("|", "<b><p>"), "tags in a loop": (ONE, "<div><b><i>"),
    "printing texts and nothing": (TWO, "x{{ '' if a.title else '' }}"),
    "links": (ONE, "<a href='{{ center.support_email }}'>"), "classes": ("|", "<p class='v-a v-b v-c v-d v-e v-f'>"),
}  # fmt: skip
MARKUP = {
    "unclosed blocks": "<div>" * 2_000, "blocks in formatting": "<b><p>" * 1_000, "links": "<a href=/x>" * 2_000,
    "lists": "<ul><li>" * 1_000, "definitions": "<dl><dt><dd>" * 660, "many attributes": "<p " + "a{} " * 11_000,
    "attributes with values": "<p " + "a{}=1 " * 5_900, "entities": "&amp" * 16_000, "tables": "<table><tr><td>" * 660,
    "pictures": ("<img src=/media/" + "0" * 64 + ".webp width=1 height=1>") * 700,
    "closed too often": "<div>" * 1_000 + "</p>" * 1_000, "misnested": "<a><b></a></b>" * 500,
    "formatting": "<b><i><em><strong><u><small><s>" * 285, "foreign": "<svg><math>" * 1_000,
}  # fmt: skip


def main() -> None:
    slot = SLOTS["hub_intro"]
    values = longest(slot)
    times = {name: milliseconds(grown(slot, *shape), values) for name, shape in SHAPES.items()}
    times |= {f"cleaning {name}": timed(partial(cleaned, numbered(html))) for name, html in MARKUP.items()}
    worst = max(times, key=lambda name: times[name])
    print(json.dumps({"worst_ms": round(times[worst], 1), "worst": worst,
                      "ms": {name: round(took, 1) for name, took in times.items()}}))  # fmt: skip


def grown(slot: Slot, around: str, piece: str) -> Partial:
    """The partial with as many pieces as are accepted."""
    accepted, fewest, most = None, 1, SOURCE_BYTES // len(piece)
    while fewest <= most:
        middle = (fewest + most) // 2
        try:
            accepted, fewest = Partial(slot, around.replace("|", piece * middle)), middle + 1
        except Refused:
            most = middle - 1
    assert accepted is not None, piece
    return accepted


def longest(slot: Slot) -> dict[str, Any]:
    """Values of which every text and every list is as long as it may be."""
    values: dict[str, Any] = {}
    for variable in slot.variables:
        name, _, rest = variable.name.partition(".")
        if name.endswith("[]"):
            for row in values.setdefault(name[:-2], [{} for _ in range(LIST)]):
                row[rest] = sample(variable)
        else:
            values.setdefault(name, {})[rest] = sample(variable)
    return values


def sample(variable: Variable) -> Any:
    return 3 if variable.kind == "number" else LETTER * STRING


def numbered(html: str) -> str:
    """Attributes with a number each, since a tag has no two of one name."""
    pieces = html.split("{}")
    return "".join(f"{piece}{number}" for number, piece in enumerate(pieces[:-1])) + pieces[-1]


def milliseconds(own: Partial, values: dict[str, Any]) -> float:
    return timed(lambda: own.html(values))


def timed(work: Callable[[], Any]) -> float:
    """The shortest of a few times; what overflows has taken its time too."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        with contextlib.suppress(Overflow):
            work()
        times.append(time.perf_counter() - started)
    return min(times) * 1000


if __name__ == "__main__":
    main()
