"""What somebody takes along, and how they go: an archive of what is theirs, and erasing it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, asks_second_step, carrying, public
from accounts.cookies import take_all
from accounts.journal import JournalError
from accounts.views import asks_password
from stories import actions
from stories.actions import WrongKey, check_key
from stories.actions.erasing import Also
from stories.archive import AtWork, Belongings, Reports, all_of, files
from stories.forms.leaving import LeavingForm, carried, chosen_before
from stories.lifecycle import MovedMeanwhile
from stories.own_texts import read_now
from stories.owners import Owner
from stories.posting import SeeOther, posting
from stories.refusals import NotYours, Refused
from stories.views.own import found_or_404
from stories.visit import PostingRequest, found, marks
from stories.zipped import zipped

FILE = "export.zip"

logger = logging.getLogger(__name__)


@asks_second_step
@asks_password
@require_http_methods(["GET", "POST"])
def export(request: MemberRequest, reports: Reports, at_work: AtWork) -> HttpResponse:
    """Say what the archive holds; on the button, make it while it is sent. It changes nothing.

    Not by a link: a browser that looks ahead would fetch everything.
    """
    check_key()
    if request.method == "POST":
        return _archive(all_of(request.user, reports, at_work))
    return render(request, "stories/export.html")


def asks_its_account(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask whoever is here for an account's text who it is; the code of a receipt is a proof of its own."""
    asks: Callable[..., HttpResponse] = asks_second_step(asks_password(view))

    @wraps(view)
    def gated(request: HttpRequest, /, pk: UUID) -> HttpResponse:
        owner, _standing = found(request, pk)
        return view(request, pk) if owner is None or owner.is_receipt else asks(request, pk)

    return gated


@public
@asks_its_account
@require_http_methods(["GET", "POST"])
def export_text(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what the archive of one text holds; on the button, make it while it is sent."""
    owner, standing = found_or_404(request, pk)
    if request.method == "POST":
        return _archive(Belongings(owner, texts=[standing.pk]))
    return render(request, "stories/export_text.html", {"standing": standing})


@asks_second_step
@asks_password
@require_http_methods(["GET", "POST"])
@carrying(carried)
def close(request: MemberRequest, also: Also) -> HttpResponse:
    """Say what goes and what stays, ask which texts stay without an owner, and erase the account."""
    if request.user.is_staff_member:
        return render(request, "stories/close_staff.html")
    check_key()
    posted, texts = request.POST if request.method == "POST" else None, read_now(Owner.of_account(request.user))
    form = LeavingForm(posted, texts=texts, chosen=chosen_before(request))
    if request.method == "POST" and form.is_valid():
        return _erase(request, form, also)
    return _close_page(request, form, status=422 if form.errors else 200)


@public
@require_GET
def closed(request: HttpRequest) -> HttpResponse:
    """Say that an account was erased, and what that means. The same for whoever opens it."""
    return render(request, "stories/closed_account.html")


@public
@asks_its_account
@posting
def erase_text(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Ask once, then take away one text and every word of it, at once."""
    if request.method == "POST":
        try:
            actions.erase_text(pk, owner=request.owner)
        except (NotYours, WrongKey):
            raise
        except Refused as refusal:
            return _erase_page(request, pk, refusal=str(refusal), status=503)
        messages.success(request, _("The text is erased. Not a word of it is left here."))
        return SeeOther(reverse("stories:mine"))
    return _erase_page(request, pk)


def _archive(of: Belongings) -> HttpResponse:
    pieces: Any = StreamingHttpResponse(zipped(files(of, get_language() or "en")), content_type="application/zip")
    pieces.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return pieces  # type: ignore[no-any-return]  # the gates know answers that are made whole


def _erase(request: MemberRequest, form: LeavingForm, also: Also) -> HttpResponse:
    """Erase the account, end the visit and take every cookie of ours away; or say how far it came."""
    try:
        actions.erase_account(request.user, keeps=form.keeps, also=also)
    except WrongKey:
        raise
    except Refused as refusal:
        return _close_page(request, form, refusal=str(refusal), status=503)
    except (DatabaseError, InterfaceError, JournalError, MovedMeanwhile) as error:
        logger.error("an account was not erased to its end", exc_info=error)
        unfinished = _("Not everything could be erased just now. Your account is still there. Please press once more.")
        return _close_page(request, form, refusal=unfinished, status=503)
    logout(request)
    response = redirect("accounts:closed")
    response.status_code = 303
    take_all(request, response)
    return response


def _close_page(request: MemberRequest, form: LeavingForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
    came_back = not form.is_bound and bool(chosen_before(request))
    context = {"form": form, "refusal": refusal, "carried": came_back, "days": settings.BACKUP_DAYS}
    return render(request, "stories/close.html", context, status=status)


def _erase_page(request: HttpRequest, pk: UUID, *, refusal: str = "", status: int = 200) -> HttpResponse:
    owner, standing = found_or_404(request, pk)
    context = {"standing": standing, "refusal": refusal, "days": settings.BACKUP_DAYS, **marks(request, owner, pk)}
    return render(request, "stories/erase.html", context, status=status)
