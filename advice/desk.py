"""What the desk shows: where every article stands, what is due, and one version beside what readers see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from advice.claims import Claims, claims
from advice.grade import Verdict, verdict
from advice.markdown import Rendered, links_of, render
from advice.models import Article, LabelEnd, Link, Remark, SignOff, State, Version, Why
from advice.models.articles import OPEN
from advice.models.links import QUIET
from advice.named import Failing, failing
from advice.reading import SOON, Review, review_of
from advice.troubles import Trouble, trouble
from advice.upkeep import OtherWords, Unchecked, other_words, unchecked
from stories.difference import SAME, Run, difference

LABELS = {"title": _("Title"), "short": _("Short answer"), "body": _("Text"), "sources": _("Sources")}
LISTS = {
    "treatments": _("Treatments it is about"),
    "facets": _("Stories that fit"),
    "related": _("Related articles"),
    "aliases": _("Words that people search by"),
}


@dataclass(frozen=True)
class Board:
    """What there is to do, by what it asks of somebody."""

    drafts: list[Version]
    waiting: list[Version]
    due: list[SignOff]
    overdue: list[Version]
    gone: list[Gone]
    unreviewed: int
    live: int
    unchecked: list[Unchecked]
    other_words: list[OtherWords]
    failing: list[Failing]
    trouble: Trouble | None
    helped: list[tuple[Version, int, int]]


@dataclass(frozen=True)
class Gone:
    """Somebody who is no clinician here any more, one of their sign-offs, and the articles that still name them."""

    pk: UUID
    name: str
    qualification: str
    titles: list[str]


@dataclass(frozen=True)
class Answers:
    """Links that stopped answering, each with its title and since when; and those that nobody asked yet."""

    silent: list[tuple[str, str, date]]
    unasked: list[tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """One version as an editor or a clinician reads it."""

    version: Version
    live: Version | None
    review: Review | None
    shown: Rendered
    changes: list[tuple[str, list[list[Run]]]]
    changed_lists: list[str]
    grade: Verdict | None
    claims: Claims
    answers: Answers
    remarks: list[Remark]


def board() -> Board:
    """Return the desk's board as of today."""
    today = timezone.localdate()
    open_ones = Version.objects.filter(state__in=OPEN).select_related("article").order_by("changed_on", "pk")
    live = list(Version.objects.live().labelled(today).order_by("article__language", "article__place", "article__slug"))
    unread = [one for one in live if review_of(one) is None]
    passed = Exists(LabelEnd.objects.filter(signoff__version=OuterRef("pk"), why=Why.PASSED))
    out_of_date = Exists(SignOff.objects.filter(version=OuterRef("pk"), due_on__lt=today))
    overdue = Version.objects.live().filter(passed | out_of_date).values_list("pk", flat=True)
    known = set(overdue)
    return Board(
        drafts=[one for one in open_ones if one.state == State.DRAFT],
        waiting=[one for one in open_ones if one.state == State.WAITING],
        due=list(_due(today)),
        overdue=[one for one in unread if one.pk in known],
        gone=gone(today),
        unreviewed=len(unread),
        live=len(live),
        unchecked=unchecked(today),
        other_words=other_words(live),
        failing=failing(timezone.now().date()),
        trouble=trouble(),
        helped=_helped(live),
    )


def gone(today: date) -> list[Gone]:
    """Return who is named as a reviewer and is no clinician here any more. One query."""
    rows = SignOff.objects.standing(today).of_gone().select_related("version__article")
    found: dict[object, list[SignOff]] = {}
    for one in rows.order_by("name", "version__article__slug", "version__article__language"):
        found.setdefault(one.clinician_id or (one.name, one.qualification), []).append(one)
    return [
        Gone(theirs[0].pk, theirs[0].name, theirs[0].qualification, [one.version.title for one in theirs])
        for theirs in found.values()
    ]


def sheet(version: Version) -> Sheet:
    """Return a version with what readers see beside it, and what may still be mended in it."""
    rows = Version.objects.live().labelled(timezone.localdate())
    live = rows.filter(article=version.article).first()
    keys = [source["key"] for source in version.sources]
    before = live if live is not None and live.pk != version.pk else None
    return Sheet(
        version=version,
        live=live,
        review=review_of(live) if live else None,
        shown=render(version.body, keys),
        changes=list(_changes(before, version)) if before else [],
        changed_lists=_changed_lists(before, version) if before else [],
        grade=verdict(f"{version.short}\n\n{version.body}", version.article.language),
        claims=claims(version.body, keys),
        answers=answers(version),
        remarks=list(
            Remark.objects.filter(version__article=version.article)
            .select_related("author", "version")
            .order_by("-written_on", "-version__number", "pk")
        ),
    )


def answers(version: Version) -> Answers:
    """Return which of a version's links stopped answering, and which nobody asked yet. One query."""
    titles = {one["link"]: one["title"] for one in version.sources}
    titles |= {url: url for url in links_of(version.body) if url not in titles}
    asked = Link.objects.asked(titles)
    since = {url: day for url, day in asked.items() if day and day <= timezone.now().date() - QUIET}
    return Answers(
        silent=[(title, url, since[url]) for url, title in titles.items() if url in since],
        unasked=[(title, url) for url, title in titles.items() if url not in asked],
    )


def is_changed(runs: list[Run]) -> bool:
    """Say whether anything in a paragraph went or came."""
    return any(run.kind != SAME for run in runs)


def history(article: Article) -> list[tuple[Version, list[SignOff]]]:
    """Return the versions of an article, newest first, each with its signatures."""
    rows = article.versions.prefetch_related("signoffs__end").order_by("-number")
    return [(one, list(one.signoffs.all())) for one in rows]


def _due(today: date) -> Iterable[SignOff]:
    """Return the reviews that end within the next sixty days, the first to end first."""
    soon = SignOff.objects.standing(today).filter(due_on__lte=today + timedelta(days=SOON))
    return soon.select_related("version__article").order_by("due_on", "pk")


def _changes(before: Version, version: Version) -> Iterable[tuple[str, list[list[Run]]]]:
    """Yield the words that differ from what readers see, field by field, paragraphs that stayed left out."""
    for name, label in LABELS.items():
        runs = [one for one in difference(_read(before, name), _read(version, name)) if is_changed(one)]
        if runs:
            yield str(label), runs


def _read(version: Version, name: str) -> str:
    """Return a field as one reads it, each source in a paragraph of its own."""
    if name != "sources":
        return str(getattr(version, name))
    return "\n\n".join(
        f"{row['key']}: {row['title']}. {row['publisher']}, {row['year']}. {row['link']}" for row in version.sources
    )


def _changed_lists(before: Version, version: Version) -> list[str]:
    """Return which lists differ, whatever their order."""
    return [str(label) for name, label in LISTS.items() if {*getattr(before, name)} != {*getattr(version, name)}]


def _helped(live: list[Version]) -> list[tuple[Version, int, int]]:
    """Return the articles that readers answered about, those first that helped least."""
    counted = {
        pk: (yes or 0, no or 0)
        for pk, yes, no in Article.objects.filter(opinions__isnull=False)
        .annotate(yes=Sum("opinions__helpful"), no=Sum("opinions__unhelpful"))
        .values_list("pk", "yes", "no")
    }
    told = [(one, *counted[one.article_id]) for one in live if one.article_id in counted]
    return sorted(told, key=lambda row: (row[1] / max(1, row[1] + row[2]), -row[2]))
