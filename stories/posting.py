"""What stands before every view that writes a text, and that nothing typed is ever lost.

A request that writes somebody's text writes to no row of a session or an account: row order and
transaction ids would tell whose text it is. What a session wants to keep waits for the next GET.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import get_resolver, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.outage import is_away
from accounts.visiting import comes_from_elsewhere
from stories import passes
from stories.actions import WrongKey
from stories.own_texts import standing_of
from stories.owners import Owner
from stories.refusals import NotYours
from stories.visit import SEEN, WRITER, PostingRequest, is_staff, is_writer, owners_of, visitor

# What is given back of a form that writes a text; a name that ends in a dash or a dot stands for all that begin so.
STORY_FIELDS = (
    *("part", "asked", "looked_at", "begun", SEEN),
    *("title", "text", "role", "answer-", "tried-", "warnings", "consents", "wishes"),
    *("audience", "replies", "language", "hope"),
)
# What a form holds before anybody chose anything: alone it is nothing to give back.
UNTOUCHED = frozenset({"part", "asked", "looked_at", "begun", SEEN, "audience", "replies", "language"})
BEGUN = "begun"  # the text that a form was first made for, while it is given back again and again
FORM_VIEWS = frozenset({"write", "step", "reply"})  # given back as a new text, they are posted to their own address
# Given back, they stay with the text that they are about: it is no new one's id.
ABOUT_A_TEXT = frozenset({"report", "respond", "appeal"})
AREAS = frozenset({"text", "passages", "note", "message", "reason", "short", "body", "sources", "remark"})
LONG = 80  # any other field longer than this is shown on the page that gives back, not carried unseen

Reason = str | Promise
P = ParamSpec("P")
View = TypeVar("View", bound=Callable[..., HttpResponse])
logger = logging.getLogger(__name__)

FORM_TOO_OLD = _(
    "This form could not be checked. That happens when it stayed open for very long, or when the browser "
    "keeps no cookies for this site. Nothing was sent, and nothing is lost."
)
VISIT_CHANGED = _(
    "Your sign-in had to be renewed while this page was open, so nothing was saved yet. "
    "Please press the button below once more."
)
VISIT_ENDED = _(
    "Your visit had ended while this page was open, so nothing was saved yet. If you have an account and "
    "want this text in it, sign in in another tab first. Otherwise go on here without one. "
    "What you kept before is still where it was: in your account, or under its receipt code."
)
SOMEBODY_ELSE = _(
    "Since this page was opened, somebody signed in or out in this browser, so nothing was saved yet. "
    "If you go on, the text belongs to whoever is here now."
)
STAFF = _(
    "Accounts that review texts do not post. If this text is your own, copy it, sign out, and write it as a visitor."
)
NOT_THERE = _(
    "This text is not here any more, or it is not open in this visit. You can save what you wrote as a new one."
)
UNREACHABLE = _("We could not save this just now. The fault is ours. Please wait a minute and press the button again.")
NUL = _(
    "Something in what was sent cannot be kept in any text, a so-called null character. It was taken out, and "
    "nothing is saved yet. Please look at what is below and press the button once more."
)
FAILED = _("Something went wrong on our side, and nothing was saved. Please press the button again in a moment.")


class SeeOther(HttpResponseRedirect):
    """Send the browser on after a POST, to be fetched with GET."""

    status_code = 303


def gives_back(*fields: str) -> Callable[[View], View]:
    """Mark a view whose form is given back, with these fields, when it cannot be taken."""

    def mark(view: View) -> View:
        view.__dict__["gives_back"] = fields
        return view

    return mark


def posting(
    view: Callable[Concatenate[PostingRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Mark a view that writes a member's text: the middleware below stands before it."""
    view.__dict__["is_posting"] = True
    marked: Any = gives_back(*STORY_FIELDS)(view)
    return marked  # type: ignore[no-any-return]  # a POST reaches it with its owner only


