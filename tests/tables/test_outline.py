"""What a customer may open, and why and until when the rest is locked."""

from datetime import UTC, datetime, timedelta

import pytest

from tables.outline import Builder, access_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=100)
LATER = NOW + timedelta(days=9)


def enrollment(**changes):
    return {
        "id": 1, "public_id": "c", "course_clickfunnels_id": "1", "root_section_clickfunnels_id": None,
        "suspended": False,
        "suspension_reason": None, "service_status": None, "billing_status": None, "paid_until": None,
        "order_number": "1001", "published_at": LONG_AGO, "enrolled_at": NOW - timedelta(days=3),
    } | changes  # fmt: skip


def row(section, lesson=None, **changes):
    return {
        "section": section, "parent": None, "course": "1", "section_title": f"Part {section}", "description": "",
        "section_position": 0, "days_till_drip_access": None, "blocker_section": None, "blocker_lesson": None,
        "hidden_from_non_members": False, "upgrade_url": None, "section_published_at": LONG_AGO, "lesson": lesson,
        "public_id": f"p{lesson}", "title": f"Lesson {lesson}", "position": int(lesson or 0), "published_at": LONG_AGO,
        "completed_at": None,
    } | changes  # fmt: skip


def outline(rows, **changes):
    enrolled = enrollment(**changes)
    return Builder(enrolled, rows, access_of(enrolled, NOW), NOW).build()


def locks(built):
    return {lesson.clickfunnels_id: lesson.lock.reason if lesson.lock else None for lesson in built.lessons}


@pytest.mark.parametrize(("facts", "reason"), [
    ({}, None), ({"service_status": "active"}, None), ({"service_status": "trialing"}, None),
    ({"service_status": "completed"}, None), ({"suspended": True, "suspension_reason": "Chargeback"}, "suspended"),
    ({"service_status": "paused"}, "paused"), ({"service_status": "suspended"}, "suspended"),
    ({"service_status": "churned"}, "ended"), ({"service_status": "trial-ended"}, "ended"),
    ({"service_status": "abandoned"}, "ended"), ({"service_status": "voided"}, "ended"),
    ({"service_status": "pending"}, "pending"), ({"billing_status": "refunded"}, "refunded"),
    ({"billing_status": "partially-refunded", "service_status": "active"}, None),
    ({"service_status": "canceled", "paid_until": LATER}, None),
    ({"service_status": "canceled", "paid_until": NOW - timedelta(seconds=1)}, "ended"),
    ({"service_status": "canceled"}, None), ({"public_id": None, "published_at": None}, "being_set_up"),
    ({"published_at": None}, "unpublished"), ({"published_at": LATER}, "unpublished"),
])  # fmt: skip
def test_access_follows_the_enrollment_and_the_orders_service(facts, reason):
    access = access_of(enrollment(**facts), NOW)
    assert (access.lock.reason if access.lock else None) == reason


def test_a_canceled_subscription_says_until_when():
    access = access_of(enrollment(service_status="canceled", paid_until=LATER), NOW)
    assert access.ending
    assert access.ends_at == LATER


def test_a_suspension_gives_the_vendors_reason():
    assert access_of(enrollment(suspended=True, suspension_reason="Chargeback"), NOW).lock.subject == "Chargeback"


def test_without_access_every_lesson_is_locked_and_hidden_sections_are_not_shown():
    rows = [row("1", "1"), row("2", "2", hidden_from_non_members=True)]
    assert locks(outline(rows, suspended=True)) == {"1": "suspended"}
    assert locks(outline(rows)) == {"1": None, "2": None}


def test_lessons_come_in_the_order_of_sections_and_positions():
    rows = [row("2", "3", section_position=2), row("1", "2", position=9), row("1", "1", position=4)]
    assert [lesson.clickfunnels_id for lesson in outline(rows).lessons] == ["1", "2", "3"]


def test_the_root_section_is_taken_off_and_those_inside_nest():
    rows = [row("9"), row("1", "1", parent="9"), row("2", "2", parent="1"), row("3", "3", parent="2")]
    built = outline(rows, root_section_clickfunnels_id="9")
    assert [section.title for section in built.sections] == ["Part 1"]
    assert built.sections[0].sections[0].sections[0].lessons[0].clickfunnels_id == "3"


def test_lessons_right_below_the_root_are_kept():
    rows = [row("9", "7"), row("1", "1", parent="9", section_position=1)]
    assert locks(outline(rows, root_section_clickfunnels_id="9")) == {"7": None, "1": None}


