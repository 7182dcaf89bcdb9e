from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.passages import MOST_OF_ONE, NotFound, Span, spans

TITLE = "What Dr Miller said"
TEXT = "On Monday Dr Miller  said “it’s\nnothing”.\n\nI went home. Dr Miller rang – twice."
FIELDS = {"title": TITLE, "text": TEXT}


def words(found: list[Span]) -> list[str]:
    return [(TITLE if one.field == "title" else TEXT)[one.start : one.end] for one in found]


def test_spans_find_a_line_wherever_it_stands_title_first() -> None:
    found = spans("Dr Miller", FIELDS)
    assert [one.field for one in found] == ["title", "text", "text"]
    assert words(found) == ["Dr Miller"] * 3


@pytest.mark.parametrize(
    ("line", "there"),
    [
        ('Dr Miller said "it\'s nothing".', "Dr Miller  said “it’s\nnothing”."),
        ("nothing”. I went home", "nothing”.\n\nI went home"),
        ("rang - twice", "rang – twice"),
        ("  “I went home”  ", "I went home"),
        ("… I went home …", "I went home"),
    ],
)
def test_spans_do_not_mind_space_quotation_marks_and_dashes(line: str, there: str) -> None:
    assert words(spans(line, FIELDS)) == [there]


def test_spans_join_what_overlaps_and_leave_empty_lines_out() -> None:
    found = spans("On Monday Dr\n\n   \nMonday Dr Miller  said", {"title": "x", "text": TEXT})
    assert found == [Span("text", 0, len("On Monday Dr Miller  said"))]


def test_spans_name_the_line_that_is_not_there() -> None:
    with pytest.raises(NotFound) as refused:
        spans("I went home\n I went to sea ", FIELDS)
    assert (refused.value.line, refused.value.too_often) == ("I went to sea", False)


def test_spans_name_the_line_that_points_at_nothing() -> None:
    with pytest.raises(NotFound) as refused:
        spans("a", {"title": "x", "text": "a " * (MOST_OF_ONE + 1)})
    assert refused.value.too_often


@pytest.mark.parametrize("line", ["'", '""', "…", "“”"])
def test_spans_of_marks_alone_are_not_found(line: str) -> None:
    with pytest.raises(NotFound):
        spans(line, {"title": "plain", "text": "plain"})


def test_spans_lie_in_every_field_of_a_writers_own_in_the_order_of_the_page() -> None:
    fields = {**FIELDS, "tried.0.tip": "Ask Dr Miller first", "tried.2.name": "Dr Miller’s own way"}
    found = spans("ask Dr Miller first\nDr Miller\nMiller's own way".replace("ask", "Ask"), fields)
    assert found == [
        *spans("Dr Miller", FIELDS),
        Span("tried.0.tip", 0, len("Ask Dr Miller first")),
        Span("tried.2.name", 0, len("Dr Miller’s own way")),
    ]


@given(st.text(min_size=1, max_size=80), st.data())
def test_spans_of_any_copied_stretch_hold_its_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    line = " ".join(text[start:end].split())
    if not line:
        return
    try:
        found = spans(line, {"text": text})
    except NotFound as refused:
        if refused.too_often:
            return
        raise
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert any(one.start <= start + len(text[start:end]) - len(text[start:end].lstrip()) < one.end for one in found)
