"""Help now: who can be reached at once. Made without the database, so that it is there when little else is."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

import content
from accounts.access import public
from advice.countries import chosen_country, guessed_country
from content.helplines import Helpline
from content.shapes import DANGER, INTERNATIONAL, Pack

Group = tuple[str, list[Helpline]]


@public
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Show who can be reached at once: in the chosen country, else everywhere and where one may be."""
    _do_without_the_database(request)
    pack = content.load(get_language() or settings.LANGUAGE_CODE)
    chosen = chosen_country(request, pack)
    guessed = None if chosen else guessed_country(request, pack)
    place = chosen or guessed
    here = _grouped(pack, place.code) if place and place.code != INTERNATIONAL else []
    lines = pack.help_in(chosen.code if chosen else INTERNATIONAL)
    context = {
        "chosen": chosen,
        "guessed": guessed,
        "here": here,
        "danger": [group for group in here if group[1][0].kind == DANGER],
        "more": [group for group in here if group[1][0].kind != DANGER],
        "anywhere": _by_kind(pack, [line for line in lines if line.country == INTERNATIONAL]),
    }
    return render(request, "advice/help_now.html", context)


def _grouped(pack: Pack, code: str) -> list[Group]:
    """Return a country's own help in the order of the kinds: danger first."""
    return _by_kind(pack, [line for line in pack.help_in(code) if line.country == code])


def _by_kind(pack: Pack, lines: list[Helpline]) -> list[Group]:
    groups = ((title, _of_kind(lines, kind)) for kind, title in pack.site.help_kinds.items())
    return [(title, found) for title, found in groups if found]


def _of_kind(lines: Iterable[Helpline], kind: str) -> list[Helpline]:
    return [line for line in lines if line.kind == kind]


def _do_without_the_database(request: HttpRequest) -> None:
    """Take the reader for a visitor when nobody can be asked who they are."""
    try:
        _ = request.user.is_authenticated
    except (DatabaseError, InterfaceError):
        request.user = AnonymousUser()
