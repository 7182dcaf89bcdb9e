"""What every template knows: who runs this, the words of the content pack, and how long reading takes."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

import content
from accounts.look import theme_of
from community.models import put_back_to
from moderation.waiting import usual_wait


def site(request: HttpRequest) -> dict[str, object]:
    """Return the names that all templates share; what costs a query is worked out where it is shown."""
    asked = {"usual_wait": SimpleLazyObject(_wait), "put_back_to": SimpleLazyObject(_put_back_to)}
    return {**plain(), **asked, "theme": theme_of(request)}


def plain() -> dict[str, object]:
    """Return the names that need neither a request nor the database, for the pages of last resort."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_OPERATOR": settings.SITE_OPERATOR,
        "SITE_CONTACT": settings.SITE_CONTACT,
        "LOCAL_RUN": settings.LOCAL_RUN,
        "LEAVE_TARGET": settings.LEAVE_TARGET,
        "pack": content.load(get_language() or settings.LANGUAGE_CODE),
    }


def _wait() -> str:
    """Return how long reading takes; nothing when the database does not answer, so that the page stays."""
    try:
        return usual_wait()
    except (DatabaseError, InterfaceError):
        return ""


def _put_back_to() -> date | None:
    """Return the day to which the site went back lately; None when the database does not answer."""
    try:
        return put_back_to()
    except (DatabaseError, InterfaceError):
        return None
