"""What waits and nobody who works here can take, and why: told to everybody here, and to who runs the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    TextChoices,
    Value,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.access import at_work
from moderation.models import Case, CaseQuerySet, Cause, Decision, Priority, Skip
from moderation.waiting import waited_in_steps

LISTED = 50


class Why(TextChoices):
    """Why nobody can take a case."""

    PEOPLE = "people", _("It needs more people than there are who have not judged it")
    LEAD = "lead", _("Two people disagree, and no lead is left who has not judged it")
    LEFT = "left", _("Everybody passed it on, leaves its topic to others, or does not read its language")


@dataclass(frozen=True, slots=True)
class Stuck:
    """How many cases nobody can take, by what they lack."""

    people: int
    lead: int
    left: int

    @property
    def total(self) -> int:
        """Return how many there are."""
        return self.people + self.lead + self.left


@dataclass(frozen=True, slots=True)
class One:
    """A case that nobody can take, for leads."""

    pk: UUID
    cause: Cause
    priority: Priority
    waited: str
    why: Why
    was_passed_on: bool


def stuck() -> Stuck:
    """Count them, in one query."""
    found: Any = _of_nobody().aggregate(
        people=Count("pk", filter=Q(too_few=True, is_contested=False)),
        lead=Count("pk", filter=Q(too_few=True, is_contested=True)),
        left=Count("pk", filter=Q(too_few=False)),
    )
    return Stuck(**found)


def stuck_cases() -> list[One]:
    """List them, those first that are due first."""
    passed = Exists(Skip.objects.filter(case=OuterRef("pk"), to_others=False))
    rows: Any = _of_nobody().annotate(was_passed_on=passed).next_first()[:LISTED]
    return [
        One(
            one.pk, Cause(one.cause), Priority(one.priority), waited_in_steps(one.enters_at), _why(one),
            one.was_passed_on,
        )
        for one in rows
    ]  # fmt: skip


def _why(case: Any) -> Why:
    if not case.too_few:
        return Why.LEFT
    return Why.LEAD if case.is_contested else Why.PEOPLE


def _of_nobody() -> CaseQuerySet:
    """Keep the open cases in nobody's hands that none of those at work would get, with how many of them may judge."""
    rows, judges = Case.objects.open().free(), Value(0) + Value(0)
    for person in at_work().order_by("pk"):
        rows = rows.exclude(Exists(Case.objects.claimable_by(person).filter(pk=OuterRef("pk"))))
        judges += Cast(Exists(Case.objects.for_eyes_of(person).filter(pk=OuterRef("pk"))), IntegerField())
    begun = Exists(Decision.objects.filter(case=OuterRef("pk"), seen=OuterRef("joined")))
    too_few = Q(judges=0) | Q(judges=1, needs=2, begun=False)
    return rows.annotate(judges=judges, begun=begun).annotate(
        too_few=ExpressionWrapper(too_few, output_field=BooleanField())
    )
