"""What a phrase of crisis language is, and the words that such phrases share.

Phrases are looked for in a text's wording: contractions spelled out, no padding, every mark a word.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Means(StrEnum):
    """What a phrase says as it stands, before the words around it are weighed."""

    NOW = "a wish or a plan of now"
    HURT = "being hurt or forced now"
    PAST = "a wish or an attempt of before"
    THOUGHT = "thoughts, vague or of any time"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Hold the ways to say one thing.

    An `idiom` is often said without being meant. What is `named` counts only where somebody speaks of themselves.
    """

    means: Means
    pattern: re.Pattern[str]
    idiom: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class Tongue:
    """Hold what one language says of a crisis: its phrases, and patterns for the words around a phrase.

    Those of `despair` tell of wanting to die or of hurting oneself. A phrase that begins with one of the `speakers`
    is taken back by a whole frame only, not by a no before it.
    """

    phrases: tuple[Phrase, ...]
    despair: tuple[Phrase, ...]
    speakers: tuple[str, ...]
    framed: re.Pattern[str]
    negated: re.Pattern[str]
    denied: re.Pattern[str]
    asked: re.Pattern[str]
    supposed: re.Pattern[str]
    softened: re.Pattern[str]
    often_after: re.Pattern[str]
    before_now: re.Pattern[str]
    at_this_hour: re.Pattern[str]
    lately: re.Pattern[str]
    attempt: re.Pattern[str]
    not_meant: re.Pattern[str]
    resolved: re.Pattern[str]
    alone: re.Pattern[str]
    oneself: re.Pattern[str]


OFTEN = r"(?:(?:sometimes|often|always|constantly|usually|secretly|once|now) )?"
KIN = (
    r"(?:ex |own )?(?:husband|boyfriend|partner|wife|girlfriend|fiancee?|spouse|ex|father|dad|mother|mum|mom|brother"
    r"|sister|uncle|cousin|son|step ?(?:father|dad|mother|mum|mom|brother)|(?:father|mother|brother) in law)"
)
WHO = rf"(?:he|she|my {KIN})"
# How illnesses are called, whichever a site is about: by the ends of their names, or in letters, as "ptsd".
ILLNESS = r"\w+(?:ismus|ynia|eunia|osis|itis|itus|algia)"
ILLNESS_ES = r"\w+(?:nismo|inia|unia|osis|itis|itus|algia)"
INITIALS = r"[a-z]{1,3}(?:pd|tsd)"
I_SAY, THEY_DO, ANYBODY = "i ", f"{WHO} ", ""


def one_of(begin: str, *ways: str) -> re.Pattern[str]:
    """Compile the ways to go on after one beginning.

    The pattern opens with the space before its first word: the search then runs from one fixed letter to the
    next, instead of trying every phrase at every letter.
    """
    return re.compile(rf" {begin}(?:{'|'.join(ways)})\b")
