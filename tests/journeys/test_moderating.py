"""A moderator reads what waits, the writer answers, and everybody sees what was decided and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from moderation.models import Case, Decision
from stories.models import Outcome, Revision
from tests import make
from tests.journeys import steps
from tests.journeys.steps import PHONE, TEXT, TITLE

NOTE = "Please leave out the number, then everybody can read it."
SELECT = """passage => {
  const range = document.createRange();
  range.selectNodeContents(passage.firstChild);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


class Two:
    """A writer with an account and a moderator, each at their own browser."""

    def __init__(self, open_browser: Any, *, scripts: bool) -> None:
        self.member, self.colleague = make.member(), make.moderator()
        self.writer, self.moderator = open_browser(scripts=scripts), open_browser(width=1280, scripts=scripts)
        self.reader = open_browser(scripts=scripts)
        steps.signed_in(self.writer, self.member)

    def published(self, title: str) -> bool:
        """Say whether somebody without a visit finds a story in the list."""
        self.reader.goto("/stories/")
        return self.reader.get_by_role("link", name=title).count() == 1


def mark(page: Any, words: str, *, scripts: bool) -> None:
    """Mark a passage: with the mouse where scripts run, else by copying the words."""
    if scripts:
        page.get_by_role("article").locator("mark", has_text=words).evaluate(SELECT)
        steps.press(page, "Mark the selected words")
        expect(page.get_by_text(f"Marked: {words}")).to_be_visible()
        expect(page.get_by_label("Which passages?")).to_have_value(f"{words}\n")
    else:
        page.get_by_label("Which passages?").fill(words)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_story_goes_from_a_request_for_changes_to_the_page(open_browser: Any, scripts: bool) -> None:
    # Given a text with a telephone number that waits,
    two = Two(open_browser, scripts=scripts)
    page = two.moderator
    make.waiting(make.owner(two.member), title=TITLE, text=TEXT)

    # when a moderator signs in in two steps and takes it,
    steps.sign_in(page, two.colleague.handle)
    steps.heading(page, "One more step")
    steps.second_step(page, two.colleague)
    steps.heading(page, "Texts waiting to be read")
    expect(page.get_by_text("The oldest has waited less than an hour.")).to_be_visible()
    steps.press(page, "Read the next text")

    # they see the number marked, and nothing that says who wrote it.
    steps.heading(page, TITLE)
    expect(page.get_by_text("Please look at these")).to_be_visible()
    expect(page.get_by_role("article").locator("mark", has_text=PHONE)).to_be_visible()
    assert two.member.handle not in page.content()

    # When they ask for a change, with a rule, a passage and a few words,
    page.get_by_label("No contact details and no links").check()
    mark(page, PHONE, scripts=scripts)
    page.get_by_label("Words to the writer").fill(NOTE)
    steps.press(page, "Ask for a change")
    expect(page.get_by_text("The writer is asked for a change, with your words.")).to_be_visible()

    answered(two)
    assert not two.published(TITLE)

    # then the moderator approves the answer, with a warning of their own.
    steps.take_next(page)
    steps.publish(page, warnings=["Not being believed by professionals"])
    assert two.published(TITLE)
    two.reader.get_by_role("link", name=TITLE).click()
    expect(two.reader.get_by_text("Not being believed by professionals")).to_be_visible()
    two.reader.get_by_text("Show the story").click()
    expect(two.reader.get_by_text("being believed when I answered")).to_be_visible()
    expect(two.reader.get_by_text(PHONE)).to_have_count(0)
    two.writer.reload()
    expect(two.writer.get_by_text("added this for readers: Not being believed by professionals")).to_be_visible()


def answered(two: Two) -> None:
    """Then the writer sees rule, passage and note, and answers without losing anything."""
    page = two.writer
    page.goto("/stories/mine/")
    expect(page.get_by_text("A change was asked for")).to_be_visible()
    steps.follow(page, TITLE)
    expect(page.get_by_text("No contact details and no links")).to_be_visible()
    expect(page.locator("mark", has_text=PHONE)).to_be_visible()
    expect(page.get_by_text(NOTE)).to_be_visible()
    assert two.colleague.handle not in page.content()
    steps.follow(page, "Change it and send it again")
    expect(page.get_by_label("Your story")).to_have_value(TEXT)
    expect(page.get_by_text(NOTE)).to_be_visible()
    page.get_by_label("Your story").fill(make.TEXT)
    steps.change(page)
    steps.look(page)
    steps.send(page)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_edit_leaves_the_approved_version_up_and_withdrawal_takes_all_away(open_browser: Any, scripts: bool) -> None:
    # Given a published story whose writer changes it,
    two = Two(open_browser, scripts=scripts)
    page, story = two.writer, make.published(make.owner(two.member), title=TITLE)
    steps.signed_in(two.moderator, two.colleague)
    page.goto(f"/stories/status/{story.pk}/")
    steps.follow(page, "Change it")
    page.get_by_label("Title").fill("A Wednesday after all")
    page.get_by_label("Your story").fill(f"{make.TEXT}\n\nSince then it is a little lighter.")
    steps.change(page)
    steps.look(page)
    steps.send(page)
    expect(page.get_by_text("Until then readers see the version that was approved.")).to_be_visible()

    # then readers see the approved version until the change is approved.
    assert two.published(TITLE)
    two.reader.goto(f"/stories/{story.pk}/")
    expect(two.reader.get_by_text("a little lighter")).to_have_count(0)
    steps.take_next(two.moderator)
    changes = two.moderator.get_by_text("What changes beside the published version")
    expect(changes).to_be_visible()
    expect(two.moderator.get_by_role("insertion").filter(has_text="a little lighter")).to_be_visible()
    steps.publish(two.moderator)
    two.reader.reload()
    steps.heading(two.reader, "A Wednesday after all")
    expect(two.reader.get_by_text("a little lighter")).to_be_visible()


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_withdrawn_story_is_gone_everywhere_at_once(open_browser: Any, watch: Any, scripts: bool) -> None:
    watch.expected.add(404)
    two = Two(open_browser, scripts=scripts)
    story = make.published(make.owner(two.member), title=TITLE)
    assert two.published(TITLE)
    two.writer.goto(f"/stories/status/{story.pk}/")
    steps.follow(two.writer, "Withdraw the text")
    steps.heading(two.writer, "Withdraw this text?")
    steps.press(two.writer, "Withdraw it")
    expect(two.writer.get_by_text("You withdrew this text.")).to_be_visible()

    assert not two.published(TITLE)
    two.reader.goto("/")
    expect(two.reader.get_by_text(TITLE)).to_have_count(0)
    assert steps.count(two.reader, "stories") == "0"
    two.reader.goto(f"/stories/{story.pk}/")
    steps.heading(two.reader, "There is no story here that you can read")

    # The words are not lost to the one who wrote them.
    steps.follow(two.writer, "Begin a new text with these words")
    expect(two.writer.get_by_label("Your story")).to_have_value(make.TEXT)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_refusal_says_why(open_browser: Any, watch: Any, scripts: bool) -> None:
    watch.expected.add(422)
    two = Two(open_browser, scripts=scripts)
    page = two.moderator
    text = make.waiting(make.owner(two.member), title=TITLE, text=TEXT)
    steps.signed_in(page, two.colleague)
    steps.take_next(page)

    # Given a moderator who refuses without a word, the page asks for a rule and a sentence, and keeps the rest.
    mark(page, PHONE, scripts=scripts)
    steps.press(page, "Do not publish")
    expect(page.get_by_text("Please tick at least one house rule").first).to_be_visible()
    expect(page.get_by_label("Which passages?")).to_have_value(PHONE if not scripts else f"{PHONE}\n")
    page.get_by_label("No contact details and no links").check()
    page.get_by_label("Words to the writer").fill("This text is mostly an invitation to ring.")
    steps.press(page, "Do not publish")
    expect(page.get_by_text("The text is not published. The writer reads your words.")).to_be_visible()

    two.writer.goto(f"/stories/status/{text.contribution_id}/")
    expect(two.writer.get_by_role("heading", name="Why it was not published")).to_be_visible()
    expect(two.writer.get_by_text("This text is mostly an invitation to ring.")).to_be_visible()
    expect(two.writer.locator("mark", has_text=PHONE)).to_be_visible()
    expect(two.writer.get_by_role("link", name="Change it and send it again")).to_be_visible()


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_skipped_and_returned_texts_are_free_for_others(open_browser: Any, scripts: bool) -> None:
    first, second = open_browser(scripts=scripts), open_browser(scripts=scripts)
    steps.signed_in(first, make.moderator())
    steps.signed_in(second, make.moderator())
    make.waiting(title=TITLE)

    # While one holds it, the other gets nothing.
    steps.take_next(first)
    second.goto("/moderation/")
    expect(second.get_by_text("Nothing is left for you just now")).to_be_visible()

    # Given back, it is there for both; passed on, it does not come back.
    steps.press(first, "Give it back")
    expect(first.get_by_text("The text is back in the queue.")).to_be_visible()
    steps.take_next(first)
    steps.press(first, "Pass it on")
    expect(first.get_by_text("It does not come back to you.").first).to_be_visible()
    expect(first.get_by_role("button", name="Read the next text")).to_have_count(0)
    steps.take_next(second)
    steps.heading(second, TITLE)


def test_page_that_is_left_lets_go_by_itself(open_browser: Any) -> None:
    page = open_browser()
    steps.signed_in(page, make.moderator())
    make.waiting()
    steps.take_next(page)
    expect(page.get_by_text("Yours until about")).to_be_visible()
    assert Case.objects.get().lease_until > timezone.now() + timedelta(minutes=14)
    steps.nav(page, "Stories")
    page.wait_for_timeout(500)
    assert Case.objects.get().lease_until < timezone.now() + timedelta(minutes=1)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_second_of_two_decisions_is_told_and_loses_nothing(open_browser: Any, watch: Any, scripts: bool) -> None:
    # Given a moderator whose time ran out while they wrote, and another who took the text,
    watch.expected.add(409)
    first, second = open_browser(scripts=scripts), open_browser(scripts=scripts)
    steps.signed_in(first, make.moderator())
    steps.signed_in(second, make.moderator())
    make.waiting(title=TITLE, text=TEXT)
    steps.take_next(first)
    first.get_by_label("No contact details and no links").check()
    first.get_by_label("Which passages?").fill(PHONE)
    first.get_by_label("Words to the writer").fill(NOTE)
    Case.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    steps.take_next(second)
    steps.publish(second, warnings=["Not being believed by professionals"])

    # when the first decides too,
    steps.press(first, "Ask for a change")

    # then the page says what stands, and holds all that they wrote.
    steps.heading(first, "This text was decided already")
    expect(first.get_by_text("Not being believed by professionals")).to_be_visible()
    expect(first.get_by_text("No contact details and no links")).to_be_visible()
    expect(first.get_by_text(PHONE)).to_be_visible()
    expect(first.get_by_label("What you wrote")).to_have_value(NOTE)
    assert list(Decision.objects.values_list("outcome", flat=True)) == [Outcome.APPROVE]
    assert Revision.objects.get().state == "approved"


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_lease_that_ran_out_is_taken_again_with_all_that_was_written(
    open_browser: Any, watch: Any, scripts: bool
) -> None:
    watch.expected.add(409)
    page = open_browser(scripts=scripts)
    steps.signed_in(page, make.moderator())
    make.waiting(title=TITLE, text=TEXT)
    steps.take_next(page)
    page.get_by_label("No contact details and no links").check()
    page.get_by_label("Which passages?").fill(TEXT[:30])
    page.get_by_label("Words to the writer").fill(NOTE)
    Case.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    steps.press(page, "Ask for a change")
    steps.heading(page, "You no longer held this text")
    steps.press(page, "Take it again with all I wrote")
    expect(page.get_by_label("No contact details and no links")).to_be_checked()
    expect(page.get_by_label("Words to the writer")).to_have_value(NOTE)
    steps.press(page, "Ask for a change")
    expect(page.get_by_text("The writer is asked for a change, with your words.")).to_be_visible()
