"""The sheet for an appointment, as Chromium prints it for somebody who presses Print and changes nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

import content
from tests.chromium import CHROMIUM, QUIET
from tests.pdf import Paper, bare

PACK = content.load("en")
CARD = PACK.advice.card
PUT_IN = """words => {
  const lines = '.sheet > p:not(.sheet__closing), .sheet li > span:not(.visually-hidden)';
  const holds = [...document.querySelectorAll(lines)];
  [...holds, document.querySelector('.sheet__closing')].forEach((one, place) => { one.textContent = words[place]; });
}"""
ALL = [(letter, lines) for letter, lines in (("a", CARD.asks), ("w", CARD.wants), ("s", CARD.stops))]
EVERY_LINE = "?" + "&".join(f"t={letter}{place}" for letter, lines in ALL for place in range(1, len(lines) + 1))
A_FEW = "?" + "&".join(f"t={letter}{place}" for letter, _lines in ALL for place in range(1, 5))


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("query", ["", EVERY_LINE, A_FEW, "?t=s1"], ids=["empty", "every line", "a few", "one"])
def test_the_sheet_is_one_page_with_nothing_else_on_it(
    open_browser: Any, tmp_path: Path, paper: str, query: str
) -> None:
    page = open_browser(width=1280, dark=True)
    page.goto(f"/care-team/card/{query}")
    page.pdf(path=tmp_path / "card.pdf", format=paper)
    printed = Paper(tmp_path / "card.pdf")
    assert len(printed.pages) == 1
    groups = ("Before and during", "What I want today", "If I need to stop")
    expected = CARD.title + CARD.intro + CARD.closing
    asked = query.lstrip("?").split("&")
    for (letter, lines), group in zip(ALL, groups, strict=True):
        wanted = [line for place, line in enumerate(lines, start=1) if f"t={letter}{place}" in asked]
        expected += group + "".join(wanted if query else lines)
    assert sorted(printed.words) == sorted(bare(expected))
    for line in (CARD.title, CARD.intro, CARD.closing, CARD.stops[0]):
        assert bare(line) in printed.words


@pytest.mark.parametrize("language", content.languages())
def test_the_sheet_is_one_page_in_every_language(open_browser: Any, tmp_path: Path, language: str) -> None:
    """Put the words of a language in, and a fifth more of them: the smallest paper still holds every line."""
    card = content.load(language).advice.card
    page = open_browser()
    page.goto("/care-team/card/")
    lines = [*card.asks, *card.wants, *card.stops]
    longer = [line + " " + line[: len(line) // 5] for line in (card.title, card.intro, *lines, card.closing)]
    page.evaluate(PUT_IN, longer)
    page.pdf(path=tmp_path / "card.pdf", format="Letter")
    printed = Paper(tmp_path / "card.pdf")
    assert len(printed.pages) == 1
    assert all(bare(line) in printed.words for line in (longer[0], longer[-1]))


def printed_by_default(address: str, path: Path) -> Paper:
    """Print a page as the browser does by itself: with its own line of title, day and address at the edges."""
    command = [CHROMIUM, "--headless", *QUIET, f"--user-data-dir={path.parent / 'profile'}", f"--print-to-pdf={path}"]
    subprocess.run([*command, address], capture_output=True, timeout=60, check=True)
    return Paper(path)


def test_what_the_browser_adds_has_no_room_on_the_sheet(site: Any, tmp_path: Path) -> None:
    sheet = printed_by_default(f"{site}/care-team/card/", tmp_path / "sheet.pdf")
    other = printed_by_default(f"{site}/advice/words/", tmp_path / "other.pdf")
    assert (len(sheet.pages), sheet.title) == (1, "A sheet to print")
    for told in (settings.SITE_NAME, PACK.site.condition, f"127.0.0.1:{site.port}"):
        assert bare(told).casefold() not in sheet.words.casefold()
        assert told.encode() not in sheet.raw
    assert bare(sheet.title) not in sheet.words
    # The same reading of another page finds all of it there.
    assert len(other.pages) > 1
    assert settings.SITE_NAME in other.title
    for told in (settings.SITE_NAME, PACK.site.condition, f"127.0.0.1:{site.port}"):
        assert bare(told).casefold() in other.words.casefold()
