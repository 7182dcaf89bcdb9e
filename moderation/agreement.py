"""How often two people who judge the same text agree, beyond what chance would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case as Either
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value, When

from moderation.models import READ_WORDS, Case, Cause, Closing, Decision, Entry
from stories.models import Outcome, Revision

ENOUGH = 30
LISTED = 30
Pair = tuple[str, str]


@dataclass(frozen=True)
class Agreement:
    """How many texts two people judged, how many alike, and Cohen's kappa, None below ENOUGH of them."""

    judged: int
    alike: int
    kappa: float | None


@dataclass(frozen=True)
class Disagreement:
    """A text that two people judged differently, and what each said; nothing of whose it is."""

    revision: UUID
    cause: Cause
    first: Outcome
    second: Outcome
    month: date
    is_open: bool
    can_reopen: bool


def cohens_kappa(pairs: Mapping[Pair, int]) -> float:
    """Return Cohen's kappa (1960) of counts by what the first and the second said: 1 alike, 0 as by chance.

    When each said one and the same thing always, chance explains all of it and kappa has no value; 1 is returned.
    """
    total = sum(pairs.values())
    first, second = Counter[str](), Counter[str]()
    for (one, other), count in pairs.items():
        first[one] += count
        second[other] += count
    observed = sum(count for (one, other), count in pairs.items() if one == other) / total
    expected = sum(first[said] * second[said] for said in first) / total**2
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def agreement(*, before: date | None = None, month: date | None = None) -> Agreement:
    """Work out agreement from what two people chose about a text before either saw the other's; of some time."""
    pairs = Counter[Pair]()
    for seconds in (_second_of_two(), _sampled()):
        rows = seconds if before is None else seconds.filter(month__lt=before)
        rows = rows if month is None else rows.filter(month=month)
        for first, chosen, count in rows.values_list("first", "chosen").annotate(count=Count("pk")):
            pairs[first, chosen] += count
    judged = sum(pairs.values())
    alike = sum(count for (one, other), count in pairs.items() if one == other)
    return Agreement(judged, alike, cohens_kappa(pairs) if judged >= ENOUGH else None)


def disagreements() -> list[Disagreement]:
    """List the newest texts that two people judged differently."""
    found = list[Disagreement]()
    for seconds in (_second_of_two(), _sampled()):
        rows = seconds.exclude(outcome=F("first")).select_related("case", "revision")
        found += [_told(one) for one in rows.order_by("-month", "id")[:LISTED]]
    return sorted(found, key=lambda one: one.month, reverse=True)[:LISTED]


def _told(second: Any) -> Disagreement:
    revision: Revision = second.revision
    is_open = Case.objects.filter(revision=revision, closing=Closing.OPEN).exclude(cause=Cause.SAMPLE).exists()
    return Disagreement(
        revision=revision.pk,
        cause=Cause(second.case.cause),
        first=Outcome(second.first),
        second=Outcome(second.outcome),
        month=second.month,
        is_open=is_open,
        can_reopen=not is_open and revision.can_be_judged_anew,
    )


def _seconds() -> Any:  # the stubs have no name for an annotated QuerySet
    return Decision.objects.filter(revision__contribution__is_example=False)


def _second_of_two() -> Any:
    """Keep the second decisions of cases that two people judged, with what the first said.

    ``chosen`` is what the second chose before they were shown the first's words: whoever was, chose to propose some.
    """
    first = Decision.objects.filter(case=OuterRef("case"), place=1).values("outcome")[:1]
    read = Entry.objects.filter(act=READ_WORDS, case=OuterRef("case"), actor=OuterRef("moderator"))
    chosen = When(Exists(read), then=Value(Outcome.PROPOSE.value))
    rows = _seconds().filter(place=2).exclude(case__cause=Cause.SAMPLE)
    return rows.annotate(first=Subquery(first), chosen=Either(chosen, default=F("outcome")))


def _sampled() -> Any:
    """Keep the decisions about texts that were read once more, with what took effect the first time."""
    before = Case.objects.filter(
        revision=OuterRef("revision"), closing=Closing.DECIDED, cause__in=[Cause.NEW, Cause.EDIT]
    )
    sampled = _seconds().filter(Q(case__cause=Cause.SAMPLE), place=1)
    sampled = sampled.annotate(first=Subquery(before.values("outcome")[:1]), chosen=F("outcome"))
    return sampled.filter(first__isnull=False)
