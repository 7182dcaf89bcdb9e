"""What a page sends while somebody writes, without a button: kept like anything typed, and answered in a line."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Session
from stories.models import Contribution, Revision
from tests import make
from tests.stories.page import form
from tests.stories.replying import answer_form, open_answer, somebody, the_reply
from tests.stories.test_passes import START
from tests.stories.writing import at_step, begin, open_form

pytestmark = pytest.mark.django_db
ALONE = {"by-itself": "1"}
LINE = "A line that nobody pressed a button for."


@pytest.fixture(params=["member", "visitor"])
def writer(request: pytest.FixtureRequest) -> Client:
    return somebody(request.param)


def keep(writer: Client, page: Any, **typed: Any) -> Any:
    """Send a form as its page does by itself, and let it go on from there."""
    answer = page.post(writer, **ALONE, **typed)
    page.fields["seen"] = [answer.headers.get("seen", "")]
    return answer


def test_page_keeps_by_itself_what_is_there(writer: Client) -> None:
    page = open_form(writer)
    assert keep(writer, page, role="self").status_code == 204
    story = at_step(writer, Contribution.objects.get().pk, "story")
    for text in (LINE, LINE * 2, LINE * 3):
        answer = keep(writer, story, text=text)
        assert (answer.status_code, answer.content) == (204, b"")
        assert Revision.objects.get().text == text
    assert story.post(writer, text=LINE).status_code == 303


def test_answer_is_kept_by_itself_and_shown_again(writer: Client) -> None:
    story = make.published()
    page = answer_form(writer, story)
    assert keep(writer, page, text=LINE).status_code == 204
    assert keep(writer, page, text=LINE * 2).status_code == 204
    assert the_reply().text == LINE * 2
    assert form(open_answer(writer, story), "/").fields["text"] == [LINE * 2]


def test_older_page_replaces_nothing_by_itself(writer: Client) -> None:
    open_form(writer).post(writer, role="self")
    pk = Contribution.objects.get().pk
    older, newer = at_step(writer, pk, "story"), at_step(writer, pk, "story")
    keep(writer, newer, text=LINE * 2)
    for _ in range(2):
        answer = keep(writer, older, text=LINE)
        assert (answer.status_code, answer.content) == (409, b"")
        assert Revision.objects.get().text == LINE * 2


def test_what_fits_is_kept_and_the_rest_is_told(writer: Client) -> None:
    page = open_form(writer)
    page.fields |= {"part": ["story"]}
    assert keep(writer, page, title="x" * 121, text=LINE).status_code == 422
    assert Revision.objects.get().text == LINE
    assert keep(writer, page, title="x", text=LINE * 2).status_code == 204


def test_untouched_page_keeps_nothing(writer: Client) -> None:
    page = form(begin(writer), "/")
    assert keep(writer, page, role=None).status_code == 204
    assert not Contribution.objects.exists()


def test_page_whose_visit_ended_begins_none() -> None:
    visitor = Client()
    page = open_form(visitor)
    visitor.get("/leave/")
    before = Session.objects.count()
    assert keep(visitor, page, role="self").status_code == 409
    assert Session.objects.count() == before
    assert not Contribution.objects.exists()


def test_what_pages_keep_takes_nothing_from_a_visitors_buttons(settings: Any) -> None:
    settings.VISITOR_POSTS_AN_HOUR, settings.VISITOR_LEAST_SECONDS = 1, 3
    visitor = Client()
    with time_machine.travel(START, tick=False) as clock:
        page = open_form(visitor)
        assert keep(visitor, page, role="self").status_code == 422, "as quick as a machine"
        clock.shift(3)
        assert keep(visitor, page, role="self", homepage="x").status_code == 422
        assert keep(visitor, page, role="self").status_code == 204
        story = at_step(visitor, Contribution.objects.get().pk, "story")
        assert {keep(visitor, story, text=f"{LINE} {n}").status_code for n in range(60)} == {204}
        assert story.post(visitor, text=LINE).status_code == 303


def test_visitor_sees_the_code_of_an_answer_that_is_not_complete() -> None:
    visitor, story = Client(), make.published()
    assert "Your receipt code" not in open_answer(visitor, story).content.decode()
    page = visitor.get(answer_form(visitor, story).post(visitor, text=LINE).url).content.decode()
    assert "Your receipt code, in case you leave" in page
    assert visitor.session["receipt"] in page


def test_answer_says_nothing_is_kept_before_it_is(writer: Client) -> None:
    page = open_answer(writer, make.published()).content.decode()
    assert "Each button keeps what you wrote" in page
    assert "is kept as a draft that only you can see" not in page


def test_drafts_without_words_are_called_by_who_writes_and_when(writer: Client) -> None:
    for role in ("self", "partner"):
        open_form(writer).post(writer, role=role)
    page = writer.get("/stories/new/").content.decode()
    month = f"{Contribution.objects.all()[0].month:%B %Y}"
    assert f"Somebody who has it or had it, begun in {month}" in page
    assert f"A partner, begun in {month}" in page
