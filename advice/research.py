"""The page of trials: what may be asked of it in an address, and what it shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from advice.models import Trial, TrialCopy
from advice.trial_words import Card, card, country_name
from advice.troubles import SOME_UNREAD, is_old
from content import Pack

A_PAGE = 20
PLACE = re.compile(r"([0-9]{8})-(nct[0-9]{8})")
COUNTRY = re.compile(r"[A-Z]{2}")
NAMES: dict[str, str | Promise] = {
    "status": _("Looking for people?"),
    "country": _("Country"),
    "treatment": _("What is tested"),
    "phase": _("Phase"),
}


class UnknownChoice(ValueError):
    """An address that was not made here."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader looks for: the register's words, a country's ISO code, a code of the pack. Empty is anything."""

    status: str = ""
    country: str = ""
    treatment: str = ""
    phase: str = ""

    @classmethod
    def parse(cls, given: Mapping[str, str], pack: Pack) -> Asked:
        """Read an address; raise UnknownChoice for a choice that no page offers."""
        asked = cls(**{name: given.get(name, "") for name in NAMES})
        said = pack.advice.research
        for value, known in (
            (asked.status, said.statuses),
            (asked.phase, said.phases),
            (asked.treatment, said.treatments),
        ):
            if value and value not in known:
                raise UnknownChoice
        if asked.country and not COUNTRY.fullmatch(asked.country):
            raise UnknownChoice
        return asked

    @property
    def is_anything(self) -> bool:
        """Say whether nothing is asked."""
        return self == Asked()

    def address(self, after: str = "", *, without: str = "") -> str:
        """Return the address of a page, or of the list without one of the choices."""
        asked = {name: value for name, value in {**asdict(self), "after": after}.items() if value and name != without}
        return reverse("advice:research") + (f"?{urlencode(asked)}" if asked else "")


@dataclass(frozen=True, slots=True)
class Page:
    """Some trials, and the addresses of the pages beside them."""

    cards: list[Card]
    newer: str | None = None
    older: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """From when what we show is, and whether that is longer ago than it should be."""

    at: datetime | None
    is_old: bool
    is_failing: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """One of the choices of a field."""

    code: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form."""

    name: str
    label: str | Promise
    offers: list[Offer]


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice that was made, and the address of the list without it."""

    label: str
    url: str


def page(asked: Asked, after: str, pack: Pack) -> Page:
    """Return the trials below a place, those that changed last first; raise UnknownChoice for a place that is none."""
    place = _opened(after) if after else None
    matching = Trial.objects.chosen(**asdict(asked))
    below = matching.defer("record", "summary", "eligibility", "places", "sponsor").newest()
    found = list((below.filter(_below(*place)) if place else below)[: A_PAGE + 1])
    rows = found[:A_PAGE]
    older = asked.address(_made(rows[-1])) if len(found) > A_PAGE else None
    cards = [card(row, pack) for row in rows]
    if place is None:
        return Page(cards, None, older)
    above = matching.exclude(_below(*place)).order_by("changed_on", "code").only("code", "changed_on")[: A_PAGE + 1]
    return Page(cards, _newer(asked, list(above)), older)


def copy() -> Copy:
    """Return how fresh our copy is."""
    last = TrialCopy.objects.filter(pk=1).first()
    if last is None:
        return Copy(None, is_old=False, is_failing=False)
    failing = last.trouble not in ("", SOME_UNREAD)
    return Copy(last.fetched_at, is_old=is_old(last), is_failing=failing)


def trial(code: str) -> Trial | None:
    """Return one trial by its number in small letters."""
    return Trial.objects.defer("record").filter(code=code.upper()).first()


def fields(asked: Asked, pack: Pack) -> list[Field]:
    """Return the form: the countries are those of the trials that we have."""
    said = pack.advice.research
    there = Trial.objects.annotate(one=Func(F("countries"), function="unnest")).values_list("one", flat=True).distinct()
    places = sorted(((code, country_name(code)) for code in {*there, asked.country} if code), key=lambda pair: pair[1])
    choices = {
        "status": list(said.statuses.items()),
        "country": places,
        "treatment": sorted(((code, pack.short(code)) for code in said.treatments), key=lambda pair: pair[1]),
        "phase": list(said.phases.items()),
    }
    return [
        Field(name, label, [Offer(code, words, code == getattr(asked, name)) for code, words in choices[name]])
        for name, label in NAMES.items()
    ]


def chips(asked: Asked, offered: list[Field]) -> list[Chip]:
    """Return what is chosen, each with the list without it."""
    return [
        Chip(offer.label, asked.address(without=field.name))
        for field in offered
        for offer in field.offers
        if offer.is_chosen
    ]


def _below(day: date, code: str) -> Q:
    return Q(changed_on__lte=day) & (Q(changed_on__lt=day) | Q(code__lt=code))


def _made(row: Trial) -> str:
    return f"{row.changed_on:%Y%m%d}-{row.code.lower()}"


def _opened(after: str) -> tuple[date, str]:
    found = PLACE.fullmatch(after)
    try:
        if found:
            return datetime.strptime(found[1], "%Y%m%d").date(), found[2].upper()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        pass
    raise UnknownChoice


def _newer(asked: Asked, above: list[Trial]) -> str | None:
    """Return the address of the page above, given the trials from the place of this one up."""
    if not above:
        return None
    return asked.address(_made(above[A_PAGE])) if len(above) > A_PAGE else asked.address()
