"""Every page as visitors, writers and members see it: narrow, wide, zoomed, light, dark, right to left."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings

from accounts.models import User
from stories.actions import take_back, withdraw
from stories.models import Outcome, Revision
from tests import make
from tests.browser.walk import Walk
from tests.journeys import steps

PHONE = "+44 20 7946 0958"
TEXT = f"{make.TEXT}\n\nIf you want to talk about it, ring me on {PHONE} in the evening."
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle" * 2


@pytest.fixture
def walk(open_browser: Any, watch: Any) -> Walk:
    """A visitor's walk."""
    return Walk(open_browser, watch)


def test_pages_of_the_site_are_sound(walk: Walk) -> None:
    for number in range(settings.STORIES_A_PAGE + 2):
        make.published(title=f"Story number {number}", warnings=["w2"] if number % 3 else [])
    walk.visit("/", kind="home")
    for address in ("/rules/", "/privacy/", "/privacy/reading/", "/about/", "/accessibility/", "/stories/"):
        walk.visit(address)
    walk.page.goto("/stories/")
    steps.follow(walk.page, "Older")
    walk.look("/stories/")
    walk.visit("/help-now/")
    walk.visit("/help-now/?country=GB", kind="/help-now/")
    walk.ends_well()


def test_pages_on_who_helps_are_sound(walk: Walk) -> None:
    for address in ("/organisations/", "/care-team/", "/care-team/card/", "/advice/words/", "/partners/"):
        walk.visit(address)
    walk.visit("/organisations/?country=GB&kind=general", kind="/organisations/")
    walk.visit("/care-team/?k=k01&k=k03", kind="/care-team/")
    walk.visit("/care-team/card/?t=a1&t=s2", kind="/care-team/card/")
    walk.ends_well()


def test_stories_are_sound(walk: Walk) -> None:
    walk.visit("/", kind="home")
    walk.visit("/stories/")
    plain = make.published(title=LONG[:110], text=f"{LONG}\n\n{make.TEXT}")
    warned = make.published(title="The ceiling", warnings=["w1", "w2", "w5"], warnings_added=["w3"])
    example = make.published(title="An example", example=True)
    for story in (plain, warned, example):
        walk.visit(f"/stories/{story.pk}/", kind="story")
    walk.page.goto(f"/stories/{warned.pk}/")
    walk.page.get_by_text("Show the story").click()
    walk.look("story")
    walk.visit("/", kind="home")
    walk.visit("/stories/")
    walk.ends_well()


def through_the_steps(walk: Walk) -> None:
    """Look at each step of writing: as it opens, with what opens on demand, and with something wrong."""
    page = walk.page
    walk.visit("/stories/new/", kind="new")
    page.get_by_role("link", name="I have it, or had it").click()
    walk.look("about")
    page.get_by_text("more questions, for figures only").click()
    walk.look("about")
    page.get_by_label("I am a partner").check()
    steps.linger(page)
    steps.press(page, "Go on")
    walk.look("about")
    page.get_by_label("I have it, or had it").check()
    steps.press(page, "Go on")
    steps.press(page, "Go on")
    walk.look("story")
    page.get_by_label("Your story").fill("Too short.")
    steps.press(page, "Go on")
    walk.look("story")
    page.get_by_text("Your receipt code, in case you leave").click()
    walk.look("story")
    steps.tell(page, title=LONG[:110], text=TEXT)
    walk.look("tried")
    page.get_by_text("More about it").first.click()
    page.get_by_label("A tip in one line").first.fill(LONG)
    page.get_by_label("What was it?").nth(1).select_option(label="Something else")
    walk.look("tried")
    steps.press(page, "Go on")
    walk.look("tried")
    steps.press(page, "Skip this")
    walk.look("sharing")
    steps.press(page, "Look at it once more")
    walk.look("sharing")
    steps.press(page, "Back")
    page.get_by_label("Remove this row").first.check()
    page.get_by_label("Remove this row").nth(1).check()
    steps.press(page, "Go on")
    steps.press(page, "Go on")
    page.get_by_label("Sexual violence or abuse").check()
    steps.agree(page)


