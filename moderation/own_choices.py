"""What somebody who reviews chose for themselves, for their own archive."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import content
from accounts.models import User
from moderation.models import Place
from moderation.models.cases import CRISIS
from stories.archived_account import Fact


def chosen_at_work(user: User) -> Iterator[Fact]:
    """Yield what is kept of somebody's work for themselves alone; nothing for who chose nothing."""
    place = Place.objects.filter(pk=user.pk).first()
    if place is None:
        return
    languages = dict(settings.LANGUAGES)
    topics = {one.code: one.label for one in content.load(get_language() or "en").warnings}
    topics[CRISIS] = _("Somebody who may be in danger")
    yield Fact(
        _("Languages you read"),
        [languages.get(code, code) for code in place.languages],
        {"languages_read": list(place.languages)},
    )
    yield Fact(
        _("Topics you leave to others"),
        [topics.get(code, code) for code in place.leaves],
        {"topics_left_to_others": list(place.leaves)},
    )
    address = place.shown_address
    yield Fact(_("Where you are told of danger by mail"), [address] if address else [], {"alert_address": address})
    day = place.day.isoformat() if place.day else ""
    said = [_("%(count)s on %(day)s") % {"count": place.decided, "day": day}] if day else []
    yield Fact(_("Decisions of your last day"), said, {"last_day": {"day": day, "decisions": place.decided}})
