"""What is done about a text: a decision, and what is done beside it while it is held."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from accounts.access import StaffRequest, moderators_only
from moderation import actions
from moderation.actions import Conflict, WordsWait
from moderation.beside import most_reported, proposed
from moderation.forms import DecisionForm, LeaseForm, carried, said
from moderation.models import Case, Closing, Decision
from moderation.views.answers import (
    asks_first,
    back_to_queue,
    by_post,
    conflict_page,
    kept_for_signed_out,
    show,
    show_again,
    without,
)
from stories.models import Outcome

DONE = {
    Outcome.APPROVE: _("The text is published."),
    Outcome.ASK_CHANGES: _("The writer is asked for a change, with your words."),
    Outcome.PROPOSE: _("Your words are offered to the writer, who decides."),
    Outcome.REFUSE: _("The text is not published. The writer reads your words."),
    Outcome.KEEP: _("The text stays as it is."),
    Outcome.REMOVE: _("The text is taken down everywhere. The writer reads your words."),
    Outcome.UPHOLD: _("The decision stands. The writer reads your words."),
}
COMPARED = _("Thank you. It is kept for comparing; for the writer nothing changes.")
A_SECOND = _("A second person reads it too. Nothing happens before they have decided.")
A_LEAD = _("You and a colleague see it differently, which is fine. A lead reads it now.")
HANDED_ON = _("Two other people will decide about that text. It does not come back to you.")
NO_GROUND = _("Please tick the house rule for which it is to be hidden.")


def where_something_happens(
    view: Callable[[StaffRequest, UUID], HttpResponse],
) -> Callable[[StaffRequest, UUID], HttpResponse]:
    """Let in what is done beside a decision; for a text that is read again to compare, nothing is."""

    @wraps(view)
    def checked(request: StaffRequest, pk: UUID) -> HttpResponse:
        get_object_or_404(Case.objects.entered().that_matter(), pk=pk)
        return view(request, pk)

    return checked


@kept_for_signed_out
@moderators_only
@by_post
def decide(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Decide; who was signed out meanwhile gets back what they wrote."""
    found = get_object_or_404(Case.objects.entered().with_text(), pk=pk)
    token = LeaseForm(request.POST).held
    form = DecisionForm(request.POST, case=found)
    try:
        if "insert" in request.POST or not form.is_valid():
            actions.renew(pk, token=token, moderator=request.user)
            return _once_more(request, pk, form)
        decision = actions.decide(pk, form.verdict(), token=token, moderator=request.user)
    except WordsWait:
        return _others_words(request, pk, token)
    except Conflict as conflict:
        return conflict_page(request, conflict)
    return back_to_queue(_done(decision), request)


def _others_words(request: StaffRequest, pk: UUID, token: UUID) -> HttpResponse:
    """Show who chose to propose words those of the other person; nothing is decided yet."""
    try:
        case = actions.read_words(pk, token=token, moderator=request.user)
    except Conflict as conflict:
        return conflict_page(request, conflict)
    context = {"case": case, "proposed": proposed(case), "carried": list(carried(request.POST)), "typed": request.POST}
    return render(request, "moderation/agree.html", context)


def _once_more(request: StaffRequest, pk: UUID, form: DecisionForm) -> HttpResponse:
    """Show the form again: with a template's words where they were asked for, else with what is missing."""
    if "insert" in request.POST:
        return show_again(request, pk, draft=request.POST.get("draft", ""))
    held = get_object_or_404(Case.objects.open().held_by(request.user).with_text(), pk=pk)
    return show(request, held, form, status=422)


def _done(decision: Decision) -> Promise:
    case = decision.case
    if case.cause == "sample":
        return COMPARED
    if case.closing == Closing.OPEN:
        return A_LEAD if case.is_contested else A_SECOND
    return DONE[Outcome(decision.outcome)]


@kept_for_signed_out
@moderators_only
@by_post
@where_something_happens
def note(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Keep a note for colleagues, or a step that was done."""
    token, step = LeaseForm(request.POST).held, request.POST.get("step", "")
    if step not in {one.code for one in content.load(get_language() or "en").steps}:
        step = ""
    try:
        text = "" if step else said(request.POST, "note")
        actions.take_note(pk, token=token, moderator=request.user, text=text, step=step)
    except ValidationError as error:
        return _missing(request, pk, "note", error)
    except Conflict as conflict:
        return conflict_page(request, conflict)
    without(request, *(["note"] if text else []))
    return show_again(request, pk)


@kept_for_signed_out
@moderators_only
@by_post
@where_something_happens
def message(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Leave the writer a message at once; no decision has to be waited for."""
    token = LeaseForm(request.POST).held
    try:
        actions.leave_word(pk, text=said(request.POST, "message"), token=token, moderator=request.user)
    except ValidationError as error:
        return _missing(request, pk, "message", error)
    except Conflict as conflict:
        return conflict_page(request, conflict)
    without(request, "message")
    return show_again(request, pk)


@kept_for_signed_out
@moderators_only
@by_post
@where_something_happens
def escalate(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Leave a text to two other people, with a word to them."""
    token = LeaseForm(request.POST).held
    try:
        text = said(request.POST, "note")
        asked = asks_first(request, pk, "escalate", taken="note")
        if asked is not None:
            return asked
        actions.escalate(pk, token=token, moderator=request.user, note=text)
    except ValidationError as error:
        return _missing(request, pk, "note", error)
    except Conflict as conflict:
        return conflict_page(request, conflict)
    return back_to_queue(HANDED_ON, request)


@kept_for_signed_out
@moderators_only
@by_post
def hide(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Hide a reported text at once, while it is decided."""
    found = get_object_or_404(Case.objects.entered(), pk=pk)
    known = {one.code for one in content.load("en").rules}
    ground = next((code for code in request.POST.getlist("rules") if code in known), "") or most_reported(found)
    if not ground:
        return _missing(request, pk, "rules", NO_GROUND)
    try:
        actions.hide(pk, ground=ground, token=LeaseForm(request.POST).held, moderator=request.user)
    except Conflict as conflict:
        return conflict_page(request, conflict)
    return show_again(request, pk)


def _missing(request: StaffRequest, pk: UUID, name: str, sentence: Promise | ValidationError) -> HttpResponse:
    """Show the form again with the one thing that was missing for what was pressed."""
    try:
        actions.renew(pk, token=LeaseForm(request.POST).held, moderator=request.user)
    except Conflict as conflict:
        return conflict_page(request, conflict)
    held = get_object_or_404(Case.objects.open().held_by(request.user).with_text(), pk=pk)
    return show(request, held, DecisionForm.missing(request.POST, held, name, sentence), status=422)
