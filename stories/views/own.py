"""What owners do with their texts: see where they stand, take back, withdraw, keep."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import asks_password_when_old, public
from accounts.arriving import NEWS
from stories import actions
from stories.actions import WrongKey, check_key
from stories.consents import WISHES
from stories.facets import facets_of
from stories.filters import like
from stories.forms import ReceiptForm
from stories.guide import STORY
from stories.lifecycle import State
from stories.listing import BadCursor
from stories.models import Contribution
from stories.nearby import help_nearby
from stories.news import news_once
from stories.noticed import notice
from stories.own_texts import own_page
from stories.owners import Owner
from stories.pause import told_of_pause
from stories.posting import SeeOther, posting
from stories.reading import warning_labels
from stories.refusals import NotYours, Refused
from stories.shown import wishes_of
from stories.standing import Standing
from stories.thread import story_along
from stories.visit import (
    RECEIPT,
    PostingRequest,
    found,
    is_staff,
    marks,
    not_for_staff,
    owners_of,
    receipt_of,
)
from stories.words import Words

NO_TEXT = _("There is no text under this code. Please compare it with your receipt, group by group.")
TOO_MANY_TRIES = _(
    "There were many tries in a row, perhaps by somebody else on the same network. Please wait a few minutes, or use "
    "another network (mobile data in place of Wi-Fi, for one), and type the code again."
)


@public
@asks_password_when_old
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List the texts of whoever is here: those of the account, and those of the receipt that is open."""
    if is_staff(request):
        return not_for_staff(request)
    owners = owners_of(request)
    if not owners:
        return redirect("stories:receipt")
    check_key()
    try:
        pages = [(owner, *own_page(owner, request.GET.get(_place(owner), ""))) for owner in owners]
    except BadCursor as error:
        raise Http404 from error
    lists = [
        {
            "standings": texts,
            "more": more and urlencode({_place(owner): more}),
            "receipt": receipt_of(request, owner),
            "is_receipt": owner.is_receipt,
        }
        for owner, texts, more in pages
        if texts or not owner.is_receipt or len(owners) == 1
    ]
    paused = next((told for owner in owners if (told := told_of_pause(owner))), "")
    context = {"lists": lists, "paused": paused, "news": news_once(request, owners)}
    return render(request, "stories/mine.html", context)


def _place(owner: Owner) -> str:
    """Return the name under which the address says how far down an owner's list to go on."""
    return "below" if owner.is_receipt else "after"


@public
def receipt(request: HttpRequest) -> HttpResponse:
    """Open the texts of a receipt code. An unknown code is answered like one that cannot be one."""
    if is_staff(request):
        return not_for_staff(request)
    check_key()
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            # A receipt is a way back in like a recovery code, and guessing it has the same limit.
            if not ratelimit.consume(request, action="reset_password_from_key"):
                form.add_error("code", str(TOO_MANY_TRIES))
                status = 429
            elif form.found and own_page(Owner.of_code(form.found))[0]:
                request.session.update({RECEIPT: form.found, NEWS: True})
                request.session.cycle_key()  # an older copy of the cookie does not open the texts
                return SeeOther(reverse("stories:mine"))
            else:
                form.add_error("code", str(NO_TEXT))
    return render(request, "stories/receipt.html", {"form": form}, status=status)


@public
@asks_password_when_old
@require_safe
def status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a text's owner where it stands, why, and what can be done now."""
    return status_page(request, pk)


