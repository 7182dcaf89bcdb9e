"""Where somebody is signed in: the own visits by browser and week, and how each is ended."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, asks_password
from accounts.keys import tag
from accounts.models import Session, User
from accounts.sessions import BROWSER, WEEK, end_visit, end_visits, opened, tags_of

PURPOSE = "visit mark"


@dataclass(frozen=True)
class Visit:
    """One place where an account is signed in: all that is known of it."""

    mark: str
    browser: str
    week: date | None
    is_this: bool


@asks_password
@require_http_methods(["GET", "POST"])
def devices(request: MemberRequest) -> HttpResponse:
    """List the own visits, end one of them, or all but this one."""
    here: bytes = request.session.name  # type: ignore[attr-defined]  # our own store's
    if request.method != "POST":
        visits = sorted(visits_of(request.user, here), key=lambda one: (not one.is_this, one.browser, one.mark))
        return render(request, "accounts/devices.html", {"visits": visits})
    if "others" in request.POST:
        end_visits(request.user, but=request.session.session_key)
        messages.success(request, _("Everywhere else you are signed out."))
        return redirect("accounts:devices")
    marked = request.POST.get("visit", "").encode(errors="replace")
    names = [bytes(row.digest) for row in rows_of(request.user)]
    meant = [name for name in names if hmac.compare_digest(_mark(name).encode(), marked) and name != here]
    for name in meant:
        end_visit(request.user, name)
    if meant:
        messages.success(request, _("You are signed out there."))
    else:
        messages.info(request, _("Nothing was ended. That visit is over already, or it is this one."))
    return redirect("accounts:devices")


def rows_of(user: User) -> list[Session]:
    """Return the rows of an account's visits, in no order."""
    return list(Session.objects.filter(owner_tag__in=tags_of(user.pk)))


def visits_of(user: User, here: bytes) -> list[Visit]:
    """Return the visits of an account; a sign-in whose steps are not all taken is none."""
    found = ((bytes(row.digest), opened(row)) for row in rows_of(user))
    return [
        Visit(_mark(name), payload.get(BROWSER, ""), _monday(payload[WEEK]), is_this=name == here)
        for name, payload in found
        if payload is not None and WEEK in payload
    ]


def _mark(name: bytes) -> str:
    """Return what stands for a visit in the page's form."""
    return tag(settings.SESSION_KEYS[0], PURPOSE, name).hex()[:32]


def _monday(week: str) -> date | None:
    """Return the day on which a week such as 2026-W09 begins."""
    year, _dash, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1) if number else None
