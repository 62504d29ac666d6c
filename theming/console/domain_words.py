"""What to write into the DNS, and what came of looking for it."""

from __future__ import annotations

from urllib.parse import urlsplit

from settings import settings
from tables.proving import PREFIX
from theming.words import _

LABEL = "_customer-center"


def records(host: str, proof: str, *, host_too: bool = True) -> list[dict[str, str]]:
    """The records to set, as people type them into their provider's form: {kind, name, value, about}."""
    ours = str(urlsplit(settings.base_url).hostname)
    points = {"kind": "CNAME", "name": host, "value": ours, "about": _("Leads the host to this server.")}
    proves = {
        "kind": "TXT", "name": f"{LABEL}.{host}", "value": f"{PREFIX}{proof}",
        "about": _("Proves that it is yours. Leave it in place."),
    }  # fmt: skip
    return [points, proves] if host_too else [proves]


def result(word: str) -> dict[str, str] | None:
    """The notice after a change or a look into the DNS."""
    good = {
        "wanted": _("Saved. Set the two records below, then press Check now."),
        "moved": _(
            "The host is yours, and your center is there now. Old addresses lead to it; customers sign in once more."
        ),
        "sender": _("The domain is yours: from now on mails come from your own address."),
        "left": _("Your center is at its address on this server again."),
    }
    other = {
        "missing": _("The TXT record was not found, or says something else. New records can take an hour to be seen."),
        "unknown": _("The DNS did not answer, so nothing is known. Please try again in a minute."),
        "taken": _("Another center has proven this host. If it is yours, ask whoever runs this server."),
        "nothing": _("There was nothing to check."),
    }
    if word in good:
        return {"tone": "good", "text": good[word]}
    return {"tone": "warn", "text": other[word]} if word in other else None
