"""The accounts app, and the one place where a library's model is taught what is not kept here."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.db import transaction
from django.db.models.signals import pre_save

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator

KEY_BITS = 53  # what JSON keeps exactly: the session remembers which factor was used


class AccountsConfig(AppConfig):
    """Who you are here."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach allauth's second factors to keep no moment, no order, and the last one of who works here."""
        from allauth.mfa.models import Authenticator
        from allauth.mfa.webauthn.internal.auth import WebAuthn

        from accounts.passkeys import authenticator_data

        # The one signal of this project. The model is not ours and there is no other way in: it stamps
        # a moment and a serial number on a row that names an account, and so says who came when.
        pre_save.connect(keep_no_moment, sender=Authenticator, dispatch_uid="accounts.keep_no_moment")
        Authenticator.record_usage = keep_nothing
        # The adapter's own check is asked for authenticator apps only, not for passkeys.
        Authenticator.delete = guarded(Authenticator.delete)
        # allauth seals an app's secret through its adapter, but keeps a passkey as it came.
        WebAuthn.authenticator_data = property(authenticator_data)


def keep_no_moment(instance: Authenticator, **kwargs: Any) -> None:
    """Take away what a second factor would tell of its making, the moment and the place in a row; seal a passkey."""
    from accounts.adapters import NO_MOMENT
    from accounts.passkeys import sealed_credential

    instance.created_at = NO_MOMENT
    instance.last_used_at = None
    if instance.pk is None:
        instance.pk = secrets.randbits(KEY_BITS)
    if instance.type == instance.Type.RECOVERY_CODES:
        # Any value means "seen"; the moment would be written when the codes are first looked at.
        instance.data["viewed_at"] = 1
    if isinstance(instance.data.get("credential"), dict):
        instance.data["credential"] = sealed_credential(instance.pk, instance.data["credential"])


def keep_nothing(authenticator: Authenticator) -> None:
    """Write nothing when a second factor was used: a sign-in leaves no mark on an account."""


def guarded(delete: Any) -> Any:
    """Wrap the removal of one factor, so that the last one of who works here stays, two at once included."""

    @transaction.atomic
    def removed(authenticator: Authenticator, *args: Any, **kwargs: Any) -> Any:
        from accounts.adapters import refuse_last_factor
        from accounts.models import User

        User.objects.select_for_update().get(pk=authenticator.user_id)
        refuse_last_factor(authenticator)
        return delete(authenticator, *args, **kwargs)

    return removed
