"""Many hands at once where two decide, where owners answer and where reports hide: one thing happens, whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from accounts.models import User
from moderation.actions import Conflict, claim, decide, hide, leave_word, report, set_free
from moderation.models import Case, Cause, Decision, Entry
from stories.actions import accept, appeal, decline, save_draft, submit, withdraw
from stories.models import A_MEMBER, Acceptance, Message, Outcome, Publication, Revision, Statement, Suppression
from stories.refusals import Refused
from tests import make
from tests.moderation import two
from tests.moderation.desk import now
from tests.moderation.test_races import together, told

ROUNDS = 6


@pytest.fixture(autouse=True)
def real_transactions(transactional_db: None, key_known: None) -> None:
    """Let every thread see what another one committed."""


def tried(act: Callable[[], Any]) -> str:
    """Return what came of an act: done, or why not."""
    try:
        act()
    except (Conflict, Refused) as refused:
        return type(refused).__name__
    return "done"


def whole(case: Case) -> None:
    """Check that a case is closed with the decisions that it needs, and recorded once."""
    case = now(case)
    agreeing = Decision.objects.filter(case=case, outcome=case.outcome)
    assert case.closing != "decided" or agreeing.count() >= case.needs
    assert Entry.objects.filter(case=case.pk, act="close").count() == (case.closing == "decided")
    assert Entry.objects.filter(case=case.pk, act="decide").count() == Decision.objects.filter(case=case).count()


def test_two_who_would_both_be_second() -> None:
    for _ in range(ROUNDS):
        case, (first, second, third) = make.case(), two.people(3)
        two.decides(case, Outcome.APPROVE, first, second=True)
        results = together(
            [partial(told, partial(two.decides, case, Outcome.APPROVE, person)) for person in (second, third)]
        )
        assert min(results) == "approve"
        assert sorted(results)[1] in {"held", "decided approve"}
        assert Decision.objects.filter(case=case).count() == 2
        assert Publication.objects.filter(revision=case.revision).count() == 1
        whole(case)


def test_decisions_about_one_lease_when_two_are_needed() -> None:
    for _ in range(ROUNDS):
        case, (first,) = make.case(), two.people(1)
        held = two.claim(case.pk, moderator=first)
        assert held.lease_token is not None
        said = [two.verdict(one, second=True) for one in (Outcome.APPROVE, Outcome.REFUSE)]
        act = partial(decide, case.pk, token=held.lease_token, moderator=first)
        results = together([partial(told, partial(act, one)) for one in said])
        assert sorted(results)[1] in {"approve", "expired", "refuse"}
        assert Decision.objects.filter(case=case).count() == 1
        assert (now(case).closing, now(case).needs) == ("", 2)
        assert not Publication.objects.exists()


@pytest.mark.parametrize("other", [withdraw, decline])
def test_accepting_while_it_is_withdrawn_or_declined(other: Callable[..., Any]) -> None:
    for _ in range(ROUNDS):
        owner = make.owner()
        proposal = two.proposed(make.waiting(owner))
        pk, more = proposal.contribution_id, {"proposal": proposal.pk, "own_words": True} if other is decline else {}
        results = together(
            [
                partial(tried, partial(accept, pk, proposal=proposal.pk, owner=owner)),
                partial(tried, partial(other, pk, owner=owner, **more)),
            ]
        )
        live, state = Publication.objects.filter(pk=pk).exists(), Revision.objects.get(pk=proposal.pk).state
        if other is withdraw:
            assert (results[1], live, state) == ("done", False, "withdrawn")
        else:
            assert sorted(results) == ["Changed", "done"]
            assert (live, state) == ((True, "approved") if results[0] == "done" else (False, "superseded"))


def test_accepting_many_times_at_once_publishes_once() -> None:
    owner = make.owner()
    proposal = two.proposed(make.waiting(owner))
    act = partial(accept, proposal.contribution_id, proposal=proposal.pk, owner=owner)
    assert together([partial(tried, act)] * 6) == ["done"] * 6
    assert Acceptance.objects.count() == Publication.objects.count() == 1


def test_appeal_and_a_new_version_at_once() -> None:
    for _ in range(ROUNDS):
        owner = make.owner()
        refused = make.decided(make.waiting(owner), Outcome.REFUSE).revision
        pk = refused.contribution_id
        save_draft(pk, {"text": f"{make.TEXT} More.", "consents": ["publish", "rules"]}, owner=owner)
        results = together(
            [
                partial(tried, partial(appeal, pk, text="Please look again.", owner=owner)),
                partial(tried, partial(submit, pk, owner=owner)),
            ]
        )
        assert results[1] == "done"
        assert not Case.objects.filter(revision=refused, closing="").exists()
        appeals = Case.objects.filter(revision=refused, cause=Cause.APPEAL)
        assert [one.closing for one in appeals] == (["moot"] if results[0] == "done" else [])


def test_appeal_decided_while_a_new_version_is_sent() -> None:
    for _ in range(ROUNDS):
        owner, (judge,) = make.owner(), two.people(1)
        refused = make.decided(make.waiting(owner), Outcome.REFUSE).revision
        pk = refused.contribution_id
        appeal(pk, text="Please look again.", owner=owner)
        save_draft(pk, {"text": f"{make.TEXT} More.", "consents": ["publish", "rules"]}, owner=owner)
        case = two.open_case(refused)
        results = together(
            [
                partial(tried, partial(two.decides, case, Outcome.APPROVE, judge)),
                partial(tried, partial(submit, pk, owner=owner)),
            ]
        )
        assert results[1] == "done"
        assert Publication.objects.filter(pk=pk).exists() == (results[0] == "done")
        assert now(case).closing == ("decided" if results[0] == "done" else "moot")
        whole(case)


def test_a_report_that_would_hide_while_it_is_kept() -> None:
    for _ in range(ROUNDS):
        live, reporter, (judge,) = make.published(), make.owner(make.member()), two.people(1)
        report(live, rules=["identify"], text="", owner=make.owner())
        case = two.open_case(live.revision)
        together(
            [
                partial(tried, partial(two.decides, case, Outcome.KEEP, judge)),
                partial(tried, partial(report, live, rules=["identify"], text="", owner=reporter)),
            ]
        )
        hidden = Suppression.objects.filter(pk=live.pk).exists()
        assert Publication.objects.readable_by(A_MEMBER).filter(pk=live.pk).exists() != hidden
        assert hidden == (now(case).closing == ""), "kept on that very ground, or hidden and still to be read"
        whole(case)


def test_a_report_and_a_takedown_at_once_leave_nothing_up() -> None:
    for _ in range(ROUNDS):
        live, (judge,) = make.published(), two.people(1)
        report(live, rules=["kind"], text="", owner=make.owner())
        case = two.open_case(live.revision)
        reporters = [make.owner(make.member()) for _ in range(3)]
        acts = [partial(report, live, rules=["identify"], text="", owner=one) for one in reporters]
        together([partial(tried, act) for act in (partial(two.decides, case, Outcome.REMOVE, judge), *acts)])
        if now(case).closing == "":  # a report came between reading and deciding
            assert Publication.objects.filter(pk=live.pk).exists()
            two.decides(case, Outcome.REMOVE, judge)
        assert not Publication.objects.filter(pk=live.pk).exists()
        assert not Suppression.objects.filter(pk=live.pk).exists()
        assert not Case.objects.filter(revision=live.revision, closing="").exists()


def test_hiding_and_withdrawing_at_once_end_both() -> None:
    for _ in range(ROUNDS):
        owner, (moderator,) = make.owner(), two.people(1)
        live = make.published(owner)
        report(live, rules=["kind"], text="", owner=make.owner())
        held = claim(two.open_case(live.revision).pk, moderator=moderator)
        assert held.lease_token is not None
        hiding = partial(hide, held.pk, ground="kind", token=held.lease_token, moderator=moderator)
        results = together([partial(tried, hiding), partial(tried, partial(withdraw, live.pk, owner=owner))])
        assert (results[0] in {"done", "Conflict"}, results[1]) == (True, "done")
        assert (Publication.objects.filter(pk=live.pk).exists(), Suppression.objects.exists()) == (False, False)


def test_leaving_a_word_and_setting_free_at_once_end_both() -> None:
    for _ in range(ROUNDS):
        (moderator,) = two.people(1)
        held = claim(make.case().pk, moderator=moderator)
        assert held.lease_token is not None
        word = partial(leave_word, held.pk, text="We read you.", token=held.lease_token, moderator=moderator)
        results = together([partial(tried, word), partial(tried, partial(set_free, held.pk, lead=moderator))])
        assert (results[0] in {"done", "Conflict"}, results[1]) == (True, "done")
        assert Message.objects.filter(revision=held.revision_id).exists() == (results[0] == "done")


def test_the_record_has_no_gap_and_no_two_of_one_number() -> None:
    cases, hands = [make.case() for _ in range(16)], two.people(8)

    def work(person: User, pks: list[UUID]) -> None:
        for pk in pks:
            two.decides(Case.objects.get(pk=pk), Outcome.REFUSE, person)

    together([partial(work, person, [one.pk for one in cases[i::8]]) for i, person in enumerate(hands)])
    rows = list(Entry.objects.order_by("number"))
    assert [one.number for one in rows] == list(range(1, 33))
    assert all(one.is_sealed for one in rows)
    assert [bytes(one.previous) for one in rows[1:]] == [bytes(one.seal) for one in rows[:-1]]
    assert Statement.objects.count() == 16
