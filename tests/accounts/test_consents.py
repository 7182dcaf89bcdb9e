"""Consents by document and version: shown, asked anew at the next sign-in, taken back with what hangs on them."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import documents, keeping
from accounts.models import Consent, Reminder, Role, User
from stories.models import Revision
from tests import make
from tests.accounts.person import join, marks, sign_in
from tests.accounts.test_passkeys import held
from tests.stories.page import forms
from tests.stories.writing import TYPED, open_form

pytestmark = pytest.mark.django_db
CONSENTS, MINE, SAVED = "/accounts/consents/", "/stories/mine/", "/stories/saved/"
CHANGED = "We say now for how long a copy is kept."


def new_version(monkeypatch: pytest.MonkeyPatch, version: str = "2", *, of: str = "privacy") -> None:
    one = replace(documents.DOCUMENTS[of], version=version, changed=CHANGED)
    monkeypatch.setitem(documents.DOCUMENTS, of, one)


@pytest.fixture
def asked(member: User, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Give the browser of a member who came in after the privacy page changed."""
    new_version(monkeypatch)
    client = Client()
    assert sign_in(client, member.handle, make.PASSWORD)["Location"] == CONSENTS
    return client


def agreed(user: User) -> set[tuple[str, str]]:
    return set(Consent.objects.filter(user=user).values_list("document", "version"))


def test_who_joins_sees_what_they_agreed_to() -> None:
    client = Client()
    _handle, answer = join(client)
    assert answer["Location"] == "/accounts/codes/"
    page = client.get(CONSENTS).content.decode()
    month = date.today().strftime("%B %Y")  # noqa: DTZ011 - a month is enough
    assert page.count(f"Version 1, agreed to in {month}") == len(documents.REQUIRED)
    assert 'href="/privacy/"' in page
    assert 'name="agree"' not in page
    assert {one.month.day for one in Consent.objects.all()} == {1}


