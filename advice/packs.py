"""A content pack in and out: what the site says, as files that another community can begin with."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import content
from advice.models import Version
from content import ArticleText, PackError
from content.articles import FENCE
from content.pack import LINES

LISTS = ("treatments", "facets", "related", "aliases")
CONTROLS = [*range(0x20), 0x7F]  # which TOML takes by their number only
SIGNS = {code: f"\\u{code:04x}" for code in CONTROLS} | {ord("\n"): "\\n", ord("\\"): "\\\\", ord('"'): '\\"'}


def read_pack(root: Path) -> list[ArticleText]:
    """Check a whole pack and return its articles in every language; PackError names the file and the line."""
    if not (root / "en" / "site.toml").is_file():
        raise PackError(f"There is no content pack at {root}: en/site.toml is missing.")
    content.check(root)
    return [text for language in content.languages(root) for text in content.articles(root, language)]


def write_pack(target: Path) -> Iterator[Path]:
    """Write the pack into an empty folder with the live articles as they are now; yield each file of an article.

    Lists and examples are copied as they lie in the pack of this site; sources are those that the articles cite.
    """
    if target.exists() and any(target.iterdir()):
        raise PackError(f"{target} is not empty. Please name a new folder.")
    rows = list(Version.objects.live().order_by("article__language", "article__slug"))
    sources = _all_sources(rows)
    for language in content.languages():
        shutil.copytree(
            content.chosen() / language, target / language, ignore=shutil.ignore_patterns("advice", "sources.toml")
        )
    shutil.copy(content.chosen() / LINES, target / LINES)
    (target / "en" / "sources.toml").write_text(_sources_file(sources), encoding="utf-8")
    for version in rows:
        path = target / version.article.language / "advice" / f"{version.article.slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article_file(version), encoding="utf-8")
        yield path


def article_file(version: Version) -> str:
    """Return a version as a file of a pack."""
    article = version.article
    fields = [
        f"kind = {_quoted(article.kind)}",
        f"order = {article.place}",
        f"title = {_quoted(version.title)}",
        f"short = {_quoted(version.short)}",
        *(f"{name} = [{', '.join(map(_quoted, getattr(version, name)))}]" for name in LISTS),
    ]
    return "\n".join([FENCE, *fields, FENCE, version.body.rstrip(), ""])


def _all_sources(rows: list[Version]) -> dict[str, Mapping[str, Any]]:
    """Return what the articles and the pack's own lists cite, each key once; PackError when two works share a key."""
    known: dict[str, Mapping[str, Any]] = {}
    for version in rows:
        for source in version.sources:
            if known.setdefault(source["key"], source) != source:
                raise PackError(f"{version.article.slug}: the key '{source['key']}' names another work elsewhere.")
    listed = tomllib.loads((content.chosen() / "en" / "sources.toml").read_text(encoding="utf-8"))["sources"]
    return {source["key"]: source for source in listed} | known


def _sources_file(sources: Mapping[str, Mapping[str, Any]]) -> str:
    parts = ["# What articles cite, by key: one list for all languages.\n"]
    for key in sorted(sources):
        row = sources[key]
        lines = [f"{name} = {_quoted(row[name])}" for name in ("key", "title", "publisher", "link")]
        year = [f"year = {row['year']}"] if row.get("year") else []
        parts.append("\n".join(["[[sources]]", *lines, *year, ""]))
    return "\n".join(parts)


def _quoted(value: str) -> str:
    """Return a TOML basic string (TOML 1.0)."""
    return f'"{value.translate(SIGNS)}"'
