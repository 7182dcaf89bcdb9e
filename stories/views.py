"""Reading and writing: the list, one story, the form, and the look before it is sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from accounts.access import public
from stories import passes
from stories.actions import Words, WrongKey, check_key, save_draft, submit
from stories.forms import StoryForm, stored
from stories.models import Publication, Revision
from stories.owners import Owner
from stories.posting import SeeOther, posting
from stories.reading import BadCursor, Passage, page, published_story, story_of
from stories.refusals import Changed, NotYours, Refused
from stories.screening import rule, screen
from stories.standing import Standing, drafts_of, standing_of
from stories.visit import (
    PostingRequest,
    found,
    is_staff,
    marks,
    not_for_staff,
    owner_of,
    owners_of,
    receipt_of,
    visitor,
)

STEPS = (_("Write"), _("Look once more"), _("Send"))

BEGUN_SHOWN = 5  # before a new story is begun; all of them are under one's own texts


@public
def story_list(request: HttpRequest) -> HttpResponse:
    """Show published stories, newest first: all, or those of writers in one place."""
    after, code = request.GET.get("after", ""), request.GET.get("f", "")
    roles = {role.code: role for role in content.load(get_language() or "en").roles}
    if code and code not in roles:
        raise Http404
    try:
        found = page(request.user, role=code, after=after)
    except BadCursor as error:
        raise Http404 from error
    context = {"stories": found.stories, "first": not after, "role": roles.get(code)}
    for name, cursor in (("newer_url", found.newer), ("older_url", found.older)):
        context[name] = None if cursor is None else _list_address(code, cursor)
    return render(request, "stories/list.html", context)


def _list_address(role: str, after: str) -> str:
    query = urlencode({name: value for name, value in (("f", role), ("after", after)) if value})
    return reverse("stories:list") + (f"?{query}" if query else "")


@public
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one published story."""
    publication = get_object_or_404(Publication.objects.readable_by(request.user).newest(), pk=pk)
    return render(request, "stories/detail.html", {"story": published_story(publication)})


@public
def new(request: HttpRequest) -> HttpResponse:
    """Open an empty form under a new address; offer what was begun before, if there is something."""
    if is_staff(request):
        return not_for_staff(request)
    begun = [] if request.GET else [one for owner in owners_of(request) for one in drafts_of(owner, most=BEGUN_SHOWN)]
    if begun:
        return render(request, "stories/new.html", {"drafts": begun})
    source = request.GET.get("from", "")
    address = reverse("stories:write", args=[uuid4()])
    return redirect(f"{address}?{request.GET.urlencode()}" if source else address)


