"""Names of people and of clinics, as far as titles, roles and capital letters give them away (best effort)."""

import re
from collections.abc import Iterator

from stories.screening.findings import Span, merged
from stories.screening.name_words import CARERS, CARERS_ES, KIN, KIN_ES, NO_CLINICS, NO_NAMES

WORD = r"[A-Z](?:'[A-Z])?[a-z]{1,24}(?:-?[A-Z][a-z]{1,24}){0,2}"
MORE = rf"(?: (?:(?:de la|de|del|van|von|bin|al) )?{WORD}){{0,2}}"
NAME = rf"(?P<name>{WORD}{MORE})(?![\w@])"
TITLE = (
    r"(?:[Dd]octora?|[Dd]ra?|DR|[Pp]rof(?:essor|esora?)?|Mr|Mrs|Ms|Miss|Nurse|Sister|Midwife|Frau|Herr|Mme|Madame"
    r"|[Ss]enor(?:a|ita)?|Sra?|[Dd]ona|[Ee]nfermer[oa]|[Mm]atrona|[Pp]rofesora?)"
)
TITLED = re.compile(rf"(?<![\w@]){TITLE}\.? {{1,2}}{NAME}")
BESIDE_A_ROLE = re.compile(
    rf"(?<!\w)(?:[Mm]y|[Oo]ur|[Tt]he|[Hh]is|[Hh]er|[Mm]i|[Nn]uestr[oa]|[Ss]u|[Ll]a|[Ee]l) (?:\w+ )?"
    rf"(?:{CARERS}|{KIN}|{CARERS_ES}|{KIN_ES})"
    rf"(?:,? (?:is |was |se )?(?:called|named|llama(?:da|do)?|llamaba)|, who is called|'s name is|,)? {NAME}"
)
CALLED = re.compile(
    rf"(?<!\w)(?:[Mm]y name is|[Ii] am called|(?:[Hh]er|[Hh]is|[Tt]heir) name (?:is|was)|(?:is|was) (?:called|named)"
    rf"|[Mm]e llamo|[Mm]i nombre es|[Ss]e llama(?:ba)?|(?:[Ss]u|[Ll]a) nombre (?:es|era)) {NAME}"
)
CAPITAL = rf"{WORD}(?:'s|(?<=St)\.)?"
KIND = (
    r"(?:[Cc]linic|Hospital|hospital|Infirmary|(?:Medical|Health|Physio|Therapy|Fertility|Birth) (?:Cent(?:re|er)"
    r"|Practice|Group)"
    r"|Surgery|Practice|Cent(?:re|er)|Physio(?:therapy)?|Polyclinic|Klinik(?:um)?|Praxis|Krankenhaus|Clinique"
    r"|Sanatorium)"
)
BEFORE_ITS_KIND = re.compile(rf"(?<![\w@])(?P<name>{CAPITAL}(?: (?:and |of |& )?{CAPITAL}){{0,3}}) {KIND}(?!\w)")
KIND_ES = (
    r"(?:[Cc]linica|[Hh]ospital|[Cc]entro(?: de [Ss]alud| [Mm]edico| [Ss]anitario)?|[Aa]mbulatorio|[Pp]oliclinica"
    r"|[Ii]nstituto"
    r"|[Cc]onsultorio|Hospital of|Clinic of|[Cc]linic|[Cc]linica? (?:called|named|llamad[oa]))"
)
AFTER_ITS_KIND = re.compile(
    rf"(?<![\w@]){KIND_ES} (?:(?:de|del|of|at) (?:la |las |los |el )?)?"
    rf"(?P<name>{CAPITAL}(?: (?:(?:de|del|of|y|and)(?: la| las| los)? )?{CAPITAL}){{0,3}})(?!\w)"
)


# "Tansy, my midwife, said"
BEFORE_A_ROLE = re.compile(
    rf"(?<![\w@]){NAME}, (?:my|our|mi|nuestr[oa]|la|el) (?:\w+ )?(?:{CARERS}|{KIN}|{CARERS_ES}|{KIN_ES})(?!\w)"
)


NAMED = (BESIDE_A_ROLE, CALLED, BEFORE_A_ROLE)


def people(text: str) -> list[Span]:
    """Find names of people in a plain spelling: behind a title, beside a role, or said to be a name."""
    found = [match.span() for match in TITLED.finditer(text) if _is_a_name(match)]
    for pattern in NAMED:
        found += [match.span("name") for match in pattern.finditer(text) if _is_a_name(match)]
    return merged(found)


def clinics(text: str) -> list[Span]:
    """Find names of clinics, hospitals and practices in a plain spelling."""
    return merged(span for pattern in (BEFORE_ITS_KIND, AFTER_ITS_KIND) for span in _named(text, pattern))


def _is_a_name(match: re.Match[str]) -> bool:
    return match["name"].split(" ")[0].split("'s")[0] not in NO_NAMES


def _named(text: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    """Yield what a pattern finds, without words before it that only begin a sentence, where one word is its own."""
    for match in pattern.finditer(text):
        words = match["name"].split(" ")
        if all(word.removesuffix("'s") in NO_CLINICS or word in NO_CLINICS or word[0].islower() for word in words):
            continue
        start = match.start()
        while match.start() == match.start("name") and words[0] in NO_NAMES:
            start += len(words.pop(0)) + 1
        yield start, match.end()
