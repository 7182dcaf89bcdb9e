"""Who can be called: what is the same in every language, the words that one language has for it, and both together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

# A number as it is dialled, or the word that is sent to one.
DIALLED = re.compile(r"\*?\d+|\b[A-Z]{2,}\b")


@dataclass(frozen=True, slots=True)
class Line:
    """Hold what is true of one way to get help in every language; ``hours`` is a key of a language's table of hours."""

    code: str
    country: str
    kind: str
    contact: str
    hours: str
    link: str = ""
    for_young: bool = False
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class LineWords:
    """Hold the words of one language for a line; ``contact`` only where words stand between the numbers."""

    code: str
    name: str
    contact: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Helpline:
    """Hold one way to get help as a reader sees it; ``checked_on`` is None until one of us rang or opened it."""

    code: str
    country: str
    kind: str
    name: str
    contact: str
    hours: str
    link: str = ""
    note: str = ""
    for_young: bool = False
    checked_on: date | None = None


def dialled(text: str) -> list[str]:
    """List the numbers in a text in their order, and the words in capitals that are sent to a number."""
    return DIALLED.findall(text)


def in_words(line: Line, words: LineWords, hours: Mapping[str, str]) -> Helpline:
    """Join a line and one language's words for it; ValueError when these hold another number or no such hours."""
    if words.contact and dialled(words.contact) != dialled(line.contact):
        raise ValueError(f"'{words.contact}' holds other numbers than '{line.contact}'")
    if line.hours not in hours:
        raise ValueError(f"there are no words for the hours '{line.hours}'")
    return Helpline(
        code=line.code,
        country=line.country,
        kind=line.kind,
        name=words.name,
        contact=words.contact or line.contact,
        hours=hours[line.hours],
        link=line.link,
        note=words.note,
        for_young=line.for_young,
        checked_on=line.checked_on,
    )
