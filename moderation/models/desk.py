"""What moderators chose for themselves, and the numbers that a lead sets."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.keys import seal_address, unseal_address
from accounts.models import Addressed, User

PURPOSE = "alert address"


class Place(Addressed):
    """A moderator's own place: the languages they read (none: all), the topics they leave to others.

    ``address`` is where they want to be told of somebody who may be in danger, sealed; None for nowhere. ``decided``
    counts the decisions of ``day`` for the daily cap, and nothing else. None of it is ever shown to others.
    """

    moderator = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    leaves = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    address = models.BinaryField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    decided = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"place of {self.pk}"

    @classmethod
    def of(cls, moderator: User) -> Place:
        """Return a moderator's place, an empty one when nothing was chosen yet."""
        return cls.objects.filter(pk=moderator.pk).first() or cls(moderator=moderator)

    @property
    def opened_address(self) -> str:
        """Return the address in words, empty without one; raise SealError under a wrong key."""
        if self.address is None:
            return ""
        return unseal_address(settings.SESSION_KEYS, PURPOSE, bytes(self.address), place=self.pk.bytes)


def sealed_address(moderator: User, address: str) -> bytes | None:
    """Return an address as it is kept, bound to whose it is; None for an empty one."""
    return seal_address(settings.SESSION_KEYS, PURPOSE, address, place=moderator.pk.bytes) if address else None


class Setting(models.Model):
    """A number that a lead put in place of the one that the site was started with."""

    class Code(models.TextChoices):
        """What it is for."""

        DAY_CAP = "day_cap"
        SAMPLE = "sample_percent"

    code = models.CharField(max_length=20, primary_key=True, choices=Code.choices)
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(code__in=["day_cap", "sample_percent"]), name="setting_code_known"),
        )

    def __str__(self) -> str:
        return f"setting {self.pk}"

    @classmethod
    def now(cls, code: Code) -> int:
        """Return the number that holds."""
        started = {cls.Code.DAY_CAP: settings.DAY_CAP, cls.Code.SAMPLE: round(settings.SAMPLE_SHARE * 100)}
        kept = cls.objects.filter(pk=code).values_list("number", flat=True).first()
        return started[code] if kept is None else kept
