"""The shapes of what a content pack holds: frozen, plain, and free of any app."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from content.helplines import Helpline
from content.sources import Advice

INTERNATIONAL = "INT"
DANGER = "emergency"  # the kind of help that has a number in every country


class PackError(Exception):
    """Say in one sentence what is wrong with a content pack, and in which file."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold one house rule; `reason` is the sentence an author reads when it is the reason.

    A break of a `grave` rule can harm somebody at once; who breaks an `abuse` rule often is held up for a while.
    """

    code: str
    title: str
    text: str
    reason: str
    grave: bool = False
    abuse: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """Hold words to a writer to begin from; what stands in square brackets is a gap to be filled."""

    code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """Hold general words, in square brackets, that a moderator may propose in place of a writer's."""

    code: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one step of what moderators do when somebody may be in danger."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ContentWarning:
    """Hold one content warning; `label` is what a reader sees before opening a story.

    One that is `for_crisis` is offered to a writer whose words sound like wanting to die, or hurting oneself.
    """

    code: str
    label: str
    description: str
    for_crisis: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """Hold who may be writing: `label` for the writer, `reader_label` beside the story, `facet` in addresses."""

    code: str
    facet: str
    label: str
    reader_label: str
    plural: str
    door: str
    door_text: str
    prompt: str
    prompts: tuple[str, ...]
    title_hint: str


@dataclass(frozen=True, slots=True)
class Option:
    """Hold one choice of a list; `short` is a few words for a small card, else the label again."""

    code: str
    label: str
    short: str = ""

    def __post_init__(self) -> None:
        """Take the label where no shorter one is given."""
        object.__setattr__(self, "short", self.short or self.label)


@dataclass(frozen=True, slots=True)
class Question:
    """Hold one question that may be left unanswered; one that is not `shown` feeds the statistics only."""

    code: str
    kind: str
    roles: tuple[str, ...]
    shown: bool
    label: str
    filter_label: str
    options: tuple[Option, ...]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Treatment:
    """Hold one entry of the list of treatments; `about` is three sentences, which rest on the `sources`."""

    code: str
    name: str
    short: str
    about: tuple[str, ...]
    aliases: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """Hold one way to nod to a story; a page puts a number before `counted`."""

    code: str
    label: str
    counted: str


@dataclass(frozen=True, slots=True)
class Tried:
    """Hold what an example says of one treatment, in codes; `tip` is a line in the writer's words."""

    code: str
    help: str
    duration: str = ""
    supervised: str = ""
    ending: str = ""
    reason: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Country:
    """Hold one entry of the list of countries on the page with crisis help."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Example:
    """Hold one made-up story, which the site always shows as an example."""

    code: str
    role: str
    state: str
    title: str
    text: str
    warnings: tuple[str, ...]
    answers: Mapping[str, str | tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    treatments: tuple[Tried, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """Hold what the pages say about the condition, so that no template names it.

    ``page_names`` are the words by which people look for a page of the site.
    """

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
    reply_rule: str
    reply_prompt: str
    hope_label: str
    hope_help: str
    help_kinds: Mapping[str, str]
    page_names: Mapping[str, str | tuple[str, ...]]
    short_answer_sources: tuple[str, ...] = ()


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
    questions: tuple[Question, ...]
    treatments: tuple[Treatment, ...]
    helpfulness: tuple[Option, ...]
    durations: tuple[Option, ...]
    supervised: tuple[Option, ...]
    endings: tuple[Option, ...]
    reasons: tuple[Option, ...]
    reactions: tuple[Reaction, ...]
    templates: tuple[Template, ...]
    stand_ins: tuple[StandIn, ...]
    steps: tuple[Step, ...]
    forbidden_in_addresses: tuple[str, ...]
    advice: Advice
    _coded: Mapping[str, Option] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note once what every code is called, since a page of stories asks often."""
        object.__setattr__(self, "_coded", MappingProxyType({option.code: option for option in self.coded()}))

    def coded(self) -> Iterator[Option]:
        """List all that a story may carry or an address may ask for, reduced to code and label."""
        yield from (Option(role.facet, role.reader_label) for role in self.roles)
        yield from (Option(warning.code, warning.label) for warning in self.warnings)
        for question in self.questions:
            yield from question.options
        yield from (Option(treatment.code, treatment.name, treatment.short) for treatment in self.treatments)
        for options in (self.helpfulness, self.durations, self.supervised, self.endings, self.reasons):
            yield from options
        yield from (Option(reaction.code, reaction.label) for reaction in self.reactions)

    def label(self, code: str) -> str:
        """Say what a code that `coded` lists is called; KeyError when there is none."""
        return self._coded[code].label

    def short(self, code: str) -> str:
        """Say it in a few words, for a small card; KeyError when there is none."""
        return self._coded[code].short

    def question(self, code: str) -> Question:
        """Find a question by its code; KeyError when there is none."""
        return {question.code: question for question in self.questions}[code]

    def asked(self, role: str) -> tuple[Question, ...]:
        """List the questions that a writer in this role is asked, in the order of the form."""
        return tuple(question for question in self.questions if role in question.roles)

    def treatment(self, code: str) -> Treatment:
        """Find a treatment by its code; KeyError when there is none."""
        return {treatment.code: treatment for treatment in self.treatments}[code]

    def role_of(self, facet: str) -> Role:
        """Find a role by the code that stands for it in addresses; KeyError when there is none."""
        return {role.facet: role for role in self.roles}[facet]

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
        """List a country's help, then the international list, without how a number is found if the country has one."""
        lines = [line for line in self.helplines if line.for_young or not young]
        own = tuple(line for line in lines if line.country == country != INTERNATIONAL)
        skip = DANGER if any(line.kind == DANGER for line in own) else ""
        return own + tuple(line for line in lines if line.country == INTERNATIONAL and line.kind != skip)
