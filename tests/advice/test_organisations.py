"""Organisations: whose comes first, what is said of each, and what a country that is guessed is called."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import content
from advice.models import Link
from content.sources import Organisation

pytestmark = pytest.mark.django_db
PACK = content.load("en")
SOME = Organisation(
    code="o01",
    country="GB",
    kind="patients",
    name="A",
    link="https://a.example.org/",
    about="About.",
    language="en",
)
KINDS = {"patients": "By patients", "general": "Health services"}


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the pack hold these organisations, and no others."""

    def hold(*organisations: Organisation) -> None:
        said = replace(PACK.advice, organisations=organisations, organisation_kinds=KINDS)
        monkeypatch.setattr(content, "load", lambda _language="en": replace(PACK, advice=said))

    return hold


def ask(query: str = "", language: str = "") -> str:
    headers = {"Accept-Language": language} if language else {}
    response = Client().get("/organisations/" + query, headers=headers)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def named(body: str) -> list[str]:
    return re.findall(r'<h3><a href="[^"]+"[^>]*>([^<]+)</a></h3>', body)


def places(body: str) -> list[str]:
    return re.findall(r'<h2 id="in-\w+">([^<]+)</h2>', body)


def several() -> tuple[Organisation, ...]:
    rows = [("Z", "GB", "general"), ("B", "GB", "patients"), ("I", "INT", "general"), ("D", "DE", "patients"),
            ("R", "AR", "patients")]  # fmt: skip
    return tuple(
        replace(SOME, code=f"o{n:02}", name=name, country=country, kind=kind, link=f"https://a.example.org/{n}")
        for n, (name, country, kind) in enumerate(rows)
    )


def test_every_country_is_there_and_what_is_for_all_comes_first(listed: Any) -> None:
    listed(*several())
    body = ask()
    assert places(body) == ["Wherever you are", "Argentina", "Germany", "United Kingdom"]
    assert named(body) == ["I", "R", "D", "B", "Z"]
    assert "This country is a guess" not in body


def test_a_country_comes_with_what_is_for_all_and_nothing_else(listed: Any) -> None:
    listed(*several())
    body = ask("?country=GB", language="de-DE")
    assert places(body) == ["United Kingdom", "Wherever you are"]
    assert named(body) == ["B", "Z", "I"]
    assert '<option value="GB" selected>' in body
    assert "This country is a guess" not in body


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=patients", ["R", "D", "B"]),
        ("?kind=general&country=GB", ["Z", "I"]),
        ("?kind=general&country=AR", ["I"]),
        ("?kind=patients&country=", ["R", "D", "B"]),
        ("?kind=nothing&country=XX", ["I", "R", "D", "B", "Z"]),
        ("?kind=%3Cscript%3E&country=%F0%9F", ["I", "R", "D", "B", "Z"]),
    ],
)
def test_filters_narrow_and_unknown_codes_do_not(listed: Any, query: str, found: list[str]) -> None:
    listed(*several())
    assert named(ask(query)) == found


def test_where_nothing_is_known_it_says_so_kindly(listed: Any) -> None:
    listed(*(one for one in several() if one.country != "INT"))
    body = ask("?kind=general&country=AR")
    assert named(body) == []
    assert "We know of none there" in body


@pytest.mark.parametrize(
    ("language", "guess"), [("de-DE", "Germany"), ("en-GB,en;q=0.5", "United Kingdom"), ("en,es-AR;q=0.5", "Argentina")]
)
def test_a_guess_is_said_to_be_one_and_chooses_nothing(listed: Any, language: str, guess: str) -> None:
    listed(*several())
    body = ask(language=language)
    assert places(body)[:2] == ["Wherever you are", guess]
    assert len(places(body)) == 4
    assert body.count("This country is a guess, from the language that your browser asks for") == 1
    assert "selected" not in body


@pytest.mark.parametrize("language", ["de", "fr-FR", "xx-YY", "*", "a" * 900])
def test_a_language_without_a_country_that_is_listed_is_no_guess(listed: Any, language: str) -> None:
    listed(*several())
    assert "This country is a guess" not in ask(language=language)


def test_who_sells_comes_last_and_it_says_so_in_words(listed: Any) -> None:
    listed(
        replace(SOME, code="o1", name="A seller", commercial=True),
        replace(SOME, code="o2", name="B", kind="general"),
        replace(SOME, code="o3", name="C"),
    )
    body = ask("?country=GB")
    assert named(body) == ["C", "B", "A seller"]
    assert body.count("Commercial: it sells something") == 1
    assert body.index("A seller</a>") < body.index("Commercial: it sells something")


def test_each_says_who_opened_it_and_when(listed: Any) -> None:
    listed(SOME, replace(SOME, code="o2", name="B", link="https://b.example.org/", checked_on=date(2026, 11, 2)))
    body = ask()
    assert body.count("Nobody here has opened this yet") == 1
    assert body.count("Opened and read by one of us on Nov. 2, 2026") == 1
    assert body.index("A</a>") < body.index("Nobody here") < body.index("B</a>") < body.index("Opened and read")


@pytest.mark.parametrize(("days", "said"), [(0, False), (1, False), (2, True), (40, True)])
def test_one_that_has_been_silent_for_two_days_says_so(listed: Any, days: int, said: bool) -> None:
    since = timezone.now().date() - timedelta(days=days)
    listed(SOME, replace(SOME, code="o2", name="B", link="https://b.example.org/"))
    Link.objects.create(url=SOME.link, failing_since=since, trouble="missing")
    Link.objects.create(url="https://b.example.org/", answered_on=since)
    body = ask()
    assert body.count("Did not answer when we last asked, since") == int(said)
    if said:
        assert body.index("A</a>") < body.index("Did not answer") < body.index("B</a>")


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_asks_once(listed: Any, count: int, django_assert_num_queries: Any) -> None:
    rows = [replace(SOME, code=f"o{n}", name=f"N{n}", link=f"https://a.example.org/{n}") for n in range(count)]
    listed(*rows)
    Link.objects.bulk_create([Link(url=one.link, failing_since=date(2020, 1, 1)) for one in rows])
    with django_assert_num_queries(1):
        body = ask()
    assert body.count("Did not answer") == count


def test_the_form_needs_no_token_and_links_tell_nobody_where_from() -> None:
    body = ask()
    form = body[body.index("<form") : body.index("</form>")]
    assert 'method="get"' in form
    assert "csrf" not in form
    assert set(re.findall(r'<a href="https://[^"]+"( rel="noreferrer")?', body)) == {' rel="noreferrer"'}


def test_every_organisation_of_the_pack_is_there() -> None:
    assert sorted(named(ask())) == sorted(one.name for one in PACK.advice.organisations)
