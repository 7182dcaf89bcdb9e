"""What moderators do beside deciding: hand over, note, look again, choose what they read; and the sample."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Role, User
from moderation.actions import (
    Conflict,
    choose,
    claim,
    claim_next,
    escalate,
    release,
    reopen,
    report,
    set_free,
    skip,
    take_note,
)
from moderation.models import Case, Cause, Decision, Entry, Note, Place
from stories.actions import appeal
from stories.models import Outcome, Publication, Revision, Statement
from stories.own_texts import standing_of
from tests import make
from tests.moderation import two
from tests.moderation.desk import now, state

pytestmark = pytest.mark.django_db


def token(case: Case) -> uuid.UUID:
    assert case.lease_token is not None
    return case.lease_token


def acts() -> list[str]:
    """Return what the record tells, as at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert all(one.is_sealed for one in Entry.objects.all())
    return list(Entry.objects.order_by("number").values_list("act", flat=True))


def test_escalated_case_goes_to_two_others_with_a_word(moderator: User) -> None:
    make.waiting()
    first = make.case(text=f"{make.TEXT} I know this clinic.")
    Case.objects.exclude(pk=first.pk).update(due_at=first.due_at - timedelta(hours=1))
    case = claim(first.pk, moderator=moderator)
    escalate(case.pk, token=token(case), moderator=moderator, note="I know this clinic.")
    assert (now(case).needs, now(case).priority, now(case).lease_by) == (2, 1, None)
    assert (Note.objects.get().text, acts()) == ("I know this clinic.", ["note", "escalate"])
    assert claim_next(moderator=moderator) not in {case, None}
    with pytest.raises(Conflict, match="not_yours"):
        claim(case.pk, moderator=moderator)
    for other in two.people(2):
        assert claim_next(moderator=other) == case
        two.decides(case, Outcome.APPROVE, other)
    assert state(case) == "approved"
    with pytest.raises(Conflict, match="decided"):
        escalate(case.pk, token=token(case), moderator=moderator)


def test_who_merely_passed_on_may_take_it_again(moderator: User) -> None:
    case = claim(make.case().pk, moderator=moderator)
    skip(case.pk, token=token(case), moderator=moderator)
    assert claim(case.pk, moderator=moderator) == case


def test_sample_is_for_one_whatever_is_decided(settings: Any) -> None:
    settings.SAMPLE_SHARE = 1.0
    make.published()
    case, (first, second) = Case.objects.get(cause=Cause.SAMPLE), two.people(2)
    held = claim(case.pk, moderator=first)
    with pytest.raises(ValueError, match="compare"):
        escalate(held.pk, token=token(held), moderator=first)
    release(held.pk, token=token(held), moderator=first)
    two.decides(case, Outcome.PROPOSE, second, is_grave=True)
    assert (now(case).needs, now(case).closing) == (1, "decided")


def test_counting_a_decision_leaves_what_was_chosen_meanwhile(moderator: User, monkeypatch: Any) -> None:
    two.decides(make.case(), Outcome.APPROVE, moderator)
    save = Place.save

    def chosen_meanwhile(place: Place, **kwargs: Any) -> None:
        Place.objects.filter(pk=moderator.pk).update(leaves=["w1"])
        save(place, **kwargs)

    monkeypatch.setattr(Place, "save", chosen_meanwhile)
    two.decides(make.case(), Outcome.APPROVE, moderator)
    assert (Place.of(moderator).leaves, Place.of(moderator).decided) == (["w1"], 2)


def test_notes_are_counted_and_only_for_who_holds_it(moderator: User) -> None:
    case = claim(make.case().pk, moderator=moderator)
    take_note(case.pk, token=token(case), moderator=moderator, text="Read twice.")
    for _time in range(2):
        take_note(case.pk, token=token(case), moderator=moderator, step="helplines")
    assert list(case.notes.order_by("number").values_list("number", "text", "step")) == [
        (1, "Read twice.", ""),
        (2, "", "helplines"),
    ]
    told = Entry.objects.filter(case=case.pk).order_by("number").values_list("act", "details", "actor")
    assert list(told) == [("note", "{}", moderator.pk), ("step", '{"step": "helplines"}', moderator.pk)]
    with pytest.raises(Conflict):
        take_note(case.pk, token=uuid.uuid4(), moderator=moderator, text="Of another.")


