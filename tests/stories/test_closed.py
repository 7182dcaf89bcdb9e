"""Under a wrong ownership key nobody has a text: that is said, and not that the text is gone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from stories.actions import check_key
from tests import make
from tests.stories.page import form
from tests.stories.writing import send

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
