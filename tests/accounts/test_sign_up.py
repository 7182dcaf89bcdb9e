from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.forms import read_handle, sign_handle
from accounts.models import Consent, RecoveryCode, User
from tests.accounts.person import ADULT, HALF, PASSWORD, bare, contents, drawn, join, posted, shown_codes

pytestmark = pytest.mark.django_db


def test_joining_opens_an_account_and_leads_to_the_codes(client: Client) -> None:
    handle, response = join(client)

    assert (response.status_code, response["Location"]) == (302, "/accounts/codes/")
    user = User.objects.get(handle=handle)
    assert user.check_password(PASSWORD)
    assert not user.codes_confirmed
    assert client.session["_auth_user_id"] == str(user.pk)
    assert sorted(Consent.objects.values_list("user", "document", "version", "month")) == [
        (user.pk, document, "1", timezone.now().date().replace(day=1)) for document in ("adult", "privacy", "rules")
    ]
    assert len(shown_codes(client.get("/accounts/codes/"))) == 8


def test_another_name_is_drawn_and_what_was_ticked_stays(client: Client) -> None:
    first, carried = drawn(client.get("/accounts/signup/"))

    response = client.post("/accounts/signup/", ADULT | {"handle": carried, "draw": "1"})

    assert response.status_code == 200
    assert drawn(response)[0] != first
    page = response.content.decode()
    assert page.count("checked") == 3
    assert PASSWORD not in page
    assert "is-invalid" not in page
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"password": ""},
        {"password": "fernway1"},
        {"password": "12345678"},
        {"age": ""},
        {"rules": ""},
        {"privacy": ""},
    ],
)
def test_what_is_missing_is_asked_for(client: Client, changed: dict[str, str]) -> None:
    handle, carried = drawn(client.get("/accounts/signup/"))

    response = client.post("/accounts/signup/", ADULT | {"handle": carried} | changed)

    assert response.status_code == 422
    assert drawn(response)[0] == handle
    assert PASSWORD not in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("carried", ["", "my-own-name", "my-own-name:1abcde:xxxx", "moderator"])
def test_a_name_cannot_be_chosen(client: Client, carried: str) -> None:
    response = client.post("/accounts/signup/", ADULT | {"handle": carried})

    assert response.status_code == 422
    assert drawn(response)[0] != carried
    assert not User.objects.exists()


