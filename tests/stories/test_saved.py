"""Stories put aside: a list of one's own that nobody else can read, also not from the database."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from stories.actions import remember_newest_key, save_for_later, unsave, withdraw
from stories.actions.signs import FREE_TAGS
from stories.models import Publication, SavedItem
from stories.owners import Owner
from stories.refusals import Refused
from stories.signs import saved_page
from tests import make
from tests.stories.page import Form, form, forms
from tests.stories.pressing import fifty_times

pytestmark = pytest.mark.django_db
LIST = "/stories/saved/"


def press(client: Client, user: User, pk: uuid.UUID, **fields: str) -> Any:
    """Press the button under a story."""
    posted = {"writer": Owner.of_account(user).mark(pk), **fields}
    return client.post(reverse("stories:save", args=[pk]), posted)


def words(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_story_is_saved_found_and_taken_off(member: User, member_client: Client) -> None:
    story = make.published(title="The long way home")
    answer = press(member_client, member, story.pk, keep="1")
    assert (answer.status_code, answer.url) == (303, f"/stories/{story.pk}/#signs")
    shown = member_client.get(LIST)
    assert "The long way home" in words(shown)
    answer = form(shown, "/save/").post(member_client, undo="1")
    assert (answer.status_code, answer.url) == (303, LIST)
    assert SavedItem.objects.count() == 0
    assert "Nothing here yet" in words(member_client.get(LIST))


def test_story_is_taken_off_where_it_stands(member: User, member_client: Client) -> None:
    story = make.published()
    press(member_client, member, story.pk, keep="1")
    answer = press(member_client, member, story.pk, undo="1")
    assert answer.url == f"/stories/{story.pk}/#signs"
    assert SavedItem.objects.count() == 0


def test_buttons_pressed_twice_do_what_they_say(member: User, member_client: Client) -> None:
    story = make.published()
    for fields, left in (({"keep": "1"}, 1), ({"undo": "1"}, 0)):
        for _ in range(2):
            assert press(member_client, member, story.pk, **fields).status_code == 303
        assert SavedItem.objects.count() == left


def test_list_is_nobody_elses(member: User, member_client: Client, client: Client, moderator_client: Client) -> None:
    story = make.published(title="The long way home")
    press(member_client, member, story.pk, keep="1")
    assert "Nothing here yet" in words(make.client_of(make.member()).get(LIST))
    assert client.get(LIST).url == f"/accounts/login/?next={LIST}"
    assert moderator_client.get(LIST).status_code == 403


def test_story_that_is_gone_shows_nothing_of_itself(member: User, member_client: Client) -> None:
    owner = make.owner()
    gone, hidden = make.published(owner, title="Withdrawn since"), make.published(title="Hidden since")
    for story in (gone, hidden):
        press(member_client, member, story.pk, keep="1")
    withdraw(gone.pk, owner=owner)
    make.hide(hidden.pk)
    shown = member_client.get(LIST)
    assert words(shown).count("One of your saved stories is no longer here.") == 2
    assert "since" not in words(shown)
    for one in forms(shown):
        assert one.post(member_client, undo="1").status_code == 303
    assert SavedItem.objects.count() == 0


def test_story_that_is_gone_is_not_saved(member: User, member_client: Client) -> None:
    waiting, reply = make.waiting().contribution_id, make.published(reply_to=make.published().pk, title="").pk
    for pk in (waiting, reply, uuid.uuid4()):
        assert press(member_client, member, pk, keep="1").status_code == 404
    assert SavedItem.objects.count() == 0


def test_story_taken_off_when_it_is_gone_leads_to_the_list(member: User, member_client: Client) -> None:
    story = make.published()
    press(member_client, member, story.pk, keep="1")
    make.hide(story.pk)
    assert press(member_client, member, story.pk, undo="1").url == LIST
    assert SavedItem.objects.count() == 0


def test_link_to_saving_leads_to_the_story(member_client: Client) -> None:
    story = make.published()
    assert member_client.get(reverse("stories:save", args=[story.pk])).url == f"/stories/{story.pk}/"


def test_full_list_is_told_kindly(member: User, member_client: Client, settings: Any) -> None:
    settings.OWNER_WINDOW = FREE_TAGS + 2
    first, second, third = (make.published() for _ in range(3))
    for story in (first, second):
        assert press(member_client, member, story.pk, keep="1").status_code == 303
    answer = press(member_client, member, third.pk, keep="1")
    assert answer.status_code == 409
    assert "Please take one off it first." in words(answer)
    assert press(member_client, member, first.pk, keep="1").status_code == 303, "it is on the list already"
    press(member_client, member, first.pk, undo="1")
    assert press(member_client, member, third.pk, keep="1").status_code == 303


def test_list_fills_to_its_limit_and_no_further(member: User, settings: Any) -> None:
    settings.OWNER_WINDOW = FREE_TAGS + 6
    owner, stories = Owner.of_account(member), [make.published() for _ in range(7)]
    for story in stories[:6]:
        save_for_later(story, owner=owner)
    with pytest.raises(Refused):
        save_for_later(stories[6], owner=owner)
    assert len({bytes(tag) for tag in SavedItem.objects.values_list("owner_tag", flat=True)}) == 6


def test_pages_follow_one_another_without_a_gap(member: User, member_client: Client) -> None:
    owner = Owner.of_account(member)
    stories = {make.published().pk for _ in range(settings.STORIES_A_PAGE + 3)}
    for story in Publication.objects.readable_by(member):
        save_for_later(story, owner=owner)
    first, more = saved_page(owner, member)
    second, end = saved_page(owner, member, more)
    assert (len(first), len(second), end) == (settings.STORIES_A_PAGE, 3, "")
    assert {one.pk for one in (*first, *second)} == stories
    assert f"?after={more}" in words(member_client.get(LIST))
    assert member_client.get(f"{LIST}?after={more}").status_code == 200


@pytest.mark.parametrize("after", ["nonsense", "1", "' OR 1=1"])
def test_place_that_is_none_is_not_found(after: str, member_client: Client) -> None:
    assert member_client.get(LIST, {"after": after}).status_code == 404


def test_list_costs_the_same_for_one_and_for_thirty(member: User, member_client: Client) -> None:
    asked = []
    for number in (1, 29):
        for _ in range(number):
            save_for_later(make.published(), owner=Owner.of_account(member))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            member_client.get(LIST)
        asked.append(len(queries))
    assert asked == [4, 4]  # the session, the account, the list, its stories


def test_row_does_not_tell_whose_it_is(member: User) -> None:
    story, owner = make.published(make.owner(member)), Owner.of_account(member)
    save_for_later(story, owner=owner)
    save_for_later(make.published(), owner=owner)
    rows = [{bytes(row.owner_tag), bytes(row.mark)} for row in SavedItem.objects.all()]
    assert not rows[0] & rows[1]
    assert not set().union(*rows) & {bytes(story.contribution.owner_tag), bytes(story.contribution.voice)}
    assert {field.name for field in SavedItem._meta.get_fields()} == {"id", "contribution", "owner_tag", "mark"}


def test_list_is_found_under_a_newer_key(member: User, settings: Any) -> None:
    story, owner = make.published(), Owner.of_account(member)
    save_for_later(story, owner=owner)
    settings.OWNERSHIP_KEYS = [bytes(32), *settings.OWNERSHIP_KEYS]
    remember_newest_key()
    assert [one.pk for one in saved_page(owner, member)[0]] == [story.pk]
    save_for_later(story, owner=owner)
    assert SavedItem.objects.count() == 1
    unsave(story.pk, owner=owner)
    assert SavedItem.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_story_saved_fifty_times_at_once_is_saved_once(member: User, member_client: Client) -> None:
    pk = make.published().pk
    member_client.get(reverse("stories:react", args=[pk]))  # sets the cookie that belongs to a form's token
    token = member_client.cookies["form"].value
    fields = {"writer": [Owner.of_account(member).mark(pk)], "keep": ["1"], "csrfmiddlewaretoken": [token]}
    assert fifty_times(member_client, Form(reverse("stories:save", args=[pk]), fields)) == {303}
    assert SavedItem.objects.count() == 1
