"""How hard a text is to read, in years of schooling.

English: Flesch-Kincaid grade level (Kincaid and others 1975, Naval Technical Training Command report 8-75).
Spanish: Crawford's years of schooling (Crawford 1984, Lectura y Vida 5(4)), made for the first years of school.
Both count sentences, words and syllables; syllables are counted by vowels, which is right to within a few in a
hundred over a whole text, and not for every word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from advice.markdown import CITATION

HIGHEST = 8.0  # what readers are promised
STRONG = "aeo\u00e1\u00e9\u00f3\u00ed\u00fa"  # vowels that make a syllable each
WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.!?:]+(?:\s|$)|\n\s*\n")
MARKS = re.compile(r"^#{1,6}\s+|^\s*(?:[-*]|\d+\.)\s+|\*{1,2}", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
LINE_END = re.compile(r"(?<=[^\s.!?:,;])\n(?=\s*(?:[-*#]|\d+\.)\s|\s*\n)")


def grade(text: str, language: str) -> float | None:
    """Return the years of schooling a Markdown text asks for, to a tenth; None for other languages or no words."""
    formula = FORMULAS.get(language.split("-")[0])
    plain = read_aloud(text)
    words = WORD.findall(plain)
    if formula is None or not words:
        return None
    sentences = sum(1 for part in SENTENCE_END.split(plain) if WORD.search(part))
    return round(formula(words, sentences), 1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How hard a text is, and whether that is more than readers are promised."""

    years: float
    most: float = HIGHEST

    @property
    def is_hard(self) -> bool:
        """Say whether it asks for more schooling than it may."""
        return self.years > self.most


def verdict(text: str, language: str) -> Verdict | None:
    """Return what an editor is told of a text; None where it cannot be measured."""
    years = grade(text, language)
    return None if years is None else Verdict(years)


def read_aloud(text: str) -> str:
    """Return what is read aloud: every heading and entry of a list is a sentence."""
    text = LINK.sub(r"\1", CITATION.sub("", text))
    return MARKS.sub("", LINE_END.sub(".\n", f"{text}\n"))


def english_syllables(word: str) -> int:
    """Count the groups of vowels, without a silent e at the end."""
    word = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouy]e$", word) and not re.search(r"[^aeiouy]le$", word):
        count -= 1
    if re.search(r"[^aeiouydt]ed$", word) or re.search(r"[^aeiouyszxcgh]es$", word):
        count -= 1
    count += len(re.findall(r"(?<![tscgx])i(?:[ao]|en[ct])|[aeou]ing|ism$|[bdfklmnprtv]ier$", word))
    return max(count, 1)


def spanish_syllables(word: str) -> int:
    """Count vowels that make a syllable: two strong ones are two, a weak one beside a strong one is none."""
    word = re.sub(r"qu|gu(?=[ei\u00e9\u00ed])", "q", word.lower())
    groups = re.findall(rf"(?:[{STRONG}iu\u00fc]|y(?![{STRONG}iu]))+", word)
    return max(sum(max(1, len(re.findall(rf"[{STRONG}]", group))) for group in groups), 1)


def _flesch_kincaid(words: list[str], sentences: int) -> float:
    syllables = sum(map(english_syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def _crawford(words: list[str], sentences: int) -> float:
    syllables = sum(map(spanish_syllables, words))
    return 0.049 * 100 * syllables / len(words) - 0.205 * 100 * sentences / len(words) - 3.407


FORMULAS: dict[str, Callable[[list[str], int], float]] = {"en": _flesch_kincaid, "es": _crawford}
