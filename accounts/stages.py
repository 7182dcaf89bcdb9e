"""The steps of a sign-in: the second factor, and the new password where it began with a recovery code."""

from __future__ import annotations

from typing import Any

from allauth.account.models import Login
from allauth.account.stages import LoginStage
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import actions
from accounts.access import SECOND_FACTORS, second_factors_of
from accounts.models import User

RECOVERY = "recovery"


class SecondStep(AuthenticateStage):  # type: ignore[misc]  # allauth ships no type information
    """Ask for a second step after the password where the account has one; a member's passkey is none."""

    def is_resumable(self, request: HttpRequest) -> bool:
        """Say no when its page would not open any more, since the factor went, or the account."""
        del request
        return bool(is_mfa_enabled(self.login.user, SECOND_FACTORS))

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        wanted = user is not None and is_mfa_enabled(user, second_factors_of(user))
        return wanted and bool(super()._should_handle(request))


class RecoveryStage(LoginStage):  # type: ignore[misc]  # as above
    """Use the code up and set the new password; it comes after the second step, so that both are needed."""

    key = RECOVERY

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Write what waited in the sealed session, or lead back when the code was used meanwhile."""
        typed: dict[str, Any] | None = self.login.state.get(RECOVERY)
        if typed is not None:
            try:
                self.login.user = actions.use_recovery_code(typed["code"], hashed=typed["hashed"])
            except actions.CodeUnknownError as error:
                messages.error(self.request, error.message)
                return redirect("accounts:recover"), False
            messages.success(self.request, _("Your new password is set."))
        return None, True


def recovering(user: User, *, code: str, hashed: str) -> Login:
    """Return a sign-in that sets a new password when all its steps are taken."""
    waits = {RECOVERY: {"code": code, "hashed": hashed}}
    return Login(user=user, email_verification="none", redirect_url=reverse("accounts:home"), state=waits)
