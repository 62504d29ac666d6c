"""One short function for each message; what they have in common is here."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formataddr
from typing import Any

from css_inline import CSSInliner

from settings import settings
from tables.mail import TEXT, Mail
from theming import words
from theming.center import Center
from theming.environment import environment
from theming.partials import kept as partials

inliner = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


async def queue(center: Center, name: str, dedupe_key: str, recipient: str, variables: dict[str, Any], *,
                hidden: Sequence[str] = (), **columns: Any) -> bool:  # fmt: skip
    """Write `templates/emails/<name>` into the outbox, once for each dedupe key; returns whether it was new.

    `hidden` names the tokens and codes in it: such a message is sealed until it is sent, and blanked of them then.

    The center speaks the language of the mail: `center.speaking(customer.language)` for a customer's.

    Call it inside the transaction of what the message tells of: then both happen, or neither.
    """
    await partials.load(center)
    return await Mail.queue(
        center.vendor_id, dedupe_key, hidden=hidden, kind=name, recipient=recipient, reply_to=center.reply_to,
        sender=formataddr((center.sender_name, center.mail_from)), language=html_tag(center.locale),
        **compose(center, name, variables), **columns,
    )  # fmt: skip


async def queue_text(center: Center, name: str, dedupe_key: str, recipient: str, variables: dict[str, Any], *,
                     hidden: Sequence[str] = (), **columns: Any) -> bool:  # fmt: skip
    """The same for a text message to a number (E.164): only `templates/emails/<name>/body.txt`, and no HTML."""
    return await Mail.queue(
        center.vendor_id, dedupe_key, hidden=hidden, kind=name, recipient=recipient, channel=TEXT,
        sender=formataddr((center.sender_name, settings.mail_from)), language=words.language.get(),
        subject=words.gettext("Text message"), body_html="", body_text=compose_text(center, name, variables), **columns,
    )  # fmt: skip


def compose_text(center: Center, name: str, variables: dict[str, Any]) -> str:
    """The words of a text message in the center's language."""
    with words.speaking(center.locale, center.words):
        template = environment(center.theme).get_template(f"emails/{name}/body.txt")
        return " ".join(template.render({"center": center, **variables}).split())


def compose(center: Center, name: str, variables: dict[str, Any]) -> dict[str, str]:
    """Subject and both bodies, in the center's language."""
    shown = partials.show(center)
    try:
        with words.speaking(center.locale, center.words):
            env = environment(center.theme)
            context = {
                "center": center, "mail": center.mail, "lang": html_tag(center.locale),
                "dir": words.direction(center.locale), **variables,
            }  # fmt: skip
            parts = {part: env.get_template(f"emails/{name}/{part}").render(context)
                     for part in ("subject.txt", "body.txt", "body.html")}  # fmt: skip
    finally:
        partials.showing.reset(shown)
    return {
        "subject": " ".join(parts["subject.txt"].split())[:300],
        "body_text": parts["body.txt"].strip() + "\n",
        "body_html": inliner.inline(parts["body.html"]),
    }


def html_tag(tag: str) -> str:
    """A locale as HTML and mail headers write it (BCP 47)."""
    return tag.replace("_", "-")
