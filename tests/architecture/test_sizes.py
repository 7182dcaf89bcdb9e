from __future__ import annotations

import ast

from tests.architecture.source import files, tree, where

FUNCTION_LINES = 40
FILE_LINES = 300


def test_functions_stay_small() -> None:
    long = [
        f"{where(path, node)} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for _, path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_files_stay_small() -> None:
    assert [str(path) for _, path in files() if len(path.read_text().splitlines()) > FILE_LINES] == []
