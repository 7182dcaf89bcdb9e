"""Which tables a request writes: what is answered, agreed to or left beside a text is written alone, too."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from moderation.models import Report
from stories.lifecycle import State
from stories.models import Contribution, Outcome, Revision
from stories.owners import Owner
from tests import make
from tests.stories.answering import WHY, proposal
from tests.stories.page import Form, form
from tests.stories.replying import ANSWER, answer_form
from tests.stories.replying import send as send_answer
from tests.stories.writing import TYPED, send
from tests.stories.written import (
    DRAFT,
    LIVE,
    NEW_TEXT,
    SESSIONS,
    WAITING,
    Somebody,
    kind,
    of,
    rows_written,
    somebody,
)

__all__ = ["kind", "somebody"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("session", SESSIONS)
@pytest.mark.parametrize(
    ("button", "presses", "table"),
    [("react", {"kind": "c1"}, "stories_reaction"), ("save", {"keep": "1"}, "stories_saveditem")],
)
def test_signs_and_saved_stories_are_written_alone(
    button: str, presses: dict[str, str], table: str, session: str, settings: Any
) -> None:
    somebody, story = Somebody("member", session, settings), make.published()
    page = lambda: form(somebody.client.get(f"/stories/{story.pk}/"), f"/{button}/")  # noqa: E731
    for pressed in (presses, {"undo": "1"}):
        before = rows_written().get(table, 0)
        assert somebody.press(page, **pressed) == {table}
        assert rows_written()[table] == before + 1


def test_reporting_writes_the_report_and_its_case_alone(somebody: Somebody) -> None:
    story = make.published()
    page = lambda: form(somebody.client.get(f"/report/{story.pk}/"), "/")  # noqa: E731
    assert somebody.press(page, rules=["kind"], text="A word.") == {"moderation_report", "moderation_case"}
    assert Report.objects.count() == 1


def test_agreeing_to_a_proposal_writes_the_text_and_what_readers_see_alone(somebody: Somebody) -> None:
    send(somebody.client)
    proposal(Revision.objects.get(), f"{TYPED['text']} Yes.")
    page = lambda: form(somebody.client.get(of("status")), "/answer/")  # noqa: E731
    assert somebody.press(page, choice="accept") == LIVE | {"stories_acceptance"}


@pytest.mark.parametrize("choice", ["change", "own"])
def test_declining_a_proposal_writes_the_text_alone(choice: str, somebody: Somebody) -> None:
    send(somebody.client)
    proposal(Revision.objects.get(), f"{TYPED['text']} Yes.")
    page = lambda: form(somebody.client.get(of("status")), "/answer/")  # noqa: E731
    assert somebody.press(page, choice=choice) == DRAFT


def test_appealing_writes_the_appeal_and_its_case_alone(somebody: Somebody) -> None:
    send(somebody.client)
    make.decided(Revision.objects.get(), Outcome.REFUSE)
    page = lambda: form(somebody.client.get(of("appeal")), "/appeal/")  # noqa: E731
    assert somebody.press(page, text=WHY) == {"stories_appeal", "moderation_case"}


def test_answering_writes_the_answer_alone(somebody: Somebody) -> None:
    story = make.published()
    assert somebody.press(lambda: answer_form(somebody.client, story), **ANSWER) == NEW_TEXT
    reply = Contribution.objects.get(parent=story.pk)
    again = lambda: form(somebody.client.get(f"/stories/reply/{story.pk}/{reply.pk}/"), "/")  # noqa: E731
    assert somebody.press(again, **ANSWER) == DRAFT
    assert somebody.press(lambda: form(somebody.client.get(f"/stories/preview/{reply.pk}/"), "/")) == WAITING
    taken = lambda: form(somebody.client.get(f"/stories/status/{reply.pk}/"), "/take-back/")  # noqa: E731
    assert somebody.press(taken) == WAITING


def test_withdrawing_a_read_answer_writes_no_count(somebody: Somebody) -> None:
    story = make.published()
    answered = send_answer(somebody.client, story)
    assert answered.status_code == 200
    make.decided(Revision.objects.in_state(State.WAITING).get(), Outcome.APPROVE)
    reply = Contribution.objects.get(parent=story.pk)
    page = lambda: form(somebody.client.get(f"/stories/status/{reply.pk}/withdraw/"), "/")  # noqa: E731
    assert somebody.press(page) == {"stories_revision", "stories_publication"}


def test_turning_answers_off_writes_the_text_alone(somebody: Somebody) -> None:
    send(somebody.client)
    assert somebody.press(lambda: form(somebody.client.get(of("status")), "/replies/")) == {"stories_contribution"}


@pytest.mark.parametrize("session", SESSIONS)
def test_keeping_with_an_account_writes_the_text_alone(session: str, settings: Any) -> None:
    visitor = Client()
    send(visitor)
    code = visitor.session["receipt"]
    somebody = Somebody("member", session, settings)

    def page() -> Form:
        """Type the code, which whoever signs in anew has to do again, and open the text."""
        typed = form(somebody.client.get("/stories/receipt/"), "/").post(somebody.client, code=code)
        assert typed.status_code == 303
        return form(somebody.client.get(of("status")), "/keep/")

    assert somebody.press(page) == {"stories_contribution"}
    assert Contribution.objects.owned_by(Owner.of_account(somebody.user)).count() == 1
