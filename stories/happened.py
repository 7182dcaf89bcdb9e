"""What happened to a text, told to its owner: one line for each thing, with a month and nothing finer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, takewhile

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stories.lifecycle import State
from stories.models import Appeal, Outcome, Revision, Statement

ANSWERS: dict[str, str | Promise] = {
    Outcome.APPROVE: _("Published"),
    Outcome.ASK_CHANGES: _("A change was asked for"),
    Outcome.PROPOSE: _("A change was proposed to you"),
    Outcome.REFUSE: _("Not published"),
    Outcome.KEEP: _("It stays as it is"),
    Outcome.REMOVE: _("It was taken down"),
    Outcome.UPHOLD: _("Somebody else read it again: the decision stands"),
}
APPEALABLE = frozenset({Outcome.REFUSE, Outcome.REMOVE})


@dataclass(frozen=True)
class Event:
    """One thing that happened to a text."""

    title: str | Promise
    text: str = ""


@dataclass(frozen=True)
class FromModerator:
    """A few words that a moderator left for the owner of a text."""

    text: str
    month: date


def letters_of(revision: Revision) -> list[Statement]:
    """Return the letters about a version that its owner may read, in the order in which they were written."""
    told = [one for one in revision.statements.all() if one.told]
    return sorted(told, key=lambda one: one.number)


def newest_of(letters: Sequence[Statement]) -> list[Statement]:
    """Return the letters of the newest decision: one, or one of each of two people who decided the same."""
    newest = takewhile(lambda one: one.outcome == letters[-1].outcome, reversed(letters))
    return list(newest)[::-1]


def appeal_of(revision: Revision) -> Appeal | None:
    """Return what the owner of a version wrote against a decision about it; None when nothing was."""
    return getattr(revision, "appeal", None)


def answer_to_appeal(revision: Revision) -> Statement | None:
    """Return the letter that came after the decision appealed against; None while there is none."""
    letters = letters_of(revision)
    against = next((one.outcome for one in letters if one.outcome in APPEALABLE), None)
    before = next((place for place, one in enumerate(letters) if one.outcome == against), len(letters))
    after = [one for one in letters[before:] if one.outcome != against]
    return after[0] if after and appeal_of(revision) is not None else None


def messages_of(revision: Revision) -> list[FromModerator]:
    """Return the messages about a version, oldest first, as they came along with it."""
    told = getattr(revision, "left_for_owner", None) or []
    return [FromModerator(one["text"], date.fromisoformat(one["month"])) for one in told]


def events_of(revisions: Sequence[Revision]) -> list[Event]:
    """Return what happened to all versions of a text, oldest first; what is being written now comes last."""
    ordered = sorted(revisions, key=lambda one: (one.state == State.DRAFT, one.number))
    return [event for one in ordered for event in _events(one, first=one is ordered[0])]


def _events(revision: Revision, *, first: bool) -> Iterable[Event]:
    """Tell what happened to one version."""
    if revision.state == State.DISCARDED:
        return
    if revision.state == State.DRAFT:
        yield Event(_("You are writing it") if first else _("You are writing a new version"))
        return
    if revision.redacts_id is not None:
        yield from _events_of_proposal(revision)
    else:
        yield Event(_("You sent it") if first else _("You sent a new version"))
    yield from _answers(revision)
    if revision.state == State.WAITING:
        yield Event(_("It waits to be read"))
    elif revision.state == State.TAKEN_BACK:
        yield Event(_("You took it back"))


def _events_of_proposal(proposal: Revision) -> Iterator[Event]:
    accepted = getattr(proposal, "acceptance", None)
    if accepted is not None:
        yield Event(_("You agreed to the proposed change, and it was published"), _month(accepted.month))
    elif proposal.state == State.SUPERSEDED:
        yield Event(_("The proposed change was not taken up"))


def _answers(revision: Revision) -> Iterator[Event]:
    """Tell what was decided about a version, what its owner answered, and what a moderator wrote beside it."""
    appeal, letters = appeal_of(revision), letters_of(revision)
    for _outcome, same in groupby(letters, key=lambda one: one.outcome):  # two people write one each
        letter = list(same)[-1]
        yield Event(ANSWERS[letter.outcome], _month(letter.month))
        if appeal is not None and letter.outcome in APPEALABLE:
            yield Event(_("You asked for somebody else to decide"), _month(appeal.month))
            appeal = None
    if revision.state == State.REMOVED and not any(one.outcome in APPEALABLE for one in letters):
        yield Event(_("It was taken down"))
    for message in messages_of(revision):
        yield Event(_("A moderator left you a message"), _month(message.month))


def _month(month: date) -> str:
    return date_format(month, "F Y")
