"""Which country somebody may be in, guessed from nothing but the language their browser asks for."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from content import Country, Pack

UNION = "EU"
# The member states of the European Union (ISO 3166-1), which share one emergency number.
_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
UNION_MEMBERS = frozenset(_MEMBERS.split())


def chosen_country(request: HttpRequest, pack: Pack) -> Country | None:
    """Return the country that somebody chose from the list, if they did."""
    return _country(request.GET.get("country", ""), pack)


def guessed_country(request: HttpRequest, pack: Pack) -> Country | None:
    """Return the country in the first language tag that names one, as in "en-GB"; None when none does."""
    region = guessed_region(request)
    return _country(region, pack) or (_country(UNION, pack) if region in UNION_MEMBERS else None)


def guessed_region(request: HttpRequest) -> str:
    """Return the code (ISO 3166-1) in the first language tag that has one; nothing when none has."""
    for tag, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        region = tag.rpartition("-")[2].upper()
        if "-" in tag and len(region) == 2:
            return region
    return ""


def _country(code: str, pack: Pack) -> Country | None:
    return next((country for country in pack.countries if country.code == code), None)
