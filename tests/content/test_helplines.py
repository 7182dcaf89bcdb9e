"""Crisis help: numbers, links and days stand once, and every language has words for them and nothing else."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import content
from content.checks import check_translation
from content.helplines import dialled
from content.pack import _read, check, load
from tests.content.packs import change

LANGUAGES = content.languages()
PACK = load()
NUMBERS = "../helplines.toml"
AGAIN = '[[helplines]]\ncode = "gb_shout"\nname = "Shout"\n[[helplines]]'


def test_helplines_claim_no_check_that_nobody_made() -> None:
    assert [line.name for line in PACK.helplines if line.checked_on is not None] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_words_of_its_own_and_the_numbers_of_all(language: str) -> None:
    told = load(language).helplines
    shared = [(line.code, line.country, line.kind, line.link, line.for_young, line.checked_on) for line in told]
    assert shared == [
        (line.code, line.country, line.kind, line.link, line.for_young, line.checked_on) for line in PACK.helplines
    ]
    assert [dialled(line.contact) for line in told] == [dialled(line.contact) for line in PACK.helplines]


def test_a_day_that_is_written_once_reaches_every_language(copy: Path) -> None:
    assert len(LANGUAGES) > 1
    change(copy, NUMBERS, 'code = "nz_1737"', 'code = "nz_1737"\nchecked_on = 2026-11-02')

    check(copy)

    for language in LANGUAGES:
        days = {line.code: line.checked_on for line in _read(copy, language).helplines if line.checked_on}
        assert days == {"nz_1737": date(2026, 11, 2)}


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("helplines.toml", 'code = "gb_shout"', 'code = "gb_shot"', "'gb_shot' is not both a line of the pack and one"),
        (NUMBERS, 'code = "gb_shout"', 'code = "gb_about"', "'gb_about' is not both a line of the pack and one"),
        ("helplines.toml", "to 85258", "to 85259", "'Text SHOUT to 85259' holds other numbers than 'SHOUT 85258'"),
        ("helplines.toml", "Text SHOUT", "Text HELLO", "'Text HELLO to 85258' holds other numbers than"),
        ("helplines.toml", "always =", "ever =", "there are no words for the hours 'always'"),
        ("helplines.toml", "[hours]", "[times]", "helplines.toml: the table hours is missing"),
        ("helplines.toml", '"At any hour"', "24", "the table hours is missing, or holds what are no words."),
        ("helplines.toml", "[[helplines]]", AGAIN, "en, helplines: a line has words twice."),
        ("helplines.toml", 'code = "gb_shout"', 'code = "gb_shout"\nchecked_on = 2026-11-02', "is not a field"),
        (NUMBERS, 'code = "gb_shout"', 'code = "gb_samaritans"', "is not both a line of the pack and one"),
        ("helplines.toml", "press 55 when", "press 5 when", "the note of 'gb_emergency' has other numbers"),
        ("organisations.toml", "https://eveappeal.org.uk/", "https://eve.example.org/", "'o07' is told of otherwise"),
    ],
)
def test_check_names_a_line_that_is_not_told_alike(copy: Path, name: str, old: str, new: str, sentence: str) -> None:
    change(copy, name, old, new)

    with pytest.raises(content.PackError, match=re.escape(sentence)):
        check(copy)


def test_check_names_the_missing_file_with_the_numbers(copy: Path) -> None:
    (copy / "helplines.toml").unlink()

    with pytest.raises(content.PackError, match="the file with the numbers is missing"):
        check(copy)


def test_check_refuses_a_line_that_is_there_twice(copy: Path) -> None:
    numbers = copy / "helplines.toml"
    text = numbers.read_text(encoding="utf-8")
    again = text[text.index('[[helplines]]\ncode = "gb_shout"') : text.index('[[helplines]]\ncode = "gb_childline"')]
    numbers.write_text(text + again, encoding="utf-8")

    with pytest.raises(content.PackError, match="helplines: the code 'gb_shout' is there 2 times"):
        check(copy)


def test_an_organisation_may_be_called_otherwise_in_another_language() -> None:
    first, *others = PACK.advice.organisations
    renamed = replace(first, name="Otro nombre", about="Otra frase.")
    check_translation(replace(PACK, advice=replace(PACK.advice, organisations=(renamed, *others))), PACK)


def test_every_country_has_an_emergency_number_and_a_line_against_violence() -> None:
    kinds: dict[str, set[str]] = {country.code: set() for country in PACK.countries}
    for line in PACK.helplines:
        kinds[line.country].add(line.kind)
    assert [code for code, found in kinds.items() if "emergency" not in found] == []
    assert [code for code, found in kinds.items() if "listen" not in found] == ["INT"]
    assert [code for code, found in kinds.items() if not found & {"assault", "abuse"}] == ["INT"]


def test_links_of_helplines_agree_with_what_is_shown() -> None:
    for line in PACK.helplines:
        if line.contact.startswith("*"):
            # Not every phone dials a star from a link: a button that does nothing is worse than none.
            assert line.link == "", line.name
            continue
        assert re.match(r"(tel:\+?|sms:)\d+$|https://[a-z.]+/$", line.link), line.name
        if line.link.startswith("https:"):
            assert line.contact in line.link
        else:
            shown, number = re.sub(r"\D", "", line.contact), re.sub(r"\D", "", line.link)
            # The country's prefix replaces a leading zero.
            assert number in shown or number.endswith(shown.lstrip("0")), line.name
