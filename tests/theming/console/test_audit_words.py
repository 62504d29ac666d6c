"""Every action that is written into the log of changes has words, and no words are left over."""

import re

from settings import ROOT
from theming.console.audit_words import ACTIONS

KINDS = {action.partition(".")[0] for action in ACTIONS}
ACTION = re.compile(rf'"((?:{"|".join(sorted(KINDS))})\.[a-z_]+)"')
RECORDED = re.compile(r"AuditEntry\.record\(([^#]*?)\)\n", re.DOTALL)


def sources():
    folders = ("controllers", "commands", "jobs", "tables", "web")
    return [path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_every_recorded_action_has_words():
    calls = [call for text in sources() for call in RECORDED.findall(text)]
    recorded = {action for call in calls for action in re.findall(r'"([a-z_]+\.[a-z_]+)"', call)}
    pages = [path.read_text() for path in (ROOT / "controllers" / "console").glob("*.py")]
    assert recorded | {action for text in pages for action in ACTION.findall(text)} <= set(ACTIONS)


def test_no_words_are_left_over():
    text = "".join(sources())
    made = {kind for kind in KINDS if f'"{kind}.{{' in text}
    assert [one for one in ACTIONS if f'"{one}"' not in text and one.partition(".")[0] not in made] == []
