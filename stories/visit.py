"""Whose request it is: the account that is signed in, or the receipt that a visitor holds."""

from __future__ import annotations

import hmac
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.codes import new_code
from accounts.visiting import may_begin
from stories import passes
from stories.own_texts import standing_of
from stories.owners import Owner
from stories.standing import Standing

RECEIPT = "receipt"  # where the session keeps a visitor's code
WRITER = "writer"  # the form's mark of the owner it was made for
SEEN = "seen"  # the digest of what a form began with; in an answer, of what it goes on with


class PostingRequest(HttpRequest):
    """A request that may write a text: ``owner`` is the present owner for whom its form was made.

    ``kept`` is the digest of what it kept, once it did.
    """

    owner: Owner
    kept: str


def owners_of(request: HttpRequest) -> list[Owner]:
    """Return whoever is here: the account signed in, then the receipt that is open. Staff are nobody."""
    owners = []
    if request.user.is_authenticated:
        if request.user.is_staff_member:
            return []
        owners.append(Owner.of_account(request.user))
    code = request.session.get(RECEIPT)
    if code:
        owners.append(Owner.of_code(code))
    return owners


def owner_of(request: HttpRequest) -> Owner | None:
    """Return who a new text of this request would belong to."""
    return next(iter(owners_of(request)), None)


def member_of(request: HttpRequest) -> Owner | None:
    """Return the owner that the account signed in is; None for visitors and for staff."""
    return next((one for one in owners_of(request) if not one.is_receipt), None)


def visitor(request: HttpRequest) -> Owner | None:
    """Return the visitor as an owner; the first time, make a receipt code and keep it in the session, if one may begin.

    Never in a request that writes a text: on the GET that opens the form, or when a text is given back.
    """
    code = request.session.get(RECEIPT)
    if not code:
        if not may_begin(request):
            return None
        code = request.session[RECEIPT] = new_code()
    return Owner.of_code(code)


def found(request: HttpRequest, pk: UUID) -> tuple[Owner | None, Standing | None]:
    """Return who of those here owns a text, and where it stands; neither, when it is nobody's here."""
    for owner in owners_of(request):
        standing = standing_of(owner, pk)
        if standing is not None:
            return owner, standing
    return None, None


def is_staff(request: HttpRequest) -> bool:
    """Say whether an account is signed in that reviews texts and therefore posts none."""
    return request.user.is_authenticated and request.user.is_staff_member


def not_for_staff(request: HttpRequest) -> HttpResponse:
    """Tell somebody who works here that posting is for others."""
    return render(request, "stories/staff.html", status=403)


def is_writer(request: HttpRequest, owner: Owner, pk: UUID) -> bool:
    """Say whether the posted form was made for this owner."""
    posted = request.POST.get(WRITER, "")
    return hmac.compare_digest(owner.mark(pk).encode(), posted.encode(errors="replace"))


def marks(request: HttpRequest, owner: Owner, pk: UUID) -> dict[str, Any]:
    """Return a writing form's hidden fields: whose it is and, for a visitor, since when it is open."""
    fields: dict[str, Any] = {"writer": owner.mark(pk)}
    if owner.is_receipt:
        fields |= {"stamp": passes.kept_stamp(request), "trap": passes.TRAP}
    return fields


def receipt_of(request: HttpRequest, owner: Owner) -> dict[str, Any] | None:
    """Return the code to show beside a text of the receipt, whole and in groups; None for an account."""
    code = str(request.session.get(RECEIPT, ""))
    return {"code": code, "groups": code.split("-")} if owner.is_receipt and code else None
