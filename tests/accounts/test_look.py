"""Light or dark, and the language: kept with an account, carried in cookies, asked of nobody on a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests import make
from tests.accounts.person import marks, sign_in

pytestmark = pytest.mark.django_db
PREFERENCES, LOOK = "/accounts/preferences/", "/look/"


def html_tag(client: Client, address: str = "/rules/") -> str:
    found = re.search(r"<html[^>]*>", client.get(address).content.decode())
    assert found is not None
    return found[0]


def kept(user: User) -> tuple[str, str]:
    return User.objects.values_list("theme", "language").get(pk=user.pk)


def test_a_member_chooses_and_every_page_follows(member: User, member_client: Client, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    answer = member_client.post(PREFERENCES, {"theme": "dark", "language": "es"})
    assert (answer.status_code, kept(member)) == (302, ("dark", "es"))
    for name, value in (("theme", "dark"), ("language", "es")):
        cookie = answer.cookies[name]
        assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (value, "", True, "Lax")
        assert (cookie["secure"], cookie["path"]) == (True, "/")
    assert html_tag(member_client) == '<html lang="es" dir="ltr" data-theme="dark">'
    checked = re.findall(r'value="(\w*)"[^>]* checked', member_client.get(PREFERENCES).content.decode())
    assert checked == ["dark", "es"]


def test_what_is_left_to_the_device_has_no_cookie(member: User, member_client: Client) -> None:
    member_client.post(PREFERENCES, {"theme": "dark", "language": "es"})
    answer = member_client.post(PREFERENCES, {"theme": "", "language": ""})
    assert kept(member) == ("", "")
    assert {name: answer.cookies[name]["max-age"] for name in ("theme", "language")} == {"theme": 0, "language": 0}
    assert html_tag(member_client) == '<html lang="en" dir="ltr">'


def test_what_is_no_choice_is_refused(member: User, member_client: Client) -> None:
    for typed in ({"theme": "pink"}, {"language": "xx"}):
        assert member_client.post(PREFERENCES, typed).status_code == 422
    assert member_client.post(LOOK, {"theme": "pink"}).status_code == 422
    assert kept(member) == ("", "")


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_puts_the_look_on_and_writes_to_no_account(member: User) -> None:
    User.objects.filter(pk=member.pk).update(theme="light", language="es")
    before = marks("accounts_user", "accounts_consent")
    client = Client()
    sign_in(client, member.handle, make.PASSWORD)
    assert (client.cookies["theme"].value, client.cookies["language"].value) == ("light", "es")
    assert html_tag(client) == '<html lang="es" dir="ltr" data-theme="light">'
    assert marks("accounts_user", "accounts_consent") == before
    with CaptureQueriesContext(connection) as seen:
        client.get("/accessibility/")
    assert [one["sql"] for one in seen if "theme" in one["sql"] and "session" not in one["sql"]][1:] == []


def test_an_account_without_a_choice_leaves_the_browsers(member: User) -> None:
    client = Client()
    client.post(LOOK, {"theme": "dark"})
    sign_in(client, member.handle, make.PASSWORD)
    assert 'data-theme="dark"' in html_tag(client)
    assert 'value="dark"' in client.get(PREFERENCES).content.decode()


@pytest.mark.parametrize("way", ["sign out", "leave"])
def test_the_look_goes_with_the_visit(way: str, member: User) -> None:
    User.objects.filter(pk=member.pk).update(theme="dark", language="es")
    client = Client()
    sign_in(client, member.handle, make.PASSWORD)
    answer = client.post("/accounts/logout/") if way == "sign out" else client.get("/leave/")
    assert {name: answer.cookies[name]["max-age"] for name in ("theme", "language")} == {"theme": 0, "language": 0}


def test_a_visitor_chooses_too_and_nobody_else_sees_it() -> None:
    client, other = Client(), Client()
    plain = other.get("/rules/").content
    assert client.post(LOOK, {"theme": "light"}).status_code == 302
    assert 'data-theme="light"' in html_tag(client)
    assert 'value="light" aria-pressed="true"' in client.get(LOOK).content.decode()
    assert Client().get("/rules/").content == plain
    client.post(LOOK, {"theme": ""})
    assert client.get("/rules/").content == plain


def test_a_member_keeps_what_the_small_pages_ask(member: User, member_client: Client) -> None:
    member_client.post(LOOK, {"theme": "light"})
    member_client.post("/language/", {"language": "es"})
    assert kept(member) == ("light", "es")


@pytest.mark.parametrize("value", ["", "pink", '"><script>', "é", "d" * 4_000])
def test_a_cookie_may_hold_anything(value: str) -> None:
    client = Client()
    plain = client.get("/rules/").content
    client.cookies["theme"] = value
    assert client.get("/rules/").content == plain


def test_a_choice_needs_a_form_of_this_site(member: User) -> None:
    client = make.client_of(member, enforce_csrf_checks=True)
    assert [client.post(page, {"theme": "dark"}).status_code for page in (PREFERENCES, LOOK)] == [403, 403]
    assert kept(member) == ("", "")
