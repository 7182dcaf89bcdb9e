"""Who takes texts along or erases them is asked who it is before, and loses nothing that was chosen by that."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote, unquote

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts.models import User
from stories.forms.leaving import CARRIED_SECONDS
from stories.models import Publication
from stories.owners import Owner
from tests import make
from tests.stories.page import form
from tests.stories.test_erasing import noted, rows
from tests.stories.test_leaving import CLOSE, PASSWORD_FIRST, page, proven

__all__ = ["noted"]


def long_ago(client: Client, user: User) -> None:
    """Let the time be over for which showing who one is holds."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - 3_600}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()


def live_in(address: str) -> set[str]:
    """Return the texts here that an address names."""
    return {one.pk.hex for one in Publication.objects.all() if one.pk.hex[:8] in address}


@pytest.mark.django_db
def test_what_was_chosen_goes_along_while_the_password_is_asked(member: User) -> None:
    owner = Owner.of_account(member)
    stays, goes = make.published(owner), make.published(owner)
    browser = proven(member)
    asked = form(browser.get(CLOSE), CLOSE)
    long_ago(browser, member)

    sent = asked.post(browser, staying="some", texts=[str(stays.pk)])
    again = browser.post(sent["Location"], {"password": make.PASSWORD})
    back = browser.get(again["Location"])

    assert sent["Location"].startswith(PASSWORD_FIRST)
    for where in (sent["Location"], again["Location"]):
        assert "some" not in where, "a history names neither the choice nor a text"
        assert live_in(where) == set()
    assert Publication.objects.count() == 2, "nothing is erased by typing the password"
    assert "Nothing is erased yet. What you chose is still chosen below." in page(back)
    assert {name: form(back, CLOSE).fields[name] for name in ("staying", "texts")} == {
        "staying": ["some"],
        "texts": [str(stays.pk)],
    }
    assert form(back, CLOSE).post(browser).status_code == 303
    assert [one.pk for one in Publication.objects.all()] == [stays.pk]
    assert goes.pk != stays.pk


@pytest.mark.django_db
def test_what_was_chosen_goes_along_while_the_second_step_is_asked(member: User) -> None:
    live, browser = make.published(Owner.of_account(member)), proven(member)
    asked = form(browser.get(CLOSE), CLOSE)
    TOTP.activate(member, generate_totp_secret())  # in another browser, meanwhile
    sent = asked.post(browser, staying="some", texts=[str(live.pk)])
    assert sent["Location"].startswith("/accounts/2fa/reauthenticate/?next=%2Faccounts%2Fclose%2F%3Fchosen%3D")
    assert live_in(sent["Location"]) == set()
    client = make.client_of(member)  # the way back meets the password, and loses nothing there either
    back = client.get(unquote(sent["Location"].partition("next=")[2]))
    assert back["Location"].partition("chosen")[2] == sent["Location"].partition("chosen")[2]


def carried(member: User, browser: Client) -> str:
    """Choose something in a visit in which the password is asked, and return the address that leads back."""
    asked = form(browser.get(CLOSE), CLOSE)
    long_ago(browser, member)
    sent = asked.post(browser, staying="all")
    return str(browser.post(sent["Location"], {"password": make.PASSWORD})["Location"])


@pytest.mark.django_db
def test_only_what_was_chosen_in_this_account_a_moment_ago_is_a_choice(member: User, time_machine: Any) -> None:
    make.published(Owner.of_account(member))
    browser, other = proven(member), make.member()
    make.published(Owner.of_account(other))
    where = carried(member, browser)
    anything = ["?staying=none", "?chosen=", "?chosen=none", "?chosen=zz-%00", "?chosen=" + "a" * 3_000]
    for client, address in ((proven(other), where), *((browser, f"{CLOSE}{one}") for one in anything)):
        answer = client.get(address)
        assert answer.status_code in {200, 400}
        assert "What you chose" not in page(answer)
        assert answer.status_code == 400 or "staying" not in form(answer, CLOSE).fields
    assert form(browser.get(where), CLOSE).fields["staying"] == ["all"]
    time_machine.move_to(time.time() + CARRIED_SECONDS)
    late = proven(member).get(where)
    assert late.status_code == 200
    assert "What you chose" not in page(late)


@pytest.mark.django_db
def test_how_many_stay_does_not_show_in_the_length(member: User) -> None:
    texts = [make.published(Owner.of_account(member)) for _number in range(3)]
    browser, lengths = proven(member), set()
    asked = form(browser.get(CLOSE), CLOSE)
    long_ago(browser, member)
    for ticked in (texts[:1], texts):
        lengths.add(len(asked.post(browser, staying="some", texts=[str(one.pk) for one in ticked])["Location"]))
    assert len(lengths) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["erase", "export"])
def test_an_accounts_text_is_erased_and_taken_along_after_the_password_only(member: User, act: str) -> None:
    live = make.published(Owner.of_account(member), title="About kanaria")
    where, browser = reverse(f"stories:{act}", args=[live.pk]), proven(member)
    asked = form(browser.get(where), where)
    long_ago(browser, member)
    before = rows("accounts_session")
    for answer in (browser.get(where), asked.post(browser)):
        assert (answer.status_code, answer["Location"]) == (302, f"{PASSWORD_FIRST}{quote(where, safe='')}")
    assert rows("accounts_session") == before
    again = browser.post(answer["Location"], {"password": make.PASSWORD})
    assert again["Location"] == where
    done = form(browser.get(where), where).post(browser)
    assert done.status_code == (303 if act == "erase" else 200)
    assert Publication.objects.exists() == (act == "export")


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["erase", "export"])
def test_the_second_step_is_asked_too(member: User, act: str) -> None:
    TOTP.activate(member, generate_totp_secret())
    where = reverse(f"stories:{act}", args=[make.published(Owner.of_account(member)).pk])
    browser = make.client_of(member, second_step=False)
    make.proved(browser, member)
    assert browser.get(where)["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