def test_a_name_drawn_long_ago_is_drawn_anew(client: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        carried = sign_handle("quiet-lantern-42")

    response = client.post("/accounts/signup/", ADULT | {"handle": carried})

    assert response.status_code == 422
    assert drawn(response)[0] != "quiet-lantern-42"


def test_a_name_taken_meanwhile_is_replaced(client: Client) -> None:
    handle, _ = join(Client())
    taken = ADULT | {"handle": sign_handle(handle.upper())}

    response = client.post("/accounts/signup/", taken)

    assert response.status_code == 422
    assert drawn(response)[0] not in {handle, handle.upper()}
    again = client.post("/accounts/signup/", ADULT | {"handle": drawn(response)[1]})
    assert again.status_code == 302
    assert User.objects.count() == 2


def test_who_is_signed_in_needs_no_second_account(member_client: Client) -> None:
    assert member_client.get("/accounts/signup/")["Location"] == "/accounts/"


@pytest.mark.parametrize("more", [{}, {"password": "", "rules": "", "privacy": ""}, {"handle": "", "next": "/x/"}])
def test_under_eighteen_nothing_is_stored(client: Client, more: dict[str, str]) -> None:
    _, carried = drawn(client.get("/accounts/signup/"))
    before = contents()

    response = client.post(
        "/accounts/signup/", ADULT | {"age": "young", "handle": carried} | more, REMOTE_ADDR="203.0.113.77"
    )

    assert response.status_code == 200
    assert "Childline" in response.content.decode()
    assert contents() == before
    assert before["accounts_user"] == before["accounts_session"] == before["accounts_limit"] == []
    assert set(response.cookies) <= {"form"}


def test_the_page_is_alike_for_everybody() -> None:
    assert bare(Client().get("/accounts/signup/")) == bare(Client().get("/accounts/signup/"))


def test_many_tries_are_slowed_down(client: Client) -> None:
    answers = [client.post("/accounts/signup/", {"age": "adult"}).status_code for _number in range(21)]

    assert answers == [422] * 20 + [429]


@pytest.mark.django_db(transaction=True)
def test_of_two_with_one_name_one_gets_it() -> None:
    ready, outcomes = threading.Barrier(2), []

    def one() -> None:
        try:
            ready.wait()
            actions.sign_up("quiet-lantern-42", password=PASSWORD)
            outcomes.append("in")
        except actions.HandleTakenError:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["in", "taken"]
    assert (User.objects.count(), RecoveryCode.objects.count()) == (1, 8)


def at_once(posted: list[dict[str, str]]) -> list[tuple[Client, HttpResponse]]:
    """Send sign-up forms at the same moment, each from a browser of its own."""
    ready, answers = threading.Barrier(len(posted)), []

    def one(form: dict[str, str]) -> None:
        try:
            browser = Client()
            ready.wait()
            answers.append((browser, browser.post("/accounts/signup/", form)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(form,)) for form in posted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_pages_with_one_name_never_break() -> None:
    form = ADULT | {"handle": sign_handle("quiet-lantern-42")}

    answers = at_once([form, form | {"password": "eleven copper kettles"}])

    assert sorted(answer.status_code for _, answer in answers) == [302, 422]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_lands_twice_where_one_click_does() -> None:
    form = ADULT | {"handle": sign_handle("quiet-lantern-42")}

    answers = at_once([form, form])

    assert [answer["Location"] for _, answer in answers] == ["/accounts/codes/"] * 2
    shown = {tuple(shown_codes(browser.get("/accounts/codes/"))) for browser, _ in answers}
    assert [len(codes) for codes in shown] == [8]
    assert (User.objects.count(), RecoveryCode.objects.count(), Consent.objects.count()) == (1, 8, 3)


def test_the_second_press_writes_nothing_of_an_account(client: Client) -> None:
    handle, carried = drawn(client.get("/accounts/signup/"))
    form = ADULT | {"handle": carried}
    client.post("/accounts/signup/", form)
    before = {name: rows for name, rows in contents().items() if name not in {"accounts_session", "accounts_limit"}}

    browser = Client()
    same_browser, other_browser = client.post("/accounts/signup/", form), browser.post("/accounts/signup/", form)

    assert same_browser["Location"] == other_browser["Location"] == "/accounts/codes/"
    assert browser.session["_auth_user_id"] == str(User.objects.get(handle=handle).pk)
    assert {name: rows for name, rows in contents().items() if name in before} == before


def test_the_second_press_with_another_password_gets_another_name(client: Client) -> None:
    handle, carried = drawn(client.get("/accounts/signup/"))
    client.post("/accounts/signup/", ADULT | {"handle": carried})

    again = Client().post("/accounts/signup/", ADULT | {"handle": carried, "password": "eleven copper kettles"})

    assert again.status_code == 422
    assert "Here is another one" in again.content.decode()
    assert drawn(again)[0] != handle
    assert User.objects.count() == 1


def test_the_second_press_much_later_gets_another_name(client: Client) -> None:
    _, carried = drawn(client.get("/accounts/signup/"))
    client.post("/accounts/signup/", ADULT | {"handle": carried})

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        again = Client().post("/accounts/signup/", ADULT | {"handle": carried})

    assert again.status_code == 422


def test_codes_that_were_typed_back_are_not_shown_by_a_second_press(client: Client) -> None:
    _, carried = drawn(client.get("/accounts/signup/"))
    form = ADULT | {"handle": carried}
    client.post("/accounts/signup/", form)
    codes = shown_codes(client.get("/accounts/codes/"))
    client.post("/accounts/codes/", {"code": codes[0]})
    browser = Client()

    page = browser.get(browser.post("/accounts/signup/", form)["Location"], follow=True)

    assert page.request["PATH_INFO"] == "/accounts/"
    assert shown_codes(page) == []


@pytest.mark.parametrize("carried", [HALF, f"{HALF}:1abcde:xxxx", "\u202e:\u0660:\U0001f40c", ":", "::", "x" * 9_000])
def test_what_is_no_signature_carries_no_name(carried: str) -> None:
    assert read_handle(carried) is None


@pytest.mark.parametrize("name", ["handle", "age", "rules"])
@pytest.mark.parametrize("more", [{}, {"draw": "1"}], ids=["join", "draw"])
def test_half_a_character_breaks_nothing(client: Client, name: str, more: dict[str, str]) -> None:
    _, carried = drawn(client.get("/accounts/signup/"))
    typed = ADULT | {"handle": carried, "password": "short"} | more

    response = posted(client, "/accounts/signup/", typed | {name: HALF})

    assert response.status_code == (200 if more else 422)
    assert not User.objects.exists()
