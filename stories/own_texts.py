"""An owner's texts, found by tags alone: one of them whole, those that were begun, a page of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject, Left
from django.utils.translation import get_language

from stories.lifecycle import State
from stories.listing import BadCursor
from stories.models import EMPTIED, Contribution, ContributionQuerySet, Message, Revision, Statement, words_of_rules
from stories.owners import Owner
from stories.standing import Standing
from stories.thread import with_story

BEGINNING = 200


def standing_of(owner: Owner, pk: UUID) -> Standing | None:
    """Return where one text of an owner stands, with all its words, or None when the owner has no such text."""
    mine = Contribution.objects.owned_by(owner).filter(pk=pk)
    return next(iter(_standings(Revision.objects.filter(contribution__in=mine), whole=True)), None)


def drafts_of(owner: Owner, *, most: int) -> list[Standing]:
    """Return texts that an owner has begun and not sent, those of the newest month first, and no more than asked."""
    mine = Contribution.objects.owned_by(owner)
    begun = Revision.objects.in_state(State.DRAFT).filter(contribution__in=mine)
    texts = mine.filter(pk__in=begun.values("contribution_id")).order_by("-month", "pk")[:most]
    return list(_standings(Revision.objects.filter(contribution__in=texts)))


def told_of(owner: Owner) -> ContributionQuerySet:
    """Return the texts of an owner of which anything is left to tell."""
    kept = Revision.objects.filter(contribution=OuterRef("pk")).exclude(salt=EMPTIED)
    return Contribution.objects.owned_by(owner).filter(Exists(kept))


def read_now(owner: Owner) -> list[Standing]:
    """Return the texts of an owner that readers see at this moment, those of the newest month first."""
    mine = Contribution.objects.owned_by(owner).filter(publication__isnull=False, suppression=None)
    return standings_of(list(mine.order_by("-month", "pk")))


def own_page(owner: Owner, after: str = "") -> tuple[list[Standing], str]:
    """Return a page of an owner's texts, newest month first, and the cursor of the next page, if any."""
    mine = told_of(owner).order_by("-month", "pk")
    if after:
        month, pk = _open_cursor(after)
        mine = mine.filter(Q(month__lt=month) | Q(month=month, pk__gt=pk))
    texts = list(mine.only("pk", "month")[: settings.STORIES_A_PAGE + 1])
    here = texts[: settings.STORIES_A_PAGE]
    more = f"{here[-1].month:%Y-%m}.{here[-1].pk}" if len(texts) > len(here) else ""
    return standings_of(here), more


def _open_cursor(cursor: str) -> tuple[date, UUID]:
    month, _dot, pk = cursor.partition(".")
    try:
        return date.fromisoformat(f"{month}-01"), UUID(pk)
    except ValueError as error:
        raise BadCursor from error


def standings_of(contributions: Sequence[Contribution]) -> list[Standing]:
    """Return where each of these texts stands, in their order."""
    found = {one.pk: one for one in _standings(Revision.objects.filter(contribution__in=contributions))}
    return [found[one.pk] for one in contributions if one.pk in found]


def _standings(revisions: QuerySet[Revision], *, whole: bool = False) -> Iterable[Standing]:
    """Yield the texts that these versions are of; ``whole`` with all their words and the story that each answers.

    A version whose words went because their time was over is not told of any more.
    """
    beside = ("contribution__publication", "contribution__suppression", "acceptance", "wait")
    letters = Statement.objects.select_related("appeal")
    kept = revisions.exclude(salt=EMPTIED)
    together = kept.select_related(*beside).annotate(left_for_owner=_messages())
    if whole:
        together = with_story(together).annotate(rule_words=words_of_rules(get_language() or "en"))
    else:
        together, letters = together.defer("text"), letters.defer("text")
    together = together.prefetch_related(Prefetch("statements", letters))
    grouped: dict[UUID, list[Revision]] = {}
    for revision in together.annotate(beginning=Left("text", BEGINNING)).order_by("contribution_id", "number"):
        grouped.setdefault(revision.contribution_id, []).append(revision)
    for versions in grouped.values():
        contribution = versions[0].contribution
        live, hidden = (getattr(contribution, name, None) for name in ("publication", "suppression"))
        yield Standing(contribution, versions, live, hidden)


def _messages() -> ArraySubquery:
    """Return what moderators left for the owner of a version, as a part of the query that brings the version."""
    messages = Message.objects.filter(revision=OuterRef("pk")).order_by("number")
    return ArraySubquery(messages.values(left=JSONObject(text="text", month="month")))
