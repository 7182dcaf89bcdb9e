"""What is shown of small tables, by example; that nothing can be worked out is in tests/properties."""

from __future__ import annotations

from itertools import product

import pytest

from stories.small_numbers import Protected, UnfitMargin, one_way, two_way, yes_counts


@pytest.mark.parametrize(
    ("counts", "shown", "total"),
    [
        ([9, 8, 7], [9, 8, 7], 24),
        ([9, 4, 7, 6], [None, None, 7, 6], 26),
        ([9, 8, 7, 0], [9, 8, None, None], 24),
        ([9, 8, 0], [9, None, None], 17),
        ([3, 90, 2, 7], [None, 90, None, 7], 102),
        ([2, 90, 2, 7], [None, None, None, 7], 101),
        ([1, 1, 1, 1, 1], [None] * 5, 5),
        ([1, 1, 1, 1, 0], [None] * 5, None),
        ([4], [None], None),
        ([5], [5], 5),
        ([], [], None),
    ],
)
def test_one_way_keeps_back(counts: list[int], shown: list[int | None], total: int | None) -> None:
    labels = [f"a{at}" for at in range(len(counts))]

    assert one_way(dict(zip(labels, counts, strict=True))) == Protected(dict(zip(labels, shown, strict=True)), total)


def test_one_way_keeps_back_what_is_kept_back_elsewhere() -> None:
    assert one_way({"a": 9, "b": 8, "c": 7}, kept_back={"c"}) == Protected({"a": 9, "b": None, "c": None}, 24)
    assert one_way({"a": 9}, kept_back={"a"}) == Protected({"a": None}, None)


def test_two_way_keeps_back_the_least_expected_cycle_and_no_more() -> None:
    crowd = dict(zip(product("abc", "xyz"), [2, 30, 90, 20, 10, 10, 60, 7, 50], strict=True))
    rows = one_way({row: sum(crowd[row, column] for column in "xyz") for row in "abc"})
    family = two_way(crowd, rows)

    assert family is not None
    assert {pair for pair, cell in family.cells.items() if cell is None} == set(product("ab", "xy"))
    assert family.rows == rows
    assert family.columns == Protected({"x": 82, "y": 47, "z": 150}, 279)
    assert family.column("y") == Protected({"a": None, "b": None, "c": 7}, 47)
    assert two_way(dict(reversed(crowd.items())), rows, family.columns) == family


def test_two_way_with_nothing_small_shows_everything() -> None:
    crowd = dict.fromkeys(product("ab", "xy"), 5)
    family = two_way(crowd, one_way({"a": 10, "b": 10}))

    assert family is not None
    assert family.cells == crowd
    assert family.total == 20


def test_two_way_with_nothing_to_show_is_none() -> None:
    assert two_way({("a", "x"): 4}, one_way({"a": 4})) is None
    assert two_way({("a", "x"): 9, ("a", "y"): 3, ("b", "x"): 8, ("b", "y"): 8}, one_way({"a": 12, "b": 16})) is None


@pytest.mark.parametrize(
    "rows",
    [
        Protected({"a": 9, "b": 8}, 17),
        Protected({"a": 9}, 9),
        Protected({"a": 9, "b": 3}, 12),
        Protected({"a": 9, "b": None}, 12),
        Protected({"a": 9, "b": None}, None),
        Protected({"a": None, "b": None}, 13),
    ],
)
def test_two_way_refuses_a_margin_that_does_not_fit(rows: Protected) -> None:
    with pytest.raises(UnfitMargin):
        two_way({("a", "x"): 9, ("b", "x"): 3}, rows)


def test_counts_below_0_are_refused() -> None:
    for wrong in (
        lambda: one_way({"a": -1, "b": 9}),
        lambda: two_way({("a", "x"): -1, ("a", "y"): 9}, Protected({"a": 8}, 8)),
        lambda: yes_counts({"a": 10}, {"a": 9}),
    ):
        with pytest.raises(ValueError, match="below 0"):
            wrong()


def test_yes_counts_refuse_an_answer_nobody_was_asked_for() -> None:
    with pytest.raises(UnfitMargin):
        yes_counts({"a": 10, "z": 0}, {"a": 20})


@pytest.mark.parametrize(
    ("yes", "shown", "total"),
    [
        ([9, 20, 15], [9, 20, 15], 44),
        ([9, 4, 15], [None, None, 15], 28),
        ([9, 38, 15], [None, None, 15], 62),
        ([1, 2, 1], [None] * 3, None),
        ([29, 39, 49], [None] * 3, None),
        ([1, 2, 9], [None] * 3, 12),
    ],
)
def test_yes_counts_keep_back(yes: list[int], shown: list[int | None], total: int | None) -> None:
    asked = {"a": 30, "b": 40, "c": 50}

    assert yes_counts(dict(zip("abc", yes, strict=True)), asked) == Protected(
        dict(zip("abc", shown, strict=True)), total
    )


def test_yes_counts_of_too_few_asked_are_kept_back() -> None:
    nobody = Protected({"a": None, "b": None}, None)

    assert yes_counts({"a": 6, "b": 9}, {"a": 20, "b": 30}, nobody) == nobody
    assert yes_counts({"a": 2}, {"a": 2, "b": 1}) == nobody
