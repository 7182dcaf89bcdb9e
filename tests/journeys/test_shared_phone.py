"""Somebody new, on a telephone that others pick up too, from the first visit until nothing is left."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import expect

from accounts.models import User
from stories.models import Contribution
from tests import make
from tests.chromium import axe
from tests.journeys import steps

FIRST, SECOND = make.PASSWORD, "nine quiet orchards"
STAYS, GOES = "A small step in spring", "What I leave out"


def test_a_shared_phone(
    with_device: Callable[..., Any], open_browser: Callable[..., Any], watch: Any, site: Any
) -> None:
    watch.hosts.add(urlsplit(site.neutral).netloc)
    watch.expected |= {404, 422}  # the page of a text, asked for by nobody; a password that does not fit
    phone, desk = with_device(), open_browser(width=1280)
    steps.signed_in(desk, make.moderator())

    # In one visit: an account, its codes, and a story. Then somebody comes in.
    handle, codes = join(phone)
    tell(phone, STAYS)
    steps.leave(phone, site.neutral)
    published(desk)

    # Back gives nothing away, and nor does the first page.
    phone.go_back()
    steps.heading(phone, "There is nothing at this address")
    phone.goto("/")
    assert STAYS not in phone.content()
    expect(phone.get_by_role("navigation", name="Main").get_by_role("link", name="Sign in")).to_be_visible()

    # A passkey, added after signing in by password, opens the account with one press.
    steps.sign_in(phone, handle, FIRST)
    steps.add_passkey(phone)
    expect(phone.get_by_text("Your passkey is kept.")).to_be_visible()
    steps.leave(phone, site.neutral)
    phone.goto("/accounts/login/")
    steps.press(phone, "Sign in with a passkey")
    steps.heading(phone, "Your texts")
    tell(phone, GOES)
    published(desk)

    # A second step is added; the next sign-in asks for it, and Shift three times leaves from there as well.
    shown, spare = second_step(phone)
    for _ in range(3):
        phone.keyboard.press("Shift")
    phone.wait_for_url(site.neutral)
    steps.sign_in(phone, handle, FIRST)
    take_step(phone, next(shown))
    steps.heading(phone, "Your texts")
    steps.leave(phone, site.neutral)
    forgotten(phone, handle, codes[0], spare)

    # All of it is taken along; then one story stays, one goes, and so does the account.
    taken = export(phone, handle)
    assert {STAYS, GOES} <= {text["title"] for text in taken}
    erase(phone)
    assert not User.objects.filter(role="member").exists()
    nothing_is_left(phone, handle)


def join(page: Any) -> tuple[str, list[str]]:
    """Open an account from the first page; return the sign-in name and the recovery codes."""
    page.goto("/")
    steps.nav(page, "Sign in")
    steps.follow(page, "Open an account")
    handle = page.get_by_label("Your sign-in name").input_value()
    page.get_by_label("Password").fill(FIRST)
    for box in ("Yes, I am 18 or older", "I have read the house rules", "I have read the privacy page"):
        page.get_by_label(box).check()
    steps.press(page, "Open my account")
    steps.sound(page, "Your recovery codes")
    codes = page.get_by_role("region", name="Recovery codes").get_by_role("listitem").all_inner_texts()
    steps.follow(page, "I have kept them")
    page.get_by_label("Type one of your recovery codes").fill(codes[-1])
    steps.press(page, "Done")
    steps.sound(page, "Your account")
    return handle, codes


def tell(page: Any, title: str) -> None:
    """Write a story and send it."""
    page.goto("/stories/new/")
    steps.write(page, title=title, text=make.TEXT)
    steps.look(page)
    steps.send(page)


def published(desk: Any) -> None:
    """Have a moderator read and publish what waits."""
    steps.take_next(desk)
    steps.publish(desk)


def second_step(page: Any) -> tuple[Iterator[str], str]:
    """Set the second step up; return the codes that the app shows from now on, and a spare one."""
    page.goto("/accounts/2fa/")
    steps.follow(page, "Set it up")
    steps.prove_it(page, FIRST)
    steps.sound(page, "Set up the second step")
    secret = page.locator("#key").get_attribute("data-text")
    shown = (format_hotp_value(hotp_value(secret, counter)) for counter in yield_hotp_counters_from_time())
    page.get_by_label("The six digits that your app shows").fill(next(shown))
    steps.press(page, "Switch it on")
    steps.sound(page, "Your spare codes")
    spare = page.locator("main code").first.inner_text()
    steps.follow(page, "I have kept them")
    steps.sound(page, "A second step when you sign in")
    return shown, spare


def take_step(page: Any, code: str) -> None:
    """Take the second step of a sign-in."""
    steps.heading(page, "One more step")
    assert axe(page) == []
    page.get_by_label("Code").fill(code)
    steps.press(page, "Sign in")


def forgotten(page: Any, handle: str, code: str, spare: str) -> None:
    """Get back in with a recovery code and a spare code, when name and password and the app are lost."""
    page.goto("/accounts/login/")
    steps.follow(page, "set a new password")
    page.get_by_label("One of your recovery codes").fill(code)
    page.get_by_label("New password").fill(SECOND)
    steps.press(page, "Set the new password")
    take_step(page, spare)
    expect(page.get_by_text("Your new password is set.")).to_be_visible()
    expect(page.get_by_text(handle)).to_be_visible()


def export(page: Any, handle: str) -> list[dict[str, Any]]:
    """Take everything along; return the texts in it."""
    page.goto("/accounts/")
    steps.follow(page, "Take everything with you")
    steps.prove_it(page, SECOND)
    steps.sound(page, "Take everything with you")
    with page.expect_download() as download:
        steps.press(page, "Download the file")
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        data = next(name for name in archive.namelist() if name.endswith(".json"))
        taken = json.loads(archive.read(data))
    assert handle in json.dumps(taken)
    return [version for text in taken["texts"] for version in text["versions"]]


def erase(page: Any) -> None:
    """Erase the account, and leave one story here."""
    page.goto("/accounts/")
    steps.follow(page, "Erase the account")
    steps.prove_it(page, SECOND)
    page.get_by_label("Leave here those that I tick below").check()
    page.get_by_label(STAYS).check()
    steps.press(page, "Erase my account now")
    steps.sound(page, "The account is erased")
    assert page.context.cookies() == []


def nothing_is_left(page: Any, handle: str) -> None:
    """Look for what a stranger would try on the same telephone, and for what is public."""
    page.go_back()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    steps.sign_in(page, handle, SECOND)
    expect(page.get_by_text("This name and this password do not go together.").first).to_be_visible()
    page.goto("/stories/")
    expect(page.get_by_role("link", name=STAYS)).to_be_visible()
    expect(page.get_by_role("link", name=GOES)).to_have_count(0)
    assert Contribution.objects.exclude(publication=None).count() == 1
