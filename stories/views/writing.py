"""Writing, step by step: what is typed is kept as a draft whatever is missing, and the next step follows."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import asks_password_when_old, public
from stories import guide, passes
from stories.actions import WrongKey, save_draft, set_replies
from stories.forms import (
    FORMS,
    PART,
    ROWS,
    AboutForm,
    SharingForm,
    StepForm,
    TriedForm,
    dropped,
    first_missing,
    next_to_write,
)
from stories.forms.fields import pack
from stories.models import Revision
from stories.own_texts import drafts_of, standing_of
from stories.owners import Owner
from stories.pause import told_of_pause
from stories.posting import SeeOther, posting, quietly
from stories.refusals import Changed, NotYours, Refused
from stories.standing import Standing
from stories.tried import ROWS_MAX
from stories.views.step_page import CHANGED, FACET, SOURCE, changes_of, form_of, page_of, role_of, source_of, words_of
from stories.visit import SEEN, PostingRequest, found, is_staff, not_for_staff, owner_of, owners_of, visitor
from stories.words import Words

DROP = "drop"  # the button that agrees to what is taken out
BEGUN_SHOWN = 5  # before a new story is begun; all of them are under one's own texts


@public
@asks_password_when_old
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """Ask who writes, and lead to a new address; offer what was begun before, if there is something."""
    if is_staff(request):
        return not_for_staff(request)
    address = reverse("stories:write", args=[uuid4()])
    if SOURCE in request.GET:
        return redirect(f"{address}?{urlencode({SOURCE: request.GET[SOURCE]})}")
    facet = request.GET.get(FACET, "")
    facet = facet if role_of(facet) else ""
    paused = next((told for owner in owners_of(request) if (told := told_of_pause(owner))), "")
    if "new" not in request.GET:
        begun = [one for owner in owners_of(request) for one in drafts_of(owner, most=BEGUN_SHOWN)]
        if begun:
            return render(request, "stories/new.html", {"drafts": begun, "facet": facet, "paused": paused})
    if facet:
        return redirect(f"{address}?{urlencode({FACET: facet})}")
    return render(request, "stories/new.html", {"roles": pack().roles, "address": address, "paused": paused})


@public
@asks_password_when_old
@posting
def write(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Lead to the first step that is not done; keep several steps at once that another page gave back."""
    if request.method == "POST":
        return quietly(request, _keep(request, pk, None))
    if is_staff(request):
        return not_for_staff(request)
    _owner, standing = found(request, pk)
    if standing is None:
        first = guide.STORY if SOURCE in request.GET else guide.ABOUT
        query = {name: request.GET[name] for name in (FACET, SOURCE) if name in request.GET}
        return redirect(_address(pk, first, **query))
    if elsewhere := _elsewhere(standing):
        return elsewhere
    if standing.draft is None:
        return redirect(_address(pk, guide.STORY))
    step = next_to_write(Words.of(standing.draft))
    return redirect(_address(pk, step)) if step else redirect("stories:preview", pk=pk)


@public
@asks_password_when_old
@posting
def step(request: PostingRequest, pk: UUID, step: str) -> HttpResponse:
    """Show one step with what is known so far; keep what is typed, complete or not, and go on."""
    if request.method == "POST":
        return quietly(request, _keep(request, pk, step))
    if is_staff(request):
        return not_for_staff(request)
    owner, standing = found(request, pk)
    if owner is None or standing is None:
        owner = owner_of(request) or visitor(request)
        if owner is None:
            return passes.wait_an_hour(request)
    elif elsewhere := _elsewhere(standing):
        return elsewhere
    words = words_of(standing) or source_of(request)
    if step not in guide.steps_of(words.role if words else ""):
        return redirect(_address(pk, guide.SHARING))
    return page_of(request, pk, owner, [form_of(request, step, words, standing)], standing=standing, words=words)


def _elsewhere(standing: Standing) -> HttpResponse | None:
    """Lead away from a text that is not written on now, and from a reply, which has a page of its own."""
    if standing.contribution.parent_id is not None:
        return redirect("stories:reply", story=standing.contribution.parent_id, pk=standing.pk)
    return None if standing.can_write else redirect("stories:status", pk=standing.pk)


