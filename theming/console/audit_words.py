"""The log of changes in words: one sentence for each action."""

from __future__ import annotations

import json
from typing import Any

from theming.words import _


def N_(message: str) -> str:
    return message


ACTIONS = {
    "center.created": N_("Created the center"),
    "partial.saved": N_("Wrote a template"),
    "partial.restored": N_("Restored a template"),
    "partial.removed": N_("Went back to the stock part"),
    "staff.invited": N_("Invited"),
    "staff.invitation_withdrawn": N_("Withdrew the invitation of"),
    "staff.joined": N_("Joined"),
    "staff.role_changed": N_("Changed the role of"),
    "staff.removed": N_("Removed"),
}
"""Action → what was done, before its subject. A test asks that every recorded action stands here."""


def entry(row: Any, when: Any) -> dict[str, Any]:
    """An entry for the page: who, what, to whom, with what, when."""
    detail = json.loads(row["detail"])
    return {
        "who": row["person_name"] or _("The operator"), "what": _(ACTIONS.get(row["action"], row["action"])),
        "subject": row["subject"], "when": when,
        "detail": [{"label": name.replace("_", " "), "value": str(value)} for name, value in detail.items()],
    }  # fmt: skip
