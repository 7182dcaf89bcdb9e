"""What screening finds: spans of a text with the id of a rule, never a copy of the words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Point at one passage: characters `start` to `end` (exclusive) of the text that was screened."""

    start: int
    end: int
    rule: str
    kind: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Hold a run of a text and the finding that covers it, or None."""

    text: str
    finding: Finding | None


@dataclass(frozen=True, slots=True, eq=False)
class ScreeningRule:
    """Hold one rule: `sentence` for the author, `label` for the moderator, `house_rule` a code of the pack.

    `replacement` is what may stand in place of the passage, empty where there is nothing to mend. `hits` and
    `misses` are texts that it must find, and must leave alone; a test runs them all.
    """

    id: str
    kind: str
    version: int
    house_rule: str
    label: str | Promise
    sentence: str | Promise
    replacement: str | Promise
    hits: tuple[str, ...]
    misses: tuple[str, ...]


Span = tuple[int, int]


def mark(text: str, findings: Iterable[Finding]) -> list[Segment]:
    """Cut a text into segments for highlighting; joined, the segments' texts are the text again.

    Where findings overlap, the one that starts first is shown, and of two the longer. A finding that does not
    fit the text (it was made for another one) is left out.
    """
    segments: list[Segment] = []
    place = 0
    for finding in sorted(findings, key=lambda found: (found.start, -found.end, found.rule)):
        if not place <= finding.start < finding.end <= len(text):
            continue
        if finding.start > place:
            segments.append(Segment(text[place : finding.start], None))
        segments.append(Segment(text[finding.start : finding.end], finding))
        place = finding.end
    if place < len(text):
        segments.append(Segment(text[place:], None))
    return segments


def merged(spans: Iterable[Span]) -> list[Span]:
    """Join spans that overlap, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
