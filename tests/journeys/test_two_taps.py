"""Somebody taps twice where once is enough, and stays signed in."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import expect

from accounts.actions import issue_codes
from accounts.codes import new_code
from accounts.models import Role, User
from moderation.actions.leading import invite
from stories.owners import Owner
from tests import make
from tests.journeys import steps

NEW = "eleven copper kettles"
HELD, BETWEEN = 0.4, 60  # seconds that a form is held on its way, and milliseconds from tap to tap


def holding(page: Any) -> list[str]:
    """Hold each form that is sent until a second tap had its time, and return the list of what was sent."""
    sent: list[str] = []

    def hold(route: Any) -> None:
        if route.request.method == "POST":
            sent.append(route.request.url)
            time.sleep(HELD)
        route.continue_()

    page.route("**/*", hold)
    return sent


def tap_twice(page: Any, name: str) -> None:
    """Press a button twice, as quickly as a thumb does; no answer is there before the second."""
    button = page.get_by_role("button", name=name, exact=True)
    button.wait_for()
    page.wait_for_load_state()  # a script that is deferred runs after the button is there
    button.evaluate("(button, wait) => { button.click(); setTimeout(() => button.click(), wait); }", BETWEEN)


def test_two_taps_send_a_password_once(open_browser: Any, watch: Any) -> None:
    watch.expected.add(422)
    member, page = make.member(), open_browser()
    steps.signed_in(page, member)
    sent = holding(page)

    # The password, asked once more, gives the visit a new key.
    page.goto("/accounts/devices/")
    page.get_by_label("Your password").fill(make.PASSWORD)
    tap_twice(page, "Go on")
    steps.heading(page, "Where you are signed in")
    assert len(sent) == 1

    # So does a new one; what was typed wrong is not held up.
    page.goto("/accounts/password/change/")
    for old in ("not this one", make.PASSWORD):
        page.get_by_label("Your current password").fill(old)
        page.get_by_label("New password").fill(NEW)
        tap_twice(page, "Change the password")
        expect(
            page.get_by_text("This is not your password.").or_(page.get_by_text("Your password is changed.")).first
        ).to_be_visible()
    steps.heading(page, "Your account")
    assert len(sent) == 3
    assert User.objects.get(pk=member.pk).check_password(NEW)


def test_two_taps_open_a_receipt_and_leave_a_member_signed_in(open_browser: Any, watch: Any) -> None:
    code, page = new_code(), open_browser()
    make.waiting(Owner.of_code(code))
    steps.signed_in(page, make.member())
    sent = holding(page)

    page.goto("/stories/receipt/")
    page.get_by_label("Receipt code").fill(code)
    tap_twice(page, "Open")

    steps.heading(page, "Your texts")
    page.goto("/accounts/")
    steps.heading(page, "Your account")
    assert len(sent) == 1


def test_two_taps_use_a_recovery_code_once_and_erase_an_account_once(open_browser: Any, watch: Any) -> None:
    member, page = make.member(), open_browser()
    code = issue_codes(member)[0]
    sent = holding(page)

    page.goto("/accounts/recovery/")
    page.get_by_label("One of your recovery codes").fill(code)
    page.get_by_label("New password").fill(NEW)
    tap_twice(page, "Set the new password")
    steps.heading(page, "Your account")
    assert len(sent) == 1

    page.goto("/accounts/close/")
    if "reauthenticate" in page.url:
        steps.prove_it(page, NEW)
    sent.clear()
    tap_twice(page, "Erase my account now")
    steps.heading(page, "The account is erased")
    assert len(sent) == 1


def test_two_taps_take_an_invitation_once(open_browser: Any, watch: Any) -> None:
    _invitation, code = invite(Role.MODERATOR, lead=make.moderator(role=Role.LEAD))
    page = open_browser()
    sent = holding(page)

    page.goto(f"/accounts/invitation/#{code}")
    page.get_by_label("Password").fill(NEW)
    tap_twice(page, "Open my account")

    page.wait_for_url("**/totp/activate/")
    assert len(sent) == 1


def test_without_that_script_two_taps_send_twice(open_browser: Any, watch: Any) -> None:
    page = open_browser()
    steps.signed_in(page, make.member())
    sent = holding(page)
    page.route("**/once*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/accounts/devices/")
    page.get_by_label("Your password").fill(make.PASSWORD)

    tap_twice(page, "Go on")

    page.wait_for_timeout(2 * 1_000 * HELD)
    assert len(sent) == 2
