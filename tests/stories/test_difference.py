from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stories.difference import CAME, GONE, SAME, Run, difference
from stories.text import clean, paragraphs

TEXTS = st.lists(st.sampled_from(["a", "b", "c c", "d\n", "\n\n"]), max_size=40).map(" ".join).map(clean)


def side(shown: list[list[Run]], *kinds: str) -> str:
    return " ".join("".join(run.text for run in runs if run.kind in kinds) for runs in shown)


def test_difference_shows_words_that_went_and_came() -> None:
    assert difference("It hurt a lot.\n\nThen it eased.", "It hurt a little.\n\nThen it eased.\n\nNow I rest.") == [
        [Run(SAME, "It hurt a "), Run(GONE, "lot."), Run(CAME, "little.")],
        [Run(SAME, "Then it eased.")],
        [Run(CAME, "Now I rest.")],
    ]


@given(TEXTS, TEXTS)
def test_difference_holds_both_texts_whole(before: str, after: str) -> None:
    shown = difference(before, after)
    assert side(shown, SAME, GONE).split() == " ".join(paragraphs(before)).split()
    assert side(shown, SAME, CAME).split() == " ".join(paragraphs(after)).split()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x " + "a b " * 12_000, "y " + "b a " * 12_000),
        ("\n\n".join("a" * 16_000), "\n\n".join(["b", *"a" * 15_990, "c"])),
        (" ".join(f"w{n % 99}" for n in range(990)), " ".join(f"w{n * 7 % 101}" for n in range(990))),
    ],
)
def test_difference_of_hostile_texts_is_quick(before: str, after: str) -> None:
    begun = time.perf_counter()
    difference(before, after)
    assert time.perf_counter() - begun < 2


def test_a_text_of_one_word_over_and_over_takes_no_time() -> None:
    before, after = ("\n\n".join([" ".join(["again"] * size) + f" {size}"] * 10) for size in (5_000, 190))
    began = time.process_time()
    difference(before, after)
    assert time.process_time() - began < 1
