"""Hints for people, never decisions: pure functions that find what should not stand in a story.

Text in, spans and rule ids out, in time linear in the length of the text.
"""

from stories.screening.crisis import crisis, despairs
from stories.screening.crisis_rules import URGENT, WORRY, crisis_tier
from stories.screening.findings import Finding, ScreeningRule, Segment, Span, mark
from stories.screening.fixing import fixable, fixed
from stories.screening.folding import fold
from stories.screening.handles import handles
from stories.screening.links import addresses, messengers
from stories.screening.phones import phones
from stories.screening.rules import EMAIL, HANDLE, LINK, MESSENGER, PHONE, RULES, rule

__all__ = [
    "RULES",
    "Finding",
    "ScreeningRule",
    "Segment",
    "crisis_tier",
    "fixable",
    "fixed",
    "mark",
    "rule",
    "screen",
    "tells_of_despair",
]


def screen(text: str) -> tuple[Finding, ...]:
    """Find contact details, links and crisis language in a text: sorted, in characters of this text, none over another.

    Where two rules see the same passage, the first of RULES keeps it, so they stand here in that order.
    """
    plain = fold(text)
    mail, web = addresses(plain.text)
    urgent, worry = crisis(plain.text)
    seen = (
        (EMAIL, mail),
        (MESSENGER, messengers(plain.text)),
        (LINK, web),
        (HANDLE, handles(plain.text)),
        (PHONE, phones(plain.text)),
        (URGENT, urgent),
        (WORRY, worry),
    )
    taken: list[Finding] = []
    for known, spans in seen:
        free = _free([plain.span(start, end) for start, end in spans], taken)
        taken = sorted([*taken, *(Finding(start, end, known.id, known.kind) for start, end in free)])
    return tuple(taken)


def tells_of_despair(text: str) -> bool:
    """Say whether a text speaks of wanting to die, or of hurting oneself."""
    return despairs(fold(text).text)


def _free(spans: list[Span], taken: list[Finding]) -> list[Span]:
    """Keep the spans that touch no finding and no span before them; both lists are in order."""
    free: list[Span] = []
    place, reached = 0, 0
    for start, end in spans:
        while place < len(taken) and taken[place].end <= start:
            place += 1
        if start >= reached and not (place < len(taken) and taken[place].start < end):
            free.append((start, end))
            reached = end
    return free
