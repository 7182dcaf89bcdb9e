"""What must hold in one language of a content pack, each with the sentence for when it does not."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from content.articles import ArticleText, line_of
from content.helplines import dialled
from content.shapes import INTERNATIONAL, Example, Option, Pack, PackError, Question

STATES = ("published", "waiting")
LISTS = (
    "rules",
    "warnings",
    "roles",
    "countries",
    "helplines",
    "examples",
    "questions",
    "templates",
    "stand_ins",
    "steps",
)
DESK = ("templates", "stand_ins", "steps")  # what moderators work with
KINDS = ("one", "many")
SENTENCE = re.compile(r"[^.?!\s][^.?!]*[.?!]")

# The software knows these questions by their codes: whom each is asked, and the letter of its options.
SELF, OTHERS, ALL = ("self",), ("partner", "friend"), ("self", "partner", "friend")
QUESTIONS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "stage": (SELF, "s"),
    "type": (SELF, "y"),
    "goal": (SELF, "g"),
    "affected": (SELF, "f"),
    "diagnosis": (SELF, "n"),
    "recognised_by": (SELF, "k"),
    "time_to_name": (SELF, "u"),
    "time_living": (SELF, "v"),
    "also": (SELF, "o"),
    "barriers": (SELF, "b"),
    "partner_involved": (SELF, "q"),
    "whose": (OTHERS, "x"),
    "age": (ALL, "e"),
    "relationship": (ALL, "p"),
    "country": (ALL, ""),
}
# It names these house rules as reasons, and finds these pages by the words of the pack.
RULES = frozenset({"contact", "explicit", "identify", "instruct", "own", "promote", "safety"})
PAGES = frozenset(
    "about accessibility account advice care_team help_now home mine new numbers organisations partners privacy "
    "receipt research rules treatments words".split()
)
# Readers may see the answers to these; all others could single somebody out, and feed the statistics only.
SHOWN = frozenset({"stage", "type", "goal"})
# Its choices are the countries of the world, and the software asks for it.
WITHOUT_OPTIONS = "country"


def check_pack(pack: Pack) -> None:
    """Raise PackError for the first entry that contradicts another."""
    for name in LISTS:
        _once(pack, name, [entry.code for entry in getattr(pack, name)])
    _once(pack, "codes", [option.code for option in pack.coded()])
    for word in pack.forbidden_in_addresses:
        if not re.fullmatch(r"[^\W\d_]{3,}", word) or word != word.lower():
            raise PackError(f"{pack.language}, words.toml: '{word}' is no lower-case part of a word.")
    for name, known, own in (
        ("rules", RULES, {rule.code for rule in pack.rules}),
        ("page_names", PAGES, set(pack.site.page_names)),
    ):
        for code in sorted(known - own):
            raise PackError(f"{pack.language}, {name}: '{code}' is missing, and the software asks for it.")
    _check_codes(pack)
    _check_questions(pack)
    _check_treatments(pack)
    _check_help(pack)
    _check_advice(pack)
    for one in pack.stand_ins:
        if not re.fullmatch(r"\[[^\[\]]+\]", one.words):
            raise PackError(f"{pack.language}, stand_ins: '{one.words}' does not stand in square brackets.")
    for example in pack.examples:
        _check_example(pack, example)


def check_translation(pack: Pack, english: Pack) -> None:
    """Raise PackError when a language lacks a code of the English pack, or has one more."""
    lists = [[{option.code for option in which.coded()} for which in (pack, english)]]
    lists += [[{one.code for one in getattr(which, name)} for which in (pack, english)] for name in DESK]
    lists += [[{one.code for one in which.advice.terms} for which in (pack, english)]]
    lists += [[{one.code for one in which.advice.carers} for which in (pack, english)]]
    for own, known in lists:
        for code in sorted(own ^ known):
            raise PackError(f"{pack.language}: the code '{code}' is not in both this language and English.")
    _check_facts(pack, english)


def _check_facts(pack: Pack, english: Pack) -> None:
    """Raise PackError when a language tells another number, link or day of somebody to turn to than English does."""
    notes = {line.code: sorted(dialled(line.note)) for line in english.helplines}
    for line in pack.helplines:
        if sorted(dialled(line.note)) != notes[line.code]:
            raise PackError(f"{pack.language}, helplines: the note of '{line.code}' has other numbers than in English.")
    facts = {one.code: replace(one, name="", about="") for one in english.advice.organisations}
    for one in pack.advice.organisations:
        if replace(one, name="", about="") != facts.get(one.code):
            raise PackError(f"{pack.language}, organisations: '{one.code}' is told of otherwise than in English.")


def check_articles(pack: Pack, articles: list[ArticleText], root: Path) -> None:
    """Raise PackError when an article names what is not there, or has an address that tells of the condition."""
    slugs = {article.slug for article in articles}
    treatments = {treatment.code for treatment in pack.treatments}
    facets = {option.code for code in sorted(SHOWN) for option in pack.question(code).options}
    for article in articles:
        where = f"{pack.language}/advice/{article.slug}.md"
        for name, known in (("related", slugs), ("treatments", treatments), ("facets", facets)):
            for code in getattr(article, name):
                if code not in known:
                    raise PackError(f"{where}, line {line_of(root / where, name)}: there is no '{code}'.")
        for word in pack.forbidden_in_addresses:
            if word in article.slug:
                raise PackError(f"{where}: its name holds '{word}', which no address may hold.")


def _check_advice(pack: Pack) -> None:
    """Raise PackError when what is said as advice names what is not there, or a link is not https."""
    said = pack.advice
    keys = [source.key for source in said.sources]
    _once(pack, "sources", keys)
    for name, codes in (
        ("terms", [term.code for term in said.terms]),
        ("carers", [carer.code for carer in said.carers]),
        ("organisations", [organisation.code for organisation in said.organisations]),
    ):
        _once(pack, name, codes)
    cited: list[tuple[str, Iterable[str]]] = [(term.code, term.sources) for term in said.terms]
    cited += [(carer.code, carer.sources) for carer in said.carers]
    cited += [(treatment.code, treatment.sources) for treatment in pack.treatments]
    cited += [("site.toml", pack.site.short_answer_sources)]
    cited += [("organisations", [one.kind]) for one in said.organisations if one.kind not in said.organisation_kinds]
    treatments = {treatment.code for treatment in pack.treatments}
    cited += [("research.toml", [code]) for code in said.research.treatments if code not in treatments]
    for where, named in cited:
        for code in named:
            if code not in keys:
                raise PackError(f"{pack.language}, {where}: there is no '{code}'.")
    for link in [*(source.link for source in said.sources), *(one.link for one in said.organisations)]:
        if not link.startswith("https://"):
            raise PackError(f"{pack.language}: the link '{link}' is not https.")


def _once(pack: Pack, name: str, codes: list[str]) -> None:
    for code, count in Counter(codes).items():
        if count > 1:
            raise PackError(f"{pack.language}, {name}: the code '{code}' is there {count} times.")


def _check_codes(pack: Pack) -> None:
    """Raise PackError for a code that is not of its list's form, or holds a word no address may hold."""
    for pattern, codes in _forms(pack):
        for code in codes:
            if not re.fullmatch(pattern, code):
                raise PackError(f"{pack.language}: the code '{code}' is not of the form {pattern}.")
    codes = [option.code for option in pack.coded()]
    for name in LISTS:
        codes += [entry.code for entry in getattr(pack, name)]
    codes += _advice_codes(pack)
    for code in codes:
        for word in pack.forbidden_in_addresses:
            if word in code.lower():
                raise PackError(f"{pack.language}: the code '{code}' holds '{word}', which no address may hold.")


