"""What articles cite, and the rest of what a pack says as advice: terms, carers, organisations, trials."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """Hold one work that an article cites by ``[^key]``; the title stays in the language of the work.

    ``year`` is 0 for a page that bears none.
    """

    key: str
    title: str
    publisher: str
    link: str
    year: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """Hold one entry of the glossary; ``aliases`` are other words that people type into a search."""

    code: str
    term: str
    text: str
    aliases: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carer:
    """Hold one role in a care team: what they do, how one is found, what to ask, what it may cost."""

    code: str
    name: str
    does: str
    find: str
    ask: tuple[str, ...]
    cost: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Hold the lines of the sheet that somebody may print for an appointment; it names neither them nor this site."""

    title: str
    intro: str
    asks: tuple[str, ...]
    wants: tuple[str, ...]
    stops: tuple[str, ...]
    closing: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """Hold one organisation; ``checked_on`` is None until one of us opened it, ``commercial`` marks who sells."""

    code: str
    country: str
    kind: str
    name: str
    link: str
    about: str
    language: str
    commercial: bool = False
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class PartnerWords:
    """Hold what helps and what hurts as stories put it, and words for a partner's own distress."""

    helps: tuple[str, ...]
    hurts: tuple[str, ...]
    own: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Research:
    """Hold how trials are looked for and told of; the keys of the mappings are the register's own."""

    terms: tuple[str, ...]
    statuses: Mapping[str, str]
    phases: Mapping[str, str]
    treatments: Mapping[str, tuple[str, ...]]
    intro: tuple[str, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class PackInfo:
    """Hold whose work a pack is, and what others may do with it."""

    name: str
    version: str
    authors: tuple[str, ...]
    licence: str
    note: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Hold what one language says as advice, without its articles, which are kept in the database."""

    info: PackInfo
    sources: tuple[Source, ...]
    terms: tuple[Term, ...]
    carers: tuple[Carer, ...]
    card: Card
    organisations: tuple[Organisation, ...]
    organisation_kinds: Mapping[str, str]
    partner_words: PartnerWords
    research: Research

    def cited(self, keys: Iterable[str]) -> list[Source]:
        """List the sources of these keys, in their order; KeyError when there is none."""
        known = {source.key: source for source in self.sources}
        return [known[key] for key in keys]
