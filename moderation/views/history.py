"""What was decided, page by page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts.access import StaffRequest, moderators_only
from moderation.record import BadPlace, page


@moderators_only
def history(request: StaffRequest) -> HttpResponse:
    """Show what was decided, mine or everybody's."""
    mine = request.GET.get("whose") == "mine"
    try:
        shown = page(request.user, mine=mine, after=request.GET.get("after", ""))
    except BadPlace as error:
        raise Http404 from error
    context = {
        "page": shown,
        "mine": mine,
        "newer_url": _address(shown.newer, mine=mine),
        "older_url": _address(shown.older, mine=mine),
    }
    return render(request, "moderation/history.html", context)


def _address(place: str | None, *, mine: bool) -> str:
    """Return the address of a page beside; nothing when there is none."""
    if place is None:
        return ""
    return "?" + urlencode(({"whose": "mine"} if mine else {}) | ({"after": place} if place else {}))
