"""A text that waits for a decision: why, how urgently, how many people it needs, and who holds it now."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from moderation.models.desk import Place
from stories.models import Outcome, Revision
from stories.screening import RULES

CRISIS = "crisis"  # the topic of texts in which screening heard that somebody may be in danger
CRISIS_RULES = [rule.id for rule in RULES if rule.id.startswith("crisis.")]


class Cause(models.TextChoices):
    """Why a text is to be read."""

    NEW = "new", _("New text")
    EDIT = "edit", _("Change to a published text")
    REPORT = "report", _("Report about a published text")
    APPEAL = "appeal", _("Appeal against a decision")
    SAMPLE = "sample", _("Read again, to compare")


# What can be decided about each; the database holds the same list.
WAITING_OUTCOMES = (Outcome.APPROVE, Outcome.ASK_CHANGES, Outcome.PROPOSE, Outcome.REFUSE)
OUTCOMES: dict[Cause, tuple[Outcome, ...]] = {
    Cause.NEW: WAITING_OUTCOMES,
    Cause.EDIT: WAITING_OUTCOMES,
    Cause.REPORT: (Outcome.KEEP, Outcome.PROPOSE, Outcome.REMOVE),
    Cause.APPEAL: (Outcome.APPROVE, Outcome.UPHOLD),
    Cause.SAMPLE: WAITING_OUTCOMES,
}


class Priority(models.IntegerChoices):
    """What goes first; it moves the hour at which a text is due, so that waiting outweighs it in the end."""

    USUAL = 0, _("Usual")
    RAISED = 1, _("Soon")
    HIGH = 2, _("Today")
    URGENT = 3, _("At once")


class Closing(models.TextChoices):
    """How a case ended; an open one has none."""

    OPEN = "", _("Open")
    DECIDED = "decided", _("Decided")
    MOOT = "moot", _("Ended without a decision")


class CaseQuerySet(models.QuerySet["Case"]):
    """Choose cases by what can be done with them."""

    def open(self) -> CaseQuerySet:
        """Keep what still needs a decision and has entered the queue."""
        return self.filter(closing=Closing.OPEN, enters_at__lte=timezone.now())

    def entered(self) -> CaseQuerySet:
        """Keep the cases that have entered the queue, open or not; the others are not there yet."""
        return self.filter(enters_at__lte=timezone.now())

    def closed(self) -> CaseQuerySet:
        """Keep what needs no decision any more."""
        return self.exclude(closing=Closing.OPEN)

    def that_matter(self) -> CaseQuerySet:
        """Keep those whose decision does something; a text that is read again to compare stays as it is."""
        return self.exclude(cause=Cause.SAMPLE)

    def reported(self) -> CaseQuerySet:
        """Keep the open cases about published texts that readers reported."""
        return self.filter(closing=Closing.OPEN, cause=Cause.REPORT)

    def free(self) -> CaseQuerySet:
        """Keep those that nobody holds at this moment."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lte=timezone.now()))

    def being_read(self) -> CaseQuerySet:
        """Keep the open ones that somebody holds at this moment."""
        return self.open().filter(lease_until__gt=timezone.now())

    def held_by(self, moderator: User) -> CaseQuerySet:
        """Keep those whose running lease is this moderator's."""
        return self.filter(lease_by=moderator, lease_until__gt=timezone.now())

    def for_eyes_of(self, moderator: User) -> CaseQuerySet:
        """Keep what this moderator may judge at all.

        Nothing they decided in this case, and nothing left to others; no appeal about a text they judged before, and no
        text read again that they read first; what two people disagree on is for a lead.
        """
        mine = Exists(_decisions().filter(moderator=moderator, case=OuterRef("pk")))
        left = Exists(Skip.objects.filter(moderator=moderator, case=OuterRef("pk"), to_others=True))
        judged = _decisions().filter(moderator=moderator, revision__contribution=OuterRef("revision__contribution"))
        others = Q(cause__in=[Cause.NEW, Cause.EDIT, Cause.REPORT]) | ~Exists(judged)
        rows = self.filter(~mine, ~left, others)
        return rows if moderator.role == Role.LEAD else rows.filter(is_contested=False)

    def wanted_by(self, moderator: User) -> CaseQuerySet:
        """Keep what is in a language that this moderator reads, on no topic that they leave to others.

        A topic is what its writer chose, what somebody who published a version of it added, and what screening saw.
        """
        place = Place.of(moderator)
        rows = self
        if place.languages:
            rows = rows.filter(revision__language__in=place.languages)
        if place.leaves:
            added = _decisions().filter(warnings__overlap=place.leaves, case__outcome=Outcome.APPROVE)
            told = added.exclude(case__cause=Cause.SAMPLE)
            rows = rows.exclude(revision__warnings__overlap=place.leaves).exclude(
                Exists(told.filter(revision__contribution=OuterRef("revision__contribution")))
            )
        return rows.exclude(revision__signals__overlap=CRISIS_RULES) if CRISIS in place.leaves else rows

    def claimable_by(self, moderator: User) -> CaseQuerySet:
        """Keep what this moderator may take next: free, theirs to judge, wanted, and not one they passed on."""
        return self.open().free().for_eyes_of(moderator).wanted_by(moderator).exclude(skips__moderator=moderator)

    def skipped_by(self, moderator: User) -> CaseQuerySet:
        """Keep the open ones that this moderator passed on."""
        return self.open().filter(skips__moderator=moderator, skips__to_others=False)

    def with_text(self) -> CaseQuerySet:
        """Bring the text along, and nothing that could tell whose it is."""
        whose = ("owner_tag", "voice", "person_seal", "from_receipt")
        return self.select_related("revision__contribution").defer(
            *(f"revision__contribution__{name}" for name in whose)
        )

    def with_votes(self) -> CaseQuerySet:
        """Count how many people have decided so far."""
        return self.annotate(votes=Count("decisions"))

    def next_first(self) -> CaseQuerySet:
        """Order by when a text is due, counted from its entering: priority moves it forward, waiting does the rest."""
        return self.order_by("due_at", "id")


