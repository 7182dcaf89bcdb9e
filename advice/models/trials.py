"""Trials as a public register tells of them, copied once a day so that no reader's question leaves the site."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

LOOKING = ("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION")


class TrialQuerySet(models.QuerySet["Trial"]):
    """Trials by what a reader asks for."""

    def newest(self) -> Self:
        """Return those first that changed last in the register."""
        return self.order_by("-changed_on", "-code")

    def chosen(self, *, status: str = "", phase: str = "", country: str = "", treatment: str = "") -> Self:
        """Keep those that fit every choice that is made."""
        wanted = Q()
        for field, value in (("phases", phase), ("countries", country), ("treatments", treatment)):
            if value:
                wanted &= Q(**{f"{field}__contains": [value]})
        return self.filter(wanted & Q(status=status) if status else wanted)


class Trial(models.Model):
    """One record of the register, by its number there ("NCT01234567").

    ``countries`` are ISO 3166-1 codes, ``treatments`` codes of the content pack, ``changed_on`` the day of the
    register's last change, ``seen_on`` the day on which it was first copied. ``record`` is the record as it came.
    """

    code = models.CharField(max_length=11, primary_key=True)
    title = models.TextField()
    summary = models.TextField(blank=True)
    status = models.CharField(max_length=40)
    phases = ArrayField(models.CharField(max_length=20), default=list)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    treatments = ArrayField(models.CharField(max_length=3), default=list)
    eligibility = models.TextField(blank=True)
    least_age = models.CharField(max_length=30, blank=True)
    most_age = models.CharField(max_length=30, blank=True)
    sex = models.CharField(max_length=10, blank=True)
    sponsor = models.TextField(blank=True)
    places: models.JSONField[Any, Any] = models.JSONField(default=list)
    changed_on = models.DateField()
    seen_on = models.DateField()
    record: models.JSONField[Any, Any] = models.JSONField()

    objects: ClassVar[models.Manager[Trial]] = models.Manager.from_queryset(TrialQuerySet)()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(code__regex=r"^NCT[0-9]{8}$"), name="trial_code"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-changed_on", "-code"], name="trial_newest"),
            GinIndex(fields=["countries"], name="trial_countries"),
        ]

    def __str__(self) -> str:
        return f"trial {self.code}"


class TrialCopy(models.Model):
    """The last copying: what the register called its data, when it was fetched, and what went wrong since."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    data_stamp = models.CharField(max_length=40, blank=True)
    fetched_at = models.DateTimeField(null=True)
    failing_since = models.DateField(null=True)
    trouble = models.CharField(max_length=40, blank=True)

    objects: ClassVar[models.Manager[TrialCopy]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(pk=1), name="trial_copy_one"),
        ]

    def __str__(self) -> str:
        return "the copy of the register"
