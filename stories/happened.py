"""What happened to a text, told to its owner: one line for each thing, with a month and nothing finer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stories.lifecycle import State
from stories.models import Appeal, Outcome, Revision, Statement, Wait

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
    return [one for one in letters if one.case_id == letters[-1].case_id]


def letter_to_appeal(revision: Revision) -> Statement | None:
    """Return the letter of the newest decision that takes a version off the pages; of two people's, the second."""
    return next((one for one in reversed(letters_of(revision)) if one.outcome in APPEALABLE), None)


def appeal_of(revision: Revision) -> Appeal | None:
    """Return what the owner of a version wrote against that decision; None when nothing was."""
    return getattr(letter_to_appeal(revision), "appeal", None)


def answer_to_appeal(revision: Revision) -> Statement | None:
    """Return the letter of the case that this appeal opened; None while there is none."""
    appeal = appeal_of(revision)
    answers = [one for one in letters_of(revision) if appeal is not None and one.case_id == appeal.case_id]
    return answers[-1] if answers else None


def wait_of(revision: Revision) -> Wait | None:
    """Return what a version waits for while a case about it is open; None when none is."""
    return getattr(revision, "wait", None)


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
        yield Event(_("It was taken back"))
    elif revision.ran_out:
        yield Event(_("Nobody went on with it in time, so it ended"), _month(revision.month))


def _events_of_proposal(proposal: Revision) -> Iterator[Event]:
    accepted = getattr(proposal, "acceptance", None)
    if accepted is not None:
        yield Event(_("You agreed to the proposed change, and it was published"), _month(accepted.month))
    elif proposal.state == State.SUPERSEDED and not proposal.ran_out:
        yield Event(_("The proposed change was not taken up"))


def _answers(revision: Revision) -> Iterator[Event]:
    """Tell what was decided about a version, what its owner answered, and what a moderator wrote beside it."""
    letters = letters_of(revision)
    for _case, same in groupby(letters, key=lambda one: one.case_id):  # two people write one each
        letter = list(same)[-1]
        yield Event(ANSWERS[letter.outcome], _month(letter.month))
        appeal: Appeal | None = getattr(letter, "appeal", None)
        if appeal is not None:
            yield Event(_("You asked for somebody else to decide"), _month(appeal.month))
    if revision.state == State.REMOVED and not any(one.outcome in APPEALABLE for one in letters):
        yield Event(_("It was taken down"))
    for message in messages_of(revision):
        yield Event(_("A moderator left you a message"), _month(message.month))


def _month(month: date) -> str:
    return date_format(month, "YEAR_MONTH_FORMAT")
