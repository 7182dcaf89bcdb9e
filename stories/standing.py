"""Where a text stands, told to its owner: its state, what happened, and the letter that says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from stories.changes import Changes, changes
from stories.lifecycle import ANSWERED, State
from stories.listing import BadCursor
from stories.models import (
    EMPTIED,
    Audience,
    Contribution,
    Outcome,
    Publication,
    Revision,
    Statement,
    house_rules,
    words_of_rules,
)
from stories.owners import Owner
from stories.pieces import Passage
from stories.reading import Story, story_of
from stories.text import excerpt
from stories.thread import with_story

HEARD = ANSWERED | {State.APPROVED}
FINISHED = frozenset({State.WITHDRAWN, State.DISCARDED})
NAME_LENGTH = 60  # characters of a reply by which it is called
BEGINNING = 200


@dataclass(frozen=True)
class Event:
    """One thing that happened to a text."""

    title: str | Promise
    text: str = ""


@dataclass(frozen=True)
class Letter:
    """What an owner is told about a decision: the rules by which it was made, and the text it is about."""

    outcome: Outcome
    rules: list[content.Rule]
    note: str
    story: Story
    is_marked: bool  # it names a passage


@dataclass(frozen=True)
class Standing:
    """A text with all its versions, oldest first, and the pointer that readers follow, if there is one."""

    contribution: Contribution
    revisions: Sequence[Revision]
    live: Publication | None

    @property
    def pk(self) -> UUID:
        """Return the text's id."""
        return self.contribution.pk

    @property
    def is_reply(self) -> bool:
        """Say whether the text answers a story."""
        return self.contribution.parent_id is not None

    @property
    def name(self) -> str:
        """Return what the text is called: its title or, as a reply has none, its first words."""
        last: Any = self.last  # with its beginning, whether or not the text itself was fetched
        return str(last.title or (excerpt(last.beginning, NAME_LENGTH) if self.is_reply else ""))

    @property
    def last(self) -> Revision:
        """Return the newest version that was not thrown away."""
        kept = [revision for revision in self.revisions if revision.state != State.DISCARDED]
        return (kept or self.revisions)[-1]

    @property
    def state(self) -> State:
        """Return the state of the newest version; a text of which any version was withdrawn is withdrawn."""
        withdrawn = any(one.state == State.WITHDRAWN for one in self.revisions)
        return State.WITHDRAWN if withdrawn else State(self.last.state)

    @property
    def draft(self) -> Revision | None:
        """Return the version that is being written, if there is one."""
        return self.last if self.state == State.DRAFT else None

    @property
    def shown(self) -> Revision | None:
        """Return the version that readers follow the pointer to, if there is one."""
        return next((one for one in self.revisions if self.live and one.pk == self.live.revision_id), None)

    @property
    def is_for_members(self) -> bool:
        """Say whether what is up is for members only."""
        return self.shown is not None and self.shown.audience == Audience.MEMBERS

    @property
    def is_edit(self) -> bool:
        """Say whether a new version is written or waits while another one is up."""
        return self.live is not None and self.state in {State.DRAFT, State.WAITING}

    @property
    def changes(self) -> Changes | None:
        """Return what an edit changes beside what readers see; None when there is no edit."""
        if not self.is_edit or self.live is None or self.shown is None:
            return None
        return changes(self.shown, self.last, warnings_before=self.live.warnings)

    @property
    def lost_its_story(self) -> bool:
        """Say whether it is an answer to a story that nobody can read any more; known of a text fetched whole."""
        first: Any = self.revisions[0]  # with the story that came along
        return self.is_reply and getattr(first, "answers_to", True) is None

    @property
    def is_over(self) -> bool:
        """Say whether nothing more comes of the text."""
        return self.state in FINISHED

    @property
    def heard(self) -> Revision | None:
        """Return the newest version that was answered and still counts."""
        return next((one for one in reversed(self.revisions) if one.state in HEARD), None)

    @property
    def letter(self) -> Letter | None:
        """Return the newest letter about that version, with the passages it names marked in the words."""
        letters = _letters(self.heard) if self.heard else []
        if self.heard is None or not letters:
            return None
        written = getattr(self.heard, "rule_words", None)  # fetched with a text that was fetched whole
        statement, rules = letters[-1], house_rules(get_language() or "en", written)
        story = story_of(self.heard, passages=_passages(statement))
        named = [one for one in rules if one.code in statement.rules]
        return Letter(Outcome(statement.outcome), named, statement.text, story, is_marked=bool(statement.passages))

    @property
    def sent(self) -> Story | None:
        """Return the newest words that were sent, where no draft goes on with them and no letter shows them."""
        letter = self.letter
        is_told = letter is not None and letter.outcome != Outcome.APPROVE and self.heard is self.last
        return None if is_told or self.state in {State.DRAFT, State.DISCARDED} else story_of(self.last)

    @property
    def can_write(self) -> bool:
        """Say whether the owner may go on writing now."""
        return not self.is_over and self.state not in {State.WAITING, State.PROPOSED}

    @property
    def can_withdraw(self) -> bool:
        """Say whether there is something that was sent and can be taken away."""
        return any(one.state in HEARD | {State.WAITING, State.PROPOSED} for one in self.revisions)

    @property
    def added_warnings(self) -> list[str]:
        """Return the content warnings that a moderator added to what readers see now."""
        if self.live is None or self.shown is None:
            return []
        return sorted(set(self.live.warnings) - set(self.shown.warnings))

    @property
    def events(self) -> list[Event]:
        """Return what happened, oldest first."""
        first = self.revisions[0]
        events = [event for one in self.revisions for event in _events(one, first=one is first)]
        if self.lost_its_story and self.state == State.TAKEN_BACK:
            events[-1] = Event(_("The story it answers is no longer here, so it is not read any more"))
        if any(revision.state == State.WITHDRAWN for revision in self.revisions):
            events.append(Event(_("You withdrew it")))
        return events


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


