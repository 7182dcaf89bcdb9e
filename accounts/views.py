"""Joining, recovery codes, and the page about one's own account."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import perform_login as go_through
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

import content
from accounts import actions
from accounts.access import MemberRequest, public, second_factors_of
from accounts.access import asks_password as asks_password
from accounts.forms import READ, YOUNG, ConfirmCodesForm, PasswordForm, RecoveryForm, SignUpForm, read_handle
from accounts.models import User
from accounts.passkeys import passkeys_of
from accounts.sessions import most_weeks
from accounts.stages import recovering

INVALID = 422
FRESH_CODES = "fresh_codes"  # in the sealed session with the moment, until one of them was asked back
SHOWN = 600  # seconds after which the password is asked before they are shown again
FEW_CODES = 2


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Open an account; who is under eighteen gets help instead, and not a row is written."""
    if request.user.is_authenticated:
        return redirect("accounts:codes" if request.session.get(FRESH_CODES) else "accounts:home")
    if request.method == "GET":
        return _sign_up_page(request, SignUpForm(handle=actions.draw_handle()))
    if "draw" in request.POST:
        ticked: dict[str, Any] = {name: True for name in READ if request.POST.get(name)}
        if ticked and "shown" in request.POST:
            ticked["shown"] = request.POST["shown"]
        ticked["age"] = request.POST.get("age")
        return _sign_up_page(request, SignUpForm(initial=ticked, handle=actions.draw_handle()))
    if request.POST.get("age") == YOUNG:
        # Before the limit, which would write a row.
        return render(request, "accounts/young.html", {"help": _help_for_young()})
    return _slowed_down(request, "signup") or _join(request)


def _join(request: HttpRequest) -> HttpResponse:
    """Make the account under the name that was drawn, or offer another one."""
    carried = request.POST.get("handle", "")
    handle = read_handle(carried)
    form = SignUpForm(request.POST, handle=handle or actions.draw_handle())
    if form.is_valid() and handle is not None:
        password = form.cleaned_data["password"]
        try:
            made: tuple[User, list[str]] | None = actions.sign_up(handle, password=password, press=carried)
        except actions.HandleTakenError:
            made = actions.signed_up(carried, password=password)
        if made is not None:
            return _joined(request, *made)
        handle, form = None, SignUpForm(request.POST, handle=actions.draw_handle())
    if handle is None:
        form.add_error(None, _("Your sign-in name could not be kept. Here is another one; please note it anew."))
    return _sign_up_page(request, form, status=INVALID)


def _joined(request: HttpRequest, user: User, codes: list[str]) -> HttpResponse:
    """Sign in and lead to the codes; who already switched a second step on is asked for it first."""
    response = _signed_in(request, user, reverse("accounts:codes"))
    if request.user.is_authenticated and codes:
        _hold(request, codes)
    return response


def _hold(request: HttpRequest, codes: list[str]) -> None:
    """Keep new codes for their page."""
    request.session[FRESH_CODES] = {"codes": codes, "made": int(time.time())}


@require_http_methods(["GET", "POST"])
def codes(request: MemberRequest) -> HttpResponse:
    """Show new recovery codes until one was typed back; after some minutes only to who shows again who it is."""
    fresh = request.session.get(FRESH_CODES)
    if not fresh and request.user.codes_confirmed:
        return redirect("accounts:home")
    if request.method == "GET" and fresh:
        if not actions.are_current(request.user, fresh["codes"]):
            messages.warning(request, _("Other codes were made meanwhile. If you did not keep those, make new ones."))
            return redirect("accounts:new_codes")
        if "check" not in request.GET:
            is_new = 0 <= time.time() - fresh["made"] < SHOWN
            return (_show if is_new else asks_password(_show))(request)
    form = ConfirmCodesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_codes(request.user, code=form.cleaned_data["code"])
        except actions.CodeUnknownError:
            form.add_error("code", _("This is not one of your current codes. Please look once more at what you kept."))
        else:
            request.session.pop(FRESH_CODES, None)
            messages.success(request, _("Your recovery codes are in order. Keep them where only you look."))
            return redirect("accounts:home")
    context = {"form": form, "can_be_shown": bool(fresh), "labels": _steps()}
    return render(request, "accounts/codes_check.html", context, status=INVALID if form.errors else 200)


