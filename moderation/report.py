"""Reporting a text: the form, and what happens next. Nobody who reads a report can learn whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import public
from moderation import actions
from moderation.models import Report
from stories import passes
from stories.actions import WrongKey
from stories.models import Publication, house_rules
from stories.owners import Owner
from stories.posting import SeeOther, gives_back, posting
from stories.refusals import Refused
from stories.text import clean, excerpt
from stories.visit import PostingRequest, is_staff, marks, not_for_staff, owner_of, owners_of, visitor

BEGINNING = 60  # characters by which a reply, which has no title, is called
NO_REASON = _("Please tick at least one rule, so that whoever reads your report knows where to look.")
TOO_LONG = _("This has %(count)s characters, and %(most)s fit. Please shorten it.")
GONE = _("It was withdrawn or hidden while you wrote, so there is nothing to report any more. Nothing was kept.")


class ReportForm(forms.Form):
    """Which house rules a text breaks, and a few words if somebody wants to say more."""

    rules = forms.MultipleChoiceField(
        label=_("Which house rules is it about?"),
        help_text=_("Tick all that fit."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NO_REASON},
    )
    text = forms.CharField(
        label=_("Do you want to say more?"),
        help_text=_("You can leave this empty. Please write nothing here that tells who you are."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = house_rules(get_language() or settings.LANGUAGE_CODE)
        self.fields["rules"].choices = [(one.code, one.title) for one in rules]  # type: ignore[attr-defined]  # a MultipleChoiceField
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Field("rules"), Field("text"))

    def clean_text(self) -> str:
        """Clean the words as all words here are, and refuse more than fit."""
        text = clean(self.cleaned_data["text"])
        if len(text) > settings.NOTE_MAX:
            raise ValidationError(TOO_LONG, params={"count": len(text), "most": settings.NOTE_MAX})
        return text


@public
@gives_back("text", "rules")
@posting
def report(request: PostingRequest, pk: UUID) -> HttpResponse:
    """Ask what is wrong with a text, keep it, and say what happens next."""
    if is_staff(request):
        return not_for_staff(request)
    publication = Publication.objects.readable_by(request.user).newest().filter(pk=pk).first()
    if publication is None:
        return _gone(request)
    if request.method == "POST":
        return _send(request, publication)
    if _has_reported(owners_of(request), publication):
        return render(request, "moderation/reported.html", _about(publication))
    owner = owner_of(request) or visitor(request)
    if owner is None:
        return passes.wait_an_hour(request)
    return _form(request, publication, owner, ReportForm())


def _send(request: PostingRequest, publication: Publication) -> HttpResponse:
    """Keep a report, and show by the same address that it has arrived."""
    owner, form = request.owner, ReportForm(request.POST)
    here = SeeOther(request.path)
    if _has_reported([owner], publication):
        return here
    trouble = passes.trouble(request, reporting=True) if owner.is_receipt else None
    if trouble:
        form.add_error(None, str(trouble))
    if not form.is_valid():
        return _form(request, publication, owner, form, status=422)
    try:
        actions.report(publication, rules=form.cleaned_data["rules"], text=form.cleaned_data["text"], owner=owner)
    except WrongKey:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, publication, owner, form, status=409)
    return here


def _form(
    request: HttpRequest, publication: Publication, owner: Owner, form: ReportForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, **_about(publication), **marks(request, owner, publication.pk)}
    return render(request, "moderation/report.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    """Say that a report comes too late, and give its words back; to whoever only looks, the page is not there."""
    if request.method != "POST":
        raise Http404
    words = clean(request.POST.get("text", ""))
    return render(request, "moderation/report_gone.html", {"reason": GONE, "words": words}, status=404)


def _about(publication: Publication) -> dict[str, Any]:
    """Return what a report is about, named as its readers know it: no word of a text that has warnings."""
    revision, is_reply = publication.revision, publication.parent_id is not None
    name = revision.title if not is_reply else "" if publication.warnings else excerpt(revision.text, BEGINNING)
    return {"pk": publication.pk, "name": name, "language": revision.language, "is_reply": is_reply}


def _has_reported(owners: Iterable[Owner], publication: Publication) -> bool:
    """Say whether one of those here has told about this version already."""
    told = [owner.once("report", publication.revision_id) for owner in owners]
    return Report.objects.filter(mark__in=told).exists()
