"""All that changes an account: joining, recovery codes, passwords, and the accounts of who works here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

from accounts import handles, journal
from accounts.codes import bare_code, new_code
from accounts.documents import REQUIRED, documents_now
from accounts.keeping import hold_open
from accounts.keys import seal, tag, unseal
from accounts.models import Consent, Invitation, RecoveryCode, Role, User
from accounts.sessions import end_visits

CODES = 8
PURPOSE = "recovery code"
SIGN_UP, INVITATION = "sign-up", "invitation"
INVITED_DAYS = 14
NO_INVITATION = _("We do not know this invitation. Please look whether the whole code is there.")
USED = _("This invitation was used already. Each works once. If it was not you, tell who invited you.")
OVER = _("This invitation has run out. Please ask who invited you for a new one.")
PRESSED_AGAIN = 300  # seconds
HANDLE_IS_UNIQUE = "user_handle_unique"


class HandleTakenError(Exception):
    """Somebody else took this sign-in name a moment ago."""


class CodeUnknownError(Exception):
    """No account has this recovery code, any longer or at all."""

    message = _("We do not know this code. Each code works once. Please try another one of yours.")


class InvitationError(Exception):
    """An invitation opens nothing, any longer or at all; its message may be shown."""

    @property
    def message(self) -> str:
        """Return what is shown."""
        return str(self.args[0])


def draw_handle() -> str:
    """Return a sign-in name that nobody has; it is not reserved."""
    while True:
        handle = handles.draw()
        if not User.objects.alias(name=Lower("handle")).filter(name=handle).exists():
            return handle


@transaction.atomic
def sign_up(
    handle: str, *, password: str, press: str = "", consents: Iterable[str] = REQUIRED
) -> tuple[User, list[str]]:
    """Make a member's account; return it with its recovery codes, which are kept as digests only.

    ``press`` is the form that asked for it: pressed twice, it finds its account again for a few minutes.
    Raises HandleTakenError when the name went to somebody else, ValidationError for too easy a password.
    """
    user = User(handle=handle)
    validate_password(password, user)
    _insert(user, password)
    now, month = documents_now(), _this_month()
    Consent.objects.bulk_create(
        Consent(user=user, document=code, version=now[code].version, month=month) for code in sorted(consents)
    )
    codes = issue_codes(user)
    if press:
        # Within this transaction, so that whoever finds the name taken finds this too.
        cache.set(_of_press(press), _sealed(press, user, codes), PRESSED_AGAIN)
    return user, codes


def signed_up(press: str, *, password: str) -> tuple[User, list[str]] | None:
    """Return what the same press made a moment ago, to who knows its password; the codes until one was typed back."""
    sealed = cache.get(_of_press(press))
    if sealed is None:
        return None
    made = json.loads(unseal(settings.SESSION_KEYS, SIGN_UP, sealed, place=press.encode()))
    user = User.objects.filter(pk=made["user"], is_active=True).first()
    if user is None or not check_password(password, user.password):
        return None
    return user, made["codes"] if not user.codes_confirmed and are_current(user, made["codes"]) else []


@transaction.atomic
def issue_codes(user: User) -> list[str]:
    """Give an account new recovery codes; those it had stop working."""
    hold_open(user)
    user.recovery_codes.all().delete()
    codes = [new_code() for _number in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digests(code)[0]) for code in codes)
    return codes


def are_current(user: User, codes: Iterable[str]) -> bool:
    """Say whether these are an account's codes, all of them: none was used, and none replaced by a later press."""
    digests = [digest for code in codes for digest in _digests(code)]
    return user.recovery_codes.filter(digest__in=digests).count() == CODES


@transaction.atomic
def confirm_codes(user: User, *, code: str) -> None:
    """Take note that the codes are kept, and so count a member; raise CodeUnknownError for any other code."""
    if not user.recovery_codes.filter(digest__in=_digests(code)).exists():
        raise CodeUnknownError
    User.objects.filter(pk=user.pk, codes_confirmed=False).update(codes_confirmed=True)
    user.codes_confirmed = True


def check_recovery_code(code: str, *, password: str) -> tuple[User, str]:
    """Return whose code it is, and what the new password would be kept as; nothing is written yet.

    The code alone says whose account it is. Raises CodeUnknownError, for a closed account too, and
    ValidationError for a password that is too easy.
    """
    one = RecoveryCode.objects.opening(_digests(code)).first()
    if one is None:
        raise CodeUnknownError
    validate_password(password, one.user)
    return one.user, make_password(password)


