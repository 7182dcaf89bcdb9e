"""That the site went back to a copy is remembered, so that its pages can say so."""

from __future__ import annotations

from datetime import date

from community.models import PutBack


def tell_of_restore(copy_of: date, *, today: date) -> None:
    """Have people told, for some weeks, that the site went back to the copy of a day."""
    PutBack.objects.all().delete()
    PutBack(copy_of=copy_of, done_on=today).save(force_insert=True)
