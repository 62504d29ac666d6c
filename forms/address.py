"""An address: its country first, then the fields of that country."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from forms import Form
from tables.address import Address
from tables.address_parts import ALL
from tables.countries import country_code
from theming.address_data import rules_of
from theming.address_forms import fits_postal_code, knows_region, label
from theming.words import _

LENGTHS: dict[str, int] = {part: Address._meta.get_column_by_name(part).length for part in ALL}


class AddressForm(Form):
    """`step` is `country` or `fields` while the country is being changed; `return` says where to go on afterwards."""

    takes: ClassVar[tuple[str, ...]] = (*ALL, "step", "return")

    def __init__(self, values: Mapping[str, str] | None = None, on_file: Mapping[str, str] | None = None) -> None:
        super().__init__(values)
        self.on_file = on_file or {}

    @classmethod
    def read(cls, values: Mapping[str, str], on_file: Mapping[str, str] | None = None) -> Self:
        """The form as it was sent, checked; what is `on_file` already may stay as it is."""
        form = cls(values, on_file)
        form.check()
        return form

    @property
    def parts(self) -> dict[str, str]:
        """What to keep: the text as it was typed, and the country's code where it is a known one."""
        country = country_code(self.values["country"]) or self.values["country"]
        return {part: self.values[part] for part in ALL} | {"country": country}

    @property
    def accepted(self) -> bool:
        return not self.values["step"] and not self.errors

    def check(self) -> None:
        """Nothing is wrong with what is not finished: while the country is being changed, no field is looked at."""
        for part in ALL:
            self.values[part] = " ".join(unicodedata.normalize("NFC", self.values[part]).split())
        if self.values["step"]:
            return
        if not country_code(self.values["country"]) and not self.unchanged("country"):
            self.errors["country"] = _("Choose a country.")
        rules = rules_of(country_code(self.values["country"]))
        for part in (*rules.order, *(part for part in ALL if part not in rules.order)):
            if message := self.wrong(part, rules):
                self.errors[part] = message

    def wrong(self, part: str, rules: Any) -> str | None:
        """What is wrong with a part, in the words of its country."""
        value = self.values[part]
        if len(value) > LENGTHS[part]:
            return _("Use %(count)s characters or fewer.", count=LENGTHS[part])
        if not value:
            return missing(part, rules) if part in rules.required else None
        if self.unchanged(part) and self.unchanged("country"):
            return None
        if part == "region" and not knows_region(self.values["country"], value):
            return _("Choose one from the list.")
        if part == "postal_code" and not fits_postal_code(self.values["country"], value):
            return _("Enter it like %(example)s.", example=rules.postal_example)
        return None

    def unchanged(self, part: str) -> bool:
        kept = self.on_file.get(part, "")
        value = self.values[part]
        return bool(kept) and (
            kept == value or (part == "country" and country_code(kept) == (country_code(value) or ""))
        )


def missing(part: str, rules: Any) -> str:
    if part == "region" and rules.regions:
        return _("Choose one: %(label)s.", label=label(rules, part))
    return _("Fill this in: %(label)s.", label=label(rules, part))
