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
from advice.forms import RemarkForm, SignForm
from advice.models import SignOff, Version
from advice.views.sheets import CONFLICT, DESK, INVALID, address, desk_only, found, said, show, writes
from stories.posting import SeeOther
from stories.signed_out import keeps

clinicians_only = staff_only(Role.CLINICIAN)


@keeps(*RemarkForm.base_fields, *SignForm.base_fields, roles=DESK)
@desk_only
@require_POST
def act(request: StaffRequest, version_id: UUID, act: str) -> HttpResponse:
    """Do what a button beside a version says."""
    doing = (EDITING if writes(request) else REVIEWING).get(act)
    if doing is None:
        raise Http404
    one = found(version_id)
    try:
        return doing(request, one)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return show(request, found(version_id), status=CONFLICT)


@clinicians_only
@require_POST
def unsign(request: StaffRequest, signoff_id: UUID) -> HttpResponse:
    """Take a signature back."""
    signed = get_object_or_404(SignOff, pk=signoff_id)
    try:
        actions.unsign(signed.pk, clinician=request.user)
        messages.success(request, _("Your signature is taken back. Readers see no label any more."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return SeeOther(address(signed.version))


def _take_back(request: StaffRequest, one: Version) -> HttpResponse:
    actions.take_back(one.pk, editor=request.user)
    return said(request, one, _("It is a draft again."))


def _discard(request: StaffRequest, one: Version) -> HttpResponse:
    actions.discard(one.pk, editor=request.user)
    messages.success(request, _("The draft is put away. What readers see has not changed."))
    return SeeOther(reverse("advice:desk_article", args=[one.article_id]))


def _remark(request: StaffRequest, one: Version) -> HttpResponse:
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return show(request, one, remark=form, status=INVALID)
    actions.remark(one.pk, form.cleaned_data["text"], author=request.user)
    return said(request, one, _("Your word stands beside it."))


def _send_back(request: StaffRequest, one: Version) -> HttpResponse:
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return show(request, one, remark=form, status=INVALID)
    try:
        actions.send_back(one.pk, form.cleaned_data["text"], clinician=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return show(request, found(one.pk), remark=form, status=CONFLICT)
    return said(request, one, _("It is with its editors again, with your word."))


def _sign(request: StaffRequest, one: Version) -> HttpResponse:
    form = SignForm(request.POST)
    if not form.is_valid():
        return show(request, one, sign=form, status=INVALID)
    data = form.cleaned_data
    try:
        actions.sign(
            one.pk,
            seen=data["seen"],
            name=data["name"],
            qualification=data["qualification"],
            due_on=data["due_on"],
            clinician=request.user,
        )
    except Refused as refusal:
        now = found(one.pk)
        form.seen_anew(now)
        form.add_error(None, str(refusal))
        return show(request, now, sign=form, status=CONFLICT)
    return said(request, one, _("Signed. Readers see your name and the day beside this version."))


def _correct(request: StaffRequest, one: Version) -> HttpResponse:
    actions.sign_correction(one.pk, seen=request.POST.get("seen", ""), clinician=request.user)
    return said(request, one, _("It is before readers, under the review that it had."))


EDITING: dict[str, Callable[[StaffRequest, Version], HttpResponse]] = {
    "take-back": _take_back,
    "discard": _discard,
    "remark": _remark,
}
REVIEWING: dict[str, Callable[[StaffRequest, Version], HttpResponse]] = {
    "remark": _remark,
    "send-back": _send_back,
    "sign": _sign,
    "correct": _correct,
}
