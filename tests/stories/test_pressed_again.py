"""Buttons pressed twice, too late, or for a text of somebody else: a page that says so, never an error."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from stories.lifecycle import State
from stories.models import Contribution, Revision
from stories.owners import Owner
from tests import make
from tests.stories.page import form
from tests.stories.writing import open_form, send

pytestmark = pytest.mark.django_db
ACTS = ["take_back", "withdraw", "discard", "adopt", "preview"]


@pytest.mark.parametrize("act", ACTS)
def test_pressing_for_somebody_else_finds_nothing(act: str, member: User, member_client: Client) -> None:
    sent = make.draft() if act == "discard" else make.waiting()
    member_client.raise_request_exception = False
    mark = Owner.of_account(member).mark(sent.contribution_id)
    answer = member_client.post(reverse(f"stories:{act}", args=[sent.contribution_id]), {"writer": mark})
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()
    assert list(Revision.objects.values_list("pk", "state")) == [(sent.pk, sent.state)]


@pytest.mark.parametrize("step", ["about", "story"])
def test_writing_on_the_text_of_somebody_else_gives_back_what_was_typed(
    step: str, member: User, member_client: Client
) -> None:
    theirs = make.draft(title="Theirs")
    fields = {"writer": Owner.of_account(member).mark(theirs.contribution_id), "role": "partner", "title": "Mine"}
    answer = member_client.post(reverse("stories:step", args=[theirs.contribution_id, step]), fields)
    again = form(answer, "/")
    assert answer.status_code == 404
    assert "You can save what you wrote as a new one." in answer.content.decode()
    assert (again.fields["role"], again.fields["title"]) == (["partner"], ["Mine"])
    assert str(theirs.contribution_id) not in again.action
    assert list(Revision.objects.values_list("pk", "title", "role")) == [(theirs.pk, "Theirs", "self")]


def test_answer_is_not_written_on_in_the_steps_of_a_story(member: User, member_client: Client) -> None:
    reply = make.draft(make.owner(member), reply_to=make.published().pk, title="", text="An answer.")
    address = reverse("stories:step", args=[reply.contribution_id, "story"])
    assert member_client.get(address).url == reverse(
        "stories:reply", args=[reply.contribution.parent_id, reply.contribution_id]
    )
    fields = {"writer": Owner.of_account(member).mark(reply.contribution_id), "title": "A title", "text": make.TEXT}
    answer = member_client.post(address, fields)
    assert answer.status_code == 404
    assert form(answer, "/").fields["text"] == [make.TEXT]
    reply.refresh_from_db()
    assert (reply.title, reply.text) == ("", "An answer.")


@pytest.mark.parametrize("act", ["take_back", "withdraw", "preview"])
def test_pressing_for_nothing_finds_nothing(act: str, member: User, member_client: Client) -> None:
    pk = uuid.uuid4()
    answer = member_client.post(reverse(f"stories:{act}", args=[pk]), {"writer": Owner.of_account(member).mark(pk)})
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


def test_throwing_away_twice_throws_away_once(member_client: Client) -> None:
    kept = open_form(member_client).post(member_client, text="A line.", later="1")
    pressed = form(member_client.get(kept.url), "/discard/")
    first, second = pressed.post(member_client), pressed.post(member_client)
    assert [(one.status_code, one.url) for one in (first, second)] == [(303, reverse("stories:mine"))] * 2
    assert not Contribution.objects.exists()


def receipt_of_a_member(member: User) -> tuple[Client, Revision]:
    """Send a text as a visitor, then sign in in the same browser."""
    browser = Client()
    send(browser)
    browser.force_login(member)
    return browser, Revision.objects.get()


def test_keeping_twice_keeps_once(member: User) -> None:
    browser, sent = receipt_of_a_member(member)
    address = reverse("stories:status", args=[sent.contribution_id])
    pressed = form(browser.get(address), "/keep/")
    first, second = pressed.post(browser), pressed.post(browser)
    assert [(one.status_code, one.url) for one in (first, second)] == [(303, address)] * 2
    assert Contribution.objects.owned_by(Owner.of_account(member)).get().from_receipt is False


def test_keeping_where_no_more_texts_fit_says_why(member: User, settings: Any) -> None:
    settings.OWNER_WINDOW = 1
    make.waiting(make.owner(member))
    browser = Client(raise_request_exception=False)
    send(browser)
    sent = Contribution.objects.get(from_receipt=True)
    browser.force_login(member)
    answer = form(browser.get(reverse("stories:status", args=[sent.pk])), "/keep/").post(browser)
    assert answer.status_code == 409
    assert "as many texts here as one person can have" in answer.content.decode()
    assert Contribution.objects.get(pk=sent.pk).from_receipt
    assert Revision.objects.in_state(State.WAITING).count() == 2


def test_broken_form_never_reaches_the_view(member: User, member_client: Client) -> None:
    pk = uuid.uuid4()
    fields = {f"field{number}": "x" for number in range(500)} | {"writer": Owner.of_account(member).mark(pk)}
    answer = member_client.post(reverse("stories:write", args=[pk]), fields)
    assert answer.status_code == 400
