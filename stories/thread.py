"""The replies under a story: page by page, oldest first, each writer under a name of this thread alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BinaryField, Count, Func, OuterRef, Subquery, TextField, Value
from django.db.models.functions import JSONObject, Substr
from django.urls import reverse

from accounts.handles import FIRST, SECOND
from stories.choices import Choices
from stories.lifecycle import State
from stories.listing import make_cursor, open_cursor
from stories.models import A_MEMBER, Audience, Contribution, Publication, PublicationQuerySet, Revision
from stories.owners import Owner
from stories.pieces import paragraphs_of
from stories.reading import Story, role_label, warning_labels
from stories.shown import Marked
from stories.text import minutes

# What is told of a story to who answers it.
TOLD = JSONObject(
    title="revision__title",
    language="revision__language",
    audience="revision__audience",
    takes_replies="contribution__takes_replies",
)
A_PAGE = 20
START = 2  # so many bytes of a voice choose the words of its name


@dataclass(frozen=True)
class Reply:
    """One reply as readers see it; ``is_author`` says that who told the story wrote it.

    ``is_open`` says that its warnings do not hold this reader up; ``signs`` is what readers left beside it, where
    the page has looked it up.
    """

    pk: UUID
    name: str
    is_author: bool
    hope: bool
    story: Story
    is_open: bool = False
    signs: Any = None


@dataclass(frozen=True)
class Thread:
    """Some replies to a story, oldest first; ``further`` is the cursor of those below, empty when there are none."""

    story: UUID
    replies: list[Reply]
    takes_replies: bool
    first: bool
    further: str

    def with_signs(self, signs: Mapping[UUID, Any]) -> Thread:
        """Return the thread with what readers left beside each reply, by its id."""
        return replace(self, replies=[replace(one, signs=signs.get(one.pk)) for one in self.replies])


@dataclass(frozen=True)
class Answered:
    """The story that a reply answers, as one reader may see it; its title is empty when they may not."""

    pk: UUID
    title: str
    language: str
    is_there: bool
    takes_replies: bool
    audience: str

    @classmethod
    def gone(cls, pk: UUID) -> Answered:
        """Return what is said of a story that nobody can read."""
        return cls(pk, "", "", is_there=False, takes_replies=False, audience=Audience.EVERYONE)

    @property
    def may_read(self) -> bool:
        """Say whether there is something to lead this reader to."""
        return bool(self.title)


def thread_of(
    publication: Publication,
    reader: Any,
    below: str = "",
    *,
    choices: Choices | None = None,
    without: UUID | None = None,
) -> Thread:
    """Return a page of the replies to a story, ``without`` one of them; raise BadCursor for a place not sealed here."""
    story, chosen = publication.contribution, choices or Choices()
    rows = Publication.objects.readable_by(reader).replies_to(story.pk).exclude(pk=without)
    rows = rows.filter(position__gt=open_cursor(below)) if below else rows
    found: list[Any] = list(_named(rows, story.pk)[: A_PAGE + 1])
    here = found[:A_PAGE]
    return Thread(
        story=story.pk,
        replies=[replace(_reply(row, story), is_open=chosen.opens(row.warnings)) for row in here],
        takes_replies=story.takes_replies,
        first=not below,
        further=make_cursor(here[-1].position) if len(found) > A_PAGE else "",
    )


def own_reply(draft: Revision, *, passages: Marked | None = None) -> Reply:
    """Return a version of a reply as its readers would see it, for its writer to look at."""
    contribution = draft.contribution
    parent: Any = contribution.parent_id
    voice = _voice(contribution)
    start = Value(voice[:START], output_field=BinaryField())
    alike = _voices(parent).filter(start=start).values_list("contribution__voice", flat=True)
    story = Contribution.objects.only("voice").get(pk=parent)
    return Reply(
        pk=contribution.pk,
        name=name_of(voice, alike),
        is_author=voice == _voice(story),
        hope=draft.hope,
        story=_story(draft, draft.warnings, passages),
    )


def answered(contribution: Contribution, reader: Any) -> Answered:
    """Return the story that a reply answers, in one query, whether it can still be read or not."""
    parent: Any = contribution.parent_id
    return story_to_answer(parent, reader) or Answered.gone(parent)


def story_to_answer(pk: UUID, reader: Any) -> Answered | None:
    """Return a public story for somebody who may answer it; None when it is not public for anybody."""
    story = Publication.objects.readable_by(A_MEMBER).stories().filter(pk=pk).values_list(TOLD, flat=True).first()
    return _told(pk, story, reader) if story else None


def with_story(replies: Any) -> Any:
    """Bring along, with versions of replies, the story that each answers, for ``story_along``."""
    story = Publication.objects.readable_by(A_MEMBER).stories().filter(pk=OuterRef("contribution__parent_id"))
    return replies.annotate(answers_to=Subquery(story.values_list(TOLD)))


def story_along(revision: Any, reader: Any) -> Answered:
    """Return the story that came along with a version of a reply, whether it can still be read or not."""
    pk = revision.contribution.parent_id
    return _told(pk, revision.answers_to, reader) if revision.answers_to else Answered.gone(pk)


def _told(pk: UUID, story: Mapping[str, Any], reader: Any) -> Answered:
    may = story["audience"] == Audience.EVERYONE or reader.is_authenticated
    return Answered(pk, is_there=True, **{**story, "title": story["title"] if may else ""})


def begun_reply(owner: Owner, story: UUID) -> UUID | None:
    """Return an answer to a story that an owner began and did not send."""
    drafts = Revision.objects.in_state(State.DRAFT).filter(number=1)
    mine = Contribution.objects.owned_by(owner).filter(parent=story, revisions__in=drafts)
    return mine.order_by("pk").values_list("pk", flat=True).first()


def address_of(pk: UUID, reader: Any) -> str | None:
    """Return where a reply is read, under its story; None when this reader reads no such reply."""
    reply = Publication.objects.readable_by(reader).exclude(parent=None).filter(pk=pk).first()
    if reply is None:
        return None
    before = Publication.objects.readable_by(reader).replies_to(reply.parent_id).filter(position__lt=reply.position)
    is_further = len(before.values_list("pk")[:A_PAGE]) >= A_PAGE
    page = f"below={make_cursor(reply.position - 1)}" if is_further else "answers=1"
    return f"{reverse('stories:detail', args=[reply.parent_id])}?{page}#reply-{pk}"


def name_of(voice: bytes, alike: Iterable[bytes] = ()) -> str:
    """Return two calm words for a voice, and a number where another voice of the thread has the same words.

    The number belongs to the voice: nobody takes over the name of somebody who left.
    """
    first, second = divmod(int.from_bytes(voice[:START]), len(SECOND))
    name = f"{FIRST[first]} {SECOND[second]}".title()
    same = {voice, *(bytes(one) for one in alike if bytes(one[:START]) == voice[:START])}
    return f"{name} {_ending(voice, same)}" if len(same) > 1 else name


def _ending(voice: bytes, same: set[bytes]) -> str:
    """Return the last digits of a voice as a number: two, or as many as it takes to tell these apart."""
    digits = 2
    while len({int.from_bytes(one) % 10**digits for one in same}) < len(same):
        digits += 1
    return f"{int.from_bytes(voice) % 10**digits:0{digits}}"


def _named(rows: PublicationQuerySet, story: UUID) -> Any:
    """Bring along every voice of the thread whose words another voice has too; PostgreSQL looks once for all rows."""
    voice: Any = Func("contribution__voice", Value("hex"), function="encode", output_field=TextField())
    groups = (
        _voices(story)
        .values("start")
        .annotate(voices=Count("contribution__voice", distinct=True), together=StringAgg(voice, " ", distinct=True))
    )
    alike = groups.filter(voices__gt=1).values("together")
    whose = ("contribution__owner_tag", "contribution__person_seal")
    return rows.defer(*whose).annotate(alike=ArraySubquery(alike))


def _voices(story: UUID) -> Any:
    """Return the replies of a thread as members see it, so that a name is the same for every reader."""
    start: Any = Substr("contribution__voice", 1, START, output_field=BinaryField())
    return Publication.objects.readable_by(A_MEMBER).filter(parent=story).annotate(start=start).order_by()


def _alike(row: Any) -> list[bytes]:
    return [bytes.fromhex(voice) for group in row.alike for voice in group.split()]


def _reply(row: Any, story: Contribution) -> Reply:
    return Reply(
        pk=row.contribution_id,
        name=name_of(_voice(row.contribution), _alike(row)),
        is_author=_voice(row.contribution) == _voice(story),
        hope=row.revision.hope,
        story=replace(_story(row.revision, row.warnings), example=row.contribution.is_example, month=row.month),
    )


def _story(revision: Revision, warnings: Iterable[str], passages: Marked | None = None) -> Story:
    """Return the words of a reply, which has no title and no card beside it."""
    return Story(
        title=[],
        paragraphs=paragraphs_of(revision.text, (passages or {}).get("text", ())),
        role=role_label(revision.role),
        warnings=warning_labels(warnings),
        minutes=minutes(revision.text),
        language=revision.language,
    )


def _voice(contribution: Contribution) -> bytes:
    return bytes(contribution.voice)
