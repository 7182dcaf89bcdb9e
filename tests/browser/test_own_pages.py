"""The look before sending, and the pages of one's own texts, with all that can stand on them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from stories.actions import appeal, leave_message, withdraw
from stories.models import Outcome, Revision
from tests import make
from tests.browser.walk import Walk
from tests.journeys import steps
from tests.stories.answering import WHY, judge, proposal, removed, reported

MAIL = "quiet.fern@example.org"
LONG = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenauszahlungsstelle" * 2
HEAVY = "Sometimes I want to die, and I do not know whom to tell."
FULL: dict[str, Any] = {
    "title": f"Two steps, then one back {LONG}"[:120],
    "text": f"{make.TEXT}\n\nMy number is +44 20 7946 0958, or write to {MAIL} when you like.\n\n{HEAVY}",
    "warnings": ["w5"],
    "consents": ["publish", "rules", "statistics"],
    "answers": {"stage": "s4", "type": "y2", "goal": ["g4", "g6"], "age": "e2", "country": "gb", "barriers": ["b3"]},
    "treatments": [
        {"code": "t01", "help": "h2", "duration": "d3", "tip": "Ask @quiet_fern about sizes."},
        {"code": "other", "name": LONG[:80], "help": "h1"},
    ],
}


@pytest.fixture
def member(transactional_db: None) -> Any:
    """Somebody who writes."""
    return make.member()


def unfolded(walk: Walk, address: str, kind: str) -> None:
    """Look at a page as it opens, and with everything unfolded."""
    walk.visit(address, kind=kind)
    folded = walk.page.locator("main details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    walk.look(kind)


def test_preview_is_sound(open_browser: Any, watch: Any, member: Any) -> None:
    walk, by = Walk(open_browser, watch, member), make.owner(member)
    full, story = make.draft(by, **FULL), make.published()
    unfolded(walk, f"/stories/preview/{full.contribution_id}/", "preview")
    walk.visit(f"/stories/preview/{full.contribution_id}/?country=GB", kind="preview")
    live = make.published(by, **FULL | {"text": make.TEXT, "warnings": []})
    make.draft(by, contribution=live.pk, **FULL | {"consents": ["publish", "rules"], "audience": "members"})
    unfolded(walk, f"/stories/preview/{live.pk}/", "preview")
    reply = make.draft(by, reply_to=story.pk, title="", text=f"I know this. Write to {MAIL}. {HEAVY}", hope=True)
    unfolded(walk, f"/stories/preview/{reply.contribution_id}/", "preview")
    walk.ends_well()


def test_pages_of_own_texts_are_sound(open_browser: Any, watch: Any, member: Any) -> None:
    walk, by, teller = Walk(open_browser, watch, member), make.owner(member), make.owner()
    story, other = make.published(), make.published(teller)
    live = make.published(by, **FULL | {"audience": "members"})
    make.waiting(by, contribution=live.pk, **FULL | {"title": "Two steps", "treatments": []})
    reply, orphan = make.published_reply(story, by, text=f"{LONG} {HEAVY}"), make.reply(other, by)
    withdraw(other.pk, owner=teller)
    for pk in (live.pk, make.published(by).pk, reply.pk, orphan.contribution_id):
        unfolded(walk, f"/stories/status/{pk}/", "status")
    walk.visit("/stories/mine/")
    walk.ends_well()


def test_pages_of_what_was_decided_are_sound(open_browser: Any, watch: Any, member: Any) -> None:
    walk, by = Walk(open_browser, watch, member), make.owner(member)
    offered = proposal(make.waiting(by, **FULL), f"{make.TEXT}\n\n{LONG}")
    live, refused, upheld, gone = make.published(by), make.waiting(by, **FULL), make.waiting(by), removed(by)
    reported(live, hidden=True)
    leave_message(live.revision, f"Please write to us again any time. {LONG}")
    for one in (refused, upheld):
        make.decided(one, Outcome.REFUSE, rules=("kind",), text=LONG, passages=[("text", 4, 13)])
    appeal(upheld.contribution_id, text=f"{WHY} {LONG}", owner=by)
    for one in (offered, live.revision, refused, upheld, gone):
        unfolded(walk, f"/stories/status/{one.contribution_id}/", "status")
    judge(upheld, Outcome.UPHOLD, text=LONG)
    unfolded(walk, f"/stories/status/{upheld.contribution_id}/", "status")
    unfolded(walk, f"/stories/status/{refused.contribution_id}/appeal/", "appeal")
    appeal(refused.contribution_id, text=WHY, owner=by)
    draft = make.draft(by, contribution=refused.contribution_id, **FULL)
    unfolded(walk, f"/stories/preview/{draft.contribution_id}/", "preview")
    walk.visit(f"/stories/new/{draft.contribution_id}/story/", kind="step")
    walk.visit("/stories/mine/")
    walk.visit("/stories/new/", kind="new")
    walk.ends_well()


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_passage_is_fixed_with_one_press_by_keyboard(scripts: bool, open_browser: Any, watch: Any, member: Any) -> None:
    page = open_browser(width=360, scripts=scripts)
    steps.signed_in(page, member)
    draft = make.draft(make.owner(member), text=f"{make.TEXT} Write to {MAIL} when you like.")
    page.goto(f"/stories/preview/{draft.contribution_id}/")
    button = page.get_by_role("button", name="Change it to [contact details]")
    expect(button).to_have_accessible_description(MAIL)
    page.get_by_role("link", name=MAIL).focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".as-written").last).to_contain_text("Write to [contact details] when you like.")
    expect(button).to_have_count(0)
    assert Revision.objects.get().text.endswith("Write to [contact details] when you like.")
