"""Who somebody is here: a handle, a password, a role. No date finer than a month, no order."""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.keys import SealError, seal_address, unseal_address

ADDRESS = "reminder address"


class Role(models.TextChoices):
    """What an account may do; staff roles are given by invitation and never post."""

    MEMBER = "member", _("Member")
    MODERATOR = "moderator", _("Moderator")
    EDITOR = "editor", _("Editor")
    CLINICIAN = "clinician", _("Clinician")
    LEAD = "lead", _("Lead")


class Theme(models.TextChoices):
    """Which colours somebody wants; without a choice, those of the device."""

    AUTO = "", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class UserManager(BaseUserManager["User"]):
    """Look accounts up by handle, whatever its case."""

    def working_here(self) -> models.QuerySet[User]:
        """Return the open accounts of who works here."""
        return self.filter(is_active=True).exclude(role=Role.MEMBER)

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the account of a handle or raise User.DoesNotExist."""
        return self.get(handle__iexact=username)


def new_secret() -> bytes:
    """Return 32 random bytes: an owner's secret id, from which tags are computed."""
    return secrets.token_bytes(32)


class User(AbstractBaseUser):
    """An account. The handle is for signing in only; no page shows it to anybody else.

    ``reading_choices`` are codes of warnings that open by themselves ("w3") and of what is left out ("-r2");
    ``language`` is a code of settings.LANGUAGES, or nothing for what the browser asks for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handle = models.CharField(_("sign-in name"), max_length=60)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    is_active = models.BooleanField(default=True)
    codes_confirmed = models.BooleanField(default=False)
    owner_secret = models.BinaryField(default=new_secret, editable=False)
    reading_choices = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO, blank=True)
    language = models.CharField(max_length=12, default="", blank=True)

    last_login = None  # when somebody was here is not kept

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("handle"), name="user_handle_unique"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(condition=~Q(handle=""), name="user_handle_present"),
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="user_theme_known"),
        )

    def __str__(self) -> str:
        return f"account {self.pk}"

    @property
    def is_staff_member(self) -> bool:
        """Say whether this account works here rather than shares here."""
        return self.role != Role.MEMBER

    @property
    def moderates(self) -> bool:
        """Say whether this account reviews texts."""
        return self.role in {Role.MODERATOR, Role.LEAD}

    @property
    def is_at_the_desk(self) -> bool:
        """Say whether this account writes or reviews what the site itself says."""
        return self.role in {Role.EDITOR, Role.CLINICIAN}


class RecoveryCodeQuerySet(models.QuerySet["RecoveryCode"]):
    """Recovery codes."""

    def opening(self, digests: list[bytes]) -> RecoveryCodeQuerySet:
        """Keep the one that a typed code is, with its account, as long as that is open."""
        return self.filter(digest__in=digests, user__is_active=True).select_related("user")


class RecoveryCode(models.Model):
    """One way back in, kept as a digest; it is deleted when it is used."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(unique=True)

    objects = RecoveryCodeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class Consent(models.Model):
    """What somebody agreed to, in which version, in which month."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    month = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "document", "version"], name="consent_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="consent_month"),
        )

    def __str__(self) -> str:
        return f"consent {self.pk}"


class Edition(models.Model):
    """How often the words of a document were changed on this site in a way that matters to who agreed to them."""

    document = models.CharField(max_length=20, primary_key=True)
    number = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"edition {self.number}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def opening(self, digests: list[bytes]) -> InvitationQuerySet:
        """Keep the one that a typed code is, used or run out as it may be."""
        return self.filter(digest__in=digests)

    def waiting(self, today: date) -> InvitationQuerySet:
        """Keep those that somebody can still use."""
        return self.filter(is_used=False, expires_on__gte=today)


class Invitation(models.Model):
    """A one-time way to a staff account: the digest of a code, a role, the last day on which it works.

    A used one stays until that day, so that whoever comes with it again is told that it was used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.BinaryField(unique=True)
    role = models.CharField(max_length=12, choices=Role.choices)
    expires_on = models.DateField()
    is_used = models.BooleanField(default=False)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]  # the stubs call it a manager

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(role__in=[role for role in Role.values if role != Role.MEMBER]), name="invitation_to_staff"
            ),
        )

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Addressed(models.Model):
    """A row that keeps an address of mail, sealed."""

    class Meta:
        abstract = True

    @property
    def opened_address(self) -> str:
        """Return the address in words, empty without one; raise SealError under a wrong key."""
        raise NotImplementedError

    @property
    def shown_address(self) -> str:
        """Return the address in words for its owner; empty where no key opens it, for all else is to be shown then."""
        try:
            return self.opened_address
        except SealError:
            return ""


class Reminder(Addressed):
    """Where the weekly reminder goes, sealed under keys of its own; whoever wants none has no row.

    The mail stays in the language in which its owner saw it, whatever language the pages are in by now.

    The row holds no date and no state: what was sent is known for all together (``MailRound``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="reminder")
    address = models.BinaryField()
    language = models.CharField(max_length=12)

    def __str__(self) -> str:
        return f"reminder {self.pk}"

    @property
    def opened_address(self) -> str:
        """Return the address in words; raise SealError under a wrong key."""
        return unseal_address(settings.ADDRESS_KEYS, ADDRESS, bytes(self.address), place=self.pk.bytes)


def sealed_address(reminder_id: uuid.UUID, address: str) -> bytes:
    """Return an address as it is kept, bound to its reminder."""
    return seal_address(settings.ADDRESS_KEYS, ADDRESS, address, place=reminder_id.bytes)


class MailRound(models.Model):
    """How far one week's reminders went: the last one in the order of random ids that was tried."""

    week = models.DateField(primary_key=True)
    after = models.UUIDField(null=True)
    is_over = models.BooleanField(default=False)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(week__iso_week_day=1), name="mailround_monday"),)

    def __str__(self) -> str:
        return f"mail round {self.week}"


class Session(models.Model):
    """A visit: the row's key is a digest of the cookie, its payload is sealed, it ends with a week.

    ``owner_tag`` is a keyed tag of the account, by which its visits can be listed and ended; none before a sign-in.
    """

    digest = models.BinaryField(primary_key=True)
    owner_tag = models.BinaryField(null=True, db_index=True)
    payload = models.BinaryField()
    expires_on = models.DateField(db_index=True)

    def __str__(self) -> str:
        return "session"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: only the session store writes sessions."""
        raise TypeError("Sessions are written by accounts.sessions only.")
