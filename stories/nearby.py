"""Help at once for somebody whose words sound like a crisis: who can be reached, by country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from content import Country, Helpline
from content.shapes import INTERNATIONAL
from stories.noticed import Noticed
from stories.screening import rule

AT_ONCE = ("emergency", "listen")
URGENT = "crisis.urgent"
ANYWHERE = _("Find help where you are")  # a list of countries, while none of them was chosen
Groups = list[tuple[str | Promise, list[Helpline]]]


@dataclass(frozen=True)
class Nearby:
    """Whom to reach: in the country that was chosen, then anywhere. Nothing of it is stored or guessed.

    ``first`` are the kinds that help anybody at once, ``more`` the others, each with its helplines; ``urgent`` says
    that somebody may be in danger now.
    """

    sentence: str | Promise
    urgent: bool
    passages: Sequence[Noticed]
    countries: Sequence[Country]
    chosen: Country | None
    first: Groups
    more: Groups
    unchecked: str


def help_nearby(request: HttpRequest, noticed: Iterable[Noticed]) -> Nearby | None:
    """Return the help to show beside these findings; None when none speaks of a crisis."""
    passages = [one for one in noticed if one.is_crisis]
    if not passages:
        return None
    pack = content.load(get_language() or settings.LANGUAGE_CODE)
    chosen = next((one for one in pack.countries if one.code == request.GET.get("country")), None)
    lines = pack.help_in(chosen.code if chosen else INTERNATIONAL)
    groups = {kind: [line for line in lines if line.kind == kind] for kind in pack.site.help_kinds}
    here = chosen is not None and chosen.code != INTERNATIONAL
    titles: Mapping[str, str | Promise] = (
        pack.site.help_kinds if here else {**pack.site.help_kinds, "directory": ANYWHERE}
    )
    named = [(kind, titles[kind], found) for kind, found in groups.items() if found]
    at_once = AT_ONCE if here else tuple(groups)
    gravest = min(passages, key=lambda one: one.finding.rule)  # "crisis.urgent" comes before "crisis.worry"
    return Nearby(
        sentence=rule(gravest.finding.rule).sentence,
        urgent=gravest.finding.rule == URGENT,
        passages=passages,
        countries=pack.countries,
        chosen=chosen,
        first=[(title, found) for kind, title, found in named if kind in at_once],
        more=[(title, found) for kind, title, found in named if kind not in at_once],
        unchecked=pack.site.unchecked_note,
    )
