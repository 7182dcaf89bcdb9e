"""The second-factor code of the moment, for whoever tries the site on their own machine."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from community.local import OperatorError


class Command(BaseCommand):
    """Print the first moderator's code of the moment."""

    help = "Print the second-factor code of the first moderator (local run only)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Print six digits; how long they are good for goes beside them, to the error stream."""
        if not settings.LOCAL_RUN:
            raise OperatorError("This command is for the local run only: type `make code`.")
        secret = decrypt(_first_moderators_totp().data["secret"])
        counter, spent = divmod(int(time.time()), app_settings.TOTP_PERIOD)
        self.stdout.write(format_hotp_value(hotp_value(secret, counter)))
        self.stderr.write(f"Good for another {app_settings.TOTP_PERIOD - spent} seconds.")


def _first_moderators_totp() -> Authenticator:
    codes = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__role="moderator")
    try:
        first = codes.order_by("user__handle", "pk").first()
    except DatabaseError as error:
        raise OperatorError("The site is not running: start it with `make run` first.") from error
    if first is None:
        raise OperatorError("There is no moderator with a second factor yet: `make run` makes the first.")
    return first