def quietly(request: PostingRequest, answer: HttpResponse) -> HttpResponse:
    """Return the answer; to a page that keeps its form by itself only whether that was done, and what it holds now."""
    if passes.BY_ITSELF not in request.POST:
        return answer
    status = answer.status_code if answer.status_code >= 400 else 204
    return HttpResponse(status=status, headers={SEEN: getattr(request, "kept", request.POST.get(SEEN, ""))})


class PostingMiddleware:
    """Let a posting view run only for the owner its form was made for, and with no session to write."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if hasattr(request, "owner"):
            request.session.modified = False
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer in the view's place when it must not run."""
        if request.method != "POST" or not getattr(view, "is_posting", False):
            return None
        try:
            return _hold_back(request, kwargs["pk"])
        except Exception as error:  # whatever fails before the view, the text is given back
            answer = self.process_exception(request, error)
            if answer is None:  # without an answer the view would run
                raise
            return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Give the text back when a view that holds one fails."""
        if request.method != "POST" or not _fields(request):
            return _closed(request, error) if isinstance(error, WrongKey) else None
        if isinstance(error, Http404 | NotYours):
            return give_back(request, NOT_THERE, status=404, fresh=True) if typed_in(request) else _not_found(request)
        if isinstance(error, PermissionDenied | SuspiciousOperation):
            return None
        logger.error("a posting failed", exc_info=error)
        if isinstance(error, WrongKey):
            return give_back(request, str(error), status=503)
        return give_back(request, UNREACHABLE, status=503) if is_away(error) else give_back(request, FAILED, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token does not fit: what was typed is given back with a fresh one."""
    del reason  # it speaks of tokens and referers
    try:
        with connection.cursor() as cursor:  # a visitor's page asks it nothing, but begins a visit that is kept there
            cursor.execute("SELECT 1")
        return give_back(request, FORM_TOO_OLD, status=403)
    except (DatabaseError, InterfaceError) as error:
        logger.error("a form could not be given back", exc_info=error)
        return give_back(request, FORM_TOO_OLD, status=503)


def give_back_without_nul(request: HttpRequest) -> HttpResponse | None:
    """Take each NUL out of what was posted and give it back; None where nothing was typed that is given back."""
    clean: Any = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        clean.setlist(name.replace("\0", ""), [value.replace("\0", "") for value in values])
    request.POST = clean
    return give_back(request, NUL, status=400) if typed_in(request) else None


def give_back(request: HttpRequest, reason: Reason, *, status: int, fresh: bool = False) -> HttpResponse:
    """Return a page with what was typed, why it was not taken, and a form that posts it again.

    With ``fresh`` it is posted as a new text. From status 500 on neither session nor account is asked for.
    A page that keeps its form by itself still holds it: it is told the status, and no visit begins for it.
    """
    if passes.BY_ITSELF in request.POST:
        return HttpResponse(status=status)
    typed = typed_in(request)
    context: dict[str, Any] = {"reason": reason, "typed": typed, "action": request.get_full_path()}
    context["has_words"] = any(field["shown"] and field["value"].strip() for field in typed)
    if status >= 500:
        request.user = AnonymousUser()
        context["writer"] = request.POST.get(WRITER, "")
    elif _is_posting(request):
        context["action"], context["writer"] = _next_address(request, fresh=fresh)
        context["begun"] = _first_for(request)
        if not (context["action"] or is_staff(request) or comes_from_elsewhere(request)):
            return passes.wait_an_hour(request, "stories/given_back.html", **context)
    context["stamp"], context["trap"] = passes.kept_stamp(request), passes.TRAP
    return render(request, "stories/given_back.html", context, status=status)


def _hold_back(request: HttpRequest, pk: UUID) -> HttpResponse | None:
    """Return the page that gives a text back, or None when the view may write it."""
    owners = owners_of(request)  # asks for the user, whereupon Django may renew or end the session
    if is_staff(request):
        return give_back(request, STAFF, status=403)
    store: Any = request.session
    if store.wrote or store.modified:
        return give_back(request, VISIT_CHANGED if owners else VISIT_ENDED, status=409)
    for owner in owners:
        if is_writer(request, owner, pk):
            request.owner = owner  # type: ignore[attr-defined]  # see PostingRequest
            return None
    return give_back(request, SOMEBODY_ELSE if owners else VISIT_ENDED, status=409)


