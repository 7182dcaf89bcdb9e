"""A decision and what it does, all or nothing. Order of locks, always: a story, its reply, the case."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.access import at_work
from accounts.models import User
from moderation.actions.counting import count_wait
from moderation.actions.leases import Conflict, check_lease, free, locked_with_text
from moderation.models import Case, Cause, Closing, Decision, Place, Redaction, Report, Setting
from stories.actions import answer, note_up, propose, publish, remove
from stories.lifecycle import State, move, news_of
from stories.models import SILENT, Outcome, Revision, Statement, Suppression
from stories.words import own_words

SAMPLED_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class Verdict:
    """What a moderator decided: codes of rules, passages as (field, start, end), words to the owner.

    ``redaction`` maps fields of ``own_words`` to what a moderator would have in their place; ``agrees`` says that
    words which somebody proposed before were read and are the ones. ``second`` asks for another person to decide too.
    ``seen`` is how much had joined the case when its page was opened.
    """

    outcome: Outcome
    rules: Sequence[str] = ()
    passages: Sequence[tuple[str, int, int]] = ()
    warnings: Sequence[str] = ()
    text: str = ""
    redaction: Mapping[str, str] = field(default_factory=dict)
    agrees: bool = False
    is_grave: bool = False
    second: bool = False
    seen: int = 0
    request_id: UUID = field(default_factory=uuid.uuid4)


class WordsWait(Exception):
    """Somebody proposed other words before; whoever chose to propose some too reads them first, and may agree."""


@transaction.atomic
def decide(case_id: UUID, verdict: Verdict, *, token: UUID, moderator: User) -> Decision:
    """Decide a case that this moderator holds: decision, letter, move and publication, all or nothing.

    Where a case needs two people, the first decision waits, seen by nobody, until another person decides the same;
    two who disagree leave it to a lead, who chooses one of the two outcomes. The same request again gets the same
    answer; changed and sent again under the same id it is refused. Raises Conflict then, when somebody else was
    first, when the owner took the text back, when a report or an appeal joined the case unread, or when the lease is
    not (or no longer) this one; WordsWait when words that another person proposed are still to be read.
    """
    case = locked_with_text(case_id)
    replayed = Decision.objects.filter(request_id=verdict.request_id, case=case, moderator=moderator).first()
    if replayed is not None:
        if not _says_the_same(replayed, verdict):
            raise Conflict(case.closing or "waits", case, replayed)
        return replayed
    check_lease(case, token, moderator)
    if Decision.objects.filter(request_id=verdict.request_id).exists():
        raise Conflict("expired", case)  # the form of another case: taken again, it gets an id of its own
    before = list(case.decisions.all())
    _check_choice(case, verdict, before)
    if verdict.outcome == Outcome.PROPOSE and case.cause != Cause.SAMPLE:
        _keep_redaction(case, verdict)
    if (verdict.second or verdict.is_grave) and case.cause != Cause.SAMPLE:
        case.needs = 2
    agreeing = [one for one in before if one.outcome == verdict.outcome]
    takes_effect = 1 + sum(case.is_contested or one.seen == case.joined for one in agreeing) >= case.needs
    decision = _record(case, verdict, moderator, place=len(before) + 1, told=takes_effect)
    _count(moderator)
    if takes_effect:
        _close(case, verdict.outcome, [*agreeing, decision])
        return decision
    case.is_contested = len(before) > len(agreeing)
    case.save(update_fields=["needs", "is_contested"])
    free(case)
    return decision


def _check_choice(case: Case, verdict: Verdict, before: Sequence[Decision]) -> None:
    """Raise Conflict for what was chosen before all of it was read, and for what two who disagree did not choose."""
    if verdict.seen != case.joined:
        raise Conflict("joined", case)
    if case.is_contested and verdict.outcome not in {one.outcome for one in before}:
        raise Conflict("one_of_two", case)  # a third outcome would wait for somebody who shares it


def _close(case: Case, outcome: Outcome, agreeing: Sequence[Decision]) -> None:
    """Close a case with what enough people decided, keeping no moment; let it take effect."""
    if case.is_about_waiting and not case.revision.contribution.is_example:
        count_wait(timezone.now() - case.opened_hour)
    case.closing, case.outcome = Closing.DECIDED, outcome
    case.lease_by = case.lease_token = case.lease_until = None
    if outcome == Outcome.PROPOSE and case.cause != Cause.SAMPLE:
        case.proposed_id = uuid.uuid4()
    case.save()
    Statement.objects.filter(pk__in=[one.statement for one in agreeing if one.statement], told=False).update(told=True)
    if case.cause != Cause.SAMPLE:
        _take_effect(case)
        _sample(case)


def _take_effect(case: Case) -> None:
    revision = case.revision
    if case.outcome == Outcome.APPROVE:
        publish(revision, added_warnings=_warnings(revision))
    elif case.outcome == Outcome.PROPOSE and case.proposed_id is not None:
        redaction = Redaction.objects.get(pk=case.pk)
        propose(revision, redaction.words, pk=case.proposed_id)
    elif case.outcome == Outcome.REMOVE:
        remove(revision)
    elif case.outcome == Outcome.KEEP:
        hidden = Suppression.objects.filter(contribution=revision.contribution)
        was_hidden, _rows = hidden.exclude(ground=Suppression.REPLACED).delete()
        if was_hidden:
            note_up(revision)
            news_of(revision.contribution)
    elif case.outcome == Outcome.UPHOLD:
        news_of(revision.contribution)
    elif case.outcome in {Outcome.REFUSE, Outcome.ASK_CHANGES}:
        move(revision, State.REFUSED if case.outcome == Outcome.REFUSE else State.CHANGES_ASKED)
    Redaction.objects.filter(pk=case.pk).delete()


def _warnings(revision: Revision) -> list[str]:
    """Return what those added who approved this version: now and, where it comes back after an appeal, before."""
    approvals = Decision.objects.filter(
        revision=revision, outcome=Outcome.APPROVE, case__outcome=Outcome.APPROVE
    ).exclude(case__cause=Cause.SAMPLE)
    return sorted({code for one in approvals for code in one.warnings})


def _sample(case: Case) -> None:
    """Have a share of what was decided read once more by somebody else, who does not see how it was decided."""
    if not case.is_about_waiting or case.revision.contribution.is_example:
        return
    if secrets.SystemRandom().random() < Setting.now(Setting.Code.SAMPLE) / 100 and not _would_end_appeals(case):
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        Case(
            revision=case.revision,
            cause=Cause.SAMPLE,
            opened_hour=hour,
            enters_at=hour,
            due_at=hour + SAMPLED_WITHIN,
        ).save(force_insert=True)


def _would_end_appeals(case: Case) -> bool:
    """Say whether who compares a refusal might be the last who could judge an appeal against it."""
    judged = Decision.objects.filter(revision__contribution=case.revision.contribution_id).values("moderator")
    return case.outcome == Outcome.REFUSE and at_work().exclude(pk__in=judged).count() < 2


def _keep_redaction(case: Case, verdict: Verdict) -> None:
    """Keep the words that a moderator proposes; the second of two people decides about the first's.

    Raises WordsWait when they have not read those, and Conflict when a new version by the owner, or an earlier
    proposal, waits already: one at a time.
    """
    versions = case.revision.contribution.revisions
    if versions.in_state(State.WAITING, State.PROPOSED).exclude(pk=case.revision_id).exists():
        raise Conflict("another_waits", case)
    if Redaction.objects.filter(pk=case.pk).exists():
        if not verdict.agrees:
            raise WordsWait
        return
    there = own_words(case.revision)
    changed = {name: said for name, said in verdict.redaction.items() if name in there and said != there[name]}
    if not changed:
        raise ValueError("a proposal changes some words")
    Redaction(case=case, words=changed, is_grave=verdict.is_grave).save(force_insert=True)


def _record(case: Case, verdict: Verdict, moderator: User, *, place: int, told: bool) -> Decision:
    """Write the letter and the decision; of what stays as it is, the decision names what was reported."""
    rules, letter = list(verdict.rules), None
    if verdict.outcome == Outcome.KEEP:
        rules = sorted({code for one in Report.objects.filter(revision=case.revision) for code in one.rules})
    elif case.cause != Cause.SAMPLE:
        letter = answer(
            case.revision,
            case_id=case.pk,
            outcome=verdict.outcome,
            rules=rules,
            passages=verdict.passages,
            text=verdict.text,
            told=told,
            reported=case.cause == Cause.REPORT and Report.objects.filter(revision=case.revision).exists(),
        )
    decision = Decision(
        case=case,
        place=place,
        revision=case.revision,
        outcome=verdict.outcome,
        rules=rules,
        passages=[list(passage) for passage in verdict.passages],
        warnings=list(verdict.warnings),
        seen=verdict.seen,
        statement=letter.pk if letter else None,
        moderator=moderator,
        request_id=verdict.request_id,
    )
    decision.save(force_insert=True)
    return decision


def _count(moderator: User) -> None:
    """Count a decision towards the moderator's own day; yesterday's number goes."""
    place, _is_new = Place.objects.select_for_update().get_or_create(pk=moderator.pk)
    today = timezone.now().date()
    place.day, place.decided = today, (place.decided if place.day == today else 0) + 1
    place.save(update_fields=["day", "decided"])


def _says_the_same(decision: Decision, verdict: Verdict) -> bool:
    letter = Statement.objects.filter(pk=decision.statement or uuid.UUID(int=0)).first()
    return (
        decision.outcome == verdict.outcome
        and (decision.outcome in SILENT or decision.rules == list(verdict.rules))
        and decision.passages == [list(passage) for passage in verdict.passages]
        and decision.warnings == list(verdict.warnings)
        and (letter is None or letter.text == verdict.text)
        and _proposes_the_same(decision, verdict)
    )


def _proposes_the_same(decision: Decision, verdict: Verdict) -> bool:
    """Say whether the words proposed are those that were kept; who agreed to another's words sent none."""
    case, there = decision.case, own_words(decision.revision)
    if decision.outcome != Outcome.PROPOSE or case.cause == Cause.SAMPLE:
        return True
    if case.decisions.filter(outcome=Outcome.PROPOSE, place__lt=decision.place).exists():
        return True
    said = {**there, **verdict.redaction}
    if case.proposed is not None:
        return said == own_words(case.proposed)
    kept = Redaction.objects.filter(pk=case.pk).first()
    return kept is None or said == {**there, **kept.words}
