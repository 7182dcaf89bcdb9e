"""Organisations elsewhere, by country and kind: those that sell nothing first."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

import content
from accounts.access import public
from advice.countries import guessed_region
from advice.listed import grouped, name_of, rows
from advice.models import Link
from content.shapes import INTERNATIONAL


@public
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """List organisations of a kind, in a country or everywhere; a guess of the country is said to be one."""
    said = content.load(get_language() or settings.LANGUAGE_CODE)
    listed = said.advice.organisations
    countries = sorted({one.country for one in listed} - {INTERNATIONAL}, key=lambda code: name_of(code, said))
    kinds = said.advice.organisation_kinds
    kind = next((key for key in kinds if key == request.GET.get("kind")), "")
    country = next((code for code in countries if code == request.GET.get("country")), "")
    guess = next((code for code in countries if not country and code == guessed_region(request)), "")
    of_kind = [one for one in listed if not kind or one.kind == kind]
    silent = Link.objects.silent_since([one.link for one in of_kind], timezone.now().date())
    context = {
        "countries": [(code, name_of(code, said)) for code in countries],
        "kinds": kinds,
        "kind": kind,
        "country": country,
        "guess": guess,
        "groups": grouped(rows(of_kind, kinds, silent), said, chosen=country, guess=guess),
    }
    return render(request, "advice/organisations.html", context)
