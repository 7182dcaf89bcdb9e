"""What a sign-in ends with: the look that the account chose, what is asked anew, and that news may be told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import look
from accounts.cookies import READING
from accounts.documents import to_agree_to
from accounts.models import User

# In the sealed session: that news are told on the next look at one's texts; that a new version is to be agreed to.
NEWS, ASKS_ANEW = "news", "asks_anew"


def arrived(request: HttpRequest, response: HttpResponse, user: User) -> HttpResponse:
    """Prepare the first page after a sign-in, which writes to no row but the new session's."""
    look.put_on_of(response, user)
    if READING in request.COOKIES:  # what a visitor chose; from here on the account's choices count
        response.delete_cookie(READING, samesite="Lax")
    if user.is_staff_member:
        return response
    request.session[NEWS] = True
    if asked := to_agree_to(user):
        if any(one.is_required for one in asked):
            request.session[ASKS_ANEW] = True
        response.headers["Location"] = reverse("accounts:consents")
    return response