def own_page(owner: Owner, after: str = "") -> tuple[list[Standing], str]:
    """Return a page of an owner's texts, newest month first, and the cursor of the next page, if any."""
    mine = Contribution.objects.owned_by(owner).order_by("-month", "pk")
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
    together = (
        revisions.exclude(salt=EMPTIED).select_related("contribution__publication").prefetch_related("statements")
    )
    together = (
        with_story(together).annotate(rule_words=words_of_rules(get_language() or "en"))
        if whole
        else together.defer("text")
    )
    grouped: dict[UUID, list[Revision]] = {}
    for revision in together.annotate(beginning=Left("text", BEGINNING)).order_by("contribution_id", "number"):
        grouped.setdefault(revision.contribution_id, []).append(revision)
    for versions in grouped.values():
        contribution = versions[0].contribution
        yield Standing(contribution, versions, getattr(contribution, "publication", None))


def _passages(statement: Statement) -> dict[str, list[Passage]]:
    """Return the passages that a letter names, by the names of their fields."""
    found: dict[str, list[Passage]] = {}
    for field, start, end in statement.passages:
        found.setdefault(field, []).append(Passage(start, end, _("look here")))
    return found


def _letters(revision: Revision) -> list[Statement]:
    """Return the letters about a version in the order in which they were written.

    They hold no more than a month. The table of moves tells the rest: a refusal can become a yes and no
    yes becomes anything but one, so the order of outcomes is that of time.
    """
    order = list(ANSWERS)
    return sorted(revision.statements.all(), key=lambda one: (order.index(one.outcome), one.month, one.pk))


# In the order in which one version can be given them.
ANSWERS: dict[str, str | Promise] = {
    Outcome.ASK_CHANGES: _("A change was asked for"),
    Outcome.REFUSE: _("Not published"),
    Outcome.APPROVE: _("Published"),
}


def _events(revision: Revision, *, first: bool) -> Iterable[Event]:
    """Tell what happened to one version."""
    if revision.state == State.DISCARDED:
        return
    if revision.state == State.DRAFT:
        yield Event(_("You are writing it") if first else _("You are writing a new version"))
        return
    yield Event(_("You sent it") if first else _("You sent a new version"))
    for letter in _letters(revision):
        yield Event(ANSWERS[letter.outcome], date_format(letter.month, "F Y"))
    if revision.state == State.WAITING:
        yield Event(_("It waits to be read"))
    elif revision.state == State.TAKEN_BACK:
        yield Event(_("You took it back"))
    elif revision.state == State.REMOVED:
        yield Event(_("It was taken down"))
