"""The care team: who does what, a list of one's own in the address, and a sheet to print. Nothing of it is stored."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import content
from accounts.access import public
from content.sources import Advice, Card

Line = tuple[str, str, bool]


@public
@require_safe
def care_team(request: HttpRequest) -> HttpResponse:
    """Show who may help and what to ask them; first those whom the address names."""
    said = _said()
    wanted = set(request.GET.getlist("k"))
    sources = {source.key: source for source in said.sources}
    context = {
        "chosen": [carer for carer in said.carers if carer.code in wanted],
        "rows": [(carer, [sources[key] for key in carer.sources]) for carer in said.carers],
        "wanted": wanted,
    }
    return render(request, "advice/care_team.html", context)


@public
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """Show a sheet for an appointment: the chosen lines ticked, or every line with a box to tick by hand."""
    sheet = _said().card
    wanted = set(request.GET.getlist("t"))
    groups = [(title, letter, _lines(letter, lines, wanted)) for title, letter, lines in _groups(sheet)]
    ticked = [(title, [line for line in lines if line[2]]) for title, _letter, lines in groups]
    is_chosen = any(lines for _title, lines in ticked)
    context = {
        "sheet": sheet,
        "groups": groups,
        "shown": ticked if is_chosen else [(title, lines) for title, _letter, lines in groups],
        "is_chosen": is_chosen,
    }
    return render(request, "advice/card.html", context)


def _said() -> Advice:
    return content.load(get_language() or settings.LANGUAGE_CODE).advice


def _groups(sheet: Card) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the groups of lines, each with the letter that its codes begin with."""
    return [
        (_("Before and during"), "a", sheet.asks),
        (_("What I want today"), "w", sheet.wants),
        (_("If I need to stop"), "s", sheet.stops),
    ]


def _lines(letter: str, lines: tuple[str, ...], wanted: set[str]) -> list[Line]:
    """Return each line with its code, which is its place, and whether the address names it."""
    coded = ((f"{letter}{place}", line) for place, line in enumerate(lines, start=1))
    return [(code, line, code in wanted) for code, line in coded]
