"""What screening found in all of a writer's own words, for the writer: where, why, and what could stand there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from content.shapes import ContentWarning
from stories.pieces import Passage
from stories.screening import Finding, fixable, rule, screen, tells_of_despair
from stories.words import Words, own_words

CRISIS = "crisis"  # the kind of finding that offers help and wants nothing changed


@dataclass(frozen=True)
class Noticed:
    """One passage: ``field`` is a key of ``own_words``, ``number`` its place on the page."""

    number: int
    field: str
    finding: Finding
    words: str

    @property
    def where(self) -> str | Promise:
        """Return in which part it stands; nothing for the text itself."""
        if self.field == "text":
            return ""
        return _("In the title") if self.field == "title" else _("In what you tried")

    @property
    def sentence(self) -> str | Promise:
        """Return what its writer reads about it."""
        return rule(self.finding.rule).sentence

    @property
    def replacement(self) -> str | Promise:
        """Return what could stand there instead; nothing for what is not to be replaced."""
        return rule(self.finding.rule).replacement if fixable(self.finding) else ""

    @property
    def is_crisis(self) -> bool:
        """Say whether it speaks of a crisis."""
        return self.finding.kind == CRISIS

    @property
    def address(self) -> str:
        """Return the name of the passage in a form."""
        return f"{self.field}:{self.finding.start}:{self.finding.end}:{self.finding.rule}"

    @property
    def passage(self) -> Passage:
        """Return the stretch of its field to be marked."""
        label = _("Help is listed above") if self.is_crisis else rule(self.finding.rule).label
        return Passage(self.finding.start, self.finding.end, label, self.number)


def notice(words: Words) -> list[Noticed]:
    """Return all that screening finds, in the order of the page."""
    numbers = count(1)
    return [
        Noticed(next(numbers), field, found, text[found.start : found.end])
        for field, text in own_words(words).items()
        for found in screen(text)
    ]


def offered_warning(words: Words, noticed: Iterable[Noticed]) -> ContentWarning | None:
    """Return the warning to offer beside words of a crisis, as long as the writer has not chosen it."""
    fitting = next(
        (one for one in content.load(get_language() or settings.LANGUAGE_CODE).warnings if one.for_crisis), None
    )
    fields = {one.field for one in noticed if one.is_crisis}
    if fitting is None or fitting.code in words.warnings:
        return None
    return fitting if any(tells_of_despair(own_words(words)[field]) for field in fields) else None


def marked(noticed: Iterable[Noticed]) -> dict[str, list[Passage]]:
    """Return the passages by the names of their fields."""
    passages: dict[str, list[Passage]] = {}
    for one in noticed:
        passages.setdefault(one.field, []).append(one.passage)
    return passages
