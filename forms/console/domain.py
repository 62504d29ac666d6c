"""A host of the vendor's own."""

from __future__ import annotations

import idna

from forms import Form
from settings import settings
from tables.vendor import HOST
from theming.words import _


class DomainForm(Form):
    takes = ("host",)

    def check(self) -> None:
        self.values["host"] = host = ascii_of(self.values["host"].strip().lower().removeprefix("https://").strip("/"))
        base = settings.base_host.partition(":")[0]
        if not HOST.fullmatch(host):
            self.errors["host"] = _("Enter a host like center.example.com.")
        elif host == base or host.endswith(f".{base}"):
            self.errors["host"] = _("That is a host of ours. Enter one of your own, like center.example.com.")


def ascii_of(host: str) -> str:
    """The host as the DNS has it (`bücher.example` is `xn--bcher-kva.example`); what is none stays as it was typed."""
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return host
