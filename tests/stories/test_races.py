"""Several requests at the same moment, on connections of their own."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.test import Client

from moderation.models import Case
from stories.actions import save_draft, submit, take_back
from stories.lifecycle import State
from stories.models import Contribution, Revision
from stories.refusals import Changed
from stories.words import Words
from tests import make
from tests.stories.page import Form, form
from tests.stories.writing import TYPED, look, open_form

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 10
# Waiting for another's row names no database; what a statement holds of its tables does. The view of activity would be
# read once in a transaction.
WAITING = """
SELECT count(DISTINCT pid) FROM pg_locks AS waiting JOIN pg_locks AS held USING (pid)
WHERE NOT waiting.granted AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


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


def waits_for_a_lock(seconds: float = 10, *, many: int = 1) -> None:
    """Wait until so many connections to this database wait for a lock; others belong to other tests."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= many:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for a lock")


@pytest.mark.parametrize("complete", [True, False])
def test_words_changed_while_send_waits_are_not_sent(complete: bool) -> None:
    member = make.member()
    writer, owner = make.client_of(member), make.owner(member)
    seen = form(look(writer), "/")
    pk = Contribution.objects.get().pk
    newest = make.words(
        text=f"{make.TEXT} Nobody has looked at this.", warnings=["w3"], role="self" if complete else ""
    )
    answers: list[Any] = []

    def press() -> None:
        try:
            answers.append(seen.post(writer))
        finally:
            connections.close_all()

    pressing = threading.Thread(target=press)
    with transaction.atomic():
        save_draft(pk, newest, owner=owner)
        pressing.start()
        waits_for_a_lock()
    pressing.join()
    assert Revision.objects.get().state == State.DRAFT
    assert not Case.objects.exists()
    if complete:
        assert answers[0].status_code == 409
        assert "This text was changed since you opened this page" in answers[0].content.decode()
        assert "Nobody has looked at this." in answers[0].content.decode()
        assert form(answers[0], "/").post(writer).status_code == 303
        assert Revision.objects.get().text == newest["text"]
    else:
        assert answers[0].status_code == 303
        assert answers[0].url.startswith(f"/stories/new/{pk}/")


def test_words_begun_while_send_waits_are_not_sent() -> None:
    member = make.member()
    writer, owner = make.client_of(member), make.owner(member)
    seen = form(look(writer), "/")
    pk = Contribution.objects.get().pk
    seen.post(writer)
    take_back(pk, owner=owner)
    save_draft(pk, make.words(text=f"{make.TEXT} Nobody has looked at this."), owner=owner)
    with pytest.raises(Changed):
        submit(pk, owner=owner, looked_at=Words(**make.words(warnings=["w3"])))
    assert submit(pk, owner=owner).state == State.WAITING


def test_cookies_are_those_of_the_settings(writer: Client) -> None:
    open_form(writer)
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= set(writer.cookies)
