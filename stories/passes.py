"""What a visitor's posting passes. Nobody is refused silently, and no puzzle is asked of anybody."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.limits import limit_of, network_of

TRAP = "homepage"
STAMP = "started"
BY_ITSELF = "by-itself"  # in a form that its page sends while somebody writes, without a button
CHECK = "check"  # in an address: show what is missing, and since when the form was open
SAVES_A_SEND = 40  # how many times a step may be kept for each time a text may be sent
BY_ITSELF_A_SEND = 400  # how many times a page may keep by itself what was begun, beside those

FILLED = _(
    "A field that should stay empty was filled in. Some browsers and extensions do that by themselves. "
    "Your text is below: please press the button once more."
)
TOO_QUICK = _("That was very quick, so we could not tell you from a machine. Please press the button once more.")
NO_STAMP = _("We could not tell when this page was opened. Please wait a moment and press the button once more.")
TOO_OFTEN = _(
    "A lot has been sent from your network in the last hour. Nothing is lost: "
    "please keep this page open, or copy your text, and try again in an hour, or over another network, "
    "such as mobile data in place of Wi-Fi."
)
TOO_MANY_VISITS = _(
    "Very many visits began in your network within the last hour, so none begins here now, and nothing was saved. "
    "If you wrote something, copy it, and open the form again in an hour."
)


def wait_an_hour(request: HttpRequest, page: str = "429.html", **context: Any) -> HttpResponse:
    """Return a page for somebody new, for whom no visit can begin: their network began too many within the hour."""
    answer = render(request, page, context | {"visits": True, "reason": TOO_MANY_VISITS}, status=429)
    answer.headers["Retry-After"] = "3600"
    return answer


def stamp() -> str:
    """Return a signed note of this second, for a form to carry."""
    return _signer().sign(str(int(time.time())))


def kept_stamp(request: HttpRequest) -> str:
    """Return the note that a form carried, also into the page that asks again, or else a fresh one."""
    carried = request.POST.get(STAMP) or request.GET.get(CHECK, "")
    age = _age(carried)
    # A note from the future was made before the clock was set back: only a fresh one comes of age.
    return carried if age is not None and age >= 0 else stamp()


def trouble(
    request: HttpRequest, *, sending: bool = False, begun: bool = False, reporting: bool = False
) -> str | Promise | None:
    """Return the sentence for what keeps a visitor's posting from being taken now, or None.

    Whoever sends, or goes on with what was ``begun``, was slow enough once already. Reports have a limit of
    their own, so that a network that writes a lot can still report; and so has what pages keep by themselves,
    so that it takes nothing from what somebody presses.
    """
    if request.POST.get(TRAP):
        return FILLED
    age = _age(request.POST.get(STAMP, ""))
    if age is None:
        return NO_STAMP
    if not (sending or begun) and age < settings.VISITOR_LEAST_SECONDS:
        return TOO_QUICK
    most = settings.VISITOR_POSTS_AN_HOUR
    limit = limit_of("sends", most) if sending else limit_of("saves", SAVES_A_SEND * most)
    if begun and not sending and BY_ITSELF in request.POST:
        limit = limit_of("kept by itself", BY_ITSELF_A_SEND * most)
    if reporting:
        limit = limit_of("reports", most)
    if not limit.allow(network_of(request)):
        return TOO_OFTEN
    return None


def may_tell(request: HttpRequest) -> bool:
    """Count one answer to "did this help?" and say whether it may be counted: twenty an hour from one network."""
    return limit_of("opinions", 20).allow(network_of(request))


def _signer() -> Signer:
    return Signer(salt="stories.passes")


def _age(posted: str) -> float | None:
    """Return the seconds since a note was signed; None when it is not ours."""
    try:
        return time.time() - int(_signer().unsign(posted))
    except (BadSignature, ValueError):  # not ours, no number, or letters that no encoding has
        return None
