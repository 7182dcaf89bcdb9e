"""Nothing typed is lost, and nothing is written for anybody but the one the form was made for."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.db import DataError, InterfaceError, InternalError, OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Session, User
from community.logs import DiscreetFilter, formatter
from stories.lifecycle import State
from stories.models import Contribution, Revision
from stories.owners import Owner
from tests import make
from tests.architecture.answers import judged
from tests.stories.page import Form, form
from tests.stories.writing import TYPED, look, open_form

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["member", "visitor"])
def writer(request: pytest.FixtureRequest) -> Client:
    user = make.member() if request.param == "member" else None
    return make.client_of(user, enforce_csrf_checks=True, raise_request_exception=False)


def back(answer: Any, status: int, sentence: str) -> Form:
    """Check that everything typed came back, and return the form that posts it again."""
    page, again = answer.content.decode(), form(answer)
    assert answer.status_code == status
    assert sentence in page
    assert judged(answer, "") == []
    typed = {name: value if isinstance(value, list) else [value] for name, value in TYPED.items()}
    assert {name: again.fields.get(name) for name in typed} == typed
    assert "password" not in page.lower()
    return again


def kept(client: Client, again: Form) -> Revision:
    """Post what was given back, and return the draft it became."""
    answer = again.post(client)
    assert answer.status_code == 303, answer.content.decode()
    assert make.TEXT.split("\n")[0] in client.get(answer.url).content.decode()
    return Revision.objects.order_by("-number").get(text=make.TEXT)


def forget(client: Client, *names: str) -> None:
    for name in names or (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        client.cookies.pop(name, None)


def test_wrong_token_gives_the_text_back(writer: Client) -> None:
    writing = open_form(writer)
    again = back(writing.post(writer, **TYPED, csrfmiddlewaretoken="x" * 64), 403, "This form could not be checked.")
    assert again.action == writing.action
    kept(writer, again)


def test_lost_cookies_give_the_text_back(writer: Client) -> None:
    writing = open_form(writer)
    forget(writer)
    kept(writer, back(writing.post(writer, **TYPED), 403, "This form could not be checked."))


def test_foreign_origin_is_refused(writer: Client) -> None:
    writing = open_form(writer)
    answer = writer.post(writing.action, writing.fields | TYPED, headers={"origin": "https://other.example"})
    assert answer.status_code == 403
    assert not Contribution.objects.exists()


def test_ended_visit_gives_the_text_back(writer: Client) -> None:
    writing = open_form(writer)
    Session.objects.all().delete()
    again = back(writing.post(writer, **TYPED), 409, "Your visit had ended while this page was open")
    assert not Contribution.objects.exists()
    assert again.action != writing.action
    kept(writer, again)


def test_member_signed_out_meanwhile_can_go_on_without_an_account() -> None:
    browser = make.client_of(make.member(), enforce_csrf_checks=True)
    writing = open_form(browser)
    browser.logout()
    again = back(writing.post(browser, **TYPED), 403, "This form could not be checked.")
    assert kept(browser, again).contribution.from_receipt


def test_member_signed_out_meanwhile_can_sign_in_and_go_on(member: User) -> None:
    browser = make.client_of(member)
    writing = open_form(browser)
    forget(browser, settings.SESSION_COOKIE_NAME)
    again = back(writing.post(browser, **TYPED), 409, "sign in in another tab first")
    forget(browser, settings.SESSION_COOKIE_NAME)
    browser.force_login(member)
    again = back(again.post(browser), 409, "somebody signed in or out")
    assert Contribution.objects.owned_by(Owner.of_account(member)).get(pk=kept(browser, again).contribution_id)


def test_somebody_else_on_the_device_owns_nothing_without_a_press(member: User) -> None:
    browser = make.client_of(make.member())
    writing = open_form(browser)
    browser.logout()
    browser.force_login(member)
    back(writing.post(browser, **TYPED), 409, "somebody signed in or out in this browser")
    assert not Contribution.objects.exists()
    assert make.TEXT.split("\n")[0] not in browser.get("/stories/new/", follow=True).content.decode()


def test_form_without_a_mark_writes_nothing(writer: Client) -> None:
    writing = open_form(writer)
    back(writing.post(writer, **TYPED, writer=None), 409, "nothing was saved yet")
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("mark", ["", "é", "0" * 32])
def test_form_with_a_wrong_mark_writes_nothing(writer: Client, mark: str) -> None:
    writing = open_form(writer)
    back(writing.post(writer, **TYPED, writer=mark), 409, "nothing was saved yet")
    assert not Contribution.objects.exists()


def test_wrong_key_gives_the_text_back_and_reading_goes_on(writer: Client, settings: Any) -> None:
    live = make.published()
    writing = open_form(writer)
    right = settings.OWNERSHIP_KEYS
    settings.OWNERSHIP_KEYS = [b"w" * 32]
    writing.fields["writer"] = open_form(writer).fields["writer"]
    writing = open_form(writer)
    back(writing.post(writer, **TYPED), 503, "We cannot take texts at the moment")
    assert Client().get(reverse("stories:detail", args=[live.pk])).status_code == 200
    settings.OWNERSHIP_KEYS = right


@contextmanager
def failing(error: Exception, *, when: str = "") -> Iterator[None]:
    """Let the database fail for every statement that holds some words."""

    def fail(execute: Any, sql: str, *args: Any) -> Any:
        if when in sql:
            raise error
        return execute(sql, *args)

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.parametrize("error", [DataError, InternalError])
def test_database_that_refuses_is_no_reason_to_wait(error: type[Exception], writer: Client) -> None:
    writing = open_form(writer)
    with failing(error("canary in a message"), when='INSERT INTO "stories_revision"'):
        answer = writing.post(writer, **TYPED)
    kept(writer, back(answer, 500, "Something went wrong on our side, and nothing was saved."))


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_database_that_is_down_gives_the_text_back(error: type[Exception], writer: Client) -> None:
    writing = open_form(writer)
    with failing(error("canary in a message")):
        answer = writing.post(writer, **TYPED)
    again = back(answer, 503, "We could not save this just now.")
    assert again.action == writing.action
    assert "canary" not in answer.content.decode()
    kept(writer, again)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_token_that_does_not_fit_while_the_database_is_down_gives_the_text_back(error: type[Exception]) -> None:
    writing = open_form(Client())
    stranger = Client(enforce_csrf_checks=True, raise_request_exception=False)
    with failing(error("down")):
        answer = writing.post(stranger, **TYPED)
    back(answer, 503, "This form could not be checked.")


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """Collect every log line as the site writes it."""
    lines = StringIO()
    handler = logging.StreamHandler(lines)
    handler.addFilter(DiscreetFilter())
    handler.setFormatter(formatter())
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def test_unexpected_error_gives_the_text_back_and_logs_no_word(writer: Client, logged: StringIO) -> None:
    writing = open_form(writer)
    with failing(RuntimeError(f"canary {make.TEXT}"), when='INSERT INTO "stories_revision"'):
        answer = writing.post(writer, **TYPED)
    again = back(answer, 500, "Something went wrong on our side, and nothing was saved.")
    assert "error=RuntimeError" in logged.getvalue()
    assert "canary" not in logged.getvalue()
    assert "told nobody" not in logged.getvalue()
    assert not Contribution.objects.exists()
    kept(writer, again)


def test_sending_into_an_ended_visit_gives_the_text_back(writer: Client) -> None:
    seen = form(look(writer), "/")
    Session.objects.all().delete()
    again = back(seen.post(writer), 409, "Your visit had ended")
    assert again.action.startswith("/stories/new/")
    assert again.action.split("/")[3] not in seen.action
    assert Revision.objects.get().state == State.DRAFT


def test_sending_into_a_failing_database_can_be_repeated(writer: Client) -> None:
    seen = form(look(writer), "/")
    with failing(OperationalError("down"), when='UPDATE "stories_revision"'):
        again = back(seen.post(writer), 503, "We could not save this just now.")
    assert again.post(writer).status_code == 303
    assert Revision.objects.get().state == State.WAITING


@pytest.mark.parametrize("act", ["take-back", "withdraw"])
def test_act_in_an_ended_visit_changes_nothing_and_says_so(act: str, member: User) -> None:
    browser = make.client_of(member)
    live = make.waiting(make.owner(member))
    address = reverse("stories:status" if act == "take-back" else "stories:withdraw", args=[live.contribution_id])
    pressed = form(browser.get(address), f"/{act}/")
    Session.objects.all().delete()
    answer = pressed.post(browser)
    live.refresh_from_db()
    assert answer.status_code == 409
    assert "Nothing was changed." in answer.content.decode()
    assert live.state == State.WAITING


def test_wrong_token_on_another_form_gives_no_field_back() -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/stories/receipt/", {"code": "canary-code"})
    assert answer.status_code == 403
    assert "canary" not in answer.content.decode()


def test_what_was_given_back_is_stored_nowhere(writer: Client) -> None:
    writing = open_form(writer)
    Session.objects.all().delete()
    answer = writing.post(writer, **TYPED)
    assert make.TEXT.split("\n")[0] in answer.content.decode()
    store = writer.session
    assert "told nobody" not in str(dict(store.items()))
    assert all("told nobody" not in morsel.value for morsel in writer.cookies.values())
    assert make.TEXT.split("\n")[0] not in writer.get(writing.action).content.decode()


def test_address_of_no_view_fails_the_token_check_quietly() -> None:
    from stories.posting import csrf_failure

    request = RequestFactory().post("/nowhere/", {"text": "canary"})
    request.session = Client().session
    request.user = User(pk=uuid.uuid4(), handle="x")
    request._messages = []
    answer = csrf_failure(request, reason="canary reason")
    assert answer.status_code == 403
    assert b"canary" not in answer.content
