"""What moderators decide that owners can answer, arranged through the same actions as the site."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from moderation.actions import Verdict, claim, decide, report
from moderation.models import Case
from stories.lifecycle import State
from stories.models import Outcome, Publication, Revision
from stories.owners import Owner
from tests import make

NOTE = "Please take the town out, then nobody can find her."
WHY = "I meant the town where I grew up, and nobody there knows me."


def judge(revision: Revision, outcome: Outcome, *, by: User | None = None, **more: Any) -> None:
    """Decide the open case of a version; ``more`` is of Verdict."""
    reviewer = by or make.moderator(second_factor=False)
    held = claim(Case.objects.get(revision=revision, closing="").pk, moderator=reviewer)
    assert held.lease_token is not None
    said = {} if outcome == Outcome.APPROVE else {"rules": ("identify",), "text": NOTE}
    decide(held.pk, Verdict(outcome, **said | more, seen=held.joined), token=held.lease_token, moderator=reviewer)
    with connection.cursor() as cursor:  # what a commit checks
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def proposal(revision: Revision, text: str, /, **more: Any) -> Revision:
    """Have a moderator propose another text in place of this one; return the proposed version."""
    judge(revision, Outcome.PROPOSE, redaction={"text": text}, **more)
    return Revision.objects.get(contribution=revision.contribution_id, state=State.PROPOSED)


def reported(live: Publication, *, hidden: bool = False) -> Revision:
    """Have a reader report a published text; a member's grave reason hides it at once."""
    by = make.owner(make.member()) if hidden else make.owner()
    report(live, rules=["identify"] if hidden else ["kind"], text="", owner=by)
    return Revision.objects.get(pk=live.revision_id)


def removed(by: Owner, **more: Any) -> Revision:
    """Make a text that was published and taken down."""
    revision = reported(make.published(by, **more))
    judge(revision, Outcome.REMOVE)
    return Revision.objects.get(pk=revision.pk)


def address(revision: Revision, what: str = "status") -> str:
    return reverse(f"stories:{what}", args=[revision.contribution_id])


def page(client: Client, where: str, status: int = 200) -> str:
    """Return the words of a page."""
    answer = client.get(where)
    assert answer.status_code == status, answer.content.decode()
    return unescape(answer.content.decode())
