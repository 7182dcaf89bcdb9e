from __future__ import annotations

import time
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Session, User
from accounts.visiting import OPENS_A_SEND
from stories.lifecycle import State
from stories.models import Contribution, Revision
from stories.passes import _age, _signer
from tests import make
from tests.architecture.answers import judged
from tests.stories.page import Form, form
from tests.stories.writing import BY_STEP, TYPED, at_step, begin, look, open_form

pytestmark = pytest.mark.django_db
START = int(time.time())  # the database has no other time


@pytest.fixture(autouse=True)
def hurried(unhurried: None, settings: Any) -> None:
    settings.VISITOR_LEAST_SECONDS = 3
    settings.VISITOR_POSTS_AN_HOUR = 2


def fields(answer: Any) -> dict[str, list[str]]:
    return {name: form(answer, "/").fields[name] for name in TYPED}


def given_back(answer: Any, sentence: str) -> Form:
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert fields(answer) == {name: value if isinstance(value, list) else [value] for name, value in TYPED.items()}
    return form(answer, "/")


def test_filled_trap_gives_the_text_back_and_says_why() -> None:
    visitor = Client()
    with time_machine.travel(START, tick=False) as clock:
        writing = open_form(visitor)
        clock.shift(60)
        again = given_back(
            writing.post(visitor, **TYPED, homepage="x"), "A field that should stay empty was filled in."
        )
        assert not Contribution.objects.exists()
        assert again.post(visitor).status_code == 303


def test_trap_is_out_of_sight_and_out_of_the_way() -> None:
    page = begin(Client()).content.decode()
    assert '<div class="visually-hidden" aria-hidden="true">' in page
    assert '<input type="text" name="homepage" tabindex="-1" autocomplete="off">' in page


def test_too_quick_gives_the_text_back_and_the_next_press_counts_from_the_first() -> None:
    visitor = Client()
    with time_machine.travel(START, tick=False) as clock:
        writing = open_form(visitor)
        clock.shift(2)
        again = given_back(writing.post(visitor, **TYPED), "That was very quick")
        clock.shift(1)
        assert again.post(visitor).status_code == 303


def test_whoever_was_slow_enough_once_may_hurry_on() -> None:
    visitor = Client()
    with time_machine.travel(START, tick=False) as clock:
        writing = open_form(visitor)
        clock.shift(3)
        assert writing.post(visitor).status_code == 303
        pk = Contribution.objects.get().pk
        assert at_step(visitor, pk, "tried").post(visitor, skip="1").status_code == 303
        assert at_step(visitor, pk, "story").post(visitor, text="A line.").status_code == 303


def test_page_that_asks_again_counts_from_the_first() -> None:
    visitor = Client()
    with time_machine.travel(START, tick=False) as clock:
        writing = open_form(visitor)
        clock.shift(3)
        again = form(visitor.get(writing.post(visitor, **(TYPED | {"consents": None})).url), "/")
        assert again.post(visitor, **BY_STEP["sharing"]).status_code == 303


@pytest.mark.parametrize("stamp", [None, "", "1", "1:x", "\u0660"])
def test_form_without_our_stamp_gets_one(stamp: str | None) -> None:
    visitor = Client()
    with time_machine.travel(START, tick=False) as clock:
        writing = open_form(visitor)
        again = given_back(writing.post(visitor, **TYPED, started=stamp), "Please wait a moment")
        clock.shift(4)
        assert again.post(visitor).status_code == 303


def test_many_from_one_network_are_asked_to_wait() -> None:
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(2):
            visitor = Client()
            writing = open_form(visitor)
            clock.shift(5)
            seen = form(visitor.get(writing.post(visitor, **TYPED).url), "/")
            clock.shift(5)
            assert seen.post(visitor).status_code == 303
        visitor = Client()
        writing = open_form(visitor)
        clock.shift(5)
        seen = form(visitor.get(writing.post(visitor, **TYPED).url), "/")
        clock.shift(5)
        answer = seen.post(visitor)
        assert answer.status_code == 422
        assert "A lot has been sent from your network" in answer.content.decode()
        assert make.TEXT.split("\n")[0] in answer.content.decode()
        assert Revision.objects.in_state(State.DRAFT).count() == 1
        elsewhere = form(answer, "/")
        assert visitor.post(elsewhere.action, elsewhere.fields, REMOTE_ADDR="203.0.113.7").status_code == 303


def test_member_passes_without_any_of_it(member_client: Client) -> None:
    page = look(member_client)
    assert "homepage" not in page.content.decode()
    assert form(page, "/").post(member_client).status_code == 303


def test_examples_take_no_place_of_a_visitor(settings: Any) -> None:
    settings.VISITOR_LEAST_SECONDS = 0
    settings.VISITOR_WAITING_CAP = 1
    make.waiting(example=True)
    visitor = Client()
    assert form(look(visitor), "/").post(visitor).status_code == 303


def test_clock_set_back_asks_for_one_more_press_and_not_for_an_hour() -> None:
    visitor = Client()
    with time_machine.travel(START, tick=False):
        writing = open_form(visitor)
    with time_machine.travel(START - 3600, tick=False) as clock:
        again = given_back(writing.post(visitor, **TYPED), "That was very quick")
        clock.shift(4)
        assert again.post(visitor).status_code == 303


def test_letters_of_no_encoding_are_no_stamp() -> None:
    assert _age("\ud800") is None
    assert _age(_signer().sign("no number")) is None


def test_forms_that_open_for_nobody_known_have_a_limit(settings: Any, member: User) -> None:
    settings.VISITOR_POSTS_AN_HOUR = 1
    known = Client()
    writing = open_form(known)
    for _ in range(OPENS_A_SEND - 1):
        assert Client().get(writing.action).status_code == 200
    before = Session.objects.count()
    answer = Client().get(writing.action)
    assert answer.status_code == 429
    assert judged(answer, "") == []
    assert answer["Retry-After"] == "3600"
    assert "Please wait an hour" in answer.content.decode()
    assert "guess" not in answer.content.decode()
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert Session.objects.count() == before
    assert known.get(writing.action).status_code == 200
    assert make.client_of(member).get(writing.action).status_code == 200
    assert Client().get(writing.action, REMOTE_ADDR="203.0.113.7").status_code == 200


def test_cap_on_all_visitors_keeps_the_draft_and_says_so(settings: Any) -> None:
    settings.VISITOR_LEAST_SECONDS = 0
    settings.VISITOR_WAITING_CAP = 1
    make.waiting(example=True)
    make.waiting()
    visitor = Client()
    answer = form(look(visitor), "/").post(visitor)
    assert answer.status_code == 409
    assert "come back with your receipt code in a day or two" in answer.content.decode()
    assert Revision.objects.in_state(State.DRAFT).count() == 1
