"""What is done about a text: a decision, and what is done beside it while it is held."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from accounts.access import StaffRequest, moderators_only
from moderation import actions
from moderation.actions import Conflict
from moderation.beside import most_reported
from moderation.forms import BesideForm, DecisionForm, LeaseForm
from moderation.models import Case, Closing, Decision
from moderation.views.answers import (
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
NO_WORDS = _("Please write a few words first.")
NO_GROUND = _("Please tick the house rule for which it is to be hidden.")


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
    except Conflict as conflict:
        return conflict_page(request, conflict)
    return back_to_queue(_done(decision), request)


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
def note(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Keep a note for colleagues, or a step that was done."""
    form, token = BesideForm(request.POST), LeaseForm(request.POST).held
    step = form.one("step")
    known = {one.code for one in content.load(get_language() or "en").steps}
    text = "" if step in known else form.one("note")
    if step not in known and not text:
        return _missing(request, pk, "note", NO_WORDS)
    try:
        actions.take_note(pk, token=token, moderator=request.user, text=text, step=step if step in known else "")
    except Conflict as conflict:
        return conflict_page(request, conflict)
    without(request, *(["note"] if text else []))
    return show_again(request, pk)


@kept_for_signed_out
@moderators_only
@by_post
def message(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Leave the writer a message at once; no decision has to be waited for."""
    text, token = BesideForm(request.POST).one("message"), LeaseForm(request.POST).held
    if not text:
        return _missing(request, pk, "message", NO_WORDS)
    try:
        actions.leave_word(pk, text=text, token=token, moderator=request.user)
    except Conflict as conflict:
        return conflict_page(request, conflict)
    without(request, "message")
    return show_again(request, pk)


@kept_for_signed_out
@moderators_only
@by_post
def escalate(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Leave a text to two other people, with a word to them."""
    text, token = BesideForm(request.POST).one("note"), LeaseForm(request.POST).held
    if not text:
        return _missing(request, pk, "note", NO_WORDS)
    try:
        actions.escalate(pk, token=token, moderator=request.user, note=text)
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


def _missing(request: StaffRequest, pk: UUID, name: str, sentence: Promise) -> HttpResponse:
    """Show the form again with the one thing that was missing for what was pressed."""
    try:
        actions.renew(pk, token=LeaseForm(request.POST).held, moderator=request.user)
    except Conflict as conflict:
        return conflict_page(request, conflict)
    held = get_object_or_404(Case.objects.open().held_by(request.user).with_text(), pk=pk)
    return show(request, held, DecisionForm.missing(request.POST, held, name, sentence), status=422)
