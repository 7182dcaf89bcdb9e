"""Somebody takes all that is theirs along, looks at it without a network, and erases the account."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.codes import new_code
from stories.models import Publication
from stories.owners import Owner
from tests import make
from tests.chromium import axe
from tests.journeys import steps


def proves_who(page: Any) -> None:
    """Type the password once more."""
    page.get_by_label("Password").fill(make.PASSWORD)
    page.locator("main form").get_by_role("button").click()


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_a_member_takes_everything_and_goes(open_browser: Any, chromium: Any, tmp_path: Path, scripts: bool) -> None:
    member = make.member()
    owner = Owner.of_account(member)
    stays, goes = make.published(owner, title="A small step in spring"), make.published(owner, title="What I leave out")
    make.waiting(owner, title="Not read yet")
    page = open_browser(scripts=scripts)
    steps.sign_in(page, member.handle)
    page.goto("/accounts/")

    steps.follow(page, "Take everything with you")
    if "reauthenticate" in page.url:  # signing in was a moment ago, which may be enough
        proves_who(page)
    steps.sound(page, "Take everything with you")
    with page.expect_download() as download:
        steps.press(page, "Download the file")
    assert download.value.suggested_filename == "export.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path)
    alone = chromium.new_context(offline=True, viewport={"width": 320, "height": 700})
    read = alone.new_page()
    read.goto((tmp_path / "index.html").as_uri())
    expect(read.get_by_role("heading", name="A small step in spring")).to_be_visible()
    expect(read.get_by_text(member.handle)).to_be_visible()
    assert axe(read) == []
    assert read.evaluate("document.documentElement.scrollWidth <= innerWidth")
    alone.close()

    page.goto("/accounts/")
    steps.follow(page, "Erase the account")
    steps.sound(page, "Erase your account?")
    page.get_by_label("Leave here those that I tick below").check()
    page.get_by_label("A small step in spring").check()
    steps.press(page, "Erase my account now")
    steps.sound(page, "The account is erased")
    assert page.context.cookies() == []
    page.go_back()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert [one.pk for one in Publication.objects.all()] == [stays.pk]
    assert goes.pk != stays.pk


def test_a_receipt_erases_one_text(open_browser: Any) -> None:
    code = new_code()
    live = make.published(Owner.of_code(code), title="Under a receipt")
    page = open_browser()
    steps.open_receipt(page, code)
    page.goto(f"/stories/status/{live.pk}/")
    steps.follow(page, "Take it along with all that was decided")
    steps.sound(page, "Take this text along")
    with page.expect_download() as download:
        steps.press(page, "Download the file")
    assert download.value.suggested_filename == "export.zip"
    page.goto(f"/stories/status/{live.pk}/")
    steps.follow(page, "Erase it with every word")
    steps.sound(page, "Erase this text?")
    steps.press(page, "Erase it now")
    expect(page.get_by_text("The text is erased. Not a word of it is left here.")).to_be_visible()
    assert not Publication.objects.exists()
