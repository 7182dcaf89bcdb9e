"""Visits: idle and absolute limits, a new key at each proof, the list of one's own, and their end everywhere."""

from __future__ import annotations

import time
import urllib.parse
import urllib.request
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import actions
from accounts.models import Role, Session, User
from accounts.sessions import SessionStore, end_visits, tags_of
from tests import make
from tests.accounts.person import join, sign_in
from tests.chromium import Site, answers, free_port, serve, stop
from tests.stories.writing import open_form

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


def browser(user: User, agent: str = FIREFOX) -> Client:
    """Return a browser in which somebody typed name and password."""
    one = Client(HTTP_USER_AGENT=agent)
    assert sign_in(one, user.handle, make.PASSWORD).status_code == 302
    return one


def is_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def again(client: Client, url: str) -> Any:
    """Open a page that asks for the password first."""
    asked = client.get(url)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert client.post(asked["Location"], {"password": make.PASSWORD})["Location"] == url
    return client.get(url)


def in_minutes(minutes: float) -> Any:
    return time_machine.travel(time.time() + minutes * 60, tick=True)


@pytest.mark.parametrize("who", ["member", "staff", "receipt"])
def test_a_visit_ends_when_nobody_used_it_for_long(who: str, settings: Settings) -> None:
    settings.IDLE_MINUTES, settings.STAFF_IDLE_MINUTES = 50, 20
    limit = 20 if who == "staff" else 50
    client = Client()
    if who == "receipt":
        open_form(client)
    else:
        user = make.member() if who == "member" else make.moderator(role=Role.EDITOR, second_factor=False)
        client = browser(user)
    key = client.cookies["visit"].value
    assert Session.objects.count() == 1

    with in_minutes(limit - 1):
        answer = client.get("/stories/mine/" if who == "receipt" else "/accounts/")
        assert "idle" in answer.cookies  # renewed: the time runs anew
    with in_minutes(2 * limit - 2):
        client.get("/stories/mine/" if who == "receipt" else "/accounts/")
        assert client.cookies["visit"].value == key
    with in_minutes(3 * limit):
        ended = client.get("/stories/mine/" if who == "receipt" else "/accounts/")
        assert {name: ended.cookies[name]["max-age"] for name in ("visit", "idle")} == {"visit": 0, "idle": 0}
        assert not Session.objects.exists()


@pytest.mark.parametrize("stamp", ["", "A" * 55, "%%%", "\xff", "foreign"])
def test_without_its_own_stamp_a_visit_opens_nothing(stamp: str) -> None:
    user = make.member()
    client, other = browser(user), browser(user)
    client.cookies["idle"] = other.cookies["idle"].value if stamp == "foreign" else stamp

    assert not is_in(client)
    assert is_in(other)
    assert Session.objects.count() == 1


def test_the_stamp_is_renewed_once_a_minute_and_no_row_is_written() -> None:
    client = browser(make.member())
    before = list(Session.objects.values_list("digest", "payload"))

    assert "idle" not in client.get("/accounts/").cookies
    with in_minutes(1.5):
        assert "idle" in client.get("/accounts/").cookies
        assert "idle" not in client.get("/accounts/").cookies
    assert list(Session.objects.values_list("digest", "payload")) == before


def test_a_page_that_asks_by_itself_keeps_no_visit_alive() -> None:
    client = make.client_of(make.moderator())

    with in_minutes(2):
        assert "idle" not in client.get("/moderation/now/").cookies
        assert "idle" in client.get("/moderation/").cookies


def test_staff_are_signed_out_after_so_many_hours_however_busy(settings: Settings) -> None:
    settings.STAFF_SESSION_HOURS, settings.STAFF_IDLE_MINUTES = 3, 60
    staff, member = browser(make.moderator(second_factor=False)), browser(make.member())
    for half_hours in range(1, 6):
        with in_minutes(30 * half_hours):
            assert is_in(staff)
            is_in(member)
    with in_minutes(181):
        assert not is_in(staff)
        assert is_in(member)


def test_a_new_password_asked_for_gives_the_visit_a_new_key_and_the_same_end() -> None:
    user = make.member()
    client = browser(user)
    old, ends = client.cookies["visit"].value, Session.objects.get().expires_on

    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        again(client, "/accounts/codes/new/")

    assert client.cookies["visit"].value != old
    assert Session.objects.get().expires_on == ends
    copy = Client()
    copy.cookies["visit"] = old
    make.stay(copy)
    assert not is_in(copy)


