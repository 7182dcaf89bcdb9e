"""Crisis language in two tiers: danger or a wish of now, and what is past, vague or weary.

A phrase says what it may mean; the words around it say whether it is meant. They are looked at only so far,
so the time is linear in the length of the text. English and Spanish; in other languages nothing is found.
"""

import re
from dataclasses import dataclass

from stories.screening.english_crisis import ENGLISH
from stories.screening.findings import Span, merged
from stories.screening.phrases import Means, Phrase, Tongue
from stories.screening.spanish_crisis import SPANISH
from stories.screening.wording import END, Wording

BEFORE, BEYOND = 60, 90
URGENT, WORRY, NOTHING = "urgent", "worry", ""
TONGUES = (ENGLISH, SPANISH)


@dataclass(frozen=True, slots=True)
class Place:
    """Hold what a phrase says, its sentence before and after it, and a little more of what follows."""

    before: str
    said: str
    after: str
    beyond: str

    @property
    def sentence(self) -> str:
        """The sentence, so far as it is looked at."""
        return f"{self.before}{self.said}{self.after}"


def crisis(words: Wording) -> tuple[list[Span], list[Span]]:
    """Find urgent and worrying passages in the words of a text, each in order."""
    found: dict[str, list[Span]] = {URGENT: [], WORRY: [], NOTHING: []}
    for tongue in TONGUES:
        for phrase in tongue.phrases:
            for match in phrase.pattern.finditer(words.text):
                found[_tier(tongue, phrase, match)].append(words.span(match.start() + 1, match.end()))
    return merged(found[URGENT]), merged(found[WORRY])


def despairs(words: Wording) -> bool:
    """Say whether the words speak of wanting to die or of hurting oneself, and not of violence alone."""
    return any(
        _tier(tongue, phrase, match)
        for tongue in TONGUES
        for phrase in tongue.despair
        for match in phrase.pattern.finditer(words.text)
    )


def _tier(tongue: Tongue, phrase: Phrase, match: re.Match[str]) -> str:
    """Weigh one phrase by the words around it; nothing when it is denied, asked about, or not meant."""
    place = _place(match)
    if _is_denied(tongue, phrase, place) or tongue.asked.search(place.before):
        return NOTHING
    if match.groupdict("").get("i") == "" and not tongue.alone.search(place.before):
        return NOTHING  # "people who want to die": the wish of somebody else
    if phrase.named and not tongue.oneself.search(place.sentence):
        return NOTHING  # "talks about self-harm are on Mondays"
    if phrase.idiom and tongue.not_meant.search(place.sentence):
        return WORRY if phrase.means is Means.NOW else NOTHING
    if phrase.means is Means.HURT:
        return WORRY if tongue.supposed.search(place.before) else URGENT
    if tongue.at_this_hour.search(place.sentence):
        return URGENT
    if phrase.means is Means.NOW and not tongue.before_now.search(place.before):
        soft = tongue.softened.search(f"{place.before}{place.said}") or tongue.often_after.match(place.after)
        return WORRY if soft else URGENT
    if tongue.resolved.search(place.beyond):
        return NOTHING
    return URGENT if tongue.attempt.search(place.said) and tongue.lately.search(place.sentence) else WORRY


def _place(match: re.Match[str]) -> Place:
    start, end = match.span()
    before = match.string[max(0, start - BEFORE) : start].rpartition(END)[2]
    beyond = match.string[end : end + BEYOND]
    return Place(before, match.group(), beyond.partition(END)[0], beyond)


def _is_denied(tongue: Tongue, phrase: Phrase, place: Place) -> bool:
    """Say whether the words right before take it back; a phrase with a speaker of its own takes a whole frame."""
    if tongue.framed.search(place.before):
        return True
    if place.said.startswith(tongue.speakers):
        return False
    clause = place.before.rpartition(",")[2]
    weak = phrase.means in (Means.PAST, Means.THOUGHT)
    return (tongue.denied if weak else tongue.negated).search(clause) is not None
