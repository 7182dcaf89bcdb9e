"""Crisis language in two tiers: danger or a wish of now, and what is past, vague or weary.

A phrase says what it may mean; the words around it say whether it is meant. They are looked at only so far,
so the time is linear in the length of the text. English; in other languages nothing is found.
"""

import re
from dataclasses import dataclass

from stories.screening import danger_phrases, despair_phrases
from stories.screening.danger_phrases import THEY_WOULD_DIE
from stories.screening.findings import Span, merged
from stories.screening.phrases import Means, Phrase
from stories.screening.wording import END, wording

BEFORE, BEYOND = 60, 90
URGENT, WORRY, NOTHING = "urgent", "worry", ""
PHRASES = (*danger_phrases.PHRASES, *despair_phrases.PHRASES)
DESPAIR = tuple(one for one in PHRASES if one.pattern is THEY_WOULD_DIE or one in despair_phrases.PHRASES)

# Every pattern opens with the space before its first word, as those of the phrases do.
# Right before a phrase: "it is not that | I want to die", "he acts as if | he hits me".
FRAMED = re.compile(
    r" (?:(?:not|never) (?:that|because|like|as if|as though|mean|means|meaning|say|saying|said|think|thinking|thought"
    r"|believe|feel like)|nobody|no one|as if|as though|pretend|pretended|pretends"
    r"|(?<!feel )(?<!feels )(?<!felt )like)(?: that)?(?: i)?$"
)
# "I am not | going to kill myself"
NOT = re.compile(r" (?:not|never|no longer)(?: (?:ever|once|actively|currently))?$")
# "never had any | thoughts of suicide", "stopped | cutting myself", "if you are | thinking of suicide", but not
# "could not cope and | cut myself"
NEW_THOUGHT = (
    r"(?:alright|and|as|because|but|can|coping|eat|fine|good|help|i|know|ok|okay|only|safe|sleep|so|stop|sure|then"
    r"|until|well|when|while)"
)
DENIED = re.compile(
    rf" (?:(?:no|not|never|without|nor|neither|nobody|none)(?: (?!{NEW_THOUGHT}\b)\w+){{0,3}}"
    r"|(?:stopped|quit|overcame|beyond|past|instead of|rather than|free (?:of|from)|over)(?: \w+)?"
    r"|(?:you|anyone|anybody|someone|somebody|people|women)(?: (?!(?:i|me|my)\b)\w+){0,4})$"
)
# "asked me whether | I wanted to die"
ASKED = re.compile(
    r" (?:(?:(?:ask(?:s|ed|ing)?|questions?|check(?:s|ed)?)(?: \w+){0,2} (?:if|about|that)|to know if)"
    r"(?: (?!and\b|but\b)\w+){0,4}|whether(?: \w+){0,4})$"
)
SUPPOSED = re.compile(r" (?:if|(?:imagined?|dream(?:s|ed|t)?|nightmares?|film|book|novel)(?: \w+){0,4})$")
SOFTENED = re.compile(
    r" (?:sometimes|often|usually|always|constantly|secretly|(?:at|some|most|other) (?:times|days|nights|mornings)"
    r"|there (?:are|were) (?:times|days|nights|moments)|every time|each time|when|whenever|if|once"
    r"|(?:feels?|felt) like|(?:part|half) of me|thinks?|thinking|thought|said|used to|almost|nearly"
    r"|(?:make|makes|made) (?:me|it)|would|could)\b"
)
OFTEN_AFTER = re.compile(r" (?:sometimes|at times|(?:some|most) days|whenever|every time|each time|when)\b")
BEFORE_NOW = re.compile(r" (?:(?:was|were|did|had|used to)(?: \w+){0,2}$|(?:back then|years ago|in those days)\b)")
AT_THIS_HOUR = re.compile(
    r" (?:tonight|right now|this (?:evening|weekend)|at (?:the|this) moment|as i (?:write|type)"
    r"|(?:an?|two|half an) hours? ago|minutes ago)\b"
)
LATELY = re.compile(r" (?:last night|yesterday|today|this (?:morning|afternoon|week))\b")
ATTEMPT = re.compile(r" (?:tried|attempted|overdosed?|suicide note)\b")
NOT_MEANT = re.compile(
    r" (?:embarrass|asham|shame|mortif|cring|blush|laugh|lol\b|haha|jok(?:e|ing)|kidding|figuratively"
    r"|on the spot|right there|there and then)"
)
# After a phrase of the past. "I cannot do this any more" is no end of it, "but I do not want to any more" is.
FINE = r"(?:fine|well|better|happy|happier|glad|grateful|safe|alive|okay|ok|healed)"
OVER = r"(?:is|are|was|has|have) (?:all |long )?(?:over|gone|behind me|passed|stopped|lifted)"
SINCE = r"(?:any ?more|now|since)"
OLD_FEELING = r"(?:(?:want|feel|think|like|that|it|them|had|to|about|this|way) ){0,4}"
RESOLVED = re.compile(
    rf"^ {OVER}\b|^(?: [.,])*(?: but)? (?:not|never|no longer)(?: {SINCE}| today| again)? [.,]"
    rf"| but (?:not {SINCE}|i no longer (?:want|feel|think|do)|i (?:do|have) not {OLD_FEELING}{SINCE})\b"
    rf"| (?:thoughts|they|that|it|those days) {OVER}\b| glad (?:that )?i (?:did not|am|stayed|failed|survived|lived)\b"
    rf"| (?:now|today|these days) ,? ?i am (?:\w+ )?{FINE}\b| i am (?:\w+ )?{FINE} (?:now|today|again|these days)\b"
)
ALONE = re.compile(r"(?:^|,| and| but)$")
ONESELF = re.compile(r" (?:i|me|my|mine|myself)\b")
SPEAKERS = (" i ", " he ", " she ", " my ", " they ")


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


