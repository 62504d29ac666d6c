"""A vendor's own words take the place of ours, as text, on pages and in mails."""

import json

import pytest
from markupsafe import Markup

from tables import Mail, Vendor, VendorWord
from tests.client import words as seen
from theming import words
from theming.center import center_of
from theming.environment import environment
from theming.own_words import Own, OwnWords, own_words
from theming.words import _, _n, speaking
from web import tenancy


def saying(said):
    return OwnWords(json.dumps(said))


def render(source, said, tag="en", **variables):
    with speaking(tag, saying(said)):
        template = environment(None).from_string(source)
        return template.render(variables)


def test_most_vendors_have_none_and_cost_nothing():
    assert own_words("{}") is None


def test_a_message_is_said_in_the_vendors_words():
    with speaking("en", saying({"en": {"Orders": {"0": "Purchases"}}})):
        assert (_("Orders"), _("Courses")) == ("Purchases", "Courses")
    assert _("Orders") == "Orders"


def test_only_in_the_language_they_were_written_in():
    said = saying({"es": {"Orders": {"0": "Mis compras"}}})
    with speaking("es", said):
        assert _("Orders") == "Mis compras"
    with speaking("es_MX", said):
        assert _("Orders") == "Mis compras"
    with speaking("en", said):
        assert _("Orders") == "Orders"


def test_each_plural_form_is_its_own_and_the_rest_stay_ours():
    said = saying({"en": {"%(num)s lesson": {"1": "%(num)s chapters"}}})
    with speaking("en", said):
        assert _n("%(num)s lesson", "%(num)s lessons", 1) == "1 lesson"
        assert _n("%(num)s lesson", "%(num)s lessons", 3) == "3 chapters"


def test_arabic_has_six_forms():
    said = saying({"ar": {"%(num)s day": {str(form): f"{form}: %(num)s" for form in range(6)}}})
    with speaking("ar", said):
        assert [_n("%(num)s day", "%(num)s days", count) for count in (0, 1, 2, 3, 100, 11)] == [
            "0: 0", "1: 1", "2: 2", "3: 3", "4: 100", "5: 11",
        ]  # fmt: skip


MARKUP = '<script>alert(1)</script> & "quotes" %(name)s 100%'


@pytest.mark.parametrize(
    "source", ["{{ _('Hello %(name)s,', name=name) }}", "{{ ngettext('Hello %(name)s,', 'x', 1, name=name) }}"]
)
def test_markup_in_a_vendors_words_is_text_in_a_page(source):
    html = render(source, {"en": {"Hello %(name)s,": {"0": MARKUP}}}, name="<b>Ada</b>")
    assert html == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;quotes&#34; &lt;b&gt;Ada&lt;/b&gt; 100%"


def test_markup_in_words_that_python_says_is_text_in_a_page():
    with speaking("en", saying({"en": {"Orders": {"0": "<i>100%</i>"}}})):
        label = _("Orders")
        assert environment(None).from_string("{{ label }}").render(label=label) == "&lt;i&gt;100%&lt;/i&gt;"
        assert Markup("<p>{}</p>").format(label) == "<p>&lt;i&gt;100%&lt;/i&gt;</p>"
        assert f"{label}" == "<i>100%</i>"


def test_words_stay_as_they_are_in_plain_text():
    text = render("{% autoescape false %}{{ _('Hello %(name)s,', name='Ada') }}{% endautoescape %}",
                  {"en": {"Hello %(name)s,": {"0": "Hi %(name)s & co, 5% off"}}})  # fmt: skip
    assert text == "Hi Ada & co, 5% off"


def test_markup_that_a_template_passes_in_stays_markup():
    html = render("{{ _('Until %(date)s', date=date) }}", {"en": {"Until %(date)s": {"0": "To %(date)s <3"}}},
                  date=Markup("<time>now</time>"))  # fmt: skip
    assert html == "To <time>now</time> &lt;3"


@pytest.mark.parametrize(
    "text", ["100%", "%", "%%", "% (x)s", "%(name)", "%(name)s %s %d", "%(name)s%", "{0} %(name)s"]
)
def test_signs_that_only_look_like_placeholders_do_no_harm(text):
    assert Own(text) % {"name": "Ada"} == text.replace("%(name)s", "Ada")
    assert str(Own(text).markup % {"name": "Ada"}) == text.replace("%(name)s", "Ada")


async def test_a_page_is_in_the_vendors_words_and_another_vendors_is_not(acme, globex, browser):
    await VendorWord.say(acme.id, "en", "Continue", {0: "Let me in"}, "olga")
    tenancy.kept.clear()
    assert "Let me in" in seen(await browser().get("/acme/sign-in"))
    assert "Let me in" not in seen(await browser().get("/globex/sign-in"))


async def test_words_kept_for_later_are_not_another_vendors(world, signed_in):
    """Lists of states are made once for each language: and once for each vendor's words."""
    await VendorWord.say(world.acme.id, "en", "Paid", {0: "Settled in full"}, "olga")
    tenancy.kept.clear()
    for belongings, said in ((world.alice, True), (world.zoe, False), (world.alice, True)):
        page = await (await signed_in(belongings.customer)).get(f"{belongings.home}/account/orders")
        assert ("Settled in full" in seen(page)) is said


async def test_a_mail_is_in_the_vendors_words(world):
    from emails import welcome

    await VendorWord.say(world.acme.id, "en", "Hello %(name)s,", {0: "Ahoy <%(name)s>"}, "olga")
    center = center_of(await Vendor.objects().get(Vendor.id == world.acme.id))
    await welcome.queue(center, world.alice.customer, ["Bees"])
    row = await Mail.select().order_by(Mail.id, ascending=False).first()
    assert "Ahoy <Alice>" in row["body_text"]
    assert "Ahoy &lt;Alice&gt;" in row["body_html"]
    assert words.own.get() is None


async def test_words_can_be_taken_back(acme):
    await VendorWord.say(acme.id, "en", "%(num)s lesson", {0: "a", 1: "b"}, "olga")
    await VendorWord.say(acme.id, "es", "Orders", {0: "c"}, "olga")
    assert json.loads((await Vendor.by_id(acme.id)).words) == {
        "en": {"%(num)s lesson": {"0": "a", "1": "b"}}, "es": {"Orders": {"0": "c"}}
    }  # fmt: skip
    assert await VendorWord.of(acme.id, "en") == {"%(num)s lesson": {0: "a", 1: "b"}}
    await VendorWord.say(acme.id, "en", "%(num)s lesson", {}, "olga")
    await VendorWord.say(acme.id, "es", "Orders", {}, "olga")
    assert (await Vendor.by_id(acme.id)).words == "{}"
