"""How much waits and for how long, told in steps: never a moment, or the queue would be a clock."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.models import Waited
from stories.models import this_month
from stories.pause import months_after

LEAST = 5  # with fewer decided texts, no usual time is told


def waited_in_steps(since: datetime) -> str:
    """Say for how long a text has waited in the queue, in steps that are an hour wide or wider."""
    hours = (timezone.now() - since).total_seconds() / 3600
    if hours < 1:
        return _("less than an hour")
    if hours < 6:
        return _("a few hours")
    if hours < 24:
        return _("less than a day")
    days = int(hours // 24)
    if days > 7:
        return _("more than a week")
    return ngettext("about a day", "about %(days)s days", days) % {"days": days}


def usual_wait() -> str:
    """Tell how long it usually takes until a text is read, and in which time each is to be: some wait longer by lot."""
    waits = lately()
    return f"{_usually(within(waits, tenths=5))} {_promise()}" if waits else _promise()


def lately() -> list[tuple[int, int]]:
    """Return after how many hours how many texts were decided this month and last month; nothing of too few."""
    waits = Waited.objects.of(this_month(), months_after(this_month(), -1))
    return waits if sum(many for _hours, many in waits) >= LEAST else []


def within(waits: Iterable[tuple[int, int]], *, tenths: int) -> int:
    """Return within how many hours this share of the texts was decided, given hours and how many, in order."""
    waits = list(waits)
    left = -(-tenths * sum(many for _hours, many in waits) // 10)
    for hours, many in waits:
        left -= many
        if left <= 0:
            return hours
    raise ValueError("of no texts there is no share")


def _promise() -> str:
    days = math.ceil(settings.REVIEW_PROMISE_HOURS / 24)
    return ngettext(
        "We do our best to read every text within a day.",
        "We do our best to read every text within %(days)s days.",
        days,
    ) % {"days": days}


def _usually(hours: int) -> str:
    if hours <= 3:
        return _("A text is usually read within a few hours.")
    if hours <= 12:
        return _("A text is usually read within half a day.")
    days = math.ceil(hours / 24)
    return ngettext("A text is usually read within a day.", "A text is usually read within %(days)s days.", days) % {
        "days": days
    }
