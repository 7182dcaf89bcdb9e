"""The filters in words: what a page offers, what it says is on, and what a story shares with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import content
from content import Pack
from content.checks import SHOWN
from stories.facets import MEMBERS
from stories.filters import ROLE, Filters


@dataclass(frozen=True)
class Offer:
    """One box of the form; what is not part of the filters but of a reader's choices is none."""

    code: str
    label: str
    is_on: bool


@dataclass(frozen=True)
class Group:
    """Some boxes under one heading."""

    title: str
    offers: list[Offer]

    @property
    def on(self) -> int:
        """Say how many are on."""
        return sum(offer.is_on for offer in self.offers)


@dataclass(frozen=True)
class Chip:
    """One filter that is on, and the address of the list without it."""

    label: str
    rest: str


def chips(filters: Filters, *, partners_hidden: bool = False) -> list[Chip]:
    """Return what is on, each with the filters that remain without it.

    All roles together say no more than that nobody is left out, which is how a reader's own choice is set
    aside for one list; ``partners_hidden`` says that this choice is on.
    """
    roles = _roles()
    everybody = set(roles) <= set(filters.asked)
    found = [
        Chip(chip_label(code), filters.less(code).address)
        for code in filters.codes
        if not (everybody and code in roles)
    ]
    if everybody:
        found.insert(0, Chip(_("Everybody who writes"), filters.less(*roles).address))
    if partners_hidden:
        found.append(Chip(_("Partners’ stories are left out, as you chose"), filters.with_(*roles).address))
    return found


def chip_label(code: str) -> str:
    """Say what one filter is, without the form around it."""
    pack = _pack()
    if code.startswith("-"):
        return _("Without: %(what)s") % {"what": _plain(pack, code[1:])}
    if code[0] == "t":
        return _("Tried: %(what)s") % {"what": pack.short(code)}
    for name in SHOWN:
        question = pack.question(name)
        if any(option.code == code for option in question.options):
            return f"{question.filter_label}: {pack.short(code)}"
    return _plain(pack, code)


def shared(filters: Filters, facets: Iterable[str]) -> list[str]:
    """Say in words what a story with these facets has of what was asked for."""
    pack, has = _pack(), set(facets)
    wanted = [code for group in filters.groups for code in group if code in has]
    return [pack.role_of(code).reader_label if code[0] == ROLE else _plain(pack, code) for code in wanted]


def groups(filters: Filters, *, for_member: bool) -> list[Group]:
    """Return all that a list can be asked for, in the order of the form."""
    pack, on = _pack(), set(filters.codes)

    def group(title: str, codes: Iterable[str]) -> Group:
        return Group(title, [Offer(code, _plain(pack, code.removeprefix("-")), code in on) for code in codes])

    partner = f"-{pack.role('partner').facet}"
    found = [group(_("Who writes"), _roles())]
    for name in SHOWN:
        question = pack.question(name)
        found.append(group(question.filter_label, (option.code for option in question.options)))
    found += [
        group(_("What was tried"), (one.code for one in pack.treatments)),
        group(_("How it went"), (one.code for one in pack.helpfulness)),
    ]
    if for_member:
        found.append(group(_("Who may read it"), [MEMBERS]))
        found[-1].offers.append(Offer(f"-{MEMBERS}", _("Everybody"), f"-{MEMBERS}" in on))
    found.append(group(_("Leave out"), (f"-{one.code}" for one in pack.warnings)))
    found[-1].offers.insert(0, Offer(partner, _("Partners’ stories"), partner in on))
    return found


def _plain(pack: Pack, code: str) -> str:
    """Say what a code stands for in a few words."""
    if code == MEMBERS:
        return _("Members only")
    if code[0] == ROLE:
        return pack.role_of(code).plural
    if code[0] == "t" and "h" in code:
        row, helped = code[: code.index("h")], code[code.index("h") :]
        return f"{pack.short(row)}: {pack.short(helped)}"
    return pack.short(code)


def _roles() -> list[str]:
    return [role.facet for role in content.load().roles]


def _pack() -> Pack:
    return content.load(get_language() or settings.LANGUAGE_CODE)
