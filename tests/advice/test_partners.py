from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from django.test import Client

import content
from accounts.models import Role
from advice.actions import Words, begin, publish, write
from advice.models import Kind, Version
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
def test_partners_page_asks_twice(count: int, django_assert_num_queries: object) -> None:
    for number in range(count):
        make.published(role="partner")
        article(f"n{number}")
    with django_assert_num_queries(2):
        Client().get(PAGE)


def article(
    slug: str, language: str = "en", *, kind: Kind = Kind.PARTNER, place: int = 1, live: bool = True
) -> Version:
    editor = make.moderator(role=Role.EDITOR)
    one = begin(slug=slug, language=language, kind=kind, place=place, editor=editor)
    words = Words(title=f"Of {slug} ({language})", short=f"{slug} in short.", body="All of it.")
    one = write(one.pk, words, seen=Words.of(one).digest, editor=editor)
    return publish(one.pk, seen=Words.of(one).digest, editor=editor) if live else one


def listed(page: str) -> list[str]:
    return re.findall(r'<h3 class="entry__title" lang=".."><a href="(/advice/[^"]+)">([^<]+)</a>', page)


def test_partners_find_the_articles_for_partners_in_their_order() -> None:
    article("second", place=2)
    article("first")
    article("of-all", kind=Kind.QUESTION)
    article("no-more-than-a-draft", live=False)
    page = Client().get(PAGE).content.decode()
    assert listed(page) == [("/advice/first/en/", "Of first (en)"), ("/advice/second/en/", "Of second (en)")]
    assert "first in short." in page
    assert "All of it." not in page


def test_partners_read_english_until_there_is_advice_in_their_language(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = replace(content.load("en"), language="es")
    monkeypatch.setattr(content, "load", lambda _language="en": pack)
    article("both")
    article("english", place=2)
    article("german", "de", place=4)
    page = Client().get(PAGE).content.decode()
    assert [title for _, title in listed(page)] == ["Of both (en)", "Of english (en)"]
    assert page.count('<h3 class="entry__title" lang="en">') == 2
    article("both", "es")
    article("spanish", "es", place=3)
    page = Client().get(PAGE).content.decode()
    assert [title for _, title in listed(page)] == ["Of both (es)", "Of spanish (es)"]
    assert page.count('<h3 class="entry__title" lang="es">') == 2


def test_what_helps_and_what_hurts_does_not_pretend_to_come_from_stories() -> None:
    page = html.unescape(Client().get(PAGE).content.decode())
    words = content.load().advice.partner_words
    for line in (*words.helps, *words.hurts, *words.own, words.note):
        assert line in page
    assert "Experience:" not in page  # no story was taken for these lines
    assert page.index(words.note) < page.index(words.helps[0]) < page.index(words.hurts[0])
    assert 'href="/stories/?f=r1"' in page


def test_home_leads_partners_to_their_space() -> None:
    page = Client().get("/").content.decode()
    assert re.findall(r'class="door" href="([^"]+)"', page) == ["/stories/?f=r1", "/partners/", "/stories/"]
