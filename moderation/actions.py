"""All that a moderator can do, and what a reader reports. Order of locks, always: a story, its reply, the case."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from moderation.models import Case, Closing, Decision, Report, Skip
from stories.actions import answer, check_key, publish
from stories.actions.owning import lock
from stories.lifecycle import State, move
from stories.models import A_MEMBER, Contribution, Outcome, Publication, Statement
from stories.owners import Owner
from stories.refusals import Refused

LEAVING = timedelta(seconds=60)
CLOSE_ENOUGH = timedelta(milliseconds=5)  # browsers count in milliseconds
NOT_LIVE = _("This text was changed or withdrawn at this very moment. Please open it again to see what it says now.")


class Conflict(Exception):
    """A decision that comes too late, or without the lease; ``decision`` is the one that stands, if any."""

    def __init__(self, reason: str, case: Case, decision: Decision | None = None) -> None:
        super().__init__(reason)
        self.reason, self.case, self.decision = reason, case, decision


@dataclass(frozen=True)
class Verdict:
    """What a moderator decided: codes of rules, passages as (field, start, end), words to the owner."""

    outcome: Outcome
    rules: Sequence[str] = ()
    passages: Sequence[tuple[str, int, int]] = ()
    warnings: Sequence[str] = ()
    text: str = ""
    request_id: UUID = field(default_factory=uuid.uuid4)


@transaction.atomic
def claim_next(*, moderator: User) -> Case | None:
    """Take the next case: the one already held, else the first that is due; None when nothing waits."""
    _one_at_a_time(moderator)
    held = Case.objects.open().held_by(moderator).next_first().first()
    if held is not None:
        return held
    case = Case.objects.claimable_by(moderator).next_first().select_for_update(skip_locked=True, of=("self",)).first()
    return None if case is None else _lease(case, moderator)


@transaction.atomic
def claim(case_id: UUID, *, moderator: User) -> Case:
    """Take this very case again, as after a lease ran out; raise Conflict when it is gone or held.

    Another one that this moderator holds goes back to the queue: each holds one at a time.
    """
    _one_at_a_time(moderator)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.closing != Closing.OPEN:
        raise _closed(case)
    if case.is_held and case.lease_by_id != moderator.pk:
        raise Conflict("held", case)
    for other in Case.objects.open().held_by(moderator).exclude(pk=case_id).select_for_update(of=("self",)):
        _free(other)
    return _lease(case, moderator)


@transaction.atomic
def renew(case_id: UUID, *, token: UUID, moderator: User) -> Case:
    """Hold a case for another fifteen minutes; raise Conflict when the lease is not this one."""
    case = _held_case(case_id, token, moderator)
    case.lease_until = _lease_end()
    case.save(update_fields=["lease_until"])
    return case


@transaction.atomic
def release(case_id: UUID, *, token: UUID, moderator: User) -> None:
    """Give a case back to the queue; raise Conflict when the lease is not this one."""
    _free(_held_case(case_id, token, moderator))


@transaction.atomic
def leave(case_id: UUID, *, until: datetime, token: UUID, moderator: User) -> None:
    """Let a case go a minute after its page was left, so that a reload keeps it; raise Conflict as above.

    ``until`` is the end of the lease as that page knew it. When the lease was renewed since, another page
    is open on it, and nothing changes.
    """
    case = _held_case(case_id, token, moderator)
    if case.lease_until is None or case.lease_until > until + CLOSE_ENOUGH:
        return
    case.lease_until = timezone.now() + LEAVING
    case.save(update_fields=["lease_until"])


@transaction.atomic
def skip(case_id: UUID, *, token: UUID, moderator: User) -> None:
    """Pass a case on to somebody else; it does not come back to this moderator."""
    case = _held_case(case_id, token, moderator)
    Skip.objects.get_or_create(case=case, moderator=moderator)
    _free(case)


@transaction.atomic
def decide(case_id: UUID, verdict: Verdict, *, token: UUID, moderator: User) -> Decision:
    """Decide a case that this moderator holds: decision, letter, move and publication, all or nothing.

    The same request again gets the same answer; changed and sent again under the same id it is refused.
    Raises Conflict then, when somebody else was first, when the owner took the text back, or when the
    lease is not (or no longer) this one.
    """
    owned = Case.objects.only("revision__contribution__parent_id").select_related("revision__contribution")
    contribution = owned.get(pk=case_id).revision.contribution
    if contribution.parent_id is not None:
        lock(contribution.parent_id)  # who withdraws a story locks its replies after it
    Contribution.objects.select_for_update().get(pk=contribution.pk)
    case = Case.objects.select_for_update(of=("self",)).select_related("revision__contribution").get(pk=case_id)
    replayed = Decision.objects.filter(request_id=verdict.request_id, case=case, moderator=moderator).first()
    if replayed is not None:
        if not _says_the_same(replayed, verdict):
            raise Conflict(Closing.DECIDED, case, replayed)
        return replayed
    _check_lease(case, token, moderator)
    if Decision.objects.filter(request_id=verdict.request_id).exists():
        raise Conflict("expired", case)  # the form of another case: taken again, it gets an id of its own
    decision = _record(case, verdict, moderator)
    _close(case)
    if verdict.outcome == Outcome.APPROVE:
        publish(case.revision, added_warnings=verdict.warnings)
    else:
        move(case.revision, State.REFUSED if verdict.outcome == Outcome.REFUSE else State.CHANGES_ASKED)
    return decision


@transaction.atomic
def report(publication: Publication, *, rules: Sequence[str], text: str, owner: Owner) -> None:
    """Keep what a reader tells about what they saw; told again by the same reader, the first time stands.

    The database opens a case. It is once a reader and version: an edit that was published since can be reported
    anew. Raises Refused when that version is no longer the live one.
    """
    check_key()
    Contribution.objects.select_for_update(no_key=True).get(pk=publication.pk)
    seen = publication.revision_id
    if not Publication.objects.readable_by(A_MEMBER).filter(pk=publication.pk, revision=seen).exists():
        raise Refused(NOT_LIVE)
    told = Report(
        revision_id=seen, rules=list(rules), text=text, weight=_weight(owner), mark=owner.once("report", seen)
    )
    Report.objects.bulk_create([told], ignore_conflicts=True)


def _weight(owner: Owner) -> int:
    """Return how much a reporter's word counts, in points: a visitor 1, a member 2, one who is published here 3.

    Worked out once from the reporter's own tags and kept with the report: later nobody can tell whose it is.
    """
    if owner.is_receipt:
        return 1
    texts = Contribution.objects.owned_by(owner).filter(is_example=False)
    return 3 if Publication.objects.readable_by(A_MEMBER).filter(contribution__in=texts).exists() else 2


def _says_the_same(decision: Decision, verdict: Verdict) -> bool:
    letter = Statement.objects.filter(pk=decision.statement or uuid.UUID(int=0)).first()
    return (
        decision.outcome == verdict.outcome
        and decision.rules == list(verdict.rules)
        and decision.passages == [list(passage) for passage in verdict.passages]
        and decision.warnings == list(verdict.warnings)
        and (letter is None or letter.text == verdict.text)
    )


def _record(case: Case, verdict: Verdict, moderator: User) -> Decision:
    """Write the letter and the decision."""
    letter = answer(
        case.revision,
        outcome=verdict.outcome,
        rules=verdict.rules,
        passages=verdict.passages,
        text=verdict.text,
    )
    decision = Decision(
        case=case,
        revision=case.revision,
        outcome=verdict.outcome,
        rules=list(verdict.rules),
        passages=[list(passage) for passage in verdict.passages],
        warnings=list(verdict.warnings),
        statement=letter.pk,
        moderator=moderator,
        request_id=verdict.request_id,
    )
    decision.save(force_insert=True)
    return decision


def _one_at_a_time(moderator: User) -> None:
    """Let one claim of a moderator wait for the other, with a lock that marks no row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"claim {moderator.pk}"])


