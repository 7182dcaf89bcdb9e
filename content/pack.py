"""Read a content pack from its TOML files, and say in a sentence what is wrong with one."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeGuard, TypeVar

from content.articles import ArticleText, read_articles
from content.checks import check_articles, check_pack, check_translation
from content.helplines import Helpline, Line, LineWords, in_words
from content.shapes import (
    ContentWarning,
    Country,
    Example,
    Option,
    Pack,
    PackError,
    Question,
    Reaction,
    Role,
    Rule,
    Site,
    StandIn,
    Step,
    Template,
    Treatment,
    Tried,
)
from content.sources import Advice, Card, Carer, Organisation, PackInfo, PartnerWords, Research, Source, Term

SHIPPED = Path(__file__).resolve().parent
FALLBACK = "en"
MAY_BE_EMPTY = frozenset({"link", "note"})
LINES = "helplines.toml"  # beside the languages: numbers, links and days; in each language: the words for them
# What TOML gives for a field's declared type.
PLAIN_TYPES: dict[object, type] = {str: str, bool: bool, int: int, date | None: date, Mapping[str, str]: Mapping}
ANSWERS = Mapping[str, str | tuple[str, ...]]
WORDS = Mapping[str, tuple[str, ...]]
# Which shape the tables of a list inside an entry have.
NESTED: dict[object, type] = {tuple[Option, ...]: Option, tuple[Tried, ...]: Tried}
TRIED_LISTS = ("helpfulness", "durations", "supervised", "endings", "reasons")

Entry = TypeVar("Entry")


_chosen = SHIPPED


def use(root: Path) -> None:
    """Take the pack of this folder for the one that the site speaks from."""
    global _chosen  # noqa: PLW0603 - one site has one pack, from its start on
    _chosen = root


def chosen() -> Path:
    """Return the folder of the pack that the site speaks from."""
    return _chosen


def load(language: str = FALLBACK) -> Pack:
    """Read the pack of a language once, in English where the language or one of its files is missing."""
    return _load(_chosen, _folder(_chosen, language))


def check(root: Path | None = None) -> None:
    """Raise PackError with a sentence for the first thing wrong in any language of the pack at `root`."""
    root = root or _chosen
    english = _read(root, FALLBACK)
    for folder in languages(root):
        pack = _read(root, folder)
        check_pack(pack)
        check_translation(pack, english)
        check_articles(pack, articles(root, folder), root)


def articles(root: Path | None = None, language: str = FALLBACK) -> list[ArticleText]:
    """Read the articles of one language of a pack; there is no falling back to English."""
    root = root or _chosen
    sources = {source.key: source for source in _read(root, language).advice.sources}
    return list(read_articles(root, language, sources))


def languages(root: Path | None = None) -> list[str]:
    """List the languages that a pack has a folder for."""
    return sorted(path.name for path in (root or _chosen).iterdir() if (path / "site.toml").is_file())


@lru_cache(maxsize=256)
def _folder(root: Path, language: str) -> str:
    """Choose the folder for a language tag: "pt-br", else "pt", else English."""
    tag = language.lower()
    # The tag may come from a request: nothing that is no plain tag may reach the file system.
    if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", tag):
        for name in (tag, tag.split("-")[0]):
            if (root / name / "site.toml").is_file():
                return name
    return FALLBACK


@lru_cache(maxsize=64)
def _load(root: Path, folder: str) -> Pack:
    return _read(root, folder)


def _read(root: Path, folder: str) -> Pack:
    """Read all files of one language into one Pack."""
    helplines = _table(root, folder, LINES)
    site = _table(root, folder, "site.toml")
    kinds = site.get("help_kinds")
    if not isinstance(kinds, Mapping):
        raise PackError("site.toml: the table help_kinds is missing.")
    words = _table(root, folder, "words.toml").get("forbidden_in_addresses")
    if not isinstance(words, list) or not words:
        raise PackError("words.toml: forbidden_in_addresses is missing.")
    tried = _table(root, folder, "tried.toml")
    return Pack(
        language=folder,
        site=_entry(Site, {**site, "help_kinds": MappingProxyType(dict(kinds))}, "site.toml"),
        rules=_entries(Rule, _table(root, folder, "rules.toml"), "rules"),
        warnings=_entries(ContentWarning, _table(root, folder, "warnings.toml"), "warnings"),
        roles=_entries(Role, _table(root, folder, "roles.toml"), "roles"),
        countries=_entries(Country, helplines, "countries"),
        helplines=_helplines(root, folder, helplines),
        examples=tuple(_examples(root, folder)),
        questions=_entries(Question, _table(root, folder, "questions.toml"), "questions"),
        treatments=_entries(Treatment, _table(root, folder, "treatments.toml"), "treatments"),
        **{name: _entries(Option, tried, name) for name in TRIED_LISTS},
        reactions=_entries(Reaction, _table(root, folder, "reactions.toml"), "reactions"),
        templates=_entries(Template, _table(root, folder, "templates.toml"), "templates"),
        stand_ins=_entries(StandIn, _table(root, folder, "desk.toml"), "stand_ins"),
        steps=_entries(Step, _table(root, folder, "desk.toml"), "steps"),
        forbidden_in_addresses=tuple(words),
        advice=_advice(root, folder),
    )


def _helplines(root: Path, folder: str, table: Mapping[str, Any]) -> tuple[Helpline, ...]:
    """Join the lines, which are the same in every language, with the words that this language has for each of them."""
    if not (root / LINES).is_file():
        raise PackError(f"{LINES}: the file with the numbers is missing.")
    hours = table.get("hours")
    if not isinstance(hours, Mapping) or not _is_list_of_texts([*hours.values()]):
        raise PackError(f"{LINES}: the table hours is missing, or holds what are no words.")
    lines = _entries(Line, _toml(root / LINES), "helplines")
    told = _entries(LineWords, table, "helplines")
    words = {one.code: one for one in told}
    for code in sorted({line.code for line in lines} ^ set(words)):
        raise PackError(f"{folder}, helplines: '{code}' is not both a line of the pack and one with words.")
    if len(words) < len(told):
        raise PackError(f"{folder}, helplines: a line has words twice.")
    try:
        return tuple(in_words(line, words[line.code], hours) for line in lines)
    except ValueError as error:
        raise PackError(f"{folder}, helplines: {error}.") from error


def _advice(root: Path, folder: str) -> Advice:
    """Read what a language says as advice, without its articles."""
    carers = _table(root, folder, "care_team.toml")
    organisations = _table(root, folder, "organisations.toml")
    card = carers.get("card")
    kinds = organisations.get("kinds")
    if not isinstance(card, Mapping) or not isinstance(kinds, Mapping):
        raise PackError("care_team.toml lacks the table card, or organisations.toml the table kinds.")
    return Advice(
        info=_entry(PackInfo, _table(root, folder, "pack.toml"), "pack.toml"),
        sources=_entries(Source, _table(root, folder, "sources.toml"), "sources"),
        terms=_entries(Term, _table(root, folder, "glossary.toml"), "terms"),
        carers=_entries(Carer, carers, "carers"),
        card=_entry(Card, card, "card"),
        organisations=_entries(Organisation, organisations, "organisations"),
        organisation_kinds=MappingProxyType(dict(kinds)),
        partner_words=_entry(PartnerWords, _table(root, folder, "partners.toml"), "partners.toml"),
        research=_entry(Research, _table(root, folder, "research.toml"), "research.toml"),
    )


def _table(root: Path, folder: str, name: str) -> dict[str, Any]:
    """Read one file of a language, or the English one where the language has none."""
    for place in (folder, FALLBACK):
        path = root / place / name
        if path.is_file():
            return _toml(path)
    raise PackError(f"{name}: the file is missing.")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(f"{path.name}: the file cannot be read: {error}.") from error


def _examples(root: Path, folder: str) -> Iterable[Example]:
    """Read the example stories, one file each, in the order of their file names."""
    place = root / folder / "examples"
    if not place.is_dir():
        place = root / FALLBACK / "examples"
    for path in sorted(place.glob("*.toml")):
        table = _toml(path)
        if isinstance(table.get("text"), str):
            table["text"] = table["text"].strip()
        yield _entry(Example, table, f"examples/{path.name}")


def _entries(shape: type[Entry], table: Mapping[str, Any], key: str) -> tuple[Entry, ...]:
    """Turn a list of tables into a tuple of one shape."""
    rows = table.get(key)
    if not isinstance(rows, list) or not rows:
        raise PackError(f"{key}: the list is missing or empty.")
    return tuple(_entry(shape, row, f"{key}, entry {number}") for number, row in enumerate(rows, start=1))


def _entry(shape: type[Entry], row: Mapping[str, Any], where: str) -> Entry:
    """Turn one table into its shape; a missing, empty, unknown or wrongly typed field is a PackError."""
    known: dict[str, Field[Any]] = {
        field.name: field
        for field in fields(shape)  # type: ignore[arg-type]  # every shape is a dataclass
    }
    unknown = sorted(set(row) - set(known))
    if unknown:
        raise PackError(f"{where}: '{unknown[0]}' is not a field.")
    values: dict[str, object] = {}
    for name, field in known.items():
        if name in row:
            values[name] = _value(row[name], field, where)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise PackError(f"{where}: '{name}' is missing.")
    return shape(**values)


def _value(value: object, field: Field[Any], where: str) -> object:
    """Check one value against the type its field declares."""
    if field.type in NESTED and isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        rows = enumerate(value, start=1)
        return tuple(_entry(NESTED[field.type], row, f"{where}, {field.name} {number}") for number, row in rows)
    if field.type == tuple[str, ...] and _is_list_of_texts(value):
        return tuple(value)
    if field.type in (ANSWERS, WORDS) and isinstance(value, Mapping):
        return _answers(value, where)
    right = PLAIN_TYPES.get(field.type)
    if right is None or not isinstance(value, right):
        raise PackError(f"{where}: '{field.name}' has the wrong type.")
    if isinstance(value, str) and not value.strip() and field.name not in MAY_BE_EMPTY:
        raise PackError(f"{where}: '{field.name}' is empty.")
    return value


def _is_list_of_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _answers(table: Mapping[str, object], where: str) -> Mapping[str, str | tuple[str, ...]]:
    """Read the answers of an example: a code, or a list of codes, for each question."""
    answers: dict[str, str | tuple[str, ...]] = {}
    for question, value in table.items():
        if isinstance(value, str):
            answers[question] = value
        elif _is_list_of_texts(value):
            answers[question] = tuple(value)
        else:
            raise PackError(f"{where}: the answer to '{question}' has the wrong type.")
    return MappingProxyType(answers)
