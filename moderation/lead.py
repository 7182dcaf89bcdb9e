"""The leads' pages: who works here, the words of rules and letters, and where people disagree."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest, asks_second_step_again, at_work, staff_only
from accounts.models import Invitation, Role, User
from advice.desk import gone
from moderation import actions
from moderation.actions import Conflict, leading
from moderation.agreement import ENOUGH, agreement, disagreements
from moderation.forms import fitting
from moderation.lead_forms import NumbersForm, RoleForm, WordingForm, is_known
from moderation.leading import changed, held, preview, shipped, texts, words_now
from moderation.leading import people as people_here
from moderation.models import Case, Wording
from moderation.stuck import stuck_cases
from stories.models import Revision
from stories.posting import SeeOther, give_back
from stories.refusals import Refused
from stories.signed_out import keeps

P = ParamSpec("P")
Act = Callable[Concatenate[StaffRequest, P], HttpResponse]
leads_only = staff_only(Role.LEAD)
NOT_GIVEN = {
    "not_yours": _("It cannot be given to them: it needs somebody else to decide."),
    "held": _("They are reading another text now. It cannot be given to them before that is done."),
}


def sent_from(page: str) -> Callable[[Act[P]], Act[P]]:
    """Let an act in by POST only; whoever comes by a link, as after signing in, sees the page that has its button."""

    def gate(view: Act[P]) -> Act[P]:
        @wraps(view)
        def sent(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return view(request, *args, **kwargs) if request.method == "POST" else redirect(page)

        return sent

    return gate


@leads_only
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """Show the settings that hold, who reads what now, what nobody can, how often people agree and where not."""
    return _overview(request, NumbersForm.now())


def _overview(request: StaffRequest, numbers: NumbersForm) -> HttpResponse:
    context = {
        "settings": settings,
        "numbers": numbers,
        "held": held(),
        "stuck": stuck_cases(),
        "at_work": at_work().order_by("handle"),
        "agreement": agreement(),
        "enough": ENOUGH,
        "disagreements": disagreements(),
    }
    return render(request, "moderation/lead.html", context, status=422 if numbers.errors else 200)


@leads_only
@sent_from("moderation:lead")
def set_numbers(request: StaffRequest) -> HttpResponse:
    """Change the numbers that a lead may change."""
    form = NumbersForm(request.POST)
    if not form.is_valid():
        return _overview(request, form)
    leading.set_numbers(form.numbers, lead=request.user)
    return _said(request, _("These numbers hold from now on."), "moderation:lead")


@leads_only
@asks_second_step_again
@require_safe
def people(request: StaffRequest) -> HttpResponse:
    """Show who works here and which invitations are open."""
    return _people(request)


def _people(request: StaffRequest, *, code: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "people": people_here(request.user),
        "invitations": Invitation.objects.waiting(timezone.now().date()).order_by("expires_on", "pk"),
        "gone": gone(timezone.localdate()),
        "form": RoleForm(),
        "code": code,
        "link": request.build_absolute_uri(f"{reverse('moderation:invitation')}#{code}") if code else "",
    }
    return render(request, "moderation/people.html", context, status=status)


@leads_only
@asks_second_step_again
@sent_from("moderation:people")
def invite(request: StaffRequest) -> HttpResponse:
    """Make an invitation and show its link once."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _people(request, status=422)
    _invitation, code = leading.invite(Role(form.cleaned_data["role"]), lead=request.user)
    return _people(request, code=code)


@leads_only
@asks_second_step_again
@sent_from("moderation:people")
def take_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Make an invitation open nothing."""
    leading.take_invitation_back(pk, lead=request.user)
    return _said(request, _("The invitation opens nothing any more."), "moderation:people")


@leads_only
@asks_second_step_again
@sent_from("moderation:people")
def person(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Give somebody another role."""
    get_object_or_404(User.objects.exclude(role=Role.MEMBER), pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _people(request, status=422)
    try:
        leading.change_role(pk, Role(form.cleaned_data["role"]), lead=request.user)
    except Refused as refusal:
        return _said(request, str(refusal), "moderation:people")
    return _said(request, _("The role is changed."), "moderation:people")


@leads_only
@asks_second_step_again
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, pk: UUID) -> HttpResponse:
    """End an account, after asking once."""
    chosen = get_object_or_404(User.objects.exclude(role=Role.MEMBER), pk=pk)
    if not chosen.is_active:
        return _said(request, str(leading.CLOSED), "moderation:people")
    if request.method == "GET":
        return render(request, "moderation/close_account.html", {"chosen": chosen})
    try:
        leading.close_account(pk, lead=request.user)
    except Refused as refusal:
        return _said(request, str(refusal), "moderation:people")
    return _said(request, _("The account is closed, and what it held is free."), "moderation:people")


