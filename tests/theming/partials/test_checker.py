import pytest
from jinja2 import Template

from tests.theming.partials.hostile import BOMBS, ESCAPES
from theming.partials import checker
from theming.partials.checker import check
from theming.partials.filters import FILTERS, TESTS
from theming.partials.partial import Partial
from theming.partials.refused import Refused
from theming.slots import SLOTS

HUB = SLOTS["hub_intro"]
ACCEPTED = [
    "plain", "", "{# nothing #}", "{{ center.name }}", "{{- center.name -}}", "{% raw %}{{ x }}{% endraw %}",
    "{% if person %}{{ person.first_name }}{% elif center.headline %}x{% else %}y{% endif %}",
    "{% for a in courses %}{{ a.title }}: {{ a.done }}{% else %}none{% endfor %}",
    "{% for a in courses %}{% for b in courses %}{{ a.title }}{{ b.title }}{% endfor %}{% endfor %}",
    "{{ 'a' if courses|length > 3 else 'b' }}", "{{ person.first_name or 'you' }}", "{{ center.name|upper|truncate(9) }}",
    "{{ person.first_name|default('you') }}", "{% if not person %}x{% endif %}", "{{ 1 == 1 }}",
    "{% for a in courses %}{% if a.done is odd or a.total is divisibleby(3) %}x{% endif %}{% endfor %}",
    "{% if carry_on is defined and carry_on.href is not none %}x{% endif %}",
    "{% for a in courses %}{% if a.done >= a.total and a.total > 0 %}x{% endif %}{% endfor %}",
]  # fmt: skip


def test_there_are_enough_of_them():
    assert len(BOMBS) >= 30
    assert len(ESCAPES) >= 40


@pytest.mark.parametrize("name", [*BOMBS, *ESCAPES])
def test_what_could_do_harm_is_refused_before_it_is_compiled(name, monkeypatch):
    def ran(*_arguments, **_options):
        raise AssertionError("it was run")

    monkeypatch.setattr("theming.partials.sandbox.walled.compile", ran)
    monkeypatch.setattr(Template, "generate", ran)
    with pytest.raises(Refused):
        Partial(HUB, (BOMBS | ESCAPES)[name])


@pytest.mark.parametrize("name", ["brackets", "deep lists", "nots", "minus signs", "ifs in a value", "deep ifs", "long source",
                                  "filters in a row", "many tags"])  # fmt: skip
def test_depth_and_length_are_looked_at_before_jinja_parses(name, monkeypatch):
    monkeypatch.setattr("theming.partials.sandbox.walled.parse", lambda source: pytest.fail("it was parsed"))
    with pytest.raises(Refused):
        check(BOMBS[name], HUB.published)


@pytest.mark.parametrize("source", ACCEPTED)
def test_the_subset_is_accepted_and_renders(source):
    assert isinstance(Partial(HUB, source).html(data()), str)


@pytest.mark.parametrize(("source", "line", "words"), [
    ("a\nb\n{{ center.nmae }}", 3, "This part has no “center.nmae”."),
    ("a\n{% for a in center %}{% endfor %}", 2, "“center” is not a list."),
    ("\n\n{{ x() }}", 3, "Nothing can be called here"),
    ("\n{{ 1 + 1 }}", 2, "no arithmetic"),
    ("\n{{ center.name|safe }}", 2, "There is no filter “safe”. There are upper, lower"),
    ("\n\n\n{% set a = 1 %}", 4, "“set” cannot be used here"),
    ("a\n{% if center %}", 2, "This cannot be read"),
    ("a\n{{ center.name }", 2, "This cannot be read"),
    ("a\n{{ center }}", 2, "print one of its parts"),
    ("a\n" + "{{ center.name }}\n" * 301, 302, "more than 300 tags"),
])  # fmt: skip
def test_a_refusal_names_the_line_and_says_what_is_wrong(source, line, words):
    with pytest.raises(Refused) as refused:
        check(source, HUB.published)
    assert refused.value.line == line
    assert words in str(refused.value)


def test_a_part_that_is_shown_often_may_work_less():
    source = "{% if course.title|upper == 'A' %}x{% endif %}" * 60
    check(source, SLOTS["course_card"].published, HUB.most_work)
    with pytest.raises(Refused, match="too much work"):
        Partial(SLOTS["course_card"], source)


def test_every_filter_and_test_can_be_used():
    for name in FILTERS:
        given = {"truncate": "(9)", "default": "('x')", "join": "(', ')"}.get(name, "")
        value = "courses" if name == "length" else "center.name"
        Partial(HUB, f"{{{{ {value}|{name}{given} }}}}")
    for name in TESTS:
        Partial(HUB, f"{{% if center.name is {name}{'(2)' if name == 'divisibleby' else ''} %}}x{{% endif %}}")
    assert (len(FILTERS), len(TESTS)) == (9, 6)


def test_nothing_of_jinjas_own_is_left_in_the_environment():
    env = checker.walled
    assert not env.globals
    assert set(env.filters) == set(FILTERS)
    assert set(env.tests) == set(TESTS)


@pytest.mark.parametrize("slot", SLOTS.values(), ids=lambda slot: slot.name)
def test_the_source_to_start_from_is_accepted(slot):
    from theming.partials.cleaning import left_out
    from theming.partials.kinds import samples

    partial = Partial(slot, slot.start)
    assert partial.html(samples(slot.variables))
    assert left_out(partial.raw(samples(slot.variables))) == []


def data():
    from theming.partials.kinds import samples

    return samples(HUB.variables)
