"""Giving back what people at work typed, when their visit ended while the page was open."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import MODERATING, lacks_second_step, lacks_second_step_again, passed_second_step, public
from accounts.models import Role
from stories.posting import give_back, gives_back, typed_in


class Missing(NamedTuple):
    """What a sign-in lacks for a form to be taken: for who typed something, and for who did not."""

    typed: Promise
    empty: Promise


SIGNED_OUT = Missing(
    _(
        "Your visit had ended while this page was open, so nothing was done yet. "
        "Please sign in again in another tab, then come back here and press the button."
    ),
    _("Your visit had ended while this page was open, so nothing was done yet. Please sign in again."),
)
HALF_SIGNED_IN = Missing(
    _(
        "You are signed in, but the second step is missing, so nothing was done yet. "
        "Please take it in another tab, then come back here and press the button."
    ),
    _("You are signed in, but the second step is missing, so nothing was done yet. Please take it first."),
)
ONCE_MORE = Missing(
    _(
        "What you are about to do asks for your second step once more, so nothing was done yet. "
        "Please take it in another tab, on the page of your second step, then come back here and press the button."
    ),
    _(
        "What you are about to do asks for your second step once more, so nothing was done yet. "
        "Please take it first, on the page of your second step."
    ),
)


def keeps(
    *fields: str, roles: Collection[Role] = MODERATING, again: bool | Collection[str] = False
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Give these fields back to who was signed out meanwhile, wholly or by half; by a link they sign in first.

    With ``again`` also to who took the second step too long ago for an act that is hard to take back: for whatever the
    view does, or for the acts of these names.
    """

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @public
        def kept(request: HttpRequest, /, **place: object) -> HttpResponse:
            if request.user.is_authenticated:
                is_grave = again if isinstance(again, bool) else place.get("act") in again
                missing = _missing(request, again=is_grave) if request.user.role in roles else None
                return _held_up(request, missing) if missing else view(request, **place)
            if request.method == "POST":
                return _held_up(request, SIGNED_OUT)
            return redirect_to_login(request.get_full_path())

        return gives_back(*fields)(kept)

    return mark


def _held_up(request: HttpRequest, missing: Missing) -> HttpResponse:
    """Give back what was typed; where that is nothing, there is nothing to come back to."""
    return give_back(request, missing.typed if typed_in(request) else missing.empty, status=403)


def _missing(request: HttpRequest, *, again: bool) -> Missing | None:
    """Return what a sign-in lacks for a form to be taken; nothing when a page is only fetched."""
    if request.method != "POST":
        return None
    if lacks_second_step(request):
        return HALF_SIGNED_IN
    return ONCE_MORE if again and passed_second_step(request) and lacks_second_step_again(request) else None
