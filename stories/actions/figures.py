"""Writing the published figures: only what is protected is stored."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import connection, transaction

from stories.figures import Group, groups
from stories.models import Figure
from stories.small_numbers import LEAST

COUNTING = "5min"


def refresh_figures(*, today: date) -> int:
    """Work the figures out anew, each group at most once a day and when enough has moved; return how many were."""
    if Figure.objects.exists() and not Figure.objects.filter(refreshed_on__lt=today).exists():
        return 0
    return sum(_refresh(group, today) for group in _counted())


@transaction.atomic
def _counted() -> list[Group]:
    """Count everybody, with the time that it takes among a million stories: nobody waits for this job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [COUNTING])
    return list(groups())


@transaction.atomic
def _refresh(group: Group, today: date) -> bool:
    """Write the tables of a group in the place of its old ones; say whether it was done.

    When the people of a group have become too few to be told, it does not wait: its old numbers go.
    """
    known = Figure.objects.select_for_update().filter(group=group.name).first()
    basis = known.basis if known else 0
    too_few = group.people < LEAST <= basis
    if (abs(group.people - basis) < settings.FIGURES_STEP and not too_few) or (known and known.refreshed_on >= today):
        return False
    Figure.objects.filter(group=group.name).delete()
    rows = [
        Figure(
            code=table.code, group=group.name, cells=dict(table.cells), stories=table.total, basis=group.people,
            refreshed_on=today,
        )
        for table in group.tables
    ]  # fmt: skip
    Figure.objects.bulk_create(rows)
    return True
