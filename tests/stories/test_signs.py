"""Signs from readers: once a reader and text, taken off again, told from three on, and nobody's in the database."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from accounts.codes import new_code
from accounts.models import Role
from stories.actions import react, undo
from stories.models import Publication, Reaction
from stories.owners import Owner
from stories.signs import Beside, beside, codes
from stories.thread import address_of
from tests import make
from tests.stories.page import Form, form
from tests.stories.pressing import fifty_times

pytestmark = pytest.mark.django_db
FEWEST_TOLD = 3


@pytest.fixture
def story() -> Publication:
    return make.published()


def page(client: Client, pk: uuid.UUID) -> Form:
    """Open the page of signs and return its form."""
    return form(client.get(reverse("stories:react", args=[pk])), "/react/")


def others(publication: Publication, most: int, kind: str = "c1") -> None:
    """Let some other members leave a sign."""
    for _ in range(most):
        react(publication, kind=kind, owner=make.owner(make.member()))


def counts(found: Beside) -> dict[str, int]:
    return {sign.code: sign.count for sign in found.signs}


def test_sign_is_left_changed_and_taken_off(story: Publication, member_client: Client) -> None:
    answer = page(member_client, story.pk).post(member_client, kind="c1")
    assert (answer.status_code, answer.url) == (303, f"/stories/{story.pk}/#signs")
    assert Reaction.objects.get().kind == "c1"
    page(member_client, story.pk).post(member_client, kind="c2")
    assert Reaction.objects.get().kind == "c2"
    page(member_client, story.pk).post(member_client, undo="1")
    assert Reaction.objects.count() == 0


def test_chosen_sign_is_the_one_that_is_taken_off(story: Publication, member_client: Client) -> None:
    page(member_client, story.pk).post(member_client, kind="c2")
    shown = member_client.get(reverse("stories:react", args=[story.pk])).content.decode()
    assert shown.count('aria-pressed="true"') == 1
    assert shown.count('name="undo"') == 1
    assert 'name="kind" value="c2"' not in shown


@pytest.mark.parametrize("pressed", [{"kind": "c1"}, {"undo": "1"}])
def test_button_pressed_twice_does_what_it_says(
    pressed: dict[str, str], story: Publication, member_client: Client
) -> None:
    opened = page(member_client, story.pk)
    for _ in range(2):
        assert opened.post(member_client, **pressed).status_code == 303
    assert Reaction.objects.count() == len(pressed.get("kind", "")) // 2


@pytest.mark.parametrize("kind", ["", "c9", "C1", "c1 ", "c1,c2", "\N{ROMAN NUMERAL ONE}", "c" * 5000])
def test_unknown_sign_is_refused(kind: str, story: Publication, member_client: Client) -> None:
    assert page(member_client, story.pk).post(member_client, kind=kind).status_code == 404
    assert Reaction.objects.count() == 0


def hidden() -> uuid.UUID:
    pk: uuid.UUID = make.published().pk
    make.hide(pk)
    return pk


def test_sign_is_taken_off_a_text_that_is_hidden_now(story: Publication, member: Any, member_client: Client) -> None:
    reply = make.published_reply(story)
    opened = {one.pk: page(member_client, one.pk) for one in (story, reply)}
    for one in (reply, story):
        opened[one.pk].post(member_client, kind="c1")
        others(one, 1)
        make.hide(one.contribution)
        for _ in range(2):
            answer = opened[one.pk].post(member_client, undo="1")
            assert (answer.status_code, answer.url) == (303, f"/stories/{one.pk}/")
        assert "hidden for now" in member_client.get(answer.url).content.decode()
    assert Reaction.objects.count() == 2, "those of others stay"


@pytest.mark.parametrize("unread", [lambda: make.waiting().contribution_id, hidden, uuid.uuid4])
def test_text_that_nobody_reads_takes_no_sign(
    unread: Callable[[], uuid.UUID], member: Any, member_client: Client
) -> None:
    pk = unread()
    address = reverse("stories:react", args=[pk])
    assert member_client.get(address).status_code == 404
    posted = {"kind": "c1", "writer": Owner.of_account(member).mark(pk)}
    assert member_client.post(address, posted).status_code == 404
    assert Reaction.objects.count() == 0


def test_visitors_are_asked_to_sign_in(story: Publication, client: Client) -> None:
    address = reverse("stories:react", args=[story.pk])
    assert client.get(address).url == f"/accounts/login/?next={address}"
    assert client.post(address, {"kind": "c1"}).status_code == 409
    assert Reaction.objects.count() == 0


def test_staff_leave_no_sign(story: Publication, moderator_client: Client) -> None:
    address = reverse("stories:react", args=[story.pk])
    assert moderator_client.get(address).status_code == 403
    assert moderator_client.post(address, {"kind": "c1"}).status_code == 403
    assert make.client_of(make.moderator(role=Role.EDITOR)).get(address).status_code == 403
    assert Reaction.objects.count() == 0


def test_form_of_a_receipt_leaves_no_sign(story: Publication, client: Client, member: Any) -> None:
    code = new_code()
    client.force_login(member)
    session = client.session
    session["receipt"] = code
    session.save()
    posted = {"kind": "c1", "writer": Owner.of_code(code).mark(story.pk)}
    assert client.post(reverse("stories:react", args=[story.pk]), posted).status_code == 404
    assert Reaction.objects.count() == 0


def test_wrong_key_takes_no_sign(story: Publication, member_client: Client, settings: Any) -> None:
    opened = page(member_client, story.pk)
    settings.OWNERSHIP_KEYS = [*settings.OWNERSHIP_KEYS, bytes(32)]
    assert opened.post(member_client, kind="c1").status_code == 503
    assert Reaction.objects.count() == 0


@pytest.mark.parametrize("number", range(FEWEST_TOLD + 2))
def test_few_signs_are_not_told(number: int, story: Publication, member: Any) -> None:
    others(story, number)
    told = number if number >= FEWEST_TOLD else 0
    assert counts(beside([story.pk], None)[story.pk]) == {"c1": told, "c2": 0, "c3": 0}
    assert counts(beside([story.pk], make.owner(member))[story.pk]) == {"c1": told, "c2": 0, "c3": 0}


@pytest.mark.parametrize("number", range(FEWEST_TOLD + 2))
def test_own_sign_changes_no_number_that_one_is_shown(number: int, story: Publication, member: Any) -> None:
    others(story, number)
    owner = make.owner(member)
    shown = []
    for kind in ("c1", "c2", "c1"):
        react(story, kind=kind, owner=owner)
        shown.append(counts(beside([story.pk], owner)[story.pk]))
        assert [sign.code for sign in beside([story.pk], owner)[story.pk].signs if sign.is_mine] == [kind]
    undo(story.pk, owner=owner)
    shown.append(counts(beside([story.pk], owner)[story.pk]))
    assert shown == [{"c1": number if number >= FEWEST_TOLD else 0, "c2": 0, "c3": 0}] * 4


def test_pages_tell_no_small_number(story: Publication, member_client: Client) -> None:
    address = reverse("stories:react", args=[story.pk])
    phrase = "people are glad"
    others(story, FEWEST_TOLD - 1)
    assert phrase not in member_client.get(address).content.decode()
    others(story, 1)
    assert f"{FEWEST_TOLD} {phrase}" in member_client.get(address).content.decode()


def test_script_gets_the_part_that_changed(story: Publication, member_client: Client) -> None:
    headers = {"HX-Request": "true"}
    opened = page(member_client, story.pk)
    answer = member_client.post(opened.action, opened.fields | {"kind": ["c3"]}, headers=headers)
    assert answer.status_code == 200
    assert "HX-Request" in answer.headers["Vary"]
    assert "<html" not in answer.content.decode()
    assert answer.content.decode().count('aria-pressed="true"') == 1
    assert Reaction.objects.get().kind == "c3"
    again = form(answer, "/react/")
    assert member_client.post(again.action, again.fields | {"undo": ["1"]}, headers=headers).status_code == 200
    assert Reaction.objects.count() == 0


def test_reply_takes_signs_and_leads_back_to_its_place(story: Publication, member_client: Client) -> None:
    reply = make.published(reply_to=story.pk, title="", text=make.REPLY)
    answer = page(member_client, reply.pk).post(member_client, kind="c2")
    assert answer.url == address_of(reply.pk, reader=AnonymousUser())
    assert answer.url.endswith(f"#reply-{reply.pk}")
    assert Reaction.objects.get().contribution_id == reply.pk


def test_signs_of_a_page_are_one_query(story: Publication, member: Any, django_assert_num_queries: Any) -> None:
    pks = [story.pk, *(uuid.uuid4() for _ in range(30))]
    owner = make.owner(member)
    for some in (pks[:1], pks):
        with django_assert_num_queries(1):
            beside(some, None)
        with django_assert_num_queries(2):
            beside(some, owner)


def test_marks_join_no_two(story: Publication) -> None:
    one, other = make.owner(make.member()), make.owner(make.member())
    second = make.published()
    for owner in (one, other):
        for publication in (story, second):
            react(publication, kind="c1", owner=owner)
    marks = {bytes(mark) for mark in Reaction.objects.values_list("mark", flat=True)}
    assert len(marks) == 4
    assert {field.name for field in Reaction._meta.get_fields()} == {"id", "contribution", "kind", "mark"}


def test_codes_are_those_of_the_pack() -> None:
    assert codes() == ["c1", "c2", "c3"]


@pytest.mark.django_db(transaction=True)
def test_sign_left_fifty_times_at_once_is_one(story: Publication, member_client: Client) -> None:
    assert fifty_times(member_client, page(member_client, story.pk), kind="c1") == {303}
    assert Reaction.objects.get().kind == "c1"


def test_story_page_of_a_visitor_holds_links_only(story: Publication, client: Client) -> None:
    reply = make.published(reply_to=story.pk, title="", text=make.REPLY)
    others(story, FEWEST_TOLD)
    others(reply, FEWEST_TOLD, "c3")
    shown = client.get(f"/stories/{story.pk}/").content.decode()
    for pk in (story.pk, reply.pk):
        for address in (f"/stories/{pk}/react/", f"/report/{pk}/"):
            assert f'href="{address}" rel="nofollow"' in shown
    assert f"{FEWEST_TOLD} people are glad" in shown
    assert f"{FEWEST_TOLD} people are thinking" in shown
    assert "Sign in to leave a sign or save it for later" in shown
    assert [one for one in ("<form", "csrf", "htmx", 'name="writer"') if one in shown] == []


def test_story_page_of_a_member_holds_the_buttons(story: Publication, member_client: Client) -> None:
    address = f"/stories/{story.pk}/"
    assert form(member_client.get(address), "/react/").post(member_client, kind="c2").url == f"{address}#signs"
    assert form(member_client.get(address), "/save/").post(member_client, keep="1").url == f"{address}#signs"
    assert member_client.get(address).content.decode().count('aria-pressed="true"') == 2


def test_story_page_of_staff_offers_nothing(story: Publication, moderator_client: Client) -> None:
    reply = make.published_reply(story)
    others(reply, FEWEST_TOLD)
    shown = moderator_client.get(f"/stories/{story.pk}/").content.decode()
    assert f"{FEWEST_TOLD} people are glad" in shown
    assert [one for one in ("<form", "htmx", "Sign in to", "/report/", "/react/") if one in shown] == []


@pytest.mark.parametrize("replies", [1, 20])
def test_story_page_asks_four_questions(
    replies: int, story: Publication, client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(replies):
        others(make.published(reply_to=story.pk, title="", text=make.REPLY), 1)
    with django_assert_max_num_queries(4):
        assert client.get(f"/stories/{story.pk}/").status_code == 200
