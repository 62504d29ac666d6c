from types import SimpleNamespace

import pytest

from tables.upkeep import MOST, Upkeep
from theming.console.upkeep_words import needs, steps

NOTHING = Upkeep(0, 0, 0, has_events=True, has_course=True, has_enrollment=True)
VENDOR = SimpleNamespace(
    domain=None, wanted_domain=None, support_email="help@a.example", look={"accent": "#123456"},
    theme=None, logo=None, clickfunnels_secret="x",
)  # fmt: skip


def href(path):
    return f"/console/acme{path}"


def test_a_center_that_is_well_needs_nothing():
    assert needs(NOTHING, VENDOR, "", href) == []
    assert steps(NOTHING, VENDOR, href) == []


def test_the_worst_comes_first_with_its_page():
    found = needs(Upkeep(1, 2, 3, has_events=True, has_course=True, has_enrollment=True), VENDOR, "Refused.", href)
    assert [(one["tone"], one["href"]) for one in found] == [
        ("bad", "/console/acme/webhooks?state=failed"), ("bad", "/console/acme/webhooks"),
        ("bad", "/console/acme/mail?state=failed"), ("warn", "/console/acme/webhooks?state=parked"),
    ]  # fmt: skip


def test_beyond_the_bound_the_number_is_a_least_one():
    (one,) = needs(NOTHING._replace(failed_events=MOST), VENDOR, "", href)
    assert one["text"].startswith("More than 99 webhooks failed")


@pytest.mark.parametrize(("wanted", "count"), [("learn.acme.example", 1), (None, 0), ("own.acme.example", 0)])
def test_a_domain_that_is_not_proven_yet(wanted, count):
    vendor = SimpleNamespace(**{**vars(VENDOR), "domain": "own.acme.example", "wanted_domain": wanted})
    assert len(needs(NOTHING, vendor, "", href)) == count


def test_who_may_not_see_a_page_gets_the_sentence_alone():
    (one,) = needs(NOTHING._replace(failed_mails=1), VENDOR, "", lambda path: None)
    assert one["href"] is None
    found = steps(NOTHING._replace(has_course=False), VENDOR, lambda path: None)
    assert [step["href"] for step in found] == [None] * 6
    assert [step["done"] for step in found] == [True, True, True, True, False, True]
