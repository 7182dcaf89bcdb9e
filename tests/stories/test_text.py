"""What members type, by example."""

import time

import pytest

from stories.text import clean, excerpt, minutes, paragraphs


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  one\r\ntwo\rthree  ", "one\ntwo\nthree"),
        ("a\tb", "a b"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a\n \n\t\n \nb", "a\n\nb"),
        ("safe\u202etxt\u2066x\u2069", "safetxtx"),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("e\u0301", "\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("q" + "\u0323" * 60, "q" + "\u0323" * 5),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\U0001f469\u200d\U0001f469", "\U0001f469\u200d\U0001f469"),
        ("\u200d\u200c \u200d", ""),
        ("   indented\n  line", "indented\n  line"),
        ("\ud800x\ufffe", "x"),
    ],
)
def test_clean_keeps_what_is_meant(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_clean_takes_time_in_proportion() -> None:
    hostile = (" " * 5 + "\u0301" * 5 + "\u200d\r") * 20_000
    start = time.perf_counter()
    clean(hostile)

    assert time.perf_counter() - start < 2


def test_paragraphs_are_split_at_blank_lines() -> None:
    assert paragraphs("one\ntwo\n\nthree") == ["one\ntwo", "three"]
    assert paragraphs("") == []


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("short\n\nenough", "short enough"),
        ("one two three four five six", "one two three four\u2026"),
        ("one two three four, five six", "one two three four\u2026"),
        ("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrs\u2026"),
    ],
)
def test_excerpt_is_cut_at_a_word(text: str, short: str) -> None:
    assert excerpt(text, 20) == short


@pytest.mark.parametrize(("words", "expected"), [(0, 1), (1, 1), (200, 1), (201, 2), (1000, 5)])
def test_minutes_are_counted_at_two_hundred_words(words: int, expected: int) -> None:
    assert minutes("word " * words) == expected
