from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.source import ORDER, ROOT, files, tree, where

LAYERS = ["models", "actions", "forms", "views", "urls"]


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        module = node.module or ""
        return [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return []


def own_layer(path: Path) -> str:
    """Return a file's layer, which may be a module or a package of that name."""
    return path.parent.name if path.parent.name in LAYERS else path.stem


def against_the_line(app: str, path: Path) -> list[str]:
    """Return what a file imports from an app to the right of its own, or from a layer above its own."""
    found = []
    for node in ast.walk(tree(path)):
        for name in imported(node):
            other, _, rest = name.partition(".")
            if other in ORDER and ORDER.index(other) > ORDER.index(app):
                found.append(f"{where(path, node)} imports {name}")
            layer, own = rest.partition(".")[0], own_layer(path)
            layered = other == app and own in LAYERS and layer in LAYERS
            if layered and LAYERS.index(layer) > LAYERS.index(own):
                found.append(f"{where(path, node)} imports {name}, a layer above it")
    return found


def test_imports_go_one_way() -> None:
    assert [line for app, path in files(migrations=True) for line in against_the_line(app, path)] == []


def test_imports_against_the_line_are_found(tmp_path: Path) -> None:
    wrong = ROOT / "stories" / "lifecycle.py"
    assert against_the_line("content", wrong) != []


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "services.py", "common.py", "signals.py", "admin.py"])
def test_no_room_without_a_name(name: str) -> None:
    assert [str(path) for _, path in files() if path.name == name] == []
