from __future__ import annotations

import gzip
import html
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

import content
from content.shapes import DANGER, INTERNATIONAL

PACK = content.load("en")


def ask(query: str = "", language: str = "") -> str:
    headers = {"Accept-Language": language} if language else {}
    response = Client().get("/help-now/" + query, headers=headers)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def numbers(code: str) -> list[str]:
    return [line.contact for line in PACK.helplines if line.country == code]


def test_help_asks_the_database_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        Client().get("/help-now/?country=GB")


@pytest.mark.parametrize("cookie", ["", "a" * 32])
def test_help_is_there_without_the_database(database_down: None, cookie: str) -> None:
    client = Client()
    if cookie:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    response = client.get("/help-now/?country=US")
    assert response.status_code == 200
    assert "988" in response.content.decode()


@pytest.mark.parametrize("country", [country.code for country in PACK.countries])
def test_a_chosen_country_comes_first_and_the_rest_after(country: str) -> None:
    body = ask(f"?country={country}")
    assert f'<option value="{country}" selected>' in body
    assert all(f">{number}</" in body for number in numbers(country))
    assert all(f">{number}</a>" in body for number in DIRECTORIES)
    assert (UNSURE in body) == (country == INTERNATIONAL)
    if country != INTERNATIONAL:
        assert body.index('id="here"') < body.index('id="anywhere"')


DIRECTORIES = [line.contact for line in PACK.helplines if line.kind == "directory"]
UNSURE = next(line.name for line in PACK.helplines if (line.country, line.kind) == (INTERNATIONAL, DANGER))


def test_without_a_choice_the_whole_world_comes_first() -> None:
    body = ask()
    assert all(f">{number}</a>" in body for number in numbers(INTERNATIONAL))
    assert "selected" not in body
    assert "This is a guess" not in body


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en-GB,en;q=0.8", "United Kingdom"),
        ("en;q=0.5, de-DE", "Germany"),
        ("pt-PT", "Another country of the European Union"),
        ("zh-Hant-NZ", "New Zealand"),
    ],
)
def test_a_guess_says_that_it_is_one_and_only_its_emergency_number_comes_first(language: str, name: str) -> None:
    body = ask(language=language)
    assert f'<h2 id="guess">{name}</h2>' in body
    assert "This is a guess, from the language that your browser asks for" in body
    places = ['id="guess"', "<h3>In danger now</h3>", 'id="anywhere"', "findahelpline.com", 'id="more"']
    assert [body.index(place) for place in places] == sorted(body.index(place) for place in places)
    assert body.count("This is a guess") == 2
    assert UNSURE in body
    assert "selected" not in body


def test_a_helpline_may_be_called_in_silence_and_an_emergency_number_may_not() -> None:
    body = ask("?country=GB")
    assert "A helpline you may call to ask, to cry, or to say nothing for a while." in body
    assert "Silence on an emergency number can be taken for a mistake" in body
    assert body.index(">999 or 112</a>") < body.index("press 55") < body.index("Samaritans")


@pytest.mark.parametrize("language", ["es-MX,es;q=0.9", "es-AR", "es-CO"])
def test_a_reader_in_latin_america_is_shown_a_number(language: str) -> None:
    assert 'id="guess"' in ask(language=language)


@pytest.mark.parametrize("language", ["en", "de", "xx-YY", "en-ZZ", "*", ";;;", "a" * 900])
def test_a_language_without_a_country_makes_no_guess(language: str) -> None:
    assert "This is a guess" not in ask(language=language)


@pytest.mark.parametrize(
    "query", ["?country=", "?country=ZZ", "?country=gb", "?country=%F0%9F", "?country=GB&country="]
)
def test_an_unknown_country_is_the_whole_world(query: str) -> None:
    body = ask(query)
    assert "selected" not in body
    assert all(f">{number}</a>" in body for number in numbers(INTERNATIONAL))


def test_a_choice_beats_the_guess() -> None:
    body = ask("?country=IE", language="en-GB")
    assert "This is a guess" not in body
    assert "United Kingdom</h2>" not in body


def test_the_form_needs_no_token_and_no_script() -> None:
    body = ask()
    form = body[body.index("<form") : body.index("</form>")]
    assert 'method="get"' in form
    assert "csrf" not in form
    assert "<button" in form


def test_every_line_says_whether_somebody_rang(monkeypatch: pytest.MonkeyPatch) -> None:
    unchecked, checked = PACK.helplines[-2:]
    assert unchecked.country == checked.country == INTERNATIONAL
    lines = (replace(unchecked, checked_on=None), replace(checked, checked_on=date(2026, 11, 2)))
    monkeypatch.setattr(content, "load", lambda _language: replace(PACK, helplines=lines))
    body = ask()
    assert body.count("Nobody here has rung or opened this yet") == 1
    assert body.count("Checked on Nov. 2, 2026") == 1
    assert body.index("Nobody here has rung") < body.index(f"<h4>{checked.name}</h4>") < body.index("Checked on")


def test_help_gives_words_to_begin_with_and_large_text(database_down: None) -> None:
    body = ask()
    assert "I do not know how to begin" in body
    assert '<div class="large">' in body


@pytest.mark.parametrize("language", ["en-GB", "es-ES"])
@pytest.mark.parametrize("country", ["", *(country.code for country in PACK.countries)])
def test_help_is_one_small_answer(database_down: None, country: str, language: str) -> None:
    query = {"country": country} if country else {}
    response = Client().get("/help-now/", query, headers={"Accept-Language": language})
    assert len(response.content) < 12_000
    assert len(gzip.compress(response.content)) < 4_500
    shown = response.content.decode()
    # What must be there needs no second answer: no script writes it, no frame and no picture brings it.
    assert re.findall(r"<(?:iframe|img|object|embed|video)", shown) == []
