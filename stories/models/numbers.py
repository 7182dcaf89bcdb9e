"""Figures made from many stories: only what may be published is ever stored."""

from __future__ import annotations

from typing import Any

from django.db import models


class Figure(models.Model):
    """One published table. Small cells were kept back before it was written.

    ``code`` names the table ("t03", "t03.y1", "stage"); ``cells`` holds its numbers, null for one that is kept
    back; ``stories`` is how many stories are in it, null likewise. Tables of one ``group`` are made together;
    ``basis`` is how many stories were in the group then, by which the next refresh is judged. It is never shown.
    """

    code = models.CharField(max_length=40, primary_key=True)
    group = models.CharField(max_length=20, db_index=True)
    cells: models.JSONField[Any, Any] = models.JSONField()
    stories = models.PositiveIntegerField(null=True)
    basis = models.PositiveIntegerField()
    refreshed_on = models.DateField()

    def __str__(self) -> str:
        return f"figure {self.code}"