def _keep(request: PostingRequest, pk: UUID, step: str | None) -> HttpResponse:
    """Keep what was typed, then go on if it is complete."""
    owner, standing = request.owner, standing_of(request.owner, pk)
    if standing is not None and standing.contribution.parent_id is not None:
        raise Http404
    forms = [FORMS[part](request.POST) for part in _parts(request, step)]
    show = partial(page_of, request, pk, owner, forms, standing=standing)
    trouble = passes.trouble(request, sending=False, begun=standing is not None) if owner.is_receipt else None
    if trouble:
        return show(refusal=str(trouble), status=422)
    before, draft = words_of(standing) or Words(), None
    asked = guide.steps_of(dropped.role_with(before, forms))
    losing = dropped.left_out(before, forms)
    if losing and DROP not in request.POST:
        return show(losing=losing, status=422 if all(form.step in asked for form in forms) else 409)
    taken = [form for form in forms if form.step in asked]
    if all(form.can_be_kept for form in taken) and (standing or any(form.is_touched for form in taken)):
        try:
            draft = save_draft(pk, changes := changes_of(taken), owner=owner, seen=request.POST.get(SEEN))
            request.kept = Words.of(draft).digest_of(changes)
            _tell_replies(taken, draft, owner)
        except (NotYours, WrongKey):
            raise
        except Changed as refusal:
            return show(standing=standing_of(owner, pk), overtaken=True, refusal=str(refusal), status=409)
        except Refused as refusal:
            return show(refusal=str(refusal), status=409)
    if not all(form.fits for form in taken):
        return show(standing=standing_of(owner, pk) if draft else standing, status=422)
    if "later" in request.POST and draft is not None:
        return SeeOther(reverse("stories:status", args=[pk]))
    return SeeOther(_onward(request, pk, step or forms[-1].step, taken, Words.of(draft) if draft else Words()))


def _onward(request: HttpRequest, pk: UUID, here: str, forms: list[StepForm], words: Words) -> str:
    """Return where to go on: where the button says, or to the next step that wants something."""
    for button, other in (("back", guide.before(here, words.role)), ("skip", guide.after(here, words.role))):
        if button in request.POST and other != guide.LOOK:
            return _address(pk, other)
    for form in forms:
        if isinstance(form, TriedForm) and "look" not in request.POST and (row := _row_to_see(request, form)):
            return f"{_address(pk, guide.TRIED, **{ROWS: str(row)})}#row-{row}"
        if isinstance(form, AboutForm) and form.asks_anew:
            return _address(pk, guide.ABOUT, **({CHANGED: "1"} if form.asked else {}))
    wanting = next((form.step for form in forms if not form.is_valid()), None)
    following = guide.after(here, words.role)
    if wanting is None and len(forms) < 2 and following != guide.LOOK and "look" not in request.POST:
        return _address(pk, following)
    wanting = wanting or first_missing(words)
    if wanting is None:
        return reverse("stories:preview", args=[pk])
    # Fetched anew, so that going back to it later never asks to send an older text again.
    was_there = wanting in {form.step for form in forms} or guide.ORDER.index(wanting) <= guide.ORDER.index(here)
    tells = was_there and SOURCE not in request.POST
    return _address(pk, wanting, **({passes.CHECK: passes.kept_stamp(request)} if tells else {}))


def _row_to_see(request: HttpRequest, form: TriedForm) -> int:
    """Return the row to come back to: the one that was asked for, or where one was removed; 0 for none."""
    if "add" in request.POST:
        return min(form.count + 1, ROWS_MAX)
    return 0 if form.removed is None or not form.is_valid() else min(form.removed, ROWS_MAX)


def _parts(request: HttpRequest, step: str | None) -> list[str]:
    """Return the steps whose fields a form holds, in their order."""
    named = request.POST.getlist(PART)
    return [part for part in guide.WRITTEN if part in named] or [step or guide.ABOUT]


def _tell_replies(forms: list[StepForm], draft: Revision, owner: Owner) -> None:
    for form in forms:
        if isinstance(form, SharingForm) and form.replies_wanted != draft.contribution.takes_replies:
            set_replies(draft.contribution_id, wanted=form.replies_wanted, owner=owner)


def _address(pk: UUID, step: str, **query: str) -> str:
    address = reverse("stories:step", args=[pk, step])
    return f"{address}?{urlencode(query)}" if query else address
