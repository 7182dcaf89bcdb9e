"""What readers see: a pointer to an approved version, how it is found, and what hides it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value

from stories.consents import STATISTICS
from stories.lifecycle import State
from stories.models.months import this_month
from stories.models.texts import Audience, Contribution, Revision

# A reader who stands for every member: for counts and figures, which are not made for one person.
A_MEMBER = SimpleNamespace(is_authenticated=True)


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Choose what readers see."""

    def readable_by(self, reader: Any) -> PublicationQuerySet:
        """Keep what this reader (an account, an anonymous user, A_MEMBER) may read.

        The one way to anything public: approved at this moment, not hidden, for an audience that the reader
        is of; and of a reply, its story too.
        """
        may = _may_read(reader)
        story = Publication.objects.filter(may, pk=OuterRef("parent_id"))
        return self.filter(may, Q(parent=None) | Exists(story))

    def stories(self) -> PublicationQuerySet:
        """Keep stories; replies are read under theirs."""
        return self.filter(parent=None)

    def replies_to(self, story: Any) -> PublicationQuerySet:
        """Keep the replies to one story (its id), oldest first."""
        return self.filter(parent=story).order_by("position").select_related("revision", "contribution")

    def showing(self, groups: Iterable[Sequence[str]]) -> PublicationQuerySet:
        """Keep those with a facet of each group: any of a group, all groups."""
        rows = self
        for codes in groups:
            rows = rows.filter(facets__overlap=list(codes)) if len(codes) > 1 else rows.filter(facets__contains=codes)
        return rows

    def without(self, facets: Sequence[str], warnings: Sequence[str]) -> PublicationQuerySet:
        """Leave out those with any of these facets or warnings."""
        rows = self.exclude(facets__overlap=list(facets)) if facets else self
        return rows.exclude(warnings__overlap=list(warnings)) if warnings else rows

    def counted(self) -> PublicationQuerySet:
        """Keep the stories whose writers let them be counted in figures, and no examples."""
        rows = self.stories().filter(contribution__is_example=False, revision__consents__contains=[STATISTICS])
        return rows.exclude(revision__consents_ended__contains=[STATISTICS])

    def indexable(self) -> PublicationQuerySet:
        """Keep the stories that search engines may show, newest first, and no examples."""
        return self.open_to_engines().filter(contribution__is_example=False)

    def open_to_engines(self) -> PublicationQuerySet:
        """Keep the stories that a page which search engines show may tell of, newest first."""
        return self.stories().filter(engine_place__gt=0).order_by("-engine_place")

    def quotable(self) -> PublicationQuerySet:
        """Keep the stories with a line that this site may quote, newest first, and no examples."""
        rows = self.stories().filter(quote_place__gt=0, warnings=[], contribution__is_example=False)
        return rows.order_by("-quote_place")

    def newest(self, *, before: int | None = None) -> PublicationQuerySet:
        """Order by place, newest first, from below a place on."""
        rows = self if before is None else self.filter(position__lt=before)
        return rows.order_by("-position").select_related("revision", "contribution")


class Unforeseen(models.Func):
    """A value that the planner does not look into: it expects few rows to have it, whatever it is."""

    template = "(SELECT %(expressions)s)"


def places_by_facets(
    groups: Iterable[Sequence[str]], facets: Sequence[str], warnings: Sequence[str], *, beyond: Q, order: str, most: int
) -> models.QuerySet[Publication, int]:
    """Return the first places of stories with and without these facets, read from the index of facets alone.

    Who may read them is not asked: they are for ``readable_by`` to choose from, and are never shown. The planner
    is kept from walking a million rows in order for a filter whose parts are common and which as a whole is rare.
    """
    rows = Publication.objects.stories().without(facets, warnings).filter(beyond)
    for codes in groups:
        asked = Value(codes, ArrayField(models.CharField(max_length=8)))
        rows = rows.filter(facets__overlap=Unforeseen(asked))
    unwalked = F("position") + 0
    ordered = rows.order_by(unwalked.desc() if order == "-position" else unwalked.asc())
    return ordered.values_list("position", flat=True)[:most]


def newest_place() -> models.Subquery:
    """Return the place of the newest story as a part of a query, to measure from; it is never shown."""
    return models.Subquery(Publication.objects.stories().order_by("-position").values("position")[:1])


def _may_read(reader: Any) -> Q:
    """Return the conditions that a publication meets by itself."""
    may = Q(revision__state=State.APPROVED, contribution__suppression=None)
    member = getattr(reader, "is_authenticated", False)
    return may if member else may & Q(revision__audience=Audience.EVERYONE)


class Publication(models.Model):
    """The pointer from a contribution to its approved revision. It holds no word of its own.

    ``parent`` is the contribution's, for the order inside a thread; ``facets`` are the neutral codes by which
    a story is found (``stories.facets``). Where its writer agreed that search engines show it or that the site
    quotes it, its place stands again among those few: ordered by such a place, a query walks past no others. It is
    asked to be above 0 and not to be there: of a column with nothing in it the planner would expect nothing, and
    prefer another index.
    """

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, primary_key=True)
    revision = models.OneToOneField(Revision, on_delete=models.PROTECT)
    parent = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    position = models.BigIntegerField(unique=True)
    facets = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    warnings = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(default=1)
    month = models.DateField(default=this_month)
    engine_place = models.BigIntegerField(null=True, blank=True)
    quote_place = models.BigIntegerField(null=True, blank=True)

    objects: ClassVar[PublicationQuerySet] = PublicationQuerySet.as_manager()  # type: ignore[assignment]  # the stubs call it a manager

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(month__day=1), name="publication_month"),)
        indexes = (
            models.Index(fields=["-position"], condition=Q(parent=None), name="publication_stories"),
            models.Index(fields=["parent", "position"], condition=~Q(parent=None), name="publication_thread"),
            # The parent is in the conditions for the planner: a story then need not be asked whether its story is read.
            models.Index(
                fields=["-engine_place"],
                condition=Q(parent=None) & ~Q(engine_place=None),
                name="publication_for_engines",
            ),
            models.Index(
                fields=["-quote_place"], condition=Q(parent=None) & ~Q(quote_place=None), name="publication_quotable"
            ),
            GinIndex(fields=["facets"], condition=Q(parent=None), fastupdate=False, name="publication_facets"),
        )

    def __str__(self) -> str:
        return f"publication {self.pk}"


class SearchEntry(models.Model):
    """The words of a published story as PostgreSQL searches them, in a narrow table read without detours."""

    publication = models.OneToOneField(
        Publication, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    position = models.BigIntegerField(unique=True)
    vector = SearchVectorField()

    class Meta:
        indexes = (GinIndex(fields=["vector"], fastupdate=False, name="search_words"),)

    def __str__(self) -> str:
        return f"search entry {self.pk}"


class Suppression(models.Model):
    """A published text that is hidden for now; only a decision lifts it.

    ``ground`` is the code of a house rule, or says that the site went back to a copy in which the text could be read.
    A version that its writer had replaced since then is shown again by no decision: only a newer one takes its place.
    ``month`` is since when; what nobody decides about any more, and no newer version replaces in time, ends.
    """

    PUT_BACK, REPLACED = "put back", "replaced since"

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, primary_key=True)
    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, related_name="+")
    ground = models.CharField(max_length=30)
    moderator = models.UUIDField(null=True, blank=True)
    month = models.DateField(default=this_month)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(month__day=1), name="suppression_month"),)

    def __str__(self) -> str:
        return f"suppression {self.pk}"
