"""The partners' space: advice for partners, words of experience, partners' stories, and their own way to write."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

import content
from accounts.access import public
from advice.models import Kind
from advice.reading import listed
from stories.choices import choices_of
from stories.filters import Filters
from stories.listing import page

NEWEST = 5


@public
@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """Show the partners' space, with the articles of its language, in English where there is none."""
    pack = content.load(get_language() or settings.LANGUAGE_CODE)
    role = pack.role("partner")
    found = page(request.user, filters=Filters.of([role.facet]), choices=choices_of(request), size=NEWEST)
    context = {
        "role": role,
        "self": pack.role("self"),
        "rule": pack.rule("own"),
        "words": pack.advice.partner_words,
        "versions": listed(pack.language, Kind.PARTNER),
        "newest": found.stories,
    }
    return render(request, "advice/partners.html", context)
