"""allauth's own pages as this site serves them: its flows, our forms, and 422 for what cannot be taken."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as spare
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import factors, forms, limits, passkeys
from accounts.access import (
    MemberRequest,
    lacks_second_step,
    lacks_second_step_again,
    second_factors_of,
    second_step_page,
)
from accounts.actions import breaks
from accounts.codes import in_groups
from accounts.cookies import take_all
from accounts.sessions import most_weeks

INVALID = 422
BEGIN_WITH_A_PASSKEY = 60  # how many visits of a network may begin so in five minutes, each with a row of its own
PASSWORD, CODE, PASSKEY = "reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate:webauthn"  # as allauth names them
ONE_OF_A_KIND = "unique_authenticator_type"  # allauth's constraint: one app an account
GUESSED = _(
    "Today somebody typed your password and then several wrong codes. If it was not you, please change your password."
)


class LoginView(account.LoginView):  # type: ignore[misc]  # allauth ships no type information
    """Sign in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say for how long somebody stays signed in."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"idle_minutes": settings.IDLE_MINUTES, "weeks": most_weeks()}

    def form_invalid(self, form: forms.LoginForm) -> HttpResponse:
        """Show the page again, alike for every reason."""
        return _invalid(super().form_invalid(form))


class LogoutView(account.LogoutView):  # type: ignore[misc]  # as above
    """Sign out, and ask the browser to keep nothing of the visit."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session."""
        response: HttpResponse = super().post(*args, **kwargs)
        take_all(self.request, response)
        return response


class _Again:
    """Ask who it is once more; the visit goes on under a new key: an older copy of its cookie opens nothing."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """Take note, and take the new key."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # allauth's view stands behind this
        self.request.session.cycle_key()
        return response


class ReauthenticateView(_Again, account.ReauthenticateView):  # type: ignore[misc]  # as above
    """Ask for the password once more."""

    request: MemberRequest
    form_class = forms.ReauthenticateForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer a passkey to who has one."""
        return _offering(super().get_context_data(**kwargs), PASSKEY)

    def _check_reauthentication_method_available(self, request: HttpRequest) -> HttpResponse | None:
        """Take no password where the second step is asked: on allauth's own question before it shows or takes one."""
        if lacks_second_step(request):
            return redirect(self.passthrough_next_url(second_step_page(self.request.user)))
        refused: HttpResponse | None = super()._check_reauthentication_method_available(request)
        return refused

    def form_invalid(self, form: forms.ReauthenticateForm) -> HttpResponse:
        """Show the page again."""
        return _invalid(super().form_invalid(form))


class PasskeyReauthenticateView(_Again, webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]  # as above
    """Ask for a passkey once more."""

    request: MemberRequest
    form_class = passkeys.AgainForm
    template_name = "mfa/webauthn/reauthenticate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the browser asks the passkey."""
        context: dict[str, Any] = super().get_context_data(**kwargs) | {"form": self.get_form()}
        context["options"] = passkeys.options_for(self.request.user)
        is_staff = self.request.user.is_staff_member
        lacks_step = lacks_second_step_again(self.request) if is_staff else lacks_second_step(self.request)
        return _offering(context, CODE if lacks_step else PASSWORD)

    def form_invalid(self, form: passkeys.AgainForm) -> HttpResponse:
        """Show the page again."""
        return _invalid(self.render_to_response(self.get_context_data() | {"failed": form.errors["credential"]}))


class PasskeyLoginView(webauthn.LoginWebAuthnView):  # type: ignore[misc]  # as above
    """Sign in with a passkey: it is asked for by script, and its answer posted."""

    form_class = passkeys.SignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say what to ask the passkey, and keep it with the visit, which begins here for somebody new."""
        limit = limits.limit_of("passkeys", BEGIN_WITH_A_PASSKEY, seconds=300)
        is_new = account_adapter().is_ajax(request) and not request.session.keys()
        if is_new and not limit.allow(limits.network_of(request)):
            return render(request, "429.html", status=429)
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer


class AuthenticateView(mfa.AuthenticateView):  # type: ignore[misc]  # as above
    """Ask for the second step of a sign-in."""

    form_class = factors.AuthenticateForm
    webauthn_form_class = passkeys.SecondStepForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer a passkey to who has one."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"options": passkeys.options_for(self.stage.login.user)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on, and tell the owner when somebody else seems to know the password."""
        guessed = limits.wrong_steps(str(self.stage.login.user.pk)) > limits.STEP_FROM_ADDRESS.most
        response: HttpResponse = super().form_valid(form)
        if guessed:
            messages.warning(self.request, GUESSED)
        return response

    def form_invalid(self, form: factors.AuthenticateForm) -> HttpResponse:
        """Show the page again."""
        return _invalid(super().form_invalid(form))


