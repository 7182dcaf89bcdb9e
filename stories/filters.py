"""Filters of the list: neutral codes in an address, joined by dots.

Codes of one letter are one group: any of a group, all groups. A leading minus leaves out ("-w3" a warning,
"-r2" a role). A treatment and a helpfulness are asked of one row of what somebody tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import content
from content import Pack
from content.checks import SHOWN
from stories.facets import MEMBERS

ROLE, TREATMENT, HELPFULNESS, AUDIENCE, WARNING = "r", "t", "h", "a", "w"
STAGE = "s"


class UnknownFilter(ValueError):
    """A code that no story can carry."""


@dataclass(frozen=True)
class Filters:
    """What stories of a list have, and what they have not; made by ``of`` or ``parse``, so that equals are equal."""

    asked: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @classmethod
    def parse(cls, address: str) -> Filters:
        """Read an address; raise UnknownFilter for a code that is none."""
        return cls.of(code for code in address.split(".") if code)

    @classmethod
    def of(cls, codes: Iterable[str]) -> Filters:
        """Return the filters that some codes are, in one order whatever theirs was; raise UnknownFilter."""
        wanted = set(codes)
        asked = {code for code in wanted if not code.startswith("-")}
        left_out = {code[1:] for code in wanted - asked}
        pack = content.load()
        if not asked <= codes_to_ask(pack) or not left_out <= codes_to_leave_out(pack):
            raise UnknownFilter
        return cls(tuple(sorted(asked)), tuple(sorted(left_out)))

    @property
    def codes(self) -> list[str]:
        """Return all codes in the order of the address."""
        return [*self.asked, *(f"-{code}" for code in self.left_out)]

    @property
    def address(self) -> str:
        """Return the codes as they stand in an address; empty for no filter."""
        return ".".join(self.codes)

    def __bool__(self) -> bool:
        """Say whether anything is asked or left out."""
        return bool(self.asked or self.left_out)

    def with_(self, *codes: str) -> Filters:
        """Return these filters and some more."""
        return Filters.of([*self.codes, *codes])

    def less(self, *codes: str) -> Filters:
        """Return these filters without some of them."""
        return Filters.of(code for code in self.codes if code not in codes)

    def letter(self, letter: str) -> list[str]:
        """Return the codes of one group that are asked for."""
        return [code for code in self.asked if code[0] == letter]

    @property
    def groups(self) -> list[list[str]]:
        """Return the facets to have: any of each list, all lists."""
        by_letter = {letter: list(codes) for letter, codes in groupby(self.asked, lambda code: code[0])}
        if TREATMENT in by_letter and HELPFULNESS in by_letter:
            rows = by_letter.pop(TREATMENT)
            by_letter[HELPFULNESS] = [row + help_ for row in rows for help_ in by_letter[HELPFULNESS]]
        if by_letter.get(ROLE) == _roles():
            del by_letter[ROLE]
        return list(by_letter.values())

    @property
    def without_facets(self) -> list[str]:
        """Return the facets to leave out."""
        return [code for code in self.left_out if code[0] != WARNING]

    @property
    def without_warnings(self) -> list[str]:
        """Return the warnings to leave out."""
        return [code for code in self.left_out if code[0] == WARNING]

    @property
    def is_answerable(self) -> bool:
        """Say whether any story could match: only who has it is asked about stage, treatments and the like."""
        roles = set(self.letter(ROLE) or _roles()) - set(self.left_out)
        for_patients = any(code[0] not in (ROLE, AUDIENCE) for code in self.asked)
        return content.load().role("self").facet in roles if for_patients else bool(roles)


def like(facets: Iterable[str]) -> Filters:
    """Return the filters that find people like the writer of a story: same role and stage, a treatment in common."""
    known = codes_to_ask(content.load())
    return Filters.of(code for code in facets if code[0] in (ROLE, STAGE, TREATMENT) and code in known)


def codes_to_ask(pack: Pack) -> set[str]:
    """Return all codes that a list may be asked for."""
    answers = {option.code for name in SHOWN for option in pack.question(name).options}
    tried = {one.code for one in pack.treatments} | {one.code for one in pack.helpfulness}
    return {role.facet for role in pack.roles} | answers | tried | {MEMBERS}


def codes_to_leave_out(pack: Pack) -> set[str]:
    """Return all codes that a list may leave out."""
    return {role.facet for role in pack.roles} | {one.code for one in pack.warnings} | {MEMBERS}


def _roles() -> list[str]:
    return sorted(role.facet for role in content.load().roles)
