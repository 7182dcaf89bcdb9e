"""Who breaks rules of abuse often sends nothing for a while: counted by tags alone, told kindly, undone on appeal."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

import content
from stories.actions import appeal, save_draft, submit, withdraw
from stories.models import Outcome, Revision, Statement, this_month
from stories.owners import Owner
from stories.pause import check_pause, months_after, paused_until
from stories.refusals import Refused
from tests import make
from tests.moderation import two
from tests.stories.answering import judge

pytestmark = pytest.mark.django_db
ABUSE = next(rule.code for rule in content.load("en").rules if rule.abuse)
OTHER = next(rule.code for rule in content.load("en").rules if not rule.abuse)


@pytest.fixture
def owner() -> Owner:
    return make.owner()


def refused(owner: Owner, rule: str = ABUSE, outcome: Outcome = Outcome.REFUSE) -> Revision:
    return make.decided(make.waiting(owner), outcome, rules=[rule]).revision


def test_two_refusals_for_abuse_hold_up_what_is_sent(owner: Owner) -> None:
    refused(owner)
    assert paused_until(owner) is None
    refused(owner)
    assert paused_until(owner) == months_after(this_month(), 2)
    draft = make.draft(owner)
    with pytest.raises(Refused, match=r"cannot send anything until \w+\.? 1, "):
        submit(draft.contribution_id, owner=owner)
    save_draft(draft.contribution_id, {"text": f"{make.TEXT} More."}, owner=owner)
    assert paused_until(make.owner()) is None


def test_months_are_counted_past_the_end_of_a_year() -> None:
    assert months_after(date(2026, 11, 1), 3) == date(2027, 2, 1)


def test_it_ends_by_itself(owner: Owner) -> None:
    refused(owner)
    refused(owner)
    with time_machine.travel(months_after(this_month(), 2), tick=False):
        assert paused_until(owner) is None
        check_pause(owner)


def test_other_rules_and_other_answers_do_not_count(owner: Owner) -> None:
    for _ in range(2):
        refused(owner, OTHER)
        refused(owner, outcome=Outcome.ASK_CHANGES)
    assert paused_until(owner) is None


def test_takedowns_count_too(owner: Owner) -> None:
    for _ in range(2):
        live = make.published(owner)
        make.hide(live)
        two.decides(two.open_case(live.revision), Outcome.REMOVE, two.people(1)[0], rules=[ABUSE])
    assert paused_until(owner) is not None


def test_what_one_of_two_decided_does_not_count(owner: Owner) -> None:
    refused(owner)
    two.decides(make.case(owner), Outcome.REFUSE, two.people(1)[0], second=True, rules=[ABUSE])
    assert Statement.objects.filter(rules=[ABUSE]).count() == 2
    assert paused_until(owner) is None


def test_yes_to_an_appeal_ends_it(owner: Owner) -> None:
    first, _second = refused(owner), refused(owner)
    appeal(first.contribution_id, text="It quotes what was said to me.", owner=owner)
    two.decides(two.open_case(first), Outcome.APPROVE, two.people(1)[0])
    assert paused_until(owner) is None


def test_upheld_it_counts_once(owner: Owner) -> None:
    first = refused(owner)
    appeal(first.contribution_id, text="It quotes what was said to me.", owner=owner)
    two.decides(two.open_case(first), Outcome.UPHOLD, two.people(1)[0], rules=[ABUSE])
    assert paused_until(owner) is None


def test_one_text_refused_twice_counts_once(owner: Owner) -> None:
    first = refused(owner)
    again = make.waiting(owner, contribution=first.contribution_id, text=f"{make.TEXT} More.")
    make.decided(again, Outcome.REFUSE, rules=[ABUSE])
    assert paused_until(owner) is None
    refused(owner)
    assert paused_until(owner) is not None


@pytest.mark.parametrize("later", ["edited", "withdrawn"])
def test_what_was_given_back_never_counts_again(later: str, owner: Owner) -> None:
    first, _second = refused(owner), refused(owner)
    appeal(first.contribution_id, text="It quotes what was said to me.", owner=owner)
    two.decides(two.open_case(first), Outcome.APPROVE, two.people(1)[0])
    if later == "edited":
        make.decided(make.waiting(owner, contribution=first.contribution_id), Outcome.APPROVE)
    else:
        withdraw(first.contribution_id, owner=owner)
    assert paused_until(owner) is None


def test_what_was_taken_down_again_after_that_counts(owner: Owner) -> None:
    first, _second = refused(owner), refused(owner)
    appeal(first.contribution_id, text="It quotes what was said to me.", owner=owner)
    judge(first, Outcome.APPROVE)
    make.hide(first.contribution_id)
    judge(first, Outcome.REMOVE, rules=[ABUSE])
    assert paused_until(owner) is not None
