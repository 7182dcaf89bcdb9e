"""Asking a member who came in under an older version to agree first, without closing what everybody may open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.arriving import ASKS_ANEW
from stories.posting import give_back

# A member's own pages that let visitors in as well, and what of the account stays open without agreeing.
OWN = frozenset({"stories:new", "stories:saved"})
# Who does not agree can still take a text away, shut a stranger out, and leave.
OPEN = frozenset(
    {
        *("accounts:consents", "accounts:close", "accounts:export", "accounts:reminder", "accounts:devices"),
        *("accounts:codes", "accounts:new_codes", "account_change_password", "account_logout"),
        *("account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
        *("mfa_index", "mfa_remove_webauthn", "mfa_deactivate_totp"),
        *("stories:mine", "stories:status", "stories:withdraw", "stories:erase", "stories:discard"),
        "stories:consent",
    }
)
AGREE_FIRST = _(
    "Something that you agreed to here has changed, so nothing was saved yet. Please open “What you agreed to” on your "
    "account’s page in another tab and answer there, then come back here and press the button."
)


class AgreedFirst:
    """Lead whoever has to agree anew to the page that asks; what they typed meanwhile is given back.

    Whether that is so stands in the sealed session since the sign-in: no page looks it up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer in the place of a view that waits for the answer."""
        del args, kwargs
        if not _waits(request, view) or not request.session.get(ASKS_ANEW):
            return None
        if request.method == "POST" and hasattr(view, "gives_back"):
            return give_back(request, AGREE_FIRST, status=403)
        return redirect("accounts:consents")


def _waits(request: HttpRequest, view: Any) -> bool:
    """Say whether a page is for members, or writes a text; what is there for everybody stays open."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name in OPEN:
        return False
    return name in OWN or getattr(view, "login_required", True) or getattr(view, "is_posting", False)
