"""What an author typed, cleaned: the content of one version of a text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from content.checks import SHOWN
from stories.models import PATIENT_ONLY, Audience, Revision, WriterRole
from stories.screening import screen
from stories.tried import UNSEEN


@dataclass(frozen=True)
class Words:
    """The content of a revision; what is not given yet is empty.

    ``answers`` maps the code of a question to one code, or to a list of them; ``treatments`` is a list of rows.
    """

    title: str = ""
    text: str = ""
    role: str = ""
    warnings: Sequence[str] = ()
    consents: Sequence[str] = ()
    language: str = "en"
    audience: str = Audience.EVERYONE
    answers: Mapping[str, Any] | None = None
    treatments: Sequence[Mapping[str, Any]] = ()
    hope: bool = False

    def __post_init__(self) -> None:
        """Hold lists and a mapping whatever was given, so that two equal contents are equal."""
        for name in ("warnings", "consents", "treatments"):
            object.__setattr__(self, name, list(getattr(self, name)))
        object.__setattr__(self, "answers", dict(self.answers or {}))

    @classmethod
    def of(cls, revision: Revision) -> Words:
        """Return the words that a version holds, without what its writer took back since."""
        held = {field.name: getattr(revision, field.name) for field in fields(cls)}
        return cls(**held | {"consents": revision.allowed})

    def changed(self, changes: Mapping[str, Any]) -> Words:
        """Return these words with some of them replaced, without what only a patient can answer for others."""
        words = replace(self, **changes)
        if words.role in {"", WriterRole.SELF}:
            return words
        others = {code: answer for code, answer in words.given.items() if code not in PATIENT_ONLY}
        return replace(words, treatments=(), answers=others)

    def without_figures(self) -> Words:
        """Return these words without what is for figures only."""
        rows = [{name: said for name, said in row.items() if name not in UNSEEN} for row in self.treatments]
        answers = {code: answer for code, answer in self.given.items() if code in SHOWN}
        return replace(self, treatments=rows, answers=answers)

    @property
    def given(self) -> dict[str, Any]:
        """Return the answers to the questions that were answered."""
        return dict(self.answers or {})

    @property
    def digest(self) -> str:
        """Return what tells these words from any others, in 64 hexadecimal digits (SHA-256)."""
        return self.digest_of(field.name for field in fields(self))

    def digest_of(self, names: Iterable[str]) -> str:
        """Return what tells some of the fields from what they hold in any other words."""
        held = asdict(self)
        return hashlib.sha256(json.dumps({name: held[name] for name in names}, sort_keys=True).encode()).hexdigest()


def with_own_words(words: Words, changed: Mapping[str, str]) -> Words:
    """Return words in which those of some fields, named as ``own_words`` names them, are others."""
    rows = [dict(row) for row in words.treatments]
    for field, said in changed.items():
        if field.startswith("tried."):
            _tried, place, name = field.split(".")
            rows[int(place)][name] = said
    return replace(
        words, title=changed.get("title", words.title), text=changed.get("text", words.text), treatments=rows
    )


def own_words(text: Words | Revision) -> dict[str, str]:
    """Return all that stands in the writer's own words, by the name of its field, in the order of the page."""
    found = {"title": text.title, "text": text.text}
    for place, row in enumerate(text.treatments):
        found |= {f"tried.{place}.{name}": row.get(name, "") for name in ("name", "tip")}
    return {field: words for field, words in found.items() if words}


def signals_of(words: Words | Revision) -> list[str]:
    """Return the ids of the rules that screening sees in what somebody wrote, each once, in order."""
    return sorted({finding.rule for said in own_words(words).values() for finding in screen(said)})
