"""What a lead does: who works here, in which role, and the words of rules and letters. All of it is in the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts import keeping
from accounts.access import at_work
from accounts.documents import RULES
from accounts.models import Invitation, Role, User
from moderation.actions.leases import free
from moderation.actions.record import tell
from moderation.models import Case, Place, Setting, Wording
from stories.refusals import Refused

LAST_LEAD = _("This is the only lead who has set up the second step. Please see to it that there is another one first.")
CLOSED = _("This account was closed meanwhile. Nothing was changed.")


@transaction.atomic
def invite(role: Role, *, lead: User) -> tuple[Invitation, str]:
    """Make an invitation to a role; return it with its code, which is shown once."""
    invitation, code = accounts.invite(role)
    tell("invite", lead, invitation=str(invitation.pk), role=role)
    return invitation, code


@transaction.atomic
def take_invitation_back(invitation_id: UUID, *, lead: User) -> None:
    """Make an invitation open nothing any more."""
    accounts.take_invitation_back(invitation_id)
    tell("uninvite", lead, invitation=str(invitation_id))


@transaction.atomic
def join(code: str, handle: str, *, password: str) -> User:
    """Make the account that an invitation is for; raise what ``accounts.actions.join_staff`` raises."""
    user = accounts.join_staff(code, handle, password=password)
    tell("join", user, role=user.role)
    return user


@transaction.atomic
def change_role(user_id: UUID, role: Role, *, lead: User) -> None:
    """Give somebody another role; what they hold and may no longer read is freed. Raises Refused."""
    user = _staff(user_id)
    if user.role == role:
        return
    _keep_a_lead(user)
    accounts.change_role(user, role)
    if not user.moderates:
        _let_go(user)
    tell("change_role", lead, account=str(user.pk), role=role)


@transaction.atomic
def close_account(user_id: UUID, *, lead: User) -> None:
    """End an account for good: it is signed out everywhere, and what it held is free. Raises Refused."""
    user = _staff(user_id)
    _keep_a_lead(user)
    close_again(user)
    tell("close_account", lead, account=str(user.pk))


@transaction.atomic
def close_again(user: User) -> None:
    """End an account that a lead has closed, also in a database that was restored."""
    accounts.close_staff(user)
    _let_go(user)


@transaction.atomic
def write(
    kind: Wording.Kind, code: str, language: str, fields: Mapping[str, str], *, asks_anew: bool = False, lead: User
) -> None:
    """Keep words in place of those of the pack; without any, the pack's are shown again.

    With ``asks_anew`` a rule says something else now than people agreed to: they are asked at their next sign-in.
    """
    said = {name: words for name, words in fields.items() if words}
    if said:
        Wording.objects.update_or_create(kind=kind, code=code, language=language, defaults={"fields": said})
    else:
        Wording.objects.filter(kind=kind, code=code, language=language).delete()
    told: dict[str, Any] = {}
    if asks_anew and kind == Wording.Kind.RULE:
        keeping.ask_anew(RULES)
        told = {"asks_anew": True}
    tell("wording", lead, kind=kind, code=code, language=language, **told)


@transaction.atomic
def set_numbers(numbers: Mapping[Setting.Code, int], *, lead: User) -> None:
    """Put other numbers in place of those that hold; what stays as it is is not told."""
    others = {code: number for code, number in numbers.items() if number != Setting.now(code)}
    for code, number in others.items():
        Setting.objects.update_or_create(code=code, defaults={"number": number})
    for code, number in others.items():  # last: the record is one lock for all until the end
        tell("setting", lead, code=code, number=number)


def _staff(user_id: UUID) -> User:
    """Lock all who work here, so that two leads cannot end each other, and return the one, or raise Refused.

    Who decides at this moment does not wait for it: what they write asks only that their row stays.
    """
    people = {user.pk: user for user in User.objects.working_here().select_for_update(no_key=True).order_by("pk")}
    if user_id not in people:
        raise Refused(CLOSED)
    return people[user_id]


def _keep_a_lead(user: User) -> None:
    """Raise Refused when nobody else could lead: a lead without a second step sees nothing."""
    if user.role == Role.LEAD and not at_work().filter(role=Role.LEAD).exclude(pk=user.pk).exists():
        raise Refused(LAST_LEAD)


def _let_go(user: User) -> None:
    """Free what somebody holds who does not review any more, and forget what they chose for themselves.

    In the order in which a decision locks them, so that none that is made at this moment writes it anew.
    """
    for case in Case.objects.filter(lease_by=user).select_for_update(of=("self",)):
        free(case)
    Place.objects.filter(moderator=user).delete()
