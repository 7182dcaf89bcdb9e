"""What a pack's articles are like in numbers: how many, how long, how well sourced, how hard to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from advice.claims import claims
from advice.grade import WORD, grade, read_aloud
from content import ArticleText


@dataclass(frozen=True)
class Figures:
    """The articles of one language; ``grades`` are years of schooling by slug, where the language has a formula."""

    language: str
    kinds: Counter[str]
    words: int
    claims: int
    sourced: int
    grades: dict[str, float]

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        said = f"{self.language}: {self.kinds.total()} articles ({kinds}), {self.words} words"
        said += f", {self.sourced} of {self.claims} passages that claim something name a source"
        if not self.grades:
            return said
        values = self.grades.values()
        hardest = max(self.grades, key=lambda slug: self.grades[slug])
        return f"{said}, grades {min(values)} to {max(values)} ({hardest}), median {median(values)}"


def figures(texts: Iterable[ArticleText]) -> list[Figures]:
    """Count the articles of each language."""
    by_language: dict[str, list[ArticleText]] = {}
    for text in texts:
        by_language.setdefault(text.language, []).append(text)
    return [_of(language, found) for language, found in sorted(by_language.items())]


def _of(language: str, texts: list[ArticleText]) -> Figures:
    said = {text.slug: f"{text.short}\n\n{text.body}" for text in texts}
    claimed = [claims(text.body, [source.key for source in text.sources]) for text in texts]
    grades = {slug: grade(words, language) for slug, words in said.items()}
    return Figures(
        language=language,
        kinds=Counter(text.kind for text in texts),
        words=sum(len(WORD.findall(read_aloud(words))) for words in said.values()),
        claims=sum(one.all for one in claimed),
        sourced=sum(one.sourced for one in claimed),
        grades={slug: value for slug, value in grades.items() if value is not None},
    )