def _advice_codes(pack: Pack) -> list[str]:
    """List the codes of what is said as advice: each stands in an address, as an anchor or as a filter."""
    said = pack.advice
    lists = (said.terms, said.carers, said.organisations)
    return [one.code for codes in lists for one in codes] + list(said.organisation_kinds)


def _forms(pack: Pack) -> Iterator[tuple[str, list[str]]]:
    """List the form that the codes of a list have, and those codes."""
    yield r"r\d", [role.facet for role in pack.roles]
    yield r"w\d{1,2}", [warning.code for warning in pack.warnings]
    yield r"t\d\d", [treatment.code for treatment in pack.treatments]
    yield r"c\d", [reaction.code for reaction in pack.reactions]
    yield r"[a-z][a-z0-9_]{0,19}", _advice_codes(pack)
    lists: dict[str, tuple[Option, ...]] = {
        "h": pack.helpfulness,
        "d": pack.durations,
        "m": pack.supervised,
        "z": pack.endings,
        "i": pack.reasons,
    }
    for question in pack.questions:
        _, letter = QUESTIONS.get(question.code, ((), ""))
        if letter:
            lists[letter] = question.options
    for letter, options in lists.items():
        yield rf"{letter}\d{{1,2}}", [option.code for option in options]


def _check_questions(pack: Pack) -> None:
    """Raise PackError when the questions are not the ones that the software asks."""
    missing = sorted(set(QUESTIONS) ^ {question.code for question in pack.questions})
    if missing:
        raise PackError(f"{pack.language}, questions: '{missing[0]}' is missing, or is none the software knows.")
    roles = {role.code for role in pack.roles}
    for question in pack.questions:
        where = f"{pack.language}, questions: '{question.code}'"
        if not set(question.roles) <= roles:
            raise PackError(f"{where} has an unknown role.")
        if set(question.roles) != set(QUESTIONS[question.code][0]):
            raise PackError(f"{where} is asked of somebody else than the software expects.")
        if question.kind not in KINDS:
            raise PackError(f"{where} is of no known kind.")
        if question.shown != (question.code in SHOWN):
            raise PackError(f"{where} may not change whether readers see it.")
        if bool(question.options) == (question.code == WITHOUT_OPTIONS):
            raise PackError(f"{where} has options where it may not, or has none.")


