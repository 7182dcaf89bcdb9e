"""Reports that hide a text by themselves, what holds them back, and that only a decision shows it again."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

import content
from moderation.actions import claim, hide, report, too_many_hidden
from moderation.models import Case, Cause, Decision
from stories.models import A_MEMBER, Outcome, Publication, Suppression
from stories.owners import Owner
from stories.refusals import Refused
from tests import make
from tests.moderation import two
from tests.moderation.desk import now, state

pytestmark = pytest.mark.django_db
GRAVE = sorted(rule.code for rule in content.load("en").rules if rule.grave)
LIGHT = sorted(rule.code for rule in content.load("en").rules if not rule.grave)


@pytest.fixture
def story() -> Publication:
    return make.published()


def tell(story: Publication, *rules: str, by: Owner | None = None) -> bool:
    """Report a text, and say whether it is hidden then."""
    report(story, rules=rules, text="", owner=by or make.owner())
    return not Publication.objects.readable_by(A_MEMBER).filter(pk=story.pk).exists()


def test_grave_reason_hides_at_the_word_of_one_member(story: Publication) -> None:
    assert tell(story, GRAVE[0], by=make.owner(make.member()))
    hidden = Suppression.objects.get()
    assert (hidden.revision_id, hidden.ground, hidden.moderator) == (story.revision_id, GRAVE[0], None)
    case = Case.objects.reported().get()
    assert (case.revision_id, case.priority) == (story.revision_id, 2)


def test_grave_reasons_hide_at_the_word_of_two_visitors(story: Publication) -> None:
    assert [tell(story, GRAVE[0]), tell(story, GRAVE[1])] == [False, True]


def test_one_visitor_twice_is_one(story: Publication) -> None:
    visitor = make.owner()
    assert [tell(story, GRAVE[0], by=visitor) for _ in range(3)] == [False] * 3


def test_other_reasons_hide_at_so_many_points(story: Publication, settings: Any) -> None:
    settings.HIDE_AT = 5
    members = [make.owner(make.member()) for _ in range(2)]
    assert [tell(story, LIGHT[0], by=one) for one in members] == [False, False]
    assert tell(story, LIGHT[0], LIGHT[1])
    assert Suppression.objects.get().ground == LIGHT[0]
    assert Case.objects.reported().get().priority == 1


def test_nothing_hides_again_for_what_a_version_was_kept_for(story: Publication) -> None:
    tell(story, GRAVE[0], by=make.owner(make.member()))
    two.decides(Case.objects.reported().get(), Outcome.KEEP, two.people(1)[0])
    assert Decision.objects.get(outcome=Outcome.KEEP).rules == [GRAVE[0]]
    assert not tell(story, GRAVE[0], by=make.owner(make.member()))
    assert not tell(story, GRAVE[0], by=make.owner(make.member()))
    assert Case.objects.reported().count() == 1, "it is looked at again all the same"
    assert tell(story, GRAVE[1], by=make.owner(make.member()))


def test_first_of_two_who_would_keep_it_settles_nothing(story: Publication) -> None:
    tell(story, GRAVE[0])
    first, second, third = two.people(3)
    case = Case.objects.reported().get()
    two.decides(case, Outcome.KEEP, first, second=True)
    assert tell(story, GRAVE[0])
    for one in (second, third):  # of whom both read the second report
        two.decides(case, Outcome.KEEP, one)
    assert not Suppression.objects.exists()


def test_new_version_is_kept_for_nothing() -> None:
    owner = make.owner()
    first = make.published(owner)
    tell(first, GRAVE[0], by=make.owner(make.member()))
    two.decides(Case.objects.reported().get(), Outcome.KEEP, two.people(1)[0])
    second = make.published(owner, contribution=first.pk, text=f"{make.TEXT} Her number is on the door.")
    assert tell(second, GRAVE[0], by=make.owner(make.member()))


def test_an_approved_edit_shows_a_hidden_text_again() -> None:
    owner = make.owner()
    live = make.published(owner)
    make.hide(live)
    edit = make.waiting(owner, contribution=live.pk, text=f"{make.TEXT} More.")
    make.decided(edit, Outcome.APPROVE)
    assert Publication.objects.readable_by(A_MEMBER).get(pk=live.pk).revision_id == edit.pk
    assert Case.objects.get(cause=Cause.REPORT).closing == "moot"


def test_above_so_many_an_hour_reports_only_open_cases(settings: Any) -> None:
    settings.HIDES_AN_HOUR = 2
    stories = [make.published() for _ in range(4)]
    assert not too_many_hidden()
    hidden = [tell(one, GRAVE[0], by=make.owner(make.member())) for one in stories]
    assert hidden == [True, True, False, False]
    assert too_many_hidden()
    assert Case.objects.reported().count() == 4
    two.decides(two.open_case(stories[0].revision), Outcome.KEEP, two.people(1)[0])
    assert not too_many_hidden(), "what was decided counts no more"


@pytest.mark.django_db(transaction=True)
def test_the_hour_of_hiding_counts_whenever_its_case_was_opened(
    settings: Any, owner_connection: psycopg.Connection[Any]
) -> None:
    def an_hour_ago(column: str) -> None:
        with owner_connection.transaction():
            owner_connection.execute("ALTER TABLE moderation_case DISABLE TRIGGER USER")
            owner_connection.execute(f"UPDATE moderation_case SET {column} = {column} - interval '1 hour'")
            owner_connection.execute("ALTER TABLE moderation_case ENABLE TRIGGER USER")

    settings.HIDES_AN_HOUR = 2
    stories = [make.published() for _ in range(3)]
    assert [tell(one, GRAVE[0]) for one in stories] == [False] * 3
    an_hour_ago("opened_hour")
    assert [tell(one, GRAVE[0]) for one in stories] == [True, True, False]
    assert too_many_hidden()
    an_hour_ago("hidden_hour")
    assert not too_many_hidden()
    case = two.open_case(stories[0].revision)
    two.decides(case, Outcome.KEEP, two.people(1)[0])
    assert now(case).hidden_hour is None


def test_hidden_text_is_not_reported_again(story: Publication) -> None:
    tell(story, GRAVE[0], by=make.owner(make.member()))
    with pytest.raises(Refused):
        tell(story, GRAVE[0])


def test_moderator_hides_what_they_hold_while_they_decide(story: Publication) -> None:
    tell(story, LIGHT[0])
    (moderator,) = two.people(1)
    case = claim(Case.objects.reported().get().pk, moderator=moderator)
    assert case.lease_token is not None
    for _ in range(2):
        hide(case.pk, ground=LIGHT[0], token=case.lease_token, moderator=moderator)
    assert Suppression.objects.get().moderator == moderator.pk
    two.decides(case, Outcome.REMOVE, moderator)
    assert (state(case), Publication.objects.exists(), Suppression.objects.exists()) == ("removed", False, False)
    assert now(case).closing == "decided"


def test_replies_that_wait_are_given_back_when_their_story_is_taken_down(story: Publication) -> None:
    reply = make.reply(story)
    tell(story, LIGHT[0])
    two.decides(Case.objects.reported().get(), Outcome.REMOVE, two.people(1)[0])
    assert Case.objects.get(revision=reply).closing == "moot"
