"""What a lead does about cases and numbers: takes one away, has one judged anew, sets the day cap and the sample."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Role, User
from moderation.actions import Conflict, Verdict, claim, claim_next, decide
from moderation.actions.leases import free
from moderation.actions.leases import lease as under_lease
from moderation.models import Case, Cause, Entry, Setting
from stories.models import Outcome, Revision
from tests import make
from tests.moderation.desk import Desk, now, plain

pytestmark = pytest.mark.django_db
LEAD = "/moderation/lead/"


@pytest.fixture
def lead() -> User:
    return make.moderator(role=Role.LEAD)


@pytest.fixture
def browser(lead: User) -> Client:
    return make.client_of(lead)


def acts() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("act", flat=True))


def test_a_lead_gives_a_text_to_others_and_has_one_decided_anew(browser: Client) -> None:
    held = claim(make.case().pk, moderator=make.moderator())
    assert "Give to others" in plain(browser.get(LEAD).content)
    browser.post(f"{LEAD}cases/{held.pk}/free/")
    assert Case.objects.get(pk=held.pk).lease_by is None
    refused = make.waiting()
    make.decided(refused, Outcome.REFUSE)
    browser.post(f"{LEAD}texts/{refused.pk}/reopen/")
    assert Case.objects.filter(revision=refused, cause="appeal", closing="").exists()
    assert {"set_free", "reopen"} <= set(acts())
    assert Revision.objects.get(pk=refused.pk).state == "refused"


@pytest.mark.parametrize(("outcome", "cause"), [(Outcome.APPROVE, Cause.REPORT), (Outcome.REFUSE, Cause.APPEAL)])
def test_the_history_has_a_way_to_have_it_decided_anew(browser: Client, outcome: Outcome, cause: Cause) -> None:
    text = make.waiting()
    make.decided(text, outcome)
    where = f"{LEAD}texts/{text.pk}/reopen/"
    assert where in browser.get("/moderation/history/").content.decode()
    assert where not in Desk().client.get("/moderation/history/").content.decode()
    browser.post(where, {"note": "Please look at the second paragraph."})
    assert where not in browser.get("/moderation/history/").content.decode()
    desk = Desk()
    case = desk.take_next()
    assert (case.revision_id, case.cause) == (text.pk, cause)
    page = plain(desk.open(case))
    assert "A lead asks to have this judged anew" in page
    assert "Please look at the second paragraph." in page
    for untrue in ("0 readers reported it", "Report about", "Appeal against", "What the writer says against"):
        assert untrue not in page


def test_what_is_judged_anew_is_not_for_who_published_it(browser: Client) -> None:
    text, first, other = make.waiting(), make.moderator(), make.moderator()
    make.decided(text, Outcome.APPROVE, reviewer=first)
    browser.post(f"{LEAD}texts/{text.pk}/reopen/")
    case = Case.objects.get(revision=text, closing="")
    assert claim_next(moderator=first) is None
    with pytest.raises(Conflict, match="not_yours"):
        claim(case.pk, moderator=first)
    held = under_lease(Case.objects.get(pk=case.pk), first)
    assert held.lease_token is not None
    with pytest.raises(IntegrityError, match="who judged before"), transaction.atomic():
        decide(case.pk, Verdict(Outcome.KEEP), token=held.lease_token, moderator=first)
    free(held)
    assert "passed on" not in plain(make.client_of(first).get("/moderation/").content)
    assert claim_next(moderator=other) == case


def test_what_readers_reported_is_no_wish_of_a_lead(browser: Client) -> None:
    make.hide(make.published())
    desk = Desk()
    page = plain(desk.open(desk.take_next()))
    assert "1 reader reported it" in page
    assert "judged anew" not in page


def test_a_lead_sets_the_day_cap_and_the_sample(browser: Client) -> None:
    desk, numbers = Desk(), f"{LEAD}numbers/"
    assert 'value="60"' in browser.get(LEAD).content.decode()
    assert browser.post(numbers, {"day_cap": "0", "sample_percent": "101"}).status_code == 422
    assert not Setting.objects.exists()
    assert browser.post(numbers, {"day_cap": "1", "sample_percent": "100"}).status_code == 303
    assert 'value="100"' in browser.get(LEAD).content.decode()
    browser.post(numbers, {"day_cap": "1", "sample_percent": "100"})
    told = [one.details for one in Entry.objects.filter(act="setting").order_by("number")]
    assert told == ['{"code": "day_cap", "number": 1}', '{"code": "sample_percent", "number": 100}']
    make.waiting()
    first = desk.take_next()
    desk.decide(first)
    assert Case.objects.filter(revision=first.revision_id, cause=Cause.SAMPLE).exists()
    make.waiting()
    assert "You have read a lot today" in plain(desk.client.get("/moderation/").content)
    assert now(first).closing == "decided"
