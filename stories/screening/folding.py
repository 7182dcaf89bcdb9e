"""One plain spelling of a text to look through, and the way back to the text as it was typed.

Full-width digits, letters in circles, Arabic digits, accents, soft hyphens and zero-width characters hide a
number from a pattern, and none hides it from a reader. NFKD and the categories are Unicode's (UAX #15, #44).
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from stories.text import is_noncharacter

# A few signs stand for a whole phrase; more than this of one sign says nothing about contact details.
LONGEST = 4
LINE_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
FILLERS = "\u115f\u1160\u3164\uffa0\u2800"
FULL_STOPS = "\u3002\u2024\uff61"


@dataclass(frozen=True, slots=True)
class Folded:
    """Hold the plain spelling; `places[i]` is where its character i came from."""

    text: str
    places: list[int]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of the plain spelling into a span of the text as typed, marks and all."""
        last = self.places[end - 1]
        after = self.places[end] if end < len(self.places) else self.length
        return self.places[start], max(last + 1, after)


def fold(text: str) -> Folded:
    """Spell a text plainly, in time and space linear in its length."""
    if text.isascii() and text.isprintable():
        return Folded(text, list(range(len(text))), len(text))
    plain: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        spelled = _plain(char)
        plain.append(spelled)
        places.extend([place] * len(spelled))
    return Folded("".join(plain), places, len(text))


@lru_cache(maxsize=1 << 16)
def _plain(char: str) -> str:
    """Spell one character plainly: nothing for what is not seen, a break or space, or NFKD without marks."""
    if char in LINE_BREAKS:
        return "\n"
    if char == "\t":
        return " "
    if char in FULL_STOPS:
        return "."
    if char in FILLERS:
        return ""
    return "".join(map(_seen, unicodedata.normalize("NFKD", char)))[:LONGEST]


def _seen(char: str) -> str:
    """Spell one decomposed character: digits as ASCII, dashes as a hyphen, nothing for marks and formats."""
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd" or char == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    unseen = category[0] == "M" or category in {"Cc", "Cf", "Co", "Cs"} or is_noncharacter(ord(char))
    return "" if unseen else char
