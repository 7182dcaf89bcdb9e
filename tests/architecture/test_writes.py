"""Every write is an action; every read of something public starts from one QuerySet."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import ROOT, files, tree, where

WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "acreate", "asave", "adelete", "aupdate", "save_base", "raw",
}  # fmt: skip
# Who else may write: the actions beside accounts/actions.py, the session store, which Django calls, the counts of
# guesses, which are nobody's, and the functions that move a revision, and a version.
WRITERS = {
    *("accounts/keeping.py", "accounts/limits.py", "accounts/sessions.py"),
    *("advice/lifecycle.py", "stories/lifecycle.py"),
}
NOT_ROWS = {"self.errors", "hashlib", "mac", "seen", "context", "session", "response"}


def writes(path: Path) -> list[str]:
    """Return the calls in a file that could write a row."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            target = ast.unparse(node.func.value)
            if target not in NOT_ROWS and not target.startswith(("request.session", "self.fields", "super()")):
                found.append(f"{where(path, node)} {target}.{node.func.attr}()")
    return found


def raw_sql(path: Path) -> list[str]:
    """Return SQL in a file that writes."""
    verbs = ("INSERT ", "UPDATE ", "DELETE ", "TRUNCATE ")
    return [
        f"{where(path, node)} {node.value[:40]!r}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lstrip().startswith(verbs)
    ]


def test_writes_are_actions() -> None:
    outside = [
        line
        for _, path in files()
        if path.name != "actions.py" and path.parent.name != "actions" and str(path.relative_to(ROOT)) not in WRITERS
        for line in [*writes(path), *raw_sql(path)]
    ]
    assert outside == []


def test_writes_are_found() -> None:
    assert writes(ROOT / "stories" / "actions" / "texts.py") != []


def test_views_start_from_scoped_querysets() -> None:
    loose = [
        f"{where(path, node)} {ast.unparse(node)}"
        for _, path in files()
        if "views" in {path.stem, path.parent.name}
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"get", "filter", "all"}
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "objects"
    ]
    assert loose == []


def test_publications_are_read_through_one_door() -> None:
    inside = ("stories/actions/", "stories/models/")
    other = [
        f"{where(path, node)} {ast.unparse(node)}"
        for _, path in files()
        if not str(path.relative_to(ROOT)).startswith(inside)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and ast.unparse(node.value) == "Publication.objects"
        and node.attr != "readable_by"
    ]
    assert other == []
