"""The import from ClickFunnels: which workspace, with which token, and whether customers are told."""

from __future__ import annotations

import re

from forms import Form
from tables.vendor import CLICKFUNNELS
from theming.words import _

SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
WORKSPACE = re.compile(r"[A-Za-z0-9]{1,64}")
TOKEN = re.compile(r"[\x21-\x7e]{8,500}")


class TokenForm(Form):
    """The token is never shown again, not even to whoever has just typed it."""

    takes = ("subdomain", "api_token", "workspace")

    def check(self) -> None:
        self.subdomain = first_part(self.values["subdomain"])
        self.token, self.workspace = self.values["api_token"].strip(), self.values["workspace"].strip()
        if not SUBDOMAIN.fullmatch(self.subdomain):
            self.errors["subdomain"] = _("Enter the first part of your ClickFunnels address, such as acme.")
        if not TOKEN.fullmatch(self.token):
            self.errors["api_token"] = _("Paste the whole API token, without spaces.")
        if self.workspace and not WORKSPACE.fullmatch(self.workspace):
            self.errors["workspace"] = _("A workspace ID is a number or a few letters, such as 42000.")


class StartForm(Form):
    takes = ("welcomes",)

    @property
    def welcomes(self) -> bool:
        return self.values["welcomes"] == "yes"


def first_part(typed: str) -> str:
    """`acme` of what people paste: `https://acme.myclickfunnels.com/account`."""
    host = re.sub(r"^https?://", "", typed.strip().lower()).partition("/")[0]
    return host.removesuffix(CLICKFUNNELS)
