"""What owners answer to a decision: to a proposal one of three things, to a refusal or a removal an appeal."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.access import asks_password_when_old, public
from stories import actions
from stories.actions import WrongKey
from stories.forms.answering import AppealForm, Choice, ProposalForm
from stories.owners import Owner
from stories.posting import SeeOther, gives_back, posting
from stories.refusals import NotYours, Refused
from stories.standing import Standing
from stories.views.own import found_or_404, status_page
from stories.visit import PostingRequest, marks

TOO_LONG = _("What you wrote beside your answer is longer than fits. Please shorten it. Nothing was changed.")
NO_CHOICE = _("Please choose one of the three below. Nothing was changed.")


@public
@require_POST
@gives_back("proposal", "choice", "why")
@posting
def respond(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Take an owner's answer to the proposal that their page showed: publish it, or go on writing."""
    form = ProposalForm(request.POST)
    if not form.is_valid():
        refusal = str(TOO_LONG) if "why" in form.errors else str(NO_CHOICE)
        return status_page(request, pk, refusal=refusal, code=422, why=request.POST.get("why", ""))
    proposal, choice = form.cleaned_data["proposal"], form.cleaned_data["choice"]
    try:
        if choice == Choice.ACCEPT:
            actions.accept(pk, proposal=proposal, owner=request.owner)
            return SeeOther(reverse("stories:status", args=[pk]))
        own = choice == Choice.OWN
        actions.decline(pk, proposal=proposal, owner=request.owner, own_words=own, why=form.cleaned_data["why"])
    except (NotYours, WrongKey):
        raise
    except Refused as refusal:
        return status_page(request, pk, refusal=str(refusal), code=409, why=form.cleaned_data["why"])
    return SeeOther(reverse("stories:write", args=[pk]))


@public
@asks_password_when_old
@gives_back("text")
@posting
def appeal(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Ask why somebody else should decide, keep it, and lead back to where the text stands."""
    owner, standing = found_or_404(request, pk)
    here = reverse("stories:status", args=[pk])
    if request.method != "POST":
        is_possible = standing.appeal is not None and standing.appeal.is_possible
        return _form(request, owner, standing, AppealForm()) if is_possible else redirect(here)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _form(request, owner, standing, form, status=422)
    try:
        actions.appeal(pk, text=form.cleaned_data["text"], owner=owner)
    except (NotYours, WrongKey):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, owner, standing, form, status=409)
    return SeeOther(here)


def _form(
    request: HttpRequest, owner: Owner, standing: Standing, form: AppealForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "standing": standing,
        "letter": standing.appealable_letter,
        "appeal": standing.appeal,
        **marks(request, owner, standing.pk),
    }
    return render(request, "stories/appeal.html", context, status=status)
