"""Every outcome there is, decided on the pages: by its key where scripts run, by its button where they do not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import Role, User
from moderation.actions import claim
from moderation.models import Case, Note
from stories.actions import appeal
from stories.models import Message, Outcome, Publication, Revision, Suppression
from tests import make
from tests.chromium import axe
from tests.journeys import steps
from tests.moderation import two

NUMBER = "07700 900123"
TEXT = f"{make.TEXT}\n\nRing {NUMBER} in the evening."
WORDS = "The number has to go. The rest is good to have here."
TEMPLATE_BEGINS = re.compile("^Thank you for writing. We leave out ways to reach a person")


class Desk:
    """Those who review, one after the other at one browser."""

    def __init__(self, page: Any, *, scripts: bool) -> None:
        self.page, self.scripts = page, scripts

    def take(self, case: Case, by: User | None = None) -> None:
        """Sit down with a text in hand."""
        user = by or make.moderator()
        claim(case.pk, moderator=user)
        steps.signed_in(self.page, user)
        self.page.goto(f"/moderation/cases/{case.pk}/")

    def say(self, *, passage: str = NUMBER) -> None:
        """Tick a house rule, copy a passage and write to the writer."""
        self.page.get_by_label("No contact details and no links").check()
        if passage:
            self.page.get_by_label("Which passages?").fill(passage)
        self.page.get_by_label("Words to the writer").fill(WORDS)

    def press(self, name: str, then: str) -> None:
        """Press a button, by its key where there are keys, and read what happened."""
        button = self.page.get_by_role("button", name=name, exact=True)
        if self.scripts:
            self.page.wait_for_load_state("load")
            self.page.get_by_role("heading", level=1).click()  # keys are off in boxes
            self.page.keyboard.press(button.get_attribute("data-key"))
            steps.press(self.page, "Yes")
        else:
            button.click()
        expect(self.page.get_by_text(then).first).to_be_visible()


def state(revision: Revision) -> str:
    return str(Revision.objects.values_list("state", flat=True).get(pk=revision.pk))


def reported() -> tuple[Publication, Case]:
    live = make.published(text=TEXT)
    make.report(live, rules=["kind"], text="It is unkind.", owner=make.owner())
    return live, Case.objects.get(cause="report")


def refuse(desk: Desk) -> None:
    sent = make.waiting(text=TEXT)
    desk.take(two.open_case(sent))
    desk.say()
    desk.press("Do not publish", "The text is not published. The writer reads your words.")
    assert state(sent) == "refused"


def ask_with_a_template(desk: Desk) -> None:
    sent, page = make.waiting(text=TEXT), desk.page
    desk.take(two.open_case(sent))
    desk.say()
    page.get_by_label("Words to the writer").fill("")
    page.get_by_label("Begin from a template").select_option("contact")
    steps.press(page, "Put it below")
    words = page.get_by_label("Words to the writer")
    expect(words).to_have_value(TEMPLATE_BEGINS)
    desk.press("Ask for a change", "This still has a gap to fill: [which words]")
    words.fill(words.input_value().replace("[which words]", "the number"))
    desk.press("Ask for a change", "The writer is asked for a change, with your words.")
    assert state(sent) == "changes_asked"


def propose_and_agree(desk: Desk) -> None:
    sent, page = make.waiting(text=TEXT), desk.page
    for then in ("A second person reads it too.", "Your words are offered to the writer, who decides."):
        desk.take(two.open_case(sent))
        desk.say(passage="")
        asked = page.get_by_role("button", name="Propose the other words")
        if asked.count():
            page.get_by_text("Put other words in place of some").click()
            page.get_by_label("The text").fill(make.TEXT)
        if then.startswith("Your"):
            if asked.count():
                desk.press("Propose the other words", "You both chose to propose other words")
            desk.press("Agree to these words", then)
        else:
            desk.press("Propose the other words", then)
            assert state(sent) == "waiting"
    assert Revision.objects.get(state="proposed").text == make.TEXT


def escalate(desk: Desk) -> None:
    case = make.case(text=TEXT)
    desk.take(case)
    desk.page.get_by_label("A note to your colleagues").fill("I know the writer.")
    desk.press("Let two others decide", "Two other people will decide about that text.")
    assert Case.objects.get(pk=case.pk).needs == 2


def hide_and_keep(desk: Desk) -> None:
    live, case = reported()
    desk.take(case)
    desk.press("Hide it now", "Readers do not see it until you have decided.")
    assert Suppression.objects.filter(pk=live.pk).exists()
    if not desk.scripts:  # the key asks, and ticks it
        desk.page.get_by_label("I have read it to the end").check()
    desk.press("Let it stand", "The text stays as it is.")
    assert not Suppression.objects.exists()


def remove(desk: Desk) -> None:
    live, case = reported()
    desk.take(case)
    desk.say()
    desk.press("Take it down", "The text is taken down everywhere. The writer reads your words.")
    assert state(live.revision) == "removed"
    assert not Publication.objects.exists()


def uphold(desk: Desk) -> None:
    case = appealed()
    desk.take(case)
    desk.say(passage="")
    desk.press("Let the decision stand", "The decision stands. The writer reads your words.")
    assert Case.objects.get(pk=case.pk).outcome == "uphold"


def help_in_danger(desk: Desk) -> None:
    case, page = make.case(text=f"{make.TEXT} I want to die tonight."), desk.page
    desk.take(case)
    page.get_by_role("button", name="Done").first.click()
    expect(page.get_by_text("Done:", exact=True).first).to_be_attached()
    page.get_by_label("A message to the writer now").fill("You are not alone with this.")
    desk.press("Leave the message", "The writer was told:")
    assert Note.objects.exclude(step="").count() == 1
    assert Message.objects.get().text == "You are not alone with this."
    assert state(case.revision) == "waiting"


def a_lead_decides(desk: Desk) -> None:
    case = contested()
    desk.take(case, make.moderator(role=Role.LEAD))
    expect(desk.page.get_by_text("Two people see this differently")).to_be_visible()
    expect(desk.page.get_by_role("button", name="Ask for a change")).to_have_count(0)
    desk.say()
    desk.press("Do not publish", "The text is not published. The writer reads your words.")
    assert state(case.revision) == "refused"


def appealed() -> Case:
    by = make.owner()
    refused = make.waiting(by, text=TEXT)
    make.decided(refused, Outcome.REFUSE)
    appeal(refused.contribution_id, text="I see it differently, and say why.", owner=by)
    return Case.objects.get(cause="appeal")


def contested() -> Case:
    case = make.case(text=TEXT)
    for outcome, person in zip((Outcome.APPROVE, Outcome.REFUSE), two.people(2), strict=True):
        two.decides(case, outcome, person, second=True)
    return case


OUTCOMES: list[Callable[[Desk], None]] = [
    refuse,
    ask_with_a_template,
    propose_and_agree,
    escalate,
    hide_and_keep,
    remove,
    uphold,
    help_in_danger,
    a_lead_decides,
]


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda one: one.__name__)
def test_every_outcome_is_decided_on_its_page(
    open_browser: Any, watch: Any, scripts: bool, outcome: Callable[[Desk], None]
) -> None:
    watch.expected.add(422)
    outcome(Desk(open_browser(width=1280, scripts=scripts), scripts=scripts))


def test_a_lead_needs_no_scripts(open_browser: Any) -> None:
    page, other = open_browser(scripts=False), make.moderator()
    steps.signed_in(page, make.moderator(role=Role.LEAD))
    case = claim(make.case().pk, moderator=other)
    page.goto("/moderation/lead/")
    page.get_by_role("button", name="Give to others").click()
    expect(page.get_by_text("The text is back in the queue.")).to_be_visible()
    assert not Case.objects.get(pk=case.pk).is_held
    page.goto("/moderation/lead/people/")
    steps.press(page, "Make an invitation")
    expect(page.get_by_text("This is shown once.")).to_be_visible()
    page.goto("/moderation/lead/words/rule/kind/en/")
    page.get_by_label("Title").fill("Be gentle")
    steps.press(page, "Look at it first")
    expect(page.get_by_role("heading", name="Be gentle")).to_be_visible()
    steps.press(page, "Save")
    expect(page.get_by_text("Saved. It is shown from now on.")).to_be_visible()


def test_the_page_of_every_cause_is_sound(open_browser: Any, settings: Any) -> None:
    lead, by = make.moderator(role=Role.LEAD), make.owner()
    make.moderator()  # beside the lead, so that a refusal is compared and can be appealed against
    sampled = make.waiting()
    settings.SAMPLE_SHARE = 1.0
    make.decided(sampled, Outcome.REFUSE)
    settings.SAMPLE_SHARE = 0.0
    live = make.published(by, text=TEXT)
    cases = {
        "new": make.case(text=TEXT),
        "urgent": make.case(text=f"{make.TEXT} I want to die tonight."),
        "edit": two.open_case(make.waiting(by, contribution=live.pk, text=make.TEXT, warnings=["w2"])),
        "report": reported()[1],
        "appeal": appealed(),
        "sample": two.open_case(sampled),
        "contested": contested(),
    }
    page = open_browser()
    steps.signed_in(page, lead)
    found = {}
    for cause, case in cases.items():
        claim(case.pk, moderator=lead)
        page.goto(f"/moderation/cases/{case.pk}/")
        expect(page).to_have_title("A text to read · Fernway")
        found[cause] = axe(page)
    assert {cause: faults for cause, faults in found.items() if faults} == {}
