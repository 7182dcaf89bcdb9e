"""A moderator at work, through the client: what a test of the pages arranges and reads."""

from __future__ import annotations

import re
import uuid
from html import unescape
from typing import Any

from accounts.models import User
from moderation.models import Case
from stories.models import Revision
from tests import make

NOTE = "Please leave out the number, and it can be read by everybody."


class Desk:
    """One signed-in moderator with a browser."""

    def __init__(self, user: User | None = None) -> None:
        self.user = user or make.moderator()
        self.client = make.client_of(self.user)

    def take_next(self) -> Case:
        """Press the button on the board and return the case that came."""
        answer = self.client.post("/moderation/next/")
        assert answer.status_code == 303, answer.content
        return Case.objects.get(pk=uuid.UUID(answer.url.split("/")[3]))

    def open(self, case: Case) -> str:
        """Return the page of a case."""
        answer = self.client.get(address(case))
        assert answer.status_code == 200
        return answer.content.decode()

    def decide(self, case: Case, outcome: str = "approve", **changes: Any) -> Any:
        """Send the form as the page has it, with what somebody typed."""
        typed: dict[str, Any] = {
            "token": str(case.lease_token),
            "request_id": str(uuid.uuid4()),
            "seen": str(case.joined),
            "outcome": outcome,
        }
        if outcome == "approve":
            typed["read"] = "on"
        else:
            typed |= {"rules": ["contact"], "text": NOTE, "passages": case.revision.text[:20]}
        return self.client.post(address(case, "decide"), typed | changes)

    def act(self, case: Case, what: str, **more: str) -> Any:
        """Renew, release or skip under the lease that the case object knows."""
        return self.client.post(address(case, what), {"token": str(case.lease_token), **more})


def address(case: Case, what: str = "") -> str:
    return f"/moderation/cases/{case.pk}/" + (f"{what}/" if what else "")


def plain(html: str | bytes) -> str:
    """Return the words of a page on one line."""
    text = html.decode() if isinstance(html, bytes) else html
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def now(case: Case) -> Case:
    """Return the row as it is now."""
    return Case.objects.get(pk=case.pk)


def state(case: Case) -> str:
    return Revision.objects.get(pk=case.revision_id).state
