"""Every page of leads, the page of an invitation, and the figures on moderation, as they are seen and typed into."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Role, User
from moderation.actions import claim
from moderation.actions.auditing import check_record, publish_head
from moderation.actions.leading import invite
from moderation.figures import Counted, rows_of, stored
from moderation.models import Case, Tally
from stories.models import Outcome
from tests import make
from tests.browser.walk import Walk
from tests.journeys import steps

RULES = ["kind", "own", "identify", "contact"]


def disagree() -> None:
    """Have two people decide differently about one text, and a third say what holds."""
    text = make.waiting()
    Case.objects.filter(revision=text).update(needs=2)
    for outcome in (Outcome.APPROVE, Outcome.REFUSE):
        make.decided(text, outcome)
    make.decided(text, Outcome.REFUSE, reviewer=make.moderator(role=Role.LEAD))


def test_pages_of_leads_are_sound(open_browser: Any, watch: Any) -> None:
    walk = Walk(open_browser, watch, make.moderator(role=Role.LEAD))
    walk.visit("/moderation/lead/")
    disagree()
    claim(make.case().pk, moderator=make.moderator("calm-river-1"))
    walk.visit("/moderation/lead/", kind="/moderation/lead/")
    walk.page.locator("summary", has_text="Have it decided anew").first.click()
    walk.page.get_by_label("A word to who reads it").first.fill("Please look. " * 200)
    watch.expected.add(422)
    steps.press(walk.page, "Put it in the queue again")
    walk.page.get_by_role("heading", name="Your words are still here").wait_for()
    walk.look("given back")
    walk.page.get_by_label("What you wrote").fill("Please look at the second paragraph.")
    steps.press(walk.page, "Try again")
    walk.page.get_by_role("button", name="Give to others").first.click()
    walk.look("/moderation/lead/")
    walk.visit("/moderation/lead/people/")
    steps.press(walk.page, "Make an invitation")
    walk.look("/moderation/lead/people/")
    one = make.moderator("quiet-field-2", second_factor=False)
    walk.visit("/moderation/lead/people/", kind="/moderation/lead/people/")
    walk.visit(f"/moderation/lead/people/{one.pk}/close/")
    steps.press(walk.page, "Close it")
    assert not User.objects.working_here().filter(pk=one.pk).exists()
    walk.visit("/moderation/lead/words/")
    walk.visit("/moderation/lead/words/rule/kind/en/")
    walk.page.get_by_label("Title").fill("Be gentle")
    steps.press(walk.page, "Look at it first")
    walk.page.get_by_role("heading", name="Be gentle").wait_for()
    walk.look("/moderation/lead/words/rule/kind/en/")
    steps.press(walk.page, "Save")
    walk.visit("/moderation/lead/words/template/letter-1/en/")
    walk.ends_well()


def test_an_invitation_is_followed(open_browser: Any, watch: Any) -> None:
    _invitation, code = invite(Role.MODERATOR, lead=make.moderator(role=Role.LEAD))
    walk = Walk(open_browser, watch)
    walk.visit("/accounts/invitation/")
    walk.page.goto(f"/accounts/invitation/#{code}")
    walk.page.reload()
    walk.page.goto("/about/")
    walk.page.goto(f"/accounts/invitation/#{code}")
    assert walk.page.get_by_label("The code of your invitation").input_value() == code
    assert "#" not in walk.page.url
    walk.page.get_by_label("Password").fill("seven quiet harbours here")
    steps.press(walk.page, "Open my account")
    steps.heading(walk.page, "Set up the second step")
    walk.ends_well()


def test_figures_on_moderation_are_sound(open_browser: Any, watch: Any) -> None:
    walk = Walk(open_browser, watch)
    walk.visit("/transparency/")
    make.published()
    for month in range(1, 15):
        when = date(2025 + month // 12, 1 + month % 12, 1)
        cases = [
            Counted(cause, outcome, frozenset(RULES[: number % 3]), "en", number % 2 == 0)
            for cause, outcome in (("new", "approve"), ("new", "refuse"), ("new", "ask_changes"), ("appeal", "uphold"))
            for number in range(20 + month)
        ]
        waits = [(hours, 4) for hours in range(20 + month)]
        rows = rows_of(when, cases, waits, rules=RULES, languages=["en"])
        Tally.objects.create(code=f"{when:%Y-%m}", cells=stored(rows), refreshed_on=date(2026, 11, 1))
    publish_head(today=date(2026, 11, 1))
    check_record(today=date(2026, 11, 1))
    walk.visit("/transparency/", kind="/transparency/")
    walk.visit("/transparency/?month=2025-03", kind="transparency, earlier")
    walk.ends_well()
