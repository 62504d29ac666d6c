"""Somebody cancelled a contract without signing in."""

from __future__ import annotations

import emails
from settings import settings
from tables.cancellation_notice import CancellationNotice
from theming import words
from theming.center import Center
from theming.notice_words import declared


async def queue(center: Center, address: str, notice: CancellationNotice) -> None:
    """To one of the vendor's addresses, once for each notice; nobody has proven whose words they are."""
    center = center.speaking("en")
    with words.speaking(center.locale):
        facts = declared(notice, center)
    link = f"{settings.base_url}/console/{center.slug}/requests/notices/{notice.public_id}"
    await emails.queue(
        center, "console/cancellation_notice", f"cancellation-notice:{notice.id}:{address}"[:120], address,
        {"facts": facts, "link": link},
    )  # fmt: skip
