"""What members write: a contribution and its revisions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from stories.consents import INDEX, QUOTE, WISHES
from stories.lifecycle import ANSWERED, FINAL, State
from stories.models.months import this_month

if TYPE_CHECKING:
    from stories.owners import Owner


# The salt of a version whose words are gone: nothing that was made with its old one can be worked out any more.
EMPTIED = uuid.UUID(int=0)


class WriterRole(models.TextChoices):
    """In which place the writer stands."""

    SELF = "self", _("I have it, or had it")
    PARTNER = "partner", _("I am a partner")
    FRIEND = "friend", _("I am a friend or family")


# Questions that only somebody who has it, or had it, is asked; nobody else can answer for them.
PATIENT_ONLY = (
    "stage",
    "type",
    "goal",
    "affected",
    "diagnosis",
    "recognised_by",
    "time_to_name",
    "time_living",
    "also",
    "barriers",
    "partner_involved",
)


class Audience(models.TextChoices):
    """Who may read a text once it is published."""

    EVERYONE = "everyone", _("Everybody")
    MEMBERS = "members", _("Members only")


def one_of(tags: Sequence[bytes]) -> RawSQL:
    """Return the tags, of 32 bytes each, as rows: sent as one value, for an array takes many times as long."""
    rows = "SELECT substr(sent.tags, 32 * n + 1, 32) FROM (SELECT %s::bytea) AS sent(tags), generate_series(0, %s) AS n"
    return RawSQL(rows, [b"".join(tags), len(tags) - 1])  # noqa: S611 - no value stands in the words


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Choose texts by owner, or by thread."""

    def owned_by(self, owner: Owner) -> ContributionQuerySet:
        """Keep the texts that carry one of the owner's tags: one look-up of the whole window."""
        return self.filter(owner_tag__in=one_of(owner.tags()))

    def unseen(self) -> ContributionQuerySet:
        """Keep the texts of which others changed where they stand since their owner looked."""
        return self.filter(is_seen=False)

    def in_thread_of(self, text: Contribution) -> ContributionQuerySet:
        """Keep the story that a text is or answers, and all answers to it."""
        story = text.parent_id or text.pk
        return self.filter(Q(pk=story) | Q(parent=story))


class Contribution(models.Model):
    """A text through all its versions. No account, no moment: an owner's tag and a month.

    A reply names the story it answers. ``voice`` is the same for all that one owner writes in one thread, and
    for nothing else: it gives them one name there, and marks the story's own author. ``is_seen`` says whether the
    owner has looked since others last changed where it stands.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    owner_tag = models.BinaryField()
    voice = models.BinaryField()
    person_seal = models.BinaryField()
    from_receipt = models.BooleanField()
    is_example = models.BooleanField(default=False)
    takes_replies = models.BooleanField(default=True)
    is_seen = models.BooleanField(default=True)
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

    def emptied(self) -> RevisionQuerySet:
        """Keep those whose words are gone because their time was over."""
        return self.filter(salt=EMPTIED)

    def alive(self) -> RevisionQuerySet:
        """Keep those that can still move."""
        return self.exclude(state__in=FINAL)


class Revision(models.Model):
    """One version of a text: a draft may change, a submitted one never does.

    ``answers`` maps the code of a question to the code of an option, or to a list of them; ``treatments`` is a
    list of rows as in ``stories.tried.Tried``; ``hope`` marks a reply as a message of hope. ``signals`` are the
    ids of the rules that screening saw in it as it was sent. ``redacts`` is the version of its owner's that a
    moderator's proposal takes words out of. ``salt`` goes into every digest that outlives the version; it is EMPTIED
    when the words went because their time was over, and only the row stays. ``ran_out`` says that it ended because
    nobody answered in time. ``why`` is what its owner adds for whoever reads it, after saying no to a proposal.
    ``consents_ended`` are those of its consents that its owner took back since: the one thing in a submitted version
    that its owner changes, and it only grows.
    """

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
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.EVERYONE)
    answers: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    treatments: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    hope = models.BooleanField(default=False)
    signals = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    redacts = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    salt = models.UUIDField(default=uuid.uuid4, editable=False)
    ran_out = models.BooleanField(default=False, db_default=False)
    why = models.TextField(blank=True, db_default="")
    consents_ended = ArrayField(models.CharField(max_length=30), default=list, db_default=[], blank=True)
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
                | Q(salt=EMPTIED)
                | ~Q(text="") & ~Q(role="") & Q(consents__contains=["publish"]),
                name="revision_complete",
            ),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="revision_audience_known"),
            models.CheckConstraint(
                condition=Q(role__in=["", WriterRole.SELF])
                | Q(treatments=[]) & ~Q(answers__has_any_keys=list(PATIENT_ONLY)),
                name="revision_patients_answer_for_themselves",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PROPOSED) | Q(redacts__isnull=False), name="revision_proposed_by_moderator"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="revision_month"),
            models.CheckConstraint(
                condition=Q(consents__contains=F("consents_ended"))
                & Q(consents_ended__contained_by=[one.code for one in WISHES]),
                name="revision_ends_what_it_allowed",
            ),
        )

    def __str__(self) -> str:
        return f"revision {self.pk}"

    @property
    def allowed(self) -> list[str]:
        """Return what its writer agreed to and did not take back since."""
        return [code for code in self.consents if code not in self.consents_ended]

    @property
    def is_indexable(self) -> bool:
        """Say whether search engines may show it."""
        return self.audience == Audience.EVERYONE and INDEX in self.allowed

    @property
    def is_quotable(self) -> bool:
        """Say whether it holds a line that this site may quote."""
        return QUOTE in self.allowed and any(row.get("tip") for row in self.treatments)

    @property
    def can_be_judged_anew(self) -> bool:
        """Say whether a lead may have it decided once more: it was published, refused or removed, and is still here."""
        return self.salt != EMPTIED and self.state in {State.APPROVED, State.REFUSED, State.REMOVED}
