from __future__ import annotations

import io
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection

from accounts.actions import confirm_codes, sign_up
from accounts.models import Role
from community.actions import count_people, housekeeping
from community.models import Counter, counts
from stories.actions import remember_newest_key, withdraw
from stories.models import Outcome
from tests import make


def numbers() -> tuple[int, int, int]:
    found = counts()
    return found["members"], found["stories"], found["shared"]


def moves() -> int:
    return Counter.objects.filter(name="shared_moves").values_list("value", flat=True).first() or 0


def test_nothing_counted_is_nought(db: None, django_assert_num_queries: Any) -> None:
    Counter.objects.all().delete()
    with django_assert_num_queries(1):
        assert counts() == {"members": 0, "shared": 0, "stories": 0}


def test_a_member_counts_when_the_codes_are_confirmed(db: None) -> None:
    user, codes = sign_up("calm-lantern-31", password=make.PASSWORD)
    assert numbers()[0] == 0
    confirm_codes(user, code=codes[0])
    assert numbers()[0] == 1
    confirm_codes(user, code=codes[1])
    assert numbers()[0] == 1


def test_who_works_here_is_no_member(db: None) -> None:
    make.moderator()
    make.member(role=Role.EDITOR)
    assert numbers()[0] == 0


def test_a_member_who_starts_to_work_here_or_goes_counts_no_more(db: None) -> None:
    staying, going = make.member(), make.member()
    assert numbers()[0] == 2
    staying.role = Role.MODERATOR
    staying.save()
    assert numbers()[0] == 1
    going.delete()
    assert numbers()[0] == 0


@pytest.mark.parametrize("outcome", [Outcome.REFUSE, Outcome.ASK_CHANGES])
def test_a_story_counts_only_when_it_is_published(db: None, outcome: Outcome) -> None:
    make.draft()
    make.decided(make.waiting(), outcome)
    waiting = make.waiting()
    assert numbers()[1] == 0
    make.decided(waiting, Outcome.APPROVE)
    assert (numbers()[1], moves()) == (1, 1)


def test_a_withdrawn_story_counts_no_more(db: None) -> None:
    owner = make.owner()
    story = make.published(owner)
    make.published()
    withdraw(story.pk, owner=owner)
    assert (numbers()[1], moves()) == (1, 3)


def test_a_new_version_counts_nothing(db: None) -> None:
    owner = make.owner()
    story = make.published(owner)
    make.published(owner, contribution=story.pk, title="A second look")
    assert (numbers()[1], moves()) == (1, 1)


def test_a_hidden_story_counts_no_more_until_it_is_back(db: None) -> None:
    story = make.published()
    make.hide(story.contribution)
    assert numbers()[1] == 0
    make.show(story.contribution)
    assert numbers()[1] == 1


def test_withdrawing_a_hidden_story_counts_once(db: None) -> None:
    owner = make.owner()
    story = make.published(owner)
    make.published()
    make.hide(story.contribution)
    withdraw(story.pk, owner=owner)
    assert numbers()[1] == 1


def test_examples_count_nowhere(db: None) -> None:
    owner = make.owner()
    example = make.published(owner, example=True)
    count_people()
    assert (numbers(), moves()) == ((0, 0, 0), 0)
    withdraw(example.pk, owner=owner)
    assert numbers() == (0, 0, 0)


def test_people_are_counted_once_each(db: None) -> None:
    one, other = make.owner(make.member()), make.owner()
    for owner in (one, one, one, other):
        make.published(owner)
    make.published(example=True)
    make.waiting()
    make.hide(make.published().contribution)
    count_people()
    assert (counts()["shared"], moves()) == (2, 0)


def test_a_withdrawal_moves_the_number_of_people(db: None) -> None:
    owner = make.owner()
    story = make.published(owner)
    make.published()
    count_people()
    withdraw(story.pk, owner=owner)
    count_people()
    assert counts()["shared"] == 1


def test_people_are_counted_only_when_enough_has_moved(db: None, settings: Any) -> None:
    settings.PERSON_COUNT_STEP = 5
    for _number in range(4):
        make.published()
    count_people()
    assert (counts()["shared"], moves()) == (0, 4)
    make.published()
    count_people()
    assert (counts()["shared"], moves()) == (5, 0)


def test_counting_people_asks_for_no_more_than_the_pace_when_nothing_moved(
    db: None, django_assert_num_queries: Any
) -> None:
    make.published()
    count_people()
    with django_assert_num_queries(1):
        count_people()


def test_a_wrong_key_leaves_the_number_alone(db: None, settings: Any, log: io.StringIO) -> None:
    make.published()
    count_people()
    make.published()
    settings.OWNERSHIP_KEYS = [secrets.token_bytes(32)]
    count_people()
    assert (counts()["shared"], moves()) == (1, 1)
    assert len(log.getvalue().splitlines()) == 1
    assert "people were not counted" in log.getvalue()


def test_people_are_the_same_after_a_change_of_key(db: None, settings: Any) -> None:
    owner = make.owner()
    make.published(owner)
    settings.OWNERSHIP_KEYS = [secrets.token_bytes(32), *settings.OWNERSHIP_KEYS]
    remember_newest_key()
    make.published(owner)
    count_people()
    assert counts()["shared"] == 1


def at_once(*acts: Callable[[], object]) -> None:
    """Run acts at the same moment, each on a connection of its own."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(run, act) for act in acts]:
            done.result()


def test_publishing_at_once_loses_no_story(transactional_db: None, key_known: None) -> None:
    waiting = [make.waiting() for _number in range(8)]
    at_once(*(lambda one=one: make.decided(one, Outcome.APPROVE) for one in waiting))
    assert (counts()["stories"], moves()) == (8, 8)


def test_two_workers_count_the_same_moves_once(transactional_db: None, key_known: None) -> None:
    for _number in range(6):
        make.published()
    at_once(*[count_people] * 4)
    assert (counts()["shared"], moves()) == (6, 0)


def test_moves_made_while_people_were_counted_are_kept_for_the_next_time(db: None) -> None:
    for _number in range(6):
        make.published()
    housekeeping._write_people(3, counted_moves=4)
    assert (counts()["shared"], moves()) == (3, 2)
    housekeeping._write_people(9, counted_moves=4)  # another worker, which counted the same moves
    assert (counts()["shared"], moves()) == (3, 2)


def test_a_count_is_told_once_a_transaction_and_only_when_it_commits(
    transactional_db: None, key_known: None, web_connection: psycopg.Connection[Any]
) -> None:
    web_connection.execute("LISTEN counts")
    make.published()
    assert len(list(web_connection.notifies(timeout=0.5))) == 1
    make.waiting()
    assert list(web_connection.notifies(timeout=0.3)) == []
