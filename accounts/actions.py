"""All that changes an account: joining, recovery codes, passwords, and the accounts of who works here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

from accounts import handles
from accounts.codes import bare_code, new_code
from accounts.keys import tag
from accounts.models import Consent, RecoveryCode, Role, User

CODES = 8
PURPOSE = "recovery code"
HANDLE_IS_UNIQUE = "user_handle_unique"
# What somebody agrees to in order to join, each in the version that is shown now.
DOCUMENTS = {"rules": "1", "privacy": "1", "adult": "1"}


class HandleTakenError(Exception):
    """Somebody else took this sign-in name a moment ago."""


class CodeUnknownError(Exception):
    """No account has this recovery code, any longer or at all."""

    message = _("We do not know this code. Each code works once. Please try another one of yours.")


def draw_handle() -> str:
    """Return a sign-in name that nobody has; it is not reserved."""
    while True:
        handle = handles.draw()
        if not User.objects.alias(name=Lower("handle")).filter(name=handle).exists():
            return handle


@transaction.atomic
def sign_up(handle: str, *, password: str, consents: Iterable[str] = DOCUMENTS) -> tuple[User, list[str]]:
    """Make a member's account; return it with its recovery codes, which are kept as digests only.

    Raises HandleTakenError when the name went to somebody else, ValidationError for too easy a password.
    """
    user = User(handle=handle)
    validate_password(password, user)
    _insert(user, password)
    month = _this_month()
    Consent.objects.bulk_create(
        Consent(user=user, document=document, version=DOCUMENTS[document], month=month) for document in sorted(consents)
    )
    return user, issue_codes(user)


@transaction.atomic
def issue_codes(user: User) -> list[str]:
    """Give an account new recovery codes; those it had stop working."""
    User.objects.select_for_update().get(pk=user.pk)
    user.recovery_codes.all().delete()
    codes = [new_code() for _number in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digests(code)[0]) for code in codes)
    return codes


@transaction.atomic
def confirm_codes(user: User, *, code: str) -> None:
    """Take note that the codes are kept, and so count a member; raise CodeUnknownError for any other code."""
    if not user.recovery_codes.filter(digest__in=_digests(code)).exists():
        raise CodeUnknownError
    User.objects.filter(pk=user.pk, codes_confirmed=False).update(codes_confirmed=True)
    user.codes_confirmed = True


@transaction.atomic
def use_recovery_code(code: str, *, password: str) -> User:
    """Let somebody back in who lost the password: the code is used up, the new password is set.

    The code alone says whose account it is. Raises CodeUnknownError, for a closed account too, and
    ValidationError for a password that is too easy.
    """
    known = RecoveryCode.objects.filter(digest__in=_digests(code), user__is_active=True)
    one = known.select_related("user").select_for_update(of=("self",)).first()
    if one is None:
        raise CodeUnknownError
    user = one.user
    validate_password(password, user)
    one.delete()
    user.codes_confirmed = True  # who has a code has kept the codes
    user.set_password(password)
    user.save(update_fields=["password", "codes_confirmed"])
    return user


@transaction.atomic
def change_password(user: User, *, password: str) -> None:
    """Set a new password, which ends every other sign-in; raise ValidationError when it is too easy."""
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def create_staff(role: Role) -> tuple[User, str, str]:
    """Make the account of somebody who works here; return it with its password and second-factor secret."""
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


def _insert(user: User, password: str) -> None:
    """Write a new account or raise HandleTakenError."""
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation) and error.__cause__.diag.constraint_name == HANDLE_IS_UNIQUE:
            raise HandleTakenError from None
        raise


def _digests(code: str) -> list[bytes]:
    """Return what a typed code is kept as, under the newest key first."""
    bare = bare_code(code).encode()
    return [tag(key, PURPOSE, bare) for key in settings.SESSION_KEYS]


def _this_month() -> date:
    return timezone.now().date().replace(day=1)
