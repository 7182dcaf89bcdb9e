"""Who may: the gates that views stand behind, and the requests that passed them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Role, User

P = ParamSpec("P")
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
MODERATING = frozenset({Role.MODERATOR, Role.LEAD})


class MemberRequest(HttpRequest):
    """A request that passed the sign-in gate."""

    user: User


class StaffRequest(MemberRequest):
    """A request of a staff account whose session passed the second step."""


def at_work() -> QuerySet[User]:
    """Return who can review texts now: open accounts of moderators and leads that have a second factor."""
    proven = Authenticator.objects.filter(type__in=SECOND_FACTORS).values("user")
    return User.objects.filter(role__in=MODERATING, is_active=True, pk__in=proven)


R = TypeVar("R", bound=MemberRequest)


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Let everybody in; every other view asks for a sign-in by itself."""
    return login_not_required(view)


def passed_second_step(request: HttpRequest) -> bool:
    """Say whether the second step was taken in this very session; an account's factor may be younger than it."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def lacks_second_step(request: HttpRequest) -> bool:
    """Say whether somebody has a second factor and did not show it in this session."""
    return not passed_second_step(request) and is_mfa_enabled(request.user, SECOND_FACTORS)


def asks_second_step(
    view: Callable[Concatenate[R, P], HttpResponse],
) -> Callable[Concatenate[R, P], HttpResponse]:
    """Ask whoever has a second factor for it, unless this session passed it already."""

    @wraps(view)
    def gated(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if lacks_second_step(request):
            return _second_step_first(request)
        return view(request, *args, **kwargs)

    return gated


def members_only(
    view: Callable[Concatenate[R, P], HttpResponse],
) -> Callable[Concatenate[R, P], HttpResponse]:
    """Let in members; to who works here the page is not there."""

    @wraps(view)
    def gated(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_staff_member:
            raise Http404
        return view(request, *args, **kwargs)

    return gated


def staff_only(
    *roles: Role,
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Let in staff of these roles who took the second step; to everybody else the page is not there."""

    def gate(view: Callable[Concatenate[StaffRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def gated(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.user.role not in roles:
                raise Http404
            if not is_mfa_enabled(request.user, SECOND_FACTORS):
                return redirect("mfa_activate_totp")
            if not passed_second_step(request):
                return _second_step_first(request)
            return view(request, *args, **kwargs)

        return gated

    return gate


def moderators_only(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let in those who review texts."""
    return staff_only(Role.MODERATOR, Role.LEAD)(view)


def _second_step_first(request: HttpRequest) -> HttpResponse:
    """Lead to the second step, and from there back to a page that can be opened again."""
    back = f"?{urlencode({'next': request.path})}" if request.method == "GET" else ""
    return redirect(f"{reverse('mfa_reauthenticate')}{back}")
