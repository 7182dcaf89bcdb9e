"""The stories that were asked for: the newest that hold the words, the closest of them first.

Two ways lead to them. A walk back from the newest finds at once what stands in every fifth or fiftieth story,
where an index would name hundreds of thousands. What the walk met less often is looked up in the index: all of it
wherever it stands, or, when that were too many to read, as far back as there are about so many as are ranked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import Case, F, Func, TextField, UUIDField, Value, When

from stories.choices import Choices
from stories.filters import Filters
from stories.models import Publication
from stories.pieces import Piece
from stories.reading import role_label, warning_labels
from stories.search.highlights import marked, passage, start_of
from stories.search.query import NEXT_TO, Query
from stories.search.sealed import Place, open_place, seal_place

MOST_RANKED = 2_000
NEAR, FAR = 2_048, 32_768  # places walked through at first, and at most
ENOUGH = 400  # stories held by so many near places: they are ranked, and no further ones
READ = 3_000  # stories with the words that are gone back for, as near as the first walk can tell
MOST_LOOKED_UP = 20_000  # and where it told wrong
A_PAGE = 10
CHUNKS = (60, 400, MOST_RANKED)  # how many are asked for at once, until a page is full

# From here on no index gives rows in its order: several can be asked together only without.
PREPARE = """
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true),
       set_config('jit', 'off', true), set_config('work_mem', '32MB', true),
       querytree(to_tsquery(%(config)s::regconfig, %(tsquery)s)),
       coalesce((SELECT max(position) FROM stories_searchentry), 0),
       to_regclass('public.stories_searchword') IS NOT NULL,
       ARRAY(
           SELECT typed FROM unnest(%(typed)s::text[], %(parts)s::text[]) WITH ORDINALITY AS term (typed, part, place)
           WHERE numnode(to_tsquery(%(config)s::regconfig, part)) = 0 ORDER BY place
       )
"""
# OFFSET 0 keeps the planner from asking the index of words here.
WALK = """
SELECT publication_id, position, ts_rank(vector, to_tsquery(%(config)s::regconfig, %(tsquery)s), 1),
       vector @@ to_tsquery(%(config)s::regconfig, %(tsquery)s) AS fits
