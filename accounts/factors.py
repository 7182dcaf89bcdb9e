"""What people type for the second step of a sign-in."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.mfa.adapter import get_adapter
from allauth.mfa.app_settings import TOTP_DIGITS
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.codes import bare_code
from accounts.forms import helper_of
from accounts.keys import SealError
from accounts.limits import second_step
from accounts.models import User

logger = logging.getLogger(__name__)


class _OneFactor:
    """Ask the one factor that a code belongs to.

    allauth tries them all, and trying the spare codes locks their row: a sign-in would leave a mark on it.
    """

    user: User
    cleaned_data: dict[str, Any]
    fields: dict[str, forms.Field]

    def settle(self, label: Any) -> None:
        """Say it in this site's words."""
        self.fields["code"].label = _("Code")
        self.fields["code"].error_messages["required"] = _("Please type the code.")
        self.fields["code"].help_text = _("The six digits that your app shows now, or a spare code.")
        attrs = self.fields["code"].widget.attrs
        attrs.pop("placeholder", None)
        attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}
        self.helper = helper_of(label)

    def clean_code(self) -> str:
        """Return a code that fits or raise ValidationError."""
        give_back = second_step(str(self.user.pk))
        if give_back is None:
            raise account_adapter().validation_error("too_many_login_attempts")
        code = bare_code(self.cleaned_data["code"])
        kind = Authenticator.Type.TOTP if len(code) == TOTP_DIGITS else Authenticator.Type.RECOVERY_CODES
        factor = Authenticator.objects.filter(user=self.user, type=kind).first()
        if factor is None or not _fits(factor, code):
            raise get_adapter().validation_error("incorrect_code")
        factor.user = self.user
        self.authenticator = factor
        give_back()
        return code


def _fits(factor: Authenticator, code: str) -> bool:
    """Say whether a code is the factor's; one that no key opens any more has no code that fits."""
    try:
        return bool(factor.wrap().validate_code(code))
    except SealError:
        logger.error("a second factor could not be opened: SESSION_KEYS lacks the key it was sealed under")
        return False


class AuthenticateForm(_OneFactor, AllauthAuthenticateForm):  # type: ignore[misc]  # allauth ships no type information
    """Take the second step of a sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Set up how it is drawn."""
        super().__init__(*args, **kwargs)
        self.settle(_("Sign in"))


class ReauthenticateForm(_OneFactor, AllauthReauthenticateForm):  # type: ignore[misc]  # as above
    """Take the second step once more before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Set up how it is drawn."""
        super().__init__(*args, **kwargs)
        self.settle(_("Go on"))


class ActivateTOTPForm(AllauthActivateTOTPForm):  # type: ignore[misc]  # allauth ships no type information
    """Show that an authenticator app knows the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say it in this site's words."""
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits that your app shows")
        self.fields["code"].error_messages["required"] = _("Please type the code.")
        self.fields["code"].help_text = _("They change every half a minute.")
        attrs = self.fields["code"].widget.attrs
        attrs.pop("placeholder", None)
        attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}
        self.helper = helper_of(_("Switch it on"))
