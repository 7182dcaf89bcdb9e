from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.backends import nobodys
from accounts.codes import new_code
from accounts.models import Session, User
from accounts.sessions import SessionStore, week_end
from tests import make
from tests.accounts.person import HALF, bare, join, posted, sign_in

pytestmark = pytest.mark.django_db
HANDLE = "mossy-teapot-17"


@pytest.fixture
def known() -> User:
    return make.member(HANDLE)


@pytest.mark.parametrize("typed", [HANDLE, " Mossy Teapot 17 ", "MOSSY-TEAPOT-17", "mossy_teapot_17"])
def test_name_and_password_let_in(client: Client, known: User, typed: str) -> None:
    response = sign_in(client, typed, make.PASSWORD)

    assert (response.status_code, response["Location"]) == (302, "/stories/mine/")
    assert client.session["_auth_user_id"] == str(known.pk)


def test_next_leads_on_within_this_site_only(known: User) -> None:
    inside = sign_in(Client(), HANDLE, make.PASSWORD, query_params={"next": "/stories/new/"})
    outside = sign_in(Client(), HANDLE, make.PASSWORD, query_params={"next": "https://example.org/"})

    assert (inside["Location"], outside["Location"]) == ("/stories/new/", "/stories/mine/")


def test_wrong_answers_are_alike(known: User) -> None:
    closed = make.member("closed-gate-10")
    closed.is_active = False
    closed.save()

    answers = {
        bare(response).replace(typed.encode(), b"NAME")
        for typed, password in [
            (HANDLE, "wrong one here"),
            ("nobody-here-11", "wrong one here"),
            ("closed-gate-10", make.PASSWORD),
        ]
        for response in [sign_in(Client(), typed, password)]
        if response.status_code == 422 and not response.cookies.keys() - {"form"}
    }

    assert len(answers) == 1


def test_an_unknown_name_costs_as_much_work(known: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    runs: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, name)

        def counted(self: object, *args: object, real: object = real, name: str = name) -> object:
            runs.append(name)
            return real(self, *args)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)

    nobodys()
    runs.clear()
    sign_in(Client(), HANDLE, "wrong one here")
    sign_in(Client(), "nobody-here-11", "wrong one here")

    assert runs == ["verify", "verify"]


def test_many_wrong_passwords_are_slowed_down_for_known_and_unknown_alike(known: User) -> None:
    pages = []
    for typed in (HANDLE, "nobody-here-11"):
        for number in range(6):
            last = sign_in(Client(), typed, "wrong one here", REMOTE_ADDR=f"2001:db8:77:1::{number}")
        pages.append(bare(last).replace(typed.encode(), b"NAME"))

    assert pages[0] == pages[1]
    assert b"wait six minutes" in pages[0]
    assert sign_in(Client(), HANDLE, make.PASSWORD, REMOTE_ADDR="2001:db8:77:1::9").status_code == 422


def test_an_address_is_slowed_down_whatever_the_names_are(known: User) -> None:
    for number in range(10):
        sign_in(Client(), f"nobody-here-{number}", "wrong one here")

    assert sign_in(Client(), HANDLE, make.PASSWORD).status_code == 422


def test_wrong_passwords_elsewhere_keep_nobody_out(known: User) -> None:
    for _number in range(30):
        last = sign_in(Client(), HANDLE, "wrong one here", REMOTE_ADDR="198.51.100.1")

    assert b"wait six minutes" in last.content
    assert sign_in(Client(), HANDLE, make.PASSWORD, REMOTE_ADDR="198.51.100.2").status_code == 302


def test_who_shares_the_address_of_somebody_that_guesses_has_other_ways_in_and_is_told(known: User) -> None:
    shared, code = {"REMOTE_ADDR": "198.51.100.1"}, actions.issue_codes(known)[0]
    for number in range(10):
        sign_in(Client(), f"nobody-here-{number}", "wrong one here", **shared)
    held_up = sign_in(Client(), HANDLE, make.PASSWORD, **shared)
    passkey = Client().post("/accounts/2fa/webauthn/login/", {"credential": "{}"}, **shared)
    recovered = Client().post("/accounts/recovery/", {"code": code, "password": "eleven copper kettles"}, **shared)

    assert held_up.status_code == 422
    assert "use another network: mobile data" in held_up.content.decode()
    assert "A passkey or a recovery code, if you have one, works meanwhile." in held_up.content.decode()
    assert passkey.status_code != 429
    assert (recovered.status_code, recovered["Location"]) == (302, "/accounts/")
    elsewhere = sign_in(Client(), HANDLE, "eleven copper kettles", REMOTE_ADDR="198.51.100.2")
    assert elsewhere.status_code == 302


def test_who_signs_in_finds_nothing_that_a_visitor_left_open(client: Client, known: User) -> None:
    session = client.session
    session["receipt"] = new_code()
    session.save()

    sign_in(client, HANDLE, make.PASSWORD)

    assert client.get("/accounts/").status_code == 200
    assert "receipt" not in client.session
    assert Session.objects.count() == 1


def test_who_joins_or_gets_back_in_finds_nothing_either(known: User) -> None:
    code = actions.issue_codes(known)[0]
    for come in (
        join,
        lambda browser: browser.post("/accounts/recovery/", {"code": code, "password": "eleven copper kettles"}),
    ):
        browser = Client()
        session = browser.session
        session["receipt"] = new_code()
        session.save()
        come(browser)
        assert browser.get("/accounts/").status_code == 200
        assert "receipt" not in browser.session


