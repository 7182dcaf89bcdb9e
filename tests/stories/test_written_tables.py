"""Which tables a request writes, counted by PostgreSQL: one that writes a text writes nothing beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from moderation.models import Report
from stories.lifecycle import State
from stories.models import Contribution, Outcome, Revision
from stories.noticed import notice
from stories.owners import Owner
from stories.words import Words
from tests import make
from tests.stories.answering import WHY, proposal
from tests.stories.page import Form, form
from tests.stories.replying import ANSWER, answer_form
from tests.stories.replying import send as send_answer
from tests.stories.writing import BY_STEP, STEPS, TYPED, at_step, begin, look, open_form, send

pytestmark = pytest.mark.django_db
SESSIONS = ["fresh", "old", "password changed elsewhere", "secret key changed"]
DRAFT = {"stories_revision"}
NEW_TEXT = {"stories_contribution", "stories_revision"}
WAITING = {"stories_revision", "moderation_case"}
LIVE = {"stories_revision", "stories_publication", "stories_searchentry", "community_counter"}
OF_A_TEXT = NEW_TEXT | {"stories_publication"}


def rows_written() -> dict[str, int]:
    """Return how many rows this test's transaction has written so far, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def recorded(act: Callable[[], Any]) -> tuple[Any, set[str]]:
    """Return what a request answers and the tables it wrote."""
    before = rows_written()
    answer = act()
    return answer, {table for table, rows in rows_written().items() if rows > before.get(table, 0)}


class Somebody:
    """Somebody with a page open, to whose session something happens before they press the button."""

    def __init__(self, kind: str, session: str, settings: Any) -> None:
        self.user = make.member() if kind == "member" else None
        self.session, self.settings = session, settings
        self.client = Client(enforce_csrf_checks=True)
        begun = datetime.now(UTC) - timedelta(days=13 if session == "old" else 0)
        with time_machine.travel(begun):
            self.sign_in()
            begin(self.client)
        if session == "old":  # and has been here all the time
            if self.user is not None:
                make.proved(self.client, self.user)
            make.stay(self.client)

    def sign_in(self) -> None:
        if self.user is not None:
            self.client.force_login(User.objects.get(pk=self.user.pk))

    def something_happens(self) -> None:
        if self.session == "password changed elsewhere" and self.user is not None:
            User.objects.filter(pk=self.user.pk).update(password=make_password("another harbour nineteen"))
        if self.session == "secret key changed":
            self.settings.SECRET_KEY_FALLBACKS = [self.settings.SECRET_KEY]
            self.settings.SECRET_KEY = "s" * 50

    def press(self, page: Callable[[], Form], **changes: Any) -> set[str]:
        """Open a page, let it happen, press the button; press again where the words were given back."""
        opened = page()
        self.something_happens()
        answer, tables = recorded(lambda: opened.post(self.client, **changes))
        if answer.status_code == 409:
            assert not tables & OF_A_TEXT
            assert self.user is not None
            assert self.session not in {"fresh", "old"}
            if self.session == "password changed elsewhere":
                self.sign_in()
            opened = page()
            answer, tables = recorded(lambda: opened.post(self.client, **changes))
        assert answer.status_code == 303, answer.content.decode()
        return tables


