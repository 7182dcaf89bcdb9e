"""A rule that a lead rewrites: who agreed to other words is asked again, where the lead says that it matters."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy as _

from accounts import documents, keeping
from accounts.models import Consent, Edition, Role, User
from moderation.models import Entry
from tests import make
from tests.accounts.person import ADULT, join, sign_in
from tests.accounts.test_consents import CONSENTS, MINE, SAVED
from tests.moderation.desk import plain
from tests.stories.page import form, forms

pytestmark = pytest.mark.django_db
WHERE = "/moderation/lead/words/rule/kind/en/"
TYPED = {"title": "Be gentle", "text": "Gentle words, please.", "reason": "Be gentler.", "save": "1"}


@pytest.fixture
def lead() -> Client:
    """Give the browser of a lead who has just taken the second step."""
    return make.client_of(make.moderator(role=Role.LEAD))


def rewrite(lead: Client, **more: str) -> Any:
    answer = lead.post(WHERE, TYPED | more)
    assert answer.status_code in {200, 303}
    return answer


def arrive(user: User) -> tuple[Client, str]:
    client = Client()
    return client, sign_in(client, user.handle, make.PASSWORD)["Location"]


def of_rules(user: User) -> set[str]:
    return set(Consent.objects.filter(user=user, document="rules").values_list("version", flat=True))


def told() -> dict[str, Any]:
    entry = Entry.objects.filter(act="wording").order_by("number").last()
    assert entry is not None
    return dict(json.loads(entry.details))


def test_a_change_that_matters_is_asked_for_at_the_next_sign_in(lead: Client, member: User) -> None:
    here = make.client_of(member)
    rewrite(lead, asks_anew="on")
    assert here.get(SAVED).status_code == 200, "not in the middle of a visit"
    client, came_to = arrive(member)
    assert came_to == CONSENTS
    assert client.get(SAVED)["Location"] == CONSENTS
    asked = client.get(CONSENTS)
    assert "Its words were changed on this site in a way that matters." in plain(asked.content)
    (agree,) = (one for one in forms(asked) if one.fields.get("seen") == ["rules:1.1"])
    assert client.post(CONSENTS, agree.fields | {"agree": "1"})["Location"] == MINE
    assert of_rules(member) == {"1", "1.1"}
    assert client.get(SAVED).status_code == 200
    assert "Version 1.1, agreed to in" in plain(client.get(CONSENTS).content)
    assert arrive(member)[1] == MINE


def test_the_next_such_change_is_another_version(lead: Client, member: User) -> None:
    rewrite(lead, asks_anew="on")
    keeping.agree(member, [("rules", "1.1")])
    rewrite(lead, asks_anew="on", text="Gentle words, and few.")
    client, came_to = arrive(member)
    assert came_to == CONSENTS
    assert client.post(CONSENTS, {"agree": "1", "seen": ["rules:1.1"]}).status_code == 422, "that is the one before"
    assert client.post(CONSENTS, {"agree": "1", "seen": ["rules:1.2"]})["Location"] == MINE


def test_other_words_for_the_same_ask_nobody(lead: Client, member: User) -> None:
    rewrite(lead)
    assert arrive(member)[1] == MINE
    assert not Edition.objects.exists()
    assert "asks_anew" not in told()


def test_a_look_at_it_first_asks_nobody_and_keeps_the_tick(lead: Client, member: User) -> None:
    shown = lead.post(WHERE, {**TYPED, "save": "", "preview": "1", "asks_anew": "on"})
    assert form(shown).fields["asks_anew"] == ["on"]
    assert arrive(member)[1] == MINE
    assert "asks_anew" not in form(lead.get(WHERE)).fields, "nothing is ticked for anybody"


def test_the_record_keeps_the_tick(lead: Client) -> None:
    rewrite(lead, asks_anew="on")
    assert told() == {"kind": "rule", "code": "kind", "language": "en", "asks_anew": True}


def test_a_template_of_a_letter_has_no_such_tick(lead: Client, member: User) -> None:
    letter = "/moderation/lead/words/template/letter-abcdefgh/en/"
    assert "asks_anew" not in lead.get(letter).content.decode()
    lead.post(letter, {"title": "Names", "text": "Please leave out [which name].", "asks_anew": "on", "save": "1"})
    assert arrive(member)[1] == MINE


def test_who_joins_afterwards_agreed_to_what_holds(lead: Client) -> None:
    rewrite(lead, asks_anew="on")
    join(Client())
    assert set(Consent.objects.filter(document="rules", version="1.1").values_list("user__role", flat=True)) == {
        Role.MEMBER
    }
    assert set(Consent.objects.filter(document="privacy").values_list("version", flat=True)) == {"1"}


@pytest.mark.parametrize("draws", [False, True])
def test_who_joins_from_a_page_of_before_reads_it_first(lead: Client, draws: bool) -> None:
    client = Client()
    shown = form(client.get("/accounts/signup/")).fields
    rewrite(lead, asks_anew="on")
    if draws:
        shown = form(client.post("/accounts/signup/", shown | ADULT | {"draw": "1"})).fields
    answer = client.post("/accounts/signup/", shown | ADULT)
    assert answer.status_code == 422
    assert "This was changed while the page was open." in plain(answer.content)
    again = form(answer).fields
    assert ("rules" in again, "privacy" in again) == (False, True)
    assert not Consent.objects.filter(document="rules").exists()
    assert client.post("/accounts/signup/", again | ADULT).status_code == 302
    assert Consent.objects.get(document="rules").version == "1.1"


def test_what_the_software_changed_is_told_beside_it(
    lead: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(lead, asks_anew="on")
    newer = replace(documents.DOCUMENTS["rules"], version="2", changed=_("Members only"))
    monkeypatch.setitem(documents.DOCUMENTS, "rules", newer)
    client, came_to = arrive(member)
    assert came_to == CONSENTS
    assert "Members only Its words were changed on this site" in plain(client.get(CONSENTS).content)
    assert 'value="rules:2.1"' in client.get(CONSENTS).content.decode()


def test_no_page_looks_it_up_but_the_question(lead: Client, member: User) -> None:
    rewrite(lead, asks_anew="on")
    client, _came_to = arrive(member)
    with CaptureQueriesContext(connection) as asked:
        client.get(CONSENTS)
    assert len([one for one in asked if "accounts_edition" in one["sql"]]) <= 2
    keeping.agree(member, [("rules", "1.1")])
    client, _came_to = arrive(member)
    for page in ("/", "/stories/", "/rules/", SAVED, MINE, "/stories/new/"):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page).status_code in {200, 302}
        assert [one["sql"] for one in seen if "accounts_edition" in one["sql"]] == [], page