def crisis(text: str) -> tuple[list[Span], list[Span]]:
    """Find urgent and worrying passages in a plain spelling, each in order."""
    words = wording(text)
    found: dict[str, list[Span]] = {URGENT: [], WORRY: [], NOTHING: []}
    for phrase in PHRASES:
        for match in phrase.pattern.finditer(words.text):
            found[_tier(phrase, match)].append(words.span(match.start() + 1, match.end()))
    return merged(found[URGENT]), merged(found[WORRY])


def despairs(text: str) -> bool:
    """Say whether a plain spelling speaks of wanting to die or of hurting oneself, and not of violence alone."""
    words = wording(text).text
    return any(_tier(phrase, match) for phrase in DESPAIR for match in phrase.pattern.finditer(words))


def _tier(phrase: Phrase, match: re.Match[str]) -> str:
    """Weigh one phrase by the words around it; nothing when it is denied, asked about, or not meant."""
    place = _place(match)
    if _is_denied(phrase, place) or ASKED.search(place.before):
        return NOTHING
    if match.groupdict("").get("i") == "" and not ALONE.search(place.before):
        return NOTHING  # "people who want to die": the wish of somebody else
    if phrase.named and not ONESELF.search(place.sentence):
        return NOTHING  # "talks about self-harm are on Mondays"
    if phrase.idiom and NOT_MEANT.search(place.sentence):
        return WORRY if phrase.means is Means.NOW else NOTHING
    if phrase.means is Means.HURT:
        return WORRY if SUPPOSED.search(place.before) else URGENT
    if AT_THIS_HOUR.search(place.sentence):
        return URGENT
    if phrase.means is Means.NOW and not BEFORE_NOW.search(place.before):
        soft = SOFTENED.search(f"{place.before}{place.said}") or OFTEN_AFTER.match(place.after)
        return WORRY if soft else URGENT
    if RESOLVED.search(place.beyond):
        return NOTHING
    return URGENT if ATTEMPT.search(place.said) and LATELY.search(place.sentence) else WORRY


def _place(match: re.Match[str]) -> Place:
    start, end = match.span()
    before = match.string[max(0, start - BEFORE) : start].rpartition(END)[2]
    beyond = match.string[end : end + BEYOND]
    return Place(before, match.group(), beyond.partition(END)[0], beyond)


def _is_denied(phrase: Phrase, place: Place) -> bool:
    """Say whether the words right before take it back; a phrase with a speaker of its own takes a whole frame."""
    if FRAMED.search(place.before):
        return True
    if place.said.startswith(SPEAKERS):
        return False
    clause = place.before.rpartition(",")[2]
    weak = phrase.means in (Means.PAST, Means.THOUGHT)
    return (DENIED if weak else NOT).search(clause) is not None
