"""Read a content pack from its TOML files, and say in a sentence what is wrong with one."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from content.shapes import (
    INTERNATIONAL,
    ContentWarning,
    Country,
    Example,
    Helpline,
    Pack,
    PackError,
    Role,
    Rule,
    Site,
)

HERE = Path(__file__).resolve().parent
FALLBACK = "en"
STATES = ("published", "waiting")
MAY_BE_EMPTY = frozenset({"link", "note"})
# What TOML gives for a field's declared type.
PLAIN_TYPES: dict[object, type] = {str: str, bool: bool, date | None: date, Mapping[str, str]: Mapping}

Entry = TypeVar("Entry")


def load(language: str = FALLBACK) -> Pack:
    """Read the pack of a language once, in English where the language or one of its files is missing."""
    return _load(HERE, _folder(HERE, language))


def check(root: Path = HERE) -> None:
    """Raise PackError with a sentence for the first thing wrong in any language of the pack at `root`."""
    for folder in sorted(path.name for path in root.iterdir() if (path / "site.toml").is_file()):
        _check(_read(root, folder))


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
    helplines = _table(root, folder, "helplines.toml")
    site = _table(root, folder, "site.toml")
    kinds = site.get("help_kinds")
    if not isinstance(kinds, Mapping):
        raise PackError("site.toml: the table help_kinds is missing.")
    words = _table(root, folder, "words.toml").get("forbidden_in_addresses")
    if not isinstance(words, list) or not words:
        raise PackError("words.toml: forbidden_in_addresses is missing.")
    return Pack(
        language=folder,
        site=_entry(Site, {**site, "help_kinds": MappingProxyType(dict(kinds))}, "site.toml"),
        rules=_entries(Rule, _table(root, folder, "rules.toml"), "rules"),
        warnings=_entries(ContentWarning, _table(root, folder, "warnings.toml"), "warnings"),
        roles=_entries(Role, _table(root, folder, "roles.toml"), "roles"),
        countries=_entries(Country, helplines, "countries"),
        helplines=_entries(Helpline, helplines, "helplines"),
        examples=tuple(_examples(root, folder)),
        forbidden_in_addresses=tuple(words),
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
        elif field.default is MISSING:
            raise PackError(f"{where}: '{name}' is missing.")
    return shape(**values)


def _value(value: object, field: Field[Any], where: str) -> object:
    """Check one value against the type its field declares."""
    lists = field.type == tuple[str, ...]
    if lists and isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
        return tuple(value)
    right = PLAIN_TYPES.get(field.type)
    if lists or right is None or not isinstance(value, right):
        raise PackError(f"{where}: '{field.name}' has the wrong type.")
    if isinstance(value, str) and not value.strip() and field.name not in MAY_BE_EMPTY:
        raise PackError(f"{where}: '{field.name}' is empty.")
    return value


def _check(pack: Pack) -> None:
    """Raise PackError for the first entry that contradicts another."""
    for name in ("rules", "warnings", "roles", "countries", "examples"):
        counted = Counter(entry.code for entry in getattr(pack, name))
        for code, count in counted.items():
            if count > 1:
                raise PackError(f"{pack.language}, {name}: the code '{code}' is there {count} times.")
    for word in pack.forbidden_in_addresses:
        if not re.fullmatch(r"[^\W\d_]{3,}", word) or word != word.lower():
            raise PackError(f"{pack.language}, words.toml: '{word}' is no lower-case part of a word.")
    _check_help(pack)
    _check_examples(pack)


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


def _check_examples(pack: Pack) -> None:
    """Raise PackError when an example names a role, warning or state that is not in the pack."""
    roles = {role.code for role in pack.roles}
    warnings = {warning.code for warning in pack.warnings}
    for example in pack.examples:
        if example.role not in roles:
            raise PackError(f"{pack.language}, examples: '{example.code}' has an unknown role.")
        if not set(example.warnings) <= warnings:
            raise PackError(f"{pack.language}, examples: '{example.code}' has an unknown warning.")
        if example.state not in STATES:
            raise PackError(f"{pack.language}, examples: '{example.code}' has an unknown state.")
