"""Two pages of one text: what an older one sends never replaces unseen what a newer one kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from stories.models import Publication, Revision
from tests import make
from tests.stories.page import Form, form
from tests.stories.replying import ANSWER, answer_form, somebody, the_reply
from tests.stories.writing import at_step, open_form

pytestmark = pytest.mark.django_db
LONG = "A long evening, told from the beginning. " * 17
SHORT = "What an older tab still held, a line or two of it."


@pytest.fixture(params=["member", "visitor"])
def writer(request: pytest.FixtureRequest) -> Client:
    return somebody(request.param)


@pytest.fixture
def pk(writer: Client) -> Any:
    """A text that was begun."""
    open_form(writer).post(writer, role="self", part="about", asked="self")
    return Revision.objects.get().contribution_id


def test_older_tab_is_told_and_shown_both(writer: Client, pk: Any) -> None:
    older, newer = at_step(writer, pk, "story"), at_step(writer, pk, "story")
    newer.post(writer, title="Newer", text=LONG)
    answer = older.post(writer, title="Older", text=SHORT)
    assert answer.status_code == 409
    page, again = answer.content.decode(), form(answer, "/")
    assert Revision.objects.get().text == LONG.strip()
    assert again.fields["text"] == [SHORT]
    assert f"Newer\n\n{LONG.strip()}</textarea>" in page
    assert "Keep what I typed here" in page
    assert f'href="/stories/new/{pk}/story/"' in page
    assert "data-keeps" not in page, "no page that shows both is kept by itself"

    # The button keeps what was typed here, unless it became something else once more.
    between = at_step(writer, pk, "story")
    assert again.post(writer).status_code == 303
    assert Revision.objects.get().text == SHORT
    assert between.post(writer, text=LONG).status_code == 409


def test_older_tab_with_choices_is_told_which(writer: Client, pk: Any) -> None:
    older, newer = at_step(writer, pk, "about"), at_step(writer, pk, "about")
    newer.post(writer, **{"answer-stage": "s2"})
    answer = older.post(writer, **{"answer-stage": "s3"})
    assert answer.status_code == 409
    assert "Only in the form below:" in answer.content.decode()
    assert Revision.objects.get().answers["stage"] == "s2"


def test_another_step_kept_meanwhile_is_no_matter(writer: Client, pk: Any) -> None:
    story, sharing = at_step(writer, pk, "story"), at_step(writer, pk, "sharing")
    assert sharing.post(writer, warnings=["w3"]).status_code == 303
    assert story.post(writer, text=LONG).status_code == 303


def test_same_press_twice_is_no_matter(writer: Client, pk: Any) -> None:
    story = at_step(writer, pk, "story")
    assert [story.post(writer, text=LONG).status_code for _ in range(2)] == [303, 303]


def test_page_that_kept_nothing_stays_as_old_as_it_was(writer: Client, pk: Any) -> None:
    older, newer = at_step(writer, pk, "story"), at_step(writer, pk, "story")
    newer.post(writer, text=LONG)
    refused = older.post(writer, text="x" * 50_001)
    assert refused.status_code == 422
    assert form(refused, "/").post(writer, text=SHORT).status_code == 409


def test_page_that_kept_a_part_goes_on_from_it(writer: Client, pk: Any) -> None:
    too_long = at_step(writer, pk, "story").post(writer, title="x" * 121, text=LONG)
    assert too_long.status_code == 422
    assert form(too_long, "/").post(writer, title="Short", text=LONG).status_code == 303


def test_older_tab_of_an_answer_is_told_and_shown_both(writer: Client) -> None:
    story: Publication = make.published()
    first: Form = answer_form(writer, story)
    first.post(writer, **ANSWER, later="1")
    older, newer = answer_form(writer, story), answer_form(writer, story)
    newer.post(writer, text=LONG)
    answer = older.post(writer, text=SHORT)
    assert answer.status_code == 409
    assert the_reply().text == LONG.strip()
    assert f"{LONG.strip()}</textarea>" in answer.content.decode()
    assert form(answer, "/").post(writer).status_code == 303
    assert the_reply().text == SHORT
