"""Every outcome, and what is done beside one, by its key alone; and the board that changes while somebody looks."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import User
from moderation.models import Case, Decision, Note
from stories.actions import appeal
from stories.models import Message, Outcome, Suppression
from tests import make
from tests.journeys import steps
from tests.journeys.test_reviewing import CONTACT, Keys

DANGER = make.TEXT + "\n\nI am going to kill myself tonight."
WORDS = "Please leave out the number."


@pytest.fixture
def moderator(site: Any) -> User:
    return make.moderator()


@pytest.fixture
def keys(open_browser: Any, moderator: User) -> Keys:
    page = open_browser(width=1280)
    steps.signed_in(page, moderator)
    return Keys(page)


def take(keys: Keys) -> None:
    keys.page.goto("/moderation/")
    keys.press("n")
    expect(keys.page).to_have_title("A text to read · Fernway")
    keys.page.wait_for_load_state("load")


def sure(keys: Keys, key: str) -> None:
    """Press a key, and Enter when it is asked."""
    keys.press(key)
    expect(keys.page.get_by_role("dialog")).to_be_visible()
    keys.press("Enter")


def write(keys: Keys, key: str, words: str) -> None:
    """Go to a box by its key, write, and leave it."""
    keys.press(key)
    keys.type(words)
    keys.press("Tab")


def reported() -> None:
    make.report(make.published(text=CONTACT), rules=["contact"], text="It has a number.", owner=make.owner())


def appealed() -> None:
    by = make.owner()
    refused = make.waiting(by, text=CONTACT)
    make.decided(refused, Outcome.REFUSE)
    appeal(refused.contribution_id, text="I see it differently.", owner=by)


@pytest.mark.parametrize(
    ("arrange", "key", "outcome"),
    [
        (lambda: make.waiting(text=CONTACT), "x", Outcome.REFUSE),
        (lambda: make.waiting(text=CONTACT), "c", Outcome.ASK_CHANGES),
        (reported, "x", Outcome.REMOVE),
        (appealed, "x", Outcome.UPHOLD),
    ],
    ids=["refuse", "ask", "remove", "uphold"],
)
def test_what_needs_reasons_is_decided_by_keys(keys: Keys, arrange: Any, key: str, outcome: Outcome) -> None:
    arrange()
    take(keys)
    keys.press("g")
    write(keys, "t", WORDS)
    sure(keys, key)
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("Texts waiting to be read")
    assert Decision.objects.filter(outcome=outcome).exists()


def test_words_are_replaced_and_proposed_by_keys(keys: Keys) -> None:
    make.waiting(text=CONTACT)
    take(keys)
    keys.page.evaluate("getSelection().selectAllChildren(document.querySelector('[data-passages] .signal'))")
    keys.press("r")
    expect(keys.page.get_by_text("Replaced, as often as it stands there: 1")).to_be_visible()
    keys.press("g")
    write(keys, "t", WORDS)
    sure(keys, "o")
    expect(keys.page.get_by_text("Your words are offered to the writer, who decides.")).to_be_visible()
    assert "[contact details] in the evening" in Case.objects.get(outcome="propose").proposed.text


def test_a_reported_text_is_hidden_by_a_key(keys: Keys) -> None:
    reported()
    take(keys)
    sure(keys, "v")
    expect(keys.page.get_by_text("Readers do not see it until you have decided.")).to_be_visible()
    assert Suppression.objects.exists()


def test_help_goes_to_somebody_in_danger_by_keys(keys: Keys) -> None:
    make.waiting(text=DANGER)
    take(keys)
    keys.press("1")
    expect(keys.page.get_by_text("Done:", exact=True)).to_be_attached()
    write(keys, "h", "You are heard.")
    sure(keys, "l")
    expect(keys.page.get_by_text("The writer was told: You are heard.")).to_be_visible()
    assert (Note.objects.get().step, Message.objects.get().text) == ("read", "You are heard.")


def test_a_text_is_left_to_others_by_keys(keys: Keys, watch: Any) -> None:
    make.waiting()
    take(keys)
    write(keys, "i", "Please look at the date.")
    keys.press("y")
    expect(keys.page.get_by_text("You: Please look at the date.")).to_be_visible()
    watch.expected.add(422)
    write(keys, "i", "I know her.")
    sure(keys, "s")
    expect(keys.page.get_by_text("Some of your words are kept nowhere yet")).to_be_visible()
    sure(keys, "e")
    expect(keys.page.get_by_text("Two other people will decide about that text.")).to_be_visible()
    notes = Note.objects.order_by("number").values_list("text", flat=True)
    assert list(notes) == ["Please look at the date.", "I know her."]


def test_the_board_brings_the_way_to_a_text_that_came(keys: Keys) -> None:
    refresh = "document.dispatchEvent(new Event('visibilitychange'))"
    page = keys.page
    page.goto("/moderation/")
    button = page.get_by_role("button", name="Read the next text")
    expect(button).to_have_count(0)
    make.waiting()
    page.evaluate(refresh)
    expect(button).to_be_visible()
    expect(button.locator("kbd")).to_be_visible()
    button.focus()
    make.waiting()
    page.evaluate(refresh)
    expect(page.get_by_text("texts wait", exact=True)).to_be_visible()
    expect(button).to_be_focused()
    table = page.get_by_role("region", name="What waits, and why")
    table.focus()
    make.waiting(text=DANGER)
    page.evaluate(refresh)
    expect(page.locator("[data-urgent]")).to_contain_text("1 person may need help now")
    expect(page.get_by_role("status").filter(has_text="may need help")).to_have_count(1)
    expect(page).to_have_title("(1) Queue · Fernway")
    expect(table).to_be_focused()
    keys.press("n")
    expect(page).to_have_title("A text to read · Fernway")
