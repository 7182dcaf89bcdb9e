"""The pages around the stories: home, what this is, who runs it, and the way out."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

import content
from accounts.access import public
from accounts.cookies import FORGET, take_all
from accounts.keeping import keep_look
from accounts.look import own_names, put_on
from accounts.sessions import most_weeks
from community.design import samples
from community.health import READINESS, look
from community.models import counts
from stories.choices import choices_of
from stories.listing import Teaser, newest_for_engines, page
from stories.models import house_rules

NEWEST = 5
MOST_COOKIES = 8 * 1024  # bytes, of which ours take one: with more, every cookie that lies here goes on leaving

logger = logging.getLogger(__name__)


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what this is, three ways in, three counts, the newest stories and help."""
    pack = content.load(get_language() or settings.LANGUAGE_CODE)
    sources = pack.advice.cited(pack.site.short_answer_sources)
    context = {"doors": _doors(), "newest": _newest(request), "counts": counts(), "sources": sources}
    return render(request, "community/home.html", context)


def _newest(request: HttpRequest) -> list[Teaser]:
    """Return the newest stories; for visitors, who see what search engines see, those that may be shown to these."""
    choices = choices_of(request)
    if request.user.is_authenticated:
        return page(request.user, choices=choices, size=NEWEST).stories
    return newest_for_engines(request.user, choices=choices, size=NEWEST)


def _doors() -> list[dict[str, object]]:
    """Return the three ways in: for who has it, for who loves somebody who has it, and for who only reads."""
    pack = content.load(get_language() or settings.LANGUAGE_CODE)
    stories = reverse("stories:list")
    own, partner = pack.role("self"), pack.role("partner")
    doors: list[dict[str, object]] = [
        {
            "url": f"{stories}?f={own.facet}",
            "title": own.door,
            "text": own.door_text,
            "action": _("Read these stories"),
        },
        {
            "url": reverse("advice:partners"),
            "title": partner.door,
            "text": partner.door_text,
            "action": _("To the partners’ pages"),
        },
    ]
    reading = {"title": pack.site.reading_door, "text": pack.site.reading_door_text}
    return [*doors, {"url": stories, "action": _("Read all stories"), **reading}]


@public
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show the house rules."""
    return render(request, "community/rules.html", {"rules": house_rules(get_language() or settings.LANGUAGE_CODE)})


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say in plain words what is kept, for how long, and what cannot be promised."""
    return render(
        request,
        "community/privacy.html",
        {"weeks": settings.SESSION_WEEKS, "most_weeks": most_weeks(), "backup_days": settings.BACKUP_DAYS},
    )


@public
@require_safe
def reading(request: HttpRequest) -> HttpResponse:
    """Say what leaving does, what it cannot hide, and what helps more."""
    return render(request, "community/reading.html")


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say who runs this, how a text is read, and how the counts are made."""
    return render(request, "community/about.html", {"step": settings.PERSON_COUNT_STEP})


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say for whom these pages work, how that was tried, and what to do when they do not."""
    return render(request, "community/accessibility.html")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Offer the languages of the site; a choice is kept in a cookie that ends with the visit, and with an account."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        status = 422 if request.method == "POST" else 200
        return render(request, "community/language.html", {"names": own_names()}, status=status)
    if request.user.is_authenticated:
        keep_look(request.user, language=chosen)
    response = redirect("community:home")
    put_on(response, language=chosen)
    return response


@public
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Show every piece of the look; in the local run only."""
    if not settings.LOCAL_RUN:
        raise Http404
    return render(request, "community/design.html", samples(request.GET.get("theme", "")))


@public
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """End the visit and go on to a neutral site: the one address that changes something when it is opened."""
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        # A browser that looks ahead has not been told to leave.
        return HttpResponse(status=503)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        try:
            request.session.flush()
        except (DatabaseError, InterfaceError):
            request.session.modified = False
            logger.warning("a visit was left while the database did not answer; its row ends with its week")
    response = HttpResponseRedirect(settings.LEAVE_TARGET)
    response.status_code = 303
    take_all(request, response)
    if len(request.headers.get("Cookie", "")) > MOST_COOKIES:
        response.headers["Clear-Site-Data"] = f'{FORGET}, "cookies"'
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers. It touches nothing else."""
    del request
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether everything that the site needs is there; 503 when something is not."""
    del request
    findings = list(look(READINESS))
    lines = [f"{finding.subject}: {finding.todo or 'ok'}" for finding in findings]
    status = 503 if any(finding.todo for finding in findings) else 200
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8", status=status)


@public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Send those who ask for the old address of the icon to the icon."""
    del request
    return redirect(static("img/favicon.svg"))