def test_lead_takes_a_case_out_of_somebodys_hands(moderator: User) -> None:
    case = claim(make.case().pk, moderator=moderator)
    (lead,) = two.people(1, role=Role.LEAD)
    set_free(case.pk, lead=lead)
    assert (now(case).lease_by, acts()) == (None, ["set_free"])
    two.decides(case, Outcome.APPROVE, moderator)
    with pytest.raises(Conflict, match="decided"):
        set_free(case.pk, lead=lead)


@pytest.mark.parametrize(
    ("outcome", "cause"), [(Outcome.APPROVE, Cause.REPORT), (Outcome.REFUSE, Cause.APPEAL), (None, None)]
)
def test_lead_has_it_judged_anew(outcome: Outcome | None, cause: Cause | None) -> None:
    revision = make.waiting()
    if outcome:
        make.decided(revision, outcome)
    (lead,) = two.people(1, role=Role.LEAD)
    case = reopen(revision.pk, lead=lead)
    assert (case.cause if case else None) == cause
    if case:
        assert reopen(revision.pk, lead=lead) == case
        assert Entry.objects.filter(act="reopen", case=case.pk, actor=lead.pk).count() == 1


def test_reopened_text_is_kept_or_given_back_like_any_other() -> None:
    live = make.published()
    case = reopen(live.revision_id, lead=two.people(1, role=Role.LEAD)[0])
    assert case is not None
    two.decides(case, Outcome.KEEP, two.people(1)[0])
    assert Publication.objects.filter(pk=live.pk).exists()


def test_share_of_what_was_decided_is_read_again_by_somebody_else(settings: Any) -> None:
    settings.SAMPLE_SHARE = 1.0
    owner, (first, second, _third) = make.owner(), [make.moderator() for _ in range(3)]
    revision = make.decided(make.waiting(owner), Outcome.REFUSE, reviewer=first).revision
    case = Case.objects.get(cause=Cause.SAMPLE)
    assert claim_next(moderator=first) is None
    assert claim_next(moderator=second) == case
    two.decides(case, Outcome.APPROVE, second, warnings=["w1"])
    assert (now(case).outcome, Revision.objects.get(pk=revision.pk).state) == ("approve", "refused")
    assert not Publication.objects.exists()
    assert Statement.objects.count() == 1, "its owner is told nothing"
    standing = standing_of(owner, revision.contribution_id)
    assert standing is not None
    assert [str(one.title) for one in standing.events] == ["You sent it", "Not published"]
    assert Case.objects.filter(cause=Cause.SAMPLE).count() == 1, "a sample is not sampled"


def test_a_refusal_is_compared_only_while_somebody_is_left_for_an_appeal(settings: Any) -> None:
    settings.SAMPLE_SHARE = 1.0
    owner, (first, second) = make.owner(), [make.moderator() for _ in range(2)]
    refused = make.decided(make.waiting(owner), Outcome.REFUSE, reviewer=first).revision
    assert claim_next(moderator=second) is None
    appeal(refused.contribution_id, text="Please look again.", owner=owner)
    assert claim_next(moderator=second) == two.open_case(refused)
    make.decided(make.waiting(), Outcome.ASK_CHANGES, reviewer=first)
    assert Case.objects.filter(cause=Cause.SAMPLE, closing="").count() == 1, "against which there is no appeal"


def test_sample_moves_nothing_whatever_is_decided(settings: Any) -> None:
    settings.SAMPLE_SHARE = 1.0
    for first, again in ((Outcome.APPROVE, Outcome.PROPOSE), (Outcome.APPROVE, Outcome.REFUSE)):
        live = make.published()
        assert Decision.objects.filter(revision=live.revision, outcome=first).exists()
        case = Case.objects.get(cause=Cause.SAMPLE, revision=live.revision)
        two.decides(case, again, two.people(1)[0])
        assert (now(case).closing, now(case).proposed, state(case)) == ("decided", None, "approved")


