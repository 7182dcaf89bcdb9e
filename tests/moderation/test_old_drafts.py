"""A draft is kept until the end of the second month after its last change, and its owner is told until when."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import User
from moderation.actions.keeping import forget_texts
from stories.actions import accept, decline, discard_draft, save_draft, submit, take_back
from stories.actions.forgetting import _discard as discard_old
from stories.lifecycle import State
from stories.models import Contribution, Outcome, Revision, this_month
from stories.own_texts import standing_of
from stories.owners import Owner
from stories.pause import answer_until, check_pause, kept_until, months_after, paused_until
from stories.refusals import Refused
from tests import make
from tests.moderation.conftest import Age
from tests.stories.answering import address, page, proposal, reported

pytestmark = pytest.mark.django_db


def there(revision: Revision) -> bool:
    return Revision.objects.filter(pk=revision.pk).exists()


def listed_until(revision: Revision, by: Owner) -> date | None:
    standing = standing_of(by, revision.contribution_id)
    assert standing is not None
    return standing.kept_until


def test_a_draft_goes_two_months_after_its_last_change_and_no_sooner(age: Age) -> None:
    draft, answer = make.draft(), make.draft(make.owner(), reply_to=make.published().pk, title="", text=make.REPLY)
    for one in (draft, answer):
        age(one, 2)
    forget_texts()
    assert (there(draft), there(answer)) == (True, True)
    for one in (draft, answer):
        age(one, 3)
    forget_texts()
    assert not Contribution.objects.filter(pk__in=[draft.contribution_id, answer.contribution_id]).exists()


def test_a_change_keeps_it_for_longer(age: Age) -> None:
    by = make.owner()
    draft = make.draft(by)
    age(draft, 2)
    save_draft(draft.contribution_id, {"title": "Later"}, owner=by)
    forget_texts()
    assert Revision.objects.get(pk=draft.pk).month == this_month()
    assert there(draft)


@pytest.mark.parametrize("kind", ["published", "waiting once"])
def test_the_draft_of_a_text_that_was_sent_goes_alone(kind: str, age: Age) -> None:
    by = make.owner()
    if kind == "published":
        text = make.published(by).revision
    else:
        text = make.waiting(by)
        take_back(text.contribution_id, owner=by)
    if kind == "published":
        make.draft(by, contribution=text.contribution_id)
    draft = Revision.objects.in_state(State.DRAFT).get(contribution=text.contribution_id)
    before = Revision.objects.get(pk=text.pk)
    age(draft, 3)
    forget_texts()
    after = Revision.objects.get(pk=text.pk)
    assert not there(draft)
    assert (after.state, after.text) == (before.state, before.text)


def test_what_waits_or_is_public_is_no_draft(age: Age) -> None:
    texts = [make.waiting(), make.published().revision]
    for text in texts:
        age(text, 30)
    forget_texts()
    assert all(there(text) for text in texts)


def test_the_last_day_is_that_of_the_month_after() -> None:
    assert kept_until(Revision(month=date(2026, 3, 1))) == date(2026, 5, 31)
    assert kept_until(Revision(month=date(2026, 12, 1))) == date(2027, 2, 28)


@pytest.mark.parametrize("where", ["/stories/new/", "/stories/mine/", "/stories/status/{}/"])
def test_every_page_with_a_draft_says_until_when(where: str, member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member))
    last = kept_until(draft)
    page = member_client.get(where.format(draft.contribution_id)).content.decode()
    assert f"Kept until {date_format(last)}, and longer when you change it." in page
    assert last < months_after(this_month(), 3)


def test_who_may_send_nothing_finds_what_they_wanted_to_send_on_the_day_they_were_told(age: Age) -> None:
    by = make.owner()
    for _ in range(2):
        make.decided(make.waiting(by), Outcome.REFUSE, rules=("kind",))
    draft = make.draft(by)
    age(draft, 2)
    with pytest.raises(Refused):
        submit(draft.contribution_id, owner=by)
    until = paused_until(by)
    assert until is not None
    with time_machine.travel(until, tick=False):
        check_pause(by)
        forget_texts()
        assert there(draft)
        assert listed_until(draft, by) == months_after(until, 1) - date.resolution


def test_a_draft_that_came_too_early_is_kept_as_if_it_were_changed(age: Age, settings: Any) -> None:
    settings.OWNER_WAITING_CAP = 1
    by, other = make.owner(), make.draft()
    make.waiting(by)
    draft = make.draft(by)
    for one in (draft, other):
        age(one, 2)
    for one in (draft, other):
        with pytest.raises(Refused):
            submit(one.contribution_id, owner=by)
    assert Revision.objects.get(pk=draft.pk).month == this_month()
    assert Revision.objects.get(pk=other.pk).month < this_month(), "nobody else keeps it"


@pytest.mark.parametrize("answer", ["yes", "no", "none"])
def test_a_change_begun_before_a_proposal_waits_for_the_answer_and_has_its_time_after_it(answer: str, age: Age) -> None:
    by = make.owner()
    live = make.published(by)
    draft = make.draft(by, contribution=live.contribution_id, title="Begun before")
    proposed = proposal(reported(live), f"{make.TEXT} Otherwise.")
    age(draft, 6)
    age(proposed, 5)
    forget_texts()
    assert there(draft), "it cannot be changed, so it cannot be too old"
    if answer == "yes":
        accept(live.contribution_id, proposal=proposed.pk, owner=by)
    elif answer == "no":
        decline(live.contribution_id, proposal=proposed.pk, owner=by, own_words=True, why="I meant it.")
    else:
        age(proposed, 7)
        age(draft, 7)
    forget_texts()
    assert Revision.objects.get(pk=draft.pk).title == "Begun before"
    assert listed_until(draft, by) == months_after(this_month(), 3) - date.resolution
    age(draft, 3)
    forget_texts()
    assert not there(draft)


def test_an_answer_and_what_it_answers_end_together_on_the_day_the_page_names(
    age: Age, member: User, member_client: Client
) -> None:
    by = make.owner(member)
    text = make.waiting(by)
    make.decided(text, Outcome.ASK_CHANGES)
    draft = make.draft(by, contribution=text.contribution_id, title="My answer")
    age(text, 8)
    age(draft, 3)
    forget_texts()
    text.refresh_from_db()
    draft.refresh_from_db()
    assert text.state == State.CHANGES_ASKED
    told = f"until {date_format(answer_until(draft))}. If you do not, it ends then, and cannot be sent again."
    assert told in page(member_client, address(text))
    assert f"Kept until {date_format(answer_until(draft))}," in page(member_client, reverse("stories:mine"))
    age(draft, 7)
    forget_texts()
    states = [Revision.objects.get(pk=one.pk).state for one in (text, draft)]
    assert states == [State.WITHDRAWN, State.DISCARDED]


def test_a_draft_that_somebody_holds_keeps_no_other_text(age: Age, owner_connection: psycopg.Connection[Any]) -> None:
    drafts = sorted((make.draft() for _ in range(3)), key=lambda one: one.contribution_id)
    late, over = make.waiting(), make.waiting(by := make.owner())
    make.decided(late, Outcome.ASK_CHANGES)
    take_back(over.contribution_id, owner=by)
    for one, months in [*((draft, 3) for draft in drafts), (late, 7), (over, 2)]:
        age(one, months)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    held = "SELECT 1 FROM stories_contribution WHERE id = %s FOR UPDATE"
    with owner_connection.transaction():
        owner_connection.execute(held, [drafts[0].contribution_id])
        with pytest.raises(ExceptionGroup) as told:
            forget_texts()
    assert [type(error) for error in told.value.exceptions] == [OperationalError]
    assert [there(one) for one in drafts] == [True, False, False]
    assert Revision.objects.get(pk=late.pk).state == State.WITHDRAWN
    assert Revision.objects.get(pk=over.pk).text == ""
    forget_texts()
    assert not there(drafts[0])


def test_a_draft_that_its_owner_throws_away_meanwhile_is_gone_and_no_error() -> None:
    by = make.owner()
    draft = make.draft(by)
    discard_draft(draft.contribution_id, owner=by)
    assert not discard_old(draft.contribution_id)
