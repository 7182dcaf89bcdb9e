"""Somebody writes a story, with an account and without, and nothing they typed is lost."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import expect
from psycopg import sql

from accounts.codes import new_code
from moderation.models import Case
from stories.models import Contribution, Revision
from stories.owners import Owner
from tests import make
from tests.journeys import steps
from tests.journeys.steps import PHONE, TEXT, TITLE


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_visitor_writes_and_comes_back_with_the_receipt(open_browser: Any, scripts: bool) -> None:
    page = open_browser(scripts=scripts)

    # Given somebody who will read, and a visitor who writes,
    make.moderator()
    page.goto("/")
    steps.nav(page, "Write")
    steps.write(page, title=TITLE, text=TEXT, warnings=["Not being believed by professionals"])
    steps.look(page)

    # when they look at it once more, the telephone number is pointed out and the code is shown,
    expect(page.get_by_text("It may be wrong, and it decides nothing.")).to_be_visible()
    expect(page.locator("mark", has_text=PHONE)).to_be_visible()
    code = steps.receipt_code(page)
    expect(page.get_by_role("button", name="Copy the code")).to_be_visible(visible=scripts)

    # and again after they sent it.
    steps.linger(page)
    steps.send(page)
    assert steps.receipt_code(page) == code
    expect(page.get_by_text("We do our best to read every text within 3 days.")).to_be_visible()

    # Then another browser opens the page about it with the code, however it is typed,
    other = open_browser(scripts=scripts)
    steps.open_receipt(other, code.upper().replace("-", " "))
    steps.follow(other, TITLE)
    expect(other.get_by_text("Waiting to be read").first).to_be_visible()

    # and nobody else finds it.
    stranger = open_browser(scripts=scripts)
    for address in ("/", "/stories/"):
        stranger.goto(address)
        expect(stranger.get_by_text(TITLE)).to_have_count(0)


def test_receipt_code_is_copied_with_one_tap(open_browser: Any) -> None:
    page = open_browser(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/stories/new/")
    steps.write(page, title=TITLE, text=TEXT)
    steps.look(page)
    steps.press(page, "Copy the code")
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").replace("-", " ") == steps.receipt_code(page).replace(
        "-", " "
    )


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_member_writes_and_finds_it_under_their_texts(open_browser: Any, scripts: bool) -> None:
    page = open_browser(scripts=scripts)
    steps.signed_in(page, make.member())
    page.goto("/stories/mine/")
    steps.nav(page, "Write")
    steps.write(page, title=TITLE, text=TEXT, role="I am a partner")

    # Kept for later, it is a draft that only they see.
    steps.press(page, "Keep it and go on later")
    expect(page.get_by_text("Only you can see this. Nothing has been sent yet.")).to_be_visible()
    steps.nav(page, "Your texts")
    expect(page.get_by_text("Draft")).to_be_visible()
    steps.follow(page, TITLE)
    steps.follow(page, "Go on writing")
    steps.heading(page, "Look at it once more")
    expect(page.get_by_text("A partner", exact=True)).to_be_visible()
    steps.send(page)

    # Sent, it waits, and can be taken back.
    steps.nav(page, "Your texts")
    expect(page.get_by_text("Waiting to be read")).to_be_visible()
    steps.follow(page, TITLE)
    steps.press(page, "Take it back to change it")
    expect(page.get_by_label("Your story")).to_have_value(TEXT)
    assert not Case.objects.open().exists()


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_visitor_keeps_a_text_with_an_account(open_browser: Any, watch: Any, scripts: bool) -> None:
    # Given a text that was sent without an account, and its code,
    watch.expected.add(422)
    page, code = open_browser(scripts=scripts), new_code()
    make.waiting(Owner.of_code(code), title=TITLE)
    steps.sign_in(page, make.member().handle)
    steps.heading(page, "Your texts")
    steps.follow(page, "Open a text with a receipt code")
    page.get_by_label("Receipt code").fill(code)
    steps.press(page, "Open")

    # when its writer moves it to their account, it stands there, and the code opens nothing any more.
    steps.follow(page, TITLE)
    steps.linger(page)
    steps.press(page, "Keep it with my account")
    expect(page.get_by_text(code)).to_have_count(0)
    steps.nav(page, "Your texts")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    expect(page.get_by_text("Under your receipt")).to_have_count(0)
    other = open_browser(scripts=scripts)
    steps.open_receipt(other, code)
    expect(other.get_by_text("There is no text under this code.").first).to_be_visible()


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_incomplete_step_keeps_everything(open_browser: Any, watch: Any, scripts: bool) -> None:
    watch.expected.add(422)
    page = open_browser(scripts=scripts)
    steps.signed_in(page, make.member())
    page.goto("/stories/new/")
    steps.begin(page)
    page.get_by_label("Your story").fill("Two <b>words</b> & a \u201cquote\u201d.\n\n  Then more.")
    steps.press(page, "Go on")

    expect(page.get_by_role("alert")).to_contain_text("2 things need another look")
    expect(page.get_by_label("Your story")).to_have_value("Two <b>words</b> & a \u201cquote\u201d.\n\n  Then more.")
    page.get_by_role("alert").get_by_role("link", name="Title").click()
    expect(page.get_by_label("Title")).to_be_focused()

    # It was kept on the server too: another tab goes on with it.
    tab = page.context.new_page()
    tab.goto("/stories/mine/")
    steps.follow(tab, "Two <b>words</b> & a \u201cquote\u201d. Then more.")
    steps.follow(tab, "Go on writing")
    expect(tab.get_by_label("Your story")).to_have_value("Two <b>words</b> & a \u201cquote\u201d.\n\n  Then more.")


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_back_from_the_preview_shows_the_draft(open_browser: Any, scripts: bool) -> None:
    page = open_browser(scripts=scripts)
    page.goto("/")
    steps.nav(page, "Write")
    steps.write(page, title=TITLE, text=TEXT, role="I am a friend or family", warnings=["Sexual violence or abuse"])
    steps.look(page)
    code = steps.receipt_code(page)
    page.go_back()
    steps.heading(page, "Who may see it")
    for ticked in ("Sexual violence or abuse", "This text may be published here"):
        expect(page.get_by_label(ticked)).to_be_checked()
    steps.press(page, "Back")
    expect(page.get_by_label("Title")).to_have_value(TITLE)
    expect(page.get_by_label("Your story")).to_have_value(TEXT)

    # Changed and sent from there, it is the same text under the same code.
    page.get_by_label("Title").fill("A shorter way")
    steps.look(page)
    assert steps.receipt_code(page) == code
    steps.linger(page)
    steps.send(page)
    assert list(Revision.objects.values_list("title", "state")) == [("A shorter way", "waiting")]


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_double_click_sends_one_story(open_browser: Any, scripts: bool) -> None:
    page = open_browser(scripts=scripts)
    page.goto("/stories/new/")
    steps.write(page, title=TITLE, text=TEXT)
    page.get_by_role("button", name="Look at it once more").dblclick()
    steps.heading(page, "Look at it once more")
    steps.linger(page)
    page.get_by_role("button", name="Send it").dblclick()
    expect(page.get_by_text("Waiting to be read").first).to_be_visible()
    found = (Contribution.objects.count(), Revision.objects.count(), Case.objects.count())
    assert found == (1, 1, 1)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
@pytest.mark.parametrize("lost", [settings.SESSION_COOKIE_NAME, None], ids=["visit", "every cookie"])
def test_ended_visit_gives_the_text_back(open_browser: Any, watch: Any, lost: str | None, scripts: bool) -> None:
    # Given a member whose visit ends while they write,
    watch.expected |= {409, 403}
    page = open_browser(scripts=scripts)
    member = make.member()
    steps.signed_in(page, member)
    page.goto("/stories/new/")
    steps.begin(page)
    page.context.clear_cookies(name=lost) if lost else page.context.clear_cookies()

    # when they go on, their words are still there,
    steps.tell(page, title=TITLE, text=TEXT)
    steps.heading(page, "Your words are still here")
    expect(page.get_by_label("What you wrote")).to_have_value(TEXT)
    assert Revision.objects.get().text == ""

    # and signed in again in another tab, they keep it with their account.
    tab = page.context.new_page()
    steps.sign_in(tab, member.handle)
    steps.heading(tab, "Your texts")
    steps.linger(page)
    again(page)
    finish(page)
    steps.send(page)
    steps.nav(page, "Your texts")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    expect(page.get_by_text("Under your receipt")).to_have_count(0)
    assert Contribution.objects.count() == 1


def again(page: Any) -> None:
    """Press until the text is taken: each page says what to press."""
    for _ in range(3):
        steps.press(page, "Try again")
        if page.get_by_role("heading", level=1).inner_text() != "Your words are still here":
            break
        expect(page.get_by_label("What you wrote")).to_have_value(TEXT)
    steps.heading(page, "What you tried")


def finish(page: Any) -> None:
    """Go on from what was tried to the look, and say who writes where that is asked."""
    steps.press(page, "Skip this")
    steps.agree(page)
    steps.press(page, "Look at it once more")
    if page.get_by_role("heading", level=1).inner_text() == "About you":
        page.get_by_label("I have it, or had it").check()
        steps.press(page, "Go on")
        steps.look(page)
    steps.heading(page, "Look at it once more")


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_ended_visit_of_a_visitor_gives_the_text_back(open_browser: Any, watch: Any, scripts: bool) -> None:
    watch.expected |= {409, 422}
    page = open_browser(scripts=scripts)
    page.goto("/stories/new/")
    steps.begin(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    steps.tell(page, title=TITLE, text=TEXT)
    expect(page.get_by_label("What you wrote")).to_have_value(TEXT)
    steps.linger(page)
    again(page)
    finish(page)
    steps.linger(page)
    steps.send(page)
    assert steps.receipt_code(page)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_fault_of_the_server_gives_the_text_back(
    open_browser: Any, watch: Any, owner_connection: psycopg.Connection[Any], scripts: bool
) -> None:
    watch.expected |= {500, 503}
    page = open_browser(scripts=scripts)
    steps.signed_in(page, make.member())
    page.goto("/stories/new/")
    steps.begin(page)
    role = sql.Identifier(settings.WEB_ROLE)
    owner_connection.execute(sql.SQL("REVOKE UPDATE ON stories_revision FROM {}").format(role))
    try:
        steps.tell(page, title=TITLE, text=TEXT)
        steps.heading(page, "Your words are still here")
        expect(page.get_by_label("What you wrote")).to_have_value(TEXT)
    finally:
        owner_connection.execute(sql.SQL("GRANT UPDATE ON stories_revision TO {}").format(role))
    again(page)
    finish(page)
    steps.send(page)
    assert list(Revision.objects.values_list("title", "text", "state")) == [(TITLE, TEXT, "waiting")]
