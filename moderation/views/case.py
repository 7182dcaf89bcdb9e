"""One text under a lease: taken, held, given back or passed on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import StaffRequest, moderators_only
from accounts.visiting import asked_by_a_page
from moderation import actions
from moderation.actions import Conflict
from moderation.forms import DecisionForm, LeaseForm, words_in
from moderation.models import Case, Decision
from moderation.views.answers import (
    asks_first,
    back_to_queue,
    by_post,
    conflict_page,
    kept_for_signed_out,
    show,
    show_again,
    standing,
)

GIVEN_BACK = _("The text is back in the queue.")
PASSED_ON = _("Somebody else will read that text. It does not come back to you.")
NOT_HELD = _("You did not hold that text any more.")
LETS_GO = {"release": actions.release, "skip": actions.skip}


@moderators_only
def case(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show a text to who holds it; to anybody else, where it stands and none of its words."""
    held = Case.objects.open().held_by(request.user).with_text().filter(pk=pk).first()
    if held is not None:
        return show(request, held, DecisionForm.fresh(held))
    other = get_object_or_404(Case.objects.entered(), pk=pk)
    reason = other.closing or ("held" if other.is_held else "free")
    if reason == "free" and not Case.objects.for_eyes_of(request.user).filter(pk=pk).exists():
        reason = "not_yours"
    conflict = Conflict(reason, other, Decision.objects.of_case(other).last())
    return render(request, "moderation/not_held.html", standing(request, conflict))


@kept_for_signed_out
@moderators_only
@by_post
def take(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take this very text again, with everything that was typed about it."""
    try:
        actions.claim(pk, moderator=request.user)
    except Conflict as conflict:
        return conflict_page(request, conflict)
    return show_again(request, pk)


@asked_by_a_page
@moderators_only
@by_post
def renew(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Hold a text for longer; the page asks by itself while it is open."""
    try:
        held = actions.renew(pk, token=LeaseForm(request.POST).held, moderator=request.user)
    except Conflict as conflict:
        return JsonResponse({"reason": conflict.reason}, status=409)
    return JsonResponse({"until": held.lease_until})


@kept_for_signed_out
@moderators_only
@by_post
def release(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Give a text back: at once by the button, a minute later when its page was left."""
    form = LeaseForm(request.POST)
    if form.left is None:
        return _let_go(request, pk, "release", GIVEN_BACK)
    try:
        actions.leave(pk, until=form.left, token=form.held, moderator=request.user)
    except Conflict:
        return back_to_queue(NOT_HELD, request)
    return HttpResponse(status=204)


@kept_for_signed_out
@moderators_only
@by_post
def skip(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Pass a text on to somebody else, without fault."""
    return _let_go(request, pk, "skip", PASSED_ON)


def _let_go(request: StaffRequest, pk: UUID, act: str, said: Promise) -> HttpResponse:
    """Let a text out of one's hands; what was typed and would be lost is shown first."""
    asked = asks_first(request, pk, act)
    if asked is not None:
        return asked
    try:
        LETS_GO[act](pk, token=LeaseForm(request.POST).held, moderator=request.user)
    except Conflict as conflict:
        if words_in(request.POST, conflict.case.revision):
            return conflict_page(request, conflict)
        return back_to_queue(NOT_HELD, request)
    return back_to_queue(said, request)
