"""Tolerance of typing errors, where the server has what it takes: the words that many public stories hold.

Kept in a table that exists only while an operator wants it, with an index of trigrams (pg_trgm) and without
accents (unaccent). No word of fewer than five stories is in it. A job counts the words anew every night, so that
those of withdrawn stories go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from stories.models import Publication
from stories.search.query import words_of

EXTENSIONS = ["pg_trgm", "unaccent"]
LEAST_STORIES, LEAST_LETTERS = 5, 4
BATCH = 500
MOST_READ = 50_000  # stories, the newest: they know how words are spelt, and are counted within seconds

TABLE = """
CREATE TABLE IF NOT EXISTS stories_searchword (
    word text PRIMARY KEY, plain text NOT NULL, stories integer NOT NULL
);
CREATE INDEX IF NOT EXISTS search_word_plain ON stories_searchword USING gin (plain gin_trgm_ops);
"""
WORDS = """
INSERT INTO stories_searchword (word, plain, stories)
SELECT word, unaccent(word), stories FROM unnest(%s::text[], %s::integer[]) AS counted (word, stories)
"""


class NoTolerance(Exception):
    """The database server lacks what it takes; the message names it."""


@transaction.atomic
def switch_on() -> None:
    """Make the table of words, still empty; raise NoTolerance where the server cannot. Only the tables' owner may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [EXTENSIONS])
        found = {name for (name,) in cursor.fetchall()}
        missing = [name for name in EXTENSIONS if name not in found]
        if missing:
            raise NoTolerance(f"This PostgreSQL server does not come with {' and '.join(missing)}")
        for name in EXTENSIONS:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
        cursor.execute(TABLE)


def switch_off() -> None:
    """Drop the table; the extensions stay, since something else may use them."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS stories_searchword")


def is_on() -> bool:
    """Say whether there is a table of words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.stories_searchword') IS NOT NULL")
        ((found,),) = cursor.fetchall()
    return bool(found)


def refresh() -> None:
    """Count the words anew where an operator wants them."""
    if is_on():
        count_words(lambda _done: None)


def count_words(progress: Callable[[int], None]) -> None:
    """Count in how many of the newest stories that a visitor may read each word stands; write those of five or more."""
    held, read = Counter[str](), 0
    readable = Publication.objects.readable_by(AnonymousUser()).stories().order_by("-position")
    texts = readable.values_list("position", "revision__title", "revision__text")
    rows = list(texts[:BATCH])
    while rows and read < MOST_READ:
        read += len(rows)
        for _position, title, text in rows:
            held.update({word for word in words_of(f"{title}\n{text}".lower()) if _counts(word)})
        progress(len(rows))
        rows = list(texts.filter(position__lt=rows[-1][0])[:BATCH])
    _write({word: stories for word, stories in held.items() if stories >= LEAST_STORIES})


def _counts(word: str) -> bool:
    return len(word) >= LEAST_LETTERS and word.isalpha()


@transaction.atomic
def _write(stories: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM stories_searchword")
        cursor.execute(WORDS, [list(stories), list(stories.values())])
