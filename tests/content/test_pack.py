"""The content pack: complete, without contradiction, and discreet where an address could show it."""

import re
import shutil
from pathlib import Path

import pytest

import content
from content import checks
from content.pack import SHIPPED, check, load
from stories.screening import RULES, screen
from stories.text import clean
from tests.content.packs import change

PACK = load()
PUBLISHED = [example for example in PACK.examples if example.state == "published"]


def test_check_accepts_the_pack_that_ships() -> None:
    content.check()


def test_load_reads_the_pack_once() -> None:
    assert load("en") is load("en")


@pytest.mark.parametrize("language", ["xx", "en-GB", "", "../en", "en/../..", "\x00", "EN"])
def test_load_falls_back_to_english(language: str) -> None:
    assert load(language) is load("en")


def test_load_takes_missing_files_of_a_language_from_english(copy: Path) -> None:
    (copy / "de").mkdir()
    shutil.copy(copy / "en" / "site.toml", copy / "de" / "site.toml")
    change(copy, "site.toml", "Just reading", "Nur lesen")
    shutil.move(copy / "en" / "site.toml", copy / "de" / "site.toml")
    shutil.copy(SHIPPED / "en" / "site.toml", copy / "en" / "site.toml")

    pack = content.pack._load(copy, content.pack._folder(copy, "de-AT"))

    assert (pack.language, pack.site.reading_door) == ("de", "Nur lesen")
    assert pack.rules == PACK.rules


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("rules.toml", 'code = "own"', 'code = "kind"', "en, rules: the code 'kind' is there 2 times."),
        ("rules.toml", 'title = "Be kind"', "", "rules, entry 1: 'title' is missing."),
        ("rules.toml", 'title = "Be kind"', 'title = " "', "rules, entry 1: 'title' is empty."),
        ("rules.toml", 'title = "Be kind"', "title = 1", "rules, entry 1: 'title' has the wrong type."),
        ("rules.toml", 'title = "Be kind"', 'name = "x"', "rules, entry 1: 'name' is not a field."),
        ("warnings.toml", "[[warnings]]", "[[other]]", "en, examples: 'e09' has an unknown warning."),
        ("../helplines.toml", 'kind = "emergency"', 'kind = "x"', "'Emergency services' is of no known kind."),
        ("../helplines.toml", 'country = "GB"', 'country = "XX"', "'Emergency services' names no country"),
        ("helplines.toml", 'code = "NL"', 'code = "BE"', "helplines: 'Emergency services' names no country"),
        ("examples/01.toml", 'role = "self"', 'role = "aunt"', "examples: 'e01' has an unknown role."),
        ("examples/01.toml", 'state = "published"', 'state = "x"', "examples: 'e01' has an unknown state."),
        ("treatments.toml", '["numbingrisk"]', '["nobody"]', "en, t16: there is no 'nobody'."),
        ("site.toml", '"maseroli2018"]', '"nobody"]', "en, site.toml: there is no 'nobody'."),
        ("words.toml", '"vagin"', '"Vagin"', "'Vagin' is no lower-case part of a word."),
        ("site.toml", "[help_kinds]", "[help]", "site.toml: the table help_kinds is missing."),
        ("site.toml", "condition = ", "condition == ", "site.toml: the file cannot be read"),
    ],
)
def test_check_names_what_is_wrong(copy: Path, name: str, old: str, new: str, sentence: str) -> None:
    if "unknown warning" in sentence:
        # Take the sixth warning away, which one example carries.
        text = (copy / "en" / name).read_text(encoding="utf-8")
        (copy / "en" / name).write_text(text.replace('code = "w6"', 'code = "w66"'), encoding="utf-8")
    else:
        change(copy, name, old, new)

    with pytest.raises(content.PackError, match=re.escape(sentence)):
        check(copy)


def test_check_names_a_country_without_help(copy: Path) -> None:
    change(copy, "helplines.toml", "[[countries]]", '[[countries]]\ncode = "XX"\nname = "X"\n[[countries]]')

    with pytest.raises(content.PackError, match="'XX' has no help for adults"):
        check(copy)


def test_help_in_lists_the_country_before_the_international_list() -> None:
    countries = [line.country for line in PACK.help_in("GB")]

    assert countries == ["GB"] * countries.count("GB") + ["INT"] * countries.count("INT")
    assert countries.count("GB") >= 3


