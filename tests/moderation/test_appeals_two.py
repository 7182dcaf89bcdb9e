"""An appeal is against one decision: each has its own, and its answer is the one that its own case brings."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import Role, User
from moderation.actions import reopen
from stories.actions import appeal, decline
from stories.models import Appeal, Outcome, Publication, Revision
from stories.owners import Owner
from tests import make
from tests.moderation import two
from tests.moderation.desk import Desk, plain
from tests.stories.answering import WHY, address, judge, page, proposal, removed, reported

pytestmark = pytest.mark.django_db
OFFER = "Ask for somebody else to decide"
STANDS = "with your words, and let the decision stand"
LOOKING = "Somebody else is looking at it"
URGENT = f"{make.TEXT}\n\nI am going to kill myself tonight."
TWO = "Two people read a text like this one"


@pytest.fixture
def owner(member: User) -> Owner:
    return make.owner(member)


def appealed(revision: Revision, owner: Owner, text: str = WHY) -> None:
    appeal(revision.contribution_id, text=text, owner=owner)


@pytest.mark.parametrize("first", ["refused", "removed"])
def test_what_is_taken_down_after_an_appeal_can_be_appealed_about_anew(
    first: str, owner: Owner, member_client: Client
) -> None:
    if first == "refused":
        text = make.waiting(owner)
        judge(text, Outcome.REFUSE)
    else:
        text = removed(owner)
    appealed(text, owner)
    judge(text, Outcome.APPROVE)
    reported(Publication.objects.get(revision=text))
    judge(text, Outcome.REMOVE, text="It names the town.")
    told = page(member_client, address(text))
    assert OFFER in told
    assert "It names the town." in told
    assert STANDS not in told
    appealed(text, owner, "The town is no person, and nobody lives there.")
    assert Appeal.objects.count() == 2
    assert LOOKING in page(member_client, address(text))
    judge(text, Outcome.UPHOLD)
    told = page(member_client, address(text))
    assert STANDS in told
    assert OFFER not in told
    assert told.count("You asked for somebody else to decide") == 2


def test_an_appeal_after_a_lead_looked_again_is_open_until_it_is_answered(owner: Owner, member_client: Client) -> None:
    text = make.waiting(owner)
    judge(text, Outcome.REFUSE)
    reopen(text.pk, lead=make.moderator(role=Role.LEAD))
    judge(text, Outcome.UPHOLD)
    assert OFFER in page(member_client, address(text))
    appealed(text, owner)
    told = page(member_client, address(text))
    assert LOOKING in told
    assert STANDS not in told
    assert "If you send a new version meanwhile, that one is read and the appeal ends." in told
    judge(text, Outcome.UPHOLD)
    assert STANDS in page(member_client, address(text))


def test_an_appeal_joins_what_a_lead_reopened(owner: Owner, member_client: Client) -> None:
    text = make.waiting(owner)
    judge(text, Outcome.REFUSE)
    case = reopen(text.pk, lead=make.moderator(role=Role.LEAD))
    appealed(text, owner)
    assert case is not None
    assert Appeal.objects.get().case_id == case.pk == two.open_case(text).pk
    judge(text, Outcome.APPROVE)
    assert "as you asked, and decided otherwise" in page(member_client, address(text))


def test_letters_of_two_cases_are_two_decisions_though_they_say_the_same(owner: Owner, member_client: Client) -> None:
    live = make.published(owner)
    for note in ("The first reason.", "The second reason."):
        text = reported(live)
        offer = proposal(text, f"{make.TEXT} Less.", text=note)
        decline(live.pk, proposal=offer.pk, owner=owner, own_words=True)
    told = page(member_client, address(live.revision))
    assert told.count("A change was proposed to you") == 2
    assert "Two people, who came to the same decision." not in told
    assert "The first reason." not in told


def test_two_who_decide_the_same_are_one_decision(owner: Owner, member_client: Client) -> None:
    case, (first, second) = make.case(owner), two.people(2)
    two.decides(case, Outcome.REFUSE, first, second=True)
    two.decides(case, Outcome.REFUSE, second)
    told = page(member_client, address(case.revision))
    assert "Two people, who came to the same decision." in told
    appealed(case.revision, owner)
    assert LOOKING in page(member_client, address(case.revision))


def test_two_of_whom_one_knew_what_the_others_chose_are_not_told_as_each_alone(
    owner: Owner, member_client: Client
) -> None:
    case, (first, second), (lead,) = make.case(owner), two.people(2), two.people(1, role=Role.LEAD)
    two.decides(case, Outcome.REFUSE, first, second=True)
    two.decides(case, Outcome.ASK_CHANGES, second)
    two.decides(case, Outcome.REFUSE, lead)
    told = page(member_client, address(case.revision))
    assert "Two people, who came to the same decision." in told
    assert "alone" not in told.replace("You are not alone", "")


def test_one_person_is_not_told_as_two(owner: Owner, member_client: Client) -> None:
    urgent = make.case(owner, text=URGENT)
    assert TWO in page(member_client, address(urgent.revision))
    for who in two.people(2):
        two.decides(urgent, Outcome.REFUSE, who)
    appealed(urgent.revision, owner)
    told = page(member_client, address(urgent.revision))
    assert LOOKING in told
    assert TWO not in told


def test_who_judges_an_appeal_reads_what_was_told_and_no_outvoted_decision(owner: Owner) -> None:
    case, (first, second) = make.case(owner), two.people(2)
    two.decides(case, Outcome.APPROVE, first, second=True)
    two.decides(case, Outcome.REFUSE, second, rules=["kind"], text="The first reason.")
    two.decides(case, Outcome.REFUSE, two.people(1, role=Role.LEAD)[0], rules=["own"], text="The second reason.")
    appealed(Revision.objects.get(pk=case.revision_id), owner)
    desk = Desk()
    shown = plain(desk.open(desk.take_next()).split('id="earlier-title"')[1].split("</section>")[0])
    assert "Published" not in shown
    assert shown.count("Not published") == 1
    assert re.search(r"Not published: Be kind, Tell your own part .* The first reason. The second reason.", shown)


def test_who_was_outvoted_does_not_make_two_of_an_appeal(owner: Owner, member_client: Client) -> None:
    case, (first, second) = make.case(owner), two.people(2)
    two.decides(case, Outcome.APPROVE, first, second=True)
    two.decides(case, Outcome.REFUSE, second)
    two.decides(case, Outcome.REFUSE, two.people(1, role=Role.LEAD)[0])
    appealed(Revision.objects.get(pk=case.revision_id), owner)
    assert TWO not in page(member_client, address(case.revision))
