"""A text that was withdrawn stays withdrawn, whatever was begun before and whichever tab is still open."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from psycopg import errors

from accounts.models import User
from moderation.models import Case
from stories.actions import discard_draft, save_draft, submit, take_back, withdraw
from stories.lifecycle import State
from stories.models import Contribution, Publication, Revision
from stories.own_texts import standing_of
from stories.owners import Owner
from stories.refusals import Refused
from tests import make
from tests.stories.page import form
from tests.stories.writing import BY_STEP, TYPED, at_step

INSERT = """
    INSERT INTO stories_revision (id, contribution_id, number, state, title, text, role, warnings, consents,
        language, month)
    SELECT gen_random_uuid(), contribution_id, 9, 'draft', title, text, role, warnings, consents, language, month
    FROM stories_revision WHERE contribution_id = '{}' LIMIT 1
"""
SEND = "UPDATE stories_revision SET state = 'waiting' WHERE id = '{}'"


def withdrawn_with_an_edit(owner: Owner) -> uuid.UUID:
    """Publish a text, begin a change of it, withdraw it."""
    live = make.published(owner)
    make.draft(owner, contribution=live.pk)
    withdraw(live.pk, owner=owner)
    states = Revision.objects.filter(contribution=live.pk).order_by("number").values_list("state", flat=True)
    assert list(states) == [State.WITHDRAWN, State.DISCARDED]
    return live.pk


@pytest.mark.django_db
def test_old_tab_does_not_bring_it_back(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member))
    make.draft(make.owner(member), contribution=live.pk)
    writing = at_step(member_client, live.pk, "story")
    assert writing.post(member_client, **BY_STEP["story"]).status_code == 303
    seen = form(member_client.get(reverse("stories:preview", args=[live.pk])), "/")
    form(member_client.get(reverse("stories:withdraw", args=[live.pk])), "/").post(member_client)
    answer = writing.post(member_client, **BY_STEP["story"])
    assert answer.status_code == 409
    assert "This text was withdrawn. You can use it to start a new one." in answer.content.decode()
    assert form(answer, "/").fields["text"] == [make.TEXT]
    assert seen.post(member_client).url == reverse("stories:status", args=[live.pk])
    assert not Revision.objects.in_state(State.DRAFT, State.WAITING).exists()
    assert not Case.objects.filter(closing="").exists()
    assert not Publication.objects.exists()


@pytest.mark.django_db
def test_actions_do_not_bring_it_back() -> None:
    owner = make.owner()
    pk = withdrawn_with_an_edit(owner)
    with pytest.raises(Refused, match="was withdrawn"):
        save_draft(pk, make.words(), owner=owner)
    with pytest.raises(Refused):
        submit(pk, owner=owner)
    withdraw(pk, owner=owner)


@pytest.mark.django_db
def test_draft_that_was_left_over_is_not_sent() -> None:
    owner = make.owner()
    live = make.published(owner)
    make.draft(owner, contribution=live.pk)
    Revision.objects.filter(pk=live.revision_id).update(state=State.WITHDRAWN)
    Publication.objects.all().delete()
    with pytest.raises(Refused, match="was withdrawn"):
        submit(live.pk, owner=owner)


@pytest.mark.django_db
def test_withdrawn_with_a_change_taken_back_is_withdrawn(member: User, member_client: Client) -> None:
    owner = make.owner(member)
    live = make.published(owner)
    make.waiting(owner, contribution=live.pk)
    take_back(live.pk, owner=owner)
    withdraw(live.pk, owner=owner)
    standing = standing_of(owner, live.pk)
    assert standing is not None
    assert (standing.state, standing.draft, standing.can_write) == (State.WITHDRAWN, None, False)
    address = reverse("stories:status", args=[live.pk])
    assert "You withdrew this text." in member_client.get(address).content.decode()
    assert member_client.get(reverse("stories:write", args=[live.pk])).url == address


@pytest.mark.django_db
def test_taken_back_and_thrown_away_says_what_is_left(member: User, member_client: Client) -> None:
    owner = make.owner(member)
    sent = make.waiting(owner)
    take_back(sent.contribution_id, owner=owner)
    discard_draft(sent.contribution_id, owner=owner)
    page = member_client.get(reverse("stories:status", args=[sent.contribution_id])).content.decode()
    assert "nobody reads it, and it will not be published" in page
    assert "Begin again with these words" in page
    again = at_step(member_client, sent.contribution_id, "story")
    assert again.fields["text"] == [make.TEXT]
    assert "consents" not in at_step(member_client, sent.contribution_id, "sharing").fields
    seen = member_client.get(again.post(member_client, **TYPED).url)
    assert form(seen, "/").post(member_client).status_code == 303
    assert Revision.objects.in_state(State.WAITING).get().number == 2


def refused(connection: psycopg.Connection[Any], statement: str) -> None:
    with pytest.raises(errors.CheckViolation, match="a withdrawn text does not come back"):
        connection.execute(statement)


def test_database_refuses_a_new_version(transactional_db: None, web_connection: psycopg.Connection[Any]) -> None:
    refused(web_connection, INSERT.format(withdrawn_with_an_edit(make.owner())))


def test_database_refuses_a_draft_that_was_left_over(
    transactional_db: None, web_connection: psycopg.Connection[Any]
) -> None:
    owner = make.owner()
    live = make.published(owner)
    draft = make.draft(owner, contribution=live.pk)
    with transaction.atomic():
        Revision.objects.filter(pk=live.revision_id).update(state=State.WITHDRAWN)
        Publication.objects.all().delete()
    refused(web_connection, SEND.format(draft.pk))
    assert Contribution.objects.count() == 1
