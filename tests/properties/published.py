"""Every number on the pages of figures, read from their HTML, and whom it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from django.test import Client

import content
from stories.figures import tables_of
from stories.numbers import SAID_NOTHING
from stories.tally import NOT_SAID
from tests.properties.audit import Cell
from tests.properties.crowds import NOBODYS, ROLES, ROWS, TRIED

ANYTHING = "*"  # whatever somebody said of a treatment
NAMES = {
    "gb": "United Kingdom", "us": "United States of America", "de": "Germany", "fr": "France", "in": "India",
    "br": "Brazil", NOBODYS: "Spain",
}  # fmt: skip
CHART = re.compile(r'<section class="chart">\s*<h3 class="chart__title" id="title-([\w-]+)">(.*?)</section>', re.DOTALL)
LINE = re.compile(r'<tr><th scope="row">(.*?)</th><td class="num">(\d+|kept back)')
DRAWN = re.compile(r'<text class="chart__count"[^>]*>(\d+|kept back)')
TOTAL = re.compile(r"Counted from (\d+) stor")
LISTED = re.compile(r'<a href="/treatments/(t\d\d)/">.*?</li>', re.DOTALL)
SAY = re.compile(r"(\d+) stor(?:y tells|ies tell) how it was")


def numbers(client: Client) -> Iterator[tuple[Cell, int]]:
    """Go through all numbers that a visitor can see, on every page of figures in every part."""
    for entry in LISTED.finditer(client.get("/treatments/").content.decode()):
        if said := SAY.search(entry[0]):
            yield frozenset({(entry[1], ANYTHING)}), int(said[1])
    yield from _charts(client, "/numbers/")
    for code in TRIED:
        for part in ("", *parts()):
            yield from _charts(client, f"/treatments/{code}/" + (f"?f={part}" if part else ""))


def parts() -> list[str]:
    """Return the codes of the parts of the people that can be looked at."""
    pack = content.load()
    return [option.code for one in ("type", "stage") for option in pack.question(one).options]


def question_of(part: str) -> str:
    return {"y": "type", "s": "stage"}[part[0]]


def cells() -> list[Cell]:
    """Return whom every number could count that the pages show or keep back, listed by name or not."""
    pack = content.load()
    found: list[Cell] = []
    for role in ROLES:
        who: Cell = frozenset({("role", role)})
        for question in tables_of(role):
            labels = NAMES if question.code == "country" else [one.code for one in question.options]
            if question.kind == "many":
                found += [who | {(label, said)} for label in labels for said in ("yes", "no")]
            else:
                found += [who | {(question.code, label)} for label in (*labels, NOT_SAID)]
    for code in TRIED:
        for label in (ANYTHING, *(one.code for one in pack.helpfulness)):
            found.append(frozenset({(code, label)}))
            found += [frozenset({(code, label), (question_of(part), part)}) for part in parts()]
        for field, options in ROWS.items():
            labels = [*(one.code for one in options), NOT_SAID]
            found += [frozenset({(code, ANYTHING), (f"{code}.{field}", label)}) for label in labels]
    return found


def _charts(client: Client, address: str) -> Iterator[tuple[Cell, int]]:
    body = client.get(address).content.decode()
    for found in CHART.finditer(body):
        name, _, part = found[1].partition("-")
        who, line = _meant(name, part)
        rows = [(unescape(label), count) for label, count in LINE.findall(found[2])]
        assert DRAWN.findall(found[2]) == [count for _, count in rows], "the bars say what the table says"
        if total := TOTAL.search(found[2]):
            yield frozenset(who | ({(name, ANYTHING)} if name in TRIED else set())), int(total[1])
        for label, count in rows:
            if count.isdigit():
                yield frozenset(who | {line[label]}), int(count)


def _meant(name: str, part: str) -> tuple[set[tuple[str, str]], dict[str, tuple[str, str]]]:
    """Return whom a table is about, and what each of its lines is."""
    pack = content.load()
    said = {str(SAID_NOTHING): NOT_SAID}
    if part in ROWS:
        codes = {one.short: one.code for one in ROWS[part]} | said
        return {(name, ANYTHING)}, {label: (f"{name}.{part}", code) for label, code in codes.items()}
    if name in TRIED:
        within = {(question_of(part), part)} if part else set()
        return within, {one.short: (name, one.code) for one in pack.helpfulness}
    question = pack.question(part)
    if question.kind == "many":
        return {("role", name)}, {one.short: (one.code, "yes") for one in question.options}
    codes = {one.short: one.code for one in question.options} | said
    codes |= {label: code for code, label in NAMES.items()} if part == "country" else {}
    return {("role", name)}, {label: (part, code) for label, code in codes.items()}
