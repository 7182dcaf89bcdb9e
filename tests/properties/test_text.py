"""The normaliser against any text: twice changes no more, and nothing forbidden is left."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from stories.text import JOINERS, MARKS_A_LETTER, VISIBLE_FORMATS, clean, excerpt, minutes, paragraphs

CHARACTERS = (
    "a e \t \r \r\n \x00 \x85 \u0301 \u0323 \u0344 \u200b \u200c \u200d \u202e \u2066 \ufeff \u00ad \u3164 "
    "\u1100 \u1161 \u11a8 \u212b \ue000 \ud800 \ufffe \U0001f469 \ufe0f \u0600 \u0b47 \u0b3e"
)
SPACES = [" ", "\n", "\n\n", "\u2028", "\u3000"]
TRICKY = st.lists(st.sampled_from([*CHARACTERS.split(" "), *SPACES]), max_size=40).map("".join)
ANYTHING = TRICKY | st.text(max_size=200)


@given(ANYTHING)
def test_clean_twice_changes_no_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANYTHING)
def test_clean_leaves_nothing_forbidden(text: str) -> None:
    cleaned = clean(text)

    allowed = {"\n"} | JOINERS | VISIBLE_FORMATS
    kinds = {unicodedata.category(char) for char in cleaned if char not in allowed}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert "\n\n\n" not in cleaned
    assert not re.search("[\u200c\u200d]{2}", cleaned)
    cleaned.encode("utf-8")


@given(ANYTHING)
def test_clean_caps_marks(text: str) -> None:
    marks = 0
    for char in clean(text):
        if char not in JOINERS:
            marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        assert marks <= MARKS_A_LETTER


@given(st.text(alphabet=st.characters(categories=["L", "Nd", "Po"]), max_size=100))
def test_clean_keeps_letters_digits_and_punctuation(text: str) -> None:
    kept = unicodedata.normalize("NFC", text).replace("\u3164", "").replace("\uffa0", "")

    assert clean(text) == unicodedata.normalize("NFC", kept)


@given(ANYTHING.map(clean))
def test_paragraphs_lose_no_word(text: str) -> None:
    parts = paragraphs(text)

    assert " ".join(parts).split() == text.split()
    assert all(part.strip() and "\n\n" not in part for part in parts)


@given(ANYTHING.map(clean), st.integers(20, 300))
def test_excerpt_is_short_and_from_the_beginning(text: str, length: int) -> None:
    short = excerpt(text, length)

    assert len(short) <= length
    assert "\n" not in short
    assert " ".join(text.split()).startswith(short.removesuffix("\u2026"))


@given(st.text(max_size=50))
def test_minutes_are_at_least_one(text: str) -> None:
    assert minutes(text) == 1
