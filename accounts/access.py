"""Who may: the gates that views stand behind, and the requests that passed them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from allauth.account import app_settings as account_settings
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Role, User
from accounts.sessions import BEGAN

P = ParamSpec("P")
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
MODERATING = frozenset({Role.MODERATOR, Role.LEAD})


# What of a form goes along in the address while somebody is asked who it is.
Carried = Callable[[HttpRequest], Mapping[str, str]]


class MemberRequest(HttpRequest):
    """A request that passed the sign-in gate."""

    user: User


class StaffRequest(MemberRequest):
    """A request of a staff account whose session passed the second step."""


R = TypeVar("R", bound=MemberRequest)
Q = TypeVar("Q", bound=HttpRequest)


def at_work() -> QuerySet[User]:
    """Return who can review texts now: open accounts of moderators and leads that have a second factor."""
    proven = Authenticator.objects.filter(type__in=SECOND_FACTORS).values("user")
    return User.objects.filter(role__in=MODERATING, is_active=True, pk__in=proven)


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Let everybody in; every other view asks for a sign-in by itself."""
    return login_not_required(view)


def second_factors_of(user: User) -> list[Authenticator.Type]:
    """Return what counts as a second step after somebody's password.

    A member's passkey is another way in, beside the password; who works here needs one or the other after it.
    """
    return SECOND_FACTORS if user.is_staff_member else [Authenticator.Type.TOTP]


def asks_password(
    view: Callable[Concatenate[R, P], HttpResponse],
) -> Callable[Concatenate[R, P], HttpResponse]:
    """Ask who it is once more, by password or passkey, unless that was shown within the last minutes.

    allauth's own gate would keep an interrupted form in the session, with the address it came from, and takes a code
    of an app or a spare code alone: whoever holds the unlocked telephone of an open visit may hold those as well.
    """

    @wraps(view)
    def gated(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        shown = [one["at"] for one in _proofs(request) if one.get("reauthenticated")]
        if not any(0 <= time.time() - at < account_settings.REAUTHENTICATION_TIMEOUT for at in shown):
            return _password_first(request, _back(request, view))
        return view(request, *args, **kwargs)

    return gated


def carrying(chosen: Carried) -> Callable[[Callable[P, HttpResponse]], Callable[P, HttpResponse]]:
    """Mark a view whose page can be opened with what was chosen on it, so that no gate before it loses that."""

    def mark(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
        view.__dict__["carries"] = chosen
        return view

    return mark


def asks_password_when_old(
    view: Callable[Concatenate[Q, P], HttpResponse],
) -> Callable[Concatenate[Q, P], HttpResponse]:
    """Ask a member for the password before own texts are shown, when nobody proved for hours who it is.

    Only when a page is fetched: a form that carries a text is never held up. What shows a page to a form as well must
    take no form (``require_safe``), or only one that a page of the text was asked for first (``posting``).
    """

    @wraps(view)
    def gated(request: Q, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method in {"GET", "HEAD"} and _is_old(request):
            return _password_first(request, request.get_full_path())
        return view(request, *args, **kwargs)

    return gated


def passed_second_step(request: HttpRequest) -> bool:
    """Say whether the second step was taken in this very session; an account's factor may be younger than it."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def lacks_second_step(request: HttpRequest) -> bool:
    """Say whether somebody has a second factor and did not show it in this session."""
    user = request.user
    return not passed_second_step(request) and user.is_authenticated and is_mfa_enabled(user, second_factors_of(user))


def lacks_second_step_again(request: HttpRequest) -> bool:
    """Say whether the second step was taken too long ago for an act that is hard to take back."""
    steps = [one for one in get_authentication_records(request, request.user) if one.get("method") == "mfa"]
    return not any(0 <= time.time() - one["at"] < settings.GRAVE_MINUTES * 60 for one in steps)


def second_step_page(user: User | AnonymousUser) -> str:
    """Return where somebody who is here takes the second step."""
    has_app = is_mfa_enabled(user, [Authenticator.Type.TOTP])
    return reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")


def asks_second_step_again(
    view: Callable[Concatenate[R, P], HttpResponse],
) -> Callable[Concatenate[R, P], HttpResponse]:
    """Ask for the second step once more before a grave act, unless it was taken within the last minutes.

    It leads back by a link, so what stands behind it must answer one, with the page that has the act's button.
    """

    @wraps(view)
    def gated(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if lacks_second_step_again(request):
            return _second_step_first(request, back=request.path)
        return view(request, *args, **kwargs)

    return gated


def asks_second_step(
    view: Callable[Concatenate[R, P], HttpResponse],
) -> Callable[Concatenate[R, P], HttpResponse]:
    """Ask whoever has a second factor for it, unless this session passed it already."""

    @wraps(view)
    def gated(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if lacks_second_step(request):
            return _second_step_first(request, back=_back(request, view))
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


def _is_old(request: HttpRequest) -> bool:
    """Say whether a member signed in, or showed who it is, longer ago than own texts may stay open."""
    if not request.user.is_authenticated or request.user.is_staff_member:
        return False
    newest = max([request.session.get(BEGAN, 0), *(one["at"] for one in _proofs(request))])
    return bool(time.time() - newest > settings.OWN_TEXTS_HOURS * 3_600)


def _proofs(request: HttpRequest) -> list[dict[str, Any]]:
    """Return when somebody showed in this session who they are: by the password, or by a passkey."""
    records = get_authentication_records(request, request.user)
    return [one for one in records if one.get("method") == "password" or one.get("type") == Authenticator.Type.WEBAUTHN]


def _back(request: HttpRequest, view: Callable[..., HttpResponse]) -> str:
    """Return where a view's page is opened again, with what was chosen on it."""
    carries: Carried | None = getattr(view, "carries", None)
    chosen = carries(request) if carries else {}
    return f"{request.path}?{urlencode(chosen)}" if chosen else request.path


def _password_first(request: HttpRequest, back: str) -> HttpResponse:
    """Lead to the question who it is, and from there back to a page."""
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def _second_step_first(request: HttpRequest, *, back: str = "") -> HttpResponse:
    """Lead to the second step, and from there back to a page that can be opened again."""
    back = back or (request.path if request.method == "GET" else "")
    step = second_step_page(request.user)
    return redirect(f"{step}?{urlencode({'next': back})}" if back else step)
