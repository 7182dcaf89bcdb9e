"""docs/security.md names nothing that is not there, and every requirement of the list, each once."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache

from tests.architecture.source import ROOT

PAGE = (ROOT / "docs/security.md").read_text()
MODULE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|html|js|css|json|md|txt|toml))(?:::\w+)?`")
TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
NUMBER = re.compile(r"V\d+(?:\.\d+){0,2}(?:-\d+)?")
STATES = {"met", "does not apply", "open"}
# ASVS 5.0.0: all of levels 1 and 2, and what was taken along of level 3.
OUT = "V5 V9 V10 V17 V4.3 V4.4 V6.8 V7.6 V6.6.1 V1.2.6-8 V1.3.4 V1.3.8 V1.3.9 V1.4 V7.1.3 V8.4.1 V12.1.3"
LEVEL_2 = """
V1.1.1-2 V1.2.1-3 V1.2.4-5 V1.2.9 V1.3.1-3 V1.3.5 V1.3.7 V1.3.6 V1.3.10-11 V1.5.1-2
V2.1.1-3 V2.2.1-3 V2.3.1-2 V2.3.3-4 V2.4.1
V3.2.1-2 V3.3.1-4 V3.4.1-2 V3.4.3-6 V3.5.1-5 V3.7.1-2
V4.1.1-3 V4.2.1
V6.1.1-3 V6.2.1-8 V6.2.9-12 V6.3.1-2 V6.3.3 V6.3.4 V6.4.1-4 V6.5.1-5 V6.6.2-3
V7.1.1-2 V7.2.1-4 V7.3.1-2 V7.4.1-2 V7.4.3-5 V7.5.1-2
V8.1.1-2 V8.2.1-3 V8.3.1
V11.1.1-2 V11.2.1-3 V11.3.1-3 V11.4.1-4 V11.5.1 V11.6.1
V12.1.1-2 V12.2.1-2 V12.3.1-4
V13.1.1 V13.2.1-5 V13.3.1-2 V13.4.1-5
V14.1.1-2 V14.2.1-4 V14.3.1-3
V15.1.1-3 V15.2.1-3 V15.3.1-7
V16.1.1 V16.2.1-5 V16.3.1-4 V16.4.1-3 V16.5.1-3
"""
LEVEL_3 = """
V1.2.10 V1.3.12 V2.3.5 V3.4.8 V3.5.8 V6.3.6 V6.3.8 V6.5.6 V7.5.3 V8.3.2 V11.2.4 V11.3.4 V12.1.5 V13.4.6 V14.2.7 V15.4.2
"""


def expanded(numbers: str) -> list[str]:
    """Return every number for itself: V1.2.6-8 is three."""
    found = []
    for one in NUMBER.findall(numbers):
        first, _dash, last = one.partition("-")
        section, _dot, number = first.rpartition(".")
        found += [f"{section}.{each}" for each in range(int(number), int(last) + 1)] if last else [first]
    return found


WANTED = expanded(f"{OUT} {LEVEL_2} {LEVEL_3}")


@cache
def named_in(path: str) -> set[str]:
    """Return the names of a file's tests; none for a file that is not there."""
    if not (ROOT / path).is_file():
        return set()
    there = ast.walk(ast.parse((ROOT / path).read_text()))
    return {node.name for node in there if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def faults(page: str) -> list[str]:
    """Return what a page names that is not there, and what its table lacks or has twice."""
    found = [f"no test {path}::{name}" for path, name in TEST.findall(page) if name not in named_in(path)]
    found += [f"no file {path}" for path in MODULE.findall(page) if not (ROOT / path).is_file()]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| V")]
    found += [f"no state: {row[0]}" for row in rows if len(row) != 3 or row[1] not in STATES or not row[2]]
    listed = Counter(number for row in rows for number in expanded(row[0]))
    found += [f"{number} is there {listed[number]} times" for number in WANTED if listed[number] != 1]
    return found + [f"{number} is not of the list" for number in listed if number not in WANTED]


def test_the_security_page_names_what_is_there_and_every_requirement_once() -> None:
    assert len(TEST.findall(PAGE)) > 50
    assert max(Counter(WANTED).values()) == 1
    assert faults(PAGE) == []


def test_what_is_wrong_with_a_security_page_is_found() -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("| V16.4.1 "))
    for other, fault in (
        (
            PAGE.replace("::test_a_line_stays_one_line", "::test_gone"),
            "no test tests/community/test_logs.py::test_gone",
        ),
        (f"{PAGE}`tests/gone/test_gone.py::test_gone`", "no file tests/gone/test_gone.py"),
        (f"{PAGE}`accounts/gone.py`", "no file accounts/gone.py"),
        (PAGE.replace(row, ""), "V16.4.1 is there 0 times"),
        (f"{PAGE}\n{row}", "V16.4.1 is there 2 times"),
        (PAGE.replace(row, row.replace("| met |", "| fine |")), "no state: V16.4.1"),
        (f"{PAGE}\n| V16.9.9 | met | here |", "V16.9.9 is not of the list"),
    ):
        assert fault in faults(other), fault


def test_ranges_are_every_number_in_them() -> None:
    assert expanded("V1.2.6-8, V1.4, V5 V1.3.10-11") == "V1.2.6 V1.2.7 V1.2.8 V1.4 V5 V1.3.10 V1.3.11".split()
