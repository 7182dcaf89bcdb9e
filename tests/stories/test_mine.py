"""The lists of an owner's texts: by account, by receipt, and what was begun."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.codes import new_code
from accounts.models import User
from stories.models import Outcome
from stories.owners import Owner
from stories.text import excerpt
from tests import make
from tests.stories.test_own import MINE, RECEIPT, text_of
from tests.stories.writing import open_form

pytestmark = pytest.mark.django_db


def test_mine_lists_every_text_with_its_state(member: User, member_client: Client) -> None:
    by = make.owner(member)
    make.draft(by, title="")
    make.waiting(by, title="The second")
    make.decided(make.waiting(by, title="The third"), Outcome.REFUSE)
    live = make.published(by, title="The fourth")
    make.waiting(by, contribution=live.pk, title="The fifth")
    make.waiting(title="Of somebody else")
    page = text_of(member_client, MINE)
    for words in (
        excerpt(make.TEXT, 60),
        "The second",
        "The third",
        "The fifth",
        "An earlier version is published",
    ):
        assert words in page
    assert "Of somebody else" not in page
    for badge in ("Draft", "Waiting to be read", "Not published"):
        assert re.search(rf'<span class="badge[^>]*>(<svg.*?</svg>)?{badge}</span>', page)


def test_mine_without_texts_says_what_comes_next(member_client: Client) -> None:
    page = text_of(member_client, MINE)
    assert "Nothing here yet" in page
    assert "When you write something, it stands here" in page


@pytest.mark.parametrize("count", [1, 30])
def test_mine_asks_for_the_owner_twice(count: int, member: User, member_client: Client) -> None:
    by = make.owner(member)
    for number in range(count):
        make.draft(by, title=f"Text {number}")
    with CaptureQueriesContext(connection) as seen:
        page = text_of(member_client, MINE)
    assert len([one for one in seen if "generate_series" in one["sql"]]) == 2, "the list, and whether a pause runs"
    assert len(seen) == 7, "one of them whether the site went back to a copy"
    more = re.findall(r'rel="next" href="([^"]+)"', page)
    found = {*re.findall(r"Text \d+", page)}
    assert len(found) == min(count, 20)
    if count > 20:
        found |= {*re.findall(r"Text \d+", text_of(member_client, MINE + more[0]))}
        assert len(found) == count


@pytest.mark.parametrize("count", [1, 30])
def test_mine_by_receipt_asks_for_the_owner_twice(count: int) -> None:
    code = new_code()
    for number in range(count):
        make.draft(Owner.of_code(code), title=f"Text {number}")
    visitor = Client()
    visitor.post(RECEIPT, {"code": code})
    with CaptureQueriesContext(connection) as first:
        text_of(visitor, MINE)
    assert len([one for one in first if "generate_series" in one["sql"]]) == 3, "and what is new, once after coming in"
    with CaptureQueriesContext(connection) as seen:
        page = text_of(visitor, MINE)
    assert len([one for one in seen if "generate_series" in one["sql"]]) == 2, "the list, and whether a pause runs"
    assert len(seen) == 6
    assert len(set(re.findall(r"Text \d+", page))) == min(count, 20)


def test_mine_goes_on_with_one_list_and_keeps_the_other(member: User, member_client: Client) -> None:
    code = new_code()
    for number in range(25):
        make.draft(make.owner(member), title=f"Of the account {number}")
        make.draft(Owner.of_code(code), title=f"Of the receipt {number}")
    member_client.post(RECEIPT, {"code": code})
    found: set[str] = set()
    for place in ("after", "below"):
        page = text_of(member_client, MINE)
        (further,) = re.findall(rf'rel="next" href="(\?{place}=[^"]+)"', page)
        found |= {
            *re.findall(r"Of the \w+ \d+", page),
            *re.findall(r"Of the \w+ \d+", text_of(member_client, MINE + further)),
        }
    assert len(found) == 50


@pytest.mark.parametrize("count", [1, 30])
def test_new_offers_the_first_few_drafts_and_the_way_to_all(count: int, member: User, member_client: Client) -> None:
    for number in range(count):
        make.draft(make.owner(member), title=f"Text {number}")
    with CaptureQueriesContext(connection) as seen:
        page = text_of(member_client, "/stories/new/")
    assert len(set(re.findall(r"Text \d+", page))) == min(count, 5)
    assert len(seen) == 5
    assert f'href="{MINE}"' in page


def test_mine_under_a_made_up_address_is_not_found(member_client: Client) -> None:
    assert member_client.get(f"{MINE}?after=x").status_code == 404


def test_mine_of_nobody_asks_for_a_receipt() -> None:
    assert Client().get(MINE).url == RECEIPT


def test_mine_calls_a_reply_a_reply_by_its_first_words(member: User, member_client: Client) -> None:
    by, story = make.owner(member), make.published()
    make.reply(story, by, text="I know this too. " + "It goes on and on. " * 20)
    make.draft(by, reply_to=make.published().pk, title="", text="")
    page = text_of(member_client, MINE)
    assert page.count("<li>Your answer to a story</li>") == 2
    assert "I know this too. It goes on and on. It goes on and on. It\u2026" in page
    assert "An answer without words" in page


@pytest.mark.parametrize("count", [1, 15])
def test_mine_with_replies_asks_no_more(count: int, member: User, member_client: Client) -> None:
    by = make.owner(member)
    for _ in range(count):
        make.draft(by, reply_to=make.published().pk, title="", text=make.REPLY)
    with CaptureQueriesContext(connection) as seen:
        text_of(member_client, MINE)
    assert len(seen) == 7


@pytest.mark.parametrize("signed_in", [True, False])
def test_opening_a_receipt_takes_a_new_key_of_the_visit(signed_in: bool) -> None:
    code, user = new_code(), make.member() if signed_in else None
    make.draft(Owner.of_code(code))
    browser, older = make.client_of(user), Client()
    open_form(browser)
    older.cookies = SimpleCookie(make.visit_cookies(browser))
    assert older.get("/stories/mine/").status_code == 200

    browser.post("/stories/receipt/", {"code": code})

    assert older.get("/stories/mine/")["Location"] == "/stories/receipt/"
    assert "A slow way round" in browser.get("/stories/mine/").content.decode()
    assert (browser.get("/accounts/").status_code == 200) == signed_in
