"""Which tables a request writes: one that writes a text writes nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest

from stories.models import Contribution, Outcome, Revision
from stories.noticed import notice
from stories.owners import Owner
from stories.words import Words
from tests import make
from tests.stories.page import form
from tests.stories.writing import BY_STEP, STEPS, TYPED, at_step, look, open_form, send
from tests.stories.written import (
    DRAFT,
    LIVE,
    NEW_TEXT,
    OF_A_TEXT,
    SESSIONS,
    WAITING,
    Somebody,
    kind,
    of,
    recorded,
    somebody,
)

__all__ = ["kind", "somebody"]
pytestmark = pytest.mark.django_db


def test_writing_writes_the_text_alone(somebody: Somebody) -> None:
    assert somebody.press(lambda: open_form(somebody.client), **TYPED) == NEW_TEXT


def test_writing_on_writes_the_draft_alone(somebody: Somebody) -> None:
    open_form(somebody.client).post(somebody.client, **TYPED)
    pk = Contribution.objects.get().pk
    for step in STEPS:
        assert somebody.press(lambda step=step: at_step(somebody.client, pk, step), **BY_STEP[step]) == DRAFT


def test_page_that_keeps_by_itself_writes_the_text_alone(kind: str) -> None:
    somebody = Somebody(kind, "old", None)
    page, alone = open_form(somebody.client), {"by-itself": "1"}
    answer, tables = recorded(lambda: page.post(somebody.client, **TYPED, **alone))
    assert (answer.status_code, tables) == (204, NEW_TEXT)
    story = at_step(somebody.client, Contribution.objects.get().pk, "story")
    answer, tables = recorded(lambda: story.post(somebody.client, text=TYPED["text"] * 2, **alone))
    assert (answer.status_code, tables) == (204, DRAFT)


def test_closing_a_story_to_answers_writes_the_text_alone(somebody: Somebody) -> None:
    open_form(somebody.client).post(somebody.client, **TYPED)
    pk = Contribution.objects.get().pk
    assert somebody.press(lambda: at_step(somebody.client, pk, "sharing"), replies=None) == NEW_TEXT


def test_fixing_a_passage_writes_the_draft_alone(somebody: Somebody) -> None:
    look(somebody.client, text=f"{TYPED['text']} Write to quiet.fern@example.org.")
    (found,) = notice(Words.of(Revision.objects.get()))
    page = lambda: form(somebody.client.get(of("preview")), "/fix/")  # noqa: E731
    assert somebody.press(page, fix=found.address) == DRAFT


def test_sending_writes_the_text_and_its_case_alone(somebody: Somebody) -> None:
    look(somebody.client)
    assert somebody.press(lambda: form(somebody.client.get(of("preview")), "/")) == WAITING


def test_taking_back_writes_the_text_and_its_case_alone(somebody: Somebody) -> None:
    send(somebody.client)
    page = lambda: form(somebody.client.get(of("status")), "/take-back/")  # noqa: E731
    assert somebody.press(page) == WAITING


def test_withdrawing_writes_the_text_and_its_case_alone(somebody: Somebody) -> None:
    send(somebody.client)
    assert somebody.press(lambda: form(somebody.client.get(of("withdraw")), "/")) == WAITING


def test_withdrawing_what_is_public_moves_the_count_too(somebody: Somebody) -> None:
    send(somebody.client)
    make.decided(Revision.objects.get(), Outcome.APPROVE)
    assert somebody.press(lambda: form(somebody.client.get(of("withdraw")), "/")) == LIVE


def test_throwing_away_writes_the_text_alone(somebody: Somebody) -> None:
    open_form(somebody.client).post(somebody.client, **TYPED)
    assert somebody.press(lambda: form(somebody.client.get(of("status")), "/discard/")) == NEW_TEXT


def test_sessions_that_want_writing_are_met_in_these_tests(settings: Any) -> None:
    for session in SESSIONS[2:]:
        somebody = Somebody("member", session, settings)
        opened = open_form(somebody.client)
        somebody.something_happens()
        answer, tables = recorded(lambda opened=opened, by=somebody: opened.post(by.client, **TYPED))
        assert answer.status_code == 409
        assert "accounts_session" in tables
        assert not tables & OF_A_TEXT


@pytest.mark.parametrize(
    ("planted", "table"),
    [("session", "accounts_session"), ("account", "accounts_user"), ("limit", "accounts_limit")],
)
def test_write_beside_the_text_is_noticed(planted: str, table: str, settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"tests.stories.planted.{planted}"]
    somebody = Somebody("member", "fresh", settings)
    assert somebody.press(lambda: open_form(somebody.client), **TYPED) == NEW_TEXT | {table}


def test_sliding_sessions_are_noticed(settings: Any, kind: str) -> None:
    somebody = Somebody(kind, "fresh", settings)
    settings.SESSION_SAVE_EVERY_REQUEST = True
    tables = somebody.press(lambda: open_form(somebody.client), **TYPED)
    assert tables == NEW_TEXT | {"accounts_session"}


def test_what_a_session_wants_to_keep_waits_for_the_next_page(settings: Any, kind: str) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.stories.planted.wish"]
    somebody = Somebody(kind, "fresh", settings)
    assert somebody.press(lambda: open_form(somebody.client), **TYPED) == NEW_TEXT
    assert recorded(lambda: somebody.client.get(of("status")))[1] == {"accounts_session"}


def test_owner_of_what_was_written_is_the_one_who_wrote(somebody: Somebody) -> None:
    somebody.press(lambda: open_form(somebody.client), **TYPED)
    if somebody.user is None:
        owner = Owner.of_code(somebody.client.session["receipt"])
    else:
        owner = Owner.of_account(somebody.user)
    assert Contribution.objects.owned_by(owner).count() == 1
