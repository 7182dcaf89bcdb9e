"""The record of everything that was decided and done: only ever added to, each row sealed by the one before."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, Sum

READ_WORDS = "read_words"  # the act of who chose to propose words and is shown those of another person


class Entry(models.Model):
    """One row of the record, written by the database itself; the site may not touch it.

    ``digest`` is SHA-256 over the salt and the words of the version it is about (32 bytes), so that it proves the
    words as long as they are kept and says nothing once they are gone. ``seal`` is SHA-256 over ``line``.
    """

    number = models.BigIntegerField(primary_key=True)
    act = models.CharField(max_length=20)
    case = models.UUIDField(null=True)
    revision = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)
    digest = models.BinaryField(null=True)
    details = models.TextField()
    month = models.DateField()
    previous = models.BinaryField()
    seal = models.BinaryField()

    objects: ClassVar[models.Manager[Entry]] = models.Manager()

    def __str__(self) -> str:
        return f"entry {self.number}"

    @property
    def line(self) -> str:
        """Return what the seal is made of; the same line is built in moderation/migrations."""
        parts: list[Any] = [self.number, self.act, self.case, self.revision, self.actor]
        return "|".join(
            [
                *("-" if part is None else str(part) for part in parts),
                "-" if self.digest is None else bytes(self.digest).hex(),
                self.details,
                self.month.isoformat(),
                bytes(self.previous).hex(),
            ]
        )

    @property
    def is_sealed(self) -> bool:
        """Say whether the row is as it was written."""
        return hashlib.sha256(self.line.encode()).digest() == bytes(self.seal)


class Head(models.Model):
    """The end of the record, by which the next row is numbered and sealed; written by the database itself."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    number = models.BigIntegerField()
    seal = models.BinaryField()

    def __str__(self) -> str:
        return f"end at {self.number}"


class Anchor(models.Model):
    """The end of the record on one day, as it was published."""

    day = models.DateField(primary_key=True)
    number = models.BigIntegerField()
    seal = models.BinaryField()

    def __str__(self) -> str:
        return f"anchor of {self.day}"


class WaitedQuerySet(models.QuerySet["Waited"]):
    """Choose months."""

    def of(self, *months: date) -> list[tuple[int, int]]:
        """Return after how many hours how many texts were decided in these months, the shortest first."""
        rows = self.filter(month__in=months).values_list("hours").annotate(many=Sum("number"))
        return list(rows.order_by("hours"))


class Waited(models.Model):
    """How many texts were decided in a month, so many whole hours after they were sent.

    No case keeps its own: who sent another text waits for longer, so a long wait would say that there is one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField()
    hours = models.PositiveIntegerField()
    number = models.PositiveIntegerField(default=0)

    objects: ClassVar[WaitedQuerySet] = WaitedQuerySet.as_manager()  # type: ignore[assignment]  # the stubs call it a manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["month", "hours"], name="waited_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="waited_month"),
        )

    def __str__(self) -> str:
        return f"waited {self.pk}"


class Tally(models.Model):
    """What is published about moderation: one month's figures, what people agree on, and whether the record is whole.

    ``code`` is a month ("2026-10"), "agreement" or "record". Small counts were kept back before it was written.
    """

    code = models.CharField(max_length=20, primary_key=True)
    cells: models.JSONField[Any, Any] = models.JSONField()
    refreshed_on = models.DateField()

    def __str__(self) -> str:
        return f"tally {self.code}"
