"""Answering a story: one page to write on, and the switch by which its author lets others answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

import content
from accounts.access import asks_password_when_old, public
from stories import passes
from stories.actions import WrongKey, save_draft, set_replies
from stories.forms.reply import ReplyForm, held
from stories.nearby import help_nearby
from stories.noticed import notice
from stories.own_texts import standing_of
from stories.owners import Owner
from stories.pause import told_of_pause
from stories.posting import SeeOther, posting, quietly
from stories.refusals import NO_REPLIES, Changed, NotYours, Refused
from stories.standing import Standing
from stories.thread import Answered, answered, begun_reply, story_to_answer
from stories.views.step_page import going_on
from stories.visit import (
    SEEN,
    PostingRequest,
    found,
    is_staff,
    marks,
    not_for_staff,
    owner_of,
    owners_of,
    visitor,
)
from stories.words import Words


@public
@asks_password_when_old
@require_safe
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open an empty answer to a story under a new address, or the one that was begun before."""
    if is_staff(request):
        return not_for_staff(request)
    _readable_or_404(request, pk)
    begun = next((one for owner in owners_of(request) if (one := begun_reply(owner, pk))), None)
    return redirect("stories:reply", story=pk, pk=begun or uuid4())


@public
@asks_password_when_old
@posting
def reply(request: PostingRequest, story: UUID, pk: UUID) -> HttpResponse:
    """Show the page with what was written so far; keep whatever is typed, complete or not."""
    if request.method == "POST":
        return quietly(request, _keep(request, story, pk))
    if is_staff(request):
        return not_for_staff(request)
    owner, standing = found(request, pk)
    if owner is None or standing is None:
        return _begin(request, story, pk)
    _check_place(standing, story)
    if not standing.can_write:
        return redirect("stories:status", pk=pk)
    to = answered(standing.contribution, request.user)
    if standing.draft is not None and passes.CHECK in request.GET:
        return _form(request, pk, owner, to, ReplyForm.of(standing.draft), standing=standing)
    words = Words.of(standing.last).changed({"warnings": _warnings(standing)})
    form = ReplyForm(held=held(words, again=standing.draft is None))
    return _form(request, pk, owner, to, form, standing=standing)


@public
@require_POST
@posting
def replies(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Let others answer a story, or no longer."""
    set_replies(pk, wanted=bool(request.POST.get("wanted")), owner=request.owner)
    return SeeOther(reverse("stories:status", args=[pk]))


def _begin(request: HttpRequest, story: UUID, pk: UUID) -> HttpResponse:
    """Show an empty page, where the story takes answers; a visitor is given a receipt for it."""
    to = _readable_or_404(request, story)
    owner = owner_of(request)
    if owner is None and to.takes_replies:
        owner = visitor(request)
        if owner is None:
            return passes.wait_an_hour(request)
    form = ReplyForm(MultiValueDict()) if passes.CHECK in request.GET else ReplyForm()
    return _form(request, pk, owner, to, form)


def _keep(request: PostingRequest, story: UUID, pk: UUID) -> HttpResponse:
    """Keep what was typed, then go on if it is complete."""
    owner, form = request.owner, ReplyForm(request.POST)
    standing = standing_of(owner, pk)
    to = _place(request, story, standing)
    trouble = passes.trouble(request, begun=standing is not None) if owner.is_receipt else None
    if trouble:
        form.add_error(None, str(trouble))
        return _form(request, pk, owner, to, form, standing=standing, status=422)
    if form.is_touched and form.can_be_kept:
        try:
            _save(request, pk, form, to, standing)
        except (NotYours, WrongKey):
            raise
        except Changed as refusal:
            now = standing_of(owner, pk)
            return _form(request, pk, owner, to, form, standing=now, overtaken=str(refusal), status=409)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return _form(request, pk, owner, to, form, standing=standing, status=409)
        if "later" in request.POST and form.fits:
            return SeeOther(reverse("stories:status", args=[pk]))
    if form.is_valid():
        return SeeOther(reverse("stories:preview", args=[pk]))
    if form.fits:
        # Fetched anew, so that going back to it later never asks to send an older text again.
        query = urlencode({passes.CHECK: passes.kept_stamp(request)})
        return SeeOther(f"{reverse('stories:reply', args=[story, pk])}?{query}")
    return _form(request, pk, owner, to, form, standing=standing, status=422)


def _save(request: PostingRequest, pk: UUID, form: ReplyForm, to: Answered, standing: Standing | None) -> None:
    """Keep the draft. Its readers are those of the story at the moment when it was begun, and never more."""
    changes, seen = form.changes(), request.POST.get(SEEN)
    if standing is not None:
        draft = save_draft(pk, changes, owner=request.owner, seen=seen)
    elif to.may_read:
        begun = changes | {"audience": to.audience}
        draft = save_draft(pk, begun, owner=request.owner, reply_to=to.pk, seen=seen)
    else:
        raise Refused(NO_REPLIES)
    request.kept = Words.of(draft).digest_of(changes)


def _form(
    request: HttpRequest,
    pk: UUID,
    owner: Owner | None,
    to: Answered,
    form: ReplyForm,
    *,
    standing: Standing | None = None,
    overtaken: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the page, with the letter that it answers, if there is one; without a form where nothing can begin."""
    typed = _typed(request, form, standing)
    is_open = standing is not None or form.is_bound or to.takes_replies
    context: dict[str, Any] = {
        "answered": to,
        "form": form if is_open else None,
        "nearby": help_nearby(request, notice(typed)),
        "paused": told_of_pause(owner) if owner else "",
        "pk": pk,
        "refusal": overtaken,
        "site": content.load(get_language() or "en").site,
        **going_on(request, owner, standing, typed, form.changes(), overtaken=bool(overtaken)),
        **(marks(request, owner, pk) if owner else {}),
    }
    return render(request, "stories/reply.html", context, status=status)


def _typed(request: HttpRequest, form: ReplyForm, standing: Standing | None) -> Words:
    """Return the words on the page, saved or not."""
    words = Words.of(standing.last) if standing else Words()
    return words.changed(form.changes()) if request.method == "POST" else words


def _readable_or_404(request: HttpRequest, story: UUID) -> Answered:
    to = story_to_answer(story, request.user)
    if to is None or not to.may_read:
        raise Http404
    return to


def _place(request: HttpRequest, story: UUID, standing: Standing | None) -> Answered:
    """Return the story that a sent form answers, which may be gone by now."""
    if standing is None:
        return story_to_answer(story, request.user) or Answered.gone(story)
    _check_place(standing, story)
    return answered(standing.contribution, request.user)


def _check_place(standing: Standing, story: UUID) -> None:
    """Raise Http404 when a text is no answer to this story."""
    if standing.contribution.parent_id != story:
        raise Http404


def _warnings(standing: Standing) -> list[str]:
    own, added = standing.last.warnings, standing.added_warnings if standing.draft is None else []
    return list(dict.fromkeys([*own, *added]))
