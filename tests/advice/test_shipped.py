"""The pack that ships keeps its promises in both languages: enough said, in plain words, with sources."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

import content
from advice.actions import load_articles
from advice.claims import PASSAGE, claims
from advice.figures import figures
from advice.grade import HIGHEST
from advice.markdown import render
from advice.packs import read_pack
from content import ArticleText
from content.pack import SHIPPED

LANGUAGES = ("en", "es")
TEXTS = [text for language in LANGUAGES for text in content.articles(SHIPPED, language)]
QUESTIONS, PARTNERS = 20, 6
LINK = re.compile(r"\]\(([^)\s]+)\)")
SENTENCE = re.compile(r"[^.?!]+[.?!]+")
ANCHOR = re.compile(r'id="([^"]*)"|href="#([^"]*)"')
# No clinician read the pack before it shipped, so no text may sound as though one had.
SAYS_REVIEWED = re.compile(
    r"\b(?:was|were|been|is|are|medically|clinically) (?:reviewed|checked|approved|verified)"
    r"|\breviewed by|\bour (?:doctors?|clinicians?|experts?)"
    r"|\b(?:revisad|verificad|aprobad)[oa]s? (?:por|m\u00e9dicamente|cl\u00ednicamente)"
    r"|\bnuestr[oa]s (?:m\u00e9dic|expert)",
    re.IGNORECASE,
)
EMERGENCY = r"emergency number|n\u00famero de emergencias"
ANSWERS = [
    (
        re.compile(
            r"sudden strong pain|heavy bleeding|fuerte y repentino|sangra\w* mucho|mucho sangrado", re.IGNORECASE
        ),
        re.compile(EMERGENCY, re.IGNORECASE),
    ),
    (
        re.compile(r"\b(?:fever|fiebre)\b", re.IGNORECASE),
        re.compile(rf"the same day|ese mismo d\u00eda|{EMERGENCY}", re.IGNORECASE),
    ),
]


def test_both_languages_are_whole_and_told_in_figures() -> None:
    told = {one.language: one for one in figures(TEXTS)}
    assert set(told) == set(LANGUAGES)
    for one in told.values():
        assert one.kinds["question"] >= QUESTIONS, str(one)
        assert one.kinds["partner"] >= PARTNERS, str(one)
        assert one.claims == one.sourced > 0, str(one)
        assert len(one.grades) == one.kinds.total(), str(one)
        assert max(one.grades.values()) <= HIGHEST, str(one)


def test_every_article_is_there_in_both_languages_in_the_same_place() -> None:
    english, spanish = (
        {(text.slug, text.kind, text.order, text.related, text.treatments, text.facets) for text in TEXTS
         if text.language == language}
        for language in LANGUAGES
    )  # fmt: skip
    assert english ^ spanish == set()


def test_claims_name_sources() -> None:
    found = {(text.language, text.slug): claims(text.body, [one.key for one in text.sources]) for text in TEXTS}
    assert {where: one for where, one in found.items() if one.bare or one.unknown or one.unused} == {}


def test_both_languages_cite_the_same_works() -> None:
    works = [
        {(text.slug, source.key) for text in TEXTS if text.language == language for source in text.sources}
        for language in LANGUAGES
    ]
    assert works[0] ^ works[1] == set()


def test_a_sign_of_an_emergency_has_one_answer_on_every_page() -> None:
    slower = [
        (text.language, text.slug, said)
        for text in TEXTS
        if text.slug != "when-urgent"  # there, the answer stands above the list of signs
        for said in PASSAGE.split(f"{text.short}\n\n{text.body}")
        for sign, answer in ANSWERS
        if sign.search(said) and not answer.search(said)
    ]
    assert slower == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_pages_around_the_articles_claim_has_sources(language: str) -> None:
    pack = content.load(language)
    told = {one.code: (" ".join(one.about), one.sources) for one in pack.treatments}
    told["home"] = (" ".join(pack.site.short_answer), pack.site.short_answer_sources)
    claiming = [code for code, (text, _keys) in told.items() if claims(text, []).bare]
    assert {"t07", "t22", "home"} <= set(claiming)
    assert [code for code in claiming if not told[code][1]] == []
    english = {one.code: one.sources for one in content.load("en").treatments}
    assert {one.code: one.sources for one in pack.treatments} == english


def test_short_answers_are_one_to_four_sentences() -> None:
    counts = {(text.language, text.slug): len(SENTENCE.findall(text.short)) for text in TEXTS}
    assert {where: count for where, count in counts.items() if not 1 <= count <= 4} == {}
    assert [text.slug for text in TEXTS if text.short[-1] not in ".?!"] == []


def test_slugs_and_anchors_hold_no_word_of_the_condition() -> None:
    shown = [(text, render(text.body, [source.key for source in text.sources]).html) for text in TEXTS]
    places = [(text, "".join(pair)) for text, page in shown for pair in ANCHOR.findall(page)]
    assert len(places) > len(TEXTS) * 5
    places += [(text, text.slug) for text in TEXTS]
    stems = {language: content.load(language).forbidden_in_addresses for language in LANGUAGES}
    assert [place for text, place in places for stem in stems[text.language] if stem in place.lower()] == []


def test_no_article_says_that_somebody_reviewed_it() -> None:
    said = {
        (text.language, text.slug): SAYS_REVIEWED.findall(f"{text.title}\n{text.short}\n{text.body}") for text in TEXTS
    }
    assert {where: found for where, found in said.items() if found} == {}


@pytest.mark.parametrize(
    "words", ["It was reviewed by a doctor.", "Medically reviewed.", "Revisado por una experta.", "Our clinicians say"]
)
def test_words_that_sound_reviewed_are_seen(words: str) -> None:
    assert SAYS_REVIEWED.search(words)


@pytest.fixture
def spoken(db: None, settings: Any) -> list[ArticleText]:
    """Load the pack, and give the articles that have an address in a language of the site."""
    load_articles(read_pack(SHIPPED))
    return [text for text in TEXTS if text.language in dict(settings.LANGUAGES)]


def test_links_of_articles_lead_to_pages_that_answer(spoken: list[ArticleText]) -> None:
    links = {link for text in TEXTS for link in LINK.findall(text.body) if not link.startswith("https://")}
    links |= {f"/advice/{text.slug}/{text.language}/" for text in spoken}
    assert len(links) > len(spoken) > 0
    visitor = Client()
    assert sorted(link for link in links if visitor.get(link).status_code != 200) == []


def test_a_treatment_page_leads_to_the_articles_about_it_and_to_its_sources(spoken: list[ArticleText]) -> None:
    visitor = Client()
    for one in content.load("en").treatments:
        page = visitor.get(f"/treatments/{one.code}/").content.decode()
        about = {text.slug for text in TEXTS if text.language == "en" and one.code in text.treatments}
        assert set(re.findall(r'href="/advice/([a-z-]+)/"', page)) == about
        links = [source.link for source in content.load("en").advice.cited(one.sources)]
        assert [link for link in links if f'href="{escape(link)}"' not in page] == []
    home = visitor.get("/").content.decode()
    assert home.count('class="sources"') == 1


def test_no_page_of_a_fresh_pack_bears_a_label(spoken: list[ArticleText]) -> None:
    visitor = Client()
    for text in spoken:
        with translation.override(text.language):
            honest = escape(_("Not yet reviewed by a clinician."))
        page = visitor.get(f"/advice/{text.slug}/{text.language}/").content.decode()
        assert (page.count("reviewedBy"), page.count("lastReviewed")) == (0, 0)
        assert honest in page
