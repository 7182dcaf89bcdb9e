"""The care team, a list of one's own that is kept in an address, the sheet for an appointment, and the words."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

import content

PACK = content.load("en")
CARERS, CARD, TERMS = PACK.advice.carers, PACK.advice.card, PACK.advice.terms
LINES = {"a": CARD.asks, "w": CARD.wants, "s": CARD.stops}


def ask(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    assert not response.cookies
    return html.unescape(response.content.decode())


def sheet(body: str) -> str:
    return body[body.index('<article class="sheet') : body.index("</article>")]


@pytest.mark.parametrize(
    "address", ["/care-team/", "/care-team/?k=k01&k=k03", "/care-team/card/?t=a1", "/advice/words/"]
)
def test_these_pages_ask_the_database_nothing(db: None, address: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        ask(address)


def test_every_role_says_what_it_does_how_to_find_it_what_to_ask_and_what_it_costs() -> None:
    body = ask("/care-team/")
    links = {source.key: source.link for source in PACK.advice.sources}
    assert re.findall(r'<section id="(\w+)"', body) == [one.code for one in CARERS]
    for one in CARERS:
        part = body.split(f'<section id="{one.code}"')[1].split("</section>")[0]
        for words in (one.name, one.does, one.find, *one.ask, one.cost):
            assert words in part
        assert re.findall(r'href="([^"]+)" rel="noreferrer"', part) == [links[key] for key in one.sources]
    assert 'id="yours"' not in body
    assert "No clinician has reviewed this page yet" in body


def test_a_list_of_ones_own_holds_the_questions_for_whom_one_chose() -> None:
    first, second, third = CARERS[0], CARERS[1], CARERS[2]
    body = ask(f"/care-team/?k={third.code}&k={first.code}&k=nobody&k={first.code}")
    own = body.split('id="yours"')[1].split("</section>")[0]
    assert re.findall(r"<h3>(.*?)</h3>", own) == [first.name, third.name]
    assert re.findall(r"<li>(.*?)</li>", own) == [*first.ask, *third.ask]
    assert second.name not in own
    assert set(re.findall(r'value="(\w+)" id="k-\w+" checked', body)) == {first.code, third.code}


@pytest.mark.parametrize("address", ["/care-team/", "/care-team/card/"])
def test_forms_need_no_token_and_change_an_address_only(address: str) -> None:
    body = ask(address)
    form = body[body.index("<form") : body.index("</form>")]
    assert 'method="get"' in form
    assert "csrf" not in form
    assert "Nothing is stored here" in ask(address + "?k=k01")


def test_a_sheet_holds_every_line_with_an_empty_box_and_lines_to_write_on() -> None:
    shown = sheet(ask("/care-team/card/"))
    for words in (CARD.title, CARD.intro, CARD.closing):
        assert words in shown
    assert re.findall(r"<li><span>(.*?)</span>", shown) == [*CARD.asks, *CARD.wants, *CARD.stops]
    assert shown.count('class="sheet__blank"') == 6
    assert "is-on" not in shown


def test_a_sheet_holds_what_one_chose_and_nothing_else() -> None:
    body = ask("/care-team/card/?t=s2&t=a1&t=a2&t=w999&t=zz&t=")
    shown = sheet(body)
    assert re.findall(r'<li class="is-on">.*?<span>(.*?)</span>', shown) == [*CARD.asks[:2], CARD.stops[1]]
    assert "<li><span>" not in shown
    assert shown.count('class="sheet__blank"') == 6
    assert set(re.findall(r'value="(\w+)" id="t-\w+" checked', body)) == {"a1", "a2", "s2"}


def test_codes_are_places_so_that_an_address_says_nothing() -> None:
    body = ask("/care-team/card/")
    codes = re.findall(r'name="t" value="(\w+)"', body)
    assert codes == [f"{letter}{place}" for letter, lines in LINES.items() for place in range(1, len(lines) + 1)]


def test_the_sheet_says_neither_whose_nor_what() -> None:
    body = ask("/care-team/card/")
    assert "<title>A sheet to print</title>" in body
    for word in (settings.SITE_NAME, PACK.site.condition, *PACK.forbidden_in_addresses):
        assert word.casefold() not in sheet(body).casefold()


def test_words_stand_in_their_order_each_with_its_anchor_and_its_sources() -> None:
    body = ask("/advice/words/")
    found = re.findall(r'<section class="term" id="(\w+)"[^>]*>\s*<h2[^>]*>(.*?)</h2>\s*<p>(.*?)</p>', body)
    assert sorted(found) == sorted((one.code, one.term, one.text) for one in TERMS)
    assert [term.casefold() for _, term, _ in found] == sorted(term.casefold() for _, term, _ in found)
    assert body.count('class="sources"') == len([one for one in TERMS if one.sources])


@pytest.mark.parametrize("address", ["/advice/words/", "/care-team/", "/organisations/"])
def test_no_anchor_tells_what_it_is_about(db: None, address: str) -> None:
    anchors = re.findall(r' id="([^"]+)"', ask(address))
    assert len(anchors) > len(CARERS)
    assert not [anchor for anchor in anchors for word in PACK.forbidden_in_addresses if word in anchor.lower()]