def test_help_in_an_unknown_country_is_the_international_list() -> None:
    assert {line.country for line in PACK.help_in("??")} == {"INT"}


def test_help_for_the_young_holds_only_lines_that_listen_to_them() -> None:
    assert all(line.for_young for line in PACK.help_in("US", young=True))
    assert not all(line.for_young for line in PACK.help_in("US"))


def test_how_a_number_is_found_is_said_only_where_a_country_has_none() -> None:
    assert [line.country for line in PACK.help_in("GB") if line.kind == "emergency"] == ["GB"]
    assert [line.country for line in PACK.help_in("??") if line.kind == "emergency"] == ["INT"]


def test_examples_are_twelve_published_and_two_waiting() -> None:
    assert [example.state for example in PACK.examples] == ["published"] * 12 + ["waiting"] * 2
    roles = [example.role for example in PUBLISHED]
    assert (roles.count("self"), roles.count("partner"), roles.count("friend")) == (9, 2, 1)


@pytest.mark.parametrize("example", PACK.examples, ids=lambda example: example.code)
def test_example_is_fit_to_be_kept(example: content.Example) -> None:
    assert clean(example.text) == example.text
    assert clean(example.title) == example.title
    assert 150 <= len(example.text.split()) <= 450
    assert len(example.title) <= 120


@pytest.mark.parametrize("example", PUBLISHED, ids=lambda example: example.code)
def test_published_example_keeps_the_house_rules(example: content.Example) -> None:
    assert screen(example.title + "\n" + example.text) == ()
    assert not re.search(r"\d|you should|you must|you need to|!", example.text, re.IGNORECASE)


def test_waiting_examples_show_what_screening_finds() -> None:
    found = [{finding.rule for finding in screen(example.text)} for example in PACK.examples[12:]]

    assert found == [{"contact.phone", "link.address"}, set()]


def test_codes_and_example_titles_hold_no_word_of_the_condition() -> None:
    lists = (PACK.rules, PACK.warnings, PACK.roles, PACK.countries, PACK.examples)
    shown = [entry.code for entries in lists for entry in entries]
    shown += [example.title for example in PACK.examples]
    shown += [str(path.relative_to(SHIPPED)) for path in SHIPPED.rglob("*")]

    assert [text for text in shown for word in PACK.forbidden_in_addresses if word in text.lower()] == []


def test_forbidden_words_see_the_name_of_the_condition() -> None:
    assert any(word in PACK.site.condition for word in PACK.forbidden_in_addresses)


def test_codes_fit_the_columns_that_keep_them() -> None:
    codes = [entry.code for entries in (PACK.rules, PACK.warnings) for entry in entries]

    assert [code for code in codes if not re.fullmatch(r"[a-z0-9-]{2,30}", code)] == []


def test_screening_speaks_of_house_rules_that_exist() -> None:
    assert {known.house_rule for known in RULES} <= {rule.code for rule in PACK.rules}


def test_roles_are_those_a_text_can_have() -> None:
    from stories.models import WriterRole

    assert [role.code for role in PACK.roles] == WriterRole.values


def test_rule_warning_and_role_are_found_by_code() -> None:
    assert PACK.rule("kind").title == "Be kind"
    assert PACK.warning("w1").code == "w1"
    assert PACK.role("friend").reader_label == "A friend or family member"
    with pytest.raises(KeyError):
        PACK.rule("nothing")


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        (
            "rules.toml",
            'code = "safety"',
            'code = "danger"',
            "en, rules: 'safety' is missing, and the software asks for it.",
        ),
        ("site.toml", "receipt = [", "receipts = [", "en, page_names: 'receipt' is missing"),
    ],
)
def test_check_names_what_the_software_asks_for(copy: Path, name: str, old: str, new: str, sentence: str) -> None:
    change(copy, name, old, new)

    with pytest.raises(content.PackError, match=re.escape(sentence)):
        check(copy)


def test_what_a_pack_must_hold_is_what_the_software_asks_for() -> None:
    from stories.search.own_pages import HELP, HOME, OTHERS

    assert {page.code for page in (HELP, HOME, *OTHERS)} == checks.PAGES
    assert {known.house_rule for known in RULES} | {"own"} == checks.RULES
