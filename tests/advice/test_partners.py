from __future__ import annotations

import re

import pytest
from django.test import Client

import content
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/partners/"


def test_partners_find_questions_the_rule_and_where_to_write() -> None:
    page = Client().get(PAGE).content.decode()
    pack = content.load()
    role, rule = pack.role("partner"), pack.rule("own")
    for words in (role.door_text, *role.prompts, rule.title):
        assert words in page
    assert 'href="/stories/new/?f=r2"' in page
    assert "No partner has told anything here yet" in page
    assert Client().get("/stories/new/?f=r2").status_code == 302


def test_partners_see_the_newest_of_their_own_stories() -> None:
    make.published(title="Of a patient")
    for number in range(7):
        make.published(title=f"Partner {number}", role="partner")
    page = Client().get(PAGE).content.decode()
    assert re.findall(r"Partner \d", page) == [f"Partner {number}" for number in (6, 5, 4, 3, 2)]
    assert "Of a patient" not in page
    assert 'href="/stories/?f=r2"' in page


@pytest.mark.parametrize("count", [1, 30])
def test_partners_page_asks_once(count: int, django_assert_num_queries: object) -> None:
    for _number in range(count):
        make.published(role="partner")
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture of pytest-django
        Client().get(PAGE)


def test_home_leads_partners_to_their_space() -> None:
    page = Client().get("/").content.decode()
    assert re.findall(r'class="door" href="([^"]+)"', page) == ["/stories/?f=r1", "/partners/", "/stories/"]
