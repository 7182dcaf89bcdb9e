"""How much waits and for how long, told in steps: never a moment, or the queue would be a clock."""

from __future__ import annotations

import math
from datetime import datetime
from statistics import median

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.models import Case

LOOKED_AT = 50  # so many of the last decided cases say what is usual
LEAST = 5  # with fewer, the promise is told


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
    waits = list(Case.objects.lately_decided().values_list("waited_hours", flat=True)[:LOOKED_AT])
    hours = [wait for wait in waits if wait is not None]
    return _promise() if len(hours) < LEAST else f"{_usually(median(hours))} {_promise()}"


def _promise() -> str:
    days = math.ceil(settings.REVIEW_PROMISE_HOURS / 24)
    return ngettext(
        "We do our best to read every text within a day.",
        "We do our best to read every text within %(days)s days.",
        days,
    ) % {"days": days}


def _usually(hours: float) -> str:
    if hours <= 3:
        return _("A text is usually read within a few hours.")
    if hours <= 12:
        return _("A text is usually read within half a day.")
    days = math.ceil(hours / 24)
    return ngettext("A text is usually read within a day.", "A text is usually read within %(days)s days.", days) % {
        "days": days
    }
