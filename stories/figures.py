"""The published figures: which tables there are, and how each is protected before anybody sees it.

All tables come from people who let their story be counted. Tables that share a margin are protected together and
refreshed together (a *group*): one for the questions of each role, one for each treatment. No two tables of one group
are joined by a third (stage is not shown by type), which ``small_numbers`` asks for.

Between two refreshes of a group at least five stories more, or fewer, take part (``FIGURES_STEP``), unless fewer
than five are left: then all its numbers go, and nothing can be compared. Who compares two days learns how the tables
moved: a cell may have moved by one, and that one is among five or more people.
This is why no question is shown by type. Everybody sees on a new story of which type it is; were it the only new
one of that type, the number that moved in a table of that type would tell what the story itself never shows, as
the country. Only what a treatment did is shown by type or by stage: all of that stands on the stories anyway. What
nobody sees of a treatment, as how long, is shown of all who tried it, who are a group, as are those in one role.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import content
from content import Question
from stories.models import WriterRole
from stories.small_numbers import Cell, Protected, ProtectedFamily, one_way, two_way, yes_counts
from stories.tally import NOT_SAID, Rated, Said, answered, folded, rated
from stories.tried import CHOICES, UNSEEN

TYPE, STAGE, COUNTRY = "type", "stage", "country"
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
    pack = content.load()
    said = answered(question.code for question in pack.questions)
    for role in WriterRole.values:
        answers = said.get(role, {})
        people = sum(answers.get(COUNTRY, {}).values())
        yield Group(role, _questions(role, answers, people), people)
    stages = one_way(_labelled(STAGE, said.get(WriterRole.SELF, {}))).cells
    unshown = [code for code, count in stages.items() if count is None]
    helped, told = rated(UNSEEN)
    for treatment in pack.treatments:
        counts = helped.get(treatment.code, {})
        tables = _treatment(treatment.code, counts, told.get(treatment.code, {}), unshown)
        yield Group(treatment.code, tables, sum(counts.values()))


def tables_of(role: str) -> list[Question]:
    """Return the questions that have a table of those in this role: all that are for figures only, and the stage."""
    return [one for one in content.load().asked(role) if one.code == STAGE or not one.shown]


def code_of(table: str, within: str = "") -> str:
    """Return the name of a table: of one about all in a group, or of one about a question or a part of them."""
    return f"{table}.{within}" if within else table


def _questions(role: str, said: Said, people: int) -> Iterator[Table]:
    """Protect the tables about the questions. Each has all people in it: who did not answer is counted so."""
    everybody = one_way({"": people})
    for question in tables_of(role):
        code = code_of(role, question.code)
        if question.kind == "many":
            chose = said.get(question.code, {})
            codes = [option.code for option in question.options]
            cells = {one: yes_counts({"": chose.get(one, 0)}, {"": people}, everybody).total for one in codes}
            yield Table(code, cells, everybody.total)
        else:
            shown = one_way(_labelled(question.code, said))
            yield Table(code, _listed(shown) if question.code == COUNTRY else shown.cells, shown.total)


def _labelled(question: str, said: Said) -> dict[str, int]:
    """Return the counts of a question, 0 where there are none."""
    counts = said.get(question, {})
    if question == COUNTRY:
        return dict.fromkeys([*sorted(set(counts) - {NOT_SAID}), ELSEWHERE, NOT_SAID], 0) | counts
    return dict.fromkeys(_codes(question), 0) | counts


def _listed(countries: Protected) -> dict[str, Cell]:
    """Leave out the countries that are kept back: their names alone would tell that somebody lives there."""
    return {code: count for code, count in countries.cells.items() if count or code in {ELSEWHERE, NOT_SAID}}


def _treatment(code: str, counts: Rated, told: Said, unshown: Collection[str]) -> Iterator[Table]:
    """Protect what people say of one treatment: in all, by type, and by stage; and what only figures tell.

    A stage that is kept back of all people is kept back of those who tried something, too.
    """
    by = {question: folded(counts, place) for place, question in enumerate((TYPE, STAGE), start=1)}
    rows = one_way(_margin(by[TYPE], 0, [option.code for option in content.load().helpfulness]))
    yield Table(code, rows.cells, rows.total)
    for field in UNSEEN:
        options = dict.fromkeys([*(one.code for one in getattr(content.load(), CHOICES[field])), NOT_SAID], 0)
        alone = one_way(options | told.get(field, {}))
        yield Table(code_of(code, field), alone.cells, alone.total)
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
