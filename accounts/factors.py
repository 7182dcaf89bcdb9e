"""What people type for the second step of a sign-in."""

from __future__ import annotations

import logging
from hmac import compare_digest
from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.app_settings import TOTP_DIGITS, TOTP_PERIOD
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.access import passed_second_step
from accounts.codes import bare_code
from accounts.forms import helper_of
from accounts.keys import SealError
from accounts.models import User
from accounts.sessions import BEGAN

MANY = {
    limits.STEP_FROM_ADDRESS: _(
        "There were many wrong codes in a row. Please use a spare code, or try again in six minutes."
    ),
    limits.STEP_LATER: _("There were many wrong codes today. Please use a spare code, or try again in an hour."),
    limits.STEP_CEILING: _(
        "There were very many wrong codes today. Please use a spare code, or try again in 24 hours."
    ),
    limits.STEP_IN_VISIT: _("There were many wrong codes in a row. Please try again in an hour."),
    limits.SPARE_IN_VISIT: _("There were many wrong codes in a row. Please try again in six minutes."),
}

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
        code = bare_code(self.cleaned_data["code"])
        kind = Authenticator.Type.TOTP if len(code) == TOTP_DIGITS else Authenticator.Type.RECOVERY_CODES
        counted = self._counted(kind)
        if isinstance(counted, limits.Limit):
            raise ValidationError(MANY[counted])
        factor = Authenticator.objects.filter(user=self.user, type=kind).first()
        if factor is None or not _fits(factor, code):
            raise get_adapter().validation_error("incorrect_code")
        factor.user = self.user
        self.authenticator = factor
        counted()
        return code

    def _counted(self, kind: Authenticator.Type) -> limits.GiveBack | limits.Limit:
        """Count a try before it is checked; the limit that it is over when it is one too many."""
        request, account = context.request, str(self.user.pk)
        if request.user.is_authenticated and passed_second_step(request):
            return limits.second_step_again(account, request.session[BEGAN])
        if kind == Authenticator.Type.TOTP:
            return limits.second_step(account, account_adapter().get_client_ip(request))
        return limits.spare_code(request.session.session_key)


def _fits(factor: Authenticator, code: str) -> bool:
    """Say whether a code is the factor's; one that no key opens any more has no code that fits."""
    try:
        is_app = factor.type == Authenticator.Type.TOTP
        return _is_shown(factor, code) if is_app else bool(factor.wrap().validate_code(code))
    except Authenticator.DoesNotExist:  # it went meanwhile, with the account or by itself
        return False
    except SealError:
        logger.error("a second factor could not be opened: SESSION_KEYS lacks the key it was sealed under")
        return False


def _is_shown(factor: Authenticator, code: str) -> bool:
    """Say whether an app shows a code now, or just did, and nobody used it yet (RFC 6238, 5.2)."""
    secret = decrypt(factor.data["secret"])
    near = list(totp.yield_hotp_counters_from_time())
    fits = [step for step in near if compare_digest(code.encode(), _code_at(secret, step))]
    return bool(fits) and limits.is_first_use(str(factor.pk), fits, seconds=(len(near) + 1) * TOTP_PERIOD)


def is_app_of(user: User, secret: str) -> bool:
    """Say whether a secret is the one that an account's app was set up with."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).values_list("data__secret", flat=True)
    return any(compare_digest(decrypt(one), secret) for one in kept)


def _code_at(secret: str, step: int) -> bytes:
    return str(totp.format_hotp_value(totp.hotp_value(secret, step))).encode()


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
