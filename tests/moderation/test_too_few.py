"""With fewer people than a case needs it waits, and its owner reads why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Role, User
from moderation.actions import claim, escalate
from moderation.models import Case
from stories.actions import appeal
from stories.models import Outcome, Revision
from stories.owners import Owner
from tests import make
from tests.moderation import two
from tests.stories.answering import WHY, address, page

pytestmark = pytest.mark.django_db
NOBODY = "At the moment there is nobody here who may decide about it."
FEW = "At the moment there are not enough people here who may decide about it"
USUAL = "We do our best to read every text"
URGENT = f"{make.TEXT}\n\nI am going to kill myself tonight."
Told = Callable[[Revision], str]


@pytest.fixture
def owner(member: User) -> Owner:
    return make.owner(member)


@pytest.fixture
def told(member_client: Client) -> Told:
    return lambda revision: page(member_client, address(revision))


def test_a_text_waits_for_somebody_with_a_second_factor(owner: Owner, told: Told) -> None:
    text = make.waiting(owner)
    make.moderator(second_factor=False)
    assert NOBODY in told(text)
    assert USUAL not in told(text)
    who = make.moderator()
    assert NOBODY not in told(text)
    assert USUAL in told(text)
    User.objects.filter(pk=who.pk).update(is_active=False)
    assert NOBODY in told(text)


def test_two_are_needed_and_one_is_there(owner: Owner, told: Told) -> None:
    only = make.moderator()
    urgent = make.case(owner, text=URGENT)
    assert FEW in told(urgent.revision)
    make.moderator()
    assert FEW not in told(urgent.revision)
    two.decides(urgent, Outcome.APPROVE, only)
    assert FEW not in told(urgent.revision), "the other one is still there"


def test_escalated_it_is_read_by_two(owner: Owner, told: Told) -> None:
    first = make.moderator()
    case = claim(make.case(owner).pk, moderator=first)
    assert case.lease_token is not None
    assert "Two people read" not in told(case.revision)
    escalate(case.pk, token=case.lease_token, moderator=first)
    assert "Two people read a text like this one" in told(case.revision)


def test_who_left_it_to_two_others_is_none_of_them(owner: Owner, told: Told) -> None:
    first, second = make.moderator(), make.moderator()
    case = claim(make.case(owner).pk, moderator=first)
    assert case.lease_token is not None
    escalate(case.pk, token=case.lease_token, moderator=first)
    assert FEW in told(case.revision)
    third = make.moderator()
    assert FEW not in told(case.revision)
    two.decides(case, Outcome.APPROVE, second)
    assert FEW not in told(case.revision), "the third one is still there"
    User.objects.filter(pk=third.pk).update(is_active=False)
    assert FEW in told(case.revision)


def test_an_appeal_waits_for_somebody_who_judged_nothing_of_it(owner: Owner, told: Told) -> None:
    first = make.moderator()
    text = make.decided(make.waiting(owner), Outcome.REFUSE, reviewer=first).revision
    appeal(text.contribution_id, text=WHY, owner=owner)
    assert NOBODY in told(text)
    make.moderator()
    assert NOBODY not in told(text)


def test_a_disagreement_waits_for_a_lead(owner: Owner, told: Told) -> None:
    case, (first, second, _third) = make.case(owner), [make.moderator() for _ in range(3)]
    two.decides(case, Outcome.APPROVE, first, second=True)
    two.decides(case, Outcome.REFUSE, second)
    assert FEW in told(case.revision)
    make.moderator(role=Role.LEAD)
    assert FEW not in told(case.revision)


def test_a_hidden_text_waits_too(owner: Owner, told: Told) -> None:
    live = make.published(owner)
    make.hide(live)
    assert NOBODY in told(live.revision)
    make.moderator()
    assert NOBODY not in told(live.revision)
    assert Case.objects.filter(closing="").count() == 1
