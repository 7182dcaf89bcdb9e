"""The moderators' pages: the queue, one text under a lease, and what was decided."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import StaffRequest, moderators_only, public
from moderation import actions
from moderation.actions import Conflict
from moderation.forms import CARRIED, FIELDS, DecisionForm, LeaseForm
from moderation.models import Case, Decision
from moderation.record import BadPlace, entry, page
from moderation.sheet import rule_titles, sheet
from moderation.waiting import board
from stories.models import Outcome
from stories.posting import SeeOther, give_back, gives_back
from stories.reading import warning_labels

NOTHING = _("There is nothing to read just now. Thank you for looking.")
GIVEN_BACK = _("The text is back in the queue.")
PASSED_ON = _("Somebody else will read that text. It does not come back to you.")
NOT_HELD = _("You did not hold that text any more.")
DONE = {
    Outcome.APPROVE: _("The text is published."),
    Outcome.ASK_CHANGES: _("The writer is asked for a change, with your words."),
    Outcome.PROPOSE: _("Your words are offered to the writer, who decides."),
    Outcome.REFUSE: _("The text is not published. The writer reads your words."),
    Outcome.KEEP: _("The text stays as it is."),
    Outcome.REMOVE: _("The text is taken down everywhere. The writer reads your words."),
    Outcome.UPHOLD: _("The decision stands. The writer reads your words."),
}
SIGNED_OUT = _(
    "Your visit had ended while this page was open, so nothing was decided yet. "
    "Please sign in again in another tab, then come back here and press the button."
)


def by_post(
    view: Callable[[StaffRequest, UUID], HttpResponse],
) -> Callable[[StaffRequest, UUID], HttpResponse]:
    """Let an act on a case in by POST only; whoever comes by a link, as after signing in, sees the case."""

    @wraps(view)
    def posted(request: StaffRequest, pk: UUID) -> HttpResponse:
        if request.method != "POST":
            return redirect("moderation:case", pk)
        get_object_or_404(Case.objects.entered(), pk=pk)
        return view(request, pk)

    return posted


@moderators_only
def queue(request: StaffRequest) -> HttpResponse:
    """Show how much waits, for how long, and what this moderator holds."""
    return render(request, "moderation/queue.html", {"board": board(request.user)})


@moderators_only
def next_case(request: StaffRequest) -> HttpResponse:
    """Take the next text."""
    if request.method != "POST":
        return redirect("moderation:queue")
    case = actions.claim_next(moderator=request.user)
    if case is None:
        return _back_to_queue(request, NOTHING)
    return SeeOther(reverse("moderation:case", args=[case.pk]))


@moderators_only
def case(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show a text to who holds it; to anybody else, where it stands and none of its words."""
    held = Case.objects.open().held_by(request.user).with_text().filter(pk=pk).first()
    if held is not None:
        return _sheet(request, held, DecisionForm.fresh(held.revision, token=held.lease_token))
    other = get_object_or_404(Case.objects.entered(), pk=pk)
    reason = other.closing or ("held" if other.is_held else "free")
    conflict = Conflict(reason, other, Decision.objects.of_case(other).last())
    return render(request, "moderation/not_held.html", _standing(request, conflict))


def kept_for_signed_out(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give back what was written to who was signed out meanwhile; whoever comes by a link signs in first."""

    @public
    def kept(request: HttpRequest, pk: UUID) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, pk)
        if request.method == "POST":
            return give_back(request, SIGNED_OUT, status=403)
        return redirect_to_login(request.get_full_path())

    return gives_back(*FIELDS)(kept)


@kept_for_signed_out
@moderators_only
@by_post
def take(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take this very text again, with everything that was typed about it."""
    try:
        actions.claim(pk, moderator=request.user)
    except Conflict as conflict:
        return _conflict(request, conflict)
    if not any(request.POST.get(name) for name in CARRIED):
        return SeeOther(reverse("moderation:case", args=[pk]))
    held = get_object_or_404(Case.objects.open().held_by(request.user).with_text(), pk=pk)
    form = DecisionForm.fresh(held.revision, token=held.lease_token, typed=request.POST)
    return _sheet(request, held, form)


@moderators_only
@by_post
def renew(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Hold a text for longer; the page asks by itself while it is open."""
    try:
        held = actions.renew(pk, token=LeaseForm(request.POST).held, moderator=request.user)
    except Conflict as conflict:
        return JsonResponse({"reason": conflict.reason}, status=409)
    return JsonResponse({"until": held.lease_until})


@moderators_only
@by_post
def release(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Give a text back: at once by the button, a minute later when its page was left."""
    form = LeaseForm(request.POST)
    try:
        if form.left is not None:
            actions.leave(pk, until=form.left, token=form.held, moderator=request.user)
            return HttpResponse(status=204)
        actions.release(pk, token=form.held, moderator=request.user)
    except Conflict:
        return _back_to_queue(request, NOT_HELD)
    return _back_to_queue(request, GIVEN_BACK)


@moderators_only
@by_post
def skip(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Pass a text on to somebody else, without fault."""
    try:
        actions.skip(pk, token=LeaseForm(request.POST).held, moderator=request.user)
    except Conflict:
        return _back_to_queue(request, NOT_HELD)
    return _back_to_queue(request, PASSED_ON)


@kept_for_signed_out
@moderators_only
@by_post
def decide(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Decide; who was signed out meanwhile gets back what they wrote."""
    found = get_object_or_404(Case.objects.entered().with_text(), pk=pk)
    form = DecisionForm(request.POST, revision=found.revision)
    token = LeaseForm(request.POST).held
    try:
        if not form.is_valid():
            found.lease_until = actions.renew(pk, token=token, moderator=request.user).lease_until
            return _sheet(request, found, form, status=422)
        decision = actions.decide(pk, form.verdict(), token=token, moderator=request.user)
    except Conflict as conflict:
        return _conflict(request, conflict)
    return _back_to_queue(request, DONE[Outcome(decision.outcome)])


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


def _back_to_queue(request: StaffRequest, said: Promise) -> HttpResponse:
    messages.info(request, str(said))
    return SeeOther(reverse("moderation:queue"))


def _sheet(request: StaffRequest, case: Case, form: DecisionForm, *, status: int = 200) -> HttpResponse:
    """Show a text to who holds it."""
    context = {"case": case, "sheet": sheet(case, reader=request.user), "form": form}
    return render(request, "moderation/case.html", context, status=status)


def _conflict(request: StaffRequest, conflict: Conflict) -> HttpResponse:
    """Say what happened first, and show everything that was written so that nothing is lost."""
    typed = request.POST
    context = _standing(request, conflict) | {
        "typed": {
            "outcome": dict(Outcome.choices).get(typed.get("outcome", ""), ""),
            "rules": rule_titles(typed.getlist("rules")),
            "warnings": warning_labels(typed.getlist("warnings")),
            "passages": typed.get("passages", "").strip(),
            "text": typed.get("text", "").strip(),
        },
        "carried": [(name, value) for name in CARRIED for value in typed.getlist(name)],
    }
    return render(request, "moderation/conflict.html", context, status=409)


def _standing(request: StaffRequest, conflict: Conflict) -> dict[str, Any]:
    """Tell where a case stands for who does not hold it."""
    case = conflict.case
    reason = "elsewhere" if conflict.reason == "held" and case.is_held_by(request.user) else conflict.reason
    return {
        "case": case,
        "reason": reason,
        "may_take": reason in {"free", "expired", "elsewhere"},
        "decided": entry(conflict.decision, request.user) if conflict.decision else None,
    }
