"""The page of one step of writing, or of several that were sent together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from stories import guide, passes
from stories.consents import staying
from stories.forms import FORMS, PART, ROWS, AboutForm, StepForm, TriedForm, first_missing, held, posted
from stories.forms.fields import pack
from stories.nearby import help_nearby
from stories.noticed import Noticed, notice
from stories.owners import Owner
from stories.pause import told_of_pause
from stories.standing import Standing
from stories.visit import found, marks, receipt_of
from stories.words import Words

CHANGED = "changed"  # in an address: the questions are others now
FACET, SOURCE = "f", "from"  # who writes; the text whose words a new one begins with


def form_of(request: HttpRequest, step: str, words: Words | None, standing: Standing | None) -> StepForm:
    """Return the form of a step as a page shows it: with what is missing, when that is asked for."""
    typed: MultiValueDict[str, Any] = MultiValueDict()
    if words is not None:
        typed = held(words, replies=standing is None or standing.contribution.takes_replies)
    elif role := role_of(request.GET.get(FACET, "")):
        typed["role"] = role
    if passes.CHECK in request.GET:
        return FORMS[step](typed)
    if step == guide.TRIED:
        rows = request.GET.get(ROWS, "")
        return TriedForm(held=typed, rows=int(rows) if rows.isdecimal() and len(rows) < 3 else 0)
    return FORMS[step](held=typed)


def page_of(
    request: HttpRequest,
    pk: UUID,
    owner: Owner,
    forms: list[StepForm],
    *,
    standing: Standing | None,
    words: Words | None = None,
    status: int = 200,
    refusal: str = "",
    losing: Sequence[str | Promise] = (),
) -> HttpResponse:
    """Show the forms, with the letter that they answer, if there is one, and what would be taken out (``losing``)."""
    step, words = forms[-1].step, words or words_of(standing) or Words()
    role = next((form.shown_role for form in forms if isinstance(form, AboutForm)), "") or words.role
    noticed = notice(words.changed(changes_of(one for one in forms if one.is_bound)))
    complete = standing is not None and standing.draft is not None and not first_missing(words)
    context: dict[str, Any] = {
        "forms": forms,
        "step": step,
        "label": guide.LABELS[step],
        "steps": guide.labels(role),
        "place": guide.place(step, role),
        "role": next((one for one in pack().roles if one.code == role), None),
        "standing": standing,
        "letter": standing.letter if standing else None,
        "nearby": help_nearby(request, noticed),
        "folded": not any(_is_new_here(one, forms, role) for one in noticed if one.is_crisis),
        "paused": told_of_pause(owner),
        "receipt": receipt_of(request, owner) if standing else None,
        "can_look": complete and step != guide.SHARING,
        "carried": _carried(words, forms) if standing is None and request.method == "GET" else [],
        "action": reverse("stories:step", args=[pk, step]) if len(forms) == 1 else reverse("stories:write", args=[pk]),
        "refusal": refusal,
        "changed": CHANGED in request.GET,
        "losing": losing,
        **marks(request, owner, pk),
    }
    return render(request, "stories/write.html", context, status=status)


def _is_new_here(passage: Noticed, forms: list[StepForm], role: str) -> bool:
    """Say whether a passage stands on this page or was typed on the one before, which is left as soon as it is sent."""
    typed_on = guide.TRIED if passage.field.startswith(guide.TRIED) else guide.STORY
    return bool({typed_on, guide.after(typed_on, role)} & {form.step for form in forms})


def changes_of(forms: Iterable[StepForm]) -> dict[str, Any]:
    """Return what was typed in some steps, as fields of Words."""
    return {name: value for form in forms for name, value in form.changes().items()}


def words_of(standing: Standing | None) -> Words | None:
    """Return the words that a text goes on with; those of a version that was sent, with consent asked anew."""
    if standing is None:
        return None
    words = Words.of(standing.last)
    if standing.draft is not None:
        return words
    warnings = list(dict.fromkeys([*words.warnings, *standing.added_warnings]))
    return replace(words, consents=staying(words.consents), warnings=warnings)


def source_of(request: HttpRequest) -> Words | None:
    """Return the words of a text of the same owner that a new one is to begin with."""
    try:
        standing = found(request, UUID(request.GET.get(SOURCE, "")))[1]
    except ValueError:
        return None
    return replace(Words.of(standing.last), consents=()) if standing else None


def role_of(facet: str) -> str:
    """Return the role that stands under a code in an address, or nothing."""
    return next((role.code for role in pack().roles if role.facet == facet), "")


def _carried(words: Words, forms: list[StepForm]) -> list[tuple[str, str]]:
    """Return what a new text begins with beside what the page shows: it is kept with the first press."""
    if words == Words():
        return []
    shown = {form.step for form in forms} | {name for form in forms for name in form.fields}
    unseen = [(name, value) for name, value in posted(words) if (value if name == PART else name) not in shown]
    return [*unseen, (SOURCE, "")]
