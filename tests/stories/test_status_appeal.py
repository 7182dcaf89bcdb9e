"""The statement of reasons and the appeal: what was decided and why, who decides next, and what came of it."""

from __future__ import annotations

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from moderation.models import Case, Cause, Closing
from stories.actions import appeal, withdraw
from stories.lifecycle import State
from stories.models import Appeal, Outcome, Revision
from tests import make
from tests.stories.answering import NOTE, WHY, address, judge, page, removed, reported
from tests.stories.page import form

pytestmark = pytest.mark.django_db
ASK = "Ask for somebody else to decide"


@pytest.fixture
def refused(member: User) -> Revision:
    sent = make.waiting(make.owner(member))
    make.decided(sent, Outcome.REFUSE, text=NOTE, passages=[("text", 4, 13)])
    return Revision.objects.get(pk=sent.pk)


def appealed(client: Client, revision: Revision, text: str = WHY):
    return form(client.get(address(revision, "appeal")), "/appeal/").post(client, text=text)


@pytest.mark.parametrize("kind", ["refused", "removed"])
def test_statement_says_all_that_an_owner_may_know(kind: str, member: User, member_client: Client) -> None:
    if kind == "refused":
        revision = make.waiting(make.owner(member))
        judge(revision, Outcome.REFUSE, passages=(("text", 4, 13),))
    else:
        revision = removed(make.owner(member))
    text = page(member_client, address(revision))
    decided = {
        "refused": "This version is not published.",
        "removed": "This version was taken down, everywhere on this site and for everybody but you.",
    }
    for told in (
        decided[kind],
        "Name nobody.",
        NOTE,
        "A person. They do not see who wrote it.",
        "A program had highlighted nothing in this text, and it decided nothing.",
        "You may also turn to a court",
        "You can ask for somebody else to decide, until",
        ASK,
        make.TEXT.split("\n\n")[1],
    ):
        assert told in text
    assert ("It is about the text as a whole." in text) == (kind == "removed")
    assert ("Readers had reported the text." in text) == (kind == "removed")


def test_time_to_appeal_ends(refused: Revision, member: User, member_client: Client) -> None:
    until = refused.month.replace(year=refused.month.year + 1, month=(refused.month.month + 7) % 12 or 12)
    with time_machine.travel(until, tick=False):
        client = make.client_of(member)
        text = page(client, address(refused))
        assert "It was possible until" in text
        assert ASK not in text
        assert client.get(address(refused, "appeal")).status_code == 302


def test_appeal_is_kept_once_and_read_by_somebody_else(refused: Revision, member_client: Client) -> None:
    opened = form(member_client.get(address(refused, "appeal")), "/appeal/")
    first, second = (opened.post(member_client, text=WHY) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert [one.text for one in Appeal.objects.all()] == [WHY]
    assert Case.objects.filter(cause=Cause.APPEAL, closing=Closing.OPEN).count() == 1
    text = page(member_client, address(refused))
    for told in ("Somebody else is looking at it", WHY, "You asked for somebody else to decide"):
        assert told in text
    assert ASK not in text
    assert "Somebody else is looking at it" in page(member_client, "/stories/mine/")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Please write in a sentence what you see otherwise."),
        ("\u200b \u200b", "Please write in a sentence what you see otherwise."),
        ("Too short.", "at least 20 characters"),
        ("x" * (settings.NOTE_MAX + 1), "This has 2,001 characters, and 2,000 fit."),
    ],
)
def test_bad_words_are_told_beside_the_field_and_kept(
    typed: str, told: str, refused: Revision, member_client: Client
) -> None:
    answer = appealed(member_client, refused, typed)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert form(answer, "/appeal/").fields["text"] == [typed]
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Appeal.objects.exists()


def test_result_of_an_appeal_is_told_either_way(refused: Revision, member_client: Client) -> None:
    appealed(member_client, refused)
    judge(refused, Outcome.UPHOLD, text="The town is small, so we let it stand.")
    text = page(member_client, address(refused))
    for told in (
        "Why the decision stands",
        "The town is small, so we let it stand.",
        "The first decision",
        NOTE,
        "Somebody else read it again: the decision stands",
        "let the decision stand. Why is told above.",
    ):
        assert told in text
    for gone in (ASK, "Somebody else is looking at it"):
        assert gone not in text
    assert member_client.get(address(refused, "appeal")).status_code == 302


