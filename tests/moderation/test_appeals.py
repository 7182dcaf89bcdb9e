"""An owner asks that somebody else decides: once a version, for six months, until a new version is sent."""

from __future__ import annotations

import pytest
import time_machine

from accounts.models import Role
from moderation.actions import Conflict, claim, claim_next
from moderation.models import Case, Cause
from stories.actions import appeal, save_draft, submit
from stories.models import Appeal, Outcome, Publication, Revision, Statement
from stories.owners import Owner
from stories.pause import months_after
from stories.refusals import Refused
from tests import make
from tests.moderation import two
from tests.moderation.desk import now, state

pytestmark = pytest.mark.django_db
WORDS = "It names nobody: that is the name of the town."


@pytest.fixture
def owner() -> Owner:
    return make.owner()


@pytest.fixture
def refused(owner: Owner) -> Revision:
    return make.decided(make.waiting(owner), Outcome.REFUSE).revision


def appealed(revision: Revision, owner: Owner) -> Case:
    appeal(revision.contribution_id, text=WORDS, owner=owner)
    return two.open_case(revision)


def removed(owner: Owner, **changes: object) -> Revision:
    live = make.published(owner, **changes)
    make.hide(live)
    two.decides(Case.objects.reported().get(revision=live.revision), Outcome.REMOVE, two.people(1)[0])
    return Revision.objects.get(pk=live.revision_id)


def test_appeal_opens_a_case_at_once(refused: Revision, owner: Owner) -> None:
    case = appealed(refused, owner)
    assert (case.cause, case.priority, case.needs) == (Cause.APPEAL, 1, 1)
    assert claim_next(moderator=two.people(1)[0]) == case


def test_appeal_said_twice_stands_as_it_was_said_first(refused: Revision, owner: Owner) -> None:
    case = appealed(refused, owner)
    appeal(refused.contribution_id, text=WORDS, owner=owner)
    with pytest.raises(Refused, match="asked already"):
        appeal(refused.contribution_id, text="Other words.", owner=owner)
    assert Appeal.objects.get().text == WORDS
    assert two.open_case(refused) == case


def test_who_judged_before_does_not_judge_again(owner: Owner) -> None:
    first, other = two.people(2)
    revision = make.decided(make.waiting(owner), Outcome.ASK_CHANGES, reviewer=first).revision
    save_draft(revision.contribution_id, {"consents": ["publish", "rules"]}, owner=owner)
    second = make.decided(submit(revision.contribution_id, owner=owner), Outcome.REFUSE, reviewer=other).revision
    case = appealed(second, owner)
    for judge in (first, other):  # of this version, or of an earlier one
        assert claim_next(moderator=judge) is None
        with pytest.raises(Conflict, match="not_yours"):
            claim(case.pk, moderator=judge)


def test_upholding_leaves_it_and_says_why(refused: Revision, owner: Owner) -> None:
    case = appealed(refused, owner)
    two.decides(case, Outcome.UPHOLD, two.people(1)[0])
    assert (now(case).outcome, state(case), Publication.objects.exists()) == ("uphold", "refused", False)
    assert list(Statement.objects.order_by("number").values_list("outcome", flat=True)) == ["refuse", "uphold"]
    with pytest.raises(Refused, match="asked already"):
        appeal(refused.contribution_id, text="Once more.", owner=owner)
    assert not Case.objects.filter(closing="").exists(), "it is judged once"


def test_yes_to_an_appeal_publishes_what_was_refused(refused: Revision, owner: Owner) -> None:
    case = appealed(refused, owner)
    two.decides(case, Outcome.APPROVE, two.people(1)[0])
    assert Publication.objects.get().revision_id == refused.pk
    assert state(case) == "approved"


@pytest.mark.django_db(transaction=True)
def test_yes_to_an_appeal_puts_back_what_was_taken_down_with_its_warnings(owner: Owner) -> None:
    revision = removed(owner, warnings=["w1"], warnings_added=["w2"])
    assert not Publication.objects.exists()
    two.decides(appealed(revision, owner), Outcome.APPROVE, two.people(1)[0], warnings=["w3"])
    assert Publication.objects.get().warnings == ["w1", "w2", "w3"]


def test_warnings_of_who_was_outvoted_bind_nobody(owner: Owner) -> None:
    case, (first, second) = make.case(owner), two.people(2)
    two.decides(case, Outcome.APPROVE, first, second=True, warnings=["w4"])
    two.decides(case, Outcome.REFUSE, second)
    two.decides(case, Outcome.REFUSE, two.people(1, role=Role.LEAD)[0])
    two.decides(appealed(Revision.objects.get(pk=case.revision_id), owner), Outcome.APPROVE, two.people(1)[0])
    assert Publication.objects.get().warnings == []


def test_new_version_ends_the_appeal(refused: Revision, owner: Owner) -> None:
    case = appealed(refused, owner)
    save_draft(refused.contribution_id, {"text": f"{make.TEXT} More.", "consents": ["publish", "rules"]}, owner=owner)
    assert now(case).closing == ""
    submit(refused.contribution_id, owner=owner)
    assert now(case).closing == "moot"
    with pytest.raises(Refused):
        appeal(refused.contribution_id, text=WORDS, owner=owner)


def test_appeal_is_possible_for_six_months(refused: Revision, owner: Owner) -> None:
    other = make.owner()
    late = make.decided(make.waiting(other), Outcome.REFUSE).revision
    with time_machine.travel(months_after(refused.month, 6), tick=False):
        appeal(refused.contribution_id, text=WORDS, owner=owner)
    with (
        time_machine.travel(months_after(refused.month, 7), tick=False),
        pytest.raises(Refused, match="six months"),
    ):
        appeal(late.contribution_id, text=WORDS, owner=other)
    assert Appeal.objects.get().letter.revision == refused


def test_nothing_to_appeal_against(owner: Owner) -> None:
    for revision in (make.waiting(owner), make.published(owner).revision):
        with pytest.raises(Refused):
            appeal(revision.contribution_id, text=WORDS, owner=owner)
