"""Signs on replies, left in place on the page of the story: nothing else of it changes, and no reply costs a query."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from stories.actions import react
from stories.models import Publication, Reaction
from stories.signs import LEAST
from stories.thread import address_of
from tests import make
from tests.stories.page import form

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MEMBERS_QUERIES = 7


@pytest.fixture
def story() -> Publication:
    return make.published()


@pytest.fixture
def reply(story: Publication) -> Publication:
    return make.published_reply(story)


def test_reply_takes_a_sign_on_the_page_of_its_story(
    story: Publication, reply: Publication, member_client: Client
) -> None:
    page = f"/stories/{story.pk}/"
    opened = form(member_client.get(page), f"{reply.pk}/react/")
    assert opened.post(member_client, kind="c2").url == address_of(reply.pk, AnonymousUser())
    assert (Reaction.objects.get().kind, Reaction.objects.get().contribution_id) == ("c2", reply.pk)
    shown = member_client.get(page).content.decode()
    (pressed,) = re.findall(r'<button[^>]*id="([^"]+)"[^>]*aria-pressed="true"', shown)
    assert pressed == f"sign-c2-{reply.pk}"
    form(member_client.get(page), f"{reply.pk}/react/").post(member_client, undo="1")
    assert Reaction.objects.count() == 0


def test_script_gets_what_stands_beside_the_reply(
    story: Publication, reply: Publication, member_client: Client
) -> None:
    opened = form(member_client.get(f"/stories/{story.pk}/"), f"{reply.pk}/react/")
    for others in (LEAST - 1, LEAST):
        while Reaction.objects.exclude(kind="c1").count() < others:
            react(reply, kind="c3", owner=make.owner(make.member()))
        answer = member_client.post(opened.action, opened.fields | {"kind": ["c1"]}, headers=HTMX)
        part = answer.content.decode()
        assert ("people are thinking of the writer" in part) == (others >= LEAST)
    assert part.count('aria-pressed="true"') == 1
    assert [one for one in ("<html", 'id="signs"', "/save/", str(story.pk)) if one in part] == []
    assert form(answer).action == opened.action


def test_buttons_of_a_page_are_told_apart(story: Publication, member_client: Client) -> None:
    replies = [make.published_reply(story) for _ in range(3)]
    shown = member_client.get(f"/stories/{story.pk}/").content.decode()
    ids = re.findall(r'\bid="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    for reply in replies:
        assert f'role="group" aria-labelledby="name-{reply.pk}"' in shown


@pytest.mark.parametrize("replies", [1, 20])
def test_page_of_a_member_asks_as_much_with_many_replies(
    replies: int, story: Publication, member_client: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(replies):
        react(make.published_reply(story), kind="c1", owner=make.owner(make.member()))
    with django_assert_num_queries(MEMBERS_QUERIES):
        shown = member_client.get(f"/stories/{story.pk}/").content.decode()
    assert shown.count("/react/") == 2 * (replies + 1), "once as an action, once for the script"
