from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts import actions
from accounts.codes import new_code
from accounts.models import User
from tests import make
from tests.accounts.person import HALF, bare, code_now, marks, posted, sign_in
from tests.architecture.answers import judged

pytestmark = pytest.mark.django_db
NEW = "eleven copper kettles"


def test_a_code_sets_a_new_password_and_lets_in(client: Client, member: User) -> None:
    codes = actions.issue_codes(member)

    response = client.post("/accounts/recovery/", {"code": codes[3], "password": NEW})

    assert (response.status_code, response["Location"]) == (302, "/accounts/")
    assert member.handle in client.get("/accounts/").content.decode()
    assert sign_in(Client(), member.handle, NEW).status_code == 302
    assert member.recovery_codes.count() == 7


def test_a_code_works_once(client: Client, member: User) -> None:
    codes = actions.issue_codes(member)
    client.post("/accounts/recovery/", {"code": codes[3], "password": NEW})

    again = Client().post("/accounts/recovery/", {"code": codes[3], "password": NEW})

    assert again.status_code == 422


def test_whoever_was_signed_in_is_out(client: Client, member: User) -> None:
    elsewhere = make.client_of(member)

    client.post("/accounts/recovery/", {"code": actions.issue_codes(member)[0], "password": NEW})

    assert elsewhere.get("/accounts/").status_code == 302


def test_a_second_factor_is_asked_for_all_the_same(client: Client, member: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(member, secret)

    response = client.post("/accounts/recovery/", {"code": actions.issue_codes(member)[0], "password": NEW})

    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/accounts/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 422
    let_in = client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert let_in["Location"] == "/accounts/"
    assert client.get("/accounts/").status_code == 200


def test_nothing_is_written_before_the_second_factor(client: Client, member: User) -> None:
    TOTP.activate(member, generate_totp_secret())
    code = actions.issue_codes(member)[0]
    elsewhere = make.client_of(member)
    before = marks("accounts_user", "accounts_recoverycode")

    client.post("/accounts/recovery/", {"code": code, "password": NEW})
    answers = [client.post("/accounts/2fa/authenticate/", {"code": "000000"}) for _number in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 6
    assert b"many wrong codes" in answers[5].content
    assert marks("accounts_user", "accounts_recoverycode") == before
    assert elsewhere.get("/accounts/").status_code == 200
    assert NEW not in str(dict(client.session))


@pytest.mark.parametrize("spare", [False, True], ids=["app", "spare code"])
def test_after_the_second_factor_all_of_it_is_written(client: Client, member: User, spare: bool) -> None:
    secret = generate_totp_secret()
    TOTP.activate(member, secret)
    second = RecoveryCodes.activate(member).get_unused_codes()[0] if spare else code_now(secret)
    code = actions.issue_codes(member)[0]
    elsewhere = make.client_of(member)

    client.post("/accounts/recovery/", {"code": code, "password": NEW})
    client.post("/accounts/2fa/authenticate/", {"code": second})

    assert "Your new password is set." in client.get("/accounts/").content.decode()
    assert User.objects.get(pk=member.pk).check_password(NEW)
    assert member.recovery_codes.count() == 7
    assert elsewhere.get("/accounts/").status_code == 302
    assert code not in str(dict(client.session))


def test_a_code_replaced_meanwhile_sets_nothing(client: Client, member: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(member, secret)
    code = actions.issue_codes(member)[0]
    client.post("/accounts/recovery/", {"code": code, "password": NEW})
    actions.issue_codes(member)

    answer = client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})

    assert answer["Location"] == "/accounts/recovery/"
    assert "We do not know this code." in client.get("/accounts/recovery/").content.decode()
    assert client.get("/accounts/").status_code == 302
    assert User.objects.get(pk=member.pk).password == member.password


def test_starting_again_forgets_what_was_typed(client: Client, member: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(member, secret)
    client.post("/accounts/recovery/", {"code": actions.issue_codes(member)[0], "password": NEW})

    client.post("/accounts/logout/", {"next": "/accounts/login/"})
    sign_in(client, member.handle, make.PASSWORD)
    client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})

    assert User.objects.get(pk=member.pk).password == member.password
    assert member.recovery_codes.count() == 8


@pytest.mark.parametrize("name", ["code", "password"])
def test_half_a_character_breaks_nothing(client: Client, name: str) -> None:
    typed = {"code": new_code(), "password": NEW, name: HALF}

    assert posted(client, "/accounts/recovery/", typed).status_code == 422


def test_who_holds_a_code_counts_as_having_kept_them(client: Client) -> None:
    user = make.member(confirmed=False)

    client.post("/accounts/recovery/", {"code": actions.issue_codes(user)[0], "password": NEW})

    assert User.objects.get(pk=user.pk).codes_confirmed


def test_unknown_used_and_closed_codes_are_answered_alike(member: User) -> None:
    used, *_ = actions.issue_codes(member)
    actions.use_recovery_code(used, hashed="!")
    closed = make.member()
    shut = actions.issue_codes(closed)[0]
    closed.is_active = False
    closed.save()

    answers = set()
    for code in (new_code(), used, shut):
        response = Client().post("/accounts/recovery/", {"code": code, "password": NEW})
        assert response.status_code == 422
        answers.add(bare(response).replace(code.encode(), b"CODE"))

    assert len(answers) == 1


@pytest.mark.parametrize("easy", ["short", "12345678", "fernway1"])
def test_too_easy_a_password_says_nothing_about_the_code(member: User, easy: str) -> None:
    right = actions.issue_codes(member)[0]

    answers = {
        bare(Client().post("/accounts/recovery/", {"code": code, "password": easy})).replace(code.encode(), b"CODE")
        for code in (right, new_code())
    }

    assert len(answers) == 1
    assert member.recovery_codes.count() == 8


def test_the_handle_is_no_password_here_either(client: Client, member: User) -> None:
    code = actions.issue_codes(member)[0]

    response = client.post("/accounts/recovery/", {"code": code, "password": f"{member.handle} again"})

    assert response.status_code == 422
    assert member.recovery_codes.count() == 8


def test_many_tries_are_slowed_down() -> None:
    answers = [Client().post("/accounts/recovery/", {"code": new_code(), "password": "short"}) for _number in range(21)]

    assert [answer.status_code for answer in answers] == [422] * 20 + [429]
    assert judged(answers[-1], "") == []
    assert "Another network mostly helps at once" in answers[-1].content.decode()
