"""Articles of a pack: Markdown files with a front matter in TOML between two lines of ``+++``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.shapes import PackError
from content.sources import Source

FENCE = "+++"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CITED = re.compile(r"\[\^([^\]\s]+)\]")
KINDS = ("question", "guide", "partner")
TEXTS, LISTS = ("kind", "title", "short"), ("treatments", "facets", "related", "aliases")
LONGEST = {"title": 150, "short": 2_000, "body": 60_000}
LONGEST_WORD, HIGHEST_PLACE = 60, 30_000
RESERVED = frozenset({"words"})  # addresses below /advice/ that are pages of their own


@dataclass(frozen=True, slots=True)
class ArticleText:
    """Hold one article as a pack has it; ``sources`` are those that the body cites, in that order."""

    slug: str
    language: str
    kind: str
    order: int
    title: str
    short: str
    body: str
    sources: tuple[Source, ...]
    treatments: tuple[str, ...]
    facets: tuple[str, ...]
    related: tuple[str, ...]
    aliases: tuple[str, ...]


def read_articles(root: Path, language: str, sources: Mapping[str, Source]) -> Iterator[ArticleText]:
    """Read a language's articles in the order of their names; PackError names the file and the line."""
    for path in sorted((root / language / "advice").glob("*.md")):
        yield read_article(path, language, sources)


def read_article(path: Path, language: str, sources: Mapping[str, Source]) -> ArticleText:
    """Read one article; its file's name is its address."""
    where = f"{language}/advice/{path.name}"
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # and at no other sign that may end a line
    except UnicodeDecodeError as error:
        raise PackError(f"{where}: the file is not UTF-8.") from error
    if not SLUG.fullmatch(path.stem) or len(path.stem) > LONGEST_WORD:
        raise PackError(f"{where}: the name may hold {LONGEST_WORD} small letters, digits and hyphens, and no more.")
    if path.stem in RESERVED:
        raise PackError(f"{where}: the name belongs to another page.")
    if lines[0].strip() != FENCE or FENCE not in (line.strip() for line in lines[1:]):
        raise PackError(f"{where}, line 1: an article begins with {FENCE}, fields, and {FENCE}.")
    end = next(number for number, line in enumerate(lines[1:], start=1) if line.strip() == FENCE)
    fields = _fields("\n".join(lines[1:end]), where)
    body = "\n".join(lines[end + 1 :]).strip()
    if not body:
        raise PackError(f"{where}, line {end + 2}: there is no text below the fields.")
    if len(body) > LONGEST["body"]:
        raise PackError(f"{where}, line {end + 2}: the text has more than {LONGEST['body']} characters.")
    cited = _cited(lines[end + 1 :], end + 2, where, sources)
    lists = {name: tuple(fields.get(name, ())) for name in LISTS}
    return ArticleText(
        slug=path.stem,
        language=language,
        kind=fields["kind"],
        order=fields["order"],
        title=fields["title"].strip(),
        short=fields["short"].strip(),
        body=body,
        sources=cited,
        **lists,
    )


def _fields(text: str, where: str) -> dict[str, Any]:
    """Read the fields; the lines of TOML are counted from below the first fence."""
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) + 1 if found else text.count("\n") + 3
        raise PackError(f"{where}, line {line}: {error}.") from error
    lines = text.split("\n")
    for name, what in _faults(fields):
        raise PackError(f"{where}, line {_line(lines, 2, name)}: '{name}' {what}.")
    return fields


def line_of(path: Path, name: str) -> int:
    """Return the line on which a field of an article begins; 1 where it has none."""
    return _line(path.read_text(encoding="utf-8").split("\n"), 1, name)


def _line(lines: list[str], first: int, name: str) -> int:
    return next((number for number, line in enumerate(lines, start=first) if line.startswith(name)), 1)


def _faults(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the fields of an article, field by field."""
    yield from ((name, "is not a field") for name in sorted(set(fields) - {*TEXTS, *LISTS, "order"}))
    for name in TEXTS:
        if not isinstance(fields.get(name), str) or not fields[name].strip():
            yield name, "is missing, or says nothing"
    for name in LISTS:
        value = fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            yield name, "is not a list of words"
        elif any(len(one) > LONGEST_WORD for one in value):
            yield name, f"holds one of more than {LONGEST_WORD} characters"
    if type(fields.get("order")) is not int or not 0 <= fields["order"] <= HIGHEST_PLACE:
        yield "order", f"is not a number up to {HIGHEST_PLACE}"
    if fields.get("kind") not in KINDS:
        yield "kind", f"is none of {', '.join(KINDS)}"
    for name in ("title", "short"):
        if len(str(fields.get(name))) > LONGEST[name]:
            yield name, f"has more than {LONGEST[name]} characters"


def _cited(lines: list[str], first: int, where: str, sources: Mapping[str, Source]) -> tuple[Source, ...]:
    """Return the sources that the lines cite, each once."""
    keys: dict[str, None] = {}
    for number, line in enumerate(lines, start=first):
        for key in CITED.findall(line):
            if key not in sources:
                raise PackError(f"{where}, line {number}: '{key}' is not in sources.toml.")
            keys[key] = None
    return tuple(sources[key] for key in keys)
