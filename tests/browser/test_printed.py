"""An article as Chromium prints it: its words, where they come from and who answers for them, and nothing to press."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.advice import written
from tests.pdf import Paper, bare

BODY = "\n\n".join(f"## Part {number}\n\nNothing has to happen today.[^one]" for number in range(4))
PRINTED = [
    "What could a first step be?",
    "There is no wrong first step.",
    "Nothing has to happen today.",
    "Where this comes from",
    "A paper",
    "A journal, 2020.",
    "https://example.org/paper",
]
NOT_PRINTED = ["Skip to the text", "Sign in", "On this page", "Did this help?", "All questions", "House rules", "Print"]


@pytest.mark.parametrize("is_signed", [True, False])
def test_an_article_on_paper_is_its_words_and_who_answers_for_them(
    open_browser: Any, tmp_path: Path, is_signed: bool
) -> None:
    one = written.live(body=BODY)
    if is_signed:
        written.signed(one)
    page = open_browser(width=1280, dark=True)
    page.goto("/advice/first-step/en/")
    shown = bare(page.locator("body").inner_text())
    page.pdf(path=tmp_path / "article.pdf", format="A4")
    printed = Paper(tmp_path / "article.pdf")

    assert len(printed.pages) == 1
    review = "Reviewed by Alba Hazelmere, Physiotherapist, on" if is_signed else "Not yet reviewed by a clinician."
    assert [line for line in [*PRINTED, review] if bare(line) not in printed.words] == []
    assert [line for line in NOT_PRINTED if bare(line) in printed.words] == []
    assert [line for line in NOT_PRINTED if bare(line) not in shown] == []
    assert printed.words.count("Nothinghastohappentoday.") == 4
