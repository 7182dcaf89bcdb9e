"""Which passages of an article claim something and name no source: a hint for editors, and a count.

A passage is a paragraph or an entry of a list. It claims when it speaks of research or gives a figure. Pure: text in,
passages out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from advice.markdown import CITATION, cited_keys

PASSAGE = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*#]|\d+\.)\s)")
CLAIMS = re.compile(
    r"\b(?:stud(?:y|ies)|trials?|research\w*|surveys?|reviews?|evidence|guidelines?|per ?cent"
    r"|estudios?|ensayos?|investigaci[o\u00f3]n\w*|encuestas?|revisi[o\u00f3]n(?:es)?|evidencias?"
    r"|gu[i\u00ed]as? cl[i\u00ed]nicas?"
    r"|por ciento)\b|\d+ ?%",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claims:
    """How many passages claim something or cite, how many of these cite, and what lacks a source."""

    all: int
    sourced: int
    bare: tuple[str, ...]
    unknown: tuple[str, ...]
    unused: tuple[str, ...]


def claims(body: str, keys: Sequence[str]) -> Claims:
    """Look through a body for claims; ``keys`` are those of the sources that it may cite."""
    passages = [part.strip() for part in PASSAGE.split(body) if part.strip() and not part.lstrip().startswith("#")]
    claiming = [part for part in passages if CLAIMS.search(part) or CITATION.search(part)]
    bare = tuple(part for part in claiming if not CITATION.search(part))
    cited = cited_keys(body)
    unknown = tuple(key for key in cited if key not in keys)
    unused = tuple(key for key in keys if key not in cited)
    return Claims(len(claiming), len(claiming) - len(bare), bare, unknown, unused)
