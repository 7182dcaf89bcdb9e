"""What readers report, and what hides a published text until somebody has decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import content
from accounts import journal
from accounts.models import User
from moderation.actions.leases import Conflict, check_lease, locked_with_text
from moderation.models import Case, Cause, Decision, Priority, Report
from stories.actions import check_key, hold_open
from stories.lifecycle import news_of
from stories.models import A_MEMBER, Contribution, Outcome, Publication, Revision, Suppression
from stories.owners import Owner
from stories.refusals import Refused

# One that is open goes on, with more in it.
OPEN_CASE = "SELECT moderation_new_case(%s, %s, %s::smallint, 1::smallint, 0)"
GRAVE_AT = 2  # points: a member's report, or those of two visitors
NOT_LIVE = _("This text was changed or withdrawn at this very moment. Please open it again to see what it says now.")


@transaction.atomic
def report(publication: Publication, *, rules: Sequence[str], text: str, owner: Owner) -> None:
    """Keep what a reader tells about what they saw; told again by the same reader, the first time stands.

    The database opens a case. Grave reasons hide the text at the word of one member or two visitors, others at a
    number of points; never again for a reason for which this very version was kept. It is once a reader and
    version: an edit that was published since can be reported anew. Raises Refused when that version is no longer
    the live one.
    """
    check_key()
    hold_open(owner)
    text_of_it = Contribution.objects.select_for_update(no_key=True).get(pk=publication.pk)
    seen = publication.revision_id
    if not Publication.objects.readable_by(A_MEMBER).filter(pk=publication.pk, revision=seen).exists():
        raise Refused(NOT_LIVE)
    grave = {rule.code for rule in content.load("en").rules if rule.grave}
    told = Report(
        revision_id=seen,
        rules=list(rules),
        text=text,
        weight=_weight(owner),
        is_grave=not grave.isdisjoint(rules),
        mark=owner.once("report", seen),
    )
    Report.objects.bulk_create([told], ignore_conflicts=True)
    ground = _ground_to_hide(seen, grave)
    if ground and not Suppression.objects.filter(pk=publication.pk).exists() and not too_many_hidden():
        _hide(text_of_it, seen, ground=ground)
        Case.objects.reported().filter(revision=seen).update(hidden_hour=_hour())


def _weight(owner: Owner) -> int:
    """Return how much a reporter's word counts, in points: a visitor 1, a member 2, one who is published here 3.

    Worked out once from the reporter's own tags and kept with the report: later nobody can tell whose it is.
    """
    if owner.is_receipt:
        return 1
    texts = Contribution.objects.owned_by(owner).filter(is_example=False)
    return 3 if Publication.objects.readable_by(A_MEMBER).filter(contribution__in=texts).exists() else 2


def _ground_to_hide(revision: UUID, grave: set[str]) -> str:
    """Return the code of the house rule for which a version is to be hidden; nothing as long as there is none."""
    kept = Decision.objects.filter(revision=revision, outcome=Outcome.KEEP, case__outcome=Outcome.KEEP)
    settled = {code for one in kept for code in one.rules}
    told = [(one.weight, set(one.rules) - settled) for one in Report.objects.filter(revision=revision)]
    for grounds, enough in ((grave, GRAVE_AT), (None, settings.HIDE_AT)):
        points = Counter[str]()
        counted = [(weight, rules if grounds is None else rules & grounds) for weight, rules in told]
        for weight, rules in counted:
            points.update(dict.fromkeys(sorted(rules), weight))
        if sum(weight for weight, rules in counted if rules) >= enough:
            return points.most_common(1)[0][0]
    return ""


def too_many_hidden() -> bool:
    """Say whether reports hid so many texts this hour that a lead is to look before they hide another."""
    return Case.objects.reported().filter(hidden_hour__gte=_hour()).count() >= settings.HIDES_AN_HOUR


def _hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@transaction.atomic
def hide(case_id: UUID, *, ground: str, token: UUID, moderator: User) -> None:
    """Hide the published text of a case at once, while it is decided; raise Conflict without the lease."""
    case = locked_with_text(case_id)
    check_lease(case, token, moderator)
    if case.cause != Cause.REPORT:
        raise Conflict("not_live", case)
    contribution = case.revision.contribution
    if not Suppression.objects.filter(pk=contribution.pk).exists():
        _hide(contribution, case.revision_id, ground=ground, moderator=moderator.pk)


@transaction.atomic
def hide_again(revision: Revision) -> None:
    """Hide a published version that readers were not to see any more, says the journal, in a restored database.

    Which needs an open case about it, so somebody decides whether it is shown.
    """
    contribution = Contribution.objects.select_for_update().get(pk=revision.contribution_id)
    with connection.cursor() as cursor:
        cursor.execute(OPEN_CASE, [revision.pk, Cause.REPORT, Priority.RAISED])
    _hide(contribution, revision.pk, ground=Suppression.PUT_BACK)


def _hide(contribution: Contribution, revision: UUID, *, ground: str, moderator: UUID | None = None) -> None:
    """Hide a version of a locked text; the journal has it before it is done."""
    hidden = Suppression(contribution=contribution, revision_id=revision, ground=ground, moderator=moderator)
    hidden.save(force_insert=True)
    journal.note_if_possible(journal.DOWN, revision)
    news_of(contribution)
