"""How much a partial may be, and may make; measured by `bin/bench`."""

from __future__ import annotations

SOURCE_BYTES = 16 * 1024
TAGS = 300
"""`{{ … }}`, `{% … %}` and `{# … #}` together."""
TAG_WORDS = 120
"""Words and signs in one tag: Jinja's parser is recursive, and so is the compiler behind it."""
BRACKETS = 20
BLOCKS = 12
"""`if` and `for` inside each other."""
LOOPS = 2
CONSTANT = 200
NUMBER = 6
"""Digits of a number."""

LIST = 50
STRING = 2_000
COST = 1_000_000
FILTER_COST = {"upper": 1_000, "lower": 1_000, "capitalize": 1_000, "join": 300}
"""What goes through whole texts costs more than a node that looks at one."""
OTHER_FILTERS = 50
PRINTING = 20
"""What is printed goes through the output, piece by piece, even when it is nothing."""

OUTPUT_BYTES = 64 * 1024
OUTPUT_TAGS = 2_000
"""nh3's work grows with the square of the nesting."""
OUTPUT_ATTRIBUTES = 6_000
