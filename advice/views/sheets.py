"""One version at the desk: what an editor types of it, and all that an editor and a clinician see beside it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, staff_only
from accounts.models import Role
from advice import actions
from advice.actions import Changed, Refused
from advice.desk import sheet
from advice.forms import ArticleForm, RemarkForm, SignForm
from advice.grade import verdict
from advice.markdown import render as markdown
from advice.models import State, Version
from stories.posting import SeeOther
from stories.signed_out import keeps

INVALID, CONFLICT = 422, 409
DESK = (Role.EDITOR, Role.CLINICIAN)
desk_only = staff_only(*DESK)
SAVED = gettext_lazy("Saved.")
PRESSED = {
    "send": (State.WAITING, gettext_lazy("It waits for a clinician now. Nothing in it can change until one answers.")),
    "publish": (State.LIVE, gettext_lazy("Readers see it now, as not yet reviewed.")),
}


@keeps("act", *ArticleForm.base_fields, roles=DESK)
@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """Show one version beside what readers see; an editor changes a draft here, with a preview."""
    one = found(version_id)
    if request.method != "POST":
        return show(request, one)
    if not writes(request):
        raise Http404
    form = ArticleForm(request.POST, language=one.article.language)
    if request.headers.get("X-Preview"):
        return _preview(request, form, one.article.language)
    if not form.is_valid():
        return show(request, one, form=form, status=INVALID)
    wanted = request.POST.get("act", "save")
    if wanted == "preview":
        return show(request, one, form=form)
    try:
        return _saved(request, one, form, wanted)
    except (Changed, Refused) as refusal:
        now = one.now()
        form.seen_anew(now)
        form.add_error(None, str(refusal))
        return show(request, now, form=form, status=CONFLICT)


def _saved(request: StaffRequest, one: Version, form: ArticleForm, wanted: str) -> HttpResponse:
    """Save what was typed, and send or publish exactly that; what came too late is carried to what stands now."""
    given: dict[str, Any] = {
        "seen": form.cleaned_data["seen"],
        "remark": form.cleaned_data["remark"],
        "editor": request.user,
    }
    if wanted == "carry":
        return said(request, actions.carry(one.pk, form.words, **given), _("Your words are saved in a draft."))
    to, sentence = PRESSED.get(wanted, (State.DRAFT, SAVED))
    return said(request, actions.keep(one.pk, form.words, to=to, **given), str(sentence))


def show(request: StaffRequest, one: Version, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Show a version; ``forms`` are those that come back with what was typed: form, remark or sign."""
    form = forms.get("form")
    can_write = writes(request)
    if form is None and can_write and one.state == State.DRAFT:
        form = ArticleForm.of(one)
    if form is not None and form.is_bound and status == 200:
        one = _as_typed(one, form)
    context = {
        "sheet": sheet(one),
        "version": one,
        "form": form,
        "remark": forms.get("remark") or RemarkForm(),
        "sign": None if can_write else forms.get("sign") or SignForm.of(one),
        "can_write": can_write,
        "is_preview": form is not None and form.is_bound,
    }
    return render(request, "advice/version.html", context, status=status)


def _preview(request: StaffRequest, form: ArticleForm, language: str) -> HttpResponse:
    """Return the text as readers would see it, while it is being typed."""
    shown = markdown(form.typed("body"), form.typed_keys)
    told = verdict(f"{form.typed('short')}\n\n{form.typed('body')}", language)
    return render(request, "advice/_preview.html", {"shown": shown, "language": language, "grade": told})


def _as_typed(one: Version, form: ArticleForm) -> Version:
    """Return a version with words that are not saved."""
    for name, value in form.words.columns.items():
        setattr(one, name, value)
    return one


def found(version_id: UUID) -> Version:
    return get_object_or_404(Version.objects.select_related("article"), pk=version_id)


def address(one: Version) -> str:
    return reverse("advice:version", args=[one.pk])


def said(request: StaffRequest, one: Version, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return SeeOther(address(one))


def writes(request: StaffRequest) -> bool:
    """Say whether somebody writes; who does not reads and signs."""
    return request.user.role == Role.EDITOR
