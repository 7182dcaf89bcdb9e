"""Helpful or not: two counts an article and month, and nothing about who answered."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from advice.models import Opinion
from stories.models import this_month


def count_opinion(article_id: UUID, *, helpful: bool) -> None:
    """Count one reader's answer."""
    field = "helpful" if helpful else "unhelpful"
    row, _new = Opinion.objects.get_or_create(article_id=article_id, month=this_month())
    Opinion.objects.filter(pk=row.pk).update(**{field: F(field) + 1})
