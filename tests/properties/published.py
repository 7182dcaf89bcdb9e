"""Every number on the pages of figures, read from their HTML, and whom it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from django.test import Client

import content
from stories.numbers import ASKED, SAID_NOTHING
from stories.tally import NOT_SAID
from tests.properties.audit import Cell
from tests.properties.crowds import NOBODYS, TRIED

ANYTHING = "*"  # whatever somebody said of a treatment
NAMES = {
    "gb": "United Kingdom", "us": "United States of America", "de": "Germany", "fr": "France", "in": "India",
    "br": "Brazil", NOBODYS: "Spain",
}  # fmt: skip
CHART = re.compile(r'<section class="chart" aria-labelledby="title-([\w-]+)">(.*?)</section>', re.DOTALL)
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
    for question in ASKED:
        several = question == "barriers"
        labels = NAMES if question == "country" else [one.code for one in pack.question(question).options]
        found += [frozenset({(label, "yes") if several else (question, label)}) for label in labels]
        found += [frozenset({(label, "no")}) for label in labels if several]
        found += [] if several else [frozenset({(question, NOT_SAID)})]
    for code in TRIED:
        for label in (ANYTHING, *(one.code for one in pack.helpfulness)):
            found.append(frozenset({(code, label)}))
            found += [frozenset({(code, label), (question_of(part), part)}) for part in parts()]
    return found


def _charts(client: Client, address: str) -> Iterator[tuple[Cell, int]]:
    body = client.get(address).content.decode()
    for found in CHART.finditer(body):
        name, _, part = found[1].partition("-")
        within = {(question_of(part), part)} if part else set()
        rows = [(unescape(label), count) for label, count in LINE.findall(found[2])]
        assert DRAWN.findall(found[2]) == [count for _, count in rows], "the bars say what the table says"
        if total := TOTAL.search(found[2]):
            yield frozenset(within | ({(name, ANYTHING)} if name in TRIED else set())), int(total[1])
        for label, count in rows:
            if count.isdigit():
                yield frozenset(within | {_pair(name, label)}), int(count)


def _pair(table: str, label: str) -> tuple[str, str]:
    """Return what a line of a table is about."""
    pack = content.load()
    if table in TRIED:
        return table, {one.short: one.code for one in pack.helpfulness}[label]
    codes = {one.short: one.code for one in pack.question(table).options} | {str(SAID_NOTHING): NOT_SAID}
    if table == "country":
        codes |= {name: code for code, name in NAMES.items()}
    return (codes[label], "yes") if table == "barriers" else (table, codes[label])
