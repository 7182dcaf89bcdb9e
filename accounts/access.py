"""Who may: the gates that views stand behind, and the requests that passed them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import Role, User

P = ParamSpec("P")
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
MODERATING = frozenset({Role.MODERATOR, Role.LEAD})


class MemberRequest(HttpRequest):
    """A request that passed the sign-in gate."""

    user: User


class StaffRequest(MemberRequest):
    """A request of a staff account with a second factor."""


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Let everybody in; every other view asks for a sign-in by itself."""
    return login_not_required(view)


def staff_only(
    *roles: Role,
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Let in staff of these roles who have a second factor; to everybody else the page is not there."""

    def gate(view: Callable[Concatenate[StaffRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def gated(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.user.role not in roles:
                raise Http404
            if not is_mfa_enabled(request.user, SECOND_FACTORS):
                return redirect("mfa_activate_totp")
            return view(request, *args, **kwargs)

        return gated

    return gate


def moderators_only(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let in those who review texts."""
    return staff_only(Role.MODERATOR, Role.LEAD)(view)
