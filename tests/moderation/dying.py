"""A process that is killed in the middle of a decision, and what is in the tables then."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from itertools import count
from typing import Any

from django.db import connection

from accounts.models import Role, User
from moderation.actions import Verdict, claim, decide
from moderation.models import Case, Decision, Entry
from stories.actions import appeal
from stories.models import Outcome, Publication, Revision, SearchEntry, Statement, Suppression
from tests import make
from tests.moderation import two

Seen = tuple[Any, ...]


def dies(act: Callable[[], Any], *, before: int) -> bool:
    """Run an act in a process that kills itself before so many statements are done, and say whether it came to that.

    The end of the transaction counts as one.
    """
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            _run(act, before)
        except BaseException:  # noqa: BLE001 - nothing may go back into the test that this process is a copy of
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the act itself failed"
    return os.WIFSIGNALED(status)


def _run(act: Callable[[], Any], before: int) -> None:
    done = count()

    def step() -> None:
        if next(done) == before:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(execute: Callable[..., Any], *given: Any) -> Any:
        step()
        return execute(*given)

    # A browser's event loop, which a copy of the process does not have, decides which connection is this thread's: it
    # may be one that the parent has open, and whose other end would not hear of this process's death.
    connection.connection = None
    connection.ensure_connection()
    commit = connection._commit

    def committed() -> None:
        step()
        commit()

    connection._commit = committed
    with connection.execute_wrapper(counted):
        act()


class Scene:
    """A case that somebody holds, the verdict they send, and what is there before and after."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome, (first, self.judge) = outcome, two.people(2)
        if outcome in {Outcome.KEEP, Outcome.REMOVE}:
            live = make.published()
            make.hide(live)
            case = two.open_case(live.revision)
        elif outcome == Outcome.UPHOLD:
            owner = make.owner()
            refused = make.decided(make.waiting(owner), Outcome.REFUSE).revision
            appeal(refused.contribution_id, text="Please look again.", owner=owner)
            case = two.open_case(refused)
        else:
            case = make.case()
        if outcome == Outcome.PROPOSE:
            two.decides(case, outcome, first, second=True)
        if outcome == Outcome.ASK_CHANGES:  # a lead ends what two disagree on
            two.decides(case, outcome, first, second=True)
            two.decides(case, Outcome.REFUSE, two.people(1)[0])
            (self.judge,) = two.people(1, role=Role.LEAD)
        self.case = claim(case.pk, moderator=self.judge)
        more: dict[Outcome, dict[str, Any]] = {
            Outcome.APPROVE: {"warnings": ["w1"]},
            Outcome.PROPOSE: {"agrees": True},
        }
        self.verdict: Verdict = two.verdict(outcome, **more.get(outcome, {}))
        self.before = self.seen()

    def decide(self) -> Decision:
        """Send the verdict."""
        judge: User = self.judge
        assert self.case.lease_token is not None
        return decide(self.case.pk, self.verdict, token=self.case.lease_token, moderator=judge)

    def seen(self) -> Seen:
        """Return everything that a decision changes, as the tables have it now."""
        case, pk = Case.objects.get(pk=self.case.pk), self.case.revision.contribution_id
        letters = Statement.objects.filter(revision=case.revision).order_by("number")
        return (
            (case.closing, case.outcome, case.lease_by_id, case.proposed_id is not None),
            list(Decision.objects.filter(case=case).order_by("place").values_list("outcome", "moderator")),
            list(letters.values_list("outcome", "told")),
            list(Revision.objects.filter(contribution=pk).order_by("number").values_list("state", flat=True)),
            (Publication.objects.filter(pk=pk).exists(), SearchEntry.objects.filter(pk=pk).exists()),
            Suppression.objects.filter(pk=pk).exists(),
            list(Entry.objects.filter(case=case.pk).order_by("number").values_list("act", flat=True)),
            [entry.is_sealed for entry in Entry.objects.filter(case=case.pk)],
        )
