"""How organisations are put in order: by country and by kind, and who sells something comes last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django_countries import countries as names

from content import Pack
from content.shapes import INTERNATIONAL
from content.sources import Organisation


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one organisation as the page shows it: its kind in words, and since when its page is silent."""

    one: Organisation
    kind: str
    silent_since: date | None

    @property
    def language(self) -> str:
        """Name the language of its page as that language does."""
        return str(LANG_INFO.get(self.one.language, {}).get("name_local", self.one.language))


@dataclass(frozen=True, slots=True)
class Group:
    """Hold the organisations of one country, or of everywhere."""

    code: str
    title: str
    rows: list[Row]


def rows(listed: Iterable[Organisation], kinds: Mapping[str, str], silent: Mapping[str, date]) -> list[Row]:
    """Return the organisations in order: those that sell nothing, then by kind as the pack has them, then by name."""
    order = list(kinds)
    listed = sorted(listed, key=lambda one: (one.commercial, order.index(one.kind), one.name.casefold()))
    return [Row(one, kinds[one.kind], silent.get(one.link)) for one in listed]


def grouped(found: list[Row], pack: Pack, *, chosen: str, guess: str) -> list[Group]:
    """Return them by country: the chosen one and everywhere; else everywhere, the guess, and the others by name."""
    codes = {row.one.country for row in found}
    others = sorted(codes - {guess, INTERNATIONAL}, key=lambda code: name_of(code, pack))
    order = [chosen, INTERNATIONAL] if chosen else [INTERNATIONAL, guess, *others]
    return [
        Group(code, name_of(code, pack), [row for row in found if row.one.country == code])
        for code in order
        if code in codes
    ]


def name_of(code: str, pack: Pack) -> str:
    """Name a country: as the pack does, or as everybody does."""
    if code == INTERNATIONAL:
        return _("Wherever you are")
    return next((country.name for country in pack.countries if country.code == code), str(names.name(code)) or code)
