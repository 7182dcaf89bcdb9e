"""Under a wrong ownership key nobody has a text: that is said, and not that the text is gone."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from stories.actions import check_key
from tests import make
from tests.stories.page import form
from tests.stories.writing import TYPED, open_form, send

pytestmark = pytest.mark.django_db
RECEIPT = "/stories/receipt/"


def closed(answer: Any) -> None:
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "We cannot look up texts at the moment" in page
    assert "Nothing is lost" in page
    assert "If you have a receipt code, keep it." in page


@pytest.fixture
def wrong_key(settings: Any) -> None:
    settings.OWNERSHIP_KEYS = [b"w" * 32]


@pytest.mark.parametrize("name", ["status", "withdraw", "preview"])
def test_pages_of_a_text_do_not_say_that_it_is_gone(name: str, member: User, settings: Any) -> None:
    browser = make.client_of(member)
    sent = make.waiting(make.owner(member))
    settings.OWNERSHIP_KEYS = [b"w" * 32]
    closed(browser.get(reverse(f"stories:{name}", args=[sent.contribution_id])))


def test_list_of_texts_is_not_empty(member_client: Client, wrong_key: None) -> None:
    closed(member_client.get("/stories/mine/"))


def test_receipt_is_not_unknown(settings: Any) -> None:
    visitor, other = Client(), Client()
    send(visitor)
    typing = form(other.get(RECEIPT), "/")
    code, right = visitor.session["receipt"], settings.OWNERSHIP_KEYS
    settings.OWNERSHIP_KEYS = [b"w" * 32]
    closed(other.get(RECEIPT))
    closed(typing.post(other, code=code))
    closed(visitor.get("/stories/mine/"))
    settings.OWNERSHIP_KEYS = right
    assert typing.post(other, code=code).status_code == 303


def test_key_that_is_known_is_not_asked_for_again(member_client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        check_key()


def test_who_is_asked_to_wait_is_told_how_long(member_client: Client, wrong_key: None, settings: Any) -> None:
    settings.VISITOR_POSTS_AN_HOUR = 0
    writing = reverse("stories:step", args=[uuid.uuid4(), "story"])
    no_token = Client(enforce_csrf_checks=True)
    waits = [
        (429, Client().get(writing)),
        (429, no_token.post(writing, {"text": make.TEXT})),
        (503, Client().get("/stories/receipt/")),
        (503, member_client.get("/stories/mine/")),
        (503, open_form(member_client).post(member_client, **TYPED)),
    ]
    assert [(answer.status_code, int(answer.headers.get("Retry-After", 0)) > 0) for _status, answer in waits] == [
        (status, True) for status, _answer in waits
    ]
    assert "Retry-After" not in Client().get("/stories/").headers


def test_who_typed_many_codes_is_told_how_long_to_wait() -> None:
    typed = {"code": "x", "password": make.PASSWORD}
    answers = [Client().post("/accounts/recovery/", typed) for _time in range(40)]
    (*_tries, last) = answers
    assert (last.status_code, int(last.headers.get("Retry-After", 0)) > 0) == (429, True)
