"""Questions and guides: the list, one of them, and whether it helped."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from accounts.access import public
from advice.actions import count_opinion
from advice.changes import SteadyFeed, changed_articles, moment_of
from advice.linked import article_data
from advice.models import Kind
from advice.reading import ArticlePage, article_page, listed
from stories.choices import choices_of
from stories.passes import may_tell

HELPFUL = {"yes": True, "no": False}


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List all questions and guides, each with its short answer and whether its review is in date."""
    rows = listed(_language(), Kind.QUESTION, Kind.GUIDE)
    kinds = [(kind, [one for one in rows if one.article.kind == kind]) for kind in (Kind.QUESTION, Kind.GUIDE)]
    return render(request, "advice/index.html", {"kinds": [(kind, found) for kind, found in kinds if found]})


@public
@require_safe
def article(request: HttpRequest, slug: str, language: str = "") -> HttpResponse:
    """Show one article, in the language of its address, else in the reader's."""
    if language and not _is_spoken(language):
        raise Http404
    with translation.override(language or _language()):
        page = _page(request, slug, language or _language())
        if language and page.version.article.language != language:
            raise Http404
        address = request.build_absolute_uri
        context = {
            "page": page,
            "version": page.version,
            "data": article_data(page, address),
            "canonical": address(address_of(page.version.article.slug, page.version.article.language)),
            "alternates": [(one.language, address(address_of(one.slug, one.language))) for one in page.translations],
        }
        return render(request, "advice/article.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Ask whether an article helped, and count the answer: nothing about who gave it is kept."""
    if not _is_spoken(language):
        raise Http404
    page = _page(request, slug, language)
    if request.method == "POST":
        answer = HELPFUL.get(request.POST.get("helpful", ""))
        if answer is not None:
            told = ("yes" if answer else "no") if may_tell(request) else "full"
            if told in HELPFUL:
                count_opinion(page.version.article_id, helpful=answer)
            return redirect(f"{request.path}?told={told}")
        return render(request, "advice/opinion.html", {"page": page, "is_missing": True}, status=422)
    told = request.GET.get("told", "")
    return render(request, "advice/opinion.html", {"page": page, "told": told if told in {*HELPFUL, "full"} else ""})


@public
@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """Give the articles that changed last."""
    address = request.build_absolute_uri
    made = SteadyFeed(
        title=f"{settings.SITE_NAME}: {_('Advice')}",
        link=address(reverse("advice:index")),
        description="",
        language=_language(),
        author_name=settings.SITE_NAME,
        feed_url=address(reverse("advice:feed")),
    )
    for one in changed_articles(_language())[: settings.STORIES_A_PAGE]:
        made.add_item(
            title=one.title,
            link=address(address_of(one.article.slug, one.article.language)),
            description=escape(one.short),
            unique_id=f"urn:uuid:{one.article_id}",
            updateddate=moment_of(one.changed_on),
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)


def address_of(slug: str, language: str) -> str:
    """Return the one address under which an article in a language stays."""
    return reverse("advice:article_in", args=[slug, language])


def _page(request: HttpRequest, slug: str, language: str) -> ArticlePage:
    page = article_page(slug, language, reader=request.user, choices=choices_of(request))
    if page is None:
        raise Http404
    return page


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


def _is_spoken(language: str) -> bool:
    return language in dict(settings.LANGUAGES)