@leads_only
@require_safe
def words(request: StaffRequest) -> HttpResponse:
    """List the house rules and the templates, by language."""
    return render(request, "moderation/words.html", {"languages": texts()})


@keeps("title", "text", "reason", "asks_anew", "preview", again=True)
@leads_only
@asks_second_step_again
@require_http_methods(["GET", "POST"])
def wording(request: StaffRequest, kind: str, code: str, language: str) -> HttpResponse:
    """Change the words of a rule or a template; looked at first, nothing is kept."""
    if not is_known(kind, code, language):
        raise Http404
    of = Wording.Kind(kind)
    form = WordingForm(
        request.POST if request.method == "POST" else None,
        kind=of, language=language, initial=words_now(kind, code, language),
    )  # fmt: skip
    shown = None
    if form.is_bound and form.is_valid():
        if "preview" not in request.POST:
            said = changed(kind, code, language, form.cleaned_data)
            leading.write(of, code, language, said, asks_anew=form.asks_anew, lead=request.user)
            return _said(request, _("Saved. It is shown from now on."), "moderation:words")
        shown = preview(code, language, form.cleaned_data) if of == Wording.Kind.RULE else form.cleaned_data
    came_with_it = bool(shipped(kind, code, language))
    context = {"form": form, "shown": shown, "kind": of, "code": code, "language": language, "shipped": came_with_it}
    return render(request, "moderation/wording.html", context, status=422 if form.errors else 200)


@leads_only
@sent_from("moderation:lead")
def free(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take a case out of somebody's hands."""
    get_object_or_404(Case.objects.entered(), pk=pk)
    try:
        actions.set_free(pk, lead=request.user)
    except Conflict:
        return _said(request, _("It was decided meanwhile."), "moderation:lead")
    return _said(request, _("The text is back in the queue."), "moderation:lead")


@leads_only
@sent_from("moderation:lead")
def offer(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Offer a case again to everybody who passed it on."""
    get_object_or_404(Case.objects.entered(), pk=pk)
    try:
        actions.offer_again(pk, lead=request.user)
    except Conflict:
        return _said(request, _("It was decided meanwhile."), "moderation:lead")
    return _said(request, _("It is offered to everybody again."), "moderation:lead")


@leads_only
@sent_from("moderation:lead")
def give(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put a case into the hands of one person."""
    get_object_or_404(Case.objects.entered(), pk=pk)
    person = request.POST.get("person", "")
    to = next((one for one in at_work() if str(one.pk) == person), None)
    if to is None:
        return _said(request, _("Please choose somebody who reviews here."), "moderation:lead")
    try:
        actions.give(pk, to=to, lead=request.user)
    except Conflict as conflict:
        return _said(request, NOT_GIVEN.get(conflict.reason, _("It was decided meanwhile.")), "moderation:lead")
    return _said(request, _("It is theirs now, and back in the queue if they do not come in time."), "moderation:lead")


@keeps("note", again=True)
@leads_only
@sent_from("moderation:lead")
def reopen(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Have a text decided anew."""
    get_object_or_404(Revision, pk=pk)
    try:
        note = fitting(request.POST.get("note", ""))
    except ValidationError as error:
        return give_back(request, error.messages[0], status=422)
    if actions.reopen(pk, lead=request.user, note=note) is None:
        return _said(request, _("There is nothing to decide about that version any more."), "moderation:lead")
    return _said(request, _("It is in the queue again, for somebody to decide anew."), "moderation:lead")


def _said(request: StaffRequest, words: object, back: str) -> HttpResponse:
    messages.info(request, str(words))
    return SeeOther(reverse(back))
