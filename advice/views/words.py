"""The glossary: words that people meet, in plain words."""

from __future__ import annotations

from unicodedata import normalize

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

import content
from accounts.access import public


@public
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """List the words in the order of the alphabet, each with the sources that it rests on."""
    said = content.load(get_language() or settings.LANGUAGE_CODE).advice
    sources = {source.key: source for source in said.sources}
    listed = sorted(said.terms, key=lambda term: normalize("NFKD", term.term.casefold()))
    rows = [(term, [sources[key] for key in term.sources]) for term in listed]
    return render(request, "advice/words.html", {"rows": rows})
