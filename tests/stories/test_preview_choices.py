"""What a writer learns of their choices at the look, and what becomes of them when the text is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from stories.lifecycle import State
from tests import make
from tests.stories.page import Form, forms
from tests.stories.test_preview import FULL, at, look

pytestmark = pytest.mark.django_db


def offer(page: Any) -> Form:
    """Return the last form that changes a draft by one press."""
    return [one for one in forms(page) if one.action.endswith("/fix/")][-1]


@pytest.mark.parametrize("counted", [True, False])
def test_answers_for_figures_are_kept_only_where_they_may_be_counted(
    counted: bool, member: User, member_client: Client
) -> None:
    consents = ["publish", "rules", *(["statistics"] if counted else [])]
    draft = make.draft(make.owner(member), **FULL | {"consents": consents, "treatments": FULL["treatments"][:1]})
    page = member_client.get(at(draft))
    assert forms(page)[-1].post(member_client).status_code == 303
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, answers::text, treatments::text FROM stories_revision")
        ((state, answers, treatments),) = cursor.fetchall()
    assert state == State.WAITING
    told = FULL["answers"] if counted else {"stage": "s4", "goal": ["g4", "g6"]}
    assert json.loads(answers) == told
    assert ("duration" in json.loads(treatments)[0]) == counted
    assert json.loads(treatments)[0]["tip"] == FULL["treatments"][0]["tip"]


def test_the_form_says_what_becomes_of_answers_that_may_not_be_counted(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member))
    page = member_client.get(reverse("stories:step", args=[draft.contribution_id, "sharing"])).content.decode()
    assert "If you leave this empty, your answers for figures are deleted when you send." in page
    assert "A story for members only is not shown by search engines, ticked or not." in page


@pytest.mark.parametrize("audience", ["everyone", "members"])
def test_what_only_members_may_read_says_why_search_engines_do_not_show_it(
    audience: str, member: User, member_client: Client
) -> None:
    page = look(member_client, make.draft(make.owner(member), audience=audience))
    why = "Not shown by search engines, because it is for members only"
    assert (why in page) == (audience == "members")


def test_a_fitting_warning_is_offered_beside_words_of_a_crisis(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), text=f"{make.TEXT}\n\nI wanted to kill myself back then.", warnings=["w3"])
    page = member_client.get(at(draft))
    assert "Self-harm or suicidal thoughts" in page.content.decode()
    answer = offer(page).post(member_client, fix="w5")
    assert answer.status_code == 303
    draft.refresh_from_db()
    assert draft.warnings == ["w3", "w5"]
    assert "Add this warning" not in look(member_client, draft)
    again = offer(page).post(member_client, fix="w5")
    assert again.status_code == 409


@pytest.mark.parametrize("words", ["", "My husband hits me when I say no."])
def test_no_warning_is_offered_where_none_fits(words: str, member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), text=f"{make.TEXT}\n\n{words}")
    page = member_client.get(at(draft))
    assert "Add this warning" not in page.content.decode()
    fix = reverse("stories:fix", args=[draft.contribution_id])
    assert member_client.post(fix, forms(page)[-1].fields | {"fix": "w5"}).status_code == 409
    draft.refresh_from_db()
    assert draft.warnings == []
