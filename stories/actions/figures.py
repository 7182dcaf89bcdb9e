"""Writing the published figures: only what is protected is stored."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction

from stories.figures import Group, groups
from stories.models import Figure


def refresh_figures(*, today: date) -> int:
    """Work the figures out anew, each group at most once a day and when enough has moved; return how many were."""
    if Figure.objects.exists() and not Figure.objects.filter(refreshed_on__lt=today).exists():
        return 0
    return sum(_refresh(group, today) for group in groups())


@transaction.atomic
def _refresh(group: Group, today: date) -> bool:
    """Write the tables of a group in the place of its old ones; say whether it was done."""
    known = Figure.objects.select_for_update().filter(group=group.name).first()
    moved = abs(group.people - (known.basis if known else 0))
    if moved < settings.FIGURES_STEP or (known and known.refreshed_on >= today):
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
