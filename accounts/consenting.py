"""What somebody agreed to here, in which version: to see, to agree to anew, and to take back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import keeping
from accounts.access import MemberRequest, members_only
from accounts.arriving import ASKS_ANEW
from accounts.documents import DOCUMENTS, REMINDER, agreed_to, has_to_agree, to_agree_to

INVALID = 422


@members_only
@require_http_methods(["GET", "POST"])
def consents(request: MemberRequest) -> HttpResponse:
    """Show what was agreed to; keep what is agreed to anew, or delete what hangs on a consent taken back."""
    if "agree" in request.POST:
        return _agree(request)
    if request.POST.get("withdraw") == REMINDER:
        keeping.switch_off(request.user)
        messages.success(request, _("The reminder is off, and the address is deleted."))
        return redirect("accounts:consents")
    if request.method == "GET" and request.session.get(ASKS_ANEW) and not has_to_agree(request.user):
        del request.session[ASKS_ANEW]  # it was answered in another visit
        if not to_agree_to(request.user):
            return redirect("stories:mine")
    return _page(request, status=INVALID if request.method == "POST" else 200)


def _agree(request: MemberRequest) -> HttpResponse:
    """Keep what was agreed to in the versions that were shown; ask again for one that came since."""
    seen = [one.partition(":") for one in request.POST.getlist("seen")]
    keeping.agree(request.user, [(code, version) for code, _colon, version in seen])
    if has_to_agree(request.user):
        return _page(request, status=INVALID)
    was_closed = request.session.pop(ASKS_ANEW, False)
    messages.success(request, _("Thank you. Everything is open to you again.") if was_closed else _("Thank you."))
    return redirect("accounts:consents" if to_agree_to(request.user) else "stories:mine")


def _page(request: MemberRequest, *, status: int) -> HttpResponse:
    agreed = [(DOCUMENTS[one.document], one) for one in agreed_to(request.user) if one.document in DOCUMENTS]
    asked = to_agree_to(request.user)
    must = [one for one in asked if one.is_required]
    context = {"must": must, "may": [one for one in asked if not one.is_required], "agreed": agreed}
    return render(request, "accounts/consents.html", context, status=status)
