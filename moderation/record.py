"""What was decided, page by page: what, by which rule, in which month; never about whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.models import Role, User
from content import Rule
from moderation.models import Closing, Decision
from moderation.words import rule_titles, rules_now
from stories.models import Outcome
from stories.reading import warning_labels

A_PAGE = 30
Place = tuple[date, UUID]


class BadPlace(ValueError):
    """An address that was not made here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision, in words.

    ``waits`` says that a second person has not decided yet; of a colleague's then only that there is one is told.
    ``can_reopen`` is the version that this reader may have judged anew, None for all but a lead.
    """

    outcome: Outcome | None
    rules: list[str]
    warnings: list[str]
    passages: int
    month: date
    is_mine: bool
    waits: bool
    can_reopen: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some decisions and the places of the pages beside; "" is the first page, None is no page."""

    entries: list[Entry]
    newer: str | None
    older: str | None


def entry(decision: Decision, reader: User, *, known: Sequence[Rule] = ()) -> Entry:
    """Tell a decision in words; ``known`` are the house rules, for who asks often."""
    is_mine = decision.moderator_id == reader.pk
    waits = decision.case.closing == Closing.OPEN
    if waits and not is_mine:
        return Entry(None, [], [], 0, decision.month, is_mine, waits)
    return Entry(
        outcome=Outcome(decision.outcome),
        rules=rule_titles(decision.rules, known=known),
        warnings=warning_labels(decision.warnings),
        passages=len(decision.passages),
        month=decision.month,
        is_mine=is_mine,
        waits=waits,
        can_reopen=_can_reopen(decision, reader),
    )


def _can_reopen(decision: Decision, reader: User) -> UUID | None:
    if reader.role != Role.LEAD or not decision.revision.can_be_judged_anew:
        return None
    return None if getattr(decision, "is_open", False) else decision.revision_id


def page(reader: User, *, mine: bool = False, after: str = "", size: int = A_PAGE) -> Page:
    """Return decisions below a place, newest month first; raise BadPlace for a place that is none."""
    before = _place(after) if after else None
    chosen = Decision.objects.made_by(reader) if mine else Decision.objects.all()
    rows = list(chosen.newest(before=before).with_standing()[: size + 1])
    newer = None
    if before is not None:
        above = list(chosen.above(before)[: size + 1])
        newer = _name(above[size]) if len(above) > size else ""
    older = _name(rows[size - 1]) if len(rows) > size else None
    known = rules_now()
    return Page([entry(row, reader, known=known) for row in rows[:size]], newer, older)


def _name(decision: Decision) -> str:
    return f"{decision.month:%Y-%m}.{decision.pk}"


def _place(name: str) -> Place:
    month, _, last = name.partition(".")
    try:
        return date.fromisoformat(f"{month}-01"), UUID(last)
    except ValueError as error:
        raise BadPlace from error