def _show(request: MemberRequest) -> HttpResponse:
    return render(request, "accounts/codes.html", {"codes": request.session[FRESH_CODES]["codes"], "labels": _steps()})


@asks_password
@require_http_methods(["GET", "POST"])
def new_codes(request: MemberRequest) -> HttpResponse:
    """Replace the recovery codes, after asking once."""
    if request.method == "POST":
        _hold(request, actions.issue_codes(request.user))
        return redirect("accounts:codes")
    return render(request, "accounts/new_codes.html", {"left": request.user.recovery_codes.count()})


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Let somebody back in with a recovery code; a second factor is asked for before anything is written."""
    if request.user.is_authenticated:
        return redirect("accounts:home")
    if (refused := _slowed_down(request, "reset_password_from_key")) is not None:
        return refused
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code, password = form.cleaned_data["code"], form.cleaned_data["password"]
        try:
            user, hashed = actions.check_recovery_code(code, password=password)
        except actions.CodeUnknownError as error:
            form.add_error("code", error.message)
        except ValidationError as error:
            form.add_error("password", error)
        else:
            response: HttpResponse = go_through(request, recovering(user, code=code, hashed=hashed))
            return response
    return render(request, "accounts/recover.html", {"form": form}, status=INVALID if form.errors else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: MemberRequest) -> HttpResponse:
    """Change the password; every other sign-in of this account ends."""
    form = PasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():  # or who erases the account meanwhile would miss this visit's new row
            actions.change_password(request.user, password=form.cleaned_data["password"])
            update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
        return redirect("accounts:home")
    status = INVALID if form.errors else 200
    return render(request, "account/password_change.html", {"form": form}, status=status)


@require_http_methods(["GET"])
def home(request: MemberRequest) -> HttpResponse:
    """Show the one page that shows a sign-in name, to the one person it belongs to."""
    left = request.user.recovery_codes.count()
    context = {
        "handle": request.user.handle,
        "left": left,
        "few": left <= FEW_CODES,
        "passkeys": len(passkeys_of(request.user)),
        "idle_minutes": settings.STAFF_IDLE_MINUTES if request.user.is_staff_member else settings.IDLE_MINUTES,
        "hours": settings.STAFF_SESSION_HOURS,
        "weeks": most_weeks(),
        "second_factor": is_mfa_enabled(request.user, second_factors_of(request.user)),
    }
    return render(request, "accounts/home.html", context)


def _slowed_down(request: HttpRequest, action: str) -> HttpResponse | None:
    """Count a try; return the page that asks for patience when there were too many."""
    response: HttpResponse | None = ratelimit.consume_or_429(request, action=action)
    return response


def _signed_in(request: HttpRequest, user: User, url: str) -> HttpResponse:
    """Go through allauth's sign-in, which asks for a second factor where there is one."""
    response: HttpResponse = perform_login(request, user, email_verification="none", redirect_url=url)
    return response


def _sign_up_page(request: HttpRequest, form: SignUpForm, status: int = 200) -> HttpResponse:
    return render(request, "accounts/sign_up.html", {"form": form, "labels": _steps()}, status=status)


def _steps() -> list[str]:
    return [_("Name and password"), _("Recovery codes"), _("One asked back")]


def _help_for_young() -> list[tuple[str, list[content.Helpline]]]:
    """Return who listens to people under eighteen, country by country."""
    pack = content.load(get_language() or "")
    listed = [
        (country.name, [line for line in pack.helplines if line.for_young and line.country == country.code])
        for country in pack.countries
    ]
    return [(name, lines) for name, lines in listed if lines]
