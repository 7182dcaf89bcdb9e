from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

import content
from accounts.handles import FIRST, HIGHEST, LOWEST, SECOND, draw, normal

# First names, family, body and illness: what a neutral name must not bring up.
UNWANTED = set(
    """
    amber april autumn dawn daisy hazel heather iris ivy jade jasmine lily olive rose ruby sage summer
    violet willow robin jay rowan ash frank grant cliff basil miles mother father baby bride wife husband
    girl boy lady man woman body skin bone blood heart breast hip thigh knee lip tongue muscle nerve pain
    ache sore tight loose deep wet hard soft open closed narrow dry tender numb stiff sick ill brave
    patient normal perfect pure virgin
    """.split()
)


def test_handles_are_drawn_from_a_wide_field() -> None:
    assert len(set(FIRST)) >= 200
    assert len(set(SECOND)) >= 200
    assert HIGHEST - LOWEST + 1 >= 90
    assert len(set(FIRST)) == len(FIRST)
    assert len(set(SECOND)) == len(SECOND)


def test_handles_are_two_words_and_a_number() -> None:
    drawn = {draw() for _number in range(2_000)}

    assert [handle for handle in drawn if not re.fullmatch(r"[a-z]{3,12}-[a-z]{3,12}-[1-9]\d", handle)] == []
    assert len(drawn) > 1_990


def test_words_are_neutral() -> None:
    subject = content.load().forbidden_in_addresses

    assert set(FIRST + SECOND) & UNWANTED == set()
    assert [word for word in FIRST + SECOND if any(part in word for part in subject)] == []


@given(st.sampled_from(FIRST), st.sampled_from(SECOND), st.sampled_from(["-", " ", "  ", " - ", "_", "\u2013"]))
def test_typed_handles_are_read_whatever_stands_between(first: str, second: str, between: str) -> None:
    typed = f"  {first.title()}{between}{second.upper()}{between}42 "

    assert normal(typed) == f"{first}-{second}-42"
