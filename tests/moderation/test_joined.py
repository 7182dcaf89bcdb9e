"""What readers or an owner say after a page was opened is read before anything is decided."""

from __future__ import annotations

from typing import Any

import pytest

import content
from accounts.models import Role
from moderation.actions import Conflict, reopen, report
from moderation.models import Case, Decision
from stories.actions import appeal
from stories.lifecycle import State
from stories.models import Outcome, Publication, Suppression
from tests import make
from tests.moderation import two
from tests.moderation.desk import NOTE, Desk, now, plain, state

pytestmark = pytest.mark.django_db
GRAVE = next(rule.code for rule in content.load("en").rules if rule.grave)
LIGHT = next(rule.code for rule in content.load("en").rules if not rule.grave)
NAMES = "It names her, and the street."


@pytest.fixture
def live() -> Publication:
    found = make.published()
    report(found, rules=[LIGHT], text="", owner=make.owner())
    return found


def grave(live: Publication) -> None:
    report(live, rules=[GRAVE], text=NAMES, owner=make.owner(make.member()))


def test_report_that_comes_while_somebody_reads_is_read_before_the_text_is_kept(live: Publication) -> None:
    desk = Desk()
    case = desk.take_next()
    desk.open(case)
    grave(live)
    kept: dict[str, Any] = {"rules": [], "text": "", "passages": "", "read": "on"}
    assert desk.decide(case, "keep", **kept).status_code == 409
    answer = desk.decide(case, "remove")
    assert answer.status_code == 409
    for told in ("Something new was said", "A reader reported this text", NOTE):
        assert told in plain(answer.content)
    assert (now(case).closing, Decision.objects.filter(case=case).exists()) == ("", False)
    assert Suppression.objects.filter(pk=live.pk).exists()
    again = desk.client.post(f"/moderation/cases/{case.pk}/take/", {"text": NOTE}).content.decode()
    assert NAMES in again
    assert NOTE in again
    assert 'name="seen" value="1"' in again
    assert desk.decide(now(case), "keep", **kept).status_code == 303
    assert not Suppression.objects.exists()


def test_appeal_that_comes_while_somebody_reads_is_read_before_it_is_answered() -> None:
    owner = make.owner()
    refused = make.decided(make.waiting(owner), Outcome.REFUSE).revision
    reopen(refused.pk, lead=two.people(1)[0])
    desk = Desk()
    case = desk.take_next()
    appeal(refused.contribution_id, text="That is the name of the town.", owner=owner)
    assert desk.decide(case, "uphold", passages="").status_code == 409
    assert now(case).closing == ""
    assert "That is the name of the town." in desk.open(case)
    assert desk.decide(now(case), "uphold", passages="").status_code == 303


def test_what_the_first_of_two_did_not_read_is_read_by_two_others(live: Publication) -> None:
    first, second, third = two.people(3)
    case = Case.objects.reported().get()
    two.decides(case, Outcome.KEEP, first, second=True)
    grave(live)
    two.decides(case, Outcome.KEEP, second)
    assert (now(case).closing, now(case).is_contested, Suppression.objects.count()) == ("", False, 1)
    two.decides(case, Outcome.KEEP, third)
    assert (now(case).outcome, Suppression.objects.count()) == ("keep", 0)


def test_letters_of_all_who_agree_are_told(live: Publication) -> None:
    first, second, third = two.people(3)
    case = Case.objects.reported().get()
    two.decides(case, Outcome.REMOVE, first, second=True)
    grave(live)
    for one in (second, third):
        two.decides(case, Outcome.REMOVE, one)
    assert state(case) == State.REMOVED
    assert list(case.revision.statements.filter(outcome="remove").values_list("told", flat=True)) == [True] * 3


def test_a_lead_ends_a_disagreement_of_before_a_report(live: Publication) -> None:
    first, second, lead = *two.people(2), *two.people(1, role=Role.LEAD)
    case = Case.objects.reported().get()
    two.decides(case, Outcome.KEEP, first, second=True)
    grave(live)
    two.decides(case, Outcome.REMOVE, second)
    assert now(case).is_contested
    with pytest.raises(Conflict, match="joined"):
        two.decides(case, Outcome.KEEP, lead, seen=0)
    two.decides(case, Outcome.KEEP, lead)
    assert now(case).outcome == "keep"