def _not_found(request: HttpRequest) -> HttpResponse:
    """Return the page that the site shows for an address of nothing."""
    page: Any = get_resolver().resolve_error_handler(404)
    answer: HttpResponse = page(request, exception=Http404())
    return answer


def _closed(request: HttpRequest, error: WrongKey) -> HttpResponse:
    """Say that no text can be found for anybody now, so that nobody thinks theirs is gone."""
    logger.error("no text can be found for its owner", exc_info=error)
    return render(request, "stories/closed.html", status=503)


def _next_address(request: HttpRequest, *, fresh: bool) -> tuple[str, str]:
    """Return where the text can be posted again, as a new one unless it is theirs, and its owner's mark; or nowhere."""
    match, owners = request.resolver_match, owners_of(request)
    if match is not None and not fresh and any(is_writer(request, owner, match.kwargs["pk"]) for owner in owners):
        return request.get_full_path(), request.POST[WRITER]
    present = None if is_staff(request) else next(iter(owners), None) or visitor(request)
    if present is None:
        return "", ""
    if match is not None and match.url_name in ABOUT_A_TEXT:
        return request.get_full_path(), present.mark(match.kwargs["pk"])
    owner, pk = (None if fresh else _begun(request, owners)) or (present, uuid4())
    if match is not None and match.url_name in FORM_VIEWS:
        return reverse(match.view_name, kwargs=match.kwargs | {"pk": pk}), owner.mark(pk)
    return reverse("stories:write", args=[pk]), owner.mark(pk)


def _first_for(request: HttpRequest) -> str:
    """Return the text that a form was first made for."""
    match = request.resolver_match
    return request.POST.get(BEGUN) or str(match.kwargs["pk"] if match is not None else "")


def _begun(request: HttpRequest, owners: list[Owner]) -> tuple[Owner, UUID] | None:
    """Return that text and whose it is, when somebody signed in again, or opened its receipt, and may go on with it."""
    try:
        pk = UUID(_first_for(request))
    except ValueError:
        return None
    found = ((owner, standing_of(owner, pk)) for owner in owners)
    return next(((owner, pk) for owner, standing in found if standing is not None and standing.can_write), None)


def _is_posting(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and getattr(match.func, "is_posting", False)


def _fields(request: HttpRequest) -> tuple[str, ...]:
    """Return the fields that the view of this request gives back."""
    match = request.resolver_match
    fields: tuple[str, ...] = getattr(match.func, "gives_back", ()) if match is not None else ()
    return fields


def typed_in(request: HttpRequest) -> list[dict[str, Any]]:
    """Return what was typed or chosen, field by field; a form without words of its own gives nothing back."""
    fields = _fields(request)
    posted = [
        (name, value) for name in request.POST if _is_given_back(name, fields) for value in request.POST.getlist(name)
    ]
    if not any(_counts(request, name, value) and value.strip() for name, value in posted):
        return []
    return [{"name": name, "value": value, "shown": _shown(name, value)} for name, value in posted if name != BEGUN]


def _is_given_back(name: str, fields: tuple[str, ...]) -> bool:
    return name in fields or any(one.endswith(("-", ".")) and name.startswith(one) for one in fields)


def _counts(request: HttpRequest, name: str, value: str) -> bool:
    """Say whether a field is worth a page that gives it back: words, and where a text is written, choices too."""
    return bool(_shown(name, value)) or (_is_posting(request) and name not in UNTOUCHED)


def _shown(name: str, value: str) -> str:
    """Return how a field that holds somebody's words is shown; nothing for one that is carried unseen."""
    if name == "title":
        return "title"
    if name.endswith(("-name", "-tip")) and value:
        return "line"
    is_words = name in AREAS or "." in name  # a copy of a writer's words, in which a moderator put others
    return "area" if (is_words and value) or len(value) > LONG or "\n" in value else ""
