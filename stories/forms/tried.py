"""The step on what was tried: rows, as many as somebody wants to fill in, and two empty ones below."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from content import Option
from stories.forms.fields import OneOrNone, StepForm, WordsField, line, pack
from stories.guide import TRIED
from stories.tried import CHOICES, NAME_MAX, OTHER, ROWS_MAX, TIP_MAX, Tried

PREFIX = "tried-"
ROWS = "rows"  # how many rows a page that is asked for more shows
EMPTY_ROWS = 2
SHOWN_MAX = 2 * ROWS_MAX  # no page of ours sends as many, and each row takes time to draw
NUMBER = re.compile(rf"{PREFIX}([0-9]{{1,3}})-([a-z]+)")

WHAT = _("What was it?")
NO_TREATMENT = _("Please choose what it was, or empty the rest of this row.")
NO_NAME = _("Please say in a few words what it was. The kind of thing is enough, without a brand or a name.")
TOO_MANY = _(
    "You filled in %(count)s rows, and %(most)s fit. All of them are still on this page, but they are not saved yet. "
    "Please remove some."
)
NUMBERED = _("Number %(number)s: %(error)s")
TOO_LONG = _("This has %(count)s characters, and %(most)s fit. Please shorten it.")
LABELS = {
    "help": _("Did it help?"),
    "duration": _("For how long?"),
    "supervised": _("With somebody, or on your own?"),
    "ending": _("How did it end?"),
    "reason": _("If it ended or you stopped: why?"),
}


@dataclass(frozen=True)
class Row:
    """One row on the page; ``more`` are the fields that open on demand."""

    number: int
    what: list[BoundField]
    more: list[BoundField]
    remove: BoundField
    is_filled: bool
    opened: bool


class TriedForm(StepForm):
    """Any number of rows. A row that is left empty, or is to be removed, is not kept."""

    step = TRIED

    def __init__(self, data: Any = None, *, held: Any = None, rows: int = 0) -> None:
        """Take at least so many rows."""
        self.least = rows
        super().__init__(_in_order(data), held=held)

    def add_fields(self) -> None:
        """Add the fields of each row."""
        held = len({found[1] for name in self.posted if (found := NUMBER.fullmatch(name))})
        wanted = min(held, SHOWN_MAX) if self.is_bound else min(max(held + EMPTY_ROWS, self.least), ROWS_MAX)
        for number in range(wanted):
            self._add_row(number)

    @property
    def rows(self) -> list[Row]:
        """Return the rows for the page."""
        return [self._row(number) for number in range(self.count)]

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return sum(name.endswith("-code") for name in self.fields)

    @property
    def can_add(self) -> bool:
        """Say whether one more row fits."""
        return self.count < ROWS_MAX

    @property
    def is_touched(self) -> bool:
        """Say whether a row holds something."""
        return bool(self._filled)

    @property
    def removed(self) -> int | None:
        """Return the number, on the next page, of the row below the first one that is removed."""
        gone = next((number for number in range(self.count) if self._is_removed(number)), None)
        return None if gone is None else 1 + sum(not self._one(number).is_empty for number in range(gone))

    @property
    def can_be_kept(self) -> bool:
        """Say whether a draft can hold that many rows; none is ever left out."""
        return len(self._filled) <= ROWS_MAX

    @property
    def fits(self) -> bool:
        """Say whether a draft holds all rows."""
        return self.can_be_kept and super().fits

    def clean(self) -> None:
        """Say beside each row what is missing in it."""
        if not self.can_be_kept:
            self.add_error(None, TOO_MANY % {"count": len(self._filled), "most": ROWS_MAX})
        for number, tried in enumerate(self._tried()):
            if not tried.is_empty and not tried.code and not self.has_error(f"{PREFIX}{number}-code"):
                self.add_error(f"{PREFIX}{number}-code", str(NO_TREATMENT))
            elif tried.code == OTHER and not tried.name:
                self.add_error(f"{PREFIX}{number}-name", str(NO_NAME))
            for name, most in (("name", NAME_MAX), ("tip", TIP_MAX)):
                count = len(self.words(f"{PREFIX}{number}-{name}"))
                if count > most:
                    self.add_error(f"{PREFIX}{number}-{name}", str(TOO_LONG % {"count": count, "most": most}))

    def add_error(self, field: str | None, error: Any) -> None:
        """Say before what is wrong in a row which one it is."""
        if found := NUMBER.fullmatch(field or ""):
            said = error.messages if isinstance(error, ValidationError) else [error]
            error = [str(NUMBERED % {"number": int(found[1]) + 1, "error": one}) for one in said]
        super().add_error(field, error)

    def changes(self) -> dict[str, Any]:
        """Return the rows that hold something."""
        return {"treatments": [tried.row for tried in self._filled]}

    @property
    def _filled(self) -> list[Tried]:
        return [tried for tried in self._tried() if not tried.is_empty]

    def _tried(self) -> list[Tried]:
        return [Tried() if self._is_removed(number) else self._one(number) for number in range(self.count)]

    def _is_removed(self, number: int) -> bool:
        return bool(self.posted.get(f"{PREFIX}{number}-remove"))

    def _one(self, number: int) -> Tried:
        """Return what a row holds; a name alone is that of something else."""
        at = f"{PREFIX}{number}-"
        code, name = self.one(f"{at}code"), self.words(f"{at}name")[:NAME_MAX].rstrip()
        code = code or (OTHER if name else "")
        said = {field: self.one(at + field) for field in CHOICES}
        tip = self.words(f"{at}tip")[:TIP_MAX].rstrip()
        return Tried(code=code, name=name if code == OTHER else "", tip=tip, **said)

    def _add_row(self, number: int) -> None:
        at, known = f"{PREFIX}{number}-", pack()
        treatments = [(one.code, one.name) for one in known.treatments]
        self.fields[f"{at}code"] = OneOrNone(
            label=WHAT,
            choices=[*treatments, (OTHER, _("Something else"))],
            unsaid=_("Nothing, or I prefer not to say"),
            listed=True,
        )
        self.fields[f"{at}name"] = WordsField(
            label=_("If it was something else: what?"), most=NAME_MAX, widget=line(NAME_MAX), required=False
        )
        for field, label in LABELS.items():
            options: tuple[Option, ...] = getattr(known, CHOICES[field])
            choices = [(option.code, option.label) for option in options]
            self.fields[at + field] = OneOrNone(label=label, choices=choices, listed=True)
        self.fields[f"{at}tip"] = WordsField(
            label=_("A tip in one line"),
            help_text=_("What it was like for you, not what others should do."),
            most=TIP_MAX,
            widget=line(TIP_MAX),
            required=False,
        )
        self.fields[f"{at}remove"] = forms.BooleanField(label=_("Remove this row"), required=False)

    def _row(self, number: int) -> Row:
        at = f"{PREFIX}{number}-"
        more = [self[at + name] for name in ("duration", "supervised", "ending", "reason", "tip")]
        held = self._one(number)
        return Row(
            number=number + 1,
            what=[self[at + name] for name in ("code", "name", "help")],
            more=more,
            remove=self[f"{at}remove"],
            is_filled=not held.is_empty,
            opened=any(self.posted.get(field.name) or field.errors for field in more),
        )


def _in_order(data: Any) -> Any:
    """Return what was sent with its rows numbered from 0 on, whatever numbers they had."""
    if data is None:
        return None
    rows = {name: NUMBER.fullmatch(name) for name in data}
    numbers = sorted({int(row[1]) for row in rows.values() if row})
    found: MultiValueDict[str, Any] = MultiValueDict()
    for name, row in rows.items():
        kept = f"{PREFIX}{numbers.index(int(row[1]))}-{row[2]}" if row else name
        found.setlist(kept, [*found.getlist(kept), *data.getlist(name)])
    return found
