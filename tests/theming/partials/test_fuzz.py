"""Whatever is written: it is refused in words, or renders to safe HTML; nothing else ever happens."""

import html5lib
from hypothesis import given, settings
from hypothesis import strategies as st

from theming.partials.cleaning import TAGS
from theming.partials.kinds import samples
from theming.partials.partial import Partial
from theming.partials.refused import Refused
from theming.partials.sandbox import Overflow
from theming.slots import SLOTS

HUB = SLOTS["hub_intro"]
WORDS = st.sampled_from(
    "{{ }} {% %} {# #} {{- -}} if else elif endif for in endfor raw endraw set block and or not is defined none odd upper "
    "truncate default join length ( ) [ ] . | , == != < > ~ + - * / 'x' \"<b>\" 1 99 true center person courses carry_on "
    "links name title first_name done a b loop self range __class__ <p> </p> <a href= <img src= class= onclick= > < & &lt; é \n"
    .split(" ")
)  # fmt: skip
VALUES = st.sampled_from(["center.name", "person.first_name", "a.title", "a.done", "'<i>'", "3", "courses|length",
                          "center.name|upper|truncate(3)", "person.name or 'x'", "'a' if person else 'b'"])  # fmt: skip
PIECES = st.one_of(
    VALUES.map(lambda value: f"{{{{ {value} }}}}"),
    VALUES.map(lambda value: f"{{% if {value} %}}<b>x{{% else %}}</p>{{% endif %}}"),
    VALUES.map(lambda value: f"{{% for a in courses %}}<li class='{{{{ {value} }}}}'>{{% endfor %}}"),
    st.sampled_from(["<p>", "</div>", "<a href='{{ carry_on.href }}'>", "<script>", "text", "<!--", "<svg>", "]]>"]),
)  # fmt: skip


def made(source):
    try:
        return Partial(HUB, source).html(samples(HUB.variables))
    except (Refused, Overflow):
        return ""


@given(st.lists(WORDS, max_size=40))
@settings(max_examples=300, deadline=None)
def test_words_thrown_together_are_refused_or_shown(words):
    made(" ".join(words))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_refused_or_shown(text):
    made(text)


@given(st.lists(PIECES, max_size=20))
@settings(max_examples=200, deadline=None)
def test_what_is_shown_never_leaves_its_place(pieces):
    html = made("".join(pieces))
    document = html5lib.parse(f"<div id=around>{html}</div><p id=after>", namespaceHTMLElements=False)
    around = document.find(".//div[@id='around']")
    assert [child.get("id") for child in document.find("body")] == ["around", "after"]
    assert {element.tag for element in list(around.iter())[1:]} <= TAGS
