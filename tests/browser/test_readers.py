"""What readers leave while they read: signs, a list of their own, a report. Looked at in every way."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from stories.actions import react, save_for_later
from stories.models import Publication, Reaction
from tests import make
from tests.browser.walk import Walk
from tests.journeys import steps


def read_by_many(**changes: Any) -> Publication:
    """Make a story with each sign left by four people."""
    story = make.published(**changes)
    for kind in ("c1", "c2", "c3"):
        for _ in range(4):
            react(story, kind=kind, owner=make.owner(make.member()))
    return story


def test_pages_of_a_member_who_reads_are_sound(open_browser: Any, watch: Any, member: User) -> None:
    walk = Walk(open_browser, watch, member)
    story = read_by_many(title="The long way home")
    reply = make.published(reply_to=story.pk, title="", text=make.REPLY)
    walk.visit("/stories/saved/", kind="saved")
    walk.visit(f"/stories/{story.pk}/", kind="story")
    steps.press(walk.page.locator("#signs"), "I know this too")
    steps.press(walk.page, "Save for later")
    walk.look("story")
    walk.visit(f"/stories/{reply.pk}/react/", kind="sign")
    gone = make.published(title="Hidden since", warnings=["w1", "w3"])
    for one in (gone, read_by_many(title="Donaudampfschifffahrtsgesellschaftskapitänswitwenrente", warnings=["w2"])):
        save_for_later(one, owner=make.owner(member))
    make.hide(gone.pk)
    walk.visit("/stories/saved/", kind="saved")
    walk.ends_well()


def test_pages_of_a_visitor_who_reports_are_sound(open_browser: Any, watch: Any) -> None:
    walk = Walk(open_browser, watch)
    walk.watch.expected |= {404, 422}
    story, page = read_by_many(title="The long way home"), walk.page
    make.published(reply_to=story.pk, title="", text=make.REPLY)
    walk.visit(f"/stories/{story.pk}/", kind="story")
    walk.visit(f"/report/{story.pk}/", kind="report")
    steps.press(page, "Send the report")
    walk.look("report")
    page.get_by_label("Be kind").check()
    steps.linger(page)
    steps.press(page, "Send the report")
    walk.look("reported")
    other = make.published()
    page.goto(f"/report/{other.pk}/")
    page.get_by_label("Do you want to say more?").fill("A few words about it.")
    make.hide(other.pk)
    steps.press(page, "Send the report")
    walk.look("nothing to report")
    walk.ends_well()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_reply_takes_a_sign_where_it_stands(scripts: bool, open_browser: Any, member: User) -> None:
    story = make.published()
    replies = [make.published_reply(story) for _ in range(3)]
    page = open_browser(scripts=scripts)
    steps.signed_in(page, member)
    page.goto(f"/stories/{story.pk}/")
    for _ in range(2):
        place = page.locator(f"#reply-{replies[1].pk}")
        place.get_by_role("button", name="I know this too").click()
        place.locator("[aria-pressed=true]").wait_for()
        assert page.locator("[aria-pressed=true]").all_text_contents() == ["I know this too"]
        assert page.url.endswith(f"/stories/{story.pk}/" if scripts else f"#reply-{replies[1].pk}")
        place.get_by_role("button", name="I know this too").click()
        place.locator("[aria-pressed=true]").wait_for(state="detached")
    assert Reaction.objects.count() == 0
