"""A text is in one pair of hands: how long, and what who comes too late is told."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from accounts.models import User
from moderation.models import Case, Decision
from stories.actions import take_back, withdraw
from stories.owners import Owner
from tests import make
from tests.moderation.desk import Desk, address, now, plain, state

WRITTEN = {
    "rules": ["kind", "own"],
    "passages": "For a long time",
    "text": "A note <b>nobody</b> may lose.",
    "warnings": ["w4"],
    "note": "For colleagues only.",
    "message": "You are heard.",
    "words.title": "A title in general words",
}
BOXES = ["A note <b>nobody</b> may lose.", "For colleagues only.", "You are heard.", "A title in general words"]
WORDS = ["Be kind, Tell your own part", "For a long time", "A relationship", *BOXES]
UNUSED = {"note", "message", "words.title"}


@pytest.fixture
def owner(db: None) -> Owner:
    return make.owner()


@pytest.fixture
def desk(moderator: User) -> Desk:
    return Desk(moderator)


@pytest.fixture
def case(desk: Desk, owner: Owner) -> Case:
    make.waiting(owner)
    return desk.take_next()


def run_out(connection: psycopg.Connection[Any], case: Case) -> None:
    """Move the end of a lease into the past."""
    connection.execute("UPDATE moderation_case SET lease_until = now() - interval '1 second' WHERE id = %s", [case.pk])


def until(case: Case) -> str:
    """Return the end of a lease as a browser knows it."""
    end = now(case).lease_until
    assert end is not None
    return end.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def minutes_left(case: Case) -> float:
    until = now(case).lease_until
    assert until is not None
    return (until - timezone.now()) / timedelta(minutes=1)


def test_next_gives_the_text_that_is_due_first_and_keeps_giving_it(desk: Desk) -> None:
    first, second = make.case(), make.case()
    assert desk.take_next().pk == min((first.due_at, first.pk), (second.due_at, second.pk))[1]
    held = desk.take_next()
    assert desk.take_next().pk == held.pk
    assert 14.9 < minutes_left(held) <= 15


def test_next_gives_nobody_what_somebody_holds(desk: Desk, case: Case) -> None:
    other = Desk()
    assert other.client.post("/moderation/next/").url == "/moderation/"
    assert "There is nothing to read just now" in plain(other.client.get("/moderation/").content)
    assert now(case).lease_by_id == desk.user.pk


def test_renewing_holds_for_another_quarter_of_an_hour(
    desk: Desk, case: Case, owner_connection: psycopg.Connection[Any]
) -> None:
    owner_connection.execute("UPDATE moderation_case SET lease_until = now() + interval '1 minute'")
    answer = desk.act(case, "renew")
    assert answer.status_code == 200
    assert answer.json() == {"until": until(case)}
    assert minutes_left(case) > 14.9


@pytest.mark.parametrize("what", ["renew", "release", "skip"])
@pytest.mark.parametrize("token", ["", "nonsense", "b6fd1a4e-6f0b-4c6f-8a51-0c1d2f3a4b5c"])
def test_another_token_moves_no_lease(desk: Desk, case: Case, what: str, token: str) -> None:
    answer = desk.act(case, what, token=token)
    assert answer.status_code == (409 if what == "renew" else 303)
    assert now(case).lease_token == case.lease_token
    assert minutes_left(case) > 14


@pytest.mark.parametrize("what", ["renew", "release", "skip"])
def test_somebody_elses_lease_is_not_moved(case: Case, what: str) -> None:
    answer = Desk().act(case, what)
    assert answer.status_code == (409 if what == "renew" else 303)
    assert now(case).lease_token == case.lease_token


def test_giving_back_frees_a_text_at_once(desk: Desk, case: Case) -> None:
    assert desk.act(case, "release").url == "/moderation/"
    assert now(case).lease_by is None
    assert "The text is back in the queue." in plain(desk.client.get("/moderation/").content)
    assert Desk().take_next().pk == case.pk


def test_leaving_the_page_frees_a_text_after_a_minute(desk: Desk, case: Case) -> None:
    assert desk.act(case, "release", leaving=until(case)).status_code == 204
    assert 0.9 < minutes_left(case) <= 1
    assert "For a long time" in desk.open(case), "a reload keeps it"
    assert desk.act(case, "renew").status_code == 200
    assert minutes_left(case) > 14


def test_leaving_a_page_does_not_take_the_text_from_the_next_page(desk: Desk, case: Case) -> None:
    """A reload may renew before the page that was left has told that it was left."""
    seen = until(case)
    time.sleep(0.01)
    desk.act(case, "renew")
    assert desk.act(case, "release", leaving=seen).status_code == 204
    assert minutes_left(case) > 14


def test_leaving_is_told_when_the_text_was_lost(desk: Desk, case: Case) -> None:
    assert Desk().act(case, "release", leaving=until(case)).status_code == 303
    assert minutes_left(case) > 14


def test_passing_on_gives_a_text_to_somebody_else_only(desk: Desk, case: Case) -> None:
    assert desk.act(case, "skip").url == "/moderation/"
    assert desk.client.post("/moderation/next/").url == "/moderation/"
    assert "1 text went from you to others" in plain(desk.client.get("/moderation/").content)
    assert Desk().take_next().pk == case.pk


def test_a_lease_that_ran_out_goes_to_whoever_asks(
    desk: Desk, case: Case, owner_connection: psycopg.Connection[Any]
) -> None:
    run_out(owner_connection, case)
    other = Desk()
    assert other.take_next().pk == case.pk
    assert desk.act(case, "renew").status_code == 409
    assert "Somebody else is reading this text now" in plain(desk.open(case))


def test_words_are_shown_under_a_lease_only(desk: Desk, case: Case, owner_connection: psycopg.Connection[Any]) -> None:
    title = case.revision.title
    assert title in desk.open(case)
    assert title not in Desk().open(case)
    run_out(owner_connection, case)
    assert title not in desk.open(case)
    assert "Nobody is reading this text now" in plain(desk.open(case))
    desk.client.post(address(case, "take"))
    desk.decide(now(case))
    page = desk.open(case)
    assert title not in page
    assert "You have decided about this text already" in plain(page)
    assert "Published" in plain(page)


def conflict(answer: Any, *said: str, title: str = "Your decision was not taken") -> str:
    """Return the page of a conflict, on which everything that was written stands."""
    page = plain(answer.content)
    assert answer.status_code == 409
    assert title in page
    for words in (*said, *WORDS):
        assert words in page
    return str(answer.content.decode())


def test_the_second_decision_is_told_what_the_first_was(
    desk: Desk, case: Case, owner_connection: psycopg.Connection[Any]
) -> None:
    run_out(owner_connection, case)
    other = Desk()
    other.decide(other.take_next(), warnings=["w7"])
    page = conflict(
        desk.decide(case, "refuse", **WRITTEN),
        "Somebody else has decided about this text",
        "Published",
        "Warnings added Shame from religion",
    )
    assert "/take/" not in page
    assert Decision.objects.get().moderator == other.user
    assert state(case) == "approved"


def test_a_second_decision_is_told_the_rules_of_the_first(
    desk: Desk, case: Case, owner_connection: psycopg.Connection[Any]
) -> None:
    run_out(owner_connection, case)
    other = Desk()
    other.decide(other.take_next(), "refuse", rules=["promote"], passages="For a long time")
    conflict(desk.decide(case, "ask_changes", **WRITTEN), "Not published", "No selling and no promises")
    assert state(case) == "refused"


def test_a_decision_after_taking_back_is_told_so(desk: Desk, case: Case, owner: Owner) -> None:
    take_back(case.revision.contribution_id, owner=owner)
    conflict(desk.decide(case, "refuse", **WRITTEN), "There is nothing to decide about this version any more")
    assert state(case) == "taken_back"


def test_a_decision_after_withdrawing_is_told_so(desk: Desk, case: Case, owner: Owner) -> None:
    withdraw(case.revision.contribution_id, owner=owner)
    page = conflict(desk.decide(case, "refuse", **WRITTEN), "There is nothing to decide about this version any more")
    assert case.revision.title not in page
    assert state(case) == "withdrawn"
    assert desk.act(case, "renew").json() == {"reason": "moot"}


def test_a_decision_on_a_text_that_others_read_is_told_so(
    desk: Desk, case: Case, owner_connection: psycopg.Connection[Any]
) -> None:
    run_out(owner_connection, case)
    Desk().take_next()
    page = conflict(desk.decide(case, "refuse", **WRITTEN), "Somebody else is reading this text now")
    assert "/take/" not in page
    assert not Decision.objects.exists()


def test_a_decision_with_mistakes_too_late_loses_nothing(
    desk: Desk, case: Case, owner_connection: psycopg.Connection[Any]
) -> None:
    run_out(owner_connection, case)
    conflict(desk.decide(case, "refuse", **WRITTEN | {"passages": "For a long time\nnot there"}), "not there")


def test_after_time_ran_out_a_text_is_taken_again_with_all_that_was_written(
    desk: Desk, case: Case, owner_connection: psycopg.Connection[Any]
) -> None:
    run_out(owner_connection, case)
    page = conflict(desk.decide(case, "refuse", **WRITTEN), "Your time with this text ran out")
    form = page.split("/take/")[1].split("</form>")[0]
    assert [form.count(f'name="{name}"') for name in WRITTEN] == [2, 1, 1, 1, 1, 1, 1]

    again = desk.client.post(address(case, "take"), WRITTEN)

    assert again.status_code == 200
    shown = again.content.decode()
    assert "A note &lt;b&gt;nobody&lt;/b&gt; may lose." in shown
    assert "For a long time</textarea>" in shown
    assert shown.count(" checked") == 3
    assert f'value="{now(case).lease_token}"' in shown
    for words in (BOXES[1], BOXES[3]):  # there is no box for a message where nobody may be in danger
        assert f"{words}</textarea>" in shown
    used = {name: said for name, said in WRITTEN.items() if name not in UNUSED}
    assert desk.decide(now(case), "refuse", **used).status_code == 303
    assert state(case) == "refused"


def test_taking_again_what_others_hold_loses_nothing(
    desk: Desk, case: Case, owner_connection: psycopg.Connection[Any]
) -> None:
    run_out(owner_connection, case)
    Desk().take_next()
    for what in ("take", "note", "message", "escalate", "skip", "release"):
        answer = desk.act(case, what, **WRITTEN)
        conflict(answer, "Somebody else is reading this text now", title="What you pressed was not done")


def test_a_page_opened_twice_says_so(desk: Desk, case: Case) -> None:
    desk.client.post(address(case, "take"))
    page = conflict(desk.decide(case, "refuse", **WRITTEN), "You took this text once more")
    assert "/take/" in page


def test_who_was_signed_out_gets_back_what_they_wrote(desk: Desk, case: Case) -> None:
    desk.client.logout()
    answer = desk.decide(case, "refuse", **WRITTEN)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Your visit had ended" in plain(page)
    for words in (
        "A note &lt;b&gt;nobody&lt;/b&gt; may lose.",
        "For a long time",
        'value="kind"',
        'value="own"',
    ):
        assert words in page
    assert case.revision.title not in page
    assert not Decision.objects.exists()


def test_a_form_that_could_not_be_checked_is_given_back(desk: Desk, case: Case) -> None:
    strict = make.client_of(desk.user, enforce_csrf_checks=True)
    answer = strict.post(address(case, "decide"), WRITTEN | {"outcome": "refuse", "token": str(case.lease_token)})
    assert answer.status_code == 403
    assert b"A note &lt;b&gt;nobody&lt;/b&gt; may lose." in answer.content
    assert not Decision.objects.exists()
