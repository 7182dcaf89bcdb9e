"""Articles: what the site says, version by version. One article is one slug in one language."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.models import User

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# Which links of a version answered, and on which day they were last asked.
ASKED = """(
    SELECT jsonb_object_agg(l.url, jsonb_build_array(l.answered_on, l.failing_since)) FROM advice_link AS l
    WHERE l.url IN (SELECT s ->> 'link' FROM jsonb_array_elements(advice_version.sources) AS s)
)"""


class Kind(models.TextChoices):
    """Where an article stands: among the questions, among the guides, or in the partners' space."""

    QUESTION = "question", _("Question")
    GUIDE = "guide", _("Guide")
    PARTNER = "partner", _("For partners")


class State(models.TextChoices):
    """Where a version stands. Only a draft can still be changed."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("With a clinician")
    LIVE = "live", _("Live")
    SUPERSEDED = "superseded", _("Replaced")
    DISCARDED = "discarded", _("Discarded")


OPEN = (State.DRAFT, State.WAITING)


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles by where they stand."""

    def in_order(self) -> Self:
        """Return them as the desk lists them: by language, kind and place."""
        return self.order_by("language", "kind", "place", "slug")


class Article(models.Model):
    """One article in one language. The slug is the same in every language, and an address: it stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    place = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager[Article]] = models.Manager.from_queryset(ArticleQuerySet)()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["language", "slug"], name="article_once"),
            models.CheckConstraint(condition=Q(slug__regex=SLUG), name="article_slug"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="article_kind"),
        ]

    def __str__(self) -> str:
        return f"article {self.pk}"


class VersionQuerySet(models.QuerySet["Version"]):
    """Versions by what readers and editors may see of them."""

    def live(self) -> Self:
        """Return what readers see."""
        return self.filter(state=State.LIVE).select_related("article")

    def in_language(self, language: str) -> Self:
        """Return those of articles in a language."""
        return self.filter(article__language=language)

    def of_kind(self, *kinds: Kind) -> Self:
        """Return those of articles of these kinds, in their order."""
        return self.filter(article__kind__in=kinds).order_by("article__kind", "article__place", "article__slug")

    def labelled(self, day: date) -> Self:
        """Note on each the sign-off that is in date on that day as ``review``, or None."""
        from advice.models.reviews import SignOff

        signed = SignOff.objects.filter(version=OuterRef("pk")).standing(day).order_by("-due_on", "pk")
        told = JSONObject(
            name="name",
            qualification="qualification",
            reviewed_on="reviewed_on",
            due_on="due_on",
            pk="pk",
            by="clinician_id",
        )
        return self.annotate(review=Subquery(signed.values(told=told)[:1]))

    def with_links(self) -> Self:
        """Note on each which of its links were asked, as ``asked``: {link: [answered on, failing since]}."""
        return self.annotate(asked=RawSQL(ASKED, [], output_field=models.JSONField()))  # noqa: S611 - a constant

    def beside(self, version: Version) -> Self:
        """Return what is related to a live version, and the same article in other languages."""
        return (
            self.live()
            .filter(
                Q(article__language=version.article.language, article__slug__in=version.related)
                | Q(article__slug=version.article.slug)
            )
            .exclude(pk=version.pk)
            .order_by("article__place", "article__slug", "article__language")
        )


class Version(models.Model):
    """One version of an article: what a clinician signs. Nothing in it changes once it is no draft any more.

    ``sources`` are rows {key, title, publisher, year, link} that the text cites as ``[^key]``. ``editor`` is None for
    what came with a content pack, ``moved_by`` who brought it where it stands. ``changed_on`` is the day on which it
    was last saved, and then put before readers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=150)
    short = models.TextField()
    body = models.TextField()
    sources: models.JSONField[Any, Any] = models.JSONField(default=list)
    treatments = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    facets = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    related = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    aliases = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    editor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    moved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_on = models.DateField()

    objects: ClassVar[models.Manager[Version]] = models.Manager.from_queryset(VersionQuerySet)()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["article", "number"], name="version_once"),
            models.UniqueConstraint(fields=["article"], condition=Q(state=State.LIVE), name="version_one_live"),
            models.UniqueConstraint(fields=["article"], condition=Q(state__in=OPEN), name="version_one_open"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="version_state"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.WAITING, State.LIVE]) | ~Q(title="") & ~Q(short="") & ~Q(body=""),
                name="version_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.pk}"

    def now(self) -> Version:
        """Return what stands of its article now: what is being worked on, else what readers see, else this one."""
        kept = Version.objects.filter(article_id=self.article_id).exclude(state=State.DISCARDED)
        return kept.select_related("article").order_by("-number").first() or self


class Remark(models.Model):
    """What a clinician or an editor wrote to the other about one version; staff read it, nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    written_on = models.DateField()

    objects: ClassVar[models.Manager[Remark]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="remark_says_something"),
        ]

    def __str__(self) -> str:
        return f"remark {self.pk}"


class Opinion(models.Model):
    """How many readers found an article helpful in one month, and how many did not. Nobody's answer is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="opinions")
    month = models.DateField()
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager[Opinion]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["article", "month"], name="opinion_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="opinion_month"),
        ]

    def __str__(self) -> str:
        return f"opinion {self.pk}"
