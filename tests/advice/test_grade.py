"""The reading grade against words counted by hand and texts whose grade is known."""

from __future__ import annotations

import pytest

from advice.claims import claims
from advice.grade import english_syllables, grade, spanish_syllables

# Counted by ear. The formula allows a few misses over a text; these are the common shapes, and all must be right.
ENGLISH = {
    1: "a the tight through pain made asked stopped hurts smile whole breathe",
    2: "tighten muscle little doctor being table wanted closes women going people",
    3: "together remember physician examine several dilators medicine understand",
    4: "experience information necessary",
}
SPANISH = {
    1: "yo que muy soy bien",
    2: "cuerpo miedo hablar guerra quiero siempre",
    3: "persona dolores caminos m\u00fasculos",
    4: "relaciones necesitas",
}


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_english_syllables(count: int) -> None:
    assert {word: english_syllables(word) for word in ENGLISH[count].split()} == dict.fromkeys(
        ENGLISH[count].split(), count
    )


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_spanish_syllables(count: int) -> None:
    assert {word: spanish_syllables(word) for word in SPANISH[count].split()} == dict.fromkeys(
        SPANISH[count].split(), count
    )


def test_the_formula_is_kincaid_s() -> None:
    # 12 words, 1 sentence, 14 syllables: 0.39 * 12 + 11.8 * 14 / 12 - 15.59
    assert grade("The cat sat on the mat, and the dog ran after it.", "en") == round(
        0.39 * 12 + 11.8 * 13 / 12 - 15.59, 1
    )


def test_hard_words_and_long_sentences_count_more() -> None:
    easy = "You may stop. You may ask. You may go home."
    hard = (
        "Multidisciplinary rehabilitation necessitates considerable interprofessional communication and documentation."
    )

    found = {language: (grade(easy, language), grade(hard, language)) for language in ("en", "es")}

    assert all(one is not None and other is not None and one < 4 < 12 < other for one, other in [found["en"]])


def test_marks_are_not_read() -> None:
    assert grade("## You may stop\n\n- You may ask.[^one]\n- **You** may [go](/x/)", "en") == grade(
        "You may stop. You may ask. You may go.", "en"
    )


def test_other_languages_and_no_words_have_none() -> None:
    assert (grade("Wort", "de"), grade("", "en"), grade("1 2 3", "en")) == (None, None, None)


def test_claims_are_passages_with_research_or_figures() -> None:
    body = "## Research\n\nA friend may come.\n\nOne study found it.[^a]\n\n- 80 % said so\n- Ask first.[^b]"

    found = claims(body, ["a", "c"])

    assert (found.all, found.sourced, found.bare) == (3, 2, ("- 80 % said so",))
    assert (found.unknown, found.unused) == (("b",), ("c",))