def test_sample_of_what_was_taken_down_can_still_be_judged(settings: Any) -> None:
    settings.SAMPLE_SHARE = 1.0
    live = make.published()
    case = Case.objects.get(cause=Cause.SAMPLE)
    make.hide(live)
    two.decides(Case.objects.reported().get(), Outcome.REMOVE, two.people(1)[0])
    two.decides(case, Outcome.APPROVE, two.people(1)[0])
    assert now(case).closing == "decided"


def test_examples_and_a_share_of_none_are_not_sampled(settings: Any) -> None:
    make.published()
    settings.SAMPLE_SHARE = 1.0
    make.published(example=True)
    assert not Case.objects.filter(cause=Cause.SAMPLE).exists()


def test_languages_one_does_not_read_go_to_others(moderator: User) -> None:
    spanish = make.case(language="es")
    choose(moderator, languages=["en"], leaves=[])
    assert claim_next(moderator=moderator) is None
    english = make.case()
    assert claim_next(moderator=moderator) == english
    assert claim_next(moderator=two.people(1)[0]) == spanish


def test_topics_one_leaves_go_to_others(moderator: User) -> None:
    marked = make.case(warnings=["w1", "w2"])
    choose(moderator, languages=[], leaves=["w2"])
    assert claim_next(moderator=moderator) is None
    assert claim_next(moderator=two.people(1)[0]) == marked
    choose(moderator, languages=[], leaves=[])
    set_free(marked.pk, lead=moderator)
    assert claim_next(moderator=moderator) == marked


def once_more(cause: Cause, *, text: str, warnings: Sequence[str]) -> Case:
    """Have a text published, and bring it before somebody anew."""
    owner = make.owner()
    case = make.case(owner, text=text)
    for one in two.people(case.needs):
        two.decides(case, Outcome.APPROVE, one, warnings=warnings)
    live = Publication.objects.get(revision=case.revision_id)
    if cause != Cause.SAMPLE:
        report(live, rules=["kind"], text="", owner=make.owner())
    if cause == Cause.APPEAL:
        two.decides(two.open_case(live.revision), Outcome.REMOVE, two.people(1)[0])
        appeal(live.pk, text="Please look again.", owner=owner)
    return Case.objects.get(revision=live.revision, cause=cause, closing="")


@pytest.mark.parametrize("cause", [Cause.REPORT, Cause.APPEAL, Cause.SAMPLE])
@pytest.mark.parametrize(
    ("topic", "words", "warnings"),
    [
        ("crisis", "I am going to kill myself tonight.", []),
        ("crisis", "I do not want to live like this any more.", []),
        ("w2", "", ["w2"]),  # added by who published it
    ],
)
def test_what_one_leaves_to_others_is_left_whenever_it_comes_back(
    cause: Cause, topic: str, words: str, warnings: list[str], moderator: User, settings: Any
) -> None:
    settings.SAMPLE_SHARE = float(cause == Cause.SAMPLE)
    case = once_more(cause, text=f"{make.TEXT} {words}", warnings=warnings)
    choose(moderator, languages=[], leaves=["w1"])
    assert Case.objects.claimable_by(moderator).contains(case)
    choose(moderator, languages=[], leaves=["w1", topic])
    assert not Case.objects.claimable_by(moderator).contains(case)


@pytest.mark.parametrize("words", ["I am going to kill myself tonight.", "I do not want to live like this any more."])
def test_crisis_can_be_left_to_others(words: str, moderator: User) -> None:
    make.case(text=f"{make.TEXT}\n\n{words}")
    choose(moderator, languages=[], leaves=["crisis"])
    assert claim_next(moderator=moderator) is None
    assert claim_next(moderator=two.people(1)[0]) is not None


def test_decisions_of_a_day_are_counted_for_oneself(moderator: User) -> None:
    for _ in range(2):
        two.decides(make.case(), Outcome.APPROVE, moderator)
    assert Place.of(moderator).decided == 2
    Place.objects.update(day="2026-01-01")
    two.decides(make.case(), Outcome.APPROVE, moderator)
    assert Place.of(moderator).decided == 1
