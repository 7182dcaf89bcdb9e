"""Where a case needs two people: the first waits, the second does not know, and a disagreement is for a lead."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.models import Role, User
from moderation.actions import Conflict, WordsWait, claim, claim_next, decide, reopen
from moderation.models import Case, Decision, Entry, Redaction
from stories.actions import take_back
from stories.models import Outcome, Publication, Revision, Statement
from stories.own_texts import standing_of
from tests import make
from tests.moderation import two
from tests.moderation.desk import now, state

pytestmark = pytest.mark.django_db
URGENT = f"{make.TEXT}\n\nI am going to kill myself tonight."


@pytest.fixture
def pair() -> list[User]:
    return two.people(2)


@pytest.fixture
def case(pair: list[User]) -> Case:
    """A case of which the first person said that it needs another."""
    case = make.case(warnings=["w3"])
    two.decides(case, Outcome.APPROVE, pair[0], second=True, warnings=["w1"])
    return case


def test_first_of_two_waits_and_nothing_moves(case: Case, pair: list[User]) -> None:
    assert (now(case).needs, now(case).closing, now(case).lease_by) == (2, "", None)
    assert (state(case), Publication.objects.exists()) == ("waiting", False)
    assert not Statement.objects.get().told
    assert claim_next(moderator=pair[0]) is None
    with pytest.raises(Conflict, match="not_yours"):
        claim(case.pk, moderator=pair[0])


def test_owner_reads_no_letter_while_a_second_is_to_agree() -> None:
    owner, (first, second) = make.owner(), two.people(2)
    case = make.case(owner)
    two.decides(case, Outcome.REFUSE, first, second=True)
    before = standing_of(owner, case.revision.contribution_id)
    assert before is not None
    assert before.letter is None
    two.decides(case, Outcome.REFUSE, second, text="It names her twice.")
    after = standing_of(owner, case.revision.contribution_id)
    assert after is not None
    assert after.letter is not None
    assert after.letter.notes[-1] == "It names her twice."


def test_second_who_agrees_closes_it_with_what_both_added(case: Case, pair: list[User]) -> None:
    two.decides(case, Outcome.APPROVE, pair[1], warnings=["w2"])
    assert (now(case).closing, now(case).outcome) == ("decided", "approve")
    assert Publication.objects.get().warnings == ["w1", "w2", "w3"]
    assert list(Statement.objects.values_list("told", flat=True)) == [True, True]
    assert list(Decision.objects.order_by("place").values_list("place", "moderator")) == [
        (1, pair[0].pk),
        (2, pair[1].pk),
    ]


def test_who_disagree_leave_it_to_a_lead(case: Case, pair: list[User]) -> None:
    two.decides(case, Outcome.REFUSE, pair[1])
    assert (now(case).is_contested, now(case).closing, state(case)) == (True, "", "waiting")
    third, lead = two.people(1)[0], two.people(1, role=Role.LEAD)[0]
    assert claim_next(moderator=third) is None
    with pytest.raises(Conflict, match="not_yours"):
        claim(case.pk, moderator=third)
    assert claim_next(moderator=lead) == case
    two.decides(case, Outcome.REFUSE, lead)
    assert (now(case).closing, now(case).outcome, state(case)) == ("decided", "refuse", "refused")
    assert list(Statement.objects.order_by("number").values_list("outcome", "told")) == [
        ("approve", False),
        ("refuse", True),
        ("refuse", True),
    ]


def test_lead_chooses_one_of_the_two(case: Case, pair: list[User]) -> None:
    two.decides(case, Outcome.REFUSE, pair[1])
    (lead,) = two.people(1, role=Role.LEAD)
    for third in (Outcome.ASK_CHANGES, Outcome.PROPOSE):
        with pytest.raises(Conflict, match="one_of_two"):
            two.decides(case, third, lead)
    assert Decision.objects.count() == 2
    assert not Redaction.objects.exists()
    two.decides(case, Outcome.APPROVE, lead)
    assert Publication.objects.get().warnings == ["w1", "w3"]


def test_lead_who_disagreed_leaves_it_to_another(pair: list[User]) -> None:
    case, (first, other) = make.case(), two.people(2, role=Role.LEAD)
    two.decides(case, Outcome.APPROVE, first, second=True)
    two.decides(case, Outcome.REFUSE, pair[0])
    assert claim_next(moderator=first) is None
    two.decides(case, Outcome.APPROVE, other)
    assert now(case).closing == "decided"


def test_second_asks_for_another_without_waiting_longer() -> None:
    case, (first, second) = make.case(), two.people(2)
    two.decides(case, Outcome.REFUSE, first, second=True)
    two.decides(case, Outcome.REFUSE, second, second=True)
    assert now(case).closing == "decided"


def test_first_decision_sent_again_is_one(pair: list[User]) -> None:
    case = claim(make.case().pk, moderator=pair[0])
    assert case.lease_token is not None
    said = two.verdict(Outcome.REFUSE, second=True)
    first, again = (decide(case.pk, said, token=case.lease_token, moderator=pair[0]) for _ in range(2))
    assert first == again
    assert Decision.objects.count() == 1


def test_grave_proposal_needs_two_and_the_second_agrees_to_its_words(pair: list[User]) -> None:
    case = make.case()
    two.decides(case, Outcome.PROPOSE, pair[0], is_grave=True)
    assert (now(case).needs, Redaction.objects.get().is_grave) == (2, True)
    assert not Revision.objects.filter(redacts=case.revision).exists()
    with pytest.raises(WordsWait):
        two.decides(case, Outcome.PROPOSE, pair[1], redaction={"text": "Not these words."})
    two.decides(case, Outcome.PROPOSE, pair[1], redaction={"text": "Not these words."}, agrees=True)
    assert Revision.objects.get(redacts=case.revision).text == two.OTHER_WORDS
    assert not Redaction.objects.exists()


def test_urgent_crisis_needs_two_and_goes_first(pair: list[User]) -> None:
    make.waiting()
    urgent = make.case(text=URGENT)
    assert (urgent.needs, urgent.priority) == (2, 3)
    assert claim_next(moderator=pair[0]) == urgent
    two.decides(urgent, Outcome.APPROVE, pair[0])
    assert state(urgent) == "waiting"
    assert claim_next(moderator=pair[1]) == urgent
    two.decides(urgent, Outcome.APPROVE, pair[1])
    assert state(urgent) == "approved"


def test_with_one_person_it_waits_and_is_never_lowered() -> None:
    (only,) = two.people(1)
    urgent = make.case(text=URGENT)
    two.decides(urgent, Outcome.APPROVE, only)
    assert claim_next(moderator=only) is None
    assert (now(urgent).needs, state(urgent)) == (2, "waiting")


def test_what_two_were_to_decide_is_not_lowered_by_sending_it_again() -> None:
    owner = make.owner()
    escalated = make.case(owner)
    two.decides(escalated, Outcome.APPROVE, two.people(1)[0], second=True)
    pk = escalated.revision.contribution_id
    take_back(pk, owner=owner)
    again = make.case(owner, contribution=pk, text=f"{make.TEXT} More.")
    assert (again.needs, again.priority, again.due_at) == (2, 1, again.enters_at)


def test_what_two_refused_is_not_published_by_one_who_reads_the_same_words() -> None:
    owner = make.owner()
    case = make.case(owner)
    for person in two.people(2):
        two.decides(case, Outcome.REFUSE, person, second=True)
    pk = case.revision.contribution_id
    assert make.case(owner, contribution=pk).needs == 2


def test_other_words_after_two_refused_are_read_as_any_other() -> None:
    owner = make.owner()
    case = make.case(owner)
    for person in two.people(2):
        two.decides(case, Outcome.REFUSE, person, second=True)
    pk = case.revision.contribution_id
    assert make.case(owner, contribution=pk, text="All of it is new, and about something else.").needs == 1


def test_what_two_decided_is_judged_anew_by_two(pair: list[User]) -> None:
    case = make.case()
    for person in pair:
        two.decides(case, Outcome.REFUSE, person, second=True)
    reopened = reopen(case.revision_id, lead=two.people(1, role=Role.LEAD)[0])
    assert reopened is not None
    assert reopened.needs == 2


def test_the_record_holds_both_and_the_closing(case: Case, pair: list[User]) -> None:
    two.decides(case, Outcome.APPROVE, pair[1])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a transaction
    rows = Entry.objects.filter(case=case.pk).order_by("number")
    assert [(one.act, one.actor, one.is_sealed) for one in rows] == [
        ("decide", pair[0].pk, True),
        ("decide", pair[1].pk, True),
        ("close", None, True),
    ]
