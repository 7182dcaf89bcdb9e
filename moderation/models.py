"""Who decided what: a case, a lease on it, and the decision, which names the revision it judged."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from stories.models import Outcome, Revision, this_month


class Cause(models.TextChoices):
    """Why a text is to be read."""

    NEW = "new", _("New text")
    EDIT = "edit", _("Change to a published text")
    REPORT = "report", _("Report about a published text")


class Closing(models.TextChoices):
    """How a case ended; an open one has none."""

    OPEN = "", _("Open")
    DECIDED = "decided", _("Decided")
    MOOT = "moot", _("Taken back or withdrawn by its owner")


class CaseQuerySet(models.QuerySet["Case"]):
    """Choose cases by what can be done with them."""

    def open(self) -> CaseQuerySet:
        """Keep the texts that still need a decision before anybody reads them and have entered the queue."""
        return self.filter(closing=Closing.OPEN, enters_at__lte=timezone.now()).exclude(cause=Cause.REPORT)

    def reported(self) -> CaseQuerySet:
        """Keep the open cases about published texts that readers reported."""
        return self.filter(closing=Closing.OPEN, cause=Cause.REPORT)

    def entered(self) -> CaseQuerySet:
        """Keep the cases that have entered the queue, open or not; the others are not there yet."""
        return self.filter(enters_at__lte=timezone.now())

    def free(self) -> CaseQuerySet:
        """Keep those that nobody holds at this moment."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lte=timezone.now()))

    def held_by(self, moderator: User) -> CaseQuerySet:
        """Keep those whose running lease is this moderator's."""
        return self.filter(lease_by=moderator, lease_until__gt=timezone.now())

    def claimable_by(self, moderator: User) -> CaseQuerySet:
        """Keep what this moderator may take next: free, and not one they skipped."""
        return self.open().free().exclude(skips__moderator=moderator)

    def skipped_by(self, moderator: User) -> CaseQuerySet:
        """Keep the open ones that this moderator passed on."""
        return self.open().filter(skips__moderator=moderator)

    def lately_decided(self) -> CaseQuerySet:
        """Keep decided cases of texts that are no examples, those of the last week first."""
        decided = self.filter(closing=Closing.DECIDED, revision__contribution__is_example=False)
        return decided.order_by("-opened_hour", "id")

    def with_text(self) -> CaseQuerySet:
        """Bring the text along, and nothing that could tell whose it is."""
        whose = ("owner_tag", "voice", "person_seal", "from_receipt")
        return self.select_related("revision__contribution").defer(
            *(f"revision__contribution__{name}" for name in whose)
        )

    def next_first(self) -> CaseQuerySet:
        """Order by the hour at which a text is due: priority moves it forward, waiting does the rest."""
        return self.order_by("due_at", "id")


class Case(models.Model):
    """A revision that waits for a decision. The database opens it when a revision starts to wait.

    A claim is a lease, not a state: whose, under which token, until when. When it closes, the database puts
    the week in place of its hours.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="cases")
    cause = models.CharField(max_length=6, choices=Cause.choices)
    opened_hour = models.DateTimeField()
    enters_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closing = models.CharField(max_length=7, choices=Closing.choices, default=Closing.OPEN, blank=True)
    waited_hours = models.PositiveIntegerField(null=True, blank=True)
    lease_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[CaseQuerySet] = CaseQuerySet.as_manager()  # type: ignore[assignment]  # the stubs call it a manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["revision"], condition=Q(closing=Closing.OPEN), name="case_one_open"),
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="case_cause_known"),
            models.CheckConstraint(condition=Q(closing__in=Closing.values), name="case_closing_known"),
            models.CheckConstraint(
                condition=Q(lease_by=None, lease_token=None, lease_until=None)
                | Q(lease_by__isnull=False, lease_token__isnull=False, lease_until__isnull=False),
                name="case_lease_whole",
            ),
            models.CheckConstraint(
                condition=Q(closing=Closing.OPEN) | Q(lease_by=None), name="case_closed_has_no_lease"
            ),
        )
        indexes = (models.Index(fields=["due_at", "id"], condition=Q(closing=Closing.OPEN), name="case_queue"),)

    def __str__(self) -> str:
        return f"case {self.pk}"

    def is_held_by(self, moderator: User) -> bool:
        """Say whether the running lease is this moderator's."""
        return self.lease_by_id == moderator.pk and self.is_held

    @property
    def is_held(self) -> bool:
        """Say whether a lease is running."""
        return self.lease_until is not None and self.lease_until > timezone.now()


class Skip(models.Model):
    """A case that a moderator passed on, without fault; it does not come back to them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="skips")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "moderator"], name="skip_once"),)

    def __str__(self) -> str:
        return f"skip {self.pk}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Choose decisions by who made them and when."""

    def made_by(self, moderator: User) -> DecisionQuerySet:
        """Keep what this moderator decided."""
        return self.filter(moderator=moderator)

    def of_case(self, case: Case) -> DecisionQuerySet:
        """Keep the one that closed a case."""
        return self.filter(case=case)

    def newest(self, *, before: tuple[date, uuid.UUID] | None = None) -> DecisionQuerySet:
        """Order by month, newest first, and by id inside a month, from below a place on."""
        rows = self
        if before is not None:
            month, last = before
            rows = self.filter(Q(month__lt=month) | Q(month=month, id__lt=last))
        return rows.order_by("-month", "-id")

    def above(self, place: tuple[date, uuid.UUID]) -> DecisionQuerySet:
        """Keep a place and what comes before it on the pages, nearest first."""
        month, last = place
        return self.filter(Q(month__gt=month) | Q(month=month, id__gte=last)).order_by("month", "id")


class Decision(models.Model):
    """What was decided about which revision, by whom. Written once; the database refuses to alter it.

    ``passages`` is a list of [field, start, end]; ``statement`` is the id of the letter to the owner,
    which may be deleted one day while its id stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    rules = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    passages: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    warnings = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    statement = models.UUIDField(null=True, blank=True)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request_id = models.UUIDField(unique=True)
    month = models.DateField(default=this_month)

    objects: ClassVar[DecisionQuerySet] = DecisionQuerySet.as_manager()  # type: ignore[assignment]  # the stubs call it a manager

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="decision_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.APPROVE) | (Q(rules__len__gt=0) & Q(statement__isnull=False)),
                name="decision_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.APPROVE) | Q(warnings__len=0),
                name="decision_warnings_when_approved",
            ),
        )

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Report(models.Model):
    """What a reader tells about a published text. Whose it is cannot be seen: the mark makes it once a reader.

    ``weight`` is worked out from the reporter's own texts at this moment, in points.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="reports")
    rules = ArrayField(models.CharField(max_length=30))
    text = models.TextField(blank=True)
    weight = models.PositiveSmallIntegerField()
    mark = models.BinaryField(unique=True)
    month = models.DateField(default=this_month)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(rules__len__gt=0), name="report_has_reason"),
            models.CheckConstraint(condition=Q(month__day=1), name="report_month"),
        )

    def __str__(self) -> str:
        return f"report {self.pk}"
