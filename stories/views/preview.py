"""The look at a text before it is sent: as its readers will see it, with what a program noticed in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import asks_password_when_old, public
from stories import passes
from stories.actions import WrongKey, check_key, fix_passage, submit
from stories.forms import first_missing, posted
from stories.forms.reply import ReplyForm
from stories.guide import LOOK, labels, place, steps_of
from stories.models import Revision
from stories.nearby import help_nearby
from stories.noticed import Noticed, marked, notice, offered_warning
from stories.own_texts import standing_of
from stories.owners import Owner
from stories.pause import told_of_pause
from stories.posting import SeeOther, posting
from stories.reading import story_of
from stories.refusals import Changed, NotYours, Refused
from stories.shown import kept_for_figures, wishes_of
from stories.standing import Standing
from stories.thread import own_reply
from stories.visit import PostingRequest, found, marks, receipt_of
from stories.words import Words

SHOWN = 20  # of what was noticed; what follows is folded
MOST_LISTED = 200  # the rest is marked in the text only, and listed as the first are dealt with


@public
@asks_password_when_old
@posting
def preview(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Show the draft as readers will see it, with what was noticed in it; send it."""
    owner, standing = found(request, pk)
    if owner is None or standing is None:
        check_key()
        raise Http404
    draft = standing.draft
    if draft is None:
        status = reverse("stories:status", args=[pk])
        return SeeOther(status) if request.method == "POST" else redirect(status)
    missing = _missing(request, draft)
    if missing:
        return SeeOther(missing)
    return _send(request, standing, draft) if request.method == "POST" else _look(request, owner, standing, draft)


@public
@require_POST
@posting
def fix(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Replace one passage that was noticed, or add a warning that was offered, and nothing else; back to the look."""
    standing = standing_of(request.owner, pk)
    if standing is None:
        check_key()
        raise Http404
    if standing.draft is None:
        return SeeOther(reverse("stories:status", args=[pk]))
    trouble = passes.trouble(request, sending=False, begun=True) if request.owner.is_receipt else None
    if trouble:
        return _look(request, request.owner, standing, standing.draft, refusal=str(trouble), status=422)
    try:
        draft = fix_passage(
            pk, request.POST.get("fix", ""), looked_at=request.POST.get("looked_at", ""), owner=request.owner
        )
    except (NotYours, WrongKey):
        raise
    except Changed:
        return _newest(request, pk)
    except Refused as refusal:
        return _look(request, request.owner, standing, standing.draft, refusal=str(refusal), status=409)
    part = "noticed" if _listed(notice(Words.of(draft))) else "look"
    return SeeOther(f"{reverse('stories:preview', args=[pk])}#{part}")


def _send(request: PostingRequest, standing: Standing, draft: Revision) -> HttpResponse:
    """Send exactly what was looked at."""
    words, owner = Words.of(draft), request.owner
    if request.POST.get("looked_at") != words.digest:
        return _look(request, owner, standing, draft, changed=True, status=409)
    trouble = passes.trouble(request, sending=True) if owner.is_receipt else None
    if trouble:
        return _look(request, owner, standing, draft, refusal=str(trouble), status=422)
    try:
        submit(standing.pk, owner=owner, looked_at=words)
    except (NotYours, WrongKey):
        raise
    except Changed:
        return _newest(request, standing.pk)
    except Refused as refusal:
        return _look(request, owner, standing, draft, refusal=str(refusal), status=409)
    return SeeOther(reverse("stories:status", args=[standing.pk]))


def _newest(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Show what the draft became while somebody pressed a button."""
    standing = standing_of(request.owner, pk)
    draft = standing.draft if standing else None
    if standing is None or draft is None:
        return SeeOther(reverse("stories:status", args=[pk]))
    missing = _missing(request, draft)
    return SeeOther(missing) if missing else _look(request, request.owner, standing, draft, changed=True, status=409)


def _missing(request: HttpRequest, draft: Revision) -> str:
    """Return where something has to be written first; nothing when the draft can be sent."""
    pk, story = draft.contribution_id, draft.contribution.parent_id
    check = urlencode({passes.CHECK: passes.kept_stamp(request)})
    if story is not None:
        form = reverse("stories:reply", kwargs={"story": story, "pk": pk})
        return "" if ReplyForm.of(draft).is_valid() else f"{form}?{check}"
    step = first_missing(Words.of(draft))
    return f"{reverse('stories:step', args=[pk, step])}?{check}" if step else ""


def _look(
    request: HttpRequest, owner: Owner, standing: Standing, draft: Revision, *, status: int = 200, **said: Any
) -> HttpResponse:
    """Show a draft as its readers would see it."""
    words = Words.of(draft)
    noticed = notice(words)
    listed = _listed(noticed)
    unlisted = {one.number for one in listed[MOST_LISTED:]}
    linked = [replace(one, number=0) if one.number in unlisted else one for one in noticed]
    context = {
        "standing": standing,
        "pk": standing.pk,
        "noticed": listed[:SHOWN],
        "folded": listed[SHOWN:MOST_LISTED],
        "unlisted": len(unlisted),
        "offered": offered_warning(words, noticed),
        "nearby": help_nearby(request, noticed),
        "changes": standing.changes,
        "digest": words.digest,
        "paused": told_of_pause(owner),
        "receipt": receipt_of(request, owner),
        "audience": draft.audience,
        **said,
        **_shown(draft, marked(linked)),
        **marks(request, owner, standing.pk),
    }
    return render(request, "stories/preview.html", context, status=status)


def _listed(noticed: Iterable[Noticed]) -> list[Noticed]:
    """Return what is told with what could be done about it; words of a crisis are told beside the help."""
    return [one for one in noticed if not one.is_crisis]


def _shown(draft: Revision, passages: dict[str, Any]) -> dict[str, Any]:
    """Return what readers see of a draft, and what they do not."""
    if draft.contribution.parent_id is not None:
        return {"reply": own_reply(draft, passages=passages)}
    return {
        "story": story_of(draft, passages=passages),
        "figures": kept_for_figures(draft),
        "counted": "statistics" in draft.consents,
        "chosen": wishes_of(draft),
        "steps": labels(draft.role),
        "step": place(LOOK, draft.role),
        "asked_what_was_tried": "tried" in steps_of(draft.role),
        "carried": posted(Words.of(draft), replies=draft.contribution.takes_replies),
    }
