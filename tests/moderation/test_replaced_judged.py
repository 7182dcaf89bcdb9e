"""What a restored copy does with versions that were judged, proposed, or not public yet when it was made."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts import journal
from accounts.models import User
from moderation.models import Case
from stories.actions import accept, appeal, decline, replace_again
from stories.lifecycle import State
from stories.models import Outcome, Publication, Revision, Suppression
from tests import make
from tests.moderation import two
from tests.moderation.test_replaced import HIDDEN, live, own_journal, page_of, writer
from tests.moderation.test_taken_down import public, replay
from tests.stories.answering import reported
from tests.stories.test_erasing import noted, undone

__all__ = ["live", "noted", "own_journal", "writer"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_copy_in_which_it_still_waits_gives_it_back(writer: User) -> None:
    waits = make.waiting(make.owner(writer))
    journal.note(journal.REPLACED, waits.pk)
    assert HIDDEN.format(1) in replay()
    found = Revision.objects.filter(contribution=waits.contribution).order_by("number")
    assert [(one.state, one.text) for one in found] == [(State.TAKEN_BACK, make.TEXT), (State.DRAFT, make.TEXT)]
    assert not Case.objects.filter(closing="").exists()


def test_a_copy_in_which_it_is_refused_lets_no_appeal_show_it(writer: User) -> None:
    refused = make.waiting(make.owner(writer))
    make.decided(refused, Outcome.REFUSE)
    appeal(refused.contribution_id, text="Please look again.", owner=make.owner(writer))
    journal.note(journal.REPLACED, refused.pk)
    assert HIDDEN.format(1) in replay()
    assert Revision.objects.get(pk=refused.pk).state == State.SUPERSEDED
    assert not Case.objects.filter(closing="").exists()
    told = page_of(writer, refused.contribution)
    assert "A draft" in told, "its words are there to go on from"
    assert "Go on writing" in told
    assert HIDDEN.format(0) in replay()


def test_a_draft_that_was_sent_since_is_another_version_from_now_on(writer: User) -> None:
    """It may be sent with other words, and published: a later restore must not take that for what was replaced."""
    by = make.owner(writer)
    draft = make.draft(by)
    journal.note(journal.REPLACED, draft.pk)
    journal.note(journal.TAKEN_BACK, draft.pk)
    replay()
    held = Revision.objects.get()
    assert (held.state, held.number, held.text, held.month) == (State.DRAFT, 1, draft.text, draft.month)
    sent = make.waiting(by, contribution=draft.contribution_id)
    assert sent.pk == held.pk != draft.pk
    make.decided(sent, Outcome.APPROVE)
    assert HIDDEN.format(0) in replay()
    assert public() == {sent.pk}


def test_what_ended_by_the_clock_ends_again_and_says_so(writer: User) -> None:
    live = make.published(make.owner(writer))
    make.hide(live)
    journal.note(journal.ENDED, live.pk)
    assert "Ended again: 1." in replay()
    told = page_of(writer, live)
    assert "This text waited for a new version" in told
    assert "You withdrew" not in told
    assert not Publication.objects.exists()
    assert "Ended again: 0." in replay()


def test_a_text_that_was_kept_and_waits_in_the_copy_is_not_noted_as_erased(writer: User) -> None:
    """This copy may be thrown away, and the text is public in the next."""
    sent = make.waiting(make.owner(writer))
    journal.note(journal.ACCOUNT, writer.pk)
    before = len(journal.read().lines)
    replay()
    assert not User.objects.filter(pk=writer.pk).exists()
    assert not journal.read().holds(journal.TEXT, sent.contribution_id)
    assert len(journal.read().lines) >= before


@pytest.mark.parametrize("outcome", [Outcome.ASK_CHANGES, Outcome.REFUSE, Outcome.REMOVE])
def test_what_was_judged_is_noted_when_a_newer_one_is_sent(outcome: Outcome) -> None:
    """In an older copy it may wait, or be public: what the judgement asked for would be shown."""
    by = make.owner()
    if outcome == Outcome.REMOVE:
        live = make.published(by)
        judged = reported(live)
    else:
        judged = make.waiting(by)
    make.decided(judged, outcome)
    journal.check()  # a line, as the disk holds one
    assert not journal.read().holds(journal.REPLACED, judged.pk)
    make.waiting(by, contribution=judged.contribution_id, text=f"{make.TEXT} No town.")
    assert journal.read().holds(journal.REPLACED, judged.pk)


def test_what_was_taken_down_and_written_anew_comes_back_without_a_case(writer: User) -> None:
    by = make.owner(writer)
    live = make.published(by)
    with undone():
        make.decided(reported(live), Outcome.REMOVE)
        make.waiting(by, contribution=live.pk, text=f"{make.TEXT} No town.")
    journal.note(journal.REPLACED, live.revision_id)
    replay()
    assert Suppression.objects.get().ground == Suppression.REPLACED
    assert not Case.objects.filter(closing="").exists()


@pytest.mark.parametrize("first", ["live", "proposed"])
def test_a_version_and_what_was_proposed_about_it_are_replaced_in_any_order(first: str, live: Publication) -> None:
    make.hide(live)
    both = [live.revision, two.proposed(live.revision)]
    for one in both if first == "live" else both[::-1]:
        replace_again(Revision.objects.get(pk=one.pk) if first == "live" and one is both[0] else one)
    states = list(Revision.objects.order_by("number").values_list("state", flat=True))
    assert states == [State.APPROVED, State.SUPERSEDED]
    assert Suppression.objects.get().ground == Suppression.REPLACED


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_a_text_above_which_something_was_proposed_is_given_back(answer: str, writer: User) -> None:
    by = make.owner(writer)
    live = make.published(by)
    make.draft(by, contribution=live.pk)
    make.hide(live)
    proposal = two.proposed(live.revision)
    if answer == "accept":
        accept(live.pk, proposal=proposal.pk, owner=by)
    else:
        decline(live.pk, proposal=proposal.pk, owner=by, own_words=True)
    waits = make.waiting(by, contribution=live.pk, text=f"{make.TEXT} No town.")
    assert waits.number < proposal.number
    journal.note(journal.REPLACED, waits.pk)
    assert HIDDEN.format(1) in replay()
    newest = Revision.objects.order_by("-number")[0]
    assert (newest.state, newest.number, newest.text) == (State.DRAFT, proposal.number + 1, waits.text)
    assert "News" in make.client_of(writer).get(reverse("stories:mine")).content.decode()
    assert "You took it back" not in page_of(writer, live)
