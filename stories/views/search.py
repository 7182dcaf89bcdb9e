"""Search: one box, and what is found, the site's own pages first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import public
from stories.choices import choices_of
from stories.posting import SeeOther
from stories.search.pages import Also, matching
from stories.search.query import MOST, Query, Unaskable, config_for, parse
from stories.search.results import find
from stories.search.sealed import NotSealedHere, open_words, seal_words
from stories.search.spelling import FEW, guess

INVALID = 422
GIVEN_BACK = 1_000  # characters of what is too long to search for


# The form changes nothing, so it needs no token, and a token would make every visitor's page another.
@csrf_exempt
@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest, also: Callable[[str], Iterable[Also]]) -> HttpResponse:
    """Show the box, and what is found; words that are sent move to an address that holds them sealed.

    ``also`` says which further pages a language has, that rooms after this one made.
    """
    if request.method == "POST":
        return _asked(request)
    sealed = request.GET.get("q", "")
    if not sealed:
        return _page(request)
    try:
        query = parse(open_words(sealed))
        return _page(request, typed=query.typed, **_found(request, query, sealed, also))
    except (NotSealedHere, Unaskable) as error:
        raise Http404 from error


def _asked(request: HttpRequest) -> HttpResponse:
    typed = request.POST.get("q", "")
    try:
        return SeeOther(address(parse(typed)))
    except Unaskable as refusal:
        return _page(request, status=INVALID, typed=typed[:GIVEN_BACK], refusal=refusal.message)


def address(query: Query, after: str = "") -> str:
    """Return the address of a page of what is found."""
    return _address(seal_words(query.typed), after)


def _address(sealed: str, after: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': sealed, 'after': after} if after else {'q': sealed})}"


def _found(request: HttpRequest, query: Query, sealed: str, also: Callable[[str], Iterable[Also]]) -> dict[str, Any]:
    after = request.GET.get("after", "")
    config = config_for(_language())
    results = find(query, config, reader=request.user, choices=choices_of(request), after=after)
    is_first = not after
    few = is_first and len(results.stories) < FEW
    meant = guess(query) if few and results.can_guess else ""
    return {
        "query": query,
        "results": results,
        "kinds": matching(query, also(_language())) if is_first else [],
        "first_url": None if is_first else _address(sealed, ""),
        "more_url": _address(sealed, results.after) if results.after else None,
        "meant": meant,
        "meant_url": address(parse(meant)) if meant else None,
    }


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "stories/search.html", context | {"most": MOST}, status=status)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