def status_page(request: HttpRequest, pk: UUID, *, refusal: str = "", code: int = 200, why: str = "") -> HttpResponse:
    """Return the page of a text of whoever is here, with what was just refused; raise Http404 when it is not theirs."""
    owner, standing = found_or_404(request, pk)
    if standing.has_news and request.method == "GET" and not request.session.modified:
        # Noted before it is read again, so that nothing which changes in between is passed over. Never beside a
        # write of the session, which would tell whose visit it was.
        actions.look_at(pk, owner=owner)
        owner, standing = found_or_404(request, pk)
    context: dict[str, Any] = {
        "standing": standing,
        "letter": standing.letter,
        "appeal": standing.appeal,
        "paused": told_of_pause(owner) if standing.can_send else "",
        "sent": standing.sent,
        "added_warnings": warning_labels(standing.added_warnings),
        "changes": standing.changes,
        "nearby": None if standing.is_over else help_nearby(request, notice(Words.of(standing.last))),
        "receipt": receipt_of(request, owner),
        "adoptable": _adoptable(request, owner, standing),
        "refusal": refusal,
        "why": why,
        **(_of_reply(request, standing) if standing.is_reply else _of_story(standing)),
        **marks(request, owner, pk),
    }
    return render(request, "stories/status.html", context, status=code)


def _of_story(standing: Standing) -> dict[str, Any]:
    """Return what the owner of a story sees beside its state: what was chosen, and where others like it are.

    What was chosen for a version that readers do not see yet stands beside what holds for the one that they see.
    """
    sent = standing.shown or (standing.last if standing.state == State.WAITING else None)
    return {
        "holds": wishes_of(standing.shown) if standing.shown else None,
        "chosen": None if standing.last is standing.shown else wishes_of(standing.last),
        "like_mine": like(facets_of(sent)).address if sent and not standing.is_over else "",
    }


def _of_reply(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    """Return the story that a reply answers, whether it is still there or not."""
    story = story_along(standing.last, request.user)
    return {"answered": story, "story_gone": standing.lost_its_story}


def _adoptable(request: HttpRequest, owner: Owner, standing: Standing) -> int:
    """Return how many texts would move to the account signed in together with this one; 0 when it cannot move."""
    if not owner.is_receipt or not request.user.is_authenticated:
        return 0
    return Contribution.objects.owned_by(owner).in_thread_of(standing.contribution).count()


@public
@require_POST
@posting
def take_back(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Take a waiting text back and go on writing it."""
    try:
        actions.take_back(pk, owner=request.owner)
    except (NotYours, WrongKey):
        raise
    except Refused as refusal:
        return status_page(request, pk, refusal=str(refusal), code=409)
    return SeeOther(reverse("stories:step", args=[pk, STORY]))


@public
@asks_password_when_old
@posting
def withdraw(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Ask once, then take a text away for good."""
    if request.method == "POST":
        actions.withdraw(pk, owner=request.owner)
        return SeeOther(reverse("stories:status", args=[pk]))
    owner, standing = found_or_404(request, pk)
    if not standing.can_withdraw:
        return redirect("stories:status", pk=pk)
    return render(request, "stories/withdraw.html", {"standing": standing, **marks(request, owner, pk)})


@public
@require_POST
@posting
def consent(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Take back one thing that a story was published with the wish for."""
    code = request.POST.get("consent", "")
    if code not in {wish.code for wish in WISHES}:
        raise Http404
    actions.end_consent(pk, code=code, owner=request.owner)
    return SeeOther(reverse("stories:status", args=[pk]) + "#who")


@public
@require_POST
@posting
def discard(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away."""
    actions.discard_draft(pk, owner=request.owner)
    if found(request, pk)[1] is None:
        return SeeOther(reverse("stories:mine"))
    return SeeOther(reverse("stories:status", args=[pk]))


@public
@require_POST
@posting
def adopt(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Keep a text of the open receipt with the account that is signed in."""
    if not request.user.is_authenticated or not request.owner.is_receipt:
        raise Http404
    try:
        actions.adopt(pk, receipt=request.owner, account=Owner.of_account(request.user))
    except (NotYours, WrongKey):
        raise
    except Refused as refusal:
        return status_page(request, pk, refusal=str(refusal), code=409)
    return SeeOther(reverse("stories:status", args=[pk]))


def found_or_404(request: HttpRequest, pk: UUID) -> tuple[Owner, Standing]:
    """Return who of those here owns a text, and where it stands; raise Http404 when none does."""
    owner, standing = found(request, pk)
    if owner is None or standing is None:
        check_key()  # under a wrong one nobody has a text, and that is not to be believed
        raise Http404
    return owner, standing