def test_a_new_version_is_asked_for_at_the_next_sign_in_and_not_before(
    member: User, member_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_version(monkeypatch)
    assert member_client.get(MINE).status_code == 200
    answer = sign_in(Client(), member.handle, make.PASSWORD)
    assert answer["Location"] == CONSENTS


def test_until_then_members_pages_lead_to_the_question(asked: Client) -> None:
    page = asked.get(CONSENTS).content.decode()
    assert CHANGED in page
    assert 'value="privacy:2"' in page
    for closed in (
        SAVED,
        "/accounts/",
        "/accounts/preferences/",
        "/stories/new/",
    ):
        assert (asked.get(closed).status_code, asked.get(closed).get("Location")) == (302, CONSENTS), closed
    for open_ in ("/", "/stories/", "/rules/", "/privacy/", "/help-now/", "/language/", "/accounts/reminder/", MINE):
        assert asked.get(open_).status_code == 200, open_
    assert asked.post("/accounts/logout/")["Location"] == "/"
    assert asked.get("/leave/").status_code == 303


def test_who_has_not_agreed_can_shut_a_stranger_out(asked: Client, member: User) -> None:
    strangers = held(member)
    TOTP.activate(member, generate_totp_secret())
    session = asked.session
    session["account_authentication_methods"] += [{"method": "mfa", "type": "totp", "at": time.time()}]
    session.save()
    asked.post("/accounts/reauthenticate/", {"password": make.PASSWORD})

    removing = f"/accounts/2fa/webauthn/keys/{strangers.pk}/remove/"
    for page in ("/accounts/2fa/", removing, "/accounts/2fa/totp/deactivate/"):
        assert asked.get(page).status_code == 200, page
    assert [asked.post(page)["Location"] for page in (removing, "/accounts/2fa/totp/deactivate/")] == [
        "/accounts/2fa/",
        "/accounts/2fa/",
    ]
    assert not Authenticator.objects.filter(user=member).exists()
    assert asked.get("/accounts/2fa/totp/activate/")["Location"] == CONSENTS


def test_agreeing_opens_everything_and_writes_one_row(asked: Client, member: User) -> None:
    before = agreed(member)
    assert asked.post(CONSENTS, {"agree": "1", "seen": ["privacy:2"]})["Location"] == MINE
    assert agreed(member) - before == {("privacy", "2")}
    assert asked.get(MINE).status_code == 200
    assert sign_in(Client(), member.handle, make.PASSWORD)["Location"] == MINE


def test_what_was_answered_in_another_visit_is_not_asked_again(asked: Client, member: User) -> None:
    keeping.agree(member, [("privacy", "2")])
    assert asked.get(SAVED)["Location"] == CONSENTS
    assert asked.get(CONSENTS)["Location"] == MINE
    assert (asked.get(MINE).status_code, asked.get(CONSENTS).status_code) == (200, 200)


def test_what_was_not_seen_is_not_agreed_to(asked: Client, member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    new_version(monkeypatch, "3")
    for seen in (["privacy:2"], [], ["privacy"], ["reminder:1"], ["nothing:1", "privacy:\x003"]):
        assert asked.post(CONSENTS, {"agree": "1", "seen": seen}).status_code in {400, 422}
    assert ("privacy", "3") not in agreed(member)
    assert ("reminder", "1") not in agreed(member)
    assert asked.get(SAVED)["Location"] == CONSENTS


def test_a_text_that_comes_meanwhile_is_given_back_and_not_kept(asked: Client, member: User) -> None:
    before = make.client_of(member)
    opened = open_form(before)
    drafts = Revision.objects.count()
    words = "A whole paragraph that nobody wants to type twice, about a slow and ordinary Tuesday by the sea."
    answer = opened.post(asked, **TYPED | {"text": words})
    assert answer.status_code == 403
    assert words in answer.content.decode()
    assert "Something that you agreed to here has changed" in answer.content.decode()
    assert Revision.objects.count() == drafts
    asked.post(CONSENTS, {"agree": "1", "seen": ["privacy:2"]})
    (again,) = (one.post(asked) for one in forms(answer) if "text" in one.fields)
    assert again.status_code == 303
    assert Revision.objects.get().text == words


def test_staff_agree_to_nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    editor = make.member(role=Role.EDITOR)
    new_version(monkeypatch)
    client = Client()
    assert sign_in(client, editor.handle, make.PASSWORD)["Location"] != CONSENTS
    assert client.get(CONSENTS).status_code == 404


def test_taking_the_reminder_back_deletes_the_address(member: User, member_client: Client) -> None:
    keeping.switch_on(member, address="canary@quay.example", language="en")
    assert "Take it back and delete the address" in member_client.get(CONSENTS).content.decode()
    member_client.post(CONSENTS, {"withdraw": "reminder"})
    assert not Reminder.objects.exists()
    assert ("reminder", "1") not in agreed(member)
    assert member_client.post(CONSENTS, {"withdraw": "privacy"}).status_code == 422
    assert ("privacy", "1") in agreed(member)


@pytest.fixture
def reminded(member: User, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Give the browser of a member who came in after what the reminder is changed."""
    keeping.switch_on(member, address="canary@quay.example", language="en")
    new_version(monkeypatch, of="reminder")
    client = Client()
    assert sign_in(client, member.handle, make.PASSWORD)["Location"] == CONSENTS
    return client


def test_a_new_version_of_the_reminder_is_asked_of_who_has_one_and_closes_nothing(
    reminded: Client, member: User
) -> None:
    assert sign_in(Client(), make.member().handle, make.PASSWORD)["Location"] == MINE
    page = reminded.get(CONSENTS)
    assert [one.fields.get("seen") for one in forms(page)].count(["reminder:2"]) == 1
    assert "No mail is sent until you agree" in page.content.decode()
    assert [reminded.get(open_).status_code for open_ in (SAVED, "/accounts/", MINE)] == [200, 200, 200]
    assert "it waits for your answer" in reminded.get("/accounts/reminder/").content.decode()

    assert reminded.post(CONSENTS, {"agree": "1", "seen": ["reminder:2"]})["Location"] == MINE

    assert ("reminder", "2") in agreed(member)
    assert "it waits for your answer" not in reminded.get("/accounts/reminder/").content.decode()
    assert sign_in(Client(), member.handle, make.PASSWORD)["Location"] == MINE


def test_a_new_version_of_the_reminder_is_refused_by_taking_it_back(reminded: Client, member: User) -> None:
    (asked,) = (one for one in forms(reminded.get(CONSENTS)) if one.fields.get("seen") == ["reminder:2"])
    reminded.post(CONSENTS, asked.fields | {"withdraw": "reminder"})
    assert not Reminder.objects.exists()
    assert not [document for document, _version in agreed(member) if document == "reminder"]
    assert sign_in(Client(), member.handle, make.PASSWORD)["Location"] == MINE


def test_agreeing_to_the_rules_is_not_agreeing_to_the_reminder(
    reminded: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_version(monkeypatch)
    client = Client()
    sign_in(client, member.handle, make.PASSWORD)
    assert client.get(SAVED)["Location"] == CONSENTS
    (must,) = (one for one in forms(client.get(CONSENTS)) if one.fields.get("seen") == ["privacy:2"])
    assert client.post(CONSENTS, must.fields | {"agree": "1"})["Location"] == CONSENTS
    assert agreed(member) >= {("privacy", "2")}
    assert ("reminder", "2") not in agreed(member)
    assert client.get(SAVED).status_code == 200


def test_required_ones_that_were_answered_elsewhere_close_nothing_more(
    reminded: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_version(monkeypatch)
    client = Client()
    sign_in(client, member.handle, make.PASSWORD)
    keeping.agree(member, [("privacy", "2")])
    assert client.get(SAVED)["Location"] == CONSENTS
    assert client.get(CONSENTS).status_code == 200
    assert client.get(SAVED).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_asking_is_no_query_and_no_write(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    new_version(monkeypatch)
    before = marks("accounts_user", "accounts_consent")
    client = Client()
    sign_in(client, member.handle, make.PASSWORD)
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/stories/new/")["Location"] == CONSENTS
    assert marks("accounts_user", "accounts_consent") == before
    assert [one["sql"] for one in seen if "accounts_session" not in one["sql"]] == []
