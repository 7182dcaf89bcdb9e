"""Figures: what members say of each treatment, and the numbers about everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

import content
from accounts.access import public
from stories.choices import choices_of
from stories.numbers import NoSuchFigure, behind, numbers, parts, tips, totals, treatment_charts


@public
@require_safe
def treatments(request: HttpRequest) -> HttpResponse:
    """List what people here have tried, each with how many stories say how it was."""
    listed = content.load(get_language() or settings.LANGUAGE_CODE).treatments
    said = totals([one.code for one in listed])
    rows = [(one, said.get(one.code)) for one in sorted(listed, key=lambda one: one.name)]
    return render(request, "stories/treatments.html", {"rows": rows})


@public
@require_safe
def treatment(request: HttpRequest, code: str, also: Callable[[str, str], Sequence[object]]) -> HttpResponse:
    """Show what a treatment is, what members say of it, and the stories behind.

    ``also`` says which articles are about a treatment in a language: a room after this one made them.
    """
    language = get_language() or settings.LANGUAGE_CODE
    pack = content.load(language)
    within = request.GET.get("f", "")
    try:
        chart, *told = treatment_charts(code, within)
    except NoSuchFigure as error:
        raise Http404 from error
    context = {
        "treatment": (one := pack.treatment(code)),
        "sources": pack.advice.cited(one.sources),
        "articles": also(code, language),
        "chart": chart,
        "told": [one for one in told if one.is_shown],
        "too_few": [one.title for one in told if not one.is_shown],
        "parts": parts(within),
        "within": within,
        "tips": tips(code, reader=request.user),
        "stories": behind(code, reader=request.user, choices=choices_of(request)),
    }
    return render(request, "stories/treatment.html", context)


@public
@require_safe
def all_numbers(request: HttpRequest) -> HttpResponse:
    """Show the figures about everybody."""
    sections, too_few = numbers()
    return render(request, "stories/numbers.html", {"sections": sections, "too_few": too_few})