def _decisions() -> Any:
    from moderation.models.decisions import Decision

    return Decision.objects.all()


class Case(models.Model):
    """A revision that waits for a decision. The database opens it when a revision starts to wait.

    A claim is a lease, not a state: whose, under which token, until when. ``outcome`` is what took effect as it
    closed, with ``proposed`` the words that were offered to the owner then. When it closes, the database puts the
    month in place of its hours: how long it waited is kept in ``Waited`` alone. ``is_contested`` says that people
    disagree and a lead decides; ``is_settled`` that what was decided did what it was to do, which it does once;
    ``is_alerted`` that those who asked for it were told by mail. ``joined`` counts the reports and the appeal that
    came to it after it was opened: a decision says how many of them it was made with, and counts while that is all
    of them.
    ``hidden_hour`` is when reports hid the text, by which hiding in bulk is noticed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="cases")
    cause = models.CharField(max_length=6, choices=Cause.choices)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.USUAL)
    needs = models.PositiveSmallIntegerField(default=1)
    is_contested = models.BooleanField(default=False)
    is_alerted = models.BooleanField(default=False, db_default=False)
    joined = models.PositiveIntegerField(default=0, db_default=0)
    opened_hour = models.DateTimeField()
    hidden_hour = models.DateTimeField(null=True, blank=True)
    enters_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closing = models.CharField(max_length=7, choices=Closing.choices, default=Closing.OPEN, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    is_settled = models.BooleanField(default=False, db_default=False)
    proposed = models.OneToOneField(Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="offer")
    lease_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[CaseQuerySet] = CaseQuerySet.as_manager()  # type: ignore[assignment]  # the stubs call it a manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["revision"], condition=Q(closing=Closing.OPEN) & ~Q(cause=Cause.SAMPLE), name="case_one_open"
            ),
            models.UniqueConstraint(
                fields=["revision"], condition=Q(closing=Closing.OPEN, cause=Cause.SAMPLE), name="case_one_sample"
            ),
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="case_cause_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="case_priority_known"),
            models.CheckConstraint(
                condition=Q(needs=1) | Q(needs=2) & ~Q(cause=Cause.SAMPLE), name="case_needs_one_or_two"
            ),
            models.CheckConstraint(condition=Q(is_settled=False) | Q(closing=Closing.DECIDED), name="case_settled"),
            models.CheckConstraint(condition=Q(closing__in=Closing.values), name="case_closing_known"),
            models.CheckConstraint(
                condition=Q(closing=Closing.DECIDED, outcome__in=Outcome.values)
                | ~Q(closing=Closing.DECIDED) & Q(outcome=""),
                name="case_outcome_when_decided",
            ),
            models.CheckConstraint(
                condition=Q(proposed=None) | Q(outcome=Outcome.PROPOSE) & ~Q(cause=Cause.SAMPLE),
                name="case_proposes_words",
            ),
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

    @property
    def is_about_waiting(self) -> bool:
        """Say whether nobody but its owner sees the text before the decision."""
        return self.cause in {Cause.NEW, Cause.EDIT}


class Skip(models.Model):
    """A case that a moderator passed on, without fault; it does not come back to them.

    They may take one again that they merely passed on, and none that is for others to decide (``to_others``): what
    they left to two others, and what they published themselves and a lead has judged anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="skips")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    to_others = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "moderator"], name="skip_once"),)

    def __str__(self) -> str:
        return f"skip {self.pk}"
