"""What a button beside a version does: an editor takes it back, a clinician signs it or sends it back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import StaffRequest, staff_only
from accounts.models import Role
from advice import actions
from advice.actions import Refused
from advice.forms import RemarkForm, SignForm, anew
from advice.models import SignOff, Version
from advice.views.sheets import CONFLICT, DESK, INVALID, desk_only, found, said, show, writes
from stories.posting import SeeOther
from stories.signed_out import keeps

clinicians_only = staff_only(Role.CLINICIAN)
labels_only = staff_only(Role.EDITOR, Role.LEAD)
GRAVE = frozenset({"sign", "correct"})  # readers see them as reviewed
Doing = Callable[[StaffRequest, Version, str], HttpResponse]


@keeps(*RemarkForm.base_fields, *SignForm.base_fields, roles=DESK, again=GRAVE)
@desk_only
@require_POST
def act(request: StaffRequest, version_id: UUID, act: str) -> HttpResponse:
    """Do what a button beside a version says, with the word that was typed there."""
    doing = (EDITING if writes(request) else REVIEWING).get(act)
    if doing is None:
        raise Http404
    return _with_word(request, found(version_id), doing, is_needed=act in SAYING)


@keeps(*RemarkForm.base_fields, *SignForm.base_fields, roles=DESK, again=True)
@clinicians_only
@require_POST
def unsign(request: StaffRequest, signoff_id: UUID) -> HttpResponse:
    """Take a signature back."""
    signed = get_object_or_404(SignOff.objects.select_related("version__article"), pk=signoff_id)

    def doing(request: StaffRequest, one: Version, word: str) -> HttpResponse:
        actions.unsign(signoff_id, remark=word, clinician=request.user)
        return said(request, one, _("Your signature is taken back. Readers see no label any more."))

    return _with_word(request, signed.version, doing)


@keeps(roles=(Role.EDITOR, Role.LEAD), again=True)
@labels_only
@require_POST
def end_gone(request: StaffRequest, signoff_id: UUID) -> HttpResponse:
    """End all labels of somebody who is no clinician here any more."""
    signed = get_object_or_404(SignOff, pk=signoff_id)
    try:
        actions.end_labels_of_gone(signed.pk, by=request.user)
        messages.success(request, _("Readers see these labels no more."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return SeeOther(reverse("advice:desk" if writes(request) else "moderation:people"))


def _with_word(request: StaffRequest, one: Version, doing: Doing, *, is_needed: bool = False) -> HttpResponse:
    """Do it; where it is refused, all that was typed beside any of the buttons comes back."""
    word = RemarkForm(request.POST, is_needed=is_needed)
    if not word.is_valid():
        return show(request, one, remark=word, sign=SignForm.kept(request.POST), status=INVALID)
    try:
        return doing(request, one, word.cleaned_data["text"])
    except Refused as refusal:
        now = found(one.pk)
        messages.error(request, str(refusal))
        return show(request, now, remark=word, sign=SignForm.kept(anew(request.POST, now)), status=CONFLICT)


def _take_back(request: StaffRequest, one: Version, word: str) -> HttpResponse:
    actions.take_back(one.pk, remark=word, editor=request.user)
    return said(request, one, _("It is a draft again."))


def _discard(request: StaffRequest, one: Version, _word: str) -> HttpResponse:
    actions.discard(one.pk, editor=request.user)
    messages.success(request, _("The draft is put away. What readers see has not changed."))
    return SeeOther(reverse("advice:desk_article", args=[one.article_id]))


def _remark(request: StaffRequest, one: Version, word: str) -> HttpResponse:
    actions.remark(one.pk, word, author=request.user)
    return said(request, one, _("Your word stands beside it."))


def _send_back(request: StaffRequest, one: Version, word: str) -> HttpResponse:
    actions.send_back(one.pk, word, clinician=request.user)
    return said(request, one, _("It is with its editors again, with your word."))


def _sign(request: StaffRequest, one: Version, word: str) -> HttpResponse:
    form = SignForm(request.POST)
    if not form.is_valid():
        return show(request, one, sign=form, remark=RemarkForm(initial={"text": word}), status=INVALID)
    data = form.cleaned_data
    actions.sign(
        one.pk,
        seen=data["seen"],
        name=data["name"],
        qualification=data["qualification"],
        due_on=data["due_on"],
        remark=word,
        clinician=request.user,
    )
    return said(request, one, _("Signed. Readers see your name and the day beside this version."))


def _correct(request: StaffRequest, one: Version, word: str) -> HttpResponse:
    actions.sign_correction(one.pk, seen=request.POST.get("seen", ""), remark=word, clinician=request.user)
    return said(request, one, _("It is before readers, under the review that it had."))


SAYING = frozenset({"remark", "send-back"})  # what is nothing without a word
EDITING: dict[str, Doing] = {
    "take-back": _take_back,
    "discard": _discard,
    "remark": _remark,
}
REVIEWING: dict[str, Doing] = {
    "remark": _remark,
    "send-back": _send_back,
    "sign": _sign,
    "correct": _correct,
}
