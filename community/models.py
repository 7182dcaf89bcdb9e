"""What everybody may see of the site as a whole: numbers kept by triggers, that it was put back; and the last mix."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils import timezone

TOLD_FOR = timedelta(weeks=6)  # long enough for who comes once a month
PUBLIC = ("members", "shared", "stories")


class Counter(models.Model):
    """One public number: ``members``, ``stories``, ``shared``; ``shared_moves`` paces the last."""

    name = models.CharField(max_length=20, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Mix(models.Model):
    """When a table's rows were last mixed: the number of that transaction, and the day when all of it was done.

    ``oldest`` is the number from which on rows may have been passed over then: somebody held them. A large table is not
    rewritten every time.
    """

    name = models.CharField(max_length=63, primary_key=True)
    oldest = models.BigIntegerField()
    xid = models.BigIntegerField()
    done_on = models.DateField(null=True)
    rewritten_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"mix of {self.name}"


class PutBack(models.Model):
    """That the site went back to the copy of a day, and when; the newest time only."""

    copy_of = models.DateField(primary_key=True)
    done_on = models.DateField()

    def __str__(self) -> str:
        return f"put back to {self.copy_of}"


def put_back_to() -> date | None:
    """Return the day of the copy to which the site went back in the last weeks; None when it did not."""
    lately = PutBack.objects.filter(done_on__gte=timezone.now().date() - TOLD_FOR)
    return lately.values_list("copy_of", flat=True).first()


def counts() -> dict[str, int]:
    """Return the three public numbers in one query; one that nothing has counted yet is 0."""
    found = dict(Counter.objects.filter(name__in=PUBLIC).values_list("name", "value"))
    return {name: found.get(name, 0) for name in PUBLIC}
