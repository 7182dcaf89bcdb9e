"""Texts of one owner in different threads enter the queue apart: their order would tell that they have one author."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from moderation.board import board
from moderation.models import Case, Waited
from stories.actions import submit, texts
from stories.models import Contribution, Outcome, Revision, this_month
from stories.owners import Owner
from tests import make
from tests.moderation.desk import Desk, plain

SOON, LONG, MANY = timedelta(minutes=30), timedelta(hours=48), 8
KEPT = {"moderation_case": "revision_id", "moderation_decision": "revision_id", "moderation_entry": "revision"}
URGENT = f"{make.TEXT} I want to kill myself tonight."


@pytest.fixture(autouse=True)
def queue(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.QUEUE_WAIT_MINUTES, settings.QUEUE_APART_HOURS = 0, 48
    monkeypatch.setattr(texts, "LONG_FOR_NOTHING", 0)


def wait_of(revision: Revision) -> timedelta:
    return Case.objects.get(revision=revision, closing="").enters_at - timezone.now()


def told_beside(revision: Revision) -> list[str]:
    """Return what is kept of how a text was decided, without ids, digests and places in a row."""
    found = []
    for table, column in KEPT.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT (to_jsonb(t) - 'number')::text FROM {table} AS t WHERE {column} = %s ORDER BY 1",
                [revision.pk],
            )
            found += [re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\\\x[0-9a-f]+", "", row) for (row,) in cursor]
    return found


def changed(one: Revision, owner: Owner) -> Revision:
    """Answer to a change that was asked for, by who sent another text meanwhile."""
    make.waiting(owner)
    make.decided(one, Outcome.ASK_CHANGES)
    make.draft(owner, contribution=one.contribution_id, text=make.TEXT + " And later.")
    return submit(one.contribution_id, owner=owner)


def in_one_thread(owner: Owner) -> Revision:
    """Answer one's own story a second time."""
    story = Contribution.objects.get(pk=make.published(owner).pk)
    make.reply(story, owner)
    return make.reply(story, owner)


def after_a_decided_one(owner: Owner) -> Revision:
    """Send a story after an answer to somebody else's was decided."""
    make.published_reply(make.published(make.owner()), owner)
    return make.waiting(owner)


def beside_a_waiting_one(owner: Owner) -> Revision:
    """Send an answer to somebody else's story beside a story."""
    story = make.published(make.owner())
    make.waiting(owner)
    return make.reply(story, owner)


@pytest.mark.parametrize("sent", [after_a_decided_one, beside_a_waiting_one])
def test_a_second_text_of_an_owner_enters_a_random_long_time_later(db: None, sent: Callable[..., Revision]) -> None:
    waits = [wait_of(sent(make.owner())) for _ in range(MANY)]
    assert timedelta() < min(waits) < max(waits) <= LONG
    assert max(waits) > SOON
    assert len(set(waits)) == MANY
    drawn = Case.objects.order_by("enters_at").last()
    assert drawn is not None
    assert drawn.due_at == drawn.enters_at + timedelta(hours=72), "or a backlog would bring them together again"


@pytest.mark.parametrize(
    "sent",
    [
        make.waiting,
        in_one_thread,
        lambda owner: changed(make.waiting(owner), owner),
        lambda owner: [make.waiting(owner), make.waiting(owner, text=URGENT)][1],
        lambda owner: [make.draft(owner), make.waiting(owner)][1],
    ],
    ids=["the first", "in one thread", "after changes", "urgent", "beside a draft"],
)
def test_other_texts_enter_soon(db: None, sent: Callable[..., Revision]) -> None:
    assert max(wait_of(sent(make.owner())) for _ in range(MANY)) <= timedelta()


def test_who_sent_nothing_else_waits_for_long_at_times_too(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.QUEUE_WAIT_MINUTES = 30
    monkeypatch.setattr(texts, "LONG_FOR_NOTHING", 0.5)
    waits = [wait_of(make.waiting()) for _ in range(4 * MANY)]
    assert min(waits) <= SOON < max(waits) <= LONG


def test_moderators_see_how_long_a_text_is_in_the_queue(
    moderator: User, owner_connection: psycopg.Connection[Any]
) -> None:
    make.case()
    with owner_connection.transaction():
        owner_connection.execute("ALTER TABLE moderation_case DISABLE TRIGGER USER")
        owner_connection.execute("UPDATE moderation_case SET opened_hour = now() - interval '40 hours'")
        owner_connection.execute("ALTER TABLE moderation_case ENABLE TRIGGER USER")
    assert board(moderator).oldest == "less than an hour"
    desk = Desk(moderator)
    assert "Waiting for less than an hour" in plain(desk.open(desk.take_next()))


def test_what_was_decided_does_not_tell_how_long_it_waited(
    db: None, settings: Any, owner_connection: psycopg.Connection[Any]
) -> None:
    """A long wait is a sign that its owner sent another text: none is kept beside a text, in any table."""
    kept, reviewer = [], make.moderator(second_factor=False)
    for hours in (0, 40):
        revision = make.waiting()
        with owner_connection.transaction():
            owner_connection.execute("ALTER TABLE moderation_case DISABLE TRIGGER USER")
            owner_connection.execute(
                "UPDATE moderation_case SET opened_hour = opened_hour - %(long)s, due_at = due_at - %(short)s,"
                " enters_at = enters_at - %(short)s WHERE revision_id = %(text)s",
                {"long": timedelta(hours=hours), "short": timedelta(hours=hours / 20), "text": revision.pk},
            )
            owner_connection.execute("ALTER TABLE moderation_case ENABLE TRIGGER USER")
        make.decided(revision, Outcome.APPROVE, reviewer=reviewer)
        kept.append(told_beside(revision))
    assert kept[0] == kept[1]
    assert len(kept[0]) == 4, "the case, the decision, and two rows of the record"
    assert Waited.objects.of(this_month()) == [(0, 1), (40, 1)]
