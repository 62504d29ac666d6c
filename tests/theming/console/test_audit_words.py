"""Every action that is written into the log of changes has words, and no words are left over."""

import re

from settings import ROOT
from theming.console.audit_words import ACTIONS

RECORDED = re.compile(r"AuditEntry\.record\(([^#]*?)\)\n", re.DOTALL)
ACTION = re.compile(r'"([a-z_]+\.[a-z_]+)"')


def recorded():
    folders = ("controllers", "commands", "jobs", "tables", "web")
    texts = [path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {action for text in texts for call in RECORDED.findall(text) for action in ACTION.findall(call)}


def test_every_recorded_action_has_words():
    assert recorded() == set(ACTIONS)
