"""What ends by the clock or with its story: the owner reads what happened, and nobody judges it any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from accounts.codes import new_code
from accounts.models import User
from moderation.actions import report
from moderation.actions.keeping import forget_texts
from moderation.checking import verify
from moderation.models import Case, Cause, Closing
from stories.actions import appeal, withdraw
from stories.models import Outcome, Publication, Revision
from stories.own_texts import own_page
from stories.owners import Owner
from stories.pause import months_after
from tests import make
from tests.moderation import two
from tests.moderation.conftest import Age
from tests.stories.answering import NOTE, address, judge, page, proposal, reported

pytestmark = pytest.mark.django_db
WHY = "I meant the town where I grew up, and nobody there knows me."
ENDED = "Nobody went on with it in time, so it ended"


@pytest.fixture
def owner(member: User) -> Owner:
    return make.owner(member)


@pytest.mark.parametrize("kind", ["asked", "proposed"])
def test_a_change_that_ran_out_leaves_a_published_text_published(
    kind: str, age: Age, owner: Owner, member_client: Client
) -> None:
    live = make.published(owner)
    edit = make.waiting(owner, contribution=live.contribution_id, text=f"{make.TEXT} In Bergdorf.")
    if kind == "asked":
        judge(edit, Outcome.ASK_CHANGES)
    else:
        age(proposal(edit, make.TEXT), 7)
    age(edit, 7)
    forget_texts()
    text = page(member_client, address(live.revision))
    for told in ("Everybody can read it.", "Change it", ENDED):
        assert told in text
    for untrue in ("A change is proposed", "What do you want?", "You withdrew", "was not taken up"):
        assert untrue not in text


@pytest.mark.parametrize("kind", ["asked", "proposed"])
def test_owner_is_told_until_when_and_that_it_ended(kind: str, age: Age, owner: Owner, member_client: Client) -> None:
    text = make.waiting(owner)
    last = proposal(text, f"{make.TEXT} More.") if kind == "proposed" else text
    if kind == "asked":
        judge(text, Outcome.ASK_CHANGES)
    last.refresh_from_db()
    before = page(member_client, address(text))
    assert f"until {date_format(months_after(last.month, 7) - timedelta(days=1), 'DATE_FORMAT')}." in before
    assert "cannot be sent again." in before
    for one in (text, last):
        age(one, 7)
    forget_texts()
    after = page(member_client, address(text))
    for told in ("nobody went on with it for more than six months, so it ended", ENDED, "Begin a new text"):
        assert told in after
    assert "You withdrew" not in after


def test_who_withdraws_reads_that_they_did(owner: Owner, member_client: Client) -> None:
    text = make.waiting(owner)
    judge(text, Outcome.ASK_CHANGES)
    withdraw(text.contribution_id, owner=owner)
    told = page(member_client, address(text))
    assert "You withdrew this text." in told
    assert "You withdrew it" in told
    assert ENDED not in told


def answered(owner: Owner) -> tuple[Publication, Owner, Revision]:
    """Return a story, whose it is, and a refused reply to it."""
    author = make.owner()
    story = make.published(author)
    reply = make.reply(story, owner)
    judge(reply, Outcome.REFUSE)
    return story, author, reply


def test_an_appeal_ends_with_its_story(owner: Owner, member_client: Client) -> None:
    story, author, reply = answered(owner)
    appeal(reply.contribution_id, text=WHY, owner=owner)
    case = two.open_case(reply)
    withdraw(story.contribution_id, owner=author)
    assert Case.objects.get(pk=case.pk).closing == Closing.MOOT
    text = page(member_client, address(reply))
    for told in ("It ended without an answer", WHY, NOTE, "The story you answered is no longer here"):
        assert told in text
    for untrue in ("Somebody else is looking", "let the decision stand", "Ask for somebody else"):
        assert untrue not in text
    assert "Somebody else is looking" not in page(member_client, "/stories/mine/")
    assert verify().sign is None


def test_no_appeal_is_offered_when_the_story_is_gone(owner: Owner, member_client: Client) -> None:
    story, author, reply = answered(owner)
    assert "Ask for somebody else" in page(member_client, address(reply))
    withdraw(story.contribution_id, owner=author)
    assert "Ask for somebody else" not in page(member_client, address(reply))
    assert member_client.get(address(reply, "appeal")).status_code == 302
    assert not Case.objects.filter(closing="").exists()


def test_reports_about_a_reply_end_with_its_story_and_come_back_with_it() -> None:
    author = make.owner()
    story = make.published(author)
    reply = make.published_reply(story)
    make.hide(reply)
    reported(story)
    judge(story.revision, Outcome.REMOVE)
    assert not Case.objects.filter(closing="").exists()
    appeal(story.contribution_id, text=WHY, owner=author)
    judge(story.revision, Outcome.APPROVE)
    back = two.open_case(reply.revision)
    assert back.cause == Cause.REPORT
    make.show(reply)


def test_what_two_were_to_decide_about_a_reply_comes_back_for_two(owner: Owner, member_client: Client) -> None:
    author = make.owner()
    story = make.published(author)
    reply, refused = make.published_reply(story), make.reply(story, owner)
    judge(refused, Outcome.REFUSE)
    report(reply, rules=["identify"], text="", owner=make.owner())  # a grave one
    two.decides(two.open_case(reply.revision), Outcome.REMOVE, two.people(1)[0], second=True)
    appeal(refused.contribution_id, text=WHY, owner=owner)
    judge(reported(story), Outcome.REMOVE)
    assert "It ended without an answer" in page(member_client, address(refused))
    appeal(story.contribution_id, text=WHY, owner=author)
    judge(story.revision, Outcome.APPROVE)
    back = two.open_case(reply.revision)
    assert (back.cause, back.needs, back.priority) == (Cause.REPORT, 2, 2)
    assert "Somebody else is looking at it" in page(member_client, address(refused))
    judge(refused, Outcome.UPHOLD)
    told = page(member_client, address(refused))
    assert "with your words, and let the decision stand" in told
    assert "It ended without an answer" not in told


def test_a_story_that_is_only_hidden_leaves_what_is_asked_open(owner: Owner) -> None:
    story, _author, reply = answered(owner)
    appeal(reply.contribution_id, text=WHY, owner=owner)
    make.hide(story)
    assert two.open_case(reply).cause == Cause.APPEAL


def test_a_sample_that_nobody_read_keeps_no_words(age: Age, settings: object) -> None:
    settings.SAMPLE_SHARE = 1.0
    for _who_could_read_it in range(2):
        make.moderator()
    text = make.waiting()
    judge(text, Outcome.REFUSE)
    sample = Case.objects.get(cause=Cause.SAMPLE, closing="")
    age(text, 7)
    assert forget_texts() == 1
    assert Case.objects.get(pk=sample.pk).closing == Closing.MOOT
    assert Revision.objects.get(pk=text.pk).text == ""
    assert verify().sign is None


def test_a_list_and_a_receipt_pass_over_what_has_no_words(age: Age, settings: object) -> None:
    settings.STORIES_A_PAGE = 2
    code = new_code()
    by = Owner.of_code(code)
    for _ in range(3):
        gone = make.waiting(by)
        withdraw(gone.contribution_id, owner=by)
        age(gone, 2)
    assert forget_texts() == 3
    kept = [make.draft(by) for _ in range(2)]
    page_of_two, more = own_page(by)
    assert {one.pk for one in page_of_two} == {one.contribution_id for one in kept}
    assert more == ""
    assert Client().post("/stories/receipt/", {"code": code}).status_code == 303


def test_a_list_of_appeals_asks_no_more(owner: Owner, member_client: Client) -> None:
    counts = []
    for _ in range(2):
        for text in (make.waiting(owner), make.waiting(owner)):
            judge(text, Outcome.REFUSE)
            appeal(text.contribution_id, text=WHY, owner=owner)
        with CaptureQueriesContext(connection) as seen:
            assert "Somebody else is looking at it" in page(member_client, "/stories/mine/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
