"""Every page of those who review, as they see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from moderation.actions import claim, release
from moderation.models import Case
from stories.actions import take_back
from stories.models import Outcome, Revision
from tests import make
from tests.browser.test_pages import LONG, PHONE, TEXT
from tests.browser.walk import Walk
from tests.journeys import steps
from tests.moderation import two


def case_of(revision: Revision) -> Case:
    """Return the case of a text."""
    return Case.objects.get(revision=revision)


def held(moderator: User, **changes: Any) -> Case:
    """Put a text that waits into somebody's hands."""
    return claim(make.case(**changes).pk, moderator=moderator)


def test_queue_is_sound(open_browser: Any, watch: Any) -> None:
    moderator = make.moderator()
    walk = Walk(open_browser, watch, moderator)
    walk.visit("/moderation/")
    first, *_ = [make.case() for _ in range(3)]
    walk.visit("/moderation/")
    steps.take_next(walk.page)
    steps.press(walk.page, "Pass it on")
    walk.look("/moderation/")
    for case in Case.objects.exclude(pk=first.pk):
        claim(case.pk, moderator=make.moderator())
    walk.visit("/moderation/")
    claim(first.pk, moderator=moderator)
    walk.visit("/moderation/")
    walk.visit("/stories/new/", status=403)
    walk.ends_well()


def test_case_is_sound(open_browser: Any, watch: Any) -> None:
    moderator = make.moderator()
    walk = Walk(open_browser, watch, moderator)
    case = held(moderator, title=LONG[:110], text=f"{TEXT}\n\n{LONG}", warnings=["w1"])
    walk.visit(f"/moderation/cases/{case.pk}/", kind="case")
    watch.expected |= {422, 409}
    steps.press(walk.page, "Do not publish")
    walk.look("case")
    Case.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    walk.page.get_by_label("No contact details and no links").check()
    walk.page.get_by_label("Which passages?").fill(PHONE)
    walk.page.get_by_label("Words to the writer").fill("Please leave it out.")
    steps.press(walk.page, "Ask for a change")
    steps.heading(walk.page, "You no longer held this text")
    walk.look("conflict")
    walk.ends_well()


def test_what_stands_between_a_press_and_a_decision_is_sound(open_browser: Any, watch: Any) -> None:
    moderator = make.moderator()
    walk = Walk(open_browser, watch, moderator)
    walk.visit("/moderation/what-i-read/")
    case = make.case(text=TEXT)
    two.decides(case, Outcome.PROPOSE, make.moderator(second_factor=False), redaction={"text": make.TEXT}, second=True)
    claim(case.pk, moderator=moderator)
    page = walk.page
    page.goto(f"/moderation/cases/{case.pk}/")
    watch.expected.add(422)
    page.get_by_label("A note to your colleagues").fill("I know the writer.")
    steps.press(page, "Pass it on")
    page.get_by_text("Some of your words are kept nowhere yet").wait_for()
    walk.look("case")
    page.get_by_label("A note to your colleagues").fill("")
    page.get_by_label("No contact details and no links").check()
    page.get_by_label("Words to the writer").fill("Please leave it out.")
    page.get_by_text("Put other words in place of some").click()
    page.get_by_label("The text").fill(make.TEXT)
    steps.press(page, "Propose the other words")
    steps.heading(page, "You both chose to propose other words")
    walk.look("agree")
    walk.ends_well()


def test_case_of_an_edit_is_sound(open_browser: Any, watch: Any) -> None:
    moderator, by = make.moderator(), make.owner()
    walk = Walk(open_browser, watch, moderator)
    live = make.published(by, title="Live", warnings=["w1"])
    changed = make.waiting(
        by, contribution=live.pk, title="Changed", text=f"{TEXT} More.", role="partner", warnings=["w2"]
    )
    case = claim(case_of(changed).pk, moderator=moderator)
    walk.visit(f"/moderation/cases/{case.pk}/", kind="case")
    walk.ends_well()


def test_texts_that_one_does_not_hold_are_sound(open_browser: Any, watch: Any) -> None:
    moderator, by = make.moderator(), make.owner()
    walk = Walk(open_browser, watch, moderator)
    for case in (held(make.moderator()), make.case()):
        walk.visit(f"/moderation/cases/{case.pk}/", kind="not held")
    gone = make.waiting(by)
    take_back(gone.contribution_id, owner=by)
    walk.visit(f"/moderation/cases/{case_of(gone).pk}/", kind="not held")
    decided = make.waiting(text=TEXT)
    make.decided(decided, Outcome.REFUSE, rules=["contact"], passages=[("text", 0, 10)])
    walk.visit(f"/moderation/cases/{case_of(decided).pk}/", kind="not held")
    walk.ends_well()


def test_conflict_and_history_are_sound(open_browser: Any, watch: Any) -> None:
    moderator = make.moderator()
    walk = Walk(open_browser, watch, moderator)
    walk.visit("/moderation/history/")
    case = held(moderator, text=TEXT)
    watch.expected.add(409)
    walk.page.goto(f"/moderation/cases/{case.pk}/")
    release(case.pk, token=case.lease_token, moderator=moderator)
    make.decided(case.revision, Outcome.APPROVE, warnings=["w3"])
    walk.page.get_by_label("No contact details and no links").check()
    walk.page.get_by_label("Words to the writer").fill("Please leave it out.")
    steps.press(walk.page, "Do not publish")
    steps.heading(walk.page, "This text was decided already")
    walk.look("conflict")
    for outcome in (Outcome.REFUSE, Outcome.ASK_CHANGES):
        make.decided(make.waiting(), outcome, reviewer=moderator, rules=["contact", "identify", "kind"])
    walk.visit("/moderation/history/")
    walk.visit("/moderation/history/?whose=mine", kind="/moderation/history/")
    walk.ends_well()


def test_first_sign_in_of_who_works_here_is_sound(open_browser: Any, watch: Any) -> None:
    unproven = make.moderator(second_factor=False)
    walk = Walk(open_browser, watch)
    steps.sign_in(walk.page, unproven.handle)
    walk.look("set up the second step")
    walk.ends_well()