def test_pages_of_a_visitor_who_writes_are_sound(walk: Walk) -> None:
    page, walk.watch.expected = walk.page, {409, 422}
    walk.visit("/stories/receipt/")
    page.get_by_label("Receipt code").fill("no such code")
    steps.press(page, "Open")
    walk.look("/stories/receipt/")
    through_the_steps(walk)
    steps.look(page)
    walk.look("preview")
    steps.linger(page)
    steps.send(page)
    walk.look("status")
    walk.visit("/stories/mine/")
    page.goto("/stories/new/")
    steps.begin(page, "I am a partner")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    steps.tell(page, title="A title", text=TEXT)
    steps.heading(page, "Your words are still here")
    walk.look("given back")
    walk.ends_well()


def texts_of(member: User) -> dict[str, uuid.UUID]:
    """Put one text into every state that its owner can see."""
    texts = {"draft": make.draft(make.owner(member), title="A draft", text=TEXT, warnings=["w1"])}
    texts["waiting"] = make.waiting(make.owner(member), title="It waits")
    for name, outcome in (("asked", Outcome.ASK_CHANGES), ("refused", Outcome.REFUSE)):
        texts[name] = make.waiting(make.owner(member), title=name, text=TEXT)
        start = TEXT.index(PHONE)
        make.decided(texts[name], outcome, rules=["contact"], passages=[("text", start, start + len(PHONE))])
    texts["live"] = make.published(make.owner(member), title="Live", warnings_added=["w3"]).revision
    texts["edited"] = make.published(make.owner(member), title="Edited").revision
    make.waiting(make.owner(member), contribution=texts["edited"].contribution_id, title="Edited again")
    texts["taken back"] = make.waiting(make.owner(member), title="Taken back")
    take_back(texts["taken back"].contribution_id, owner=make.owner(member))
    texts["withdrawn"] = make.published(make.owner(member), title="Withdrawn").revision
    withdraw(texts["withdrawn"].contribution_id, owner=make.owner(member))
    assert len(set(Revision.objects.values_list("state", flat=True))) >= 7
    return {name: one.contribution_id for name, one in texts.items()}


def test_status_of_texts_in_every_state_is_sound(open_browser: Any, watch: Any) -> None:
    member = make.member()
    walk = Walk(open_browser, watch, member)
    walk.visit("/stories/mine/")
    texts = texts_of(member)
    walk.visit("/stories/mine/")
    for pk in texts.values():
        walk.visit(f"/stories/status/{pk}/", kind="status")
    walk.ends_well()


def test_writing_again_is_sound(open_browser: Any, watch: Any) -> None:
    member = make.member()
    walk, texts = Walk(open_browser, watch, member), texts_of(member)
    walk.visit("/stories/new/", kind="begun")
    for name in ("draft", "asked", "refused", "live"):
        walk.visit(f"/stories/new/{texts[name]}/story/", kind="story")
    walk.visit(f"/stories/preview/{texts['draft']}/", kind="preview")
    walk.visit(f"/stories/status/{texts['waiting']}/withdraw/", kind="withdraw")
    walk.visit(f"/stories/status/{texts['live']}/withdraw/", kind="withdraw")
    walk.page.goto(f"/stories/status/{texts['draft']}/")
    walk.page.get_by_text("Throw the draft away").click()
    walk.look("status")
    walk.ends_well()


def test_pages_of_joining_are_sound(walk: Walk) -> None:
    page, walk.watch.expected = walk.page, {422}
    walk.visit("/accounts/signup/")
    steps.press(page, "Open my account")
    walk.look("/accounts/signup/")
    page.get_by_label("No, I am younger").check()
    steps.press(page, "Open my account")
    walk.look("young")
    walk.visit("/accounts/login/")
    page.get_by_label("Sign-in name").fill("nobody")
    page.get_by_label("Password").fill("nothing")
    steps.press(page, "Sign in")
    walk.look("/accounts/login/")
    walk.visit("/accounts/recovery/")
    page.get_by_label("One of your recovery codes").fill("nothing")
    page.get_by_label("New password").fill("nothing")
    steps.press(page, "Set the new password")
    walk.look("/accounts/recovery/")
    walk.ends_well()


