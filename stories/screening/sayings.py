"""Phrases that are heard in one way only, unless the words right before them say that somebody else said so."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stories.screening.findings import Span, merged
from stories.screening.wording import END, Wording

LOOK_BACK = 60


@dataclass(frozen=True, slots=True)
class Saying:
    """Hold the ways to say one thing, and what must not stand before it in its sentence; None where nothing may not.

    `pattern` opens with the space before its first word; `unless` is searched in what the sentence says before.
    """

    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None


def said(words: Wording, sayings: Iterable[Saying]) -> list[Span]:
    """Find sayings in the words of a text, in order and joined where they overlap."""
    return merged(
        words.span(match.start() + 1, match.end())
        for saying in sayings
        for match in saying.pattern.finditer(words.text)
        if saying.unless is None or not saying.unless.search(before(match))
    )


def before(match: re.Match[str]) -> str:
    """Return what the sentence says before a match, so far as it is looked at."""
    return match.string[max(0, match.start() - LOOK_BACK) : match.start()].rpartition(END)[2]
