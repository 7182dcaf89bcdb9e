"""allauth's own pages as this site serves them: its flows, our forms, and 422 for what cannot be taken."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as spare
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.http import HttpResponse

from accounts import factors, forms
from accounts.access import passed_second_step
from accounts.look import take_off

INVALID = 422


class LoginView(account.LoginView):  # type: ignore[misc]  # allauth ships no type information
    """Sign in."""

    def form_invalid(self, form: forms.LoginForm) -> HttpResponse:
        """Show the page again, alike for every reason."""
        return _invalid(super().form_invalid(form))


class LogoutView(account.LogoutView):  # type: ignore[misc]  # as above
    """Sign out, and ask the browser to keep nothing of the visit."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session."""
        response: HttpResponse = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        response.delete_cookie(settings.CSRF_COOKIE_NAME, path=settings.CSRF_COOKIE_PATH)
        take_off(response)
        return response


class ReauthenticateView(account.ReauthenticateView):  # type: ignore[misc]  # as above
    """Ask for the password once more."""

    form_class = forms.ReauthenticateForm

    def form_invalid(self, form: forms.ReauthenticateForm) -> HttpResponse:
        """Show the page again."""
        return _invalid(super().form_invalid(form))


class AuthenticateView(mfa.AuthenticateView):  # type: ignore[misc]  # as above
    """Ask for the second step of a sign-in."""

    form_class = factors.AuthenticateForm

    def form_invalid(self, form: factors.AuthenticateForm) -> HttpResponse:
        """Show the page again."""
        return _invalid(super().form_invalid(form))


class MFAReauthenticateView(mfa.ReauthenticateView):  # type: ignore[misc]  # as above
    """Ask for the second step once more."""

    form_class = factors.ReauthenticateForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the password in its place only to a session that has passed the second step before."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context if passed_second_step(self.request) else context | {"reauthentication_alternatives": []}

    def form_invalid(self, form: factors.ReauthenticateForm) -> HttpResponse:
        """Show the page again."""
        return _invalid(super().form_invalid(form))


class ActivateTOTPView(totp.ActivateTOTPView):  # type: ignore[misc]  # as above
    """Switch the second step on."""

    form_class = factors.ActivateTOTPForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the key in groups that can be read and typed."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"groups": [secret[start : start + 4] for start in range(0, len(secret), 4)]}

    def form_valid(self, form: factors.ActivateTOTPForm) -> HttpResponse:
        """Switch it on; who has just shown a code has taken the second step in this session."""
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type=str(Authenticator.Type.TOTP))
        return response

    def form_invalid(self, form: factors.ActivateTOTPForm) -> HttpResponse:
        """Show the page again."""
        return _invalid(super().form_invalid(form))


login = LoginView.as_view()
logout = LogoutView.as_view()
reauthenticate = ReauthenticateView.as_view()
second_step = AuthenticateView.as_view()
second_step_again = MFAReauthenticateView.as_view()
switch_on = ActivateTOTPView.as_view()
switch_off = totp.deactivate_totp
overview = mfa.index
spare_codes = spare.view_recovery_codes
new_spare_codes = spare.generate_recovery_codes


def _invalid(response: HttpResponse) -> HttpResponse:
    response.status_code = INVALID
    return response
