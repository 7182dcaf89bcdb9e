"""Where somebody is signed in: the own visits and nobody else's, and what is said when one is ended."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import devices
from accounts.models import Session
from accounts.sessions import names_of
from tests import make
from tests.accounts.test_visits import CHROME, again, browser, is_in

pytestmark = pytest.mark.django_db


def test_own_visits_are_listed_by_browser_and_week_and_nothing_more() -> None:
    user, somebody = make.member(), make.member()
    client = browser(user)
    browser(somebody, CHROME)
    with time_machine.travel("2026-03-04 12:00Z"):
        browser(user, CHROME)
    Session.objects.update(expires_on=timezone.now().date())

    page = again(client, "/accounts/devices/").content.decode()

    assert page.count("Signed in during the week of") == 2
    assert page.count("This one") == 1
    assert "March 2, 2026" in page
    assert "131" not in page
    assert "Linux" not in page


def test_one_visit_is_ended_and_only_ones_own() -> None:
    user, somebody = make.member(), make.member()
    client, other, foreign = browser(user), browser(user, CHROME), browser(somebody)
    page = again(client, "/accounts/devices/").content.decode()
    (mark,) = [part.split('"')[0] for part in page.split('name="visit" value="')[1:]]
    foreign_page = again(foreign, "/accounts/devices/")

    def said(browser: Client, mark: str) -> str:
        page = browser.post("/accounts/devices/", {"visit": mark}, follow=True).content.decode()
        (one,) = [said for said in ("You are signed out there.", "Nothing was ended.") if said in page]
        return one

    assert foreign_page.status_code == 200
    assert said(foreign, mark) == "Nothing was ended."
    assert is_in(other)
    assert said(client, mark) == "You are signed out there."
    assert (is_in(client), is_in(other), is_in(foreign)) == (True, False, True)
    here = devices.visits_of(user, names_of(client.cookies["visit"].value)[0])[0].mark
    assert [said(client, one) for one in (mark, here, "\xff", "")] == ["Nothing was ended."] * 4
    assert is_in(client)
