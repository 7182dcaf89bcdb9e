"""What the chosen role is not asked, and what of it would therefore be taken out."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise

from stories.forms.about import AboutForm
from stories.forms.fields import StepForm
from stories.guide import LABELS, TRIED, steps_of
from stories.words import Words


def role_with(before: Words, forms: Sequence[StepForm]) -> str:
    """Return the role that a text has once these forms are kept."""
    return next((form.one("role") for form in forms if isinstance(form, AboutForm)), before.role)


def left_out(before: Words, forms: Sequence[StepForm]) -> list[str | Promise]:
    """Return by its name what was answered before, or is in these forms, and would be kept no more."""
    questions = [name for form in forms if isinstance(form, AboutForm) for name in form.left_out(before.given)]
    asked = steps_of(role_with(before, forms))
    steps = {form.step for form in forms if form.is_touched} | ({TRIED} if before.treatments else set())
    return [*questions, *(label for step, label in LABELS.items() if step in steps and step not in asked)]
