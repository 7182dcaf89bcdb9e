"""What people do on the pages, in the words they see there."""

from __future__ import annotations

import re
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from playwright.sync_api import expect

from accounts.adapters import MFAAdapter
from accounts.models import User
from tests import make
from tests.accounts.person import code_now
from tests.chromium import axe

CODE = re.compile(r"\b\w{4}(?:[\s-]+\w{4}){5}\b")
TITLE = "The long way to a Tuesday"
PHONE = "+44 20 7946 0958"
TEXT = f"{make.TEXT}\n\nIf you want to talk about it, ring me on {PHONE} in the evening."
SCRIPTS = {"argvalues": [True, False], "ids": ["scripts", "plain"]}


def signed_in(page: Any, user: User) -> None:
    """Give a browser the session of somebody who has signed in."""
    cookies = make.visit_cookies(make.client_of(user))
    page.context.add_cookies(
        [{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"} for name, value in cookies.items()]
    )


def sign_in(page: Any, handle: str, password: str = make.PASSWORD) -> None:
    """Sign in by name and password."""
    page.goto("/accounts/login/")
    page.get_by_label("Sign-in name").fill(handle)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")


def second_step(page: Any, user: User) -> None:
    """Type the code that an authenticator app shows."""
    factor = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    page.get_by_label("Code").fill(code_now(MFAAdapter().decrypt(factor.data["secret"])))
    press(page, "Sign in")


def sign_out(page: Any) -> None:
    """Sign out on the account's page."""
    page.goto("/accounts/")
    press(page, "Sign out")


def add_passkey(page: Any) -> None:
    """Add a passkey from the account's page."""
    page.goto("/accounts/")
    follow(page, "Signing in without typing")
    follow(page, "Add a passkey")
    prove_it(page)
    expect(page.get_by_text("Your device lists it")).to_be_visible()
    assert axe(page) == []
    press(page, "Make a passkey now")


def prove_it(page: Any, password: str = make.PASSWORD) -> None:
    """Type the password once more where it is asked for; a sign-in a moment ago may be enough."""
    if page.get_by_label("Your password").count():
        page.get_by_label("Your password").fill(password)
        press(page, "Go on")


def leave(page: Any, neutral: str) -> None:
    """Tap Leave, and be somewhere else with nothing kept."""
    page.get_by_role("link", name="Leave", exact=True).click()
    page.wait_for_url(neutral)
    assert page.context.cookies() == []


def press(page: Any, name: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Any, name: str) -> None:
    """Follow a link."""
    page.get_by_role("link", name=name, exact=True).first.click()


def nav(page: Any, name: str) -> None:
    """Follow one of the main links."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()


def linger(page: Any) -> None:
    """Stay as long on a page as a person does; who is quicker is taken for a machine."""
    page.wait_for_timeout(settings.VISITOR_LEAST_SECONDS * 1000)


def heading(page: Any, text: str) -> None:
    """See which page this is."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def sound(page: Any, text: str) -> None:
    """See which page this is, and that nothing is wrong with it."""
    heading(page, text)
    assert axe(page) == [], text


def begin(page: Any, role: str = "I have it, or had it") -> None:
    """Say who writes, answer nothing more, and go on."""
    page.get_by_role("link", name=role).click()
    heading(page, "About you")
    go_on(page)


def go_on(page: Any) -> None:
    """Go on from the first step, after as long as a person takes."""
    if page.locator("input[name=started]").count():
        linger(page)
    press(page, "Go on")
    heading(page, "Your story")


def tell(page: Any, *, title: str, text: str) -> None:
    """Write the story itself, and go on."""
    page.get_by_label("Title").fill(title)
    page.get_by_label("Your story").fill(text)
    press(page, "Go on")


def write(page: Any, *, title: str, text: str, role: str = "I have it, or had it", warnings: Any = ()) -> None:
    """Go through the steps to the last one, with all on it filled in."""
    begin(page, role)
    tell(page, title=title, text=text)
    if role == "I have it, or had it":
        heading(page, "What you tried")
        press(page, "Skip this")
    heading(page, "Who may see it")
    for warning in warnings:
        page.get_by_label(warning).check()
    agree(page)


def agree(page: Any) -> None:
    """Give both consents."""
    page.get_by_label("This text may be published here").check()
    page.get_by_label("I have read the house rules").check()


def change(page: Any) -> None:
    """Go on from a changed story to the last step, and agree anew."""
    press(page, "Go on")
    press(page, "Go on")
    heading(page, "Who may see it")
    agree(page)


def look(page: Any) -> None:
    """Go on to the preview."""
    press(page, "Look at it once more")
    heading(page, "Look at it once more")


def send(page: Any) -> None:
    """Send what was looked at."""
    press(page, "Send it")
    expect(page.get_by_text("Waiting to be read").first).to_be_visible()


def receipt_code(page: Any) -> str:
    """Read the receipt code off a page."""
    found = CODE.search(page.get_by_role("region", name="Your receipt").last.inner_text())
    assert found is not None
    return "-".join(found[0].split())


def open_receipt(page: Any, code: str) -> None:
    """Open the list of texts of a receipt code."""
    page.goto("/stories/receipt/")
    page.get_by_label("Receipt code").fill(code)
    press(page, "Open")


def take_next(page: Any) -> None:
    """Take the next text from the queue."""
    page.goto("/moderation/")
    press(page, "Read the next text")
    expect(page).to_have_title("A text to read · Fernway")


def publish(page: Any, *, warnings: Any = ()) -> None:
    """Approve the text that is open."""
    if warnings:
        page.get_by_text("Add content warnings").click()
    for warning in warnings:
        page.get_by_label(warning).check()
    page.get_by_label("I have read it to the end").check()
    press(page, "Publish")
    expect(page.get_by_text("The text is published.")).to_be_visible()


def count(page: Any, name: str) -> str:
    """Read one of the three counts on the home page."""
    return str(page.locator(f"[data-count={name}]").inner_text())
