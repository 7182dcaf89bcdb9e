"""Bringing a content pack's articles in: again and again, and never over what an editor wrote here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from django.db import transaction

from advice.actions.writing import Words, locked, moved, new_version, publish
from advice.models import Article, State, Version
from advice.models.articles import OPEN
from content.articles import ArticleText

CREATED, CHANGED, SAME, KEPT = "created", "changed", "same", "kept"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one article of a pack."""

    language: str
    slug: str
    outcome: str


class _Undo(Exception):
    """Take everything back: it was a dry run."""


def load_articles(texts: Iterable[ArticleText], *, dry_run: bool = False) -> list[Loaded]:
    """Put the articles of a pack before readers, unreviewed; all or none. What somebody wrote here stays."""
    found: list[Loaded] = []
    try:
        with transaction.atomic():
            found += _load(texts)
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    return found


def _load(texts: Iterable[ArticleText]) -> Iterator[Loaded]:
    for text in texts:
        yield Loaded(text.language, text.slug, _load_one(text))


def _load_one(text: ArticleText) -> str:
    article, is_new = Article.objects.get_or_create(
        slug=text.slug, language=text.language, defaults={"kind": text.kind, "place": text.order}
    )
    words = words_of(text)
    article = locked(article.pk)
    if (article.kind, article.place) != (text.kind, text.order):
        Article.objects.filter(pk=article.pk).update(kind=text.kind, place=text.order)
    versions = list(Version.objects.filter(article=article))
    live = next((one for one in versions if one.state == State.LIVE), None)
    begun = next((one for one in versions if one.state in OPEN), None)
    if live is not None and Words.of(live).digest == words.digest:
        return SAME
    if _is_written_here(versions, live) or _is_worked_on(begun, live):
        return KEPT
    if begun is not None:
        moved(begun, State.DISCARDED, by=None)
    publish(new_version(article, words, editor=None).pk, seen=words.digest, editor=None)
    return CREATED if is_new else CHANGED


def _is_written_here(versions: list[Version], live: Version | None) -> bool:
    """Say whether readers see words that no pack brought."""
    brought = {Words.of(one).digest for one in versions if one.editor_id is None}
    return live is not None and Words.of(live).digest not in brought


def _is_worked_on(begun: Version | None, live: Version | None) -> bool:
    """Say whether a clinician has it, or somebody changed a letter; to have only opened a draft is not to write."""
    if begun is None:
        return False
    before = Words.of(live) if live is not None else Words()
    return begun.state == State.WAITING or Words.of(begun).digest != before.digest


def words_of(text: ArticleText) -> Words:
    """Return what a pack says of an article as the words of a version."""
    return Words(
        title=text.title,
        short=text.short,
        body=text.body,
        sources=tuple(asdict(source) for source in text.sources),
        treatments=text.treatments,
        facets=text.facets,
        related=text.related,
        aliases=text.aliases,
    )
