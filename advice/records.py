"""A record of the register as the columns of a trial. What others wrote is text here, and nothing else.

The shape is the register's own (https://clinicaltrials.gov/data-api/about-api/study-data-structure). A record that
lacks its number, title, status or day of change, or has something else where we look, is Unreadable.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import override
from django_countries import countries
from django_countries.data import COUNTRIES

CODE, WORD = re.compile(r"NCT[0-9]{8}"), re.compile(r"[A-Z][A-Z0-9_]{0,39}")
DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
LONGEST_LINE, LONGEST_TEXT, MOST_PLACES = 500, 20_000, 500
# Characters that no page should hold: controls, halves of pairs, and marks that turn the direction of others' text.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
LINE_START = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?)+", re.MULTILINE)
BULLET = re.compile(r"^[ \t]*[*+-][ \t]+", re.MULTILINE)
INLINE = re.compile(r"\\([!-/:-@\[-`{-~])|!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,2000}\)|\*{1,3}(?=\S)|(?<=\S)\*{1,3}|`+")
# Names that the register uses, or used, and the list of countries does not know; as _key writes them.
OTHER_NAMES = {
    "cape verde": "CV",
    "congo": "CG",
    "ivory coast": "CI",
    "kosovo": "XK",
    "macau": "MO",
    "palestinian territories occupied": "PS",
    "palestinian territory occupied": "PS",
    "republic of congo": "CG",
    "united states": "US",
    "virgin islands us": "VI",
}

Patterns = Mapping[str, re.Pattern[str]]


class Unreadable(ValueError):
    """A record is not of the form that we know."""


def read(study: Mapping[str, Any], known: Patterns, today: date) -> dict[str, Any]:
    """Return the columns of a trial, but for the day on which it was first seen."""
    identity, status = _module(study, "identification"), _module(study, "status")
    design, eligibility = _module(study, "design"), _module(study, "eligibility")
    sponsor = _within(_module(study, "sponsorCollaborators"), "leadSponsor")
    places = _places(_module(study, "contactsLocations"))
    title = line(_text(identity, "briefTitle"))
    if not title:
        raise Unreadable("title")
    interventions = [_text(one, "name") for one in _list(_module(study, "armsInterventions"), "interventions", dict)]
    return {
        "code": code_of(study),
        "title": title,
        "summary": plain(_text(_module(study, "description"), "briefSummary")),
        "status": _word(_text(status, "overallStatus"), 40),
        "phases": list(dict.fromkeys(_word(one, 20) for one in _list(design, "phases", str))),
        "countries": sorted({place["code"] for place in places if place["code"]}),
        "treatments": matching(" \n ".join([title, *interventions]), known),
        "eligibility": plain(_text(eligibility, "eligibilityCriteria")),
        "least_age": line(_text(eligibility, "minimumAge"))[:30],
        "most_age": line(_text(eligibility, "maximumAge"))[:30],
        "sex": line(_text(eligibility, "sex"))[:10],
        "sponsor": line(_text(sponsor, "name")),
        "places": places,
        "changed_on": min(day(_text(_within(status, "lastUpdatePostDateStruct"), "date")), today),
        "record": storable(study),
    }


def code_of(study: Mapping[str, Any]) -> str:
    """Return the number of a record in the register."""
    code = _text(_module(study, "identification"), "nctId")
    if not CODE.fullmatch(code):
        raise Unreadable("nctId")
    return code


def plain(text: str) -> str:
    """Return Markdown from outside as plain text: paragraphs stay, entries begin with a hyphen, HTML is only text."""
    text = html.unescape(text[: LONGEST_TEXT * 2]).replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join(one.rstrip() for one in UNSEEN.sub("", text).split("\n"))
    text = BULLET.sub("- ", LINE_START.sub("", text))
    text = INLINE.sub(lambda found: found[1] or found[2] or "", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rsplit(None, 1)[0] + " …"


def line(text: str) -> str:
    """Return Markdown from outside as one line of plain text."""
    return " ".join(plain(text).split())[:LONGEST_LINE]


def day(text: str) -> date:
    """Return a day of the register; one that lacks its day or month is the first of it."""
    found = DAY.fullmatch(text)
    try:
        if found:
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        pass
    raise Unreadable("date")


def patterns(words: Mapping[str, tuple[str, ...]]) -> Patterns:
    """Return by what each code is found: one of its words begins a word of the text."""
    found = {code: "|".join(re.escape(_folded(one)) for one in ones) for code, ones in words.items()}
    return {code: re.compile(rf"(?<!\w)(?:{either})") for code, either in found.items() if either}


def matching(text: str, known: Patterns) -> list[str]:
    """Return the codes that a text is about."""
    folded = _folded(text)
    return sorted(code for code, pattern in known.items() if pattern.search(folded))


def country_code(name: str) -> str:
    """Return the ISO 3166-1 code of a country by its English name; empty when there is none."""
    known, bare = _country_codes(), re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", name)
    return known.get(_key(name)) or known.get(_key(bare), "")


def storable(value: Any) -> Any:
    """Return JSON without what PostgreSQL cannot hold."""
    if isinstance(value, str):
        return UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {UNSTORABLE.sub("", key): storable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [storable(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@lru_cache(maxsize=1)
def _country_codes() -> dict[str, str]:
    with override("en"):
        known = {_key(str(name)): code for code, name in COUNTRIES.items()}
        for code, names in countries.OLD_NAMES.items():
            known |= {_key(str(name)): code for name in names}
        known |= {_key(str(name)): code for code, name in countries}
    return {**known, **OTHER_NAMES}


def _key(name: str) -> str:
    """Return a name without what its writings differ in: accents, brackets, commas, articles."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    words = re.sub(r"[^\w ]", "", re.sub(r"[-,()\[\]]", " ", bare.casefold().replace("&", " and "))).split()
    return " ".join(word for word in words if word != "the")


def _places(module: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return where a trial is, place by place: city, country in words and as a code, the status there."""
    found = []
    for one in _list(module, "locations", dict):
        country = line(_text(one, "country"))
        place = {"city": line(_text(one, "city")), "country": country, "code": country_code(country)}
        found.append(place | {"status": line(_text(one, "status"))[:40]})
    return found[:MOST_PLACES]


def _folded(text: str) -> str:
    return re.sub(r"[\u2010-\u2015]", "-", text.casefold())


def _word(text: str, longest: int) -> str:
    """Return one of the register's own words."""
    if not WORD.fullmatch(text) or len(text) > longest:
        raise Unreadable("word")
    return text


def _module(study: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _within(_within(study, "protocolSection"), f"{name}Module")


def _within(outer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = outer.get(name, {})
    if not isinstance(inner, dict):
        raise Unreadable(name)
    return inner


def _text(module: Mapping[str, Any], name: str) -> str:
    value = module.get(name, "")
    if not isinstance(value, str):
        raise Unreadable(name)
    return value


def _list(module: Mapping[str, Any], name: str, kind: type) -> Iterable[Any]:
    value = module.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        raise Unreadable(name)
    return value
