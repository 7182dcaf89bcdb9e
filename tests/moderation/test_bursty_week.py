"""A week with more than can be read: what is urgent goes first, and nothing waits for ever."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from moderation.actions import claim_next
from moderation.models import Case, Closing, Priority
from stories.models import Revision
from tests import make
from tests.moderation import two

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, tzinfo=UTC)
HOURS = {Priority.USUAL: 72, Priority.RAISED: 24, Priority.HIGH: 4, Priority.URGENT: -720}  # as in the database
A_DAY = 24  # texts that are read: one an hour
WEEK = 168


def arrivals(seed: int) -> dict[int, list[Priority]]:
    """Return what arrives in each hour of a week: 20 a day, and 60 more of every kind in one night."""
    drawn = random.Random(seed)
    weights = {Priority.USUAL: 80, Priority.RAISED: 12, Priority.HIGH: 5, Priority.URGENT: 3}
    hours: dict[int, list[Priority]] = defaultdict(list)
    for day in range(7):
        for _ in range(20 if day != 2 else 80):
            hour = day * 24 + drawn.randrange(24 if day != 2 else 6)
            hours[hour] += drawn.choices(list(weights), list(weights.values()))
    return hours


def opened(priority: Priority, at: int, revision: Revision | None = None) -> Case:
    """Open a case as the database does, at an hour of that week, about some published text."""
    revision = revision or make.published().revision
    hour = START + timedelta(hours=at)
    case = Case(revision=revision, cause="sample", priority=priority, opened_hour=hour, enters_at=hour)
    case.due_at = hour + timedelta(hours=HOURS[priority])
    case.save(force_insert=True)
    return case


def longest_waits(seed: int, moderator: User) -> dict[Priority, int]:
    """Let one text an hour be read until none is left, by the queue's own order; the longest waits, in hours."""
    read: list[Revision] = []
    waits, coming, hour = dict.fromkeys(Priority, 0), arrivals(seed), 0
    while hour < WEEK or Case.objects.claimable_by(moderator).exists():
        for priority in coming.get(hour, []):
            opened(priority, hour, read.pop() if read else None)
        case = Case.objects.claimable_by(moderator).next_first().first()
        if case is not None:
            waited = hour - int((case.opened_hour - START).total_seconds() // 3600)
            waits[Priority(case.priority)] = max(waits[Priority(case.priority)], waited)
            Case.objects.filter(pk=case.pk).update(closing=Closing.MOOT)
            read.append(case.revision)
        hour += 1
    return waits


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_starves_in_a_bursty_week(seed: int, moderator: User) -> None:
    waits = longest_waits(seed, moderator)
    print(f"longest wait in hours, seed {seed}: " + ", ".join(f"{one.name} {hours}" for one, hours in waits.items()))
    assert waits[Priority.URGENT] <= 1, "nothing stands in front of what is urgent"
    assert waits[Priority.URGENT] <= waits[Priority.HIGH] <= waits[Priority.RAISED] <= waits[Priority.USUAL]
    assert waits[Priority.USUAL] <= WEEK, "what nobody hurries with is read within a week all the same"


def test_priority_moves_a_text_forward_and_waiting_outweighs_it(moderator: User) -> None:
    old = opened(Priority.USUAL, 0)
    new = opened(Priority.URGENT, 71)
    assert claim_next(moderator=moderator) == new
    later, hurried = opened(Priority.HIGH, 71), opened(Priority.RAISED, 40)
    assert list(Case.objects.claimable_by(two.people(1)[0]).next_first()) == [hurried, old, later]


def test_urgent_goes_before_a_long_backlog_but_not_for_ever(moderator: User) -> None:
    backlog, forgotten = opened(Priority.USUAL, -24 * 14), opened(Priority.USUAL, -24 * 40)
    urgent = opened(Priority.URGENT, 0)
    assert list(Case.objects.claimable_by(moderator).next_first()) == [forgotten, urgent, backlog]


@pytest.mark.parametrize(
    ("words", "priority", "hours"),
    [("", 0, 72), (" I do not want to live like this any more.", 1, 24), (" I will kill myself tonight.", 3, -720)],
)
def test_the_database_says_when_a_text_is_due(words: str, priority: int, hours: int) -> None:
    case = make.case(text=make.TEXT + words)
    assert case.priority == priority
    assert case.due_at - case.opened_hour == timedelta(hours=hours)
