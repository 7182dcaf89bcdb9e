"""What is hidden and waits for nobody but its owner ends after six months, and its words go; nothing stays for ever."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.formats import date_format

from accounts import journal
from accounts.models import User
from moderation.actions.keeping import forget_texts
from stories.actions import appeal, decline, discard_draft, set_replies, withdraw
from stories.lifecycle import State
from stories.models import EMPTIED, Outcome, Publication, Revision, Suppression, this_month
from stories.owners import Owner
from stories.pause import months_after
from tests import make
from tests.moderation.conftest import Age
from tests.stories.answering import address, judge, page, proposal, reported

pytestmark = pytest.mark.django_db
LONG = 7  # months: the six for an answer are over
NO_ANSWERS = "The story that you answered takes no answers just now, or is gone, so no newer version can be sent"
LAST = "There is time for that until {}. If no newer version is there then, this text ends."


@pytest.fixture
def owner(member: User) -> Owner:
    return make.owner(member)


@pytest.fixture
def live(owner: Owner) -> Publication:
    """Return a text that a report hid; a change was proposed, and nobody else will decide about it."""
    live = make.published(owner)
    proposal(reported(live, hidden=True), f"{make.TEXT} In a town.")
    return live


def age_all(live: Publication, age: Age, months: int = LONG) -> None:
    for revision in Revision.objects.filter(contribution=live.contribution_id):
        age(revision, months)


def refuse_the_proposal(live: Publication, owner: Owner) -> None:
    proposed = Revision.objects.get(contribution=live.contribution_id, state=State.PROPOSED)
    decline(live.pk, proposal=proposed.pk, owner=owner, own_words=True)


def stays(live: Publication) -> bool:
    """Say whether a text is still there, hidden, after a night."""
    forget_texts()
    return Suppression.objects.filter(pk=live.pk).exists() and Publication.objects.filter(pk=live.pk).exists()


def test_it_ends_when_its_owner_is_silent_and_its_words_go(live: Publication, age: Age, member_client: Client) -> None:
    assert "There is time" not in page(member_client, address(live.revision)), "the proposal has its own"
    age_all(live, age)
    assert stays(live), "the proposal ended, and the time of the text begins"
    last = months_after(this_month(), LONG) - timedelta(days=1)
    assert LAST.format(date_format(last, "DATE_FORMAT")) in page(member_client, address(live.revision))
    age(live.revision, LONG - 1)
    assert stays(live), "its last day is not over"
    age(live.revision, LONG)
    assert not stays(live)
    assert not Publication.objects.filter(pk=live.pk).exists()
    ended = Revision.objects.get(pk=live.revision_id)
    assert (ended.state, ended.ran_out, ended.text) == (State.WITHDRAWN, True, make.TEXT)
    told = page(member_client, address(live.revision))
    assert "This text waited for a new version" in told
    assert "You withdrew" not in told
    age(ended, 2)
    forget_texts()
    ended.refresh_from_db()
    assert (ended.salt, ended.text) == (EMPTIED, "")


def test_an_older_copy_does_not_show_it_again(
    live: Publication, age: Age, django_capture_on_commit_callbacks: Any
) -> None:
    age_all(live, age)
    forget_texts()
    age(live.revision, LONG)
    with django_capture_on_commit_callbacks(execute=True):
        forget_texts()
    assert journal.read().holds(journal.ENDED, live.pk)


def test_it_stays_as_long_as_its_owner_writes_and_has_its_time_afterwards(
    live: Publication, owner: Owner, age: Age
) -> None:
    refuse_the_proposal(live, owner)
    age(live.revision, LONG)
    assert stays(live)
    discard_draft(live.pk, owner=owner)
    assert stays(live)
    age(live.revision, LONG)
    assert not stays(live)


def test_a_draft_that_goes_by_the_clock_takes_no_text_along(live: Publication, owner: Owner, age: Age) -> None:
    refuse_the_proposal(live, owner)
    age_all(live, age)
    assert stays(live)
    assert not Revision.objects.in_state(State.DRAFT).exists()
    assert stays(live)


def test_it_stays_as_long_as_somebody_is_to_decide(owner: Owner, age: Age, member_client: Client) -> None:
    live = make.published(owner)
    reported(live, hidden=True)
    assert "There is time" not in page(member_client, address(live.revision))
    age_all(live, age)
    assert stays(live)
    proposal(live.revision, f"{make.TEXT} In a town.")
    assert Suppression.objects.get(pk=live.pk).month == this_month()


@pytest.mark.parametrize("outcome", [Outcome.REFUSE, Outcome.ASK_CHANGES])
def test_what_was_said_about_a_newer_version_has_its_time(
    outcome: Outcome, live: Publication, owner: Owner, age: Age, settings: Any
) -> None:
    settings.ANSWER_MONTHS = 2
    refuse_the_proposal(live, owner)
    newer = make.waiting(owner, contribution=live.contribution_id, text=f"{make.TEXT} There.")
    judge(newer, outcome)
    age_all(live, age, 3)
    assert stays(live), "as long as an appeal may come"
    if outcome == Outcome.REFUSE:
        appeal(live.contribution_id, text="I meant another town.", owner=owner)
        age_all(live, age)
        assert stays(live), "somebody else is looking at it"
        judge(newer, Outcome.UPHOLD)
        assert stays(live), "its owner has not read that yet"
    age_all(live, age)
    assert not stays(live)


@pytest.fixture
def writer() -> Owner:
    return make.owner()


@pytest.fixture
def answer(owner: Owner, writer: Owner) -> Publication:
    """Return an answer that is hidden and waits for its owner alone."""
    reply = make.published_reply(make.published(writer), owner)
    proposal(reported(reply, hidden=True), "Thank you. In a town.")
    refuse_the_proposal(reply, owner)
    discard_draft(reply.pk, owner=owner)
    return reply


def test_an_answer_ends_like_a_story(answer: Publication, age: Age, member_client: Client) -> None:
    told = page(member_client, address(answer.revision))
    assert "There is time" in told
    assert NO_ANSWERS not in told
    age(answer.revision, LONG)
    assert not stays(answer)


def test_an_answer_whose_story_was_gone_has_its_time_afterwards(
    answer: Publication, writer: Owner, age: Age, member_client: Client
) -> None:
    story = Publication.objects.get(pk=answer.parent_id)
    judge(reported(story), Outcome.REMOVE)
    told = page(member_client, address(answer.revision))
    assert "There is time" not in told
    assert NO_ANSWERS in told
    age(answer.revision, LONG)
    assert stays(answer)
    appeal(story.pk, text="I meant another town.", owner=writer)
    judge(story.revision, Outcome.APPROVE)
    assert stays(answer), "it can be sent anew from now on"
    assert "There is time" in page(member_client, address(answer.revision))


def test_an_answer_whose_story_is_gone_for_good_ends(answer: Publication, writer: Owner, age: Age) -> None:
    withdraw(answer.parent_id, owner=writer)
    assert stays(answer)
    age(answer.revision, LONG)
    assert not stays(answer)


def test_what_becomes_of_a_story_in_private_does_not_show_under_it(
    answer: Publication, writer: Owner, age: Age
) -> None:
    story = Publication.objects.get(pk=answer.parent_id)
    age(answer.revision, 3)
    before = Suppression.objects.get(pk=answer.pk).month
    newer = make.waiting(writer, contribution=story.pk, text=f"{make.TEXT} There.")
    judge(newer, Outcome.REFUSE)
    make.draft(writer, contribution=story.pk)
    discard_draft(story.pk, owner=writer)
    judge(reported(story), Outcome.KEEP)
    set_replies(story.pk, wanted=False, owner=writer)
    assert Suppression.objects.get(pk=answer.pk).month == before
    set_replies(story.pk, wanted=True, owner=writer)
    assert Suppression.objects.get(pk=answer.pk).month == this_month()


def test_an_answer_whose_story_was_hidden_has_its_time_afterwards(answer: Publication, age: Age) -> None:
    story = Publication.objects.get(pk=answer.parent_id)
    make.hide(story)
    age(answer.revision, LONG)
    assert stays(answer)
    make.show(story)
    assert stays(answer)
    age(answer.revision, LONG)
    assert not stays(answer)


def test_an_answer_to_a_story_that_wants_none_has_its_time_when_it_does(
    answer: Publication, writer: Owner, age: Age, member_client: Client
) -> None:
    set_replies(answer.parent_id, wanted=False, owner=writer)
    assert NO_ANSWERS in page(member_client, address(answer.revision))
    age(answer.revision, LONG)
    assert stays(answer)
    set_replies(answer.parent_id, wanted=True, owner=writer)
    assert stays(answer)


@pytest.mark.parametrize("replaced", [False, True])
def test_the_database_takes_no_other_month(replaced: bool, owner: Owner) -> None:
    live, before = make.published(owner), months_after(this_month(), -1)
    reported(live)
    Suppression(contribution_id=live.pk, revision_id=live.revision_id, ground="kind").save(force_insert=True)
    ground = Suppression.REPLACED if replaced else "kind"

    def change(month: date) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('fernway.replaced', %s, true)", [str(live.pk)])
            cursor.execute("UPDATE stories_suppression SET ground = %s, month = %s", [ground, month])

    with pytest.raises(DatabaseError, match="since this month"):
        change(before)
    change(this_month())


def test_the_database_hides_nothing_since_an_earlier_month(owner: Owner) -> None:
    live = make.published(owner)
    reported(live)
    hidden = Suppression(contribution_id=live.pk, revision_id=live.revision_id, ground="kind")
    hidden.month = months_after(this_month(), -1)
    with pytest.raises(DatabaseError, match="since this month"):
        hidden.save(force_insert=True)
