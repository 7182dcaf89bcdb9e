"""How a request about a case is let in, and what it is answered with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import StaffRequest, public
from moderation.actions import Conflict
from moderation.forms import CARRIED, FIELDS, WORDS, DecisionForm, carried
from moderation.models import Case
from moderation.record import entry
from moderation.sheet import sheet
from moderation.words import rule_titles
from stories.models import Outcome
from stories.posting import SeeOther, give_back, gives_back
from stories.reading import warning_labels

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


def back_to_queue(said: Promise | str, request: StaffRequest) -> HttpResponse:
    """Lead to the board, where it is said what was done."""
    messages.info(request, str(said))
    return SeeOther(reverse("moderation:queue"))


def show(request: StaffRequest, case: Case, form: DecisionForm, *, status: int = 200) -> HttpResponse:
    """Show a text to who holds it."""
    context = {"case": case, "sheet": sheet(case, reader=request.user), "form": form}
    return render(request, "moderation/case.html", context, status=status)


def show_again(request: StaffRequest, pk: UUID, *, draft: str = "") -> HttpResponse:
    """Show a text once more after something was done beside a decision, with all that was typed."""
    typed = request.POST
    case = get_object_or_404(Case.objects.open().held_by(request.user).with_text(), pk=pk)
    form = DecisionForm.fresh(case, typed=typed)
    if draft or form.has_other_words or any(typed.get(name, "").strip() for name in CARRIED):
        return show(request, case, form.with_draft(draft))
    return SeeOther(reverse("moderation:case", args=[pk]))


def without(request: StaffRequest, *names: str) -> None:
    """Take what was done with out of what was typed, so that it is not offered again."""
    rest: QueryDict = request.POST.copy()
    for name in names:
        rest.pop(name, None)
    request.POST = rest  # type: ignore[assignment]  # a mutable one in place of the other


def conflict_page(request: StaffRequest, conflict: Conflict) -> HttpResponse:
    """Say what happened first, and show everything that was written so that nothing is lost."""
    typed = request.POST
    context = standing(request, conflict) | {
        "typed": {
            "outcome": dict(Outcome.choices).get(typed.get("outcome", ""), ""),
            "rules": rule_titles(typed.getlist("rules")),
            "warnings": warning_labels(typed.getlist("warnings")),
            "passages": typed.get("passages", "").strip(),
            "text": typed.get("text", "").strip(),
            "words": [value for name, value in carried(typed) if name.startswith(WORDS)]
            if typed.get("outcome") == Outcome.PROPOSE
            else [],
        },
        "carried": list(carried(typed)),
    }
    return render(request, "moderation/conflict.html", context, status=409)


def standing(request: StaffRequest, conflict: Conflict) -> dict[str, Any]:
    """Tell where a case stands for who does not hold it."""
    case = conflict.case
    reason = "elsewhere" if conflict.reason == "held" and case.is_held_by(request.user) else conflict.reason
    return {
        "case": case,
        "reason": reason,
        "may_take": reason in {"free", "expired", "elsewhere"},
        "decided": entry(conflict.decision, request.user) if conflict.decision else None,
    }
