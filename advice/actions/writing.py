"""Writing articles: a draft, the way to a clinician and back, and what readers see.

Every action locks the article first; there is one open version of it at most.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from advice.lifecycle import MoveError, move
from advice.models import Article, Kind, LabelEnd, Remark, SignOff, State, Version, Why
from advice.models.articles import OPEN


class Refused(Exception):
    """Say in a sentence why an act on an article cannot be done."""


class Changed(Exception):
    """Somebody else saved the draft meanwhile; ``version`` is what they left."""

    def __init__(self, version: Version) -> None:
        super().__init__(_("Somebody else changed this draft after you opened it."))
        self.version = version


@dataclass(frozen=True, slots=True)
class Words:
    """What an editor writes of a version: all that a clinician signs."""

    title: str = ""
    short: str = ""
    body: str = ""
    sources: Sequence[dict[str, Any]] = ()
    treatments: Sequence[str] = ()
    facets: Sequence[str] = ()
    related: Sequence[str] = ()
    aliases: Sequence[str] = ()

    @classmethod
    def of(cls, version: Version) -> Words:
        """Return the words of a version."""
        return cls(**{field.name: _plain(getattr(version, field.name)) for field in fields(cls)})

    @property
    def columns(self) -> dict[str, Any]:
        """Return them as columns of a version."""
        return {name: list(value) if isinstance(value, tuple | list) else value for name, value in asdict(self).items()}

    @property
    def digest(self) -> str:
        """Return a digest by which two versions of the same words are told to be the same."""
        return hashlib.sha256(json.dumps(self.columns, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@transaction.atomic
def begin(*, slug: str, language: str, kind: Kind, place: int, editor: User) -> Version:
    """Begin a new article with an empty draft; raise Refused when there is one by that name in the language."""
    try:
        with transaction.atomic():
            article = Article.objects.create(slug=slug, language=language, kind=kind, place=place)
    except IntegrityError as error:
        raise Refused(_("There is an article by that address in this language already.")) from error
    return new_version(article, Words(), editor=editor)


@transaction.atomic
def draft_of(article_id: UUID, *, editor: User) -> Version:
    """Return the open version of an article, or begin one with the words that are live."""
    article = locked(article_id)
    open_one = article.versions.filter(state__in=OPEN).first()
    if open_one is not None:
        return open_one
    live = article.versions.filter(state=State.LIVE).first()
    return new_version(article, Words.of(live) if live else Words(), editor=editor)


@transaction.atomic
def write(version_id: UUID, words: Words, *, seen: str, editor: User) -> Version:
    """Write the words of a draft; raise Changed when it is not as it was ``seen`` (a digest), or Refused."""
    version = locked_version(version_id)
    if version.state != State.DRAFT:
        raise Refused(
            _("This version is no draft any more. Nothing you typed is lost: the button under your words saves them.")
        )
    known = Words.of(version).digest
    if known == words.digest:
        return version
    if known != seen:
        raise Changed(version)
    Version.objects.filter(pk=version.pk).update(**words.columns, editor=editor, changed_on=timezone.localdate())
    version.refresh_from_db()
    return version


@transaction.atomic
def send(version_id: UUID, *, seen: str, editor: User) -> Version:
    """Give a draft, as it was ``seen``, to the clinicians; nothing in it changes until one answers."""
    version = _seen(version_id, seen)
    _check_whole(version)
    return moved(version, State.WAITING, by=editor)


@transaction.atomic
def take_back(version_id: UUID, *, remark: str = "", editor: User) -> Version:
    """Make a version that waits a draft again."""
    version = moved(locked_version(version_id), State.DRAFT, by=editor)
    say(version, remark, author=editor)
    return version


@transaction.atomic
def send_back(version_id: UUID, text: str, *, clinician: User) -> Version:
    """Make a version that waits a draft again, with a clinician's word on what has to change."""
    version = moved(locked_version(version_id), State.DRAFT, by=clinician)
    say(version, text, author=clinician)
    return version


@transaction.atomic
def remark(version_id: UUID, text: str, *, author: User) -> None:
    """Leave a word beside a version, for who works on it."""
    say(locked_version(version_id), text, author=author)


@transaction.atomic
def discard(version_id: UUID, *, editor: User) -> Version:
    """Put a draft away; what readers see stays as it is."""
    return moved(locked_version(version_id), State.DISCARDED, by=editor)


@transaction.atomic
def publish(version_id: UUID, *, seen: str, editor: User | None) -> Version:
    """Put a draft, as it was ``seen``, before readers: no clinician has read it, and the label before it ends."""
    version = _seen(version_id, seen)
    _check_whole(version)
    if version.state != State.DRAFT:
        raise Refused(_("This version is with a clinician. Take it back first."))
    return put_live(version, by=editor)


def put_live(version: Version, *, by: User | None) -> Version:
    """Put a locked version before readers in place of the one before, whose label ends."""
    before = Version.objects.filter(article_id=version.article_id, state=State.LIVE).first()
    if before is not None:
        end_label(before, Why.EDITED, by=by)
        moved(before, State.SUPERSEDED, by=by)
    return moved(version, State.LIVE, by=by)


def end_label(version: Version, why: Why, *, by: User | None) -> None:
    """End every sign-off of a version that has not ended yet."""
    today = timezone.localdate()
    open_ones = SignOff.objects.filter(version=version, end=None)
    if why in {Why.WITHDRAWN, Why.GONE}:
        for one in open_ones:
            journal.note_if_possible(journal.LABEL, one.pk)
    LabelEnd.objects.bulk_create([LabelEnd(signoff=one, why=why, ended_on=today, ended_by=by) for one in open_ones])


def locked(article_id: UUID) -> Article:
    """Lock an article; every action does so first."""
    return Article.objects.select_for_update().get(pk=article_id)


def locked_version(version_id: UUID) -> Version:
    """Lock the article of a version, and return the version as it is now."""
    locked(Version.objects.values_list("article_id", flat=True).get(pk=version_id))
    return Version.objects.select_related("article").get(pk=version_id)


def new_version(article: Article, words: Words, *, editor: User | None) -> Version:
    """Begin a draft of a locked article."""
    number = article.versions.count() + 1
    return Version.objects.create(
        article=article, number=number, editor=editor, changed_on=timezone.localdate(), **words.columns
    )


def say(version: Version, text: str, *, author: User) -> None:
    """Leave a word beside a locked version, where there is one."""
    if text:
        Remark.objects.create(version=version, author=author, text=text, written_on=timezone.localdate())


def moved(version: Version, to: State, *, by: User | None) -> Version:
    """Move a locked version; raise Refused when it stands somewhere else by now."""
    try:
        move(version, to, day=timezone.localdate(), by=by)
    except MoveError as error:
        raise Refused(_("Somebody else was faster: this version stands somewhere else by now.")) from error
    return version


def _seen(version_id: UUID, seen: str) -> Version:
    """Lock a version; raise Changed when it is not as it was seen."""
    version = locked_version(version_id)
    if Words.of(version).digest != seen:
        raise Changed(version)
    return version


def _check_whole(version: Version) -> None:
    if not (version.title.strip() and version.short.strip() and version.body.strip()):
        raise Refused(_("A title, a short answer and a text are needed before anybody else can read it."))
