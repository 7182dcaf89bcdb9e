from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

import content
from stories.filters import Filters, like
from tests import make

LIST = "/stories/"


def body(address: str, client: Client | None = None) -> str:
    return (client or Client()).get(address).content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'entry__title"[^>]*><a [^>]*>([^<]+)<', page)


def chips(page: str) -> list[tuple[str, str]]:
    return re.findall(r'class="chip" href="([^"]+)"><span[^>]*>Take away: </span>([^<]+)<', page)


def test_groups_are_any_of_one_letter_and_all_of_two() -> None:
    assert Filters.parse("s4.r1.s1").groups == [["r1"], ["s1", "s4"]]


def test_treatment_and_helpfulness_are_asked_of_one_row() -> None:
    assert Filters.parse("t01.t02.h1.h2.r1").groups == [["t01h1", "t01h2", "t02h1", "t02h2"], ["r1"]]
    assert Filters.parse("h1.h2").groups == [["h1", "h2"]]
    assert Filters.parse("t01").groups == [["t01"]]


def test_all_roles_together_ask_for_nothing() -> None:
    assert Filters.parse("r1.r2.r3").groups == []


@pytest.mark.parametrize(
    ("address", "answerable"),
    [
        ("", True),
        ("r2", True),
        ("r2.s1", False),
        ("r2.r3.t01", False),
        ("r1.r2.s1", True),
        ("-r1.h1", False),
        ("-r1", True),
        ("-r1.-r2.-r3", False),
        ("r2.-r2", False),
        ("r2.a2", True),
        ("s1.g2.y1.-r2", True),
    ],
)
def test_what_nobody_can_have_answered_is_known_beforehand(address: str, answerable: bool) -> None:
    assert Filters.parse(address).is_answerable is answerable


def test_people_like_one_share_role_stage_and_treatments() -> None:
    facets = ["g1", "h1", "other", "otherh2", "r1", "s4", "t03", "t03h1", "y1", "a2"]
    assert like(facets).address == "r1.s4.t03"
    assert like(["r2"]).address == "r2"


def test_codes_of_the_pack_are_told_apart_by_their_first_letter() -> None:
    pack = content.load()
    letters: dict[str, set[str]] = {}
    kinds: dict[str, Any] = {
        "roles": [role.facet for role in pack.roles],
        "treatments": [one.code for one in pack.treatments],
        "helpfulness": [one.code for one in pack.helpfulness],
        "warnings": [one.code for one in pack.warnings],
        "audience": ["a2"],
        **{name: [one.code for one in pack.question(name).options] for name in ("stage", "type", "goal")},
    }
    for kind, codes in kinds.items():
        for code in codes:
            letters.setdefault(code[0], set()).add(kind)
    assert all(len(kind) == 1 for kind in letters.values())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("f=s4&f=r1", "f=r1.s4"),
        ("f=s4.r1", "f=r1.s4"),
        ("f=r1.r1", "f=r1"),
        ("f=-w3&f=r1.s4&f=", "f=r1.s4.-w3"),
        ("f=", ""),
        ("f=r1..s4", "f=r1.s4"),
    ],
)
def test_equal_filters_have_one_address(typed: str, canonical: str) -> None:
    response = Client().get(f"{LIST}?{typed}")
    assert response.status_code == 302
    assert response["Location"] == (f"{LIST}?{canonical}" if canonical else LIST)
    assert Client().get(response["Location"]).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["self", "partner", "r9", "r1.nobody", "w1", "x" * 3_000])
def test_unknown_code_is_not_found_and_there_is_a_way_back(typed: str) -> None:
    response = Client().get(f"{LIST}?f={typed}")
    assert response.status_code == 404
    assert f'href="{LIST}"' in response.content.decode()


@pytest.mark.django_db
def test_list_narrows_by_everything_and_says_what_fits() -> None:
    tried = [{"code": "t01", "help": "h3"}, {"code": "t02", "help": "h1"}]
    make.published(title="Fits", answers={"stage": "s4", "type": "y1", "goal": ["g2", "g5"]}, treatments=tried)
    make.published(title="Another stage", answers={"stage": "s5", "type": "y1", "goal": ["g2"]}, treatments=tried)
    make.published(
        title="Warned", answers={"stage": "s4", "type": "y1", "goal": ["g2"]}, treatments=tried, warnings=["w1"]
    )
    make.published(title="Of a partner", role="partner")
    page = body(f"{LIST}?f=g2.h1.r1.s4.t02.y1.-w1")
    assert titles(page) == ["Fits"]
    shared = re.findall(r'chip--shared">.*?</svg>([^<]+)</li>', page)
    assert shared == [
        "An examination",
        "Physiotherapy: Helped a lot",
        "Somebody who has it or had it",
        "Still working on it",
        "From the beginning",
    ]
    # It helped a lot, but that was the other treatment.
    assert titles(body(f"{LIST}?f=h1.t01")) == []
    assert titles(body(f"{LIST}?f=h3.t01.-r2")) == ["Warned", "Another stage", "Fits"]
    assert titles(body(f"{LIST}?f=-r2.-w1")) == ["Another stage", "Fits"]


@pytest.mark.django_db
def test_chips_take_one_filter_away_each() -> None:
    make.published(title="A story", answers={"stage": "s4"})
    assert chips(body(f"{LIST}?f=r1.s4.-w3")) == [
        ("/stories/?f=s4.-w3", "People who have it or had it"),
        ("/stories/?f=r1.-w3", "Where things are now: Still working on it"),
        ("/stories/?f=r1.s4", "Without: Not being believed by professionals"),
    ]
    assert chips(body(f"{LIST}?f=s4")) == [("/stories/", "Where things are now: Still working on it")]
    assert chips(body(LIST)) == []


@pytest.mark.django_db
def test_empty_list_offers_each_filter_to_leave_away() -> None:
    make.published(title="A story", answers={"stage": "s4"})
    page = body(f"{LIST}?f=r1.s9")
    assert "Nobody has told such a story here yet" in page
    assert re.findall(r'href="([^"]+)">Leave out', page) == ["/stories/?f=s9", "/stories/?f=r1"]
    assert "Only people who have it themselves are asked" not in page


@pytest.mark.django_db
def test_filters_that_nobody_can_meet_are_answered_without_asking(django_assert_num_queries: Any) -> None:
    make.published(role="partner", title="Of a partner")
    with django_assert_num_queries(0):
        page = body(f"{LIST}?f=r2.s1")
    assert "Only people who have it themselves are asked" in page


@pytest.mark.django_db
def test_members_only_is_asked_by_members() -> None:
    make.published(title="For all")
    make.published(title="For members", audience="members")
    member = make.client_of(make.member())
    assert titles(body(f"{LIST}?f=a2", member)) == ["For members"]
    assert 'value="a2"' in body(LIST, member)
    visitor = body(f"{LIST}?f=a2")
    assert titles(visitor) == []
    assert "Stories for members only are shown once you have" in visitor
    assert 'value="a2"' not in body(LIST)


@pytest.mark.django_db
def test_form_shows_what_is_on_and_changes_nothing() -> None:
    page = body(f"{LIST}?f=s4.-w3")
    assert re.findall(r'value="([^"]+)"[^>]* checked', page) == ["s4", "-w3"]
    assert "csrf" not in page
    assert '<form action="/stories/">' in page
    assert page.count('class="filters__group" open') == 2


@pytest.mark.django_db
def test_search_engines_are_asked_to_leave_lists_out() -> None:
    for address in (LIST, f"{LIST}?f=r1", "/partners/", "/treatments/t01/"):
        assert '<meta name="robots" content="noindex, follow">' in body(address)
