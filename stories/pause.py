"""How long an owner may appeal, and who may send nothing for a while, worked out from an owner's tags alone."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

import content
from stories.lifecycle import State
from stories.models import Contribution, Outcome, Revision, Statement, Suppression, this_month
from stories.owners import Owner
from stories.refusals import Refused

PAUSED = _(
    "Several of your texts were not published because of how they treat others, so you cannot send anything until "
    "%(until)s. You can go on reading and writing. Your list says until when each draft is kept; when you change one, "
    "it is kept longer. As long as an appeal about one of them is possible, you can ask on its page for somebody else "
    "to decide."
)


def months_after(month: date, count: int) -> date:
    """Return the first day of a month so many months later."""
    years, rest = divmod(month.month - 1 + count, 12)
    return date(month.year + years, rest + 1, 1)


def can_appeal(revision: Revision) -> bool:
    """Say whether the time in which an owner may appeal runs: from the decision to the end of the last month of it."""
    return revision.state in {State.REFUSED, State.REMOVED} and this_month() <= months_after(
        revision.month, settings.APPEAL_MONTHS
    )


def appeal_until(revision: Revision) -> date:
    """Return the last day on which an owner may appeal against what was decided about a version."""
    return months_after(revision.month, settings.APPEAL_MONTHS + 1) - timedelta(days=1)


def answer_until(revision: Revision) -> date:
    """Return the last day on which an owner may answer what was asked or proposed about a version."""
    return months_after(revision.month, settings.ANSWER_MONTHS + 1) - timedelta(days=1)


def hidden_months() -> int:
    """Return how many months what is hidden waits for a newer version: as long as any answer or appeal may take."""
    return max(settings.ANSWER_MONTHS, settings.APPEAL_MONTHS)


def hidden_until(hidden: Suppression) -> date:
    """Return the last day on which a newer version may come to show what is hidden."""
    return months_after(hidden.month, hidden_months() + 1) - timedelta(days=1)


def kept_until(draft: Revision) -> date:
    """Return the last day on which a draft is kept when it is not changed any more."""
    return months_after(draft.month, settings.DRAFT_MONTHS + 1) - timedelta(days=1)


def paused_until(owner: Owner) -> date | None:
    """Return the day from which an owner may send texts again; None when nothing holds them up.

    Counted are texts, each once, of which a version was refused or taken down for rules that the pack calls abuse
    and not given back on appeal.
    """
    rules = [rule.code for rule in content.load("en").rules if rule.abuse]
    given_back = Statement.objects.filter(
        revision=OuterRef("revision"), number__gt=OuterRef("number"), told=True, outcome=Outcome.APPROVE
    )
    letters = Statement.objects.filter(
        ~Exists(given_back),
        told=True,
        outcome__in=[Outcome.REFUSE, Outcome.REMOVE],
        rules__overlap=rules,
        month__gt=months_after(this_month(), -settings.PAUSE_MONTHS),
        revision__contribution__in=Contribution.objects.owned_by(owner),
    )
    found = letters.order_by("revision__contribution_id", "-month").distinct("revision__contribution_id")
    months = sorted(found.values_list("month", flat=True), reverse=True)
    if len(months) < settings.PAUSE_AFTER:
        return None
    return months_after(months[settings.PAUSE_AFTER - 1], settings.PAUSE_MONTHS)


def told_of_pause(owner: Owner) -> str:
    """Return what an owner whose texts are held up is told, with the day on which it ends; nothing otherwise."""
    until = paused_until(owner)
    return PAUSED % {"until": date_format(until, "DATE_FORMAT")} if until is not None else ""


def check_pause(owner: Owner) -> None:
    """Raise Refused, with the day on which it ends, while an owner's texts are held up."""
    told = told_of_pause(owner)
    if told:
        raise Refused(told)
