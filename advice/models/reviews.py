"""Who signed what, until when, and when a label ended."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from advice.models.articles import State, Version


class Why(models.TextChoices):
    """Why a label ended."""

    PASSED = "passed", _("The day came on which it had to be read again.")
    EDITED = "edited", _("The article was changed.")
    WITHDRAWN = "withdrawn", _("The clinician took the sign-off back.")
    RENEWED = "renewed", _("It was read and signed again.")
    GONE = "gone", _("The clinician does not sign here any more.")
    BEFORE = "before", _("It had ended before, and this site went back to an older copy of itself.")


class SignOffQuerySet(models.QuerySet["SignOff"]):
    """Sign-offs by whether they still say something."""

    def standing(self, day: date) -> Self:
        """Return those that are in date on a day, of live versions, and not ended. The day itself still counts."""
        return self.filter(due_on__gte=day, reviewed_on__lte=day, version__state=State.LIVE, end=None)

    def of_gone(self) -> Self:
        """Return those of people who are no clinicians here any more."""
        here = User.objects.filter(role=Role.CLINICIAN, is_active=True)
        return self.exclude(clinician__in=here)

    def of_the_same(self, signoff: SignOff) -> Self:
        """Return those of who gave a sign-off; of somebody whose account is erased, those under the same name."""
        if signoff.clinician_id is not None:
            return self.filter(clinician=signoff.clinician_id)
        return self.filter(clinician=None, name=signoff.name, qualification=signoff.qualification)


class SignOff(models.Model):
    """A clinician's word for one exact version. It is added and never changed.

    ``due_on`` is the last day on which it says something. A correction carries the day and the due day of the
    sign-off before: only a clinician may say that an edit changed no meaning.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="signoffs")
    clinician = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=100)
    qualification = models.CharField(max_length=150)
    reviewed_on = models.DateField()
    due_on = models.DateField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager[SignOff]] = models.Manager.from_queryset(SignOffQuerySet)()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(due_on__gt=F("reviewed_on")), name="signoff_due_later"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(qualification=""), name="signoff_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"sign-off {self.pk}"


class LabelEnd(models.Model):
    """The end of a sign-off, and why; ``ended_by`` is None where a day passed or a pack brought new words.

    Whether a label is shown is asked at every reading, too.
    """

    signoff = models.OneToOneField(SignOff, on_delete=models.PROTECT, primary_key=True, related_name="end")
    why = models.CharField(max_length=10, choices=Why.choices)
    ended_on = models.DateField()
    ended_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[models.Manager[LabelEnd]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(why__in=Why.values), name="label_end_why"),
        ]

    def __str__(self) -> str:
        return f"end of {self.signoff_id}"
