"""What of a writer's answers stands beside the text, and what is kept for figures and never shown with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django_countries import countries

import content
from content import Pack, Question
from stories.consents import WISHES, Consent
from stories.models import Revision
from stories.pieces import Passage, Piece, pieces_of
from stories.tried import CHOICES, OTHER, UNSEEN

Marked = Mapping[str, Sequence[Passage]]  # passages by the name of their field, as ``words.own_words`` names it


@dataclass(frozen=True)
class Answer:
    """What was answered to one question, in words."""

    question: str
    given: list[str]


@dataclass(frozen=True)
class TriedShown:
    """One treatment as readers see it; ``code`` is empty for one that the list does not name."""

    code: str
    name: list[Piece]
    help: str
    tip: list[Piece]


@dataclass(frozen=True)
class Facts:
    """The small card beside a story."""

    role: str
    answers: list[Answer]
    treatments: list[TriedShown]
    language: str


def shown_facts(revision: Revision, *, passages: Marked | None = None) -> Facts:
    """Return the card of a version: role, the answers that readers see, treatments; passages marked in place.

    A code that the pack no longer has is left out.
    """
    pack, marked = _pack(), passages or {}
    return Facts(
        role=next((role.reader_label for role in pack.roles if role.code == revision.role), ""),
        answers=[
            Answer(question.filter_label, said)
            for question in pack.questions
            if question.shown and (said := _said(pack, revision.answers.get(question.code), short=True))
        ],
        treatments=[
            TriedShown(
                code=row["code"] if row["code"] != OTHER else "",
                name=pieces_of(treatment_name(row), marked.get(f"tried.{place}.name", ())),
                help=_word(pack, row.get("help", ""), short=True),
                tip=pieces_of(row.get("tip", ""), marked.get(f"tried.{place}.tip", ())),
            )
            for place, row in enumerate(revision.treatments)
            if treatment_name(row)
        ],
        language=revision.language,
    )


def kept_for_figures(revision: Revision) -> list[Answer]:
    """Return what was answered for figures only, in words: readers never see it beside the text."""
    rows = (
        Answer(treatment_name(row), _said(_pack(), [row.get(name, "") for name in UNSEEN]))
        for row in revision.treatments
    )
    return [*_answers(revision, shown=False), *(row for row in rows if row.given)]


def all_answers(revision: Revision, *, shown_only: bool = False) -> list[Answer]:
    """Return every question that was answered, in words; with ``shown_only`` those that readers see."""
    return [*_answers(revision, shown=True), *(() if shown_only else _answers(revision, shown=False))]


def treatments_in_words(revision: Revision, *, shown_only: bool = False) -> list[str]:
    """Return each row of what was tried as one line, with all that was said of it, or all that readers see."""
    names = [name for name in CHOICES if not (shown_only and name in UNSEEN)]
    return ["; ".join(_row(row, names)) for row in revision.treatments if treatment_name(row)]


def _row(row: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    yield treatment_name(row)
    yield from _said(_pack(), [row.get(name, "") for name in names])
    if row.get("tip"):
        yield row["tip"]


def _answers(revision: Revision, *, shown: bool) -> Iterator[Answer]:
    pack = _pack()
    for question in pack.questions:
        said = _answered(pack, question, revision.answers.get(question.code))
        if question.shown == shown and said:
            yield Answer(question.label, said)


def wishes_of(revision: Revision) -> list[tuple[Consent, bool]]:
    """Return what a writer may allow beside being published, and whether they do."""
    return [(wish, wish.code in revision.allowed) for wish in WISHES]


def treatment_name(row: Mapping[str, Any]) -> str:
    """Return what a treatment is called: by the pack, or by its writer where the list does not name it."""
    return str(row.get("name", "")) if row["code"] == OTHER else _word(_pack(), row["code"])


def _pack() -> Pack:
    return content.load(get_language() or settings.LANGUAGE_CODE)


def _answered(pack: Pack, question: Question, answer: Any) -> list[str]:
    if question.options or not answer:
        return _said(pack, answer)
    return [str(countries.name(str(answer).upper()))]  # the one question without options asks for a country


def _said(pack: Pack, answer: str | Sequence[str] | None, *, short: bool = False) -> list[str]:
    codes = [answer] if isinstance(answer, str) else answer or []
    return [word for word in (_word(pack, code, short=short) for code in codes) if word]


def _word(pack: Pack, code: str, *, short: bool = False) -> str:
    try:
        return pack.short(code) if short else pack.label(code)
    except KeyError:
        return ""
