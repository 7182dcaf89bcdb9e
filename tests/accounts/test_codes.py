from __future__ import annotations

import threading
import time

import pytest
import time_machine
from django.db import connections
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts import actions
from accounts.codes import ALPHABET, LENGTH, bare_code, new_code
from accounts.models import RecoveryCode, User
from accounts.views import FRESH_CODES
from tests import make
from tests.accounts.person import contents, join, shown_codes, sign_in

pytestmark = pytest.mark.django_db
NEW, CODES = "eleven copper kettles", "/accounts/codes/"


@given(st.sampled_from(["", " ", "-", " - ", "\u2013", "."]), st.booleans())
def test_codes_are_read_however_they_are_typed(between: str, loud: bool) -> None:
    code = new_code()
    typed = between.join(code.split("-"))

    assert bare_code(f" {typed.upper() if loud else typed} ") == code.replace("-", "")


def test_codes_are_long_enough_and_differ() -> None:
    drawn = {bare_code(new_code()) for _number in range(500)}

    assert len(set(ALPHABET)) ** LENGTH >= 2**100
    assert len(drawn) == 500
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in drawn)


def test_eight_codes_are_kept_as_digests_only(member: User) -> None:
    codes = actions.issue_codes(member)

    assert len(set(codes)) == 8
    assert member.recovery_codes.count() == 8
    everything = str(contents())
    for code in codes:
        assert code not in everything
        assert bare_code(code) not in everything
        assert bare_code(code).encode().hex() not in everything


def test_new_codes_replace_the_old_ones(member: User) -> None:
    old = actions.issue_codes(member)
    new = actions.issue_codes(member)

    with pytest.raises(actions.CodeUnknownError):
        actions.use_recovery_code(old[0], hashed=NEW)
    assert actions.use_recovery_code(new[0], hashed=NEW) == member


@given(typed=st.text(st.characters(exclude_characters="\0", exclude_categories=[]), max_size=60))
@pytest.mark.django_db
def test_no_other_text_is_a_code(typed: str) -> None:
    with pytest.raises(actions.CodeUnknownError):
        actions.check_recovery_code(typed, password=NEW)


def test_codes_outlive_a_change_of_keys(member: User, settings: Settings) -> None:
    code = actions.issue_codes(member)[0]

    settings.SESSION_KEYS = [b"n" * 32, *settings.SESSION_KEYS]

    assert actions.use_recovery_code(code, hashed=NEW) == member


@pytest.mark.django_db(transaction=True)
def test_a_code_used_twice_at_once_works_once() -> None:
    code = actions.issue_codes(make.member())[0]
    ready, outcomes = threading.Barrier(2), []

    def one(password: str) -> None:
        try:
            ready.wait()
            actions.use_recovery_code(code, hashed=password)
            outcomes.append("in")
        except actions.CodeUnknownError:
            outcomes.append("unknown")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(f"{NEW} {number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["in", "unknown"]
    assert RecoveryCode.objects.count() == 7


def test_codes_are_shown_until_one_is_typed_back(client: Client) -> None:
    handle, _ = join(client)
    codes = shown_codes(client.get("/accounts/codes/"))

    assert shown_codes(client.get("/accounts/codes/")) == codes
    check = client.get("/accounts/codes/?check")
    assert shown_codes(check) == []
    assert not any(code in check.content.decode() for code in codes)
    wrong = client.post("/accounts/codes/", {"code": new_code()})
    assert wrong.status_code == 422
    assert not User.objects.get(handle=handle).codes_confirmed
    assert shown_codes(client.get("/accounts/codes/")) == codes

    right = client.post("/accounts/codes/", {"code": codes[5].upper().replace("-", " ")})

    assert (right.status_code, right["Location"]) == (302, "/accounts/")
    assert User.objects.get(handle=handle).codes_confirmed
    assert FRESH_CODES not in client.session
    assert client.get("/accounts/codes/").status_code == 302
    assert User.objects.get(handle=handle).recovery_codes.count() == 8


def test_after_some_minutes_only_the_password_shows_them_again(client: Client) -> None:
    handle, _ = join(client)
    codes = shown_codes(client.get(CODES))

    with time_machine.travel(time.time() + 9 * 60, tick=True):
        assert shown_codes(client.get(CODES)) == codes
    with time_machine.travel(time.time() + 11 * 60, tick=True):
        asked = client.get(CODES)
        assert asked["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Fcodes%2F"
        assert client.get(f"{CODES}?check").status_code == 200, "who kept them is asked for no password"
        assert client.post(asked["Location"], {"password": "seven slow pelicans"})["Location"] == CODES
        assert shown_codes(client.get(CODES)) == codes
        assert client.post(CODES, {"code": codes[0]})["Location"] == "/accounts/"
    assert User.objects.get(handle=handle).codes_confirmed


def test_codes_that_were_replaced_meanwhile_are_not_shown(member: User) -> None:
    client = make.client_of(member)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    client.post("/accounts/codes/new/")
    actions.issue_codes(member)  # a second press, whose visit was written before that of the first

    answers = [client.get(f"{CODES}?check"), client.get(CODES, follow=True)]

    assert answers[0]["Location"] == "/accounts/codes/new/"
    assert shown_codes(answers[1]) == []
    assert "Other codes were made meanwhile" in answers[1].content.decode()


def test_a_code_of_the_newest_ones_counts_where_older_ones_are_held(member: User) -> None:
    client = make.client_of(member)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    client.post("/accounts/codes/new/")

    answer = client.post(CODES, {"code": actions.issue_codes(member)[0]})

    assert answer["Location"] == "/accounts/"
    assert FRESH_CODES not in client.session


def test_a_code_of_somebody_else_confirms_nothing(client: Client, member: User) -> None:
    handle, _ = join(client)

    response = client.post("/accounts/codes/", {"code": actions.issue_codes(member)[0]})

    assert response.status_code == 422
    assert not User.objects.get(handle=handle).codes_confirmed


def test_looking_at_the_codes_changes_nothing(client: Client) -> None:
    join(client)
    before = contents()

    client.get("/accounts/codes/")
    client.get("/accounts/codes/?check")
    client.get("/accounts/")

    assert contents() == before


def test_who_left_before_is_led_back_gently(client: Client) -> None:
    handle, _ = join(client)
    client.post("/accounts/logout/")
    sign_in(client, handle, "seven slow pelicans")

    home = client.get("/accounts/")

    assert home.status_code == 200
    assert 'href="/accounts/codes/"' in home.content.decode()
    page = client.get("/accounts/codes/").content.decode()
    assert 'href="/accounts/codes/new/"' in page
    assert 'name="code"' in page


def test_new_codes_ask_for_the_password_first(member: User) -> None:
    client = make.client_of(member)
    member.set_password("seven slow pelicans")
    member.save()
    client.force_login(member)

    asked = client.get("/accounts/codes/new/")
    unasked = client.post("/accounts/codes/new/")

    assert asked["Location"] == unasked["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Fcodes%2Fnew%2F"
    assert RecoveryCode.objects.count() == 0
    assert client.post(asked["Location"], {"password": "wrong one here"}).status_code == 422
    back = client.post(asked["Location"], {"password": "seven slow pelicans"})
    assert back["Location"] == "/accounts/codes/new/"
    assert RecoveryCode.objects.count() == 0
    made = client.post("/accounts/codes/new/")
    assert made["Location"] == "/accounts/codes/"
    assert len(shown_codes(client.get("/accounts/codes/"))) == RecoveryCode.objects.count() == 8
    assert User.objects.get(pk=member.pk).codes_confirmed