@public
@posting
def write(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Show the form with what was written so far; keep whatever is typed, complete or not."""
    if request.method == "POST":
        return _keep(request, pk)
    if is_staff(request):
        return not_for_staff(request)
    owner, standing = found(request, pk)
    asked = passes.CHECK in request.GET
    if owner is None or standing is None:
        owner = owner_of(request)
        if owner is None:
            if not passes.may_begin(request):
                return render(request, "429.html", status=429)
            owner = visitor(request)
        form = StoryForm({}) if asked else StoryForm(initial=_begin_with(request))
        return _form(request, pk, owner, form)
    if not standing.can_write:
        return redirect("stories:status", pk=pk)
    if standing.draft is not None and asked:
        return _form(request, pk, owner, StoryForm.of(standing.draft), standing=standing)
    initial = stored(standing.last, again=standing.draft is None)
    if standing.draft is None:
        initial["warnings"] = list(dict.fromkeys([*initial["warnings"], *standing.added_warnings]))
    return _form(request, pk, owner, StoryForm(initial=initial), standing=standing)


def _keep(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Keep what was typed, then go on if it is complete."""
    owner, form = request.owner, StoryForm(request.POST)
    complete = form.is_valid()
    trouble = passes.trouble(request, sending=False) if owner.is_receipt else None
    if trouble:
        form.add_error(None, str(trouble))
        return _form(request, pk, owner, form, status=422)
    if form.can_be_kept:
        try:
            save_draft(pk, form.words(), owner=owner)
        except (NotYours, WrongKey):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return _form(request, pk, owner, form, status=409)
        if "later" in request.POST and form.fits:
            return SeeOther(reverse("stories:status", args=[pk]))
    if complete:
        return SeeOther(reverse("stories:preview", args=[pk]))
    if form.fits:
        # Fetched anew, so that going back to it later never asks to send an older text again.
        query = urlencode({passes.CHECK: passes.kept_stamp(request)})
        return SeeOther(f"{reverse('stories:write', args=[pk])}?{query}")
    return _form(request, pk, owner, form, status=422)


def _form(
    request: HttpRequest,
    pk: UUID,
    owner: Owner,
    form: StoryForm,
    *,
    standing: Standing | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form, with the letter it answers, if there is one."""
    if standing is None and form.is_bound:
        standing = standing_of(owner, pk)
    letter = standing.letter if standing else None
    context = {"form": form, "pk": pk, "standing": standing, "letter": letter, "steps": STEPS}
    return render(request, "stories/write.html", {**context, **marks(request, owner, pk)}, status=status)


def _begin_with(request: HttpRequest) -> dict[str, Any]:
    """Return the words of a text of the same owner that a new one is to begin with."""
    try:
        standing = found(request, UUID(request.GET.get("from", "")))[1]
    except ValueError:
        standing = None
    return stored(standing.last, again=True) if standing else {}


@public
@posting
def preview(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Show the draft as readers will see it, with what was found in it; send it."""
    owner, standing = found(request, pk)
    if owner is None or standing is None:
        check_key()
        raise Http404
    draft = standing.draft
    if draft is not None and not StoryForm.of(draft).is_valid():
        return SeeOther(reverse("stories:write", args=[pk]))
    if request.method == "POST":
        return _send(request, pk, draft)
    return _look(request, owner, draft) if draft else redirect("stories:status", pk=pk)


def _send(request: PostingRequest, pk: UUID, draft: Revision | None) -> HttpResponse:
    """Send exactly what was looked at."""
    words = StoryForm(request.POST).words()
    if draft is not None:
        if words != StoryForm.of(draft).words():
            return _look(request, request.owner, draft, changed=True, status=409)
        trouble = passes.trouble(request, sending=True) if request.owner.is_receipt else None
        if trouble:
            return _look(request, request.owner, draft, refusal=str(trouble), status=422)
    try:
        submit(pk, owner=request.owner, looked_at=Words.of(draft) if draft else words)
    except (NotYours, WrongKey):
        raise
    except Changed:
        return _newest(request, pk)
    except Refused as refusal:
        if draft is None:
            return SeeOther(reverse("stories:status", args=[pk]))
        return _look(request, request.owner, draft, refusal=str(refusal), status=409)
    return SeeOther(reverse("stories:status", args=[pk]))


def _newest(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Show what the draft became while somebody pressed Send."""
    standing = standing_of(request.owner, pk)
    draft = standing.draft if standing else None
    if draft is None or not StoryForm.of(draft).is_valid():
        return SeeOther(reverse("stories:write", args=[pk]))
    return _look(request, request.owner, draft, changed=True, status=409)


def _look(request: HttpRequest, owner: Owner, draft: Revision, *, status: int = 200, **said: Any) -> HttpResponse:
    """Show a draft as its readers would see it."""
    in_title, in_text = screen(draft.title), screen(draft.text)
    story = story_of(
        draft,
        title_passages=[Passage(one.start, one.end, rule(one.rule).label) for one in in_title],
        text_passages=[Passage(one.start, one.end, rule(one.rule).label) for one in in_text],
    )
    context = {
        "steps": STEPS,
        "story": story,
        "pk": draft.contribution_id,
        "signals": list(dict.fromkeys(rule(one.rule).sentence for one in (*in_title, *in_text))),
        "form": StoryForm(initial=stored(draft)),
        "receipt": receipt_of(request, owner),
        **said,
        **marks(request, owner, draft.contribution_id),
    }
    return render(request, "stories/preview.html", context, status=status)
