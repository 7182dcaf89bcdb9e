"""A trial in plain words: is it looking for people, who can take part, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from django_countries import countries

from advice.models import Trial
from advice.models.trials import LOOKING
from content import Pack

RECORD = "https://clinicaltrials.gov/study/{code}"
LOOKING_NOW = LOOKING[0]
COUNTRIES_NAMED, PLACES_NAMED = 3, 60
AGE = re.compile(r"([0-9]{1,3}) (year|month|week|day|hour|minute)s?", re.IGNORECASE)
UNITS = {
    "year": ngettext_lazy("%(n)d year", "%(n)d years", "n"),
    "month": ngettext_lazy("%(n)d month", "%(n)d months", "n"),
    "week": ngettext_lazy("%(n)d week", "%(n)d weeks", "n"),
    "day": ngettext_lazy("%(n)d day", "%(n)d days", "n"),
    "hour": ngettext_lazy("%(n)d hour", "%(n)d hours", "n"),
    "minute": ngettext_lazy("%(n)d minute", "%(n)d minutes", "n"),
}
# The register asks for one of these of everybody.
SEXES: dict[str, str | Promise] = {"FEMALE": gettext_lazy("Women"), "MALE": gettext_lazy("Men")}
EVERYBODY = gettext_lazy("People of any sex")


@dataclass(frozen=True, slots=True)
class Card:
    """One trial of the list."""

    code: str
    title: str
    status: str
    is_looking: bool
    who: str
    where: str
    phases: list[str]
    treatments: list[str]
    changed_on: date


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a text, or the entries of a list."""

    lines: tuple[str, ...]
    is_list: bool


@dataclass(frozen=True, slots=True)
class Country:
    """Where in one country a trial is."""

    name: str
    cities: tuple[str, ...]


def card(trial: Trial, pack: Pack) -> Card:
    """Return what a list says of a trial."""
    said = pack.advice.research
    return Card(
        code=trial.code.lower(),
        title=trial.title,
        status=status(trial.status, pack),
        is_looking=trial.status == LOOKING_NOW,
        who=who(trial.sex, trial.least_age, trial.most_age),
        where=where(trial.countries),
        phases=[said.phases[one] for one in trial.phases if one in said.phases],
        treatments=[pack.short(one) for one in trial.treatments if one in said.treatments],
        changed_on=trial.changed_on,
    )


def status(code: str, pack: Pack) -> str:
    """Say in the pack's words whether a trial is looking for people."""
    return pack.advice.research.statuses.get(code) or _("Not looking for people, as far as we know")


def who(sex: str, least_age: str, most_age: str) -> str:
    """Say who can take part, as far as a register tells by two fields."""
    people, least, most = str(SEXES.get(sex, EVERYBODY)), age(least_age), age(most_age)
    if least and most:
        return _("%(people)s from %(least)s to %(most)s") % {"people": people, "least": least, "most": most}
    if least:
        return _("%(people)s of %(least)s or older") % {"people": people, "least": least}
    if most:
        return _("%(people)s of %(most)s or younger") % {"people": people, "most": most}
    return _("%(people)s, whatever their age") % {"people": people}


def age(text: str) -> str:
    """Return an age of the register ("18 Years") in words; empty where it sets none."""
    found = AGE.fullmatch(text)
    return str(UNITS[found[2].lower()] % {"n": int(found[1])}) if found else ""


def where(codes: Iterable[str]) -> str:
    """Name some of the countries, and say how many more there are."""
    names = sorted(country_name(code) for code in codes)
    if not names:
        return _("No country is given")
    first, more = ", ".join(names[:COUNTRIES_NAMED]), len(names) - COUNTRIES_NAMED
    if more <= 0:
        return first
    return ngettext("%(first)s and %(n)d more country", "%(first)s and %(n)d more countries", more) % {
        "first": first,
        "n": more,
    }


def country_name(code: str) -> str:
    """Return the name of a country; Kosovo has a code that the list lacks."""
    return _("Kosovo") if code == "XK" else str(countries.name(code) or code)


def by_country(places: Iterable[dict[str, str]]) -> tuple[list[Country], int]:
    """Return the places by country, each city once, and how many are left out of so long a list."""
    cities: dict[str, dict[str, None]] = {}
    listed = more = 0
    for place in places:
        name = country_name(place["code"]) if place["code"] else place["country"]
        known = cities.setdefault(name, {})
        if place["city"] in known:
            continue
        if listed == PLACES_NAMED:
            more += 1
            continue
        known[place["city"]] = None
        listed += 1
    found = [Country(name, tuple(city for city in known if city)) for name, known in sorted(cities.items()) if name]
    return found, more


def blocks(text: str) -> list[Block]:
    """Return plain text (advice.records.plain) as paragraphs and lists."""
    found: list[Block] = []
    lines: list[str] = []
    in_list = False

    def close() -> None:
        if lines:
            found.append(Block(tuple(lines), in_list))
            lines.clear()

    for one in text.split("\n"):
        is_entry = one.startswith("- ")
        if not one.strip() or is_entry != in_list:
            close()
            in_list = is_entry
        if one.strip():
            lines.append(one.removeprefix("- ") if is_entry else one)
    close()
    return found
