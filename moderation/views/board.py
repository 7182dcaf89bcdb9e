"""The board, the way to the next text, and what a moderator chooses to read."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import StaffRequest, moderators_only
from accounts.visiting import asked_by_a_page
from moderation import actions
from moderation.board import board, is_over_cap
from moderation.forms import PlaceForm
from moderation.models import Place
from moderation.views.answers import back_to_queue
from stories.posting import SeeOther

NOTHING = _("There is nothing to read just now. Thank you for looking.")
CHOSEN = _("From now on you get what you chose.")


@moderators_only
def queue(request: StaffRequest) -> HttpResponse:
    """Show how much waits, for how long, and what this moderator holds."""
    return render(request, "moderation/queue.html", {"board": board(request.user)})


@asked_by_a_page
@moderators_only
def now(request: StaffRequest) -> HttpResponse:
    """Return the changing part of the board, for a page that stays open."""
    return render(request, "moderation/_board.html", {"board": board(request.user)})


@moderators_only
def next_case(request: StaffRequest) -> HttpResponse:
    """Take the next text; after a long day the board asks first whether to stop."""
    if request.method != "POST":
        return redirect("moderation:queue")
    if is_over_cap(request.user) and "anyway" not in request.POST:
        return SeeOther(reverse("moderation:queue"))
    case = actions.claim_next(moderator=request.user)
    if case is None:
        return back_to_queue(NOTHING, request)
    return SeeOther(reverse("moderation:case", args=[case.pk]))


@moderators_only
def place(request: StaffRequest) -> HttpResponse:
    """Choose the languages that one reads and the topics that one leaves to others."""
    chosen = Place.of(request.user)
    if request.method != "POST":
        return render(request, "moderation/place.html", {"form": PlaceForm(place=chosen)})
    form = PlaceForm(request.POST, place=chosen)
    if not form.is_valid():
        return render(request, "moderation/place.html", {"form": form}, status=422)
    given = form.cleaned_data
    actions.choose(request.user, languages=given["languages"], leaves=given["leaves"], address=given.get("address", ""))
    return back_to_queue(CHOSEN, request)
