"""The shapes of what a content pack holds: frozen, plain, and free of any app."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

INTERNATIONAL = "INT"


class PackError(Exception):
    """Say in one sentence what is wrong with a content pack, and in which file."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold one house rule; `reason` is the sentence an author reads when it is the reason."""

    code: str
    title: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContentWarning:
    """Hold one content warning; `label` is what a reader sees before opening a story."""

    code: str
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class Role:
    """Hold who may be writing: `label` for the writer, `reader_label` beside the story."""

    code: str
    label: str
    reader_label: str
    plural: str
    door: str
    door_text: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Country:
    """Hold one entry of the list of countries on the page with crisis help."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Helpline:
    """Hold one way to get help; `checked_on` is None until one of us rang or opened it."""

    country: str
    kind: str
    name: str
    contact: str
    hours: str
    link: str = ""
    note: str = ""
    for_young: bool = False
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """Hold one made-up story, which the site always shows as an example."""

    code: str
    role: str
    state: str
    title: str
    text: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """Hold what the pages say about the condition, so that no template names it."""

    condition: str
    condition_title: str
    tagline: str
    short_answer: tuple[str, ...]
    not_reviewed: str
    about: tuple[str, ...]
    disclaimer: str
    crisis_line: str
    unchecked_note: str
    reading_door: str
    reading_door_text: str
    minors_title: str
    minors_text: tuple[str, ...]
    help_kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pack:
    """Hold one language of the content pack, read once."""

    language: str
    site: Site
    rules: tuple[Rule, ...]
    warnings: tuple[ContentWarning, ...]
    roles: tuple[Role, ...]
    countries: tuple[Country, ...]
    helplines: tuple[Helpline, ...]
    examples: tuple[Example, ...]
    forbidden_in_addresses: tuple[str, ...]

    def rule(self, code: str) -> Rule:
        """Find a house rule by its code; KeyError when there is none."""
        return {rule.code: rule for rule in self.rules}[code]

    def warning(self, code: str) -> ContentWarning:
        """Find a content warning by its code; KeyError when there is none."""
        return {warning.code: warning for warning in self.warnings}[code]

    def role(self, code: str) -> Role:
        """Find a role by its code; KeyError when there is none."""
        return {role.code: role for role in self.roles}[code]

    def help_in(self, country: str, *, young: bool = False) -> tuple[Helpline, ...]:
        """List the help of a country, then the international list, which is all an unknown code gets."""
        codes = (country, INTERNATIONAL) if country != INTERNATIONAL else (INTERNATIONAL,)
        return tuple(
            line for code in codes for line in self.helplines if line.country == code and (line.for_young or not young)
        )
