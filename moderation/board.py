"""What a moderator sees before taking a text: how much waits, why, and for whom; in few queries whatever its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone

from accounts.access import at_work
from accounts.models import Role, User
from moderation.actions import too_many_hidden
from moderation.models import Case, Cause, Decision, Place, Priority, Setting
from moderation.stuck import Stuck, stuck
from moderation.waiting import lately, usual_wait, waited_in_steps, within


@dataclass(frozen=True, slots=True)
class Row:
    """What waits for one cause, how much of it at each priority from the most urgent down, and how long."""

    cause: str
    waiting: int
    priorities: list[int]
    oldest: str


@dataclass(frozen=True, slots=True)
class Lately:
    """In how many hours half of what was decided this month and last month was read, and nine in ten."""

    median: int
    most: int


@dataclass(frozen=True, slots=True)
class ForLead:
    """What only a lead can end or look into."""

    disagreements: int
    many_hidden: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The queue, counted for one moderator."""

    rows: list[Row]
    waiting: int
    urgent: int
    oldest: str
    held_by_others: int
    second: int
    passed_on: int
    mine: Case | None
    can_take: bool
    over_cap: bool
    unread_languages: list[tuple[str, int]]
    stuck: Stuck
    lately: Lately | None
    promise: str
    for_lead: ForLead | None
    priorities: list[Any]


def board(moderator: User) -> Board:
    """Count the queue for one moderator."""
    mine = Case.objects.open().held_by(moderator).next_first().first()
    counted = _counted(moderator)
    oldest = min((one["oldest"] for one in counted), default=None)
    return Board(
        rows=list(_rows(counted)),
        waiting=sum(one["waiting"] for one in counted),
        urgent=sum(one["waiting"] for one in counted if one["priority"] == Priority.URGENT),
        oldest=waited_in_steps(oldest) if oldest else "",
        held_by_others=sum(one["others"] for one in counted),
        second=sum(one["second"] for one in counted),
        passed_on=Case.objects.skipped_by(moderator).count(),
        mine=mine,
        can_take=mine is not None or Case.objects.claimable_by(moderator).exists(),
        over_cap=is_over_cap(moderator),
        unread_languages=_unread_languages(),
        stuck=stuck(),
        lately=_lately(),
        promise=usual_wait(),
        for_lead=_for_lead(counted) if moderator.role == Role.LEAD else None,
        priorities=_labels(),
    )


def is_over_cap(moderator: User) -> bool:
    """Say whether a moderator decided so much today that they are reminded of a break."""
    place = Place.of(moderator)
    today = place.decided if place.day == timezone.now().date() else 0
    return today >= Setting.now(Setting.Code.DAY_CAP)


def _counted(moderator: User) -> list[dict[str, Any]]:
    """Count the open cases by cause and priority, in one query."""
    held = Q(lease_until__gt=timezone.now()) & ~Q(lease_by=moderator)
    begun = Exists(Decision.objects.filter(case=OuterRef("pk")))
    rows = Case.objects.open().annotate(begun=begun).values("cause", "priority").order_by()
    found: Any = rows.annotate(
        waiting=Count("pk"),
        oldest=Min("enters_at"),
        others=Count("pk", filter=held),
        second=Count("pk", filter=Q(begun=True, is_contested=False)),
        contested=Count("pk", filter=Q(is_contested=True)),
    )
    return list(found)


def _labels() -> list[Any]:
    return [one.label for one in reversed(Priority)]


def _rows(counted: Sequence[dict[str, Any]]) -> Any:
    for cause in Cause:
        here = [one for one in counted if one["cause"] == cause]
        if here:
            yield Row(
                str(cause.label),
                sum(one["waiting"] for one in here),
                [sum(one["waiting"] for one in here if one["priority"] == each) for each in reversed(Priority)],
                waited_in_steps(min(one["oldest"] for one in here)),
            )


def _for_lead(counted: Sequence[dict[str, Any]]) -> ForLead:
    return ForLead(sum(one["contested"] for one in counted), too_many_hidden())


def _lately() -> Lately | None:
    """Say how long it took lately; None as long as too little was decided to say anything."""
    waits = lately()
    return Lately(*(max(within(waits, tenths=tenths), 1) for tenths in (5, 9))) if waits else None


def _unread_languages() -> list[tuple[str, int]]:
    """Return the languages of texts that wait and that no moderator chose to read, and how many each."""
    here = at_work()
    chosen = [place.languages for place in Place.objects.filter(moderator__in=here)]
    if len(chosen) < here.count() or not all(chosen):
        return []  # somebody reads all there are
    read = {code for codes in chosen for code in codes}
    rows = Case.objects.open().exclude(revision__language__in=read).values("revision__language").order_by()
    return [(one["revision__language"], one["waiting"]) for one in rows.annotate(waiting=Count("pk"))]
