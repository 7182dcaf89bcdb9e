"""The codes in the address of a list: one address a filter, whatever order they came in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import content
from stories.filters import Filters, UnknownFilter, codes_to_ask, codes_to_leave_out

PACK = content.load()
asked = st.sampled_from(sorted(codes_to_ask(PACK)))
left_out = st.sampled_from(sorted(codes_to_leave_out(PACK))).map(lambda code: f"-{code}")
codes = st.lists(asked | left_out, max_size=12)


@given(codes)
def test_address_reads_back_as_the_same_filters(some: list[str]) -> None:
    filters = Filters.of(some)
    assert Filters.parse(filters.address) == filters
    assert sorted(filters.codes) == sorted(set(some))
    assert bool(filters) == bool(some)


@given(codes.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_order_and_repetition_change_no_address(pair: tuple[list[str], list[str]]) -> None:
    some, shuffled = pair
    assert Filters.parse(".".join([*shuffled, *some])).address == Filters.of(some).address


@given(codes, asked | left_out)
def test_what_is_added_can_be_taken_away(some: list[str], one: str) -> None:
    filters = Filters.of(some)
    assert one in filters.with_(one).codes
    assert filters.with_(one).less(one) == filters.less(one)
    assert one not in filters.less(one).codes


@given(st.text(max_size=30))
def test_anything_typed_is_read_or_refused(typed: str) -> None:
    try:
        filters = Filters.parse(typed)
    except UnknownFilter:
        return
    assert set(filters.codes) == {code for code in typed.split(".") if code}


@given(codes)
def test_every_filter_can_be_asked_of_the_database(some: list[str]) -> None:
    filters = Filters.of(some)
    assert all(filters.groups)
    assert all(len(facet) <= 8 for group in filters.groups for facet in group)
    assert not set(filters.without_facets) & set(filters.without_warnings)


@pytest.mark.parametrize(
    "typed",
    ["r9", "x", "w1", "-s1", "-t01", "-a1", "a1", "h1t01", "t01h1", "R1", "r1,s1", "--r2", "r1 ", "r1\x00", "é"],
)
def test_code_that_no_story_carries_is_refused(typed: str) -> None:
    with pytest.raises(UnknownFilter):
        Filters.parse(typed)
