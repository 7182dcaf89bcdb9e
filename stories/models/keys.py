"""Whether the keys fit this database."""

from __future__ import annotations

from django.db import models


class KeyCheck(models.Model):
    """A value that only the right key makes: says whether this key fits this database."""

    purpose = models.CharField(max_length=30, primary_key=True)
    value = models.BinaryField()

    def __str__(self) -> str:
        return f"key check {self.purpose}"
