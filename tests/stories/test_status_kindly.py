"""What an owner reads when two people read, when nothing can be sent for a while, and when a moderator wrote."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.codes import new_code
from accounts.models import User
from stories.actions import leave_message
from stories.models import Message, Outcome, Revision
from stories.owners import Owner
from tests import make
from tests.stories.answering import address, judge, page
from tests.stories.page import form

pytestmark = pytest.mark.django_db
TWO = "Two people read a text like this one before it is public"
HEAVY = f"{make.TEXT} I want to kill myself tonight."
PAUSED = "You cannot send anything for a while"
KIND = "Please write to us again any time. You are not alone with this."


@pytest.mark.parametrize(("text", "said"), [(HEAVY, True), (make.TEXT, False)])
def test_two_people_read_what_is_urgent(text: str, said: bool, member: User, member_client: Client) -> None:
    sent = make.waiting(make.owner(member), text=text)
    assert (TWO in page(member_client, address(sent))) == said


@pytest.mark.parametrize("outcome", [Outcome.REFUSE, Outcome.APPROVE])
def test_first_of_two_tells_only_that_there_are_two(outcome: Outcome, member: User, member_client: Client) -> None:
    sent = make.waiting(make.owner(member))
    before = page(member_client, address(sent))
    assert TWO not in before
    judge(sent, outcome, second=True)
    after = page(member_client, address(sent))
    assert TWO in after
    assert "Waiting to be read" in after
    assert after[after.index("What happened so far") :] == before[before.index("What happened so far") :]
    judge(sent, outcome, **({"second": True} if outcome == Outcome.APPROVE else {}))
    assert TWO not in page(member_client, address(sent))


def test_two_letters_of_two_people_are_both_read(member: User, member_client: Client) -> None:
    sent = make.waiting(make.owner(member))
    judge(sent, Outcome.REFUSE, second=True, text="The first of two letters.")
    judge(sent, Outcome.REFUSE, text="The second of two letters.")
    text = page(member_client, address(sent))
    for told in (
        "The first of two letters.",
        "The second of two letters.",
        "Two people, who came to the same decision.",
    ):
        assert told in text
    assert text.count("timeline__title") == 2


def paused(by: Owner) -> list[Revision]:
    """Refuse two texts for how they treat others."""
    texts = [make.waiting(by) for _ in range(2)]
    for one in texts:
        make.decided(one, Outcome.REFUSE, rules=("kind",))
    return texts


@pytest.mark.parametrize("who", ["member", "visitor"])
def test_paused_owner_is_told_before_they_write_and_keeps_their_draft(who: str, member: User) -> None:
    client, code = make.client_of(member if who == "member" else None), new_code()
    by = Owner.of_account(member) if who == "member" else Owner.of_code(code)
    texts, draft = paused(by), make.draft(by)
    if who == "visitor":
        client.post(reverse("stories:receipt"), {"code": code})
    pk = draft.contribution_id
    preview = reverse("stories:preview", args=[pk])
    places = ["/stories/new/", "/stories/new/?new=1", "/stories/mine/", address(draft), preview]
    for where in [*places, reverse("stories:step", args=[pk, "story"])]:
        text = page(client, where)
        assert PAUSED in text, where
        assert "Your list says until when each draft is kept; when you change one, it is kept longer." in text
    form(client.get(reverse("stories:step", args=[pk, "story"])), "/").post(client, title="Another title")
    assert Revision.objects.get(pk=draft.pk).title == "Another title"
    answer = form(client.get(preview), "/").post(client)
    assert answer.status_code == 409
    assert Revision.objects.get(pk=draft.pk).state == "draft"
    for one in texts:
        assert "Ask for somebody else to decide" in page(client, address(one))
    assert client.get("/stories/").status_code == 200


def test_pause_ends_with_what_is_given_back(member: User, member_client: Client) -> None:
    first, _second = paused(make.owner(member))
    opened = form(member_client.get(address(first, "appeal")), "/appeal/")
    opened.post(member_client, text="Nobody was meant by what I wrote there.")
    judge(first, Outcome.APPROVE)
    assert PAUSED not in page(member_client, "/stories/new/")


def test_message_is_read_by_the_owner_alone(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member))
    assert "With a message for you" not in page(member_client, "/stories/mine/")
    leave_message(live.revision, KIND)
    leave_message(live.revision, "And once more.")
    text = page(member_client, address(live.revision))
    for told in ("A message for you alone", KIND, "And once more.", "A moderator left you a message"):
        assert told in text
    assert text.index(KIND) < text.index("And once more.")
    assert "With a message for you" in page(member_client, "/stories/mine/")
    assert KIND not in page(Client(), reverse("stories:detail", args=[live.pk]))
    assert [one.month.day for one in Message.objects.all()] == [1, 1]


def test_message_is_written_once() -> None:
    left = leave_message(make.published().revision, KIND)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE stories_message SET text = 'x' WHERE id = %s", [left.pk])
