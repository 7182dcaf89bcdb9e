"""The published figures: which tables there are, and how each is protected before anybody sees it.

All tables come from people who have it, had it, and let their story be counted. Tables that share a margin
are protected together and refreshed together (a *group*): one for the questions, one for each treatment. No two
tables of one group are joined by a third (stage is not shown by type), which ``small_numbers`` asks for.

Between two refreshes of a group at least five stories more, or fewer, take part (``FIGURES_STEP``), unless fewer
than five are left: then all its numbers go, and nothing can be compared. Who compares two days learns how the tables
moved: a cell may have moved by one, and that one is among five or more people.
This is why no question is shown by type. Everybody sees on a new story of which type it is; were it the only new
one of that type, the number that moved in a table of that type would tell what the story itself never shows, as
the country. Only what a treatment did is shown by type or by stage: all of that stands on the stories anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import content
from stories.small_numbers import Cell, Protected, ProtectedFamily, one_way, two_way, yes_counts
from stories.tally import NOT_SAID, Rated, answered, folded, rated

TYPE, STAGE, COUNTRY, BARRIERS = "type", "stage", "country", "barriers"
QUESTIONS = "questions"  # the group of all tables that are not about one treatment
ONE_ANSWER = (STAGE, "time_to_name", "recognised_by", COUNTRY)
# All countries that nobody named. They are no people, which is a small number: it is kept back, and something with
# it, so that no country that is missing from the table can be shown to have nobody, or only a few.
ELSEWHERE = "*"


@dataclass(frozen=True)
class Table:
    """One protected table, ready to be stored: ``total`` is None where it is kept back."""

    code: str
    cells: Mapping[str, Cell]
    total: Cell


@dataclass(frozen=True)
class Group:
    """Tables that are refreshed together, made when asked for; and the people in them, never shown, to judge by."""

    name: str
    tables: Iterator[Table]
    people: int


def groups() -> Iterator[Group]:
    """Count what is public at this moment, and offer every group of tables."""
    said = answered(ONE_ANSWER, BARRIERS)
    people = sum(said.get(STAGE, {}).values())
    yield Group(QUESTIONS, _questions(said, people), people)
    stages = one_way(_labelled(STAGE, said)).cells
    unshown = [code for code, count in stages.items() if count is None]
    counted = rated()
    for treatment in content.load().treatments:
        counts = counted.get(treatment.code, {})
        yield Group(treatment.code, _treatment(treatment.code, counts, unshown), sum(counts.values()))


def code_of(table: str, within: str = "") -> str:
    """Return the name of a table, or of the part of it that is about those who gave one answer."""
    return f"{table}.{within}" if within else table


def _questions(said: Mapping[str, dict[str, int]], people: int) -> Iterator[Table]:
    """Protect the tables about the questions. Each has all people in it: who did not answer is counted so."""
    for question in ONE_ANSWER:
        shown = one_way(_labelled(question, said))
        yield Table(question, _listed(shown) if question == COUNTRY else shown.cells, shown.total)
    chose = said.get(BARRIERS, {})
    options = [option.code for option in content.load().question(BARRIERS).options]
    everybody = one_way({"": people})
    cells = {code: yes_counts({"": chose.get(code, 0)}, {"": people}, everybody).total for code in options}
    yield Table(BARRIERS, cells, everybody.total)


def _labelled(question: str, said: Mapping[str, dict[str, int]]) -> dict[str, int]:
    """Return the counts of a question, 0 where there are none."""
    counts = said.get(question, {})
    if question == COUNTRY:
        return dict.fromkeys([*sorted(set(counts) - {NOT_SAID}), ELSEWHERE, NOT_SAID], 0) | counts
    return dict.fromkeys(_codes(question), 0) | counts


def _listed(countries: Protected) -> dict[str, Cell]:
    """Leave out the countries that are kept back: their names alone would tell that somebody lives there."""
    return {code: count for code, count in countries.cells.items() if count or code in {ELSEWHERE, NOT_SAID}}


def _treatment(code: str, counts: Rated, unshown: Collection[str]) -> Iterator[Table]:
    """Protect what people say of one treatment: in all, by type, and by stage.

    A stage that is kept back of all people is kept back of those who tried something, too.
    """
    by = {question: folded(counts, place) for place, question in enumerate((TYPE, STAGE), start=1)}
    rows = one_way(_margin(by[TYPE], 0, [option.code for option in content.load().helpfulness]))
    yield Table(code, rows.cells, rows.total)
    for question, pairs in by.items():
        kept_back = unshown if question == STAGE else ()
        columns = one_way(_margin(pairs, 1, _codes(question)), kept_back=kept_back)
        yield from _parts(code, two_way(_whole(pairs, rows, columns), rows, columns))


def _parts(code: str, family: ProtectedFamily | None) -> Iterator[Table]:
    """Yield the columns of a two-way table, each as a table about those who gave one answer.

    Nobody can ask about those who gave none, neither by type nor by stage; they have no code to tell them apart.
    """
    if family is not None:
        for label in (code for code in family.columns.cells if code != NOT_SAID):
            part = family.column(label)
            yield Table(code_of(code, label), part.cells, part.total)


def _codes(question: str) -> list[str]:
    """Return the answers to a question in the order of the pack, and last those who gave none."""
    return [*(option.code for option in content.load().question(question).options), NOT_SAID]


def _margin(counts: Mapping[tuple[str, str], int], side: int, labels: Iterable[str]) -> dict[str, int]:
    sums = dict.fromkeys(labels, 0)
    for pair, count in counts.items():
        sums[pair[side]] = sums.get(pair[side], 0) + count
    return sums


def _whole(counts: Mapping[tuple[str, str], int], rows: Protected, columns: Protected) -> dict[tuple[str, str], int]:
    return {(row, column): counts.get((row, column), 0) for row in rows.cells for column in columns.cells}