class MFAReauthenticateView(_Again, mfa.ReauthenticateView):  # type: ignore[misc]  # as above
    """Ask for the second step once more."""

    request: MemberRequest
    form_class = factors.ReauthenticateForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer a passkey to who has one."""
        return _offering(super().get_context_data(**kwargs), PASSKEY)

    def form_invalid(self, form: factors.ReauthenticateForm) -> HttpResponse:
        """Show the page again."""
        return _invalid(super().form_invalid(form))


class ActivateTOTPView(totp.ActivateTOTPView):  # type: ignore[misc]  # as above
    """Switch the second step on; pressed twice, it leads where one press does."""

    request: MemberRequest
    form_class = factors.ActivateTOTPForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead on who has it on; allauth would ask whether to switch it off."""
        if not is_mfa_enabled(self.request.user, [Authenticator.Type.TOTP]):
            response: HttpResponse = super().dispatch(request, *args, **kwargs)
            return response
        has_spare = is_mfa_enabled(self.request.user, [Authenticator.Type.RECOVERY_CODES])
        return redirect("mfa_view_recovery_codes" if request.method == "POST" and has_spare else "mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the key in groups that can be read and typed."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"groups": [secret[start : start + 4] for start in range(0, len(secret), 4)]}

    def form_valid(self, form: factors.ActivateTOTPForm) -> HttpResponse:
        """Switch it on; who has just shown a code has taken the second step in this session."""
        try:
            response: HttpResponse = super().form_valid(form)
        except IntegrityError as error:
            if not breaks(error, ONE_OF_A_KIND):
                raise
            clear_totp_secret(self.request)
            if not factors.is_app_of(self.request.user, form.secret):  # another one was set up meanwhile
                return redirect("mfa_index")
            response = redirect("mfa_view_recovery_codes")
        record_authentication(self.request, self.request.user, "mfa", type=str(Authenticator.Type.TOTP))
        return response

    def form_invalid(self, form: factors.ActivateTOTPForm) -> HttpResponse:
        """Show the page again."""
        return _invalid(super().form_invalid(form))


class DeactivateTOTPView(totp.DeactivateTOTPView):  # type: ignore[misc]  # as above
    """Switch the second step off."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say that it is off to who has none, or no longer; who works here may have a passkey in its place."""
        try:
            response: HttpResponse = super().dispatch(request, *args, **kwargs)
        except Http404:
            has_other = is_mfa_enabled(self.request.user, second_factors_of(self.request.user))
            told = gettext("No app is set up.") if has_other else gettext("The second step is off.")
            messages.info(request, told)
            response = redirect("mfa_index")
        return response


class SpareCodesView(spare.ViewRecoveryCodesView):  # type: ignore[misc]  # as above
    """Show the spare codes."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Write them in groups, as they are easier to copy; typed, they need none."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"unused_codes": [in_groups(code) for code in context["unused_codes"]]}


login = passkeys.uses_passkeys(LoginView.as_view())
passkey_login = passkeys.uses_passkeys(PasskeyLoginView.as_view())
passkey_again = passkeys.uses_passkeys(PasskeyReauthenticateView.as_view())
logout = LogoutView.as_view()
reauthenticate = ReauthenticateView.as_view()
second_step = passkeys.uses_passkeys(AuthenticateView.as_view())
second_step_again = MFAReauthenticateView.as_view()
switch_on = ActivateTOTPView.as_view()
switch_off = DeactivateTOTPView.as_view()
overview = mfa.index
spare_codes = SpareCodesView.as_view()
new_spare_codes = spare.generate_recovery_codes


def _offering(context: dict[str, Any], way: str) -> dict[str, Any]:
    """Offer in place of what a page asks only what answers the same question: who it is, or the second step."""
    others = [other for other in context["reauthentication_alternatives"] if other["id"] == way]
    return context | {"reauthentication_alternatives": others}


def _invalid(response: HttpResponse) -> HttpResponse:
    response.status_code = INVALID
    return response
