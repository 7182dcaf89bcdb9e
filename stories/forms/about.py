"""The step about the writer: where they stand, and what only they can say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from content import Question
from stories.forms.fields import Choices, OneOrNone, Several, StepForm, pack
from stories.forms.shared import role_field
from stories.guide import ABOUT
from stories.models import WriterRole

ANSWER = "answer-"  # before the code of a question in the name of its field
COUNTRY = "country"  # its choices are the countries of the world
ASKED = "asked"  # the role whose questions the page held

SHOWN = _("Readers see your answer beside your story, and can find your story by it.")
FIGURES = _("For figures only: it is never shown with your story.")
LEAVE = _("Leave all empty if you prefer not to say.")


class AboutForm(StepForm):
    """The role, and the questions that somebody in this role is asked; each of them may be left out."""

    step = ABOUT

    role = role_field(_("Readers see this beside your story. It is the one answer on this page that we need."))

    def add_fields(self) -> None:
        """Add the questions of the role that was asked, or else of the role that was chosen."""
        for question in pack().asked(self.shown_role):
            self.fields[ANSWER + question.code] = _field(question)

    @property
    def asked(self) -> str:
        """Return the role whose questions the page held that was filled in."""
        role = str(self.posted.get(ASKED, ""))
        return role if role in WriterRole.values else ""

    @property
    def shown_role(self) -> str:
        """Return the role whose questions this page holds."""
        return self.asked or self.one("role")

    @property
    def asks_anew(self) -> bool:
        """Say whether somebody else's questions were on the page, or none, so that the right ones follow."""
        return ASKED in self.posted and self.one("role") not in {"", self.asked}

    @property
    def seen(self) -> list[BoundField]:
        """Return the questions whose answers readers see."""
        return [self[name] for name in self._questions(shown=True)]

    @property
    def figures(self) -> list[BoundField]:
        """Return the questions that are for figures only."""
        return [self[name] for name in self._questions(shown=False)]

    @property
    def opened(self) -> bool:
        """Say whether one of those was answered, or wants another look."""
        return any(self.chosen(field.name) or field.errors for field in self.figures)

    def _questions(self, *, shown: bool) -> list[str]:
        return [ANSWER + one.code for one in pack().asked(self.shown_role) if one.shown == shown]

    def changes(self) -> dict[str, Any]:
        """Return role and answers, one code or a list of them, to what this role is asked."""
        answers: dict[str, str | list[str]] = {}
        for question in pack().asked(self.one("role") or self.asked):
            field = self.fields.get(ANSWER + question.code)
            if field is not None and (chosen := self.chosen(ANSWER + question.code)):
                answers[question.code] = chosen if isinstance(field, Several) else chosen[0]
        return {"role": self.one("role"), "answers": answers}

    def left_out(self, before: Mapping[str, Any]) -> list[str]:
        """Return the questions answered here, or ``before`` on another page, that the chosen role is not asked."""
        answered = (name for name in self.posted if name.startswith(ANSWER) and any(self.posted.getlist(name)))
        typed = {name.removeprefix(ANSWER) for name in answered}
        given = typed | {code for code in before if ANSWER + code not in self.fields}
        role = self.one("role")
        return [one.label for one in pack().questions if role and one.code in given and role not in one.roles]


def _field(question: Question) -> forms.ChoiceField:
    """Return the field for a question, with who sees the answer."""
    note = SHOWN if question.shown else FIGURES
    if question.kind == "many":
        return Several(label=question.label, help_text=_joined(question.help, LEAVE, note), choices=_choices(question))
    return OneOrNone(label=question.label, help_text=_joined(question.help, note), choices=_choices(question))


def _choices(question: Question) -> Choices:
    if question.code == COUNTRY:
        return [(code.lower(), name) for code, name in countries]
    return [(option.code, option.label) for option in question.options]


def _joined(*sentences: str | Promise) -> str:
    return " ".join(str(one) for one in sentences if one)
