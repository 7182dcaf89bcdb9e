"""What a change of role leaves out, since nobody else can answer it; told by numbers, which name nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stories.forms.about import ANSWER
from stories.forms.fields import pack
from stories.words import Words

TREATMENTS = "t"


def left_out(before: Words | None, typed: Any, after: Words) -> str:
    """Return the numbers of the questions whose answers were given before or just now, and are kept no more."""
    given = _answered(before) | {name.removeprefix(ANSWER) for name in typed if any(typed.getlist(name))}
    gone = [str(number) for number, code in _numbered() if code in given and code not in after.given]
    if before is not None and before.treatments and not after.treatments:
        gone.append(TREATMENTS)
    return ".".join(gone)


def told(numbers: str) -> list[str | Promise]:
    """Return in words what was left out; whatever is no number of a question says nothing."""
    wanted = set(numbers.split("."))
    found: list[str | Promise] = [pack().question(code).label for number, code in _numbered() if str(number) in wanted]
    return [*found, _("What you tried")] if TREATMENTS in wanted else found


def _answered(words: Words | None) -> set[str]:
    answers: Mapping[str, Any] = words.given if words else {}
    return set(answers)


def _numbered() -> Iterable[tuple[int, str]]:
    return enumerate(question.code for question in pack().questions)
