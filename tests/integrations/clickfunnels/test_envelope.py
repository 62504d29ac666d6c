from datetime import UTC, datetime

import pytest

from integrations.clickfunnels.envelope import NotUnderstood, event_of, label, parse, stamp
from tests.integrations.clickfunnels.payloads import at, body, contact, event

NOW = datetime(2026, 2, 3, tzinfo=UTC)


def row(sent, **changes):
    return {
        "vendor_id": 1, "event_id": "e1", "event_type": "contact.created", "body": body(sent).decode(),
        "received_at": NOW,
    } | changes  # fmt: skip


def test_parses_objects_alone():
    assert parse('{"a": [1]}') == {"a": [1]}
    for text in ("", "null", "[]", '"text"', "{", "\ufffd", '{"a": ' + "9" * 5000 + "}"):
        assert parse(text) is None


@pytest.mark.parametrize(("levels", "good"), [(32, True), (33, False), (200_000, False)])
def test_parses_no_deeper_than_32(levels, good):
    text = '{"a":' + "[" * (levels - 1) + "]" * (levels - 1) + "}"
    assert (parse(text) is not None) is good


def test_brackets_in_texts_are_no_depth():
    assert parse('{"a": "' + "[" * 50 + '\\"' + "{" * 50 + '"}') is not None
    assert parse('{"a": "' + '\\"' * 200_000) is None


def test_both_generations_of_names():
    assert label({"event_id": "x", "uuid": "y"}, "event_id", "uuid") == "x"
    assert label({"uuid": "y"}, "event_id", "uuid") == "y"
    assert label({"event_id": None, "uuid": 7}, "event_id", "uuid") == "7"
    assert label({"event_id": ["x"], "uuid": True}, "event_id", "uuid") == ""
    assert label(None, "event_id") == ""


def test_an_event_and_its_version():
    found = event_of(row(event("contact.created", contact(2), 3)))
    assert found.subject == "45"
    assert found.happened_at == datetime(2026, 1, 1, 10, 3, tzinfo=UTC)
    assert found.version(found.data) == f"{at(2)}|{at(3)}|e1"
    assert found.version({"id": 1}) == f"-|{at(3)}|e1" < found.version(found.data)
    assert found.moment(found.data) == datetime(2026, 1, 1, 10, 2, tzinfo=UTC)
    assert found.moment({}) == found.happened_at


def test_times_are_compared_in_utc():
    found = event_of(row(event("contact.created", contact(updated_at="2026-01-01T09:00:00-03:00"))))
    assert found.version(found.data).startswith("2026-01-01T12:00:00.000Z|")
    assert stamp(None) == ""


def test_what_is_missing_is_taken_from_around_it():
    found = event_of(row({"subject_id": 12, "data": {}}, received_at="2026-02-03 00:00:00+00:00"))
    assert (found.subject, found.happened_at) == ("12", NOW)
    assert event_of(row({"subject_id": 12})).subject == "12"
    with pytest.raises(ValueError, match="no id"):
        event_of(row({"data": {}})).subject


def test_version_one_is_unwrapped_or_not_understood():
    wrapped = {"data": {"id": "5", "type": "contact", "attributes": {"first_name": "Ann"}}, "api_version": 1}
    assert event_of(row(wrapped)).data == {"id": "5", "first_name": "Ann"}
    for data in ({"id": "5", "type": "contact"}, {"id": "5", "type": "contact", "attributes": None}, [1]):
        with pytest.raises(NotUnderstood):
            event_of(row({"data": data, "api_version": 1}))


def test_a_body_without_an_object_is_an_error():
    with pytest.raises(ValueError, match="not a JSON object"):
        event_of(row([]))
