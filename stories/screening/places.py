"""Places that lead to a door: a street with a number, a postcode (best effort, towns and countries are left)."""

import re

from stories.screening.findings import Span, merged

WORD = r"[A-Z](?:'[A-Z])?[a-z]{1,24}"
STREET = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Way|Terrace|Square|Crescent|Boulevard|Blvd"
    r"|Gardens|Grove"
    r"|Hill|Mews|Parade|Row|Walk|Place)"
)
NUMBER = r"(?:(?:[Nn][.o]{0,2} ?|num(?:ero|\.)? ?)?\d{1,4}[a-zA-Z]?)(?!\w)"
LINKS = r"(?:(?:de|del|la|las|los|el|y|San|Santa) ){0,3}"
A_STREET = rf"(?<![\w.,/-])\d{{1,4}}[a-zA-Z]?,? (?:{WORD} ){{1,3}}{STREET}(?!\w)"
A_CALLE = (
    rf"(?<!\w)(?:[Cc]alle|[Cc]/|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]aseo|[Cc]amino|[Tt]ravesia|[Rr]onda) ?{LINKS}"
    rf"{WORD}(?: {LINKS}{WORD}){{0,3}},? {NUMBER}"
)
A_STRASSE = rf"(?<!\w){WORD}(?:stra\u00dfe|strasse|str\.|weg|platz|gasse|allee) {NUMBER}"
A_RUE = rf"(?<![\w.,/-])\d{{1,4}},? (?:rue|avenue|boulevard|via|viale) {LINKS}(?:des |du )?{WORD}"
# the letters that no British postcode ends with keep "B12 5MG" out
BRITISH = r"(?<![\w-])[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}(?!\w)"
STATE = (
    r"A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
)
AMERICAN = rf"(?<!\w)(?:{STATE}) \d{{5}}(?:-\d{{4}})?(?!\w)"
SAID = (
    r"(?i)(?<!\w)(?:post ?code|zip(?: code)?|codigo postal|c\.?p\.?|plz)(?: (?:is|es))?:? {0,2}(?=[\w-]{0,6}\d)"
    r"[a-z\d]{3,5}(?:[ -]\d[a-z]{2})?(?!\w)"
)
PLACES = tuple(map(re.compile, (A_STREET, A_CALLE, A_STRASSE, A_RUE, BRITISH, AMERICAN, SAID)))


def places(text: str) -> list[Span]:
    """Find addresses and postcodes in a plain spelling."""
    return merged(match.span() for pattern in PLACES for match in pattern.finditer(text))
