"""The project's own source, read as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ORDER = ["content", "accounts", "stories", "advice", "moderation", "community"]


def files(*, migrations: bool = False) -> Iterator[tuple[str, Path]]:
    """Yield (app, path) of every Python file of the apps."""
    for app in ORDER:
        for path in sorted((ROOT / app).rglob("*.py")):
            if migrations or "migrations" not in path.parts:
                yield app, path


def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(), str(path))


def where(path: Path, node: ast.AST) -> str:
    """Return file and line, to be clicked."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
