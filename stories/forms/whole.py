"""All steps of one story together: what a page carries of it, and which step is not complete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.utils.datastructures import MultiValueDict

from stories.consents import NEEDED_CODES
from stories.forms.about import ANSWER, ASKED, AboutForm
from stories.forms.fields import StepForm
from stories.forms.sharing import SharingForm
from stories.forms.story import StoryForm
from stories.forms.tried import PREFIX, TriedForm
from stories.guide import LOOK, steps_of
from stories.tried import Tried
from stories.words import Words

PART = "part"  # names a step whose fields are in a form
FORMS: dict[str, type[StepForm]] = {form.step: form for form in (AboutForm, StoryForm, TriedForm, SharingForm)}


def posted(words: Words, *, replies: bool = True) -> list[tuple[str, str]]:
    """Return the fields, by name and value, that carry a whole story unseen."""
    return [*((PART, step) for step in _written(words)), *_fields(words, replies=replies)]


def held(words: Words, *, replies: bool = True) -> MultiValueDict[str, Any]:
    """Return a story as the forms hold it."""
    found: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in _fields(words, replies=replies):
        found.appendlist(name, value)
    return found


def first_missing(words: Words) -> str | None:
    """Return the first step that is not complete, or None when the story can be sent."""
    typed = held(words)
    return next((step for step in _written(words) if not FORMS[step](typed).is_valid()), None)


def next_to_write(words: Words) -> str | None:
    """Return the first step that is not done: what was tried comes before it is said who may see it."""
    missing = first_missing(words)
    steps = _written(words)
    if missing == SharingForm.step and not words.treatments and not words.consents and TriedForm.step in steps:
        return TriedForm.step
    return missing


def _written(words: Words) -> list[str]:
    return [step for step in steps_of(words.role) if step != LOOK]


def _fields(words: Words, *, replies: bool) -> Iterator[tuple[str, str]]:
    yield ASKED, words.role
    for name in ("role", "title", "text", "audience", "language"):
        yield name, str(getattr(words, name))
    for code, answer in words.given.items():
        for one in [answer] if isinstance(answer, str) else answer:
            yield ANSWER + code, one
    for number, row in enumerate(words.treatments):
        for name, value in asdict(Tried.of(row)).items():
            if value:
                yield f"{PREFIX}{number}-{name}", value
    yield from (("warnings", code) for code in words.warnings)
    yield from (("consents" if code in NEEDED_CODES else "wishes", code) for code in words.consents)
    if replies:
        yield "replies", "on"
