"""Numbers that everybody may see, kept by triggers on the tables they count; and when rows were last mixed."""

from __future__ import annotations

from django.db import models

PUBLIC = ("members", "shared", "stories")


class Counter(models.Model):
    """One public number: ``members``, ``stories``, ``shared``.

    ``shared_moves`` paces the last; ``replay_owed`` is there while what was erased has to be erased again.
    """

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


def counts() -> dict[str, int]:
    """Return the three public numbers in one query; one that nothing has counted yet is 0."""
    found = dict(Counter.objects.filter(name__in=PUBLIC).values_list("name", "value"))
    return {name: found.get(name, 0) for name in PUBLIC}
