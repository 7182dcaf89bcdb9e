"""What of a restored database the journal of erasures names: accounts, reminders, and texts that still hold a word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Exists, OuterRef, Q

from accounts.journal import ACCOUNT, CONSENT, DOWN, ENDED, REPLACED, STAFF, TAKEN_BACK, TEXT, WITHDRAWN, Journal
from accounts.keeping import is_noted
from accounts.models import Reminder, Role, User
from stories.consents import WISHES
from stories.lifecycle import MOVES, State
from stories.models import EMPTIED, Contribution, Revision, Suppression

T = TypeVar("T")
CHUNK = 2_000


@dataclass(frozen=True)
class Found(Generic[T]):
    """How many rows there are, and each as it is looked at: a 1, with the row when the journal names it."""

    total: int
    rows: Iterator[tuple[int, T | None]]


def accounts(noted: Journal) -> Found[User]:
    """Return the open accounts of members that were erased."""
    members = User.objects.filter(role=Role.MEMBER, is_active=True).order_by("pk")
    rows = ((1, one if noted.holds(ACCOUNT, one.pk) else None) for one in members.iterator(chunk_size=CHUNK))
    return Found(members.count(), rows)


def staff(noted: Journal) -> Found[User]:
    """Return the open accounts of who worked here that were closed."""
    people = User.objects.working_here().order_by("pk")
    rows = ((1, one if noted.holds(STAFF, one.pk) else None) for one in people.iterator(chunk_size=CHUNK))
    return Found(people.count(), rows)


def reminders(noted: Journal) -> Found[Reminder]:
    """Return the reminders that were ended, or go to another address since."""
    all_of_them = Reminder.objects.select_related("user").order_by("pk")
    rows = ((1, one if is_noted(one, noted) else None) for one in all_of_them.iterator(chunk_size=CHUNK))
    return Found(all_of_them.count(), rows)


def texts(noted: Journal) -> Found[Contribution]:
    """Return the texts that were erased and still hold a word."""
    words = Revision.objects.filter(contribution=OuterRef("pk")).exclude(salt=EMPTIED)
    whole = Contribution.objects.filter(Exists(words)).order_by("parent", "pk")
    rows = ((1, one if noted.holds(TEXT, one.pk) else None) for one in whole.iterator(chunk_size=CHUNK))
    return Found(whole.count(), rows)


def withdrawn(noted: Journal) -> Found[Contribution]:
    """Return the texts that were withdrawn and can still be read, or sent."""
    return _alive(WITHDRAWN, noted)


def ended(noted: Journal) -> Found[Contribution]:
    """Return the texts that ended because their owners were silent, and can still be read, or sent."""
    return _alive(ENDED, noted)


def _alive(sort: str, noted: Journal) -> Found[Contribution]:
    alive = Contribution.objects.filter(Exists(Revision.objects.alive().filter(contribution=OuterRef("pk"))))
    some = alive.order_by("parent", "pk")
    rows = ((1, one if noted.holds(sort, one.pk) else None) for one in some.iterator(chunk_size=CHUNK))
    return Found(some.count(), rows)


def drafts(noted: Journal) -> Found[Revision]:
    """Return the drafts of which the journal tells what became of them when they were sent."""
    begun = Revision.objects.in_state(State.DRAFT).order_by("pk")
    rows = ((1, one if _was_sent(one, noted) else None) for one in begun.iterator(chunk_size=CHUNK))
    return Found(begun.count(), rows)


def _was_sent(draft: Revision, noted: Journal) -> bool:
    wishes = any(noted.holds(CONSENT, draft.pk, wish.code.encode()) for wish in WISHES)
    return wishes or any(noted.holds(sort, draft.pk) for sort in (TAKEN_BACK, DOWN, REPLACED))


def taken_down(noted: Journal) -> Found[Revision]:
    """Return the published versions that readers were not to see any more, also under a story that is hidden."""
    live = Revision.objects.in_state(State.APPROVED).filter(contribution__suppression=None).order_by("pk")
    rows = ((1, one if noted.is_down(one.pk) else None) for one in live.iterator(chunk_size=CHUNK))
    return Found(live.count(), rows)


def replaced(noted: Journal) -> Found[Revision]:
    """Return the versions that were replaced since and that readers see, or may see after a decision."""
    may_be_shown = Revision.objects.filter(state__in=[one for one in State if State.APPROVED in MOVES[one]])
    done = Q(contribution__suppression__ground=Suppression.REPLACED)
    shown = may_be_shown | Revision.objects.in_state(State.APPROVED).exclude(done)
    rows = ((1, one if noted.holds(REPLACED, one.pk) else None) for one in shown.iterator(chunk_size=CHUNK))
    return Found(shown.count(), rows)


def taken_back(noted: Journal) -> Found[Revision]:
    """Return what waits and was taken back."""
    waiting = Revision.objects.in_state(State.WAITING).select_related("contribution").order_by("pk")
    rows = ((1, one if noted.holds(TAKEN_BACK, one.pk) else None) for one in waiting.iterator(chunk_size=CHUNK))
    return Found(waiting.count(), rows)


def consents_ended(noted: Journal) -> Found[tuple[Revision, list[str]]]:
    """Return the versions, shown or not, with what their owners had allowed in them and took back since."""
    allowing = Revision.objects.filter(consents__overlap=[one.code for one in WISHES]).order_by("pk")
    rows = ((1, (one, codes) if (codes := _ended(one, noted)) else None) for one in allowing.iterator(chunk_size=CHUNK))
    return Found(allowing.count(), rows)


def _ended(revision: Revision, noted: Journal) -> list[str]:
    return [one for one in revision.allowed if noted.holds(CONSENT, revision.pk, one.encode())]
