"""What readers leave behind: a reaction, a saved story. No row tells whose it is."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from stories.models.texts import Contribution, one_of

if TYPE_CHECKING:
    from stories.owners import Owner


class Reaction(models.Model):
    """A kind sign from a reader; ``mark`` makes it once an owner and text, and joins no two."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="reactions")
    kind = models.CharField(max_length=3)
    mark = models.BinaryField(unique=True)

    def __str__(self) -> str:
        return f"reaction {self.pk}"


class SavedItemQuerySet(models.QuerySet["SavedItem"]):
    """Choose saved items by owner."""

    def saved_by(self, owner: Owner) -> SavedItemQuerySet:
        """Keep the items that carry one of the owner's tags for saved items."""
        return self.filter(owner_tag__in=one_of(owner.saved_tags()))


class SavedItem(models.Model):
    """A text that somebody put aside to read; tagged like a text, under a label of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="saved_items")
    owner_tag = models.BinaryField(unique=True)
    mark = models.BinaryField(unique=True)

    objects: ClassVar[SavedItemQuerySet] = SavedItemQuerySet.as_manager()  # type: ignore[assignment]  # the stubs call it a manager

    def __str__(self) -> str:
        return f"saved item {self.pk}"
