"""What a reader chose to be shown: warnings that open by themselves, partners' stories or not.

A member's choices are kept with the account; a visitor's are in a cookie for the visit, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

import content
from accounts.cookies import READING
from stories.filters import ROLE, Filters


@dataclass(frozen=True)
class Choices:
    """The warnings that a reader does not want to be asked about, and whether partners' stories are left out."""

    opened: frozenset[str] = frozenset()
    without_partners: bool = False

    @classmethod
    def of(cls, codes: Iterable[str]) -> Choices:
        """Return the choices that some codes are; any other code is passed over, for a cookie may hold anything."""
        given = set(codes)
        known = frozenset(one.code for one in content.load().warnings)
        return cls(known & given, f"-{_partners()}" in given)

    @property
    def codes(self) -> list[str]:
        """Return the codes as they are kept."""
        return [*sorted(self.opened), *([f"-{_partners()}"] if self.without_partners else [])]

    def opens(self, warnings: Iterable[str]) -> bool:
        """Say whether a story with these warnings stands open."""
        return self.opened.issuperset(warnings)

    def applied_to(self, filters: Filters) -> Filters:
        """Leave partners' stories out of a list, unless its address asks for writers in some place."""
        return filters.with_(f"-{_partners()}") if self.without_partners and not filters.letter(ROLE) else filters


def choices_of(request: HttpRequest) -> Choices:
    """Return what this reader chose."""
    if request.user.is_authenticated:
        return Choices.of(request.user.reading_choices)
    return Choices.of(request.COOKIES.get(READING, "").split("."))


def remember(response: HttpResponse, choices: Choices) -> None:
    """Keep a visitor's choices until the browser is closed or the site is left; none leaves no cookie."""
    if not choices.codes:
        forget(response)
        return
    response.set_cookie(
        READING, ".".join(choices.codes), secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def forget(response: HttpResponse) -> None:
    """Take the cookie away."""
    response.delete_cookie(READING, samesite="Lax")


def _partners() -> str:
    return content.load().role("partner").facet
