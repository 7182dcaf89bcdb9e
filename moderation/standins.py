"""General words in place of a writer's: which there are, and whether a proposal holds anything else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

import content
from moderation.passages import Span
from stories.screening import RULES

WORD = re.compile(r"\S+")
MOST_REPLACED = 100  # characters that one stand-in may take the place of; more is no name and no place


def stand_ins(language: str) -> list[str]:
    """Return all general words of a language: the pack's, and those of screening."""
    words = [one.words for one in content.load(language).stand_ins]
    return words + [said for rule in RULES if (said := str(rule.replacement)) and said not in words]


def is_grave(before: Mapping[str, str], after: Mapping[str, str], known: Sequence[str]) -> bool:
    """Say whether a proposal does more than to put general words in place of short passages."""
    return any(not _only_stand_ins(before[field], said, known) for field, said in after.items())


def _only_stand_ins(before: str, after: str, known: Sequence[str]) -> bool:
    """Walk both texts: what lies between general words has to follow in the writer's text, with short gaps."""
    chunks = _cut(after, known)
    place = len(chunks[0])
    if not before.startswith(chunks[0]):
        return False
    for number, chunk in enumerate(chunks[1:], start=1):
        last = number == len(chunks) - 1
        found = max(len(before) - len(chunk), place) if last else before.find(chunk, place)
        if found < place or not before.startswith(chunk, found) or found - place > MOST_REPLACED:
            return False
        place = found + len(chunk)
    return place == len(before)


def _cut(text: str, known: Sequence[str]) -> list[str]:
    chunks = [text]
    for words in known:
        chunks = [part for chunk in chunks for part in chunk.split(words)]
    return chunks


def replaced(before: Mapping[str, str], after: Mapping[str, str]) -> list[Span]:
    """Return the passages of the writer's words that a proposal puts others in place of, word by word."""
    return [
        Span(field, here[first].start(), here[last - 1].end())
        for field, said in after.items()
        if (here := list(WORD.finditer(before[field])))
        for kind, first, last, _from, _to in SequenceMatcher(
            None, [one[0] for one in here], [one[0] for one in WORD.finditer(said)]
        ).get_opcodes()
        if kind in {"replace", "delete"}
    ]
