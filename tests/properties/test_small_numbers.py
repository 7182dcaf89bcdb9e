"""Small numbers against somebody who adds, subtracts and compares all that is shown, with a method of its own.

The audit knows nothing of how counts are kept back. People are atoms (help, type, stage); what is shown are sums
over atoms; what must stay unknown is checked by elimination over a large prime field, and by going through every
table of whole numbers that fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod

from hypothesis import Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from stories.small_numbers import LEAST, Protected, ProtectedFamily, one_way, two_way, yes_counts
from tests.properties import audit

Atom = tuple[str, ...]
People = dict[Atom, int]
Key = tuple[str | None, ...]
"""Which atoms a number counts: a label at each place, or None for any."""

unhurried = hypothesis_settings(deadline=None)
slow = hypothesis_settings(unhurried, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # red, but not for minutes


def crowd_of(sizes: tuple[int, ...], counts: Iterable[int]) -> People:
    """Give every atom of so many labels at each place its count."""
    atoms = product(*([f"{'hts'[at]}{n}" for n in range(size)] for at, size in enumerate(sizes)))
    return dict(zip(atoms, counts, strict=True))


def people(sizes: tuple[int, ...], counts: Iterable[int]) -> st.SearchStrategy[People]:
    """Draw how many people each atom has, from these counts."""
    size = prod(sizes)
    drawn = st.lists(st.sampled_from(list(counts)), min_size=size, max_size=size)
    return drawn.map(lambda numbers: crowd_of(sizes, numbers))


def summed(crowd: People, *places: int) -> dict[Atom, int]:
    """Sum over the places that are not named."""
    sums: defaultdict[Atom, int] = defaultdict(int)
    for atom, count in crowd.items():
        sums[tuple(atom[place] for place in places)] += count
    return dict(sums)


def margin(crowd: People, place: int) -> dict[str, int]:
    return {label: count for (label,), count in summed(crowd, place).items()}


def pairs(crowd: People, place: int) -> dict[tuple[str, str], int]:
    return {(help_, label): count for (help_, label), count in summed(crowd, 0, place).items()}


def treatment(crowd: People, least: int = LEAST) -> tuple[Protected, list[Protected], list[ProtectedFamily | None]]:
    """Publish one treatment: its margin, the filters' margins, and the tables of help by type and help by stage."""
    rows = one_way(margin(crowd, 0), least)
    columns = [one_way(margin(crowd, place), least) for place in (1, 2)]
    families = [two_way(pairs(crowd, at), rows, columns[at - 1], least) for at in (1, 2)]
    return rows, columns, families


def numbers(
    rows: Protected, columns: list[Protected], families: list[ProtectedFamily | None]
) -> Iterator[tuple[Key, int | None]]:
    """Go through all numbers of a treatment's tables, shown (a count) or kept back (None)."""
    yield (None, None, None), rows.total
    for label, cell in rows.cells.items():
        yield (label, None, None), cell
    for at, (column, family) in enumerate(zip(columns, families, strict=True)):
        for label, cell in column.cells.items():
            yield ((None, label, None) if at == 0 else (None, None, label)), cell
        for (help_, label), cell in (family.cells if family else {}).items():
            yield ((help_, label, None) if at == 0 else (help_, None, label)), cell


def counted(crowd: People, key: Key) -> int:
    return sum(count for atom, count in crowd.items() if fits(atom, key))


def fits(atom: Atom, key: Key) -> bool:
    return all(want in (None, have) for want, have in zip(key, atom, strict=True))


def leaks(crowd: People, published: Iterable[tuple[Key, int | None]], most: int = 3) -> list[tuple[Key, ...]]:
    """Return the small counts, and sums of up to so many in one table that are small, which can be worked out."""
    cells = dict(published)
    return audit.leaks(
        [key for key, cell in cells.items() if cell is not None],
        cells,
        row=lambda key: {atom: 1 for atom in crowd if fits(atom, key)},
        count=lambda key: counted(crowd, key),
        table=lambda key: tuple(label is None for label in key),
        most=most,
    )


few = st.one_of(
    people((3, 3, 3), [0, 0, 0, 0, 1, 2, 9]),
    people((3, 3, 2), [0, 1, 5, 6, 30]),
    people((4, 2, 3), [0, 0, 0, 2, 5, 11]),
)


@slow
@given(few)
def test_nothing_small_can_be_worked_out_from_a_treatment(crowd: People) -> None:
    assert leaks(crowd, numbers(*treatment(crowd))) == []


@hypothesis_settings(slow, max_examples=12)
@given(people((5, 5, 9), [0, 0, 0, 0, 0, 1, 2, 5, 20]))
def test_nothing_small_can_be_worked_out_at_full_size(crowd: People) -> None:
    assert leaks(crowd, numbers(*treatment(crowd)), most=1) == []


def test_audit_finds_what_is_given_away_when_only_small_counts_are_kept_back() -> None:
    crowd = {(help_, type_, "s0"): 9 for help_ in ("h0", "h1") for type_ in ("t0", "t1", "t2")}
    crowd["h0", "t0", "s0"] = 2
    keys = [(help_, type_, None) for help_ in ("h0", "h1", None) for type_ in ("t0", "t1", "t2", None)]
    naive = [(key, cell if (cell := counted(crowd, key)) >= LEAST else None) for key in keys]

    assert leaks(crowd, naive) == [(("h0", "t0", None),)]


