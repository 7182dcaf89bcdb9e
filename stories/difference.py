"""What an edit changes: the live text and the new one as one text, with what went and what came."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from stories.text import paragraphs

SAME, GONE, CAME = "same", "gone", "came"
# The time of a comparison grows with the pairs of equal entries. Beyond this many (a text that says the same
# word again and again), all that lies between the first and the last change is shown as gone and come.
MOST_PAIRS = 20_000


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words that stayed, went or came."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[list[Run]]:
    """Return the paragraphs of both texts in order, each as runs of words that stayed, went or came."""
    shown: list[list[Run]] = []
    for kind, old, new in _changes(paragraphs(before), paragraphs(after)):
        if kind == SAME:
            shown += [[Run(SAME, text)] for text in new]
            continue
        paired = min(len(old), len(new))
        shown += [_words(one, other) for one, other in zip(old[:paired], new[:paired], strict=True)]
        shown += [[Run(GONE, text)] for text in old[paired:]]
        shown += [[Run(CAME, text)] for text in new[paired:]]
    return shown


def _words(before: str, after: str) -> list[Run]:
    """Return one paragraph's change word by word."""
    runs: list[Run] = []
    for kind, old, new in _changes(re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)):
        if kind == SAME:
            runs.append(Run(SAME, "".join(new)))
            continue
        runs += [Run(which, "".join(words)) for which, words in ((GONE, old), (CAME, new)) if words]
    return runs


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """Yield what stayed and what was put in place of what, in order."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    if start:
        yield SAME, old[:start], new[:start]
    in_new = Counter(b)
    if sum(in_new[entry] for entry in a) > MOST_PAIRS:
        yield CAME, a, b
    else:
        for kind, i, j, k, m in SequenceMatcher(None, a, b).get_opcodes():
            yield (SAME if kind == "equal" else CAME), a[i:j], b[k:m]
    if end:
        yield SAME, old[len(old) - end :], new[len(new) - end :]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many entries both begin with."""
    for place, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return place
    return min(len(old), len(new))
