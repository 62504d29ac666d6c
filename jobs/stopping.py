"""How a worker learns that it should come to an end."""

from __future__ import annotations


class Stopping:
    """Asked between two rows, so that a stop never cuts one in half."""

    asked = False
