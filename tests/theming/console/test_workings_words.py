import json

import pytest

from integrations.clickfunnels import samples
from settings import ROOT
from tables.webhook_event import STATUSES, TOPICS
from theming.console import mail_words, webhook_words
from theming.console.webhook_words import pretty, verdict


def test_every_message_has_words_and_no_words_are_left_over():
    mails = ROOT / "templates/emails"
    folders = {str(path.parent.relative_to(mails)) for path in mails.rglob("body.txt")}
    assert set(mail_words.KINDS) == folders


def test_every_state_topic_and_sample_has_words():
    assert set(webhook_words.states()) == set(webhook_words.TONES) == set(STATUSES)
    assert set(webhook_words.topics()) == set(TOPICS)
    assert [one["value"] for one in webhook_words.samples()] == list(samples.KINDS)


def row(status, **values):
    return {"status": status, "outcome": None, "error": None, "waiting_for": None, **values}


@pytest.mark.parametrize(
    ("known", "said"),
    [(row("received"), "Will be worked in a moment."),
     (row("parked", waiting_for="contact:123"), "Waiting for contact 123, which has not arrived."),
     (row("processed", outcome="contact 11 updated"), "Contact 11 updated."),
     (row("processed"), "Worked. What it changed was not written down."),
     (row("ignored", outcome="no rule for x.y"), "Left alone: no rule for x.y."),
     (row("failed", error="ValueError: total"), "ValueError: total"),
     (row("unheard of"), "unheard of")],
)  # fmt: skip
def test_a_verdict_is_a_sentence(known, said):
    assert verdict(known) == said


@pytest.mark.parametrize(
    "value",
    [{"a": 1, "b": [1, 2, {"c": None}], "d": "x, {y}: [z]"}, {}, [], {"a": {}}, {"q": 'quote " and \\ and \n'},
     {"big": 10**400, "small": 1e-9}],
)  # fmt: skip
def test_broken_lines_change_no_value(value):
    assert json.loads(pretty(json.dumps(value))) == value


def test_money_stays_as_it_was_written():
    assert '"total": 9.70' in pretty('{"total":9.70}')


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "}" * 100_000, '"' + "\\" * 50_000, "{" * 1000 + "<script>", "", "\ufffd not json"]
)
def test_no_text_is_too_deep_or_too_odd(text):
    shown = webhook_words.body(text)
    assert len(shown["text"]) <= webhook_words.SHOWN
    assert shown["whole"] == (len(pretty(text)) <= webhook_words.SHOWN)


def test_a_long_body_is_not_taken_apart():
    text = '{"a":1}' * 100_000
    assert pretty(text) is text
    assert webhook_words.body(text) == {"text": text[: webhook_words.SHOWN], "whole": False}


@pytest.mark.parametrize(
    ("counts", "said"),
    [((0, 0), None), ((1, 0), "1 event will be worked again in a moment."),
     ((3, 1), "3 events will be worked again in a moment. 1 cannot be: its body was emptied."),
     ((0, 2), "2 cannot be: their bodies were emptied.")],
)  # fmt: skip
def test_the_notice_after_a_replay(counts, said):
    notice = webhook_words.replayed(*counts)
    assert (notice and notice["text"]) == said