@pytest.mark.parametrize("kind", ["refused", "removed"])
def test_somebody_else_publishes_it(kind: str, member: User, member_client: Client) -> None:
    revision = removed(make.owner(member)) if kind == "removed" else make.waiting(make.owner(member))
    if kind == "refused":
        judge(revision, Outcome.REFUSE)
    appealed(member_client, revision)
    judge(revision, Outcome.APPROVE)
    text = page(member_client, address(revision))
    assert "Somebody else read it again, as you asked, and decided otherwise." in text
    assert make.TEXT[:20] in page(Client(), reverse("stories:detail", args=[revision.contribution_id]))
    assert address(revision, "appeal") not in text


def test_sending_a_new_version_says_that_it_ends_the_appeal(
    refused: Revision, member: User, member_client: Client
) -> None:
    by, ends = make.owner(member), "Sending a new version ends your appeal"
    make.draft(by, contribution=refused.contribution_id)
    preview = reverse("stories:preview", args=[refused.contribution_id])
    assert "you can no longer appeal about that one" in page(member_client, preview)
    assert ends not in page(member_client, preview)
    appealed(member_client, refused)
    for where in (preview, reverse("stories:step", args=[refused.contribution_id, "story"])):
        assert ends in page(member_client, where)
    form(member_client.get(preview), "/").post(member_client)
    assert Case.objects.get(cause=Cause.APPEAL).closing == Closing.MOOT
    assert "Somebody else is looking" not in page(member_client, address(refused))


@pytest.mark.parametrize("meanwhile", ["new version", "withdrawn", "asked", "decided"])
def test_appeal_that_comes_too_late_keeps_its_words(
    meanwhile: str, refused: Revision, member: User, member_client: Client
) -> None:
    opened, by = form(member_client.get(address(refused, "appeal")), "/appeal/"), make.owner(member)
    if meanwhile == "new version":
        make.waiting(by, contribution=refused.contribution_id)
    elif meanwhile == "withdrawn":
        withdraw(refused.contribution_id, owner=by)
    else:
        appeal(refused.contribution_id, text="Other words, sent from another page.", owner=by)
    if meanwhile == "decided":
        judge(refused, Outcome.UPHOLD)
    for changed in ({}, {"writer": "x"}):  # the second is given back before it comes to the view
        lost = opened.post(member_client, text=WHY, **changed)
        assert lost.status_code == 409
        assert WHY in lost.content.decode()
        assert form(lost, "/appeal/").fields["text"] == [WHY]
    assert not Appeal.objects.filter(text=WHY).exists()


@pytest.mark.parametrize("what", ["respond", "appeal"])
def test_nobody_answers_for_somebody_else(what: str, refused: Revision) -> None:
    other = make.member()
    client = make.client_of(other)
    mark = make.owner(other).mark(refused.contribution_id)
    fields = {"writer": mark, "text": WHY, "choice": "accept", "proposal": str(refused.pk)}
    assert client.post(address(refused, what), fields).status_code == 404
    assert client.get(address(refused, what)).status_code in {404, 405}
    assert not Appeal.objects.exists()


def test_hidden_text_says_so_and_what_comes_next(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member))
    reported(live, hidden=True)
    text = page(member_client, address(live.revision))
    for told in (
        "Hidden for now",
        "It is about this house rule: Name nobody.",
        "The reports themselves hid it, before anybody here had read it again.",
        "What happens next: a person reads it.",
        "It is hidden for now",
    ):
        assert told in text
    for untrue in ("Everybody can read it.", "See it as readers do"):
        assert untrue not in text
    assert "Hidden for now" in page(member_client, "/stories/mine/")
    make.show(live)
    assert "Everybody can read it." in page(member_client, address(live.revision))


def test_removed_text_stays_with_its_owner(member: User, member_client: Client) -> None:
    revision = removed(make.owner(member))
    text = page(member_client, address(revision))
    assert "It was taken down" in text
    assert text.count("<dt>Who decided</dt>") == 1
    assert Revision.objects.get(pk=revision.pk).state == State.REMOVED
    assert page(member_client, "/stories/mine/").count("Taken down") == 1
