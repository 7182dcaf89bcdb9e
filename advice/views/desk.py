"""The desk: editors write, clinicians read and sign. Nobody else sees that it is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import StaffRequest, staff_only
from accounts.models import Role
from advice import actions
from advice.actions import Changed, Refused
from advice.desk import board as board_now
from advice.desk import history, sheet
from advice.forms import ArticleForm, NewArticleForm, RemarkForm, SignForm
from advice.grade import verdict
from advice.markdown import render as markdown
from advice.models import Article, Kind, SignOff, State, Version
from stories.posting import SeeOther
from stories.signed_out import keeps

INVALID, CONFLICT = 422, 409
DESK = (Role.EDITOR, Role.CLINICIAN)
desk_only = staff_only(*DESK)
editors_only = staff_only(Role.EDITOR)
clinicians_only = staff_only(Role.CLINICIAN)


@desk_only
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Show what there is to write, to read and to check, and all articles."""
    articles = Article.objects.in_order()
    return render(
        request, "advice/desk.html", {"board": board_now(), "articles": articles, "can_write": _writes(request)}
    )


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Begin a new article."""
    form = NewArticleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            begun = actions.begin(
                slug=data["slug"],
                language=data["language"],
                kind=Kind(data["kind"]),
                place=data["place"],
                editor=request.user,
            )
            return SeeOther(_address(begun))
        except Refused as refusal:
            form.add_error("slug", str(refusal))
    return render(request, "advice/new.html", {"form": form}, status=INVALID if form.errors else 200)


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def article(request: StaffRequest, article_id: UUID) -> HttpResponse:
    """Show the versions of an article; an editor may begin a draft of it."""
    one = get_object_or_404(Article, pk=article_id)
    if request.method == "POST":
        if not _writes(request):
            raise Http404
        return SeeOther(_address(actions.draft_of(one.pk, editor=request.user)))
    rows = history(one)
    is_live = any(version.state == State.LIVE for version, _signed in rows)
    context = {"article": one, "rows": rows, "is_live": is_live, "can_write": _writes(request)}
    return render(request, "advice/desk_article.html", context)


@keeps("act", *ArticleForm.base_fields, roles=DESK)
@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """Show one version beside what readers see; an editor changes a draft here, with a preview."""
    one = _version(version_id)
    if request.method != "POST":
        return _sheet(request, one)
    if not _writes(request):
        raise Http404
    form = ArticleForm(request.POST, language=one.article.language)
    if request.headers.get("X-Preview"):
        return _preview(request, form, one.article.language)
    if not form.is_valid():
        return _sheet(request, one, form=form, status=INVALID)
    wanted = request.POST.get("act", "save")
    if wanted == "preview":
        return _sheet(request, one, form=form)
    try:
        return _saved(request, one, form, wanted)
    except (Changed, Refused) as refusal:
        now = _version(version_id)
        form.seen_anew(now)
        form.add_error(None, str(refusal))
        return _sheet(request, now, form=form, status=CONFLICT)


def _saved(request: StaffRequest, one: Version, form: ArticleForm, wanted: str) -> HttpResponse:
    """Save what was typed, and then send or publish exactly that."""
    actions.write(one.pk, form.words, seen=form.cleaned_data["seen"], editor=request.user)
    if form.cleaned_data["remark"]:
        actions.remark(one.pk, form.cleaned_data["remark"], author=request.user)
    if wanted == "send":
        actions.send(one.pk, seen=form.words.digest, editor=request.user)
        return _said(request, one, _("It waits for a clinician now. Nothing in it can change until one answers."))
    if wanted == "publish":
        actions.publish(one.pk, seen=form.words.digest, editor=request.user)
        return _said(request, one, _("Readers see it now, as not yet reviewed."))
    return _said(request, one, _("Saved."))


@keeps(*RemarkForm.base_fields, *SignForm.base_fields, roles=DESK)
@desk_only
@require_POST
def act(request: StaffRequest, version_id: UUID, act: str) -> HttpResponse:
    """Do what a button beside a version says."""
    doing = (EDITING if _writes(request) else REVIEWING).get(act)
    if doing is None:
        raise Http404
    one = _version(version_id)
    try:
        return doing(request, one)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _sheet(request, _version(version_id), status=CONFLICT)


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
    return SeeOther(_address(signed.version))


def _take_back(request: StaffRequest, one: Version) -> HttpResponse:
    actions.take_back(one.pk, editor=request.user)
    return _said(request, one, _("It is a draft again."))


def _discard(request: StaffRequest, one: Version) -> HttpResponse:
    actions.discard(one.pk, editor=request.user)
    messages.success(request, _("The draft is put away. What readers see has not changed."))
    return SeeOther(reverse("advice:desk_article", args=[one.article_id]))


def _remark(request: StaffRequest, one: Version) -> HttpResponse:
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _sheet(request, one, remark=form, status=INVALID)
    actions.remark(one.pk, form.cleaned_data["text"], author=request.user)
    return _said(request, one, _("Your word stands beside it."))


def _send_back(request: StaffRequest, one: Version) -> HttpResponse:
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _sheet(request, one, remark=form, status=INVALID)
    try:
        actions.send_back(one.pk, form.cleaned_data["text"], clinician=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _sheet(request, _version(one.pk), remark=form, status=CONFLICT)
    return _said(request, one, _("It is with its editors again, with your word."))


def _sign(request: StaffRequest, one: Version) -> HttpResponse:
    form = SignForm(request.POST)
    if not form.is_valid():
        return _sheet(request, one, sign=form, status=INVALID)
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
        now = _version(one.pk)
        form.seen_anew(now)
        form.add_error(None, str(refusal))
        return _sheet(request, now, sign=form, status=CONFLICT)
    return _said(request, one, _("Signed. Readers see your name and the day beside this version."))


def _correct(request: StaffRequest, one: Version) -> HttpResponse:
    actions.sign_correction(one.pk, seen=request.POST.get("seen", ""), clinician=request.user)
    return _said(request, one, _("It is before readers, under the review that it had."))


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


def _sheet(request: StaffRequest, one: Version, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Show a version; ``forms`` are those that come back with what was typed: form, remark or sign."""
    form = forms.get("form")
    can_write = _writes(request)
    if form is None and can_write and one.state == State.DRAFT:
        form = ArticleForm.of(one)
    if form is not None and form.is_bound and status == 200:
        one = _as_typed(one, form)
    context = {
        "sheet": sheet(one),
        "version": one,
        "form": form,
        "remark": forms.get("remark") or RemarkForm(),
        "sign": forms.get("sign") or (None if can_write else SignForm.of(one)),
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


def _version(version_id: UUID) -> Version:
    return get_object_or_404(Version.objects.select_related("article"), pk=version_id)


def _address(one: Version) -> str:
    return reverse("advice:version", args=[one.pk])


def _said(request: StaffRequest, one: Version, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return SeeOther(_address(one))


def _writes(request: StaffRequest) -> bool:
    return request.user.role == Role.EDITOR
