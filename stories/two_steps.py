"""Read a list with filters in two steps, so that it is as fast among a million stories as among a thousand.

First the few thousand places next to the cursor are walked, which fills most pages. Only when that was too
little, the rest is looked up in the index of facets, a few hundred places at a time, until the page is full
or there are no more. What a reader may see is asked of every row in both steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import F, Q, Value

from stories.facets import MEMBERS
from stories.filters import AUDIENCE, ROLE, Filters
from stories.models import Publication, PublicationQuerySet, newest_place, places_by_facets

Shape = Callable[[PublicationQuerySet], Any]


@dataclass(frozen=True)
class Found:
    """Some rows in the order they were asked for, and whether it took the index to find them."""

    rows: list[Any]
    is_rare: bool = False


@dataclass(frozen=True)
class Matching:
    """The stories that a reader may see and that filters let through."""

    reader: Any
    filters: Filters

    @cached_property
    def readable(self) -> PublicationQuerySet:
        """Return all that this reader may see, whatever the filters say."""
        return Publication.objects.readable_by(self.reader).stories()

    @cached_property
    def rows(self) -> PublicationQuerySet:
        """Return them as a queryset, in no order."""
        return self.readable.showing(self.groups).without(self.filters.without_facets, self.filters.without_warnings)

    @cached_property
    def groups(self) -> list[list[str]]:
        """Return the facets to have; no role beside what only people who have it are asked: it says nothing more.

        Nearly every story has their role, and an index has to go through all of them to find those that it shares.
        """
        asked = self.filters.groups
        if all(group[0][0] in (ROLE, AUDIENCE) for group in asked):
            return asked
        return [group for group in asked if group[0][0] != ROLE]

    def below(self, shape: Shape, place: int | None, most: int) -> Found:
        """Return the first rows below a place, or of all, newest first, each as ``shape`` has them read."""
        rows = shape(self.rows).order_by("-position")
        here = rows if place is None else rows.filter(position__lt=place)
        if not self.groups:
            return Found(list(here[:most]))
        top = newest_place() if place is None else Value(place)
        near = list(here.annotate(top=top).filter(position__gt=F("top") - settings.STORIES_WINDOW)[:most])
        known_top = near[0].top if near else place
        if len(near) == most or (known_top is not None and known_top <= settings.STORIES_WINDOW):
            return Found(near)
        end = near[-1].position if near else place
        beyond = Q() if end is None else Q(position__lt=end)
        found = self._by_index(shape(self.readable).order_by("-position"), beyond, most - len(near))
        return Found([*near, *found], is_rare=True)

    def above(self, place: int, most: int, *, is_rare: bool) -> list[int]:
        """Return the first places from a place on, oldest first."""
        rows, readable = (one.order_by("position").only("position") for one in (self.rows, self.readable))
        rows = rows.filter(position__gte=place)
        if not self.groups:
            return [row.position for row in rows[:most]]
        near: list[Any] = []
        if not is_rare:
            end = place + settings.STORIES_WINDOW
            near = list(rows.annotate(top=newest_place()).filter(position__lt=end)[:most])
            if len(near) == most or (near and near[0].top < end):
                return [row.position for row in near]
        beyond = Q(position__gt=near[-1].position) if near else Q(position__gte=place)
        return [row.position for row in (*near, *self._by_index(readable, beyond, most - len(near)))]

    def _by_index(self, rows: Any, beyond: Q, most: int) -> list[Any]:
        """Return the first of ``rows`` that the filters let through, in their order, beyond a place.

        The rows are only what a reader may see: told once more what the places fulfil already, the planner takes
        them for far fewer than they are.
        """
        (order,) = rows.query.order_by
        found: list[Any] = []
        while True:
            places = self._places(beyond, order)
            first = list(rows.filter(position__in=places)[: most - len(found)])
            if len(found) + len(first) == most:  # as mostly: one question was enough
                return [*found, *first]
            seen = list(places)
            if len(seen) < settings.STORIES_CANDIDATES:
                return [*found, *first]
            # Read again by these very places, lest one that was hidden meanwhile makes the next be passed over.
            found += rows.filter(position__in=seen)[: most - len(found)]
            beyond = Q(position__lt=seen[-1]) if order == "-position" else Q(position__gt=seen[-1])

    def _places(self, beyond: Q, order: str) -> Any:
        # What visitors may not see has a facet, so that no run of such stories has to be gone through for them.
        facets = [*self.filters.without_facets, *([] if _is_member(self.reader) else [MEMBERS])]
        most = settings.STORIES_CANDIDATES
        return places_by_facets(
            self.groups, facets, self.filters.without_warnings, beyond=beyond, order=order, most=most
        )


def _is_member(reader: Any) -> bool:
    return bool(getattr(reader, "is_authenticated", False))
