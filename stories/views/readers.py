"""What members leave while they read: a kind sign, a story put aside for later. No row tells whose it is."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, asks_password_when_old
from stories import actions
from stories.actions import WrongKey, check_key
from stories.listing import BadCursor
from stories.models import Publication
from stories.posting import SeeOther, gives_back, posting
from stories.refusals import Refused
from stories.signs import Beside, beside, codes, saved_page
from stories.thread import address_of
from stories.visit import PostingRequest, member_of, not_for_staff

FROM_LIST = "list"  # the field by which the list of saved stories is returned to


@gives_back()
@posting
def react(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Leave a sign on a text, change it or take it off; by a link, show what can be left."""
    member = member_of(request)
    if member is None:
        return not_for_staff(request)
    if request.method != "POST":
        return _page(request, _readable_or_404(request, pk))
    _only_an_account(request)
    if "undo" in request.POST:
        return _undone(request, pk)
    publication, kind = _readable_or_404(request, pk), request.POST.get("kind", "")
    if kind not in codes():
        raise Http404
    actions.react(publication, kind=kind, owner=request.owner)
    return _shown(request, publication)


def _undone(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Take a sign off, also from a text that is hidden now: then go where it says so."""
    actions.undo(pk, owner=request.owner)
    publication = Publication.objects.readable_by(request.user).filter(pk=pk).first()
    return _shown(request, publication) if publication else SeeOther(reverse("stories:detail", args=[pk]))


@gives_back()
@posting
def save(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Put a story on one's list, or take it off, also when it is no longer here."""
    if request.method != "POST":
        return redirect("stories:detail", pk=pk)
    _only_an_account(request)
    story = Publication.objects.readable_by(request.user).stories().filter(pk=pk).first()
    if "undo" in request.POST:
        actions.unsave(pk, owner=request.owner)
        if FROM_LIST in request.POST or story is None:
            return SeeOther(reverse("stories:saved"))
        return _shown(request, story)
    if story is None:
        raise Http404
    try:
        actions.save_for_later(story, owner=request.owner)
    except WrongKey:
        raise
    except Refused as refusal:
        return _list(request, refusal=str(refusal), status=409)
    return _shown(request, story)


@asks_password_when_old
@require_safe
def saved(request: MemberRequest) -> HttpResponse:
    """List what a member put aside to read."""
    return _list(request)


def _list(request: HttpRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    member = member_of(request)
    if member is None:
        return not_for_staff(request)
    check_key()
    try:
        items, more = saved_page(member, request.user, request.GET.get("after", ""))
    except BadCursor as error:
        raise Http404 from error
    context = {"items": items, "more": more, "from_list": FROM_LIST, "refusal": refusal}
    return render(request, "stories/saved.html", context, status=status)


def _shown(request: PostingRequest, publication: Publication) -> HttpResponse:
    """Go back to where the text stands; a script that asked gets the part of the page that changed."""
    if "HX-Request" in request.headers:
        part = "stories/_signs_reply.html" if publication.parent_id else "stories/_signs.html"
        answer = render(request, part, {"of": _beside(request, publication)})
    else:
        answer = SeeOther(_place_of(request, publication))
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _page(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Show what can be left on a page of its own, where a visitor who signed in comes to."""
    back, is_reply = _place_of(request, publication), publication.parent_id is not None
    context = {"of": _beside(request, publication), "back": back, "is_reply": is_reply}
    return render(request, "stories/react.html", context)


def _beside(request: HttpRequest, publication: Publication) -> Beside:
    return beside([publication.pk], member_of(request))[publication.pk]


def _place_of(request: HttpRequest, publication: Publication) -> str:
    """Return where a text is read: a reply under its story, on the page of its thread where it stands."""
    reply = address_of(publication.pk, request.user) if publication.parent_id else None
    return reply or f"{reverse('stories:detail', args=[publication.pk])}#signs"


def _readable_or_404(request: HttpRequest, pk: UUID) -> Publication:
    return get_object_or_404(Publication.objects.readable_by(request.user), pk=pk)


def _only_an_account(request: PostingRequest) -> None:
    """Raise Http404 for a form of a receipt: signs and lists are members'."""
    if request.owner.is_receipt:
        raise Http404
