"""Many hands at once, over connections of their own: nothing is held by two, nothing is decided twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from moderation.actions import Conflict, Verdict, claim, claim_next, decide, renew
from moderation.models import Case, Decision
from stories.actions import take_back, withdraw
from stories.models import Outcome, Publication, Revision, Statement
from tests import make

T = TypeVar("T")
MODERATORS, WAITING = 8, 80
OPPOSITE = (
    Verdict(Outcome.APPROVE),
    Verdict(Outcome.REFUSE, rules=("kind",), text="Please say it without contempt."),
)


@pytest.fixture(autouse=True)
def real_transactions(transactional_db: None, key_known: None) -> None:
    """Let every thread see what another one committed."""


def together(acts: Iterable[Callable[[], T]]) -> list[T]:
    """Run all acts at the same moment, each over a connection of its own."""
    acts = list(acts)
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        ready.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def told(act: Callable[[], Any]) -> str:
    """Return what came of an act: its answer's outcome, or the reason of the conflict."""
    try:
        answer = act()
    except Conflict as conflict:
        return f"{conflict.reason} {conflict.decision.outcome}" if conflict.decision else conflict.reason
    return str(answer.outcome) if isinstance(answer, Decision) else "done"


def test_eight_moderators_never_take_one_text_twice() -> None:
    for _ in range(WAITING):
        make.waiting()

    def work(moderator: User) -> list[Any]:
        taken = []
        while (case := claim_next(moderator=moderator)) is not None:
            assert case.lease_token is not None
            taken.append((case.pk, case.lease_token))
            decide(case.pk, fresh()[len(taken) % 2], token=case.lease_token, moderator=moderator)
        return taken

    moderators = [make.moderator(second_factor=False) for _ in range(MODERATORS)]
    hands = together([lambda m=m: work(m) for m in moderators])
    taken = [one for hand in hands for one in hand]
    assert len(taken) == len({pk for pk, _ in taken}) == len({token for _, token in taken}) == WAITING
    assert sum(1 for hand in hands if hand) > 1, "they did not work at the same time"
    assert Decision.objects.count() == Case.objects.filter(closing="decided").count() == WAITING
    assert Publication.objects.count() == Decision.objects.filter(outcome=Outcome.APPROVE).count()


def test_opposite_decisions_leave_one_and_tell_the_other() -> None:
    moderator = make.moderator(second_factor=False)
    for _ in range(20):
        case = claim(make.case().pk, moderator=moderator)
        token = case.lease_token
        assert token is not None
        results = together(
            [partial(told, partial(decide, case.pk, v, token=token, moderator=moderator)) for v in fresh()]
        )
        stands = Decision.objects.get(case=case).outcome
        assert Counter(results) == Counter([stands, f"decided {stands}"])
    assert Decision.objects.count() == Statement.objects.count() == 20
    approved = Decision.objects.filter(outcome=Outcome.APPROVE).values_list("revision_id", flat=True)
    assert set(Publication.objects.values_list("revision_id", flat=True)) == set(approved)
    assert Revision.objects.filter(state="waiting").count() == 0


def fresh() -> list[Verdict]:
    return [Verdict(v.outcome, rules=v.rules, text=v.text) for v in OPPOSITE]


def test_one_sending_many_times_at_once_decides_once() -> None:
    moderator = make.moderator(second_factor=False)
    case = claim(make.case().pk, moderator=moderator)
    token, verdict = case.lease_token, fresh()[1]
    assert token is not None
    acts = [lambda: decide(case.pk, verdict, token=token, moderator=moderator).pk for _ in range(8)]
    assert len(set(together(acts))) == 1
    assert Decision.objects.count() == Statement.objects.count() == 1


@pytest.mark.parametrize("verdict", [0, 1])
@pytest.mark.parametrize("act", [take_back, withdraw])
def test_a_decision_and_its_writer_at_once_agree(verdict: int, act: Callable[..., Any]) -> None:
    moderator = make.moderator(second_factor=False)
    for _ in range(8):
        owner = make.owner()
        case = claim(make.case(owner).pk, moderator=moderator)
        token = case.lease_token
        assert token is not None
        contribution = case.revision.contribution_id

        def own(owner: Any = owner, contribution: Any = contribution) -> str:
            try:
                act(contribution, owner=owner)
            except Exception as refused:  # noqa: BLE001 - whatever it is, it is compared below
                return type(refused).__name__
            return "done"

        decided, left = together(
            [
                lambda c=case, t=token: told(lambda: decide(c.pk, fresh()[verdict], token=t, moderator=moderator)),
                own,
            ]
        )
        closing = Case.objects.get(pk=case.pk).closing
        states = set(Revision.objects.filter(contribution_id=contribution).values_list("state", flat=True))
        if decided == "moot":
            assert (left, closing) == ("done", "moot")
            assert "approved" not in states
            assert not Publication.objects.filter(pk=contribution).exists()
        else:
            assert closing == "decided"
            assert left == ("done" if act is withdraw else "Refused")
            live = Publication.objects.filter(pk=contribution).exists()
            assert live == (act is take_back and verdict == 0)
            assert not states & {"waiting"}


def test_taking_again_at_once_gives_one_the_text() -> None:
    moderators = [make.moderator(second_factor=False) for _ in range(6)]
    case = make.case()
    results = together([lambda m=m: told(lambda: claim(case.pk, moderator=m)) for m in moderators])
    assert Counter(results) == Counter({"done": 1, "held": 5})


def test_renewing_while_another_takes_what_ran_out_leaves_one_holder() -> None:
    first, second = make.moderator(second_factor=False), make.moderator(second_factor=False)
    case = claim(make.case().pk, moderator=first)
    token = case.lease_token
    assert token is not None
    Case.objects.filter(pk=case.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    results = together(
        [
            lambda: told(lambda: renew(case.pk, token=token, moderator=first)),
            lambda: told(lambda: claim(case.pk, moderator=second)),
        ]
    )
    assert results[0] in {"expired", "held"}
    assert results[1] == "done"
    assert Case.objects.get(pk=case.pk).lease_by_id == second.pk
