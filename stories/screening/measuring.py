"""How often screening is right: precision and recall of each rule on texts that people have labelled."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stories.screening import RULES, screen

Split = Literal["tune", "holdout"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Hold one text and the ids of the rules that should see something in it; `about` says why a text is hard."""

    id: str
    split: Split
    about: str
    rules: frozenset[str]
    text: str

    @property
    def language(self) -> str:
        """The language it is written in, which its id begins with."""
        return self.id.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Figure:
    """Count the texts that a rule was right about, wrong about, and missed."""

    rule: str
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of the texts it saw something in, the share that it should have; 1 when it saw none."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of the texts that it should see something in, the share that it did; 1 when there is none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def labelled(folder: Path) -> list[Labelled]:
    """Read the labelled texts of a folder: a text a line, in a file a language."""
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Labelled(**{**row, "rules": frozenset(row["rules"])}) for row in map(json.loads, lines)]


def measure(texts: Iterable[Labelled]) -> list[Figure]:
    """Count for each rule, in the order of RULES."""
    seen = [(one.rules, {finding.rule for finding in screen(one.text)}) for one in texts]
    return [_figure(known.id, seen) for known in RULES]


def _figure(rule: str, seen: Collection[tuple[Collection[str], Collection[str]]]) -> Figure:
    right = sum(rule in wanted and rule in found for wanted, found in seen)
    wrong = sum(rule not in wanted and rule in found for wanted, found in seen)
    missed = sum(rule in wanted and rule not in found for wanted, found in seen)
    return Figure(rule, right, wrong, missed)
