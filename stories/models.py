"""What members write: a contribution, its revisions, and the pointer that readers follow."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.lifecycle import ANSWERED, FINAL, State

if TYPE_CHECKING:
    from stories.owners import Owner


def this_month() -> date:
    """Return the first day of the month: the finest date a member's row may hold."""
    return timezone.now().date().replace(day=1)


class WriterRole(models.TextChoices):
    """In which place the writer stands."""

    SELF = "self", _("I have it, or had it")
    PARTNER = "partner", _("I am a partner")
    FRIEND = "friend", _("I am a friend or family")


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Choose texts by owner."""

    def owned_by(self, owner: Owner) -> ContributionQuerySet:
        """Keep the texts that carry one of the owner's tags: one look-up of the whole window."""
        return self.filter(owner_tag__in=RawSQL("SELECT unnest(%s::bytea[])", [owner.tags()]))


class Contribution(models.Model):
    """A text through all its versions. No account, no moment: an owner's tag and a month."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_tag = models.BinaryField()
    person_seal = models.BinaryField()
    from_receipt = models.BooleanField()
    is_example = models.BooleanField(default=False)
    month = models.DateField(default=this_month)

    objects: ClassVar[ContributionQuerySet] = ContributionQuerySet.as_manager()  # type: ignore[assignment]  # the stubs call it a manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["owner_tag"], name="contribution_tag_unique"),
            models.CheckConstraint(condition=Q(month__day=1), name="contribution_month"),
        )

    def __str__(self) -> str:
        return f"contribution {self.pk}"


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Choose versions by what can still happen to them."""

    def in_state(self, *states: State) -> RevisionQuerySet:
        """Keep the revisions in one of these states."""
        return self.filter(state__in=states)

    def answered(self) -> RevisionQuerySet:
        """Keep those that a moderator answered with something other than yes."""
        return self.filter(state__in=ANSWERED)

    def alive(self) -> RevisionQuerySet:
        """Keep those that can still move."""
        return self.exclude(state__in=FINAL)


class Revision(models.Model):
    """One version of a text: a draft may change, a submitted one never does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=13, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    role = models.CharField(max_length=7, choices=WriterRole.choices, blank=True)
    warnings = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    consents = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    language = models.CharField(max_length=10, default="en")
    month = models.DateField(default=this_month)

    objects: ClassVar[RevisionQuerySet] = RevisionQuerySet.as_manager()  # type: ignore[assignment]  # the stubs call it a manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["contribution", "number"], name="revision_number_unique"),
            models.UniqueConstraint(fields=["contribution"], condition=Q(state=State.DRAFT), name="revision_one_draft"),
            models.UniqueConstraint(
                fields=["contribution"],
                condition=Q(state__in=[State.WAITING, State.PROPOSED]),
                name="revision_one_waiting",
            ),
            models.UniqueConstraint(
                fields=["contribution"], condition=Q(state=State.APPROVED), name="revision_one_approved"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="revision_state_known"),
            models.CheckConstraint(condition=Q(role__in=["", *WriterRole.values]), name="revision_role_known"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.DISCARDED])
                | ~Q(title="") & ~Q(text="") & ~Q(role="") & Q(consents__contains=["publish"]),
                name="revision_complete",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="revision_month"),
        )

    def __str__(self) -> str:
        return f"revision {self.pk}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Choose what readers see."""

    def readable_by(self, reader: Any) -> PublicationQuerySet:
        """Keep what this reader (an account, or an anonymous user) may read.

        The one way to anything public: approved at this moment, and not hidden.
        """
        del reader  # every published text is for everyone until a text can be for members only
        return self.filter(revision__state=State.APPROVED, contribution__suppression=None)

    def written_as(self, role: str) -> PublicationQuerySet:
        """Keep the stories whose writer stands in this place."""
        return self.filter(revision__role=role)

    def newest(self, *, before: int | None = None) -> PublicationQuerySet:
        """Order by place, newest first, from below a place on."""
        rows = self if before is None else self.filter(position__lt=before)
        return rows.order_by("-position").select_related("revision", "contribution")


class Publication(models.Model):
    """The pointer from a contribution to its approved revision. It holds no word of its own."""

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, primary_key=True)
    revision = models.OneToOneField(Revision, on_delete=models.PROTECT)
    position = models.BigIntegerField(unique=True)
    warnings = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(default=1)
    month = models.DateField(default=this_month)

    objects: ClassVar[PublicationQuerySet] = PublicationQuerySet.as_manager()  # type: ignore[assignment]  # the stubs call it a manager

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(month__day=1), name="publication_month"),)

    def __str__(self) -> str:
        return f"publication {self.pk}"


class Suppression(models.Model):
    """A published text that is hidden for now; only a decision lifts it."""

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, primary_key=True)
    ground = models.CharField(max_length=30)

    def __str__(self) -> str:
        return f"suppression {self.pk}"


class Outcome(models.TextChoices):
    """What a moderator can decide about a waiting text."""

    APPROVE = "approve", _("Published")
    ASK_CHANGES = "ask_changes", _("A change was asked for")
    REFUSE = "refuse", _("Not published")


class Statement(models.Model):
    """What the owner of a text is told about a decision: a letter, written once, never changed.

    ``passages`` is a list of [field, start, end] in characters of the revision's title or text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="statements")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    rules = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    passages: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    text = models.TextField(blank=True)
    month = models.DateField(default=this_month)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(month__day=1), name="statement_month"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="statement_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.APPROVE) | (Q(rules__len__gt=0) & ~Q(text="")),
                name="statement_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"statement {self.pk}"


class KeyCheck(models.Model):
    """A value that only the right key makes: says whether this key fits this database."""

    purpose = models.CharField(max_length=30, primary_key=True)
    value = models.BinaryField()

    def __str__(self) -> str:
        return f"key check {self.purpose}"
