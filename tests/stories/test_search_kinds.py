"""What is found beside stories: treatments and the site's own pages, each under a heading."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

import content
from stories.search.own_pages import HELP, HOME, OTHERS
from tests import make
from tests.stories.searching import search

pytestmark = pytest.mark.django_db
PACK = content.load()


def kinds(typed: str) -> dict[str, list[str]]:
    """Return the addresses of what is found under each heading, in order."""
    sections = search(Client(), typed).split("<h2 id=")[1:]
    found = {
        re.findall(">(.*?)</h2>", section)[0]: re.findall(r'__title"[^>]*><a href="([^"]+)', section)
        for section in sections
    }
    return {heading: addresses for heading, addresses in found.items() if addresses}


def test_treatments_pages_and_stories_have_a_heading_each() -> None:
    story = f"/stories/{make.published(title='My physio knew the house rules').pk}/"
    found = kinds("house rules physio")
    assert list(found) == ["Treatments", "Pages of this site", "Stories"]
    assert "/treatments/t02/" in found["Treatments"]
    assert found["Pages of this site"] == ["/care-team/", "/rules/"]
    assert found["Stories"] == [story]
    assert kinds("kingfisher") == {}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("i want to die after botox", "Pages of this site"),
        ("my partner", "Pages of this site"),
        ("treatment", "Pages of this site"),
        ("botox", "Treatments"),
        ("body", "Treatments"),
    ],
)
def test_closest_kind_stands_first(typed: str, first: str) -> None:
    assert next(iter(kinds(typed))) == first


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("reverse kegels", "Letting-go exercises"),
        ("dilat", "Vaginal trainers (dilators)"),
        ("does botox help", "Botulinum"),
        ("husbands", "For partners"),
        ("house rules", "House rules"),
    ],
)
def test_each_is_found_as_people_say_it(typed: str, name: str) -> None:
    assert f">{name}" in search(Client(), typed).partition("</search>")[2]


@pytest.mark.parametrize("typed", ["partner", "partners"])
def test_who_has_a_page_of_their_own_has_no_list_beside_it(typed: str) -> None:
    assert [one for one in kinds(typed)["Pages of this site"] if one in {"/partners/", "/stories/?f=r2"}] == [
        "/partners/"
    ]
    assert "/stories/?f=r3" in kinds("family")["Pages of this site"]


def test_few_that_only_say_a_word_are_listed_of_each_kind() -> None:
    found = kinds("body")
    assert len(found["Treatments"]) == 2
    assert found["Pages of this site"] == ["/rules/"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/help-now/", [*(one.name for one in PACK.helplines), *(one.name for one in PACK.countries)]),
        ("/rules/", [words for one in PACK.rules for words in (one.title, one.text)]),
        ("/partners/", [*PACK.role("partner").prompts, PACK.role("partner").prompt, PACK.role("partner").door_text]),
    ],
)
def test_own_pages_are_found_by_what_they_say(address: str, said: list[str]) -> None:
    for words in said:
        assert address in kinds(words[:150].rpartition(" ")[0] or words)["Pages of this site"], words


def test_minus_leaves_out_what_says_the_word_but_not_what_is_asked_for_by_name() -> None:
    assert kinds("insults")["Pages of this site"] == ["/rules/"]
    assert kinds("insults -swearing") == {}
    assert kinds("rules -swearing")["Pages of this site"] == ["/rules/"]
    assert "/help-now/" not in kinds("kegel helpline -help").get("Pages of this site", [])


@pytest.mark.parametrize(
    "typed",
    [
        "suicide",
        "suicidal thoughts",
        "kill myself",
        "Killing myself",
        "i want to kill myself",
        "end my life",
        "ending my life",
        "want to die",
        "i just wanted to die",
        "don't want to live",
        "overdose",
        "overdosed",
        "self harm",
        "self-harm",
        "selfharm",
        "hurting myself",
        "help me",
        "help",
        "hotline",
        "somebody to talk to",
        "overdose -the",
    ],
)
def test_help_stands_first_where_a_life_may_be_at_risk(typed: str) -> None:
    first = re.search(r'<h3 class="entry__title"><a href="([^"]+)"', search(Client(), typed))
    assert first is not None
    assert first[1] == "/help-now/"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (content.load().site.condition, "/"),
        (content.load().site.condition_title, "/"),
        (f"what is {content.load().site.condition}", "/"),
        ("anonymous", "/privacy/"),
        ("privacy", "/privacy/"),
        ("rules", "/rules/"),
        ("account", "/accounts/"),
        ("password", "/accounts/"),
        ("delete", "/privacy/"),
        ("delete", "/stories/mine/"),
        ("delete my account", "/accounts/"),
        ("withdraw my story", "/stories/mine/"),
        ("about", "/about/"),
        ("my partner", "/partners/"),
        ("for partners", "/partners/"),
        ("accessibility", "/accessibility/"),
    ],
)
def test_own_pages_are_found_by_what_people_call_them(typed: str, address: str) -> None:
    assert f'<h3 class="entry__title"><a href="{address}">' in search(Client(), typed)


def test_pack_names_every_own_page_and_no_other() -> None:
    names = content.load().site.page_names
    assert set(names) == {page.code for page in (HELP, HOME, *OTHERS)}
    assert all(isinstance(listed, tuple) for listed in names.values())


def test_every_treatment_is_found_by_each_of_its_names() -> None:
    for treatment in content.load().treatments:
        for name in (treatment.name, treatment.short, *treatment.aliases):
            assert unescape(search(Client(), name)).count(f">{treatment.name}</a></h3>") == 1, name