@transaction.atomic
def use_recovery_code(code: str, *, hashed: str) -> User:
    """Let somebody back in who lost the password: the code is used up, the new password is set.

    Raises CodeUnknownError, also when the code was used since it was checked.
    """
    opening = RecoveryCode.objects.opening(_digests(code))
    # First the account, as all do that end its codes; then it is seen whether this one is still there.
    User.objects.select_for_update().filter(pk__in=opening.values("user")).first()
    one = opening.first()
    if one is None:
        raise CodeUnknownError
    user = one.user
    one.delete()
    user.codes_confirmed = True  # who has a code has kept the codes
    user.password = hashed
    user.save(update_fields=["password", "codes_confirmed"])
    end_visits(user)
    return user


@transaction.atomic
def change_password(user: User, *, password: str) -> None:
    """Set a new password, which ends every sign-in; raise ValidationError when it is too easy."""
    hold_open(user)
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    end_visits(user)


def keep_reading_choices(user: User, codes: Sequence[str]) -> None:
    """Keep what an account wants to be shown without being asked, and what not."""
    User.objects.filter(pk=user.pk, is_active=True).update(reading_choices=list(codes))


@transaction.atomic
def create_staff(role: Role) -> tuple[User, str, str]:
    """Make the first account of a local run that works here; return it with its password and second-factor secret.

    Elsewhere people choose their own, by invitation.
    """
    if role == Role.MEMBER:
        raise ValueError("A member joins through the sign-up page.")
    user, password, secret = User(role=role), new_code(), generate_totp_secret()
    while True:
        user.handle = draw_handle()
        try:
            _insert(user, password)
        except HandleTakenError:
            continue
        TOTP.activate(user, secret)
        return user, password, secret


def invite(role: Role) -> tuple[Invitation, str]:
    """Make an invitation to a staff account; return it with its code, which is kept as a digest only."""
    if role == Role.MEMBER:
        raise ValueError("A member joins through the sign-up page.")
    code = new_code()
    until = timezone.now().date() + timedelta(days=INVITED_DAYS)
    invitation = Invitation(digest=_digests(code, INVITATION)[0], role=role, expires_on=until)
    invitation.save(force_insert=True)
    return invitation, code


def check_invitation(code: str) -> Invitation:
    """Return the open invitation that a code is; raise InvitationError with what is wrong with any other."""
    return _open(Invitation.objects.opening(_digests(code, INVITATION)).first())


@transaction.atomic
def join_staff(code: str, handle: str, *, password: str) -> User:
    """Make the staff account that an invitation is for, and use it up.

    Raises InvitationError for a code that opens nothing (any more), HandleTakenError, and ValidationError for too
    easy a password.
    """
    found = Invitation.objects.opening(_digests(code, INVITATION)).select_for_update().first()
    invitation = _open(found)
    user = User(handle=handle, role=invitation.role)
    validate_password(password, user)
    _insert(user, password)
    invitation.is_used = True
    invitation.save(update_fields=["is_used"])
    return user


def _open(invitation: Invitation | None) -> Invitation:
    if invitation is None:
        raise InvitationError(NO_INVITATION)
    if invitation.is_used:
        raise InvitationError(USED)
    if invitation.expires_on < timezone.now().date():
        raise InvitationError(OVER)
    return invitation


def take_invitation_back(invitation_id: UUID) -> None:
    """Make an invitation open nothing any more."""
    Invitation.objects.filter(pk=invitation_id, is_used=False).delete()


@transaction.atomic
def change_role(user: User, role: Role) -> None:
    """Give somebody who works here another role, and end their visits; nobody becomes a member, or staff, so."""
    if Role.MEMBER in {user.role, role}:
        raise ValueError("A member's account is no staff account.")
    user.role = role
    user.save(update_fields=["role"])
    end_visits(user)


@transaction.atomic
def close_staff(user: User) -> None:
    """End an account of staff for good: its sign-ins, its password, its second factor, its codes."""
    journal.note_if_possible(journal.STAFF, user.pk)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()
    end_visits(user)


def _insert(user: User, password: str) -> None:
    """Write a new account or raise HandleTakenError."""
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        if breaks(error, HANDLE_IS_UNIQUE):
            raise HandleTakenError from None
        raise


def breaks(error: IntegrityError, constraint: str) -> bool:
    """Say whether a write was refused because something is there already that may be there once."""
    return isinstance(error.__cause__, UniqueViolation) and error.__cause__.diag.constraint_name == constraint


def _of_press(press: str) -> str:
    return f"sign-up:{press}"


def _sealed(press: str, user: User, codes: list[str]) -> bytes:
    """Return an account and its codes as they wait for the second press of one form."""
    made = json.dumps({"user": str(user.pk), "codes": codes}).encode()
    return seal(settings.SESSION_KEYS, SIGN_UP, made, place=press.encode())


def _digests(code: str, purpose: str = PURPOSE) -> list[bytes]:
    """Return what a typed code is kept as, under the newest key first."""
    bare = bare_code(code).encode()
    return [tag(key, purpose, bare) for key in settings.SESSION_KEYS]


def _this_month() -> date:
    return timezone.now().date().replace(day=1)
