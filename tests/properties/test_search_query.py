"""Whatever is typed into the search box is a question that PostgreSQL can read, and finds what holds its words."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from stories.search.query import MOST, Query, Unaskable, parse, spaced
from stories.search.sealed import NotSealedHere, open_place, open_words, seal_place, seal_words
from stories.text import clean

pytestmark = pytest.mark.django_db
modest = hypothesis_settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
SIGNS = "\"'\\-–!&|<>():*@/._%{}#$~^? \t\n\0\x02“”’"
typed = st.one_of(st.text(max_size=MOST), st.text(alphabet=SIGNS + "abzñéßΣİ١9", max_size=MOST))


def asked(line: str) -> Query:
    """Return a line as a question, or set this example aside where there is nothing to ask."""
    try:
        return parse(line)
    except Unaskable:
        assume(condition=False)
        raise


def holds(text: str, query: Query, config: str = "simple") -> bool:
    """Say whether PostgreSQL finds the question in a text, written as an entry is."""
    with connection.cursor() as cursor:
        sql = "SELECT to_tsvector(%s::regconfig, %s) @@ to_tsquery(%s::regconfig, %s)"
        cursor.execute(sql, [config, spaced(clean(text)), config, query.tsquery])
        ((found,),) = cursor.fetchall()
    return bool(found)


def nodes(query: Query, config: str) -> int:
    """Return how many words and operators PostgreSQL reads in a question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT numnode(to_tsquery(%s::regconfig, %s))", [config, query.tsquery])
        ((count,),) = cursor.fetchall()
    return int(count)


@modest
@given(line=typed)
@example(line="'")
@example(line="\\' | b:*D & !(c")
@example(line='"" - "')
@example(line="a" * MOST)
@example(line="\U0001d7d8" * MOST)
def test_whatever_is_typed_is_read(line: str) -> None:
    query = asked(line)
    assert query.wanted
    for config in ("english", "spanish", "simple"):
        assert nodes(query, config) >= 0


@modest
@given(line=st.text(alphabet=SIGNS.replace("-", "").replace("–", "") + "abcdñéßΣİ١9 ", max_size=MOST))
@example(line="O'Brien’s e.g. 3.5 and/or a@b.example <b>x</b> &amp; +1")
@example(line="well-known")
def test_text_is_found_by_its_own_words(line: str) -> None:
    query = asked(line)
    assume(nodes(query, "simple"))
    assert holds(f"before {line} after", query)
    assert not holds("other", query)


@modest
@given(line=st.text(alphabet="abc ", min_size=1, max_size=20))
def test_minus_leaves_out_what_it_would_have_found(line: str) -> None:
    query = asked(line)
    words = query.typed
    assert not holds(words, asked(f'{words} -"{words}"'))
    assert holds(words, asked(f"{words} -zebra"))


@modest
@given(line=typed)
def test_sealed_words_open_as_they_were(line: str) -> None:
    query = asked(line)
    sealed = seal_words(query.typed)
    assert open_words(sealed) == query.typed
    assert parse(open_words(sealed)) == query
    assert sealed == seal_words(query.typed)
    with pytest.raises(NotSealedHere):
        open_place(sealed)


@modest
@given(rank=st.floats(0, 1), position=st.integers(0, 2**62))
def test_sealed_place_opens_as_it_was(rank: float, position: int) -> None:
    assert open_place(seal_place((rank, position))) == (rank, position)


@modest
@given(address=st.text(max_size=80))
@example(address="AAAA")
@example(address="é")
def test_address_that_was_not_made_here_does_not_open(address: str) -> None:
    for opened in (open_words, open_place):
        with pytest.raises(NotSealedHere):
            opened(address)
