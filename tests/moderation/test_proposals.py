"""Words that a moderator proposes: nobody reads them before their owner's yes to exactly them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from moderation.actions import Conflict, claim, claim_next, decide, reopen
from moderation.models import Case, Cause, Decision, Entry, Redaction
from stories.actions import accept, decline, save_draft, submit, take_back, withdraw
from stories.lifecycle import State
from stories.models import A_MEMBER, Acceptance, Outcome, Publication, Revision, Statement, Suppression
from stories.owners import Owner
from stories.refusals import Changed, Refused
from stories.words import Words
from tests import make
from tests.moderation import two
from tests.moderation.desk import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Owner:
    return make.owner()


def states(proposal: Revision) -> list[str]:
    versions = Revision.objects.filter(contribution=proposal.contribution_id).order_by("number")
    return list(versions.values_list("state", flat=True))


def proposal_for(owner: Owner) -> Revision:
    return two.proposed(make.waiting(owner, warnings=["w1"]))


def live_proposal(owner: Owner) -> tuple[Publication, Revision]:
    """Publish a text, have it reported, and other words proposed for it."""
    live = make.published(owner, warnings_added=["w2"])
    make.hide(live)
    return live, two.proposed(live.revision)


def test_proposal_waits_for_its_owner_and_is_on_no_page(owner: Owner) -> None:
    proposal = proposal_for(owner)
    assert states(proposal) == ["changes_asked", "proposed"]
    assert (proposal.text, proposal.redacts is not None) == (two.OTHER_WORDS, True)
    assert not Publication.objects.exists()
    assert not Redaction.objects.exists()
    case = Case.objects.get()
    assert (case.outcome, case.proposed) == ("propose", proposal)
    assert Statement.objects.get().told


def test_accepting_publishes_exactly_these_words(owner: Owner) -> None:
    proposal = proposal_for(owner)
    before = Words.of(proposal)
    live = accept(proposal.contribution_id, proposal=proposal.pk, owner=owner)
    assert (live.revision_id, Words.of(live.revision)) == (proposal.pk, before)
    assert states(proposal) == ["superseded", "approved"]
    assert Acceptance.objects.get().pk == proposal.pk


def test_accepting_twice_publishes_once(owner: Owner) -> None:
    proposal = proposal_for(owner)
    first, again = (accept(proposal.contribution_id, proposal=proposal.pk, owner=owner) for _ in range(2))
    assert first == again
    assert Acceptance.objects.count() == 1


@pytest.mark.parametrize("own_words", [True, False])
def test_declining_goes_on_from_either_words(owner: Owner, own_words: bool) -> None:
    proposal = proposal_for(owner)
    draft = decline(proposal.contribution_id, proposal=proposal.pk, owner=owner, own_words=own_words)
    assert draft.text == (make.TEXT if own_words else two.OTHER_WORDS)
    assert states(proposal) == ["changes_asked", "superseded", "draft"]
    with pytest.raises(Changed):
        accept(proposal.contribution_id, proposal=proposal.pk, owner=owner)
    assert not Publication.objects.exists()


def test_what_was_edited_after_declining_is_judged_anew(owner: Owner) -> None:
    proposal = proposal_for(owner)
    decline(proposal.contribution_id, proposal=proposal.pk, owner=owner, own_words=False)
    edited = {"text": f"{make.TEXT} Ask my doctor.", "consents": ["publish", "rules"]}
    save_draft(proposal.contribution_id, edited, owner=owner)
    sent = submit(proposal.contribution_id, owner=owner)
    assert states(proposal) == ["superseded", "superseded", "waiting"]
    assert two.open_case(sent).cause == Cause.NEW
    assert not Publication.objects.exists()


def test_withdrawn_meanwhile_is_accepted_no_more(owner: Owner) -> None:
    proposal = proposal_for(owner)
    withdraw(proposal.contribution_id, owner=owner)
    assert states(proposal) == ["withdrawn", "withdrawn"]
    with pytest.raises(Changed):
        accept(proposal.contribution_id, proposal=proposal.pk, owner=owner)
    assert not Acceptance.objects.exists()


def test_somebody_else_accepts_nothing(owner: Owner) -> None:
    proposal = proposal_for(owner)
    with pytest.raises(Refused):
        accept(proposal.contribution_id, proposal=proposal.pk, owner=make.owner())


def test_live_text_stays_hidden_until_its_owner_accepts(owner: Owner) -> None:
    live, proposal = live_proposal(owner)
    assert states(proposal) == ["approved", "proposed"]
    assert Suppression.objects.filter(pk=live.pk).exists()
    assert not Publication.objects.readable_by(A_MEMBER).filter(pk=live.pk).exists()
    accept(live.pk, proposal=proposal.pk, owner=owner)
    shown = Publication.objects.readable_by(A_MEMBER).get(pk=live.pk)
    assert (shown.revision_id, shown.warnings) == (proposal.pk, ["w2"])
    assert states(proposal) == ["superseded", "approved"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a transaction
    assert not Entry.objects.filter(act="show").exists(), "what an owner does is not in the record"


def test_declining_leaves_a_hidden_text_hidden(owner: Owner) -> None:
    live, proposal = live_proposal(owner)
    decline(live.pk, proposal=proposal.pk, owner=owner, own_words=True)
    assert not Publication.objects.readable_by(A_MEMBER).filter(pk=live.pk).exists()


def test_live_text_hidden_after_a_proposal_is_decided_about_before_a_yes(owner: Owner) -> None:
    live = make.published(owner)
    edit = make.waiting(owner, contribution=live.pk, text=f"{make.TEXT} Her name is on the door.")
    proposal = two.proposed(edit)
    make.hide(live)
    with pytest.raises(Refused, match="read"):
        accept(live.pk, proposal=proposal.pk, owner=owner)
    assert Suppression.objects.filter(pk=live.pk).exists()
    assert Case.objects.reported().exists()
    with pytest.raises(IntegrityError, match="owner answers"), transaction.atomic():
        Acceptance(revision=proposal).save(force_insert=True)
    make.show(live)
    accept(live.pk, proposal=proposal.pk, owner=owner)
    assert Publication.objects.readable_by(A_MEMBER).get(pk=live.pk).revision_id == proposal.pk
    assert not Case.objects.filter(closing="").exists()


def test_text_removed_meanwhile_does_not_come_back_by_an_old_proposal(owner: Owner) -> None:
    live, proposal = live_proposal(owner)
    reopened = reopen(live.revision_id, lead=two.people(1)[0])
    assert reopened is not None
    two.decides(reopened, Outcome.REMOVE, two.people(1)[0])
    with pytest.raises(Changed):
        accept(live.pk, proposal=proposal.pk, owner=owner)
    assert not Publication.objects.exists()
    assert states(proposal) == [State.REMOVED, State.SUPERSEDED]


def test_text_removed_meanwhile_does_not_come_back_by_a_proposal_about_a_change_to_it(owner: Owner) -> None:
    live = make.published(owner)
    proposal = two.proposed(make.waiting(owner, contribution=live.pk, text=f"{make.TEXT} Her name is on the door."))
    make.hide(live)
    two.decides(Case.objects.reported().get(), Outcome.REMOVE, two.people(1)[0])
    with pytest.raises(Changed):
        accept(live.pk, proposal=proposal.pk, owner=owner)
    assert not Publication.objects.exists()
    assert states(proposal) == [State.REMOVED, State.CHANGES_ASKED, State.SUPERSEDED]


def test_second_does_not_agree_to_words_beside_a_new_version(owner: Owner) -> None:
    live, (first, second) = make.published(owner), two.people(2)
    make.hide(live)
    case = Case.objects.reported().get()
    two.decides(case, Outcome.PROPOSE, first, second=True)
    make.waiting(owner, contribution=live.pk, text=f"{make.TEXT} More.")
    with pytest.raises(Conflict, match="another_waits"):
        two.decides(case, Outcome.PROPOSE, second)
    assert (now(case).closing, Decision.objects.filter(case=case).count()) == ("", 1)


def test_grave_words_are_not_offered_by_one(owner: Owner) -> None:
    case = make.case(owner)
    Redaction(case=case, words={"text": two.OTHER_WORDS}, is_grave=True).save(force_insert=True)
    with pytest.raises(IntegrityError, match="grave"), transaction.atomic():
        two.decides(case, Outcome.PROPOSE, two.people(1)[0], agrees=True)


@pytest.mark.parametrize("second", [False, True])
def test_other_words_under_the_same_request_are_not_lost(owner: Owner, second: bool) -> None:
    case, (moderator,) = make.case(owner), two.people(1)
    held = claim(case.pk, moderator=moderator)
    assert held.lease_token is not None
    said = two.verdict(Outcome.PROPOSE, second=second)
    first = decide(case.pk, said, token=held.lease_token, moderator=moderator)
    assert decide(case.pk, said, token=held.lease_token, moderator=moderator) == first
    other = replace(said, redaction={"text": "Not these words."})
    with pytest.raises(Conflict, match="waits" if second else "decided"):
        decide(case.pk, other, token=held.lease_token, moderator=moderator)


def test_one_proposal_at_a_time(owner: Owner) -> None:
    live = make.published(owner)
    make.hide(live)
    make.waiting(owner, contribution=live.pk, text=f"{make.TEXT} More.")
    case = Case.objects.reported().get()
    with pytest.raises(Conflict, match="another_waits"):
        two.decides(case, Outcome.PROPOSE, two.people(1)[0])
    assert now(case).closing == ""


def test_words_go_when_the_owner_takes_the_text_back(owner: Owner) -> None:
    case = make.case(owner)
    two.decides(case, Outcome.PROPOSE, two.people(1)[0], second=True)
    assert Redaction.objects.exists()
    take_back(case.revision.contribution_id, owner=owner)
    assert not Redaction.objects.exists()
    assert now(case).closing == "moot"


def test_second_who_refuses_offers_nothing(owner: Owner) -> None:
    case, (first, second) = make.case(owner), two.people(2)
    two.decides(case, Outcome.PROPOSE, first, second=True)
    two.decides(case, Outcome.REFUSE, second)
    assert now(case).is_contested
    assert claim_next(moderator=first) is None
    assert not Revision.objects.filter(state=State.PROPOSED).exists()


def test_proposal_that_changes_nothing_is_none(owner: Owner) -> None:
    with pytest.raises(ValueError, match="changes some words"):
        two.decides(make.case(owner), Outcome.PROPOSE, two.people(1)[0], redaction={"text": make.TEXT, "other": "x"})