@pytest.fixture(params=["member", "visitor"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SESSIONS)
def somebody(request: pytest.FixtureRequest, kind: str, settings: Any) -> Somebody:
    return Somebody(kind, request.param, settings)


def of(name: str) -> str:
    return reverse(f"stories:{name}", args=[Contribution.objects.get().pk])


def test_writing_writes_the_text_alone(somebody: Somebody) -> None:
    assert somebody.press(lambda: open_form(somebody.client), **TYPED) == NEW_TEXT


def test_writing_on_writes_the_draft_alone(somebody: Somebody) -> None:
    open_form(somebody.client).post(somebody.client, **TYPED)
    pk = Contribution.objects.get().pk
    for step in STEPS:
        assert somebody.press(lambda step=step: at_step(somebody.client, pk, step), **BY_STEP[step]) == DRAFT


def test_page_that_keeps_by_itself_writes_the_text_alone(kind: str) -> None:
    somebody = Somebody(kind, "old", None)
    page, alone = open_form(somebody.client), {"by-itself": "1"}
    answer, tables = recorded(lambda: page.post(somebody.client, **TYPED, **alone))
    assert (answer.status_code, tables) == (204, NEW_TEXT)
    story = at_step(somebody.client, Contribution.objects.get().pk, "story")
    answer, tables = recorded(lambda: story.post(somebody.client, text=TYPED["text"] * 2, **alone))
    assert (answer.status_code, tables) == (204, DRAFT)


def test_closing_a_story_to_answers_writes_the_text_alone(somebody: Somebody) -> None:
    open_form(somebody.client).post(somebody.client, **TYPED)
    pk = Contribution.objects.get().pk
    assert somebody.press(lambda: at_step(somebody.client, pk, "sharing"), replies=None) == NEW_TEXT


def test_fixing_a_passage_writes_the_draft_alone(somebody: Somebody) -> None:
    look(somebody.client, text=f"{TYPED['text']} Write to quiet.fern@example.org.")
    (found,) = notice(Words.of(Revision.objects.get()))
    page = lambda: form(somebody.client.get(of("preview")), "/fix/")  # noqa: E731
    assert somebody.press(page, fix=found.address) == DRAFT


def test_sending_writes_the_text_and_its_case_alone(somebody: Somebody) -> None:
    look(somebody.client)
    assert somebody.press(lambda: form(somebody.client.get(of("preview")), "/")) == WAITING


def test_taking_back_writes_the_text_and_its_case_alone(somebody: Somebody) -> None:
    send(somebody.client)
    page = lambda: form(somebody.client.get(of("status")), "/take-back/")  # noqa: E731
    assert somebody.press(page) == WAITING


def test_withdrawing_writes_the_text_and_its_case_alone(somebody: Somebody) -> None:
    send(somebody.client)
    assert somebody.press(lambda: form(somebody.client.get(of("withdraw")), "/")) == WAITING


def test_withdrawing_what_is_public_moves_the_count_too(somebody: Somebody) -> None:
    send(somebody.client)
    make.decided(Revision.objects.get(), Outcome.APPROVE)
    assert somebody.press(lambda: form(somebody.client.get(of("withdraw")), "/")) == LIVE


def test_throwing_away_writes_the_text_alone(somebody: Somebody) -> None:
    open_form(somebody.client).post(somebody.client, **TYPED)
    assert somebody.press(lambda: form(somebody.client.get(of("status")), "/discard/")) == NEW_TEXT


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
    assert Contribution.objects.owned_by(Owner.of_account(somebody.user)).count() == 1  # type: ignore[arg-type]


def test_sessions_that_want_writing_are_met_in_these_tests(settings: Any) -> None:
    for session in SESSIONS[2:]:
        somebody = Somebody("member", session, settings)
        opened = open_form(somebody.client)
        somebody.something_happens()
        answer, tables = recorded(lambda opened=opened, by=somebody: opened.post(by.client, **TYPED))
        assert answer.status_code == 409
        assert "accounts_session" in tables
        assert not tables & OF_A_TEXT


@pytest.mark.parametrize(
    ("planted", "table"),
    [("session", "accounts_session"), ("account", "accounts_user"), ("limit", "accounts_limit")],
)
def test_write_beside_the_text_is_noticed(planted: str, table: str, settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"tests.stories.planted.{planted}"]
    somebody = Somebody("member", "fresh", settings)
    assert somebody.press(lambda: open_form(somebody.client), **TYPED) == NEW_TEXT | {table}


def test_sliding_sessions_are_noticed(settings: Any, kind: str) -> None:
    somebody = Somebody(kind, "fresh", settings)
    settings.SESSION_SAVE_EVERY_REQUEST = True
    tables = somebody.press(lambda: open_form(somebody.client), **TYPED)
    assert tables == NEW_TEXT | {"accounts_session"}


def test_what_a_session_wants_to_keep_waits_for_the_next_page(settings: Any, kind: str) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.stories.planted.wish"]
    somebody = Somebody(kind, "fresh", settings)
    assert somebody.press(lambda: open_form(somebody.client), **TYPED) == NEW_TEXT
    assert recorded(lambda: somebody.client.get(of("status")))[1] == {"accounts_session"}


def test_owner_of_what_was_written_is_the_one_who_wrote(somebody: Somebody) -> None:
    somebody.press(lambda: open_form(somebody.client), **TYPED)
    if somebody.user is None:
        owner = Owner.of_code(somebody.client.session["receipt"])
    else:
        owner = Owner.of_account(somebody.user)
    assert Contribution.objects.owned_by(owner).count() == 1
