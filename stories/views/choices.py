"""What a reader chooses to be shown: the form, and where the choice is kept."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import content
from accounts.access import public
from accounts.actions import keep_reading_choices
from stories.choices import Choices, choices_of, forget, remember


@public
def reading(request: HttpRequest) -> HttpResponse:
    """Show what opens by itself; keep a choice, a member's with the account, a visitor's for this visit."""
    if request.method == "POST":
        return _keep(request)
    offered = Choices.of(request.GET.get("open", "").split("."))
    chosen = choices_of(request)
    pack = content.load(get_language() or "en")
    context = {
        "warnings": [(one, one.code in chosen.opened | offered.opened) for one in pack.warnings],
        "without_partners": chosen.without_partners,
        "partners": pack.role("partner").facet,
        "story": _story(request.GET.get("story", "")),
    }
    return render(request, "stories/choices.html", context)


def _keep(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen and go back to where the choice was offered."""
    choices = Choices.of(request.POST.getlist("open"))
    story = _story(request.POST.get("story", ""))
    response = redirect("stories:detail", pk=story) if story else redirect("stories:list")
    if request.user.is_authenticated:
        keep_reading_choices(request.user, choices.codes)
        forget(response)
        messages.success(request, _("Your choice is kept with your account."))
    else:
        remember(response, choices)
        messages.success(request, _("Your choice is kept until you sign in, leave or close the browser."))
    return response


def _story(given: str) -> UUID | None:
    """Return the story somebody came from; an address is never taken from the request as it stands."""
    try:
        return UUID(given)
    except ValueError:
        return None
