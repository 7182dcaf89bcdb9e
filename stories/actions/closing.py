"""What goes with an account: everything by which somebody could sign in, and all that it knew."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import Consent, Reminder, User
from accounts.sessions import end_visits


@transaction.atomic
def close(user: User) -> None:
    """Delete an account at once, with all that hangs on it; what it left here is nobody's then.

    No empty row of it waits for a later day: of a month with one of them, it would tell whose the emptied texts were.
    """
    User.objects.select_for_update().filter(pk=user.pk).first()  # what writes to an account begins here
    end_visits(user)
    Authenticator.objects.filter(user=user).delete()
    Reminder.objects.filter(user=user).delete()  # before what was agreed to, as when the reminder alone is ended
    Consent.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()
    User.objects.filter(pk=user.pk).delete()
