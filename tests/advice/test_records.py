"""A record of the register as columns: what others wrote is text, and what is not of the known form is refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

import content
from advice.records import Unreadable, country_code, day, line, matching, patterns, plain, read, storable
from tests.advice.register_server import study

TODAY = date(2026, 11, 23)
WORDS = patterns({"t01": ("dilator", "trainer"), "t21": ("botulinum", "botox"), "t22": ("web-based",)})


def columns(**changes: Any) -> dict[str, Any]:
    return read(study(1, **changes), WORDS, TODAY)


def test_a_record_becomes_columns() -> None:
    record = study(7, countries=["France", "France", "United States"], title="A dilator study")
    record["protocolSection"]["contactsLocationsModule"]["locations"][0]["city"] = "Lyon"
    found = read(record, WORDS, TODAY)
    assert found.pop("record") == record
    assert found == {
        "code": "NCT00000007",
        "title": "A dilator study",
        "summary": "What is done.",
        "status": "RECRUITING",
        "phases": ["NA"],
        "countries": ["FR", "US"],
        "treatments": ["t01"],
        "eligibility": "Inclusion Criteria:\n\n- Adults\n- Able to read",
        "least_age": "18 Years",
        "most_age": "65 Years",
        "sex": "FEMALE",
        "sponsor": "A university",
        "places": [
            {"city": "Lyon", "country": "France", "code": "FR", "status": "RECRUITING"},
            {"city": "A city", "country": "France", "code": "FR", "status": "RECRUITING"},
            {"city": "A city", "country": "United States", "code": "US", "status": "RECRUITING"},
        ],
        "changed_on": date(2026, 11, 1),
    }


def test_a_record_without_what_may_be_missing_is_read() -> None:
    bare = study(3)
    for name in ("sponsorCollaborators", "description", "conditions", "design", "armsInterventions", "eligibility"):
        del bare["protocolSection"][f"{name}Module"]
    del bare["protocolSection"]["contactsLocationsModule"]
    found = read(bare, WORDS, TODAY)
    assert (found["phases"], found["countries"], found["places"], found["summary"]) == ([], [], [], "")


@pytest.mark.parametrize(
    ("module", "field", "value"),
    [
        ("identification", "nctId", None),
        ("identification", "nctId", "NCT1"),
        ("identification", "nctId", "NCT0000000١"),
        ("identification", "nctId", 7),
        ("identification", "briefTitle", None),
        ("identification", "briefTitle", " \u202e "),
        ("identification", "briefTitle", ["A"]),
        ("status", "overallStatus", None),
        ("status", "overallStatus", "recruiting"),
        ("status", "overallStatus", "R" * 41),
        ("status", "overallStatus", 'X" onload="'),
        ("status", "lastUpdatePostDateStruct", None),
        ("status", "lastUpdatePostDateStruct", "2026-11-01"),
        ("status", "lastUpdatePostDateStruct", {"date": "yesterday"}),
        ("status", "lastUpdatePostDateStruct", {"date": "2026-02-30"}),
        ("design", "phases", "PHASE1"),
        ("design", "phases", [1]),
        ("design", "phases", ["<b>"]),
        ("contactsLocations", "locations", {"city": "x"}),
        ("contactsLocations", "locations", ["x"]),
        ("eligibility", "eligibilityCriteria", {"in": "x"}),
        ("armsInterventions", "interventions", [["x"]]),
    ],
)
def test_a_record_of_another_form_is_unreadable(module: str, field: str, value: Any) -> None:
    record = study(1)
    place = record["protocolSection"][f"{module}Module"]
    if value is None:
        del place[field]
    else:
        place[field] = value
    with pytest.raises(Unreadable):
        read(record, WORDS, TODAY)


@pytest.mark.parametrize("outer", [{}, {"protocolSection": []}, {"protocolSection": {"statusModule": "x"}}])
def test_anything_else_is_unreadable(outer: Any) -> None:
    with pytest.raises(Unreadable):
        read(outer, WORDS, TODAY)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("**Bold** and *slanted* and `code`", "Bold and slanted and code"),
        ("[a link](https://evil.example/)", "a link"),
        ("![a picture](https://evil.example/x.png)", "a picture"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("&lt;img src=x onerror=alert(1)&gt;", "<img src=x onerror=alert(1)>"),
        ("# Heading\n> said\n>> twice", "Heading\nsaid\ntwice"),
        ("* one\n  * two\n+ three", "- one\n- two\n- three"),
        (r"Age \>= 18 and BMI \< 30 \* x", "Age >= 18 and BMI < 30 * x"),
        ("a\r\nb\r\rc\n\n\n\nd", "a\nb\n\nc\n\nd"),
        ("gnp\u202egpj.exe\u2066\x00\x07\ufeff", "gnpgpj.exe"),
        ("half a pair \ud83d", "half a pair"),
        ("[[[[a](b)", "[[[a"),
        ("", ""),
    ],
)
def test_markdown_from_outside_is_plain_text(told: str, kept: str) -> None:
    assert plain(told) == kept


@pytest.mark.parametrize(
    "evil", ["[" * 1_000_000, "(" * 1_000_000, " " * 1_000_000 + "x", "# > " * 250_000, "*a" * 500_000]
)
def test_a_text_made_to_be_slow_is_not(evil: str) -> None:
    assert len(plain(evil)) <= 20_002
    assert len(line(evil)) <= 500
    assert country_code(evil[:500]) == ""


@pytest.mark.parametrize(
    ("told", "meant"),
    [("2026-11-05", date(2026, 11, 5)), ("2026-11", date(2026, 11, 1)), ("2026", date(2026, 1, 1))],
)
def test_a_day_may_lack_its_day(told: str, meant: date) -> None:
    assert day(told) == meant
    assert columns(changed=told)["changed_on"] == meant


def test_a_day_to_come_is_today_so_that_nothing_stays_on_top() -> None:
    assert columns(changed="9999-12-31")["changed_on"] == TODAY


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United States", "US"),
        ("United Kingdom", "GB"),
        ("Turkey", "TR"),
        ("Turkey (Türkiye)", "TR"),
        ("Türkiye", "TR"),
        ("Korea, Republic of", "KR"),
        ("South Korea", "KR"),
        ("Iran, Islamic Republic of", "IR"),
        ("Iran", "IR"),
        ("Czechia", "CZ"),
        ("Czech Republic", "CZ"),
        ("Russian Federation", "RU"),
        ("Russia", "RU"),
        ("Taiwan", "TW"),
        ("Vietnam", "VN"),
        ("Hong Kong", "HK"),
        ("Puerto Rico", "PR"),
        ("Côte d'Ivoire", "CI"),
        ("North Macedonia", "MK"),
        ("Macedonia, The Former Yugoslav Republic of", "MK"),
        ("Moldova, Republic of", "MD"),
        ("Tanzania", "TZ"),
        ("The Gambia", "GM"),
        ("The Democratic Republic of the Congo", "CD"),
        ("Congo, The Democratic Republic of the", "CD"),
        ("Syrian Arab Republic", "SY"),
        ("Palestinian Territories, Occupied", "PS"),
        ("Lao People's Democratic Republic", "LA"),
        ("Bosnia and Herzegovina", "BA"),
        ("Réunion", "RE"),
        ("Kosovo", "XK"),
        ("Netherlands", "NL"),
        ("Brunei", "BN"),
        ("Venezuela", "VE"),
        ("Bolivia", "BO"),
        ("Former Serbia and Montenegro", ""),
        ("Guinea (Conakry)", "GN"),
        ("Korea, Democratic People's Republic of", "KP"),
        ("Korea", ""),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_the_registers_countries_have_codes(name: str, code: str) -> None:
    assert country_code(name) == code


def test_a_country_that_nobody_knows_stays_a_place() -> None:
    found = columns(countries=["Atlantis"])
    assert found["countries"] == []
    assert found["places"][0]["country"] == "Atlantis"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Dilators after radiotherapy", ["t01"]),
        ("OnabotulinumtoxinA (Botox) and vaginal trainers", ["t01", "t21"]),
        ("A Web\u2011Based course", ["t22"]),
        ("Restrainers", []),
        ("", []),
    ],
)
def test_treatments_are_matched_by_beginnings_of_words(text: str, codes: list[str]) -> None:
    assert matching(text, WORDS) == codes


def test_treatments_are_matched_in_title_and_interventions() -> None:
    found = columns(title="A study", interventions=["Device: Dilator set", "Drug: Botulinum toxin"])
    assert found["treatments"] == ["t01", "t21"]
    assert columns(summary="No dilator is used.")["treatments"] == []


def test_every_treatment_of_the_pack_is_found_by_each_of_its_words() -> None:
    words = content.load().advice.research.treatments
    known = patterns(words)
    assert {(code, word) for code, ones in words.items() for word in ones if code not in matching(word, known)} == set()


def test_what_the_database_cannot_hold_is_left_out() -> None:
    odd = json.loads('{"a\\u0000": ["b\\ud800c", 1e999, {"d": null, "e": 5}]}')
    assert storable(odd) == {"a": ["bc", None, {"d": None, "e": 5}]}
