"""Doses told to others, in English and Spanish: the amount, where the words before it tell somebody to take it.

What somebody took themselves is their experience: "I took 5 mg", "they gave me 100 units" is no finding.
"""

import re

from stories.screening.findings import Span, merged
from stories.screening.phrases import one_of
from stories.screening.sayings import before
from stories.screening.wording import END, Wording

# So far a cue reaches: "take one of the small white ones, that is 5 mg".
REACH = 80
UNIT = r"(?:mg|mcg|ug|g|ml|cc|iu|ui|milligram(?:me)?s?|microgram(?:me)?s?|millilit(?:re|er)s?|miligramos?|mililitros?)"
PIECE = (
    r"(?:tablets?|pills?|capsules?|drops|puffs|patches|units|suppositor(?:y|ies)"
    r"|pastillas?|comprimidos?|capsulas?|gotas|unidades|parches|ovulos)"
)
HALF = r"(?:(?:a )?half an?|one|two|three|four|five|six|eight|ten|media|una|dos|tres|cuatro|cinco|seis|diez|un)"
ONE = (
    rf"(?:\d[\d_]* ?{UNIT}|\d[\d_]* {PIECE}|\d[\d_]* percent(?= (?:\w+ )?(?:gel|cream|lidocaine|solution|crema"
    rf"|lidocaina)\b)|{HALF} (?:\w+ )?{PIECE})"
)
OFTEN = (
    r"(?: (?:(?:once|twice|\w+ times) (?:a|per|every|each) (?:day|week|night|month)|every (?:day|night|morning"
    r"|\w+ hours)"
    r"|(?:una vez|\w+ veces) (?:al|por|a la) (?:dia|semana|noche)|cada (?:dia|noche|\w+ horas)))?"
)
AMOUNT = re.compile(rf" {ONE}(?: (?:or|to|and|o|a|y) {ONE})?{OFTEN}(?= |$)")

TAKE = (
    r"(?:take|use|try|start with|start on|begin with|put|apply|insert|inject|swallow|add|go (?:up|down)|ask for|drink"
    r"|get|double|give yourself|rub)"
)
TAKE_ES = (
    r"(?:toma(?:te|d|os)?|usa(?:d)?|pon(?:te|eos)?|empieza(?: con)?|empezad con|prueba(?: con)?|aplica(?:te)?|inyectate"
    r"|metete|introduce|sube a|bebe(?:te)?|echate|tragate)"
)
TOLD = one_of(
    "",
    TAKE,
    r"you (?:should|must|need|have to|can|could|ought to|want|will need)",
    r"(?:right|best|correct|recommended|usual|normal|safe|ideal|good|proper) (?:doses?|amount|dosage)",
    r"(?:i|we) (?:would )?(?:recommend|suggest|advise)",
    r"nothing (?:under|over|less|more)",
    r"(?:up|increase|raise|double) (?:your|the) (?:dose|dosage|amount)(?: up)? to",
    r"best (?:is|are|thing is|way is)",
    TAKE_ES,
    r"(?:tienes|teneis|hay) que|deb(?:es|eis|erias|eriais)",
    r"lo mejor (?:es|son)|(?:sube|aumenta) (?:la dosis|hasta)(?: a)?",
    r"dosis (?:buena|correcta|ideal|recomendada|normal|adecuada)",
    r"(?:te|os) (?:recomiendo|aconsejo)|yo (?:que tu )?tomaria",
)
# "my doctor told me to take | 5 mg", "she said take | ...", "me dijo que hay que ..."
OWN = re.compile(
    r" (?:i|me|my|we|people|women|some|many|most|nobody|who|doctors?|nurses?|not|to|no|ella|quien|gente|se|us|she"
    r"|he|they|her|was|were|gave|took|prescribed|said|told|mi|yo|tome|tomo|tomaba|recet\w+|pusieron"
    r"|dieron|nos|dijo|dijeron|medic[oa])(?= |$)"
)
SHARED = re.compile(r" (?:recommend|suggest|advise|recomiendo|aconsejo|tomaria)$")


def doses(words: Wording) -> list[Span]:
    """Find amounts that somebody is told to take, each once, in order."""
    found: list[Span] = []
    reached = 0
    for cue in TOLD.finditer(words.text):
        begin, end = cue.end(), min(cue.end() + REACH, len(words.text))
        stop = words.text.find(f" {END}", begin, end)
        if _is_own(cue, words.text[begin : (stop if stop > 0 else end)]):
            continue
        for amount in AMOUNT.finditer(words.text, max(begin, reached), stop + 1 if stop > 0 else end):
            found.append(words.span(amount.start() + 1, amount.end()))
            reached = amount.end()
    return merged(found)


def _is_own(cue: re.Match[str], after: str) -> bool:
    """Say whether the sentence tells what somebody did, not what others are to do."""
    said_before = "" if SHARED.search(cue.group()) else before(cue)
    first = AMOUNT.search(f"{after} ")
    between = after[: first.start()] if first else ""
    return OWN.search(f"{said_before} ") is not None or OWN.search(f"{between} ") is not None
