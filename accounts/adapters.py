"""What allauth asks of this site: no addresses, no mails, no moments, secrets sealed."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as STEPS
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import MODERATING, SECOND_FACTORS
from accounts.arriving import arrived
from accounts.browsers import family_of
from accounts.keys import seal, tag, unseal
from accounts.limits import guess
from accounts.models import User
from accounts.sessions import BROWSER, WEEK, WORKS_HERE

PURPOSE = "second factor"
WEBAUTHN = Authenticator.Type.WEBAUTHN
PLACE = b"mfa_authenticator"  # allauth names no row when it asks for a secret to be sealed
NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no type information
    """Accounts without an e-mail address, and limits without an internet address."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "This name and this password do not go together. Please check both, hyphens and number too."
        ),
        "incorrect_password": _("This is not your password. Please try again."),
        "incorrect_code": _("This code does not fit. Please type the one you see now."),
        "too_many_login_attempts": _(
            "There were many tries in a row, perhaps by somebody else on the same network. Please wait six minutes, "
            "or use another network: mobile data in place of Wi-Fi, for one. A passkey or a recovery code, if you have "
            "one, works meanwhile."
        ),
        "rate_limited": _("There were many tries in a row. Please wait a few minutes and try again."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return a name for an address that holds for a day and cannot be turned back."""
        address = truncate_ip(super().get_client_ip(request))
        return tag(settings.SESSION_KEYS[0], f"address {_today()}", address.encode()).hex()

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in into a new session: what a visitor left open in this browser is not shown to who comes next."""
        # The steps taken, and by whom; they count for nobody else.
        steps = {name: kept for name, kept in request.session.items() if name.startswith(STEPS)}
        request.session.flush()
        request.session.update(steps)
        super().login(request, user)
        year, week, _day = timezone.now().date().isocalendar()
        seen = {BROWSER: family_of(request.headers.get("User-Agent", "")), WEEK: f"{year}-W{week:02}"}
        works_here = getattr(user, "is_staff_member", False)
        request.session.update(seen | ({WORKS_HERE: True} if works_here else {}))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Lead on from a sign-in, in the look that the account chose."""
        return arrived(request, super().post_login(request, user, **kwargs), user)

    def get_login_stages(self) -> list[str]:
        """Ask for a second step in our way, and set a new password after the last step, not before."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "accounts.stages.SecondStep"}
        return [*(ours.get(stage, stage) for stage in super().get_login_stages()), "accounts.stages.RecoveryStage"]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a try that is one too many; allauth's own count would keep an owner out, and is not exact."""
        self._give_back = guess(str(credentials.get("username", "")).lower(), self.get_client_ip(request))
        if self._give_back is None:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        if self._give_back is not None:
            self._give_back()

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: people join through our own page, which asks for the age first."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead staff to their work and members to their texts."""
        user = request.user
        if not user.is_authenticated or not user.is_staff_member:
            return str(super().get_login_redirect_url(request))
        if not MFAAdapter().is_mfa_enabled(user, SECOND_FACTORS):
            return reverse("mfa_activate_totp")
        return reverse("moderation:queue" if user.role in MODERATING else "accounts:home")

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Answer as if the account were not there."""
        return redirect("account_login")

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: no address is known here."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: no address is known here."""


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no type information
    """Second factors whose secrets a copy of the database does not give away."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Who works here needs a second step. It cannot be switched off."),
        "cannot_generate_recovery_codes": _("Please set up the second step first."),
        "incorrect_code": _("This code does not fit. Please type the one you see now."),
    }

    def is_mfa_enabled(self, user: User | None, types: list[Any] | None = None) -> bool:
        """Say no of an account that went while its sign-in was half-way."""
        return user is not None and bool(super().is_mfa_enabled(user, types))

    def encrypt(self, text: str) -> str:
        """Seal a secret under the newest session key."""
        sealed = seal(settings.SESSION_KEYS, PURPOSE, text.encode(), place=PLACE)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret; raise SealError under a wrong key."""
        sealed = base64.b64decode(encrypted_text)
        return unseal(settings.SESSION_KEYS, PURPOSE, sealed, place=PLACE).decode()

    def get_totp_issuer(self) -> str:
        """Return the name that an authenticator app shows."""
        return str(settings.SITE_NAME)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """Return the next number: a key of somebody's own naming would say too much in a device's list."""
        names = Authenticator.objects.filter(user=user, type=type).values_list("data__name", flat=True)
        return str(max((int(name or 0) for name in names), default=0) + 1)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the site as a device lists it."""
        site: dict[str, str] = super().get_public_key_credential_rp_entity()
        return site | {"name": str(settings.SITE_NAME)}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """Return the account as a device lists it: a number, and not the name that opens it."""
        name = gettext("Key %(number)s") % {"number": self.generate_authenticator_name(user, WEBAUTHN)}
        account: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return account | {"name": name, "display_name": name}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last second factor of who works here, of whatever kind it is."""
        if authenticator.type not in SECOND_FACTORS or not authenticator.user.is_staff_member:
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=SECOND_FACTORS)
        return bool(others.exclude(pk=authenticator.pk).exists())


def refuse_last_factor(authenticator: Authenticator) -> None:
    """Raise PermissionDenied for the last second factor of who works here."""
    if not MFAAdapter().can_delete_authenticator(authenticator):
        raise PermissionDenied


def _today() -> str:
    return timezone.now().date().isoformat()