def _check_treatments(pack: Pack) -> None:
    """Raise PackError when a treatment is not told in three sentences."""
    for treatment in pack.treatments:
        if len(treatment.about) != 3 or not all(SENTENCE.fullmatch(text) for text in treatment.about):
            raise PackError(f"{pack.language}, treatments: '{treatment.code}' is not told in three sentences.")


def _check_help(pack: Pack) -> None:
    """Raise PackError when help names an unknown country or kind, or a country has none."""
    countries = {country.code for country in pack.countries}
    for line in pack.helplines:
        if line.country not in countries:
            raise PackError(f"{pack.language}, helplines: '{line.name}' names no country of the list.")
        if line.kind not in pack.site.help_kinds:
            raise PackError(f"{pack.language}, helplines: '{line.name}' is of no known kind.")
    for code in countries | {INTERNATIONAL}:
        for young in (False, True):
            if not any(line.country == code for line in pack.help_in(code, young=young)):
                whom = "young people" if young else "adults"
                raise PackError(f"{pack.language}, helplines: '{code}' has no help for {whom}.")


def _check_example(pack: Pack, example: Example) -> None:
    """Raise PackError when an example names something that is not in the pack, or its role is not asked."""
    where = f"{pack.language}, examples: '{example.code}'"
    if example.role not in {role.code for role in pack.roles}:
        raise PackError(f"{where} has an unknown role.")
    if not set(example.warnings) <= {warning.code for warning in pack.warnings}:
        raise PackError(f"{where} has an unknown warning.")
    if example.state not in STATES:
        raise PackError(f"{where} has an unknown state.")
    asked = {question.code: question for question in pack.asked(example.role) if question.shown}
    for code, answer in example.answers.items():
        if code not in asked or not _answers(asked[code], answer):
            raise PackError(f"{where} has an answer to '{code}' that a reader could not see.")
    _check_tried(pack, example, where)


def _answers(question: Question, answer: str | tuple[str, ...]) -> bool:
    """Say whether an answer has the question's kind and names options of it, each once."""
    codes = answer if isinstance(answer, tuple) else (answer,)
    known = {option.code for option in question.options}
    return (
        isinstance(answer, tuple) == (question.kind == "many") and len(set(codes)) == len(codes) and {*codes} <= known
    )


def _check_tried(pack: Pack, example: Example, where: str) -> None:
    """Raise PackError when what an example tried is not in the pack's lists, or is not the writer's own."""
    if example.treatments and example.role not in SELF:
        raise PackError(f"{where} tells of treatments that are not the writer's own.")
    if len({tried.code for tried in example.treatments}) < len(example.treatments):
        raise PackError(f"{where} names a treatment twice.")
    for tried in example.treatments:
        named = {
            "treatment": ({treatment.code for treatment in pack.treatments}, tried.code),
            "help": ({option.code for option in pack.helpfulness}, tried.help),
            "duration": ({"", *(option.code for option in pack.durations)}, tried.duration),
            "supervised": ({"", *(option.code for option in pack.supervised)}, tried.supervised),
            "ending": ({"", *(option.code for option in pack.endings)}, tried.ending),
            "reason": ({"", *(option.code for option in pack.reasons)}, tried.reason),
        }
        for field, (known, code) in named.items():
            if code not in known:
                raise PackError(f"{where} names an unknown {field} '{code}'.")
