"""What was decided, by whom: written once."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from moderation.models.cases import Case
from stories.models import SILENT, Outcome, Revision, this_month


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Choose decisions by who made them and when."""

    def made_by(self, moderator: User) -> DecisionQuerySet:
        """Keep what this moderator decided."""
        return self.filter(moderator=moderator)

    def of_case(self, case: Case) -> DecisionQuerySet:
        """Keep those of a case, in order."""
        return self.filter(case=case).order_by("place")

    def told_of(self, contribution: uuid.UUID) -> DecisionQuerySet:
        """Keep what took effect of what was decided about a text, newest version first.

        Not that of who was outvoted, and not what was compared.
        """
        rows = self.filter(revision__contribution=contribution, case__closing="decided", outcome=F("case__outcome"))
        return rows.exclude(case__cause="sample").order_by("-revision__number", "-place")

    def newest(self, *, before: tuple[date, uuid.UUID] | None = None) -> DecisionQuerySet:
        """Order by month, newest first, and by id inside a month, from below a place on."""
        rows = self
        if before is not None:
            month, last = before
            rows = self.filter(Q(month__lt=month) | Q(month=month, id__lt=last))
        return rows.order_by("-month", "-id")

    def with_standing(self) -> DecisionQuerySet:
        """Bring along the case and the version, without its words, and whether it waits to be judged once more."""
        open_now = Case.objects.filter(revision=OuterRef("revision"), closing="").exclude(cause="sample")
        rows = self.select_related("case", "revision").defer("revision__title", "revision__text")
        return rows.annotate(is_open=Exists(open_now))

    def above(self, place: tuple[date, uuid.UUID]) -> DecisionQuerySet:
        """Keep a place and what comes before it on the pages, nearest first."""
        month, last = place
        return self.filter(Q(month__gt=month) | Q(month=month, id__gte=last)).order_by("month", "id")


class Decision(models.Model):
    """What was decided about which revision, by whom. Written once; the database refuses to alter it.

    ``passages`` is a list of [field, start, end]; ``statement`` is the id of the letter to the owner,
    which may be deleted one day while its id stays. ``place`` counts the people of one case. ``seen`` is how much
    had joined the case as it was decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    place = models.PositiveSmallIntegerField(default=1)
    seen = models.PositiveIntegerField(default=0, db_default=0)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    rules = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    passages: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    warnings = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    statement = models.UUIDField(null=True, blank=True)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request_id = models.UUIDField(unique=True)
    month = models.DateField(default=this_month)

    objects: ClassVar[DecisionQuerySet] = DecisionQuerySet.as_manager()  # type: ignore[assignment]  # the stubs call it a manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "moderator"], name="decision_once_a_person"),
            models.UniqueConstraint(fields=["case", "place"], name="decision_place_unique"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="decision_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=SILENT) | Q(rules__len__gt=0),
                name="decision_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.APPROVE) | Q(warnings__len=0),
                name="decision_warnings_when_approved",
            ),
        )
        indexes = (models.Index(fields=["-month", "-id"], name="decision_newest"),)

    def __str__(self) -> str:
        return f"decision {self.pk}"
