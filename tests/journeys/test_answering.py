"""Somebody answers a story, a moderator reads the answer, and whoever told the story answers back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from stories.models import Publication
from stories.thread import name_of
from tests import make
from tests.journeys import steps

TITLE = "The drive home"
FIRST = "I am the one at the wheel. We read this together, and then she slept well for once."
BACK = "Thank you both. I had hoped that somebody would read it in a car park."


@pytest.fixture
def author(site: Any) -> Any:
    return make.member()


@pytest.fixture
def story(author: Any) -> Publication:
    return make.published(make.owner(author), title=TITLE)


def answer(page: Any, words: str, *, role: str, hope: bool = False) -> None:
    """Write an answer from the story's page on, look at it, and send it."""
    steps.follow(page, "Answer")
    steps.heading(page, "Answer a story")
    expect(page.get_by_text("your experience, not instructions")).to_be_visible()
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    page.get_by_label("Your answer").fill(words)
    page.get_by_label(role).check()
    if hope:
        page.get_by_label("This is a message of hope").check()
    steps.agree(page)
    steps.linger(page)
    steps.look(page)
    expect(page.get_by_text("In this thread you are called")).to_be_visible()
    steps.send(page)


def approve(page: Any) -> None:
    """Read the next text with the story it answers beside it, and publish it."""
    steps.take_next(page)
    expect(page.get_by_text("An answer to a story")).to_be_visible()
    expect(page.get_by_text("For a long time I told nobody.")).to_be_hidden()
    page.get_by_text("The story that it answers:").click()
    expect(page.get_by_text("For a long time I told nobody.")).to_be_visible()
    steps.publish(page)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_answer_of_a_partner_is_read_and_answered(
    open_browser: Any, story: Publication, author: Any, scripts: bool
) -> None:
    # Given a partner who reads a story on a phone, without an account,
    phone, colleague = open_browser(width=360, scripts=scripts), make.moderator()
    phone.goto(f"/stories/{story.pk}/")
    expect(phone.get_by_text("Nobody has answered yet.")).to_be_visible()

    # when they answer it with a message of hope, they are given a receipt and told what happens next.
    answer(phone, FIRST, role="I am a partner", hope=True)
    steps.receipt_code(phone)
    expect(phone.get_by_text(f"An answer to: {TITLE}")).to_be_visible()
    phone.goto(f"/stories/{story.pk}/")
    expect(phone.get_by_text(FIRST)).to_have_count(0)

    # When a moderator publishes it,
    desk = open_browser(width=1280, scripts=scripts)
    steps.sign_in(desk, colleague.handle)
    steps.second_step(desk, colleague)
    approve(desk)

    # then everybody reads it under the story, as what it is, under a name of this thread.
    reader = open_browser(scripts=scripts)
    reader.goto(f"/stories/{story.pk}/")
    thread = reader.get_by_role("region", name="Answers")
    (reply,) = Publication.objects.readable_by(author).replies_to(story.pk)
    name = name_of(bytes(reply.contribution.voice))
    expect(thread.get_by_role("article", name=name)).to_contain_text(FIRST)
    expect(thread.get_by_role("article", name=name)).to_contain_text("A message of hope")
    expect(thread.get_by_role("article", name=name)).to_contain_text("A partner")

    # When whoever told the story answers back,
    own = open_browser(scripts=scripts)
    steps.signed_in(own, author)
    own.goto(f"/stories/{story.pk}/")
    answer(own, BACK, role="I have it, or had it")
    approve(desk)

    # then they stand below each other, and the author is marked, with no link to anything else of theirs.
    reader.reload()
    expect(thread.get_by_role("article")).to_have_count(2)
    expect(thread.get_by_role("article").last).to_contain_text(BACK)
    expect(thread.get_by_role("article").last).to_contain_text("who told this story")
    expect(thread.get_by_role("article").first).not_to_contain_text("who told this story")
    expect(thread.get_by_role("article").get_by_role("link")).to_have_count(0)
    assert author.handle not in reader.content()

    # When they take no more answers, nobody finds a way to write one.
    own.goto(f"/stories/status/{story.pk}/")
    steps.press(own, "Take no more answers")
    expect(own.get_by_text("Nobody can answer this story now.")).to_be_visible()
    reader.reload()
    expect(reader.get_by_role("link", name="Answer", exact=True)).to_have_count(0)
    expect(reader.get_by_text("takes no answers now")).to_be_visible()


def test_answer_is_written_by_keyboard_and_found_again(open_browser: Any, watch: Any, story: Publication) -> None:
    watch.expected |= {422}
    page = open_browser(width=360)
    page.goto(f"/stories/{story.pk}/reply/")
    page.get_by_label("Your answer").focus()
    page.keyboard.type("I know that car park.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("I have it, or had it")).to_be_checked()
    steps.linger(page)
    page.get_by_role("button", name="Keep it and go on later").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("A draft", exact=True)).to_be_visible()

    # Whoever comes back to the story goes on where they were.
    page.goto(f"/stories/{story.pk}/")
    steps.follow(page, "Answer")
    expect(page.get_by_label("Your answer")).to_have_value("I know that car park.")
    steps.press(page, "Look at it once more")
    expect(page.get_by_role("alert")).to_contain_text("One thing needs another look")
    expect(page.get_by_role("alert")).to_be_focused()
