"""Research: trials from a public register, searched in our copy, so that no reader's question leaves the site."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

import content
from accounts.access import public
from advice.research import Asked, UnknownChoice, chips, copy, fields, page, trial
from advice.trial_words import RECORD, blocks, by_country, card


@public
@require_safe
def research(request: HttpRequest) -> HttpResponse:
    """Show the trials that a reader asks for, those that changed last first."""
    pack, after = content.load(get_language() or settings.LANGUAGE_CODE), request.GET.get("after", "")
    try:
        asked = Asked.parse(request.GET, pack)
        if request.get_full_path() != asked.address(after):
            return redirect(asked.address(after))
        found = page(asked, after, pack)
    except UnknownChoice as error:
        raise Http404 from error
    offered = fields(asked, pack)
    context = {
        "said": pack.advice.research,
        "asked": asked,
        "fields": offered,
        "chips": chips(asked, offered),
        "copy": copy(),
        "page": found,
        "first": not after,
        "first_url": asked.address(),
        "everything_url": Asked().address(),
    }
    return render(request, "advice/research.html", context)


@public
@require_safe
def record(request: HttpRequest, code: str) -> HttpResponse:
    """Show one trial: what it is about, who can take part, and where."""
    if code != code.lower():
        return redirect("advice:trial", code.lower())
    found = trial(code)
    if found is None:
        raise Http404
    pack = content.load(get_language() or settings.LANGUAGE_CODE)
    places, more = by_country(found.places)
    context = {
        "trial": found,
        "card": card(found, pack),
        "summary": blocks(found.summary),
        "eligibility": blocks(found.eligibility),
        "places": places,
        "more_places": more,
        "copy": copy(),
        "record_url": RECORD.format(code=found.code),
    }
    return render(request, "advice/trial.html", context)
