"""A host of the vendor's own."""

from __future__ import annotations

from forms import Form
from settings import settings
from tables.vendor import HOST
from theming.words import _


class DomainForm(Form):
    takes = ("host",)

    def check(self) -> None:
        self.values["host"] = host = self.values["host"].strip().lower().removeprefix("https://").strip("/")
        base = settings.base_host.partition(":")[0]
        if not HOST.fullmatch(host):
            self.errors["host"] = _("Enter a host like center.example.com.")
        elif host == base or host.endswith(f".{base}"):
            self.errors["host"] = _("That is a host of ours. Enter one of your own, like center.example.com.")
