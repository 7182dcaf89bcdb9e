"""English of a crisis: its phrases, and the words around one that take it back, soften it or make it urgent."""

import re

from stories.screening import danger_phrases, despair_phrases
from stories.screening.phrases import Tongue

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

ENGLISH = Tongue(
    phrases=(*danger_phrases.PHRASES, *despair_phrases.PHRASES),
    despair=(
        *despair_phrases.PHRASES,
        *(one for one in danger_phrases.PHRASES if one.pattern is danger_phrases.THEY_WOULD_DIE),
    ),
    speakers=SPEAKERS,
    framed=FRAMED,
    negated=NOT,
    denied=DENIED,
    asked=ASKED,
    supposed=SUPPOSED,
    softened=SOFTENED,
    often_after=OFTEN_AFTER,
    before_now=BEFORE_NOW,
    at_this_hour=AT_THIS_HOUR,
    lately=LATELY,
    attempt=ATTEMPT,
    not_meant=NOT_MEANT,
    resolved=RESOLVED,
    alone=ALONE,
    oneself=ONESELF,
)
