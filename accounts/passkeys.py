"""Passkeys: another way in for members, a second factor for who works here. Their data is sealed."""

from __future__ import annotations

import json
import logging
import struct
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Concatenate, ParamSpec

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import auto_generate_recovery_codes
from allauth.mfa.webauthn import forms as allauth_forms
from allauth.mfa.webauthn.internal import auth
from cryptography.exceptions import InvalidSignature
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_permissions_policy.decorators import permissions_policy_override

from accounts.access import MemberRequest
from accounts.keys import SealError, seal, unseal
from accounts.models import User

P = ParamSpec("P")
PURPOSE = "passkey"
MOST = 10
WEBAUTHN = Authenticator.Type.WEBAUTHN
# What a browser may send that is no answer of a key: the libraries below fall over each of these.
BROKEN = (
    *(AttributeError, LookupError, RecursionError, TypeError, ValueError),
    *(InvalidSignature, SealError, struct.error),
)

logger = logging.getLogger(__name__)


def uses_passkeys(
    view: Callable[Concatenate[Any, P], HttpResponse],
) -> Callable[Concatenate[Any, P], HttpResponse]:
    """Let the browser ask for a passkey on the pages of a view: on every other page it is forbidden."""
    policy: dict[str, str | list[str] | tuple[str]] = dict(settings.PERMISSIONS_POLICY)
    allowed = {"publickey-credentials-get": "self", "publickey-credentials-create": "self"}
    return permissions_policy_override(policy | allowed)(view)


def sealed_credential(factor_id: int, credential: dict[str, Any]) -> str:
    """Return what the database keeps of a passkey."""
    return seal(settings.SESSION_KEYS, PURPOSE, json.dumps(credential).encode(), place=place_of(factor_id)).hex()


def authenticator_data(passkey: auth.WebAuthn) -> Any:
    """Return a passkey's public key and id; one that no key of ours opens has neither."""
    factor = passkey.instance
    try:
        sealed = bytes.fromhex(factor.data["credential"])
        credential = json.loads(unseal(settings.SESSION_KEYS, PURPOSE, sealed, place=place_of(factor.pk)))
        return auth.parse_registration_response(credential).response.attestation_object.auth_data
    except BROKEN:
        logger.error("a passkey could not be opened: SESSION_KEYS lacks the key it was sealed under")
        return SimpleNamespace(credential_data=None)


def passkeys_of(user: User) -> list[Authenticator]:
    """Return somebody's passkeys by their names, which are numbers."""
    found = Authenticator.objects.filter(user=user, type=WEBAUTHN)
    return sorted(found, key=lambda factor: int(factor.data.get("name", 0)))


class CredentialField(forms.JSONField):
    """The answer of a passkey, as the script writes it."""

    def __init__(self) -> None:
        """Make a field that nobody sees."""
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        """Return the answer; refuse what is none, however deep it is."""
        try:
            found = super().to_python(value)
        except (RecursionError, ValidationError):
            found = None
        if not isinstance(found, dict):
            raise get_adapter().validation_error("incorrect_code")
        return found


class AddForm(forms.Form):
    """Take a new passkey."""

    credential = CredentialField()

    def clean_credential(self) -> dict[str, Any]:
        """Return what the device made, once it fits what this visit asked for."""
        credential: dict[str, Any] = self.cleaned_data["credential"]
        try:
            auth.parse_registration_response(credential)
            auth.complete_registration(credential)
        except BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None
        return credential


class _Answer:
    """Take the answer of a passkey, and anything else for no answer."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]  # allauth's form, which stands behind this one
        except BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None


class SignInForm(_Answer, allauth_forms.LoginWebAuthnForm):  # type: ignore[misc]  # allauth ships no type information
    """Sign in with a passkey alone."""

    credential = CredentialField()


class SecondStepForm(_Answer, allauth_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]  # as above
    """Take the second step of a sign-in with a passkey."""

    credential = CredentialField()


class AgainForm(_Answer, allauth_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # as above
    """Show once more who it is."""

    credential = CredentialField()


@uses_passkeys
@require_http_methods(["GET", "POST"])
def add(request: MemberRequest) -> HttpResponse:
    """Add a passkey, after saying that the device lists it."""
    held = passkeys_of(request.user)
    if len(held) >= MOST:
        messages.info(request, _("You have as many passkeys as an account can hold. Please remove one first."))
        return redirect("mfa_index")
    form = AddForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _added(request, form.cleaned_data["credential"])
    options = json.dumps(dict(auth.begin_registration(request.user, passwordless=True)))
    status = 422 if form.errors else 200
    return render(request, "mfa/webauthn/add.html", {"form": form, "options": options}, status=status)


def _added(request: MemberRequest, credential: dict[str, Any]) -> HttpResponse:
    """Keep a passkey; who has just used it has taken the second step."""
    name = get_adapter().generate_authenticator_name(request.user, WEBAUTHN)
    factor = auth.WebAuthn.add(request.user, name, credential).instance
    record_authentication(request, request.user, "mfa", type=str(WEBAUTHN), id=factor.pk)
    messages.success(request, _("Your passkey is kept. Your password works as before."))
    if request.user.is_staff_member and auto_generate_recovery_codes(request):
        return redirect("mfa_view_recovery_codes")
    return redirect("mfa_index")


@require_http_methods(["GET", "POST"])
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove a passkey, after asking once; the last second factor of who works here stays."""
    factor = next((one for one in passkeys_of(request.user) if one.pk == pk), None)
    if factor is None:  # pressed twice
        messages.info(request, _("Your account has no such passkey, or no longer."))
        return redirect("mfa_index")
    if not get_adapter().can_delete_authenticator(factor):
        messages.info(request, get_adapter().error_messages["cannot_delete_authenticator"])
        return redirect("mfa_index")
    if request.method == "POST":
        delete_and_cleanup(request, factor)
        messages.success(request, _("The passkey opens nothing here any more. Please remove it from your device, too."))
        return redirect("mfa_index")
    return render(request, "mfa/webauthn/remove.html", {"name": factor.data.get("name", "")})


def options_for(user: User) -> str:
    """Return what a page asks the passkeys of an account; nothing when it has none."""
    return json.dumps(dict(auth.begin_authentication(user))) if passkeys_of(user) else ""


def has_passkey(request: HttpRequest) -> bool:
    """Say whether whoever is signed in has one."""
    return request.user.is_authenticated and bool(passkeys_of(request.user))


def place_of(factor_id: int) -> bytes:
    """Return what binds a sealed passkey to its row."""
    return f"mfa_authenticator {factor_id}".encode()
