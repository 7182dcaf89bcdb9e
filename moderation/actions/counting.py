"""Counting what was decided: each month once, when it is over; only what is protected is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q

import content
from moderation.agreement import agreement
from moderation.figures import ALL, Counted, Hidden, agreement_rows, hidden_rows, rows_of, stored
from moderation.models import Cause, Closing, Decision, Entry, Tally, Waited
from stories.models import Suppression, this_month
from stories.pause import months_after

AGREEMENT = "agreement"


def count_months(*, today: date) -> int:
    """Count the months that are over and were not counted yet; return how many there were."""
    first = Decision.objects.order_by("month").values_list("month", flat=True).first()
    known, done, month = set(Tally.objects.values_list("code", flat=True)), 0, first
    while month is not None and month < today.replace(day=1):
        if f"{month:%Y-%m}" not in known:
            _count(month, today)
            done += 1
        month = months_after(month, 1)
    if done:
        _count_agreement(today)
    Waited.objects.filter(month__lt=months_after(today.replace(day=1), -1)).delete()
    return done


def count_wait(waited: timedelta) -> None:
    """Count how long a text has waited since it was sent, among all that are decided in this month."""
    row, _is_new = Waited.objects.get_or_create(month=this_month(), hours=int(waited.total_seconds() // 3600))
    Waited.objects.filter(pk=row.pk).update(number=F("number") + 1)


def _count(month: date, today: date) -> None:
    languages = [code for code, _name in settings.LANGUAGES]
    rows = rows_of(
        month,
        list(_counted(month)),
        Waited.objects.of(month),
        rules=[rule.code for rule in content.load().rules],
        languages=languages,
    )
    rows += hidden_rows(month, _hidden(month))
    rows += agreement_rows(f"{month:%Y-%m}", agreement(month=month))
    Tally.objects.get_or_create(code=f"{month:%Y-%m}", defaults={"cells": stored(rows), "refreshed_on": today})


def _counted(month: date) -> Iterator[Counted]:
    """Yield the cases that were decided in a month: by their last decision. Examples and samples are not among them."""
    later = Decision.objects.filter(case=OuterRef("case"), place__gt=OuterRef("place"))
    rows = Decision.objects.filter(
        ~Exists(later), month=month, case__closing=Closing.DECIDED, outcome=F("case__outcome"),
        revision__contribution__is_example=False,
    ).exclude(case__cause=Cause.SAMPLE)  # fmt: skip
    names = ("case__cause", "outcome", "rules", "revision__language", "revision__signals")
    for cause, outcome, rules, language, signals in rows.values_list(*names).iterator():
        yield Counted(cause, outcome, frozenset(rules), language, bool(signals))


def _hidden(month: date) -> Hidden:
    """Count what the record says was hidden in a month; a row without a name was written by readers' reports.

    What a restore hid again is none of either.
    """
    by_restore = Q(details__contains=f'"{Suppression.PUT_BACK}"') | Q(details__contains=f'"{Suppression.REPLACED}"')
    acts = Entry.objects.filter(act="hide", month=month).exclude(by_restore)
    by_readers = acts.filter(actor=None).count()
    return Hidden(by_readers, acts.count() - by_readers)


def _count_agreement(today: date) -> None:
    """Keep how people agreed up to the last month that is over."""
    cells = stored(agreement_rows(ALL, agreement(before=today.replace(day=1))))
    Tally.objects.update_or_create(code=AGREEMENT, defaults={"cells": cells, "refreshed_on": today})
