from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.forms import sign_handle
from accounts.models import Consent, RecoveryCode, User
from tests.accounts.person import ADULT, PASSWORD, bare, contents, drawn, join, shown_codes

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


@pytest.mark.django_db(transaction=True)
def test_two_pages_with_one_name_never_break() -> None:
    clients = [Client(), Client()]
    form = ADULT | {"handle": sign_handle("quiet-lantern-42")}
    ready, answers = threading.Barrier(2), []

    def one(client: Client) -> None:
        try:
            ready.wait()
            answers.append(client.post("/accounts/signup/", form).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 422]
