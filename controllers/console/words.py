"""Words: any text of the center and its mails, in words of the vendor's own, language by language."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.console.words import FIELDS, WordsForm
from tables.audit_entry import AuditEntry
from tables.member import ADMIN
from tables.vendor import Vendor
from tables.vendor_word import VendorWord
from theming.console.message_list import Message, forms_of, messages
from theming.console.message_words import boxes, done, found, language_choices, listed, place_choices
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.rendering import redirect, render
from web.requests import Part, form_of, query_of, screen

GUARD = {"role": ADMIN}


@screen("/words", opt=GUARD)
async def index(request: Request) -> Response:
    vendor, query = vendor_of(request), query_of(request)
    tag = language_of(request, query.get("language") or language_choices(vendor.locale)[0][0])
    own = await VendorWord.of(vendor.id, tag)
    rows, more = found(own, tag, query.get("q", ""), query.get("place", ""), query.get("from", ""))
    return render(
        request, "console/words/index", layout="console", title=_("Words"), language=tag,
        languages=language_choices(vendor.locale), q=query.get("q", ""), place=query.get("place", ""), more=more,
        places=place_choices(),
        rows=[listed(message, tag, own) for message in rows], count=len(own), notice=done(query.get("done", "")),
    )  # fmt: skip


@screen("/words/{language:str}/{message:str}", opt=GUARD)
async def edit(request: Request, language: Part, message: Part) -> Response:
    tag, one = language_of(request, language), message_of(message)
    own = (await VendorWord.of(vendor_of(request).id, tag)).get(one.source, {})
    return page(request, tag, one, WordsForm({name: own.get(form, "") for form, name in enumerate(FIELDS)}), bool(own))


@post("/words/{language:str}/{message:str}", opt=GUARD)
async def update(request: Request, language: Part, message: Part) -> Response:
    tag, one, vendor, member = (
        language_of(request, language),
        message_of(message),
        vendor_of(request),
        member_of(request),
    )
    form = WordsForm.for_message(form_of(request), one)
    texts = {} if form.values["do"] == "reset" else form.forms(forms_of(tag, one))
    if texts and not form.errors and await VendorWord.full(vendor.id):
        form.errors[""] = _("That is as many words of your own as there can be. Give some back first.")
    if form.errors and form.values["do"] != "reset":
        return page(request, tag, one, form, False, status=422)

    async def work() -> None:
        await Vendor.hold(vendor.id)
        await VendorWord.say(vendor.id, tag, one.source, texts, member.name)
        action = "words.changed" if texts else "words.reset"
        await AuditEntry.record(vendor.id, member, action, one.source[:200], language=tag)

    await database.transaction(work)
    return redirect(request, desk(request, f"/words?language={tag}&done={'said' if texts else 'reset'}"))


ROUTES = [index, edit, update]


def language_of(request: Any, tag: str) -> str:
    """One of the languages this center speaks; raises Refused."""
    if tag not in dict(language_choices(vendor_of(request).locale)):
        raise Refused(404)
    return tag


def message_of(key: str) -> Message:
    if (message := messages().get(key)) is None:
        raise Refused(404)
    return message


def page(request: Any, tag: str, message: Message, form: WordsForm, is_own: bool, status: int = 200) -> Response:
    return render(
        request, "console/words/edit", layout="console", title=_("Your words"), status=status, form=form, message=message,
        language=tag, language_name=dict(language_choices(vendor_of(request).locale))[tag], boxes=boxes(tag, message),
        is_own=is_own,
    )  # fmt: skip
