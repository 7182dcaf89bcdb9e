"""Several requests at the same moment, on connections of their own."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from moderation.models import Case
from stories.lifecycle import State
from stories.models import Contribution, Revision
from tests import make
from tests.stories.page import Form, form
from tests.stories.writing import TYPED, look, open_form

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 10


def together(client: Client, pressed: Form, **changes: Any) -> list[Any]:
    """Press one button from ten browsers with the same cookies, at once."""
    barrier, answers = threading.Barrier(THREADS), []

    def press() -> None:
        browser = Client(enforce_csrf_checks=True)
        for name, morsel in client.cookies.items():
            browser.cookies[name] = morsel.value
        barrier.wait()
        try:
            answers.append(pressed.post(browser, **changes))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == THREADS
    return answers


@pytest.fixture(params=["member", "visitor"])
def writer(request: pytest.FixtureRequest) -> Client:
    return make.client_of(make.member() if request.param == "member" else None)


def test_writing_ten_times_at_once_makes_one_draft(writer: Client) -> None:
    answers = together(writer, open_form(writer), **TYPED)
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.url for answer in answers}) == 1
    assert Contribution.objects.count() == 1
    assert Revision.objects.get().state == State.DRAFT


def test_sending_ten_times_at_once_makes_one_story_and_one_case(writer: Client) -> None:
    answers = together(writer, form(look(writer), "/"))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.url for answer in answers}) == 1
    assert Revision.objects.get().state == State.WAITING
    assert Case.objects.count() == 1


def test_taking_back_ten_times_at_once_makes_one_draft(writer: Client) -> None:
    sent = form(look(writer), "/").post(writer)
    answers = together(writer, form(writer.get(sent.url), "/take-back/"))
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * (THREADS - 1)
    assert Revision.objects.in_state(State.DRAFT).count() == 1
    assert Revision.objects.count() == 2


def test_withdrawing_ten_times_at_once_withdraws_once(writer: Client) -> None:
    sent = form(look(writer), "/").post(writer)
    asked = form(writer.get(sent.url + "withdraw/"), "/")
    answers = together(writer, asked)
    assert {answer.status_code for answer in answers} == {303}
    assert Revision.objects.get().state == State.WITHDRAWN


def test_cookies_are_those_of_the_settings(writer: Client) -> None:
    open_form(writer)
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= set(writer.cookies)