FROM (SELECT * FROM stories_searchentry WHERE position > %(floor)s OFFSET 0) AS walked
WHERE vector @@ to_tsquery(%(config)s::regconfig, %(read)s)
ORDER BY fits DESC, position DESC LIMIT %(most)s
"""
# The planner cannot look into a question asked in a SELECT, so it always joins the places to the words, and does not
# leave them for later where it takes words that go together for a rare meeting.
LOOK_UP = """
SELECT publication_id, position, ts_rank(vector, to_tsquery(%(config)s::regconfig, %(tsquery)s), 1), true
FROM (
    SELECT publication_id, position, vector
    FROM (
        SELECT publication_id, position, vector FROM stories_searchentry
        WHERE vector @@ (SELECT to_tsquery(%(config)s::regconfig, %(tsquery)s)) AND position > %(floor)s
        LIMIT %(most_looked_up)s
    ) AS held
    ORDER BY position DESC LIMIT %(most)s
) AS newest
"""
NO_CHOICES = Choices()


@dataclass(frozen=True)
class Candidate:
    """A story that holds the words, whoever may read it."""

    pk: UUID
    position: int
    rank: float

    @property
    def place(self) -> Place:
        """Return by what it stands in the results."""
        return self.rank, self.position


@dataclass(frozen=True)
class Found:
    """One story of the results; the passage is empty while its warnings stand before it."""

    pk: UUID
    title: str
    passage: list[Piece]
    role: str
    warnings: list[str]
    minutes: int
    example: bool
    language: str


@dataclass(frozen=True)
class Results:
    """A page of stories and the place below it; ``older_left`` says that older ones may hold the words too.

    ``too_common`` are the phrases and minuses, as typed, whose every word PostgreSQL leaves out of a question.
    """

    stories: list[Found] = field(default_factory=list)
    after: str | None = None
    only_common: bool = False
    too_common: Sequence[str] = ()
    older_left: bool = False
    can_guess: bool = False


@dataclass(frozen=True)
class _Looked:
    candidates: list[Candidate] = field(default_factory=list)
    only_common: bool = False
    too_common: Sequence[str] = ()
    older_left: bool = False
    can_guess: bool = False


def find(query: Query, config: str, *, reader: Any, choices: Choices = NO_CHOICES, after: str = "") -> Results:
    """Return the stories below a place that this reader may read; raise NotSealedHere for a place not made here."""
    place = open_place(after) if after else None
    looked = _look(query, config)
    below = [one for one in looked.candidates if place is None or one.place < place]
    rows = list(_readable(below, query, config, reader, choices, most=A_PAGE + 1))
    shown = rows[:A_PAGE]
    places = {one.pk: one.place for one in below}
    return Results(
        stories=[_found(row, choices) for row in shown],
        after=seal_place(places[shown[-1].pk]) if len(rows) > A_PAGE else None,
        only_common=looked.only_common,
        too_common=looked.too_common,
        older_left=looked.older_left,
        can_guess=looked.can_guess,
    )


def _look(query: Query, config: str) -> _Looked:
    """Return the newest stories that hold the words, the closest first."""
    is_phrase = NEXT_TO in query.tsquery
    asked: dict[str, Any] = {
        "config": config,
        "tsquery": query.tsquery,
        # Of a phrase all stories have to be read that hold its words, next to each other or not.
        "read": query.somewhere if is_phrase else query.tsquery,
        "typed": [typed for typed, _part in query.exact],
        "parts": [part for _typed, part in query.exact],
        "most": MOST_RANKED,
        "most_looked_up": MOST_LOOKED_UP,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PREPARE, asked)
        ((*_set, needed, top, can_guess, too_common),) = cursor.fetchall()
        if needed in ("", "T"):
            return _Looked(only_common=True)
        reach = NEAR
        while True:
            cursor.execute(LOOK_UP if reach > FAR else WALK, asked | {"floor": max(0, top - reach)})
            rows = cursor.fetchall()
            found = [Candidate(*row) for *row, fits in rows if fits]
            if len(found) >= ENOUGH or reach >= top or (is_phrase and reach > NEAR):
                break
            reach = max(2 * reach, reach * READ // max(len(rows), 1))
    found.sort(key=lambda one: one.place, reverse=True)
    older_left = reach < top or len(found) == MOST_RANKED
    return _Looked(found, too_common=too_common, older_left=older_left, can_guess=can_guess)


def _readable(
    candidates: Sequence[Candidate], query: Query, config: str, reader: Any, choices: Choices, *, most: int
) -> Iterator[Any]:
    """Yield rows in the order of the candidates, at most so many; few questions, however many may not be read."""
    ids = [one.pk for one in candidates]
    for chunk in CHUNKS:
        rows = list(_rows(ids[:chunk], query, config, reader, choices)[:most]) if ids and most else []
        yield from rows
        ids, most = ids[chunk:], most - len(rows)


def _rows(ids: Sequence[UUID], query: Query, config: str, reader: Any, choices: Choices) -> Any:
    order = Func(Value(list(ids), ArrayField(UUIDField())), F("pk"), function="array_position")
    readable = Publication.objects.readable_by(reader).stories()
    is_open = When(warnings__contained_by=sorted(choices.opened), then=marked("revision__text", query, config))
    return (
        readable.without(choices.applied_to(Filters()).without_facets, [])
        .filter(pk__in=ids)
        .select_related("revision", "contribution")
        .only(
            "warnings",
            "minutes",
            "revision__title",
            "revision__role",
            "revision__language",
            "contribution__is_example",
        )
        .annotate(start=start_of("revision__text"))
        .annotate(marked=Case(is_open, default=Value(""), output_field=TextField()))
        .order_by(order)
    )


def _found(row: Any, choices: Choices) -> Found:
    return Found(
        pk=row.contribution_id,
        title=row.revision.title,
        passage=passage(row.start, row.marked) if choices.opens(row.warnings) else [],
        role=role_label(row.revision.role),
        warnings=warning_labels(row.warnings),
        minutes=row.minutes,
        example=row.contribution.is_example,
        language=row.revision.language,
    )
