"""Cases that nobody here can take: told to everybody, and what a lead can do about them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from community import health
from moderation.actions import Conflict, choose, claim, claim_next, decide, escalate, give, offer_again, set_free, skip
from moderation.models import Case, Entry, Skip
from moderation.stuck import Stuck, Why, stuck, stuck_cases
from stories.models import Outcome
from tests import make
from tests.moderation import two
from tests.moderation.desk import now, plain

pytestmark = pytest.mark.django_db
LEAD = "/moderation/lead/"


@pytest.fixture
def lead() -> User:
    return make.moderator(role=Role.LEAD)


@pytest.fixture
def browser(lead: User) -> Client:
    return make.client_of(lead)


def pass_on(case: Case, by: User) -> None:
    held = claim(case.pk, moderator=by)
    assert held.lease_token
    skip(case.pk, token=held.lease_token, moderator=by)


def told() -> str:
    (check,) = [one for one in health.DIAGNOSIS if one.subject == "Texts that wait"]
    return check.ask()


def test_what_somebody_can_take_or_reads_is_not_stuck(moderator: User) -> None:
    make.case()
    claim(make.case().pk, moderator=make.moderator())
    assert (stuck().total, told()) == (0, "")


def test_a_case_that_everybody_judged_waits_for_more_people(moderator: User) -> None:
    make.moderator(second_factor=False)  # sees nothing, so reads nothing
    case = make.case()
    two.decides(case, Outcome.APPROVE, moderator, second=True)
    assert stuck() == Stuck(people=1, lead=0, left=0)
    board = plain(make.client_of(moderator).get("/moderation/now/").content)
    assert "1 needs more people than there are who have not judged it yet" in board
    assert "1 need more people than there are who have not judged them: invite another moderator" in told()
    make.moderator()
    assert (stuck().total, told()) == (0, "")


def test_what_the_only_moderator_escalated_waits_for_more_people(moderator: User) -> None:
    case = claim(make.case().pk, moderator=moderator)
    assert case.lease_token
    escalate(case.pk, token=case.lease_token, moderator=moderator)
    assert stuck() == Stuck(people=1, lead=0, left=0)
    assert [(one.why, one.was_passed_on) for one in stuck_cases()] == [(Why.PEOPLE, False)]


def test_without_anybody_at_work_everything_waits_for_people(db: None) -> None:
    make.case()
    assert stuck() == Stuck(people=1, lead=0, left=0)
    assert told() == "", "doctor says it of the moderators"


def test_a_disagreement_without_a_lead_says_so(moderator: User) -> None:
    other, case = make.moderator(), make.case()
    two.decides(case, Outcome.APPROVE, moderator, second=True)
    two.decides(case, Outcome.REFUSE, other)
    assert stuck() == Stuck(people=0, lead=1, left=0)
    assert "needs a lead who has not judged it" in plain(make.client_of(other).get("/moderation/").content)
    assert "invite another lead" in told()
    make.moderator(role=Role.LEAD)
    assert stuck().total == 0


def test_what_everybody_passed_on_is_offered_again(moderator: User, lead: User, browser: Client) -> None:
    case = make.case()
    for one in (moderator, lead):
        pass_on(case, one)
    assert stuck() == Stuck(people=0, lead=0, left=1)
    assert [(one.pk, one.why, one.was_passed_on) for one in stuck_cases()] == [(case.pk, Why.LEFT, True)]
    assert "offer it again" in plain(make.client_of(moderator).get("/moderation/").content)
    assert f"{LEAD}cases/{case.pk}/offer/" in browser.get(LEAD).content.decode()
    browser.post(f"{LEAD}cases/{case.pk}/offer/")
    assert Entry.objects.get().act == "offer_again"
    assert claim_next(moderator=moderator) == case
    assert stuck().total == 0


def test_what_somebody_left_to_two_others_is_offered_to_others_only(moderator: User, lead: User) -> None:
    case = claim(make.case().pk, moderator=moderator)
    assert case.lease_token
    escalate(case.pk, token=case.lease_token, moderator=moderator)
    pass_on(case, lead)
    pass_on(case, make.moderator())
    assert [(one.why, one.was_passed_on) for one in stuck_cases()] == [(Why.LEFT, True)]
    offer_again(case.pk, lead=lead)
    assert claim_next(moderator=moderator) is None
    assert claim_next(moderator=lead) == case


@pytest.mark.parametrize("chosen", [{"languages": ["en"], "leaves": ["w1"]}, {"languages": ["es"], "leaves": []}])
def test_what_everybody_leaves_to_others_is_stuck(moderator: User, chosen: Any) -> None:
    case = make.case(warnings=["w1"])
    assert stuck().total == 0
    choose(moderator, **chosen)
    assert [(one.pk, one.why, one.was_passed_on) for one in stuck_cases()] == [(case.pk, Why.LEFT, False)]


def test_who_a_case_is_taken_from_does_not_get_it_next(moderator: User, lead: User) -> None:
    case = claim(make.case().pk, moderator=moderator)
    set_free(case.pk, lead=lead)
    assert claim_next(moderator=moderator) is None
    assert claim_next(moderator=lead) == case


def test_a_lead_gives_a_case_to_somebody(moderator: User, lead: User, browser: Client) -> None:
    other, case = make.moderator(), claim(make.case().pk, moderator=moderator)
    assert other.handle in browser.get(LEAD).content.decode()
    browser.post(f"{LEAD}cases/{case.pk}/give/", {"person": str(other.pk)})
    assert now(case).is_held_by(other)
    assert Skip.objects.get().moderator == moderator
    assert Entry.objects.get().act == "give"
    held = claim_next(moderator=other)
    assert held == case
    assert held
    assert held.lease_token
    decide(case.pk, two.verdict(Outcome.APPROVE), token=held.lease_token, moderator=other)
    with pytest.raises(Conflict, match="decided"):
        give(case.pk, to=moderator, lead=lead)


def test_a_case_is_given_only_to_who_may_judge_it_and_reads_none(moderator: User, lead: User, browser: Client) -> None:
    case, another = make.case(), claim(make.case().pk, moderator=lead)
    two.decides(case, Outcome.APPROVE, moderator, second=True)
    with pytest.raises(Conflict, match="not_yours"):
        give(case.pk, to=moderator, lead=lead)
    with pytest.raises(Conflict, match="held"):
        give(case.pk, to=lead, lead=lead)
    answer = browser.post(f"{LEAD}cases/{case.pk}/give/", {"person": str(moderator.pk)}, follow=True)
    assert "cannot be given to them" in plain(answer.content)
    unproven = make.moderator(second_factor=False)
    answer = browser.post(f"{LEAD}cases/{case.pk}/give/", {"person": str(unproven.pk)}, follow=True)
    assert "Please choose somebody who reviews here" in plain(answer.content)
    assert now(case).lease_by is None
    assert now(another).is_held_by(lead)
    two.decides(another, Outcome.APPROVE, lead)
    with pytest.raises(Conflict, match="decided"):
        offer_again(another.pk, lead=lead)
