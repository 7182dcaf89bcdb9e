"""The desk: editors write, clinicians read and sign. Nobody else sees that it is there."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest, staff_only
from accounts.models import Role
from advice import actions
from advice.actions import Refused
from advice.desk import board as board_now
from advice.desk import history
from advice.forms import NewArticleForm
from advice.models import Article, Kind, State
from advice.views.sheets import INVALID, address, desk_only, writes
from stories.posting import SeeOther

editors_only = staff_only(Role.EDITOR)


@desk_only
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Show what there is to write, to read and to check, and all articles."""
    articles = Article.objects.in_order()
    return render(
        request, "advice/desk.html", {"board": board_now(), "articles": articles, "can_write": writes(request)}
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
            return SeeOther(address(begun))
        except Refused as refusal:
            form.add_error("slug", str(refusal))
    return render(request, "advice/new.html", {"form": form}, status=INVALID if form.errors else 200)


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def article(request: StaffRequest, article_id: UUID) -> HttpResponse:
    """Show the versions of an article; an editor may begin a draft of it."""
    one = get_object_or_404(Article, pk=article_id)
    if request.method == "POST":
        if not writes(request):
            raise Http404
        return SeeOther(address(actions.draft_of(one.pk, editor=request.user)))
    rows = history(one)
    is_live = any(version.state == State.LIVE for version, _signed in rows)
    context = {"article": one, "rows": rows, "is_live": is_live, "can_write": writes(request)}
    return render(request, "advice/desk_article.html", context)
