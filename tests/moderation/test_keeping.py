"""Words go when their time is over, no day sooner, and the record stays valid without them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from moderation.actions import claim, escalate, leave_word, reopen
from moderation.actions.keeping import forget_texts
from moderation.checking import verify
from moderation.models import Case, Note, Report, Skip
from stories.actions import appeal, save_draft, take_back, withdraw
from stories.actions.forgetting import _end as end_late
from stories.lifecycle import State
from stories.models import EMPTIED, Appeal, Contribution, Message, Outcome, Revision, Statement, this_month
from tests import make
from tests.moderation.conftest import Age

Owner = psycopg.Connection[Any]
EMPTY = "'00000000-0000-0000-0000-000000000000'"
EMPTYING = (
    f"UPDATE stories_revision SET salt = {EMPTY}, title = '', text = '', role = '', warnings = '{{}}', "
    "consents = '{}', answers = '{}', treatments = '[]', signals = '{}', hope = false, why = ''"
)


def withdrawn() -> Revision:
    by = make.owner()
    live = make.published(by)
    withdraw(live.contribution_id, owner=by)
    return live.revision


def taken_back() -> Revision:
    by = make.owner()
    text = make.waiting(by)
    take_back(text.contribution_id, owner=by)
    return text


def superseded() -> Revision:
    by = make.owner()
    live = make.published(by)
    make.decided(make.waiting(by, contribution=live.contribution_id), Outcome.APPROVE)
    return live.revision


def discarded() -> Revision:
    by = make.owner()
    live = make.published(by)
    text = make.draft(by, contribution=live.contribution_id)
    withdraw(live.contribution_id, owner=by)
    return text


def refused() -> Revision:
    text = make.waiting()
    make.decided(text, Outcome.REFUSE)
    return text


def removed() -> Revision:
    live = make.published()
    make.hide(live)
    make.decided(live.revision, Outcome.REMOVE)
    return live.revision


KEPT = [(withdrawn, 2), (taken_back, 2), (superseded, 2), (discarded, 2), (refused, 7), (removed, 7)]


def now(revision: Revision) -> Revision:
    return Revision.objects.get(pk=revision.pk)


@pytest.mark.parametrize(("made", "months"), KEPT, ids=[made.__name__ for made, _months in KEPT])
def test_words_go_when_their_time_is_over_and_no_sooner(age: Age, made: Callable[[], Revision], months: int) -> None:
    text = made()
    before = now(text)
    age(text, months - 1)
    assert forget_texts() == 0
    assert now(text).text == before.text
    age(text, months)
    assert forget_texts() == 1
    gone = now(text)
    assert (gone.salt, gone.title, gone.text, gone.answers, gone.treatments) == (EMPTIED, "", "", {}, [])
    assert (gone.state, gone.number, gone.contribution_id) == (before.state, before.number, before.contribution_id)
    assert verify().sign is None
    assert forget_texts() == 0


@pytest.mark.parametrize(("made", "months"), KEPT)
def test_the_database_refuses_to_forget_sooner_or_other_than_that(
    age: Age, web_connection: Owner, made: Callable[[], Revision], months: int
) -> None:
    text = made()
    which = f" WHERE id = '{text.pk}'"
    age(text, months - 1)
    with pytest.raises(psycopg.errors.CheckViolation):
        web_connection.execute(EMPTYING + which)
    age(text, months)
    others = [
        EMPTYING.replace("text = ''", "text = 'other'"),
        EMPTYING.replace(", title = ''", ""),
        EMPTYING.replace("hope = false", "hope = true"),
        EMPTYING.replace("hope = false", "hope = false, number = 99"),
        EMPTYING.replace("hope = false", "hope = false, state = 'approved'"),
        EMPTYING.replace(EMPTY, f"'{uuid.uuid4()}'"),
        "UPDATE stories_revision SET text = ''",
        f"UPDATE stories_revision SET salt = {EMPTY}",
    ]
    for statement in others:
        with pytest.raises(psycopg.errors.CheckViolation):
            web_connection.execute(statement + which)
    web_connection.execute(EMPTYING + which)
    for statement in ("UPDATE stories_revision SET text = 'back'", "UPDATE stories_revision SET state = 'approved'"):
        with pytest.raises(psycopg.errors.CheckViolation):
            web_connection.execute(statement + which)


@pytest.mark.parametrize("made", [make.waiting, lambda: make.published().revision, make.draft])
def test_what_is_alive_is_never_emptied(age: Age, web_connection: Owner, made: Callable[[], Revision]) -> None:
    text = made()
    age(text, 30)
    with pytest.raises(psycopg.errors.CheckViolation):
        web_connection.execute(f"{EMPTYING} WHERE id = '{text.pk}'")
    forget_texts()
    assert not Revision.objects.emptied().exists()


def test_no_revision_begins_without_a_salt(db: None) -> None:
    text = make.draft()
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision(contribution=text.contribution, number=2, salt=EMPTIED).save(force_insert=True)


def test_letters_appeals_notes_and_reports_go_with_the_words(age: Age, web_connection: Owner) -> None:
    by = make.owner()
    live = make.published(by)
    make.hide(live)
    lead, other = make.moderator(), make.moderator()
    held = claim(Case.objects.get(revision=live.revision, closing="").pk, moderator=lead)
    assert held.lease_token
    leave_word(held.pk, text="Somebody is there now.", token=held.lease_token, moderator=lead)
    escalate(held.pk, token=held.lease_token, moderator=lead, note="Please look at this too.")
    for reviewer in (other, make.moderator()):
        make.decided(live.revision, Outcome.REMOVE, reviewer=reviewer)
    appeal(live.contribution_id, text="I read the rule again.", owner=by)
    age(live.revision, 7)
    assert Skip.objects.exists()
    assert forget_texts() == 0, "an open appeal keeps the words"
    make.decided(live.revision, Outcome.UPHOLD)
    assert forget_texts() == 0, "the answer is there to be read"
    with pytest.raises(psycopg.errors.CheckViolation):
        web_connection.execute(f"{EMPTYING} WHERE id = '{live.revision_id}'")
    age(live.revision, 7)
    beside = (Note, Report, Appeal, Message)
    assert [kind.objects.count() for kind in beside] == [1, 1, 1, 1]
    assert not Skip.objects.exists(), "who passed on it is forgotten when it is closed"
    assert forget_texts() == 1
    assert [kind.objects.count() for kind in beside] == [0, 0, 0, 0]
    assert not Statement.objects.filter(revision=live.revision).exists()
    assert verify().sign is None


def test_a_letter_about_words_that_stay_is_not_deleted(db: None) -> None:
    refused()
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.all().delete()


def test_words_with_an_open_case_stay_even_by_hand(age: Age, web_connection: Owner) -> None:
    by = make.owner()
    text = make.waiting(by)
    make.decided(text, Outcome.REFUSE)
    appeal(text.contribution_id, text="I read the rule again.", owner=by)
    age(text, 7)
    with pytest.raises(psycopg.errors.CheckViolation, match="somebody is to judge"):
        web_connection.execute(f"{EMPTYING} WHERE id = '{text.pk}'")


def test_what_was_emptied_is_not_judged_anew(age: Age) -> None:
    text = refused()
    age(text, 7)
    forget_texts()
    assert reopen(text.pk, lead=make.moderator()) is None


def test_an_owner_is_not_shown_a_text_without_words(age: Age, member: User) -> None:
    by = make.owner(member)
    text = make.waiting(by)
    make.decided(text, Outcome.REFUSE)
    browser, status = make.client_of(member), f"/stories/status/{text.contribution_id}/"
    assert browser.get(status).status_code == 200
    age(text, 7)
    forget_texts()
    assert browser.get(status).status_code == 404
    assert str(text.contribution_id) not in browser.get("/stories/mine/").content.decode()


def asked(by: Any, **changes: Any) -> Revision:
    text = make.waiting(by, **changes)
    make.decided(text, Outcome.ASK_CHANGES)
    return text


def test_a_request_for_a_change_that_nobody_answers_ends(age: Age) -> None:
    text = asked(make.owner())
    age(text, 6)
    forget_texts()
    assert now(text).state == State.CHANGES_ASKED
    age(text, 7)
    forget_texts()
    assert (now(text).state, now(text).month) == (State.WITHDRAWN, this_month())
    assert now(text).text != "", "withdrawn words are kept until the end of the next month"


def test_an_unanswered_change_ends_and_the_live_text_stays(age: Age) -> None:
    by = make.owner()
    live = make.published(by)
    edit = asked(by, contribution=live.contribution_id)
    age(edit, 7)
    forget_texts()
    assert now(edit).state == State.SUPERSEDED
    assert now(live.revision).state == State.APPROVED
    make.decided(make.waiting(by, contribution=live.contribution_id), Outcome.APPROVE)


def test_a_late_change_does_not_end_the_appeal_about_what_was_taken_down(age: Age) -> None:
    by = make.owner()
    live = make.published(by)
    edit = asked(by, contribution=live.contribution_id)
    make.hide(live)
    make.decided(live.revision, Outcome.REMOVE)
    appeal(live.contribution_id, text="I read the rule again.", owner=by)
    age(edit, 7)
    forget_texts()
    assert (now(edit).state, now(live.revision).state) == (State.SUPERSEDED, State.REMOVED)
    assert Case.objects.filter(revision=live.revision, cause="appeal", closing="").exists()


def test_a_change_begun_while_the_job_runs_is_not_cut_off(age: Age) -> None:
    by = make.owner()
    text = asked(by)
    age(text, 7)
    save_draft(text.contribution_id, make.words(title="Another way"), owner=by)
    assert not end_late(text.contribution_id)
    assert now(text).state == State.CHANGES_ASKED


def test_who_is_writing_the_change_is_not_cut_off(age: Age) -> None:
    by = make.owner()
    text = asked(by)
    save_draft(text.contribution_id, make.words(title="Another way"), owner=by)
    age(text, 7)
    forget_texts()
    assert now(text).state == State.CHANGES_ASKED
    assert Contribution.objects.get(pk=text.contribution_id).revisions.filter(state=State.DRAFT).exists()
