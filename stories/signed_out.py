"""Giving back what people at work typed, when their visit ended while the page was open."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.access import MODERATING, lacks_second_step, public
from accounts.models import Role
from stories.posting import give_back, gives_back

SIGNED_OUT = _(
    "Your visit had ended while this page was open, so nothing was done yet. "
    "Please sign in again in another tab, then come back here and press the button."
)
HALF_SIGNED_IN = _(
    "You are signed in, but the second step is missing, so nothing was done yet. "
    "Please take it in another tab, then come back here and press the button."
)


def keeps(
    *fields: str, roles: Collection[Role] = MODERATING
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Give these fields back to who was signed out meanwhile, wholly or by half; by a link they sign in first."""

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @public
        def kept(request: HttpRequest, /, **place: object) -> HttpResponse:
            if request.user.is_authenticated:
                if request.method == "POST" and request.user.role in roles and lacks_second_step(request):
                    return give_back(request, HALF_SIGNED_IN, status=403)
                return view(request, **place)
            if request.method == "POST":
                return give_back(request, SIGNED_OUT, status=403)
            return redirect_to_login(request.get_full_path())

        return gives_back(*fields)(kept)

    return mark
