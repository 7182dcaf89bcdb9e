"""The page of a treatment leads to the articles about it: those that are live, in the reader's language."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from advice.models import Article
from tests.advice import written

pytestmark = pytest.mark.django_db


def linked(language: str) -> list[tuple[str, str]]:
    page = Client().get("/treatments/t16/", headers={"Accept-Language": language}).content.decode()
    return re.findall(r'<li lang="(..)"><a href="/advice/([a-z-]+)/"', page)


def test_only_live_articles_about_it_are_listed() -> None:
    written.live("about-it", treatments=["t16", "t18"])
    written.live("about-another", treatments=["t18"])
    written.draft("not-yet", treatments=["t16"])
    assert linked("en") == [("en", "about-it")]


def test_a_language_without_any_is_shown_the_english_ones() -> None:
    written.live("first", treatments=["t16"])
    assert linked("es") == [("en", "first")]
    written.live("second", "es", treatments=["t16"])
    assert linked("es") == [("es", "second")]
    assert linked("en") == [("en", "first")]


def test_a_search_finds_articles_in_the_order_of_their_lists_whatever_was_written_last() -> None:
    made = [written.live(f"of-cats-{number}", aliases=["cats"]) for number in (4, 7, 2, 6, 1, 5, 3)]
    Article.objects.filter(pk=made[2].article_id).update(place=3)
    Article.objects.filter(pk=made[4].article_id).update(place=1)

    page = Client().post("/search/", {"q": "cats"}, follow=True).content.decode()

    assert re.findall(r'href="/advice/of-cats-(.)/"', page) == ["1", "2", "3", "4", "5"]


def test_no_heading_stands_over_nothing() -> None:
    assert 'id="articles"' not in Client().get("/treatments/t16/").content.decode()