def _held_case(case_id: UUID, token: UUID, moderator: User) -> Case:
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    _check_lease(case, token, moderator)
    return case


def _check_lease(case: Case, token: UUID, moderator: User) -> None:
    if case.closing != Closing.OPEN:
        raise _closed(case)
    if not case.is_held:
        raise Conflict("expired", case)
    if case.lease_by_id != moderator.pk or case.lease_token != token:
        raise Conflict("held", case)


def _closed(case: Case) -> Conflict:
    return Conflict(case.closing, case, Decision.objects.filter(case=case).first())


def _lease_end() -> datetime:
    return timezone.now() + timedelta(minutes=settings.LEASE_MINUTES)


def _lease(case: Case, moderator: User) -> Case:
    case.lease_by, case.lease_token, case.lease_until = moderator, uuid.uuid4(), _lease_end()
    case.save(update_fields=["lease_by", "lease_token", "lease_until"])
    return case


def _free(case: Case) -> None:
    case.lease_by = case.lease_token = case.lease_until = None
    case.save(update_fields=["lease_by", "lease_token", "lease_until"])


def _close(case: Case) -> None:
    """Close a decided case, keeping how long it waited and no moment."""
    waited = timezone.now() - case.opened_hour
    case.closing, case.waited_hours = Closing.DECIDED, int(waited.total_seconds() // 3600)
    case.lease_by = case.lease_token = case.lease_until = None
    case.save(update_fields=["closing", "waited_hours", "lease_by", "lease_token", "lease_until"])
