"""What goes with an account: everything by which somebody could sign in, and all that it knew."""

from __future__ import annotations

import uuid

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from accounts.keys import tag
from accounts.models import Consent, Reminder, Role, Session, Theme, User, new_secret


@transaction.atomic
def close(user: User) -> None:
    """Empty an account at once. The row goes with the month's others, so that its going tells no day.

    The new secret is nobody's: without the old one its texts' tags are noise.
    """
    User.objects.select_for_update().get(pk=user.pk)
    Session.objects.filter(owner_tag__in=_visits(user)).delete()
    Authenticator.objects.filter(user=user).delete()
    Reminder.objects.filter(user=user).delete()  # before what was agreed to, as when the reminder alone is ended
    Consent.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()
    user.handle, user.owner_secret = str(uuid.uuid4()), new_secret()
    user.is_active = user.codes_confirmed = False
    user.reading_choices, user.theme, user.language = [], Theme.AUTO, ""
    user.set_unusable_password()
    user.save()


def forget_accounts() -> int:
    """Delete the rows of all accounts that were closed since the last time; return how many."""
    closed = User.objects.filter(role=Role.MEMBER, is_active=False)
    return closed.delete()[0]


def _visits(user: User) -> list[bytes]:
    """Return every tag that a visit of this account may carry; one without a tag ends with the password."""
    return [tag(key, "session owner", user.pk.bytes) for key in settings.SESSION_KEYS]
