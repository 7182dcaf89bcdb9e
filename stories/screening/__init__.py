"""Hints for people, never decisions: pure functions that find what should not stand in a story.

Text in, spans and rule ids out, in time linear in the length of the text.
"""

from collections.abc import Iterator

from stories.screening import advice_phrases, explicit_phrases, offer_phrases, promise_phrases
from stories.screening.conduct_rules import ADVICE, CURE, DOSE, EXPLICIT, OFFER
from stories.screening.crisis import crisis, despairs
from stories.screening.crisis_rules import URGENT, WORRY, crisis_tier
from stories.screening.doses import doses
from stories.screening.findings import Finding, ScreeningRule, Segment, Span, mark
from stories.screening.fixing import fixable, fixed
from stories.screening.folding import fold
from stories.screening.handles import handles
from stories.screening.identity_rules import CLINIC, PERSON, PLACE
from stories.screening.links import addresses, messengers
from stories.screening.names import clinics, people
from stories.screening.phones import phones
from stories.screening.places import places
from stories.screening.rules import EMAIL, HANDLE, LINK, MESSENGER, PHONE, RULES, rule
from stories.screening.sayings import said
from stories.screening.wording import wording

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
    """Find what RULES are about in a text: sorted, in characters of this text, none over another.

    Where two rules see the same passage, the first of RULES keeps it, so they are asked in that order.
    """
    plain = fold(text)
    taken: list[Finding] = []
    for known, spans in _seen(plain.text):
        free = _free([plain.span(start, end) for start, end in spans], taken)
        taken = sorted([*taken, *(Finding(start, end, known.id, known.kind) for start, end in free)])
    return tuple(taken)


def tells_of_despair(text: str) -> bool:
    """Say whether a text speaks of wanting to die, or of hurting oneself."""
    plain = fold(text).text
    return despairs(wording(_without(plain, people(plain))))


def _seen(text: str) -> Iterator[tuple[ScreeningRule, list[Span]]]:
    """Yield what each rule sees in a plain spelling, in the order of RULES."""
    mail, web = addresses(text)
    yield from ((EMAIL, mail), (MESSENGER, messengers(text)), (LINK, web))
    yield from ((HANDLE, handles(text)), (PHONE, phones(text)))
    named = people(text)
    words = wording(_without(text, named))
    urgent, worry = crisis(words)
    yield from ((URGENT, urgent), (WORRY, worry), (PERSON, named), (CLINIC, clinics(text)), (PLACE, places(text)))
    yield from ((DOSE, doses(words)), (ADVICE, said(words, advice_phrases.SAYINGS)))
    yield from ((CURE, said(words, promise_phrases.SAYINGS)), (OFFER, said(words, offer_phrases.SAYINGS)))
    yield EXPLICIT, said(words, explicit_phrases.SAYINGS)


def _without(text: str, names: list[Span]) -> str:
    """Put spaces in place of names, so that "my husband Tom hits me" reads as without it."""
    parts: list[str] = []
    place = 0
    for start, end in names:
        parts += (text[place:start], " " * (end - start))
        place = end
    return "".join([*parts, text[place:]])


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
