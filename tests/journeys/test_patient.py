"""A patient with an account tells everything that can be told, and nothing of it goes astray."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

import content
from stories.models import Revision
from tests import make
from tests.journeys import steps
from tests.journeys.steps import TITLE

PACK = content.load()
MAIL = "quiet.fern@example.org"
WARNINGS = ["Not being believed by professionals", "Shame from religion, culture or family"]
ROW = {"code": "t05", "help": "h2", "duration": "d2", "supervised": "m1", "ending": "z3", "reason": "i3"}
ASKED = {
    "code": "What was it?",
    "help": "Did it help?",
    "duration": "For how long?",
    "supervised": "With somebody, or on your own?",
    "ending": "How did it end?",
    "reason": "If it ended or you stopped: why?",
}
# All that a page holds of what was typed and chosen.
FILLED = """() => [...document.querySelectorAll('main form :is(input, select, textarea)')]
  .filter((one) => one.type !== 'hidden' && one.value && (!['checkbox', 'radio'].includes(one.type) || one.checked))
  .map((one) => [one.name, one.value])"""
STEPS = ["About you", "Your story", "What you tried", "Who may see it"]


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_patient_tells_everything(open_browser: Any, watch: Any, scripts: bool) -> None:
    # Given a member on a phone who fills in all that can be filled in, and goes back and forth,
    watch.expected.add(422)
    page, writer = open_browser(width=360, scripts=scripts), make.member()
    steps.signed_in(page, writer)
    page.goto("/stories/new/")
    page.get_by_role("link", name="I have it, or had it").click()
    answers, filled = answer(page), {}
    filled[STEPS[0]] = left(page, STEPS[0])
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Your story").fill(make.TEXT)
    filled[STEPS[1]] = left(page, STEPS[1])
    name_what_was_tried(page)
    filled[STEPS[2]] = left(page, STEPS[2])
    share(page)
    filled[STEPS[3]] = page.evaluate(FILLED)
    for button, names in (("Back", STEPS[2::-1]), ("Go on", STEPS[1:])):
        for name in names:
            steps.press(page, button)
            steps.heading(page, name)
            assert page.evaluate(FILLED) == filled[name], name

    # when they look at it, an address is found in the tip and taken out with one press.
    steps.look(page)
    steps.sound(page, "Look at it once more")
    steps.press(page, "Change it to [contact details]")
    expect(page.get_by_text(MAIL)).to_have_count(0)
    steps.send(page)
    sent = Revision.objects.get()
    assert (sent.answers, sent.audience, sent.warnings) == (answers, "members", ["w3", "w7"])
    assert sent.consents == ["publish", "rules", "quote", "statistics"]
    assert sent.treatments == [
        ROW | {"tip": "Slowly. Ask [contact details] how."},
        {"code": "other", "name": "Swimming", "help": "h1"},
    ]

    # Then a moderator sees all that readers will see, and readers find it.
    desk = open_browser(width=1280, scripts=scripts)
    steps.signed_in(desk, make.moderator())
    steps.take_next(desk)
    expect(desk.get_by_text("For members only")).to_be_visible()
    expect(desk.get_by_text(f"Before you read: {', '.join(WARNINGS)}")).to_be_visible()
    expect(desk.get_by_role("article").locator("dl.facts dt")).to_have_text([*LABELS, "Biofeedback", "Swimming"])
    nothing_else(desk, desk.get_by_role("article").locator("dl.facts"))
    steps.sound(desk, TITLE)
    steps.publish(desk)
    found(open_browser, scripts=scripts)
    page.reload()
    steps.follow(page, "Stories like mine")
    steps.sound(page, "Stories")


SHOWN = [question for question in PACK.questions if question.shown]
LABELS = [question.filter_label for question in SHOWN]


def answer(page: Any) -> dict[str, Any]:
    """Answer every question, and return what was said."""
    said: dict[str, Any] = {}
    page.get_by_text("more questions, for figures only").click()
    for question in PACK.asked("self"):
        group = page.get_by_role("group", name=question.label)
        if question.code == "country":
            page.get_by_label(question.label).select_option(label="New Zealand")
            said["country"] = "nz"
        elif question.kind == "many":
            said[question.code] = [one.code for one in question.options[2:4]]
            for option in question.options[2:4]:
                group.get_by_label(option.label, exact=True).check()
        else:
            said[question.code] = question.options[2].code
            box = group.get_by_label(question.options[2].label, exact=True)
            box.check() if box.count() else page.get_by_label(question.label).select_option(said[question.code])
    expect(page.get_by_text("it is never shown with your story")).to_have_count(len(said) - len(SHOWN))
    return said


def left(page: Any, name: str) -> Any:
    """Go on from a step, and return what stood there."""
    steps.sound(page, name)
    filled = page.evaluate(FILLED)
    steps.go_on(page) if name == STEPS[0] else steps.press(page, "Go on")
    return filled


def name_what_was_tried(page: Any) -> None:
    """Fill in one row in full, and one about something that is not in the list."""
    page.get_by_text("More about it").first.click()
    for field, label in ASKED.items():
        page.get_by_label(label).nth(0).select_option(ROW[field])
    page.get_by_label("A tip in one line").nth(0).fill(f"Slowly. Ask {MAIL} how.")
    page.get_by_label(ASKED["code"]).nth(1).select_option(label="Something else")
    page.get_by_label(ASKED["help"]).nth(1).select_option("h1")
    steps.press(page, "Go on")
    expect(page.get_by_text("Please say in a few words what it was.").first).to_be_visible()
    page.get_by_label("If it was something else: what?").nth(1).fill("Swimming")
    steps.press(page, "Add another row")
    expect(page.get_by_label(ASKED["code"])).to_have_count(4)


def share(page: Any) -> None:
    """Choose members only, two warnings, and that it may be quoted and counted."""
    for label in ("Members only. Anybody", *WARNINGS, "This site may quote", "My answers may be counted"):
        page.get_by_label(label).check()
    steps.agree(page)
    steps.sound(page, STEPS[3])


def found(open_browser: Any, *, scripts: bool) -> None:
    """Find the story as another member, by filter and by search, with its card and nothing more; a visitor does not."""
    reader = open_browser(width=360, scripts=scripts)
    reader.goto("/stories/")
    expect(reader.get_by_role("link", name=TITLE)).to_have_count(0)
    steps.signed_in(reader, make.member())
    steps.nav(reader, "Search")
    reader.get_by_label("What are you looking for?").fill("swimming")
    steps.press(reader, "Search")
    expect(reader.get_by_role("link", name=TITLE)).to_be_visible()
    steps.nav(reader, "Stories")
    reader.get_by_text("Find stories like yours").click()
    reader.locator("summary", has_text="What was tried").click()
    reader.get_by_label("Biofeedback").check()
    steps.press(reader, "Show these stories")
    steps.sound(reader, "Stories")
    steps.follow(reader, TITLE)
    reader.get_by_text("Show the story").click()
    steps.sound(reader, TITLE)
    card = reader.locator("dl.facts")
    expect(card.locator("dt")).to_have_text([*LABELS, "What was tried"])
    nothing_else(reader, card)


def nothing_else(page: Any, card: Any) -> None:
    """See what was chosen for readers, in a few words, and no answer that is for figures only."""
    for question in SHOWN:
        chosen = question.options[2:4] if question.kind == "many" else question.options[2:3]
        expect(card).to_contain_text(", ".join(one.short for one in chosen))
    for words in ("Biofeedback", "Helped a little", "Slowly. Ask [contact details] how.", "Swimming", "Helped a lot"):
        expect(card).to_contain_text(words)
    unseen = [PACK.label(code) for name, code in ROW.items() if name not in {"code", "help"}]
    unseen += [one.options[2].label for one in PACK.asked("self") if not one.shown and one.options]
    for words in {*unseen, "New Zealand"} - {"No"}:  # a word of many others
        expect(page.locator("main")).not_to_contain_text(words)