def test_pages_of_an_account_are_sound(open_browser: Any, watch: Any) -> None:
    member = make.member(confirmed=False)
    walk = Walk(open_browser, watch, member)
    page, watch.expected = walk.page, {422}
    walk.visit("/accounts/")
    for address in ("/look/", "/accounts/preferences/", "/accounts/consents/", "/accounts/reminder/"):
        walk.visit(address)
    walk.visit("/accounts/codes/", kind="codes asked back")
    walk.visit("/accounts/logout/")
    walk.visit("/accounts/password/change/")
    steps.press(page, "Change the password")
    walk.look("/accounts/password/change/")
    walk.visit("/accounts/reauthenticate/")
    page.goto("/accounts/codes/new/")
    page.get_by_label("Your password").fill(make.PASSWORD)
    steps.press(page, "Go on")
    walk.look("/accounts/codes/new/")
    steps.press(page, "Make new codes")
    walk.look("codes")
    steps.follow(page, "I have kept them")
    walk.look("codes asked back")
    walk.visit("/accounts/2fa/")
    walk.visit("/accounts/2fa/totp/activate/")
    page.get_by_label("The six digits").fill("000")
    steps.press(page, "Switch it on")
    walk.look("/accounts/2fa/totp/activate/")
    walk.ends_well()


def test_pages_of_a_second_step_are_sound(open_browser: Any, watch: Any) -> None:
    member = make.member()
    TOTP.activate(member, generate_totp_secret())
    walk = Walk(open_browser, watch)
    page, watch.expected = walk.page, {422}
    steps.sign_in(page, member.handle)
    walk.look("second step")
    page.get_by_label("Code").fill("000000")
    steps.press(page, "Sign in")
    walk.look("second step")
    steps.second_step(page, member)
    steps.heading(page, "Your texts")
    walk.visit("/accounts/2fa/")
    walk.visit("/accounts/2fa/reauthenticate/")
    page.goto("/accounts/2fa/totp/deactivate/")
    steps.heading(page, "Your password, once more")
    page.get_by_label("Your password").fill(make.PASSWORD)
    steps.press(page, "Go on")
    steps.heading(page, "Switch off the second step?")
    walk.look("/accounts/2fa/totp/deactivate/")
    walk.visit("/accounts/2fa/recovery-codes/generate/")
    steps.press(page, "Make new ones")
    steps.heading(page, "Your spare codes")
    walk.visit("/accounts/2fa/recovery-codes/")
    walk.visit("/accounts/2fa/")
    walk.ends_well()


def test_pages_for_what_did_not_work_are_sound(walk: Walk, owner_connection: psycopg.Connection[Any]) -> None:
    walk.visit("/stories/nothing/", status=404)
    walk.watch.expected.add(400)
    walk.page.goto("/stories/receipt/")
    walk.page.get_by_label("Receipt code").evaluate("field => { field.value = '\\0'; }")
    steps.press(walk.page, "Open")
    steps.heading(walk.page, "That did not work")
    walk.look("400")
    broken = {
        500: ("ALTER TABLE {} RENAME COLUMN value TO number", "ALTER TABLE {} RENAME COLUMN number TO value"),
        503: ("REVOKE SELECT ON {} FROM {}", "GRANT SELECT ON {} TO {}"),
    }
    for status, statements in broken.items():
        breaking, mending = (one.format("community_counter", settings.WEB_ROLE) for one in statements)
        owner_connection.execute(breaking)
        try:
            walk.visit("/", status=status, kind=str(status))
        finally:
            owner_connection.execute(mending)
    walk.ends_well()


def test_page_of_the_look_is_sound(walk: Walk) -> None:
    walk.visit("/about/design/")
    walk.ends_well()


BROKEN = {
    "an image without words": "document.querySelector('main').append(new Image())",
    "a second heading": "document.querySelector('main').append(document.createElement('h1'))",
    "something wide": "document.querySelector('main p').style.width = '1400px'",
    "faint words": "document.querySelector('main p').style.color = 'rgb(200, 200, 190)'",
    "a button with nothing in it": "document.querySelector('main').append(document.createElement('button'))",
    "a telling title": "document.title = 'Dilators'",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_walk_finds_what_is_wrong(walk: Walk, fault: str) -> None:
    walk.page.goto("/rules/")
    walk.page.evaluate(BROKEN[fault])
    walk.look("rules")
    assert walk.faults != []