def test_sections_that_name_each_other_do_not_turn_in_a_circle():
    rows = [row("1", "1", parent="2"), row("2", "2", parent="1"), row("3", "3", parent="3")]
    assert "3" in locks(outline(rows))


def test_a_section_whose_parent_has_not_arrived_is_shown_at_the_top():
    assert locks(outline([row("1", "1", parent="404")])) == {"1": None}


def test_sections_of_the_root_stay_beside_one_whose_parent_has_not_arrived():
    rows = [
        row("9"),
        row("1", "1", parent="9"),
        row("2", "2", parent="9", section_position=1),
        row("3", "3", parent="77"),
    ]
    built = outline(rows, root_section_clickfunnels_id="9")
    assert sorted(lesson.clickfunnels_id for lesson in built.lessons) == ["1", "2", "3"]
    assert sorted(view.clickfunnels_id for view in built.sections) == ["1", "2", "3"]


def test_drip_opens_so_many_days_after_enrolling_and_says_when():
    rows = [row("1", "1", days_till_drip_access=7), row("2", "2", days_till_drip_access=3)]
    built = outline(rows)
    assert locks(built) == {"1": "drip", "2": None}
    assert built.lessons[0].lock.until == NOW + timedelta(days=4)


def test_a_lock_holds_for_everything_inside():
    rows = [row("1", "1", days_till_drip_access=30), row("2", "2", parent="1"), row("3", "3", parent="2")]
    assert set(locks(outline(rows)).values()) == {"drip"}


def test_drafts_are_not_even_mentioned_and_scheduled_ones_say_when_without_counting():
    rows = [row("1", "1", published_at=None), row("1", "2", published_at=LATER), row("1", "3"),
            row("2", "4", section_published_at=None), row("3", "5", section_published_at=LATER)]  # fmt: skip
    built = outline(rows)
    assert locks(built) == {"2": "scheduled", "3": None, "5": "scheduled"}
    assert built.lessons[0].lock.until == LATER
    assert built.total == 2


def test_a_section_waits_for_a_lesson():
    waiting = [row("1", "1"), row("2", "2", blocker_lesson="1")]
    built = outline(waiting)
    assert locks(built) == {"1": None, "2": "after_lesson"}
    assert (built.lessons[1].lock.subject, built.lessons[1].lock.lesson) == ("Lesson 1", "p1")
    assert locks(outline([waiting[0] | {"completed_at": NOW}, waiting[1]])) == {"1": None, "2": None}


def test_a_section_waits_for_every_counted_lesson_of_another_and_of_those_inside_it():
    rows = [row("1", "1", completed_at=NOW), row("3", "3", parent="1"), row("1", "9", published_at=LATER),
            row("2", "2", blocker_section="1")]  # fmt: skip
    built = outline(rows)
    assert locks(built)["2"] == "after_section"
    done = [rows[0], rows[1] | {"completed_at": NOW}, *rows[2:]]
    assert locks(outline(done))["2"] is None


def test_a_blocker_that_does_not_exist_locks_nothing():
    assert locks(outline([row("1", "1", blocker_lesson="404", blocker_section="405")])) == {"1": None}


def test_two_sections_that_wait_for_each_other_are_locked_and_not_endless():
    rows = [row("1", "1", blocker_section="2"), row("2", "2", blocker_section="1")]
    assert set(locks(outline(rows)).values()) == {"after_section"}


def test_carry_on_follows_the_lesson_completed_last():
    rows = [
        row("1", "1"),
        row("1", "2", completed_at=NOW),
        row("1", "3", completed_at=NOW - timedelta(days=1)),
        row("1", "4"),
    ]
    assert outline(rows).carry_on.clickfunnels_id == "4"


def test_carry_on_goes_back_to_what_was_left_out_and_skips_locked_ones():
    rows = [row("1", "1"), row("1", "2", completed_at=NOW), row("2", "3", section_position=1, days_till_drip_access=30)]
    assert outline(rows).carry_on.clickfunnels_id == "1"


def test_a_finished_course_has_nothing_to_carry_on():
    assert outline([row("1", "1", completed_at=NOW)]).carry_on is None
    assert outline([]).carry_on is None


def test_neighbours_of_a_lesson():
    built = outline([row("1", "1"), row("1", "2"), row("1", "3")])
    before, lesson, after = built.around("p2")
    assert (before.public_id, lesson.public_id, after.public_id) == ("p1", "p2", "p3")
    assert built.around("p1")[0] is None
    assert built.around("p9") is None


def test_only_the_courses_own_rows_count():
    assert outline([row("1", "1", course="2")]).lessons == []
