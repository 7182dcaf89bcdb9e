"""More than one person at work on a case, through the actions: what tests arrange."""

from __future__ import annotations

from typing import Any

from accounts.models import Role, User
from moderation.actions import Verdict, claim, decide
from moderation.models import Case, Decision
from stories.models import SILENT, Outcome, Revision
from tests import make

NAME = "Please leave out the name, so that nobody can find her."
OTHER_WORDS = "For a long time I told nobody. Then I wrote it down.\n\nWhat helped was being asked what I wanted."


def verdict(outcome: Outcome, **more: Any) -> Verdict:
    """Return what somebody decided, with a reason where one is needed."""
    told: dict[str, Any] = {} if outcome in SILENT else {"rules": ["identify"], "text": NAME}
    if outcome == Outcome.PROPOSE:
        told["redaction"] = {"text": OTHER_WORDS}
    return Verdict(outcome, **told | more)


def decides(case: Case, outcome: Outcome, by: User, **more: Any) -> Decision:
    """Take a case and decide it."""
    held = claim(case.pk, moderator=by)
    assert held.lease_token is not None
    more.setdefault("seen", held.joined)
    return decide(case.pk, verdict(outcome, **more), token=held.lease_token, moderator=by)


def proposed(revision: Revision, **more: Any) -> Revision:
    """Have other words proposed for a waiting or reported version, and return them."""
    case = Case.objects.get(revision=revision, closing="")
    decides(case, Outcome.PROPOSE, people(1)[0], **more)
    return Revision.objects.get(offer=case)


def people(count: int, *, role: Role = Role.MODERATOR) -> list[User]:
    """Make so many who review."""
    return [make.moderator(role=role, second_factor=False) for _ in range(count)]


def open_case(revision: Revision) -> Case:
    """Return the case of a version that is open."""
    return Case.objects.get(revision=revision, closing="")