def test_a_session_ends_when_it_was_to_end_however_often_it_is_saved(client: Client, known: User) -> None:
    with time_machine.travel("2026-03-03 12:00Z"):
        sign_in(client, HANDLE, make.PASSWORD)
        ends = Session.objects.get().expires_on
    with time_machine.travel("2026-03-17 12:00Z"):
        session = client.session
        session["later"] = 1
        session.save()
        assert Session.objects.get().expires_on == ends
        session.cycle_key()
        session.save()
        assert Session.objects.get().expires_on == ends
        assert SessionStore(session.session_key)["later"] == 1


@pytest.mark.parametrize("name", ["login", "password"])
def test_half_a_character_breaks_nothing(client: Client, known: User, name: str) -> None:
    typed = {"login": HANDLE, "password": "wrong one here", name: HALF}

    assert posted(client, "/accounts/login/", typed).status_code == 422


@pytest.mark.parametrize("typed", ["---", "\u0660\u0130\ufb01", "x" * 60, "\U0001f40c", "\u202e"])
def test_odd_names_are_names_of_nobody(client: Client, typed: str) -> None:
    assert sign_in(client, typed, "wrong one here").status_code == 422


def test_no_cookie_outlives_the_browser(client: Client, known: User) -> None:
    response = sign_in(client, HANDLE, make.PASSWORD)

    assert {name for name, cookie in response.cookies.items() if cookie["max-age"] or cookie["expires"]} == set()
    assert "visit" in response.cookies


def test_signing_out_ends_the_visit_and_clears_the_browser(client: Client, known: User) -> None:
    sign_in(client, HANDLE, make.PASSWORD)
    old = client.cookies["visit"].value

    asked = client.get("/accounts/logout/")
    response = client.post("/accounts/logout/")

    assert asked.status_code == 200
    assert (response.status_code, response["Location"]) == (302, "/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert {name for name in ("visit", "form") if not response.cookies[name].value} == {"visit", "form"}
    assert not Session.objects.exists()
    client.cookies["visit"] = old
    assert client.get("/accounts/").status_code == 302


def test_opening_the_sign_out_page_ends_nothing(client: Client, known: User) -> None:
    sign_in(client, HANDLE, make.PASSWORD)

    client.get("/accounts/logout/")

    assert client.get("/accounts/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "email/", "inactive/", "password/reset/", "password/reset/done/", "password/set/", "confirm-email/",
        "confirm-email/x/", "login/code/", "login/code/confirm/", "social/", "3rdparty/", "phone/change/",
        "2fa/recovery-codes/download/", "2fa/webauthn/", "2fa/trust/", "sessions/",
    ],
)  # fmt: skip
def test_what_needs_an_address_is_not_served(member_client: Client, path: str) -> None:
    assert member_client.get(f"/accounts/{path}").status_code == 404


def test_the_password_can_be_changed(client: Client, known: User) -> None:
    sign_in(client, HANDLE, make.PASSWORD)
    elsewhere = Client()
    sign_in(elsewhere, HANDLE, make.PASSWORD)
    new = "eleven copper kettles"

    wrong = client.post("/accounts/password/change/", {"old": "wrong one here", "password": new})
    easy = client.post("/accounts/password/change/", {"old": make.PASSWORD, "password": HANDLE})
    right = client.post("/accounts/password/change/", {"old": make.PASSWORD, "password": new})

    assert (wrong.status_code, easy.status_code, right.status_code) == (422, 422, 302)
    assert client.get("/accounts/").status_code == 200
    assert elsewhere.get("/accounts/").status_code == 302
    assert sign_in(Client(), HANDLE, make.PASSWORD).status_code == 422
    assert sign_in(Client(), HANDLE, new).status_code == 302


def test_a_closed_account_is_signed_out_everywhere(client: Client, known: User) -> None:
    sign_in(client, HANDLE, make.PASSWORD)

    known.is_active = False
    known.save()

    assert client.get("/accounts/").status_code == 302


def test_the_name_is_on_one_page_only(client: Client, known: User) -> None:
    sign_in(client, HANDLE, make.PASSWORD)
    paths = [
        "/",
        "/stories/",
        "/stories/mine/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/logout/",
    ]

    holding = [path for path in [*paths, "/accounts/"] if HANDLE in client.get(path).content.decode()]

    assert holding == ["/accounts/"]


@pytest.mark.parametrize(("weeks", "words"), [(1, "2 weeks at the most"), (2, "3 weeks at the most")])
def test_the_pages_say_for_how_many_weeks_a_visit_lasts_at_the_most(weeks: int, words: str, settings: Any) -> None:
    settings.SESSION_WEEKS = weeks
    assert words in Client().get("/accounts/login/").content.decode()
    assert words in make.client_of(make.member()).get("/accounts/").content.decode()
    said = {1: "after the end of next week at the latest", 2: "you are signed out after 2 to 3 weeks"}
    assert said[weeks] in Client().get("/privacy/").content.decode()
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC)):  # a Monday
        lasts = week_end(timezone.now().date()) - timezone.now().date()
    assert 7 * weeks < lasts.days + 1 <= 7 * (weeks + 1)
