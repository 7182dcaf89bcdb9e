"""How a request about a case is let in, and what it is answered with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import StaffRequest
from moderation.actions import Conflict
from moderation.forms import CARRIED, FIELDS, DecisionForm, carried, changed, words_in
from moderation.models import Case
from moderation.record import entry
from moderation.sheet import sheet
from moderation.words import rule_titles
from stories.models import Outcome
from stories.posting import SeeOther
from stories.reading import warning_labels
from stories.signed_out import keeps

WITHOUT = {  # what takes a text out of one's hands, and what its button says once it is known what would be lost
    "skip": _("Pass it on without these words"),
    "release": _("Give it back without these words"),
    "escalate": _("Let two others decide without these words"),
}
TITLES = {
    "text": _("Your words to the writer"),
    "note": _("Your note to your colleagues"),
    "message": _("Your message to the writer"),
}


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


kept_for_signed_out = keeps(*FIELDS)


def back_to_queue(said: Promise | str, request: StaffRequest) -> HttpResponse:
    """Lead to the board, where it is said what was done."""
    messages.info(request, str(said))
    return SeeOther(reverse("moderation:queue"))


def show(request: StaffRequest, case: Case, form: DecisionForm, *, status: int = 200, **more: Any) -> HttpResponse:
    """Show a text to who holds it."""
    context = {"case": case, "sheet": sheet(case, reader=request.user), "form": form} | more
    return render(request, "moderation/case.html", context, status=status)


def show_again(request: StaffRequest, pk: UUID, *, draft: str = "") -> HttpResponse:
    """Show a text once more after something was done beside a decision, with all that was typed."""
    typed = request.POST
    case = get_object_or_404(Case.objects.open().held_by(request.user).with_text(), pk=pk)
    form = DecisionForm.fresh(case, typed=typed)
    if draft or form.has_other_words or any(typed.get(name, "").strip() for name in CARRIED):
        return show(request, case, form.with_draft(draft))
    return SeeOther(reverse("moderation:case", args=[pk]))


def asks_first(request: StaffRequest, pk: UUID, act: str, *, taken: str = "") -> HttpResponse | None:
    """Return the page that asks whoever typed something that an act drops; None where nothing would be lost.

    ``taken`` is the box whose words the act takes along.
    """
    held = Case.objects.open().held_by(request.user).with_text().filter(pk=pk).first()
    if held is None or "anyway" in request.POST:
        return None
    if all(name == taken for name in words_in(request.POST, held.revision)):
        return None
    asked = {"address": reverse(f"moderation:{act}", args=[pk]), "label": WITHOUT[act]}
    return show(request, held, DecisionForm.fresh(held, typed=request.POST), status=422, asked=asked)


def without(request: StaffRequest, *names: str) -> None:
    """Take what was done with out of what was typed, so that it is not offered again."""
    rest: QueryDict = request.POST.copy()
    for name in names:
        rest.pop(name, None)
    request.POST = rest  # type: ignore[assignment]  # a mutable one in place of the other


def conflict_page(request: StaffRequest, conflict: Conflict) -> HttpResponse:
    """Say what happened first, and show everything that was written so that nothing is lost."""
    typed = request.POST
    words = [(_("Proposed words"), said) for said in changed(typed, conflict.case.revision).values()]
    context = standing(request, conflict) | {
        "typed": {
            "outcome": dict(Outcome.choices).get(typed.get("outcome", ""), ""),
            "rules": rule_titles(typed.getlist("rules")),
            "warnings": warning_labels(typed.getlist("warnings")),
            "passages": typed.get("passages", "").strip(),
            "boxes": words + [(said, typed[name]) for name, said in TITLES.items() if typed.get(name, "").strip()],
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
        "may_take": reason in {"free", "expired", "elsewhere", "joined"},
        "decided": entry(conflict.decision, request.user) if conflict.decision else None,
    }