@unhurried
@given(few)
def test_shown_counts_are_true_and_not_small(crowd: People) -> None:
    for key, cell in numbers(*treatment(crowd)):
        assert cell is None or (cell == counted(crowd, key) and cell >= LEAST)


def tables_that_fit(
    cells: list[tuple[tuple[str, str], int | None]], left: Mapping[str, int]
) -> Iterator[dict[tuple[str, str], int]]:
    """Go through the tables of counts from 0 on that agree with the cells shown and with what is left of totals."""
    if not cells:
        yield {}
        return
    ((pair, cell), *rest) = cells
    totals = [key for key in (*pair, "all") if key in left]
    ended = [key for key in totals if all(key not in (*other, "all") for other, _ in rest)]
    for count in range(min(left[key] for key in totals) + 1) if cell is None else [cell]:
        after = {**left, **{key: left[key] - count for key in totals}}
        if not any(after[key] for key in ended):
            for table in tables_that_fit(rest, after):
                yield {pair: count, **table}


def possible(family: ProtectedFamily) -> list[dict[tuple[str, str], int]]:
    """Return all tables that agree with a family, those shown cell by cell first."""
    cells = sorted(family.cells.items(), key=lambda item: (item[1] is None, item[0]))
    totals = {**family.rows.cells, **family.columns.cells, "all": family.total}
    return list(tables_that_fit(cells, {key: cell for key, cell in totals.items() if cell is not None}))


def row_totals(table: Mapping[tuple[str, str], int]) -> tuple[int, ...]:
    sums: defaultdict[str, int] = defaultdict(int)
    for (row, _), count in sorted(table.items()):
        sums[row] += count
    return tuple(sums.values())


def lines(family: ProtectedFamily) -> Iterator[tuple[list[tuple[str, str]], int | None]]:
    """Go through a family's cells, rows and columns: the pairs each adds up, and what is shown of it."""
    yield from (([pair], cell) for pair, cell in family.cells.items())
    for side, margin_ in enumerate((family.rows, family.columns)):
        for label, cell in margin_.cells.items():
            yield [pair for pair in family.cells if pair[side] == label], cell


# Were h1 shown in part where its total is kept back, h3 could not be none at all.
@example(crowd_of((4, 3, 2), [0, 0, 1, 0, 1, 1, 3, 2, 2, 2, 3, 3, 5, 5, 3, 2, 3, 5, 0, 0, 1, 0, 0, 0]))
@hypothesis_settings(slow, max_examples=60)
@given(st.one_of(people((3, 3, 2), [0, 0, 1, 2, 3]), people((3, 2, 3), [0, 0, 0, 1, 3, 5])))
def test_what_is_kept_back_could_be_anything_small(crowd: People) -> None:
    least = 2
    families = [(place, family) for place, family in enumerate(treatment(crowd, least)[2], 1) if family]
    tables = [possible(family) for _, family in families]
    # Tables with the same row totals, and only those, are of one crowd: people pair off within each row.
    shared = [{row_totals(table) for table in fitting} for fitting in tables]
    for (place, family), fitting in zip(families, tables, strict=True):
        together = [table for table in fitting if all(row_totals(table) in rows for rows in shared)]
        true = pairs(crowd, place)
        for line, cell in lines(family):
            found = {sum(table[pair] for pair in line) for table in together}
            assert cell is not None or len(found) > 1
            assert sum(true[pair] for pair in line) >= least or found >= set(range(least + 1))


def test_one_way_tells_no_small_count_even_to_who_runs_the_code_on_every_table() -> None:
    for size, total in product((2, 3, 4), range(3, 14)):
        same: defaultdict[str, list[tuple[int, ...]]] = defaultdict(list)
        for counts in product(range(total + 1), repeat=size):
            if sum(counts) == total:
                same[repr(one_way(dict(zip("abcd", counts, strict=False)), 3))].append(counts)
        for tables in same.values():
            for values in map(set, zip(*tables, strict=True)):
                assert min(values) >= 3 or len(values) > 1


@slow
@given(st.one_of(people((3, 2, 2), [0, 1, 3, 5, 9, 30]), people((4, 2, 2), [0, 0, 4, 6, 20])))
def test_choices_of_several_tell_nothing_small_together(crowd: People) -> None:
    asked = margin(crowd, 0)
    rows = one_way(asked)
    cells: dict[Key, int | None] = {(label, None, None): cell for label, cell in rows.cells.items()}
    cells[None, None, None] = rows.total
    for place in (1, 2):
        counts = pairs(crowd, place)
        yes, no = (f"{'hts'[place]}{answer}" for answer in (0, 1))
        choice = yes_counts({row: counts[row, yes] for row in asked}, asked, rows)
        for row, cell in {**choice.cells, None: choice.total}.items():
            for answer, count in ((yes, cell), (no, None)):
                cells[(row, answer, None) if place == 1 else (row, None, answer)] = count

    assert leaks(crowd, cells.items()) == []
