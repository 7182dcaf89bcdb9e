"""A reply, its decision and the withdrawal of its story at the same moment, over connections of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from moderation.actions import Conflict, Verdict, claim, decide
from moderation.models import Case
from stories.actions import set_replies, submit, withdraw
from stories.lifecycle import State
from stories.models import A_MEMBER, Contribution, Outcome, Publication, Revision
from stories.owners import Owner
from stories.refusals import NO_REPLIES, Refused
from stories.thread import thread_of
from tests import make
from tests.stories.page import form
from tests.stories.replying import ANSWER, answer_form

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8
Act = Callable[[], Any]


@pytest.fixture(autouse=True)
def key(key_known: None) -> None:
    """Let every connection find the key's check value."""


def told(act: Act) -> str:
    """Return what came of an act: how it was refused, or "done". Anything else, a deadlock too, is an error."""
    try:
        act()
    except Conflict as conflict:
        return conflict.reason
    except Refused as refused:
        return "refused" if refused.args[0] == NO_REPLIES else str(refused)
    return "done"


def alone(act: Act) -> str:
    """Do something over a connection of its own."""
    try:
        return told(act)
    finally:
        connection.close()


def at_once(*acts: Act) -> list[str]:
    """Do all of it at the same moment."""
    ready = threading.Barrier(len(acts))

    def run(act: Act) -> str:
        ready.wait()
        return alone(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, act) for act in acts]]


def one_waits(first: Act, second: Act) -> list[str]:
    """Do the first, and the second while the first has not committed; the second has to wait for it."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            begun = told(first)
            later: Future[str] = pool.submit(alone, second)
            time.sleep(0.3)
            assert not later.done(), "the second waits for the first"
        return [begun, later.result(timeout=30)]


class Ground:
    """A story, a reply that a moderator holds, and a reply that was not sent yet."""

    def __init__(self) -> None:
        self.author, self.replier = make.owner(), make.owner()
        self.story = make.published(self.author)
        self.reply = make.reply(self.story, self.replier)
        self.draft = make.draft(self.replier, reply_to=self.story.pk, title="", text=make.REPLY)
        self.moderator = make.moderator(second_factor=False)
        self.case = claim(Case.objects.get(revision=self.reply).pk, moderator=self.moderator)
        self.verdict = Verdict(Outcome.APPROVE)

    def approve(self) -> None:
        assert self.case.lease_token is not None
        decide(self.case.pk, self.verdict, token=self.case.lease_token, moderator=self.moderator)

    def send(self) -> None:
        submit(self.draft.contribution_id, owner=self.replier)

    def withdraw(self) -> None:
        withdraw(self.story.pk, owner=self.author)

    def close(self) -> None:
        set_replies(self.story.pk, wanted=False, owner=self.author)

    def check_gone(self) -> None:
        """Nothing of the thread is read, nothing of it waits, and the writer keeps every word."""
        assert (
            Publication.objects.readable_by(A_MEMBER).filter(pk__in=[self.story.pk, self.reply.contribution_id]).count()
            == 0
        )
        assert thread_of(self.story, A_MEMBER).replies == []
        assert not Revision.objects.in_state(State.WAITING).filter(contribution__parent=self.story.pk).exists()
        assert not Case.objects.filter(closing="", revision__contribution__parent=self.story.pk).exists()
        kept = Revision.objects.filter(contribution__in=Contribution.objects.owned_by(self.replier))
        assert {one.text for one in kept} == {make.REPLY}


def states(ground: Ground) -> tuple[str, str]:
    """Return where the held reply and the other one stand."""
    return tuple(Revision.objects.get(pk=one.pk).state for one in (ground.reply, ground.draft))


def test_a_decision_waits_for_the_withdrawal_of_the_story() -> None:
    ground = Ground()
    assert one_waits(ground.withdraw, ground.approve) == ["done", "moot"]
    assert states(ground) == ("taken_back", "draft")
    ground.check_gone()


def test_the_withdrawal_of_a_story_waits_for_a_decision() -> None:
    ground = Ground()
    assert one_waits(ground.approve, ground.withdraw) == ["done", "done"]
    assert states(ground) == ("approved", "draft")
    ground.check_gone()


def test_a_sending_waits_for_the_withdrawal_of_the_story() -> None:
    ground = Ground()
    assert one_waits(ground.withdraw, ground.send) == ["done", "refused"]
    assert states(ground) == ("taken_back", "draft")
    ground.check_gone()


def test_the_withdrawal_of_a_story_waits_for_a_sending() -> None:
    ground = Ground()
    assert one_waits(ground.send, ground.withdraw) == ["done", "done"]
    assert states(ground) == ("taken_back", "taken_back")
    ground.check_gone()


def test_a_sending_waits_for_the_closing_of_the_replies() -> None:
    ground = Ground()
    assert one_waits(ground.close, ground.send) == ["done", "refused"]
    assert states(ground) == ("waiting", "draft")


def test_all_at_once_end_without_a_deadlock() -> None:
    for _ in range(ROUNDS):
        ground = Ground()
        approved, sent, withdrawn = at_once(ground.approve, ground.send, ground.withdraw)
        assert (approved in {"done", "moot"}, sent in {"done", "refused"}, withdrawn) == (True, True, "done")
        held, other = states(ground)
        assert held == ("approved" if approved == "done" else "taken_back")
        assert other == ("taken_back" if sent == "done" else "draft")
        ground.check_gone()


def test_two_answers_at_once_are_both_there() -> None:
    story = make.published()
    owners = [make.owner(), make.owner()]

    def answer(owner: Owner) -> Act:
        return lambda: make.reply(story, owner)

    assert at_once(*(answer(owner) for owner in owners)) == ["done", "done"]
    assert Case.objects.filter(closing="").count() == 2
    for revision in Revision.objects.in_state(State.WAITING):
        make.decided(revision, Outcome.APPROVE)
    assert len({one.name for one in thread_of(story, A_MEMBER).replies}) == 2


def test_the_same_form_many_times_at_once_makes_one_answer(settings: Any) -> None:
    settings.VISITOR_POSTS_AN_HOUR = 1_000
    story, client = make.published(), Client()

    def pressing(page: Any, **changes: Any) -> Act:
        def press() -> None:
            browser = Client(enforce_csrf_checks=True)
            for name, morsel in client.cookies.items():
                browser.cookies[name] = morsel.value
            answer = page.post(browser, **changes)
            assert answer.status_code == 303, answer.content.decode()

        return press

    page = answer_form(client, story)
    assert at_once(*[pressing(page, **ANSWER)] * 10) == ["done"] * 10
    reply = Contribution.objects.get(parent=story.pk)
    look_at = client.get(f"/stories/preview/{reply.pk}/")
    assert at_once(*[pressing(form(look_at, f"/{reply.pk}/"))] * 10) == ["done"] * 10
    assert Revision.objects.get(contribution=reply).state == State.WAITING
    assert Case.objects.filter(revision__contribution=reply).count() == 1
