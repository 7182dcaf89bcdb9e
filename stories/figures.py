"""The published figures: which tables there are, and how each is protected before anybody sees it.

All tables come from people who have it, had it, and let their story be counted. Tables that share a margin
are protected together and refreshed together (a *group*): one for the questions, one for each treatment. No two
tables of one group are joined by a third (stage is not shown by type), which ``small_numbers`` asks for.

Between two refreshes of a group at least five stories more, or fewer, take part (``FIGURES_STEP``). Who compares
two days learns how the tables moved: a cell may have moved by one, and that one is among five or more people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import content
from stories.small_numbers import Cell, Protected, ProtectedFamily, one_way, two_way, yes_counts
from stories.tally import NOT_SAID, by_two, chosen, folded, rated

TYPE, STAGE = "type", "stage"
QUESTIONS = "questions"  # the group of all tables that are not about one treatment
BY_TYPE = ("time_to_name", "recognised_by", "country")
BARRIERS = "barriers"


@dataclass(frozen=True)
class Table:
    """One protected table, ready to be stored: ``total`` is None where it is kept back."""

    code: str
    cells: Mapping[str, Cell]
    total: Cell


@dataclass(frozen=True)
class Group:
    """Tables that are refreshed together, and the number of people in them: never shown, kept to judge by."""

    name: str
    tables: list[Table]
    people: int


def groups() -> Iterator[Group]:
    """Work out every group of tables from the stories that are public at this moment."""
    crowd = by_two(STAGE, TYPE)
    types = _margin(crowd, 1, _codes(TYPE))
    margins = {TYPE: one_way(types), STAGE: one_way(_margin(crowd, 0, _codes(STAGE)))}
    yield Group(QUESTIONS, [*_questions(margins), *_barriers(types, margins[TYPE])], sum(crowd.values()))
    counted = rated()
    for treatment in content.load().treatments:
        counts = counted.get(treatment.code, {})
        yield Group(treatment.code, list(_treatment(treatment.code, counts, margins)), sum(counts.values()))


def code_of(table: str, within: str = "") -> str:
    """Return the name of a table, or of the part of it that is about those who gave one answer."""
    return f"{table}.{within}" if within else table


def _questions(margins: Mapping[str, Protected]) -> Iterator[Table]:
    """Protect the tables about the questions. Each has all people in it: who did not answer is counted so."""
    yield Table(STAGE, margins[STAGE].cells, margins[STAGE].total)
    types = margins[TYPE]
    for question in BY_TYPE:
        counts = by_two(question, TYPE)
        labels = _codes(question) or [*sorted({answer for answer, _kind in counts} - {NOT_SAID}), NOT_SAID]
        rows = one_way(_margin(counts, 0, labels))
        yield Table(question, rows.cells, rows.total)
        yield from _parts(question, two_way(_whole(counts, rows, types), rows, types))


def _barriers(crowd: Mapping[str, int], types: Protected) -> Iterator[Table]:
    """Protect each choice of a question with several answers: how many of all people chose it, by type and in all."""
    yes = chosen(BARRIERS, TYPE)
    options = [option.code for option in content.load().question(BARRIERS).options]
    chose = {option: {kind: yes.get(option, {}).get(kind, 0) for kind in crowd} for option in options}
    shown = {option: yes_counts(counts, crowd, types) for option, counts in chose.items()}
    yield Table(BARRIERS, {option: one.total for option, one in shown.items()}, types.total)
    for kind in crowd:
        yield Table(
            code_of(BARRIERS, kind), {option: one.cells[kind] for option, one in shown.items()}, types.cells[kind]
        )


def _treatment(
    code: str, counts: Mapping[tuple[str, str, str], int], margins: Mapping[str, Protected]
) -> Iterator[Table]:
    """Protect what people say of one treatment: in all, by type, and by stage.

    An answer that is kept back of all people is kept back of those who tried something, too.
    """
    by = {question: folded(counts, place) for place, question in enumerate((TYPE, STAGE), start=1)}
    rows = one_way(_margin(by[TYPE], 0, [option.code for option in content.load().helpfulness]))
    yield Table(code, rows.cells, rows.total)
    for question, pairs in by.items():
        hidden = [label for label, count in margins[question].cells.items() if count is None]
        columns = one_way(_margin(pairs, 1, _codes(question)), kept_back=hidden)
        yield from _parts(code, two_way(_whole(pairs, rows, columns), rows, columns))


def _parts(code: str, family: ProtectedFamily | None) -> Iterator[Table]:
    """Yield the columns of a two-way table, each as a table about those who gave one answer."""
    if family is not None:
        for label in family.columns.cells:
            part = family.column(label)
            yield Table(code_of(code, label), part.cells, part.total)


def _codes(question: str) -> list[str]:
    """Return the answers to a question in the order of the pack, and last those who gave none."""
    codes = [option.code for option in content.load().question(question).options]
    return [*codes, NOT_SAID] if codes else []


def _margin(counts: Mapping[tuple[str, str], int], side: int, labels: Iterable[str]) -> dict[str, int]:
    sums = dict.fromkeys(labels, 0)
    for pair, count in counts.items():
        sums[pair[side]] = sums.get(pair[side], 0) + count
    return sums


def _whole(counts: Mapping[tuple[str, str], int], rows: Protected, columns: Protected) -> dict[tuple[str, str], int]:
    return {(row, column): counts.get((row, column), 0) for row in rows.cells for column in columns.cells}