def test_all_others_are_ended_at_once_half_way_sign_ins_too() -> None:
    user = make.moderator()
    client, other, half = make.client_of(user), make.client_of(user), Client()
    assert sign_in(half, user.handle, make.PASSWORD)["Location"] == "/accounts/2fa/authenticate/"
    again(client, "/accounts/devices/")

    client.post("/accounts/devices/", {"others": "1"})

    assert (is_in(client), is_in(other)) == (True, False)
    assert half.get("/accounts/2fa/authenticate/").status_code == 302
    assert Session.objects.count() == 1


def test_ending_visits_asks_the_password_first() -> None:
    client = browser(make.member())

    for answer in (client.get("/accounts/devices/"), client.post("/accounts/devices/", {"others": "1"})):
        assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_visits_are_found_under_every_key(settings: Settings) -> None:
    user, visitor = make.member(), make.member()
    browser(user)
    settings.SESSION_KEYS = [b"n" * 32, *settings.SESSION_KEYS]
    browser(user)
    browser(visitor)
    tags = set(map(bytes, Session.objects.values_list("owner_tag", flat=True)))

    assert set(tags_of(user.pk)) < tags
    end_visits(user)
    assert Session.objects.count() == 1


def test_a_visitor_has_no_tag() -> None:
    open_form(Client())

    assert Session.objects.get().owner_tag is None


@pytest.mark.parametrize("act", ["password", "recovery", "role", "close"])
def test_visits_end_when_what_they_stand_on_changes(act: str) -> None:
    staff = act in {"role", "close"}
    user = make.moderator(role=Role.EDITOR, second_factor=False) if staff else make.member()
    one, other = browser(user), browser(user)
    if act == "password":
        one.post("/accounts/password/change/", {"old": make.PASSWORD, "password": "eleven copper kettles"})
    elif act == "recovery":
        code = actions.issue_codes(user)[0]
        one.post("/accounts/logout/")
        one.post("/accounts/recovery/", {"code": code, "password": "eleven copper kettles"})
    elif act == "role":
        actions.change_role(user, Role.CLINICIAN)
    else:
        actions.close_staff(user)

    assert Session.objects.count() == (0 if staff else 1)
    assert (is_in(one), is_in(other)) == (not staff, False)


def test_a_visit_that_ended_meanwhile_is_not_written_back() -> None:
    user = make.member()
    store = SessionStore(browser(user).cookies["visit"].value)
    store["later"] = 1
    end_visits(user)

    with pytest.raises(UpdateError):
        store.save()


def test_joining_begins_a_visit_that_is_found() -> None:
    client = Client(HTTP_USER_AGENT=FIREFOX)
    handle, _answer = join(client)

    end_visits(User.objects.get(handle=handle))
    assert not is_in(client)


@pytest.mark.parametrize(("hours", "asks"), [(2, False), (4, True)])
def test_own_texts_ask_for_the_password_in_an_old_visit(hours: int, asks: bool, settings: Settings) -> None:
    settings.OWN_TEXTS_HOURS, settings.IDLE_MINUTES = 3, 600
    user = make.member()
    client, story = browser(user), make.waiting(make.owner(user))
    addresses = ["/stories/mine/", f"/stories/status/{story.contribution_id}/", "/stories/saved/"]

    with in_minutes(hours * 60):
        asked = [client.get(url)["Location"] if asks else client.get(url).status_code for url in addresses]
        assert client.get("/stories/").status_code == 200
        if asks:
            assert all(url.startswith("/accounts/reauthenticate/?next=") for url in asked)
            again(client, addresses[1])
            assert client.get(addresses[0]).status_code == 200
        else:
            assert asked == [200, 200, 200]


@pytest.mark.django_db(transaction=True)
def test_an_ended_visit_is_nobody_in_every_process_at_the_next_request(site: Site) -> None:
    port = free_port()
    second = serve(port)
    try:
        answers(f"http://127.0.0.1:{port}/healthz")
        user = make.member()
        cookies = make.visit_cookies(make.client_of(user))
        sites = [site.url, f"http://127.0.0.1:{port}"]
        assert [asked(url, cookies) for url in sites] == ["/accounts/"] * 2

        end_visits(user)

        assert [asked(url, cookies) for url in sites] == ["/accounts/login/"] * 2
    finally:
        stop(second)


def asked(url: str, cookies: dict[str, str]) -> str:
    """Return where a browser with these cookies ends up that asks for the account's page."""
    carried = "; ".join(f"{name}={value}" for name, value in cookies.items())
    request = urllib.request.Request(f"{url}/accounts/", headers={"Cookie": carried})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(urllib.parse.urlsplit(answer.url).path)


def test_a_clock_set_back_ends_no_visit_and_makes_none_immortal() -> None:
    client = browser(make.member())

    with in_minutes(-50):
        assert "idle" in client.get("/accounts/").cookies
    client.cookies["idle"] = ""
    with in_minutes(24 * 60):
        make.stay(client)
    assert not is_in(client)
