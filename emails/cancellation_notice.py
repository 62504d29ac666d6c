"""The receipt of a cancellation that was declared without signing in."""

from __future__ import annotations

import emails
from tables.cancellation_notice import CancellationNotice
from theming import words
from theming.center import Center
from theming.notice_words import declared


async def queue(center: Center, notice: CancellationNotice) -> None:
    """At once and to the address given, in the language of the page (BGB, section 312k, 4)."""
    with words.speaking(center.locale, center.words):
        facts = declared(notice, center)
    await emails.queue(
        center, "cancellation_notice", f"cancellation-notice:{notice.id}", notice.email, {"facts": facts}
    )  # fmt: skip
