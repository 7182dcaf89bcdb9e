"""Threads and the pages of an answer, seen like all others: narrow, wide, zoomed, light, dark, right to left."""

from __future__ import annotations

from typing import Any

import pytest

from stories.actions import set_replies, withdraw
from stories.models import Contribution, Outcome, Publication
from tests import make
from tests.browser.walk import Walk
from tests.journeys import steps

LONG = "One sentence after the other, slowly and without a hurry. " * 12


@pytest.fixture
def thread(site: Any) -> Publication:
    """A story with every kind of answer, and a page of them more."""
    author = make.owner()
    story = make.published(author, title="The drive home")
    make.published_reply(story, text=LONG, role="partner", hope=True)
    make.published_reply(story, author)
    make.published_reply(story, warnings=["w2", "w3"])
    for number in range(20):
        reply = make.published_reply(story, text=f"Number {number}: I read this three times.")
        if number < 2:
            Contribution.objects.filter(pk=reply.pk).update(voice=bytes([7, 9, *[0] * 29, number]))
    return story


@pytest.mark.parametrize("signed_in", [False, True])
def test_pages_of_an_answer_are_sound(open_browser: Any, watch: Any, thread: Publication, signed_in: bool) -> None:
    walk = Walk(open_browser, watch, make.member() if signed_in else None)
    walk.visit(f"/stories/{thread.pk}/", kind="story")
    walk.page.get_by_role("link", name="Later answers").click()
    walk.look("story")
    walk.visit(f"/stories/{thread.pk}/reply/", kind="answer")
    walk.page.get_by_text("Does it need a content warning?").click()
    walk.look("answer")
    steps.linger(walk.page)
    steps.press(walk.page, "Look at it once more")
    walk.look("answer")
    walk.page.get_by_label("Your answer").fill(make.REPLY)
    walk.page.get_by_label("I am a partner").check()
    walk.page.get_by_label("This is a message of hope").check()
    steps.agree(walk.page)
    steps.look(walk.page)
    walk.look("preview")
    steps.send(walk.page)
    walk.look("status")
    walk.ends_well()


def test_pages_of_a_closed_thread_are_sound(open_browser: Any, watch: Any, site: Any) -> None:
    user = make.member()
    owner, author = make.owner(user), make.owner()
    story = make.published(author)
    reply, asked = make.published_reply(story, owner), make.reply(story, owner)
    make.decided(asked, Outcome.ASK_CHANGES, passages=[("text", 0, 12)])
    set_replies(story.pk, wanted=False, owner=author)
    walk = Walk(open_browser, watch, user)
    walk.visit(f"/stories/{story.pk}/", kind="story")
    walk.visit(f"/stories/{story.pk}/reply/", kind="answer")
    walk.visit(f"/stories/reply/{story.pk}/{asked.contribution_id}/", kind="answer")
    walk.visit(f"/stories/status/{asked.contribution_id}/", kind="status")
    withdraw(story.pk, owner=author)
    walk.visit(f"/stories/status/{reply.pk}/", kind="status")
    walk.ends_well()


def test_a_moderators_page_of_an_answer_and_of_all_fields_is_sound(open_browser: Any, watch: Any, site: Any) -> None:
    owner, story = make.owner(), make.published(title="The drive home", warnings=["w2"])
    tried = [{"code": "t02", "help": "h1", "tip": "Ring 07700 900123 first."}, {"code": "other", "name": "Swimming"}]
    said = {"stage": "s4", "goal": ["g2", "g5"], "country": "de"}
    live = make.published(owner)
    make.waiting(owner, contribution=live.pk, treatments=tried, answers=said, audience="members")
    make.reply(story, hope=True, warnings=["w3"])
    user = make.moderator()
    walk = Walk(open_browser, watch, user)
    for _ in range(2):
        walk.page.goto("/moderation/")
        steps.press(walk.page, "Read the next text")
        walk.page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        walk.look("case")
        steps.press(walk.page, "Pass it on")
    walk.ends_well()
